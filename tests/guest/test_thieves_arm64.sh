#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who took the CPU on arm64: the same programs on another processor, whose tick comes like the interrupt of a device.
. "$(dirname "$0")/lib.sh"
in_guest -A arm64
export XDG_STATE_HOME=$work/state
mkdir -p "$XDG_STATE_HOME"

# row KIND: names of that kind among the thieves, from the text
row() {
	awk -v kind="$1" '$2 == kind { print $1 }' "$work/noise"
}

ticks() {
	awk '$NF == "arch_timer" { print $3 }' /proc/interrupts
}

before=$(ticks)
"$stablebench" noise --cpu 1 --duration 2s >"$work/noise" 2>"$work/errors"
claim "noise ends well" equal 0 $?
came=$(($(ticks) - before))
found=$(awk '$1 == "arch_timer" { print $3 }' "$work/noise")
echo "# ticks: $came came meanwhile, $found were found"
claim "times are known" eval '! grep "counted from /proc" "$work/noise"'
claim "the tick is a timer" equal arch_timer "$(row timer)"
claim "and no device" eval '! row interrupt | grep arch_timer'
claim "its ticks are found" test "$found" -ge 100 -a "$found" -le "$came"
finish
