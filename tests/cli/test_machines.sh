#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whole commands on recorded machines (tests/machines): what doctor finds on each is what tests/machines/expected.txt
# says, and the tree is afterwards as before.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machines.sh"
unset STABLEBENCH_PROFILE

# One profile for all: the knobs that wait for another profile or their name are `asked`.
doctor() {
	run doctor --profile standard --sysroot "$tree" "$@"
}

unchanged() {
	diff "$work/before" <(machine_print)
}

# Each expectation that is not met; conditions without one are only counted, so that a knob can come before its lines.
as_expected() {
	machine_expected "$1" >"$work/expected"
	machine_found <"$work/out" >"$work/found" || return 1
	without=$((without + $(LC_ALL=C join -v 2 "$work/expected" "$work/found" | wc -l)))
	[ -s "$work/expected" ] && LC_ALL=C comm -23 "$work/expected" "$work/found" | awk -v found="$work/found" '
		BEGIN { while ((getline line <found) > 0) { split(line, word, " "); standing[word[1]] = word[2] } }
		{ printf "wanted %s %s, found %s\n", $1, $2, standing[$1]; wrong++ }
		END { exit wrong > 0 }'
}

# The text tells of each condition of the JSON.
text_tells_all() {
	local name standing
	while read -r name standing; do
		grep -qw -e "$name" "$work/out" || { echo "nothing of $name, which is $standing"; return 1; }
	done <"$work/found"
}

without=0
for machine in $(machine_names); do
	machine_unpack "$machine"
	machine_print >"$work/before"
	doctor --format json
	claim "$machine: doctor has an opinion" matches '^[05]$' "$status" || { cat "$work/err"; continue; }
	claim "$machine: it complains of nothing" equal "" "$(cat "$work/err")"
	claim "$machine: doctor finds what is expected" as_expected "$machine"
	doctor
	claim "$machine: doctor tells it as text too" text_tells_all
	claim "$machine: the tree is as before" unchanged
done
echo "# $without conditions are in no line of expected.txt"

machine_unpack vm
run doctor --sysroot "$tree" --cpus 4
claim "CPUs are those of the recorded machine" exits 2
claim "with what there is" says "this process may use 0-3"
run doctor --sysroot /proc/self/root
claim "the root of this machine is no recorded one, whatever its name" exits 1
claim "with that reason" says "is the root of this machine"
run doctor --sysroot "$work/nowhere"
claim "where there is no tree, that is said" says "'$work/nowhere': no such file"
run run --sysroot "$tree" "$selftest"
claim "nothing is measured on a recorded machine" exits 2
rm "$tree"/sys/devices/system/cpu/{online,possible}
ln -s /sys/devices/system/cpu/possible "$tree/sys/devices/system/cpu/online"
run doctor --sysroot "$tree"
claim "a link to this machine leads nowhere" says "cpu/online': no such file"

machine_unpack vm
ln -s "$work" "$tree/run"
run tune --sysroot "$tree"
claim "no journal is written where a link leads" exits 1
claim "with that reason" says "its 'run' is a link"

if [ "$(id -u)" = 0 ]; then
	machine_unpack vm
	chmod 755 "$work"
	SUDO_UID=$(id -u nobody) SUDO_GID=$(id -g nobody) run doctor --sysroot "$tree"
	claim "sudo: the user who called looks at it" matches '^[05]$' "$status"
	chmod 700 "$tree"
	SUDO_UID=$(id -u nobody) SUDO_GID=$(id -g nobody) run doctor --sysroot "$tree"
	claim "sudo: and may look no further than by himself" exits 1
	chown -R nobody "$tree"
	run doctor --sysroot "$tree"
	claim "root: so does root, without the powers" exits 1
fi
finish
