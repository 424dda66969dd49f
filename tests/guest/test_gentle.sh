#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `--profile gentle` as root on a host that could be set: no setting differs before, during and after, and strace sees no
# open for writing.
. "$(dirname "$0")/lib.sh"
in_guest
. "$guest_directory/../traced.sh"

no_change_during_a_run() {
	"${measure_long[@]}" --profile gentle "$selftest" >"$work/out" 2>"$work/err" &
	front=$!
	wait_for 20 processes_of "$selftest" || { echo "no launch in time; $(tail -n 3 "$work/err")"; return 1; }
	# its own request for short idle states is a file descriptor's, not a setting
	snapshot | sed '/^cpu_dma_latency:/d' | diff <(sed '/^cpu_dma_latency:/d' "$work/before") -
}

set_odd_values 1
snapshot >"$work/before"
claim "nothing differs during a gentle run" no_change_during_a_run
claim "it still measures meanwhile" test -d "/proc/$front"
interrupt
end_run
claim "Ctrl-C ends it with 130" equal 130 "$status"
claim "nothing differs after it" same_as_before "$work/before"
claim "it has no journal" is_missing "$journal"

mkdir -m 777 "$work/state"
setpriv --reuid 65534 --regid 65534 --clear-groups env XDG_STATE_HOME="$work/state" \
	"${measure_short[@]}" --profile standard "$selftest" >"$work/out" 2>"$work/err"
claim "an ordinary user's run under standard ends with 0" equal 0 $?
claim "it says which conditions were denied" matches 'denied: .*governor' "$(cat "$work/out")"
claim "nothing differs after it either" same_as_before "$work/before"

claim "the check sees a write" control_is_caught
traced "${measure_short[@]}" --profile gentle "$selftest"
claim "a traced gentle run ends with 0" equal 0 "$status"
[ "$status" = 0 ] || tail -n 5 "$work/traced.err"
claim "no process of a gentle run opens a setting for writing" nothing_written
traced "${measure_short[@]}" --profile standard "$selftest"
claim "a standard run does, so the trace can tell" test -n "$(nothing_written)"
finish
