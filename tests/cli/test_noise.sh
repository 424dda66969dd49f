#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# noise: a profile of each CPU in text and as a document, kept until the next boot, and what --cpus auto makes of it.
. "$(dirname "$0")/lib.sh"

kept=$XDG_STATE_HOME/stablebench/noise.json
first=$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')

# A python expression over the last output, `n`.
document() {
	python3 -c "import json; n = json.load(open('$work/out')); print($1)"
}

run run --cpus auto "${quick[@]}" --filter constant "$selftest"
claim "auto without a profile is a usage error" exits 2
claim "that says how to get one" says "'stablebench noise' takes one"

run noise --duration 50ms
claim "noise ends well" exits 0
claim "it tells of a CPU" prints "^CPU $first: lost [0-9.]+ % of 0\.[01] s in [0-9]+ gaps"
claim "and keeps the profile" test -s "$kept"

run noise --duration 50ms --cpu "$first" --format json
claim "one CPU can be asked for, as a document" exits 0
claim "which has its name" matches '^stablebench-noise/1$' "$(document "n['schema']")"
claim "and that CPU alone" matches "^\[$first\]$" "$(document "[c['cpu'] for c in n['cores']]")"
claim "which spun as long as it should" matches True "$(document "0.05 <= n['cores'][0]['spun_s'] < 5")"
claim "and lost what its gaps sum up to" matches True \
	"$(document "sum(g['count'] for g in n['cores'][0]['gaps']) == n['cores'][0]['gap_count']")"
claim "a reason stands where times are not known" matches True \
	"$(document "(n['source'] == 'timed') == (n['reason'] == '')")"
claim "a part of the CPUs is not kept as the whole" matches True \
	"$(python3 -c "import json, os; print(len(json.load(open('$kept'))['cores']) == len(os.sched_getaffinity(0)))")"

quietest=$(python3 -c "import json; print(json.load(open('$kept'))['quietest'])")
run run --cpus auto "${quick[@]}" --filter constant "$selftest"
claim "a run goes by the profile" test "$status" = 0 -o "$status" = 4
claim "and its samples are of the quietest CPU" matches "^\{$quietest\}$" \
	"$(record "{s['cpu'] for l in r['cases'][0]['launches'] for s in l['samples']}")"

cp "$kept" "$work/kept"
sed -i 's/"taken_at": "[^"]*"/"taken_at": "2999-01-01T00:00:00Z"/' "$kept"
run run --cpus auto "${quick[@]}" --filter constant "$selftest"
claim "a profile of the future is refused" exits 2
claim "with that reason" says "it was not taken before now"
sed 's/^{/{"quietest": 0,/' "$work/kept" >"$kept"
run run --cpus auto "${quick[@]}" --filter constant "$selftest"
claim "a profile that names two quietest CPUs is refused" exits 2
claim "by the key" says "duplicate object key"
rm "$kept"
mkfifo "$kept"
run run --cpus auto "${quick[@]}" --filter constant "$selftest"
claim "a pipe in its place is not waited for" exits 2
claim "and told" says "noise.json': it is no regular file"
rm "$kept"
cp "$work/kept" "$kept"

sed -i 's/"boot_id": "[^"]*"/"boot_id": "another"/' "$kept"
run run --cpus auto "${quick[@]}" --filter constant "$selftest"
claim "a profile of before the last boot is refused" exits 2
claim "with its reason" says "before the host was last booted"

run noise --cpu 4000
claim "a CPU outside the machine is a usage error" exits 2

"$stablebench" noise --duration 20s --cpu "$first" >"$work/out" 2>"$work/err" &
noise=$!
is_at_work() { grep -qE "^Cpus_allowed_list:[[:space:]]*$first\$" "/proc/$noise/status"; }
claim "it goes to its CPU" wait_for is_at_work
kill -TERM $noise
wait $noise
status=$?
claim "an interrupt ends it" exits 130
claim "with what there is" prints "^CPU $first: lost"
finish
