#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whatever is killed, the host comes back: by the keeper at once, by `stablebench restore`, by the next run.
. "$(dirname "$0")/lib.sh"
in_guest

is_restored() {
	odd_values_are_back 1 || { cat "$cpus"/cpu?/cpufreq/scaling_governor "$boost"; return 1; }
	journal_is_empty
}

# The journal goes last, and looking at it alone leaves the keeper its time.
restored_by_keeper() {
	wait_for 20 journal_is_empty
	took=$(($(microseconds) - $1))
	is_restored
}

nothing_left() {
	wait_for 5 none_of "$selftest" && wait_for 5 none_of "$stablebench"
}

kill_front() {
	claim "SIG$1 of the front: a run starts" start_run || finish
	local since
	since=$(microseconds)
	kill "-$1" "$front"
	claim "SIG$1 of the front: restored" restored_by_keeper "$since"
	echo "# restore after SIG$1 of the front: $took us"
	end_run
	claim "SIG$1 of the front: no process is left" nothing_left
}

kill_both() {
	claim "$1: a run starts" start_run || finish
	kill -KILL "$keeper" "$front"
	end_run
	pause 0.5
	claim "$1: with nobody left the host stays tuned" tuned
	claim "$1: the journal is kept" test -s "$journal"
}

set_odd_values 1
snapshot >"$work/before"
kill_front KILL
claim "SIGKILL of the front: everything is as it was" same_as_before "$work/before"
kill_front TERM
kill_front HUP

kill_both "restore by hand"
"$stablebench" restore >"$work/out" 2>&1
claim "restore by hand: ends with 0" equal 0 $?
claim "restore by hand: governors and boost are back" is_restored
claim "restore by hand: no process is left" nothing_left
claim "restore by hand: everything is as it was" same_as_before "$work/before"
"$stablebench" restore >"$work/out" 2>&1
claim "restore with nothing to do ends with 0" equal 0 $?

kill_both "next start"
"${measure_short[@]}" --profile standard "$selftest" >"$work/out" 2>&1
claim "next start: the run ends with 0" equal 0 $?
claim "next start: governors and boost are back" is_restored
claim "next start: no process is left" nothing_left
claim "next start: everything is as it was" same_as_before "$work/before"

claim "SIGKILL of the keeper: a run starts" start_run || finish
kill -KILL "$keeper"
end_run
claim "SIGKILL of the keeper: the front says so and fails" matches '^[1-9]' "$status"
"$stablebench" restore >"$work/out" 2>&1
claim "SIGKILL of the keeper: restore puts all back" same_as_before "$work/before"
claim "SIGKILL of the keeper: the journal is empty" journal_is_empty
finish
