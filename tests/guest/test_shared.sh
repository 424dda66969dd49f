#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Others on the host: a Ctrl-C, a second run, a third party that sets a governor meanwhile.
. "$(dirname "$0")/lib.sh"
in_guest

restored() {
	odd_values_are_back 1 || { cat "$cpus"/cpu?/cpufreq/scaling_governor "$boost"; return 1; }
	journal_is_empty
}

set_odd_values 1
snapshot >"$work/before"

claim "Ctrl-C: a run starts" start_run --json "$work/record.json" || finish
interrupt
end_run
claim "Ctrl-C: ends with 130" equal 130 "$status"
claim "Ctrl-C: restored when it has ended" restored
claim "Ctrl-C: the record says interrupted" matches '"status": ?"interrupted"' "$(head -n 20 "$work/record.json")"
claim "Ctrl-C: no launch is left" none_of "$selftest"

claim "Ctrl-C twice: a run starts" start_run || finish
interrupt
pause 0.05
interrupt
end_run
claim "Ctrl-C twice: ends with 130" equal 130 "$status"
claim "Ctrl-C twice: restored" wait_for 5 restored
claim "Ctrl-C twice: no process is left" wait_for 5 none_of "$stablebench"

claim "two runs: the first starts" start_run || finish
"${measure_short[@]}" --profile standard "$selftest" >"$work/second.out" 2>"$work/second.err"
claim "two runs: the second ends with 1" equal 1 $?
claim "two runs: the second says who holds the host" matches "root.*($front|$keeper)|($front|$keeper).*root" "$(cat "$work/second.err")"
"$stablebench" run --filter constant --launches 1 --samples 3 --sample-time 1ms --profile standard --wait "$selftest" \
	>"$work/second.out" 2>"$work/second.err" &
second=$!
claim "two runs: with --wait the second waits" wait_for 20 grep -q "waiting for the host" "$work/second.err"
claim "two runs: the first is not disturbed" tuned
interrupt
end_run
wait "$second"
claim "two runs: then the second measures" equal 0 $?
claim "two runs: restored" restored
claim "two runs: everything is as it was" same_as_before "$work/before"

claim "conflict: a run starts" start_run || finish
echo powersave >"$(cpufreq 3 scaling_governor)"
interrupt
end_run
claim "conflict: ends with 6, which is more than interrupted" equal 6 "$status"
claim "conflict: what the third party set is left alone" holds "$(cpufreq 3 scaling_governor)" powersave
claim "conflict: the rest is put back" holds "$(cpufreq 2 scaling_governor)" userspace
boost_claim "conflict: boost is put back" boost_holds 1
claim "conflict: the setting is named" matches 'scaling_governor' "$(cat "$work/err")"
"$stablebench" restore --force >"$work/out" 2>&1
claim "conflict: restore --force puts all back" same_as_before "$work/before"

claim "a CPU goes: a run starts" start_run || finish
echo 0 >"$cpus/cpu2/online"
interrupt
end_run
claim "a CPU goes: ends with 6" equal 6 "$status"
echo 1 >"$cpus/cpu2/online"
"$stablebench" restore >"$work/out" 2>&1
claim "a CPU goes and comes back: restore ends with 0" equal 0 $?
claim "a CPU goes and comes back: everything is as it was" same_as_before "$work/before"
finish
