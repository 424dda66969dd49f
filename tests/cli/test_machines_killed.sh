#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kill drill on recorded machines: front, keeper and both are killed after steps of the journal, with every knob there
# is, and each time the tree comes back, by the drill's own look and by that of this test.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machines.sh"
unset STABLEBENCH_PROFILE STABLEBENCH_RUN_DIR

# Every step takes a session of its own; the guest tests kill at each, this one at every ninth.
drill=(selftest --kill --stride 9 --profile strict --with "$(machine_knobs)" --sysroot)

as_before() {
	diff "$work/before" <(machine_values)
}

# At least one step of each kind, where the machine lets anything be set.
steps_were_tried() {
	local tried
	tried=$(grep -cE 'killed at [1-9][0-9]* steps' "$work/out")
	[ "$1" = container ] && equal 0 "$tried" || equal 3 "$tried"
}

for machine in $(machine_names); do
	machine_unpack "$machine"
	machine_values >"$work/before"
	run "${drill[@]}" "$tree"
	claim "$machine: whoever is killed, the host comes back" exits 0 || cat "$work/out"
	claim "$machine: $(sed -n 's/^front *killed at \([0-9]*\) steps.*/\1/p' "$work/out") steps were tried in each of three ways" \
		steps_were_tried "$machine"
	claim "$machine: the tree is as before" as_before
done
finish
