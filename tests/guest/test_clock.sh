#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A clock that does not follow its governor is found out: on an arm64 board whose clock is fixed, whatever cpufreq
# believes. That one that follows is proven to, test_arm64.sh says.
. "$(dirname "$0")/lib.sh"
in_guest -A arm64 -f fixed

# of FIELD: what the record says of the condition `clock`
of() {
	sed -n 's/.*"knob": *"clock"[^}]*"'"$1"'": *"\([^"]*\)".*/\1/p' <<<"$record"
}

measure() {
	"${measure_short[@]}" --json "$work/record.json" "$@" "$selftest" >"$work/out" 2>"$work/err"
	status=$?
	record=$(tr -d '\n' <"$work/record.json")
}

snapshot >"$work/before"
measure --profile standard
claim "a run ends with 0" equal 0 "$status"
claim "the governor reads back as set" matches '"knob": ?"governor", *"outcome": ?"applied"' "$record"
claim "the clock is found out" equal failed "$(of outcome)"
look clock "with what it should be and what it is" equal \
	"governor is performance, limit 1.50 GHz, but the CPU runs at 1.00 GHz" "$(of reason)"
claim "by the driver's view of the hardware" matches "^1.00 GHz by register on CPU [23]$" "$(of value)"
claim "the report says so" matches 'failed: clock:' "$(cat "$work/out")"

rm "$work/record.json"
"${measure_short[@]}" --profile standard --require clock --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "where the clock is required nothing is measured" equal 5 $?
claim "and that is said" matches "clock" "$(cat "$work/err")"

# what the kernel chooses promises nothing
measure --profile gentle
claim "a governor that moves the clock promises no rate" equal unsupported "$(of outcome)"
claim "everything is as it was" same_as_before "$work/before"
finish
