#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who took the CPU, on kernels of Debian: thieves of known truth, of tasks and of a device, are found by name and number.
. "$(dirname "$0")/lib.sh"
need_built "$abs_top_builddir/tests/unit/test_keeper_thief"
need_built "$abs_top_builddir/tests/unit/test_keeper_family"
in_guest
bench_cpu=1
export XDG_STATE_HOME=$work/state
mkdir -p "$XDG_STATE_HOME"

# A python expression over the profile, `n`, of its only core, `c`.
profile() {
	python3 -c "import json; n = json.load(open('$work/noise')); c = n['cores'][0]; print($1)"
}

# interrupts LABEL: how many came to the bench's CPU
interrupts() {
	awk -v name="$1" -v at=$((bench_cpu + 2)) '$NF == name { print $at }' /proc/interrupts
}

echo "# $(uname -r)"
cp "$abs_top_builddir/tests/unit/test_keeper_thief" "$abs_top_builddir/tests/unit/test_keeper_family" "$work"
claim "thieves of known truth are found" "$work/test_keeper_thief"
sed 's/^/# /' "$claims_output"
claim "what a benchmark's own take is no theft" "$work/test_keeper_family"
sed 's/^/# /' "$claims_output"

exec 9>/dev/ttyS0
irq=$(sed -n 's/^ *\([0-9]*\):.* ttyS0$/\1/p' /proc/interrupts)
claim "the serial line interrupts the bench's CPU" eval 'echo "$bench_cpu" >"/proc/irq/$irq/smp_affinity_list"'
before=$(interrupts ttyS0)
"$stablebench" noise --cpu "$bench_cpu" --duration 600s --format json >"$work/noise" 2>"$work/errors" &
noise=$!
# spinning: the front is on that CPU alone, and has been for a while
spins() {
	local text
	read -rd '' text <"/proc/$noise/status"
	[[ $text =~ Cpus_allowed_list:[[:space:]]*$bench_cpu[[:space:]] ]] || return
	read -r text <"/proc/$noise/stat"
	set -- ${text##*) }
	begun=${begun:-${12}}
	[ "${12}" -gt $((begun + 50)) ]
}
claim "noise spins" wait_for 20 spins
for _ in {1..40}; do
	echo >&9
	pause 0.03
done
kill -INT "$noise"
wait $noise
claim "interrupted, noise tells what it has seen" equal 130 $?
came=$(($(interrupts ttyS0) - before))
found=$(profile "sum(t['count'] for t in c['thieves'] if t['name'] == 'ttyS0' and t['kind'] == 'interrupt')")
echo "# interrupts of the serial line: $came came, $found were found"
claim "times are known" equal timed "$(profile "n['source']")"
claim "the serial line was heard of" test "$came" -ge 40
claim "each of its interrupts is found" test "$found" -ge $((came * 99 / 100)) -a "$found" -le $((came * 101 / 100 + 1))
claim "with the knob that moves them" equal irq-affinity "$(profile "[t['knob'] for t in c['thieves'] if t['name'] == 'ttyS0'][0]")"
claim "nothing of it is left in the kernel" equal 0 "$(find /proc/[0-9]*/fdinfo -type f -exec cat {} + 2>/dev/null | grep -c '^prog_id')"
finish
