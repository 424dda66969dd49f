#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `doctor` says to a person and to a script: the verdict and its exit code, what comes first, a terminal's width and
# colours.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machines.sh"
unset STABLEBENCH_PROFILE NO_COLOR

doctor_on() {
	machine_unpack "$1"
	run doctor --sysroot "$tree" "${@:2}"
}

first_line() {
	head -n 1 "$work/out"
}

last_line() {
	tail -n 1 "$work/out"
}

doctor_on intel-client
claim "a sound machine ends with 0" exits 0
claim "it is ready" matches '^(ready|fair):? ' "$(last_line)"
claim "what is fine stands by name in few lines" test "$(wc -l <"$work/out")" -lt 40

doctor_on one-cpu
claim "a machine with a fault ends with 5" exits 5
claim "the fault comes first" matches '^FAULT housekeeping' "$(first_line)"
claim "the verdict comes last" matches '^not ready: 1 fault' "$(last_line)"
claim "with what it costs" matches "everything else on the machine runs on the bench's CPU" "$(cat "$work/out")"
claim "and what mends it" matches '^ +mend: give the machine a second CPU' "$(cat "$work/out")"
short=$(wc -l <"$work/out")

doctor_on one-cpu --all
claim "--all tells more" test "$(wc -l <"$work/out")" -gt $((2 * short))
claim "and ends with the same verdict" matches '^not ready: 1 fault' "$(last_line)"
claim "no colour where no terminal is" equal 0 "$(grep -c $'\033' "$work/out")"

doctor_on one-cpu --format json
field() {
	python3 -c "import json, sys; found = json.load(sys.stdin); print($1)" <"$work/out"
}
claim "JSON has the verdict" equal "False not ready" "$(field "found['ready'], found['grade']" | tr -d "(),'")"
claim "each finding has what it costs or removes" equal 0 \
	"$(field "sum(('costs' in c) == ('removes' in c) for c in found['conditions'])")"

doctor_on container
claim "what root cannot set is told as such" matches '^(locked|with sudo) +.*governor' "$(cat "$work/out")"

# on_terminal COLUMNS: what a terminal of that width shows
on_terminal() {
	env TERM=xterm script -qec "stty cols $1; '$stablebench' doctor --sysroot '$tree'" /dev/null </dev/null | tr -d '\r'
}
if command -v script >/dev/null && command -v stty >/dev/null; then
	on_terminal 40 >"$work/shown"
	claim "a terminal sees colours" matches $'\033\\[' "$(cat "$work/shown")"
	sed -i $'s/\033\\[[0-9;]*m//g' "$work/shown"
	claim "no line is wider than the terminal" equal "" "$(grep -E '^.{41}' "$work/shown")"
	NO_COLOR=1 on_terminal 40 >"$work/shown"
	claim "NO_COLOR is honoured" equal 0 "$(grep -c $'\033' "$work/shown")"
else
	echo "# skipped: a terminal's view: script(1) or stty(1) is not installed"
fi
finish
