#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job as a user sees it.
. "$(dirname "$0")/lib.sh"
need_pgrep

recorded="--exact --filter selftest/truth/recorded"
quick=(--launches 2 --sample-time 200us --samples 3 --retakes 0)

run run "${quick[@]}" $recorded --json "$work/record.json" "$selftest"
claim "a run ends well" exits 0
claim "the table has the case with its time" prints "^selftest/truth/recorded +[0-9.]+ [mun]?s +\+-"
claim "and the conditions" prints "^conditions: in effect [0-9]+ of [0-9]+ that were wanted"
claim "progress goes to stderr" says "\[1/1\] selftest/truth/recorded: 2 launches"
claim "the record is complete" equal complete "$(record "r['status']")"
claim "with both launches" equal 2 "$(record "len(r['cases'][0]['launches'])")"
claim "of three samples" equal 3 "$(record "len(r['cases'][0]['launches'][0]['samples'])")"
claim "the last record is the one of --json" cmp "$work/record.json" "$work/state/stablebench/last.json"
shown_by_run=$(cat "$work/out")
run show
claim "show prints the last record" exits 0
claim "as run did" equal "$shown_by_run" "$(cat "$work/out")"
run show "$work/record.json"
claim "show reads a file" exits 0
run show --format json "$work/record.json"
claim "show --format json is the record" exits 0
claim "to the byte" cmp "$work/out" "$work/record.json"
run show --samples
claim "show --samples lists every sample" exits 0
claim "one in a line" equal 6 "$(grep -c '^selftest/truth/recorded' "$work/out")"

run run "${quick[@]}" $recorded --quiet "$selftest"
claim "--quiet says nothing on stderr" exits 0
claim "really nothing" equal "" "$(cat "$work/err")"
run run "${quick[@]}" $recorded --json - "$selftest"
claim "--json - puts the record on stdout alone" exits 0
claim "and it parses" python3 -m json.tool "$work/out" /dev/null

run run "${quick[@]}" $recorded --seed 7 --json "$work/a.json" "$selftest"
claim "the same seed gives the same plan" exits 0
run run "${quick[@]}" $recorded --seed 7 --json "$work/b.json" "$selftest"
claim "twice" exits 0
seeds() { python3 -c "import json; print([(l['seed'], l['padding']) for l in json.load(open('$1'))['cases'][0]['launches']])"; }
claim "with the same layouts" equal "$(seeds "$work/a.json")" "$(seeds "$work/b.json")"

run run "${quick[@]}" --exact \
	--filter selftest/truth/recorded --filter other/truth/recorded "$selftest" "other=$selftest"
claim "cases of several binaries are one schedule" exits 0
claim "in one record" equal 2 "$(record "len(r['cases'])")"
run run "${quick[@]}" --filter 'truth/(sized|named/amount=(once|twice)/step=1)' "$selftest"
claim "a case of each size" equal 5 "$(record "len(r['cases'])")"
claim "its throughput is the elements of an iteration over the time of one" equal "[1000, 10000, 100000]" \
	"$(record "[round(c['throughput'][0]['per_second'] * c['estimate_s']) for c in r['cases'][:3]]")"
# of so many launches some are of the other kind, but for one session in 500 million
run run --launches 30 --samples 3 --sample-time 200us --filter truth/bimodal "$selftest"
claim "launches of two kinds are unstable" exits 4
claim "and flagged" prints "^selftest/truth/bimodal .*unstable"
run run "${quick[@]}" --filter selftest/outcome/skip "$selftest"
claim "a case is skipped with its reason" exits 7
claim "that the table shows" prints "skipped: "
run run "${quick[@]}" --filter selftest/outcome/fail "$selftest"
claim "a case that fails is an error" exits 1
claim "with its reason too" prints "failed: "
run run "${quick[@]}" --filter 'truth/recorded' "$selftest"
claim "a time that the benchmark took itself is used" exits 0
claim "to the nanosecond" equal 1000 "$(record "round(r['cases'][0]['estimate_s'] * 1e9)")"
run run "${quick[@]}" --time-budget 1us $recorded "$selftest"
claim "a time budget that is over before a launch has its own code" exits 124
run list --filter truth/recorded "$selftest"
claim "list prints names that run takes" exits 0
claim "one to a line" equal selftest/truth/recorded "$(cat "$work/out")"
run list --format json "$selftest"
claim "list --format json parses" exits 0
claim "as a document" python3 -m json.tool "$work/out" /dev/null

"$stablebench" run "${quick[@]}" $recorded --quiet --json "$work/closed.json" "$selftest" >&- 2>&-
claim "closed standard streams take nothing in" equal complete \
	"$(python3 -c "import json; print(json.load(open('$work/closed.json'))['status'])")"
("$stablebench" run "${quick[@]}" $recorded --quiet --json /dev/stdout \
	"$selftest" >"$work/through.json" 2>"$work/err")
claim "--json /dev/stdout writes through the redirection" grep -q '"schema"' "$work/through.json"
claim "and leaves the link alone" test -L /dev/stdout
cp "$selftest" "$work/bench_rewritten"
rewrite() { # while a launch runs the kernel refuses
	until cat /bin/true >"$work/bench_rewritten"; do :; done
} 2>/dev/null
"$stablebench" run --launches 10000 --max-time 3600s --exact --filter rewritten/truth/recorded "$work/bench_rewritten" \
	>"$work/out" 2>"$work/err" </dev/null &
front=$!
claim "a run starts" wait_for is_at_work
rewrite
wait "$front"
status=$?
claim "a file rewritten under way ends its case" exits 1
claim "in one way or another" prints "^rewritten/truth/recorded +(failed|crashed): "

run run "${quick[@]}" $recorded --json /dev/full "$selftest"
claim "a full device is an error" exits 1
claim "that says so" says "no space left"
claim "and the result is shown all the same" prints "^selftest/truth/recorded"
full_disk() {
	mkdir "$work/small"
	unshare -m sh -c "mount -t tmpfs -o size=8k none '$work/small' && echo old >'$work/small/r.json' &&
		'$stablebench' run ${quick[*]} --samples 99 $recorded --json '$work/small/r.json' '$selftest' \
			>'$work/out' 2>'$work/err'; ls -A '$work/small'; cat '$work/small/r.json'"
}
if unshare -m true 2>/dev/null; then
	claim "a full disk leaves the old file and nothing else" equal $'r.json\nold' "$(full_disk)"
	claim "and is named" says "cannot write '$work/small/r.json': no space left"
	run_read_only() {
		unshare -m sh -c "mount -t tmpfs -o ro none /run && env -u STABLEBENCH_RUN_DIR -u XDG_RUNTIME_DIR \
			'$stablebench' run --quiet ${quick[*]} $recorded '$selftest'"
	}
	claim "a read-only /run, as in a container, is no obstacle" run_read_only
else
	echo "skipped: a full disk and a read-only /run, since mount namespaces are refused here"
fi
finish
