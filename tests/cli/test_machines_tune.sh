#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Recorded machines are held by `tune --sysroot` with every knob there is, and given back: by restore, by
# restore after the keeper was killed, and whatever else is sent to it. Nothing outside of the tree is written.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machines.sh"
. "$cli_directory/../traced.sh"
unset STABLEBENCH_PROFILE STABLEBENCH_RUN_DIR
trap end_keeper EXIT

tune=(tune --profile strict --with "$(machine_knobs)" --sysroot)

# A keeper that a broken claim left behind would stay for ever.
end_keeper() {
	keeper_pid && kill -KILL "$keeper"
	chmod -R u+w "$work"
	rm -rf "$work" "$claims_output"
}

# What status says of the machine in $tree
status_says() {
	"$stablebench" status --sysroot "$tree" --format json 2>/dev/null |
		python3 -c "import json, sys; s = json.load(sys.stdin); print($1)" 2>/dev/null
}

# Sets keeper; fails where none holds the machine.
keeper_pid() {
	keeper=$(status_says "s['keeper'] if s['held'] else ''")
	[ -n "$keeper" ]
}

# How many values a killed session left behind, or a living one holds.
settings_held() {
	status_says "len(s['settings'])"
}

as_before() {
	diff "$work/before" <(machine_values)
}

is_changed() {
	! as_before >/dev/null || { echo "nothing was set"; return 1; }
}

is_gone() {
	for _ in $(seq 1000); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.02
	done
	echo "process $1 is still there"
	return 1
}

# tune and restore
check_given_back() {
	run "${tune[@]}" "$tree"
	claim "$1: tune ends well" exits 0 || { cat "$work/err"; return; }
	claim "$1: a keeper stays" keeper_pid || return
	settings=$(settings_held)
	[ "$settings" = 0 ] || claim "$1: settings are held, $settings of them" is_changed
	for signal in INT TERM HUP QUIT; do
		kill -$signal "$keeper"
	done
	run restore --sysroot "$tree"
	claim "$1: restore ends well, whatever signals came before" exits 0
	claim "$1: nobody holds the machine any more" equal False "$(status_says "s['held']")"
	claim "$1: the machine is as before" as_before
}

# tune, SIGKILL, restore
check_killed() {
	run "${tune[@]}" "$tree"
	keeper_pid || return
	kill -KILL "$keeper"
	claim "$1: the keeper is killed" is_gone "$keeper"
	claim "$1: what it leaves behind is known" equal "$settings" "$(settings_held)"
	run restore --sysroot "$tree"
	claim "$1: restore ends well after that" exits 0
	claim "$1: the machine is as before again" as_before
	run restore --sysroot "$tree"
	claim "$1: another restore finds nothing" prints "nothing to restore"
	claim "$1: and changes nothing" as_before
}

for machine in $(machine_names); do
	machine_unpack "$machine"
	machine_values >"$work/before"
	check_given_back "$machine"
	check_killed "$machine"
done

# What somebody else has set since is left alone
machine_unpack amd-acpi-cpufreq
machine_values >"$work/before"
governor=$tree/sys/devices/system/cpu/cpufreq/policy6/scaling_governor
run "${tune[@]}" "$tree"
claim "tune sets the governor" equal performance "$(cat "$governor")"
keeper_pid && kill -KILL "$keeper" && is_gone "$keeper"
echo schedutil >"$governor"
run restore --sysroot "$tree"
claim "what somebody else has set since is a conflict" exits 6
claim "and left alone" equal schedutil "$(cat "$governor")"
run restore --sysroot "$tree" --force
claim "--force puts it back" exits 0
claim "then all is as before" as_before

# A keeper of a recorded machine is nobody's business on this one
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null; then
	machine_unpack intel-server
	traced_calls+=,connect,sendto,sendmsg
	# strace waits for the keeper too; a look-up of user names may ask its daemon
	traced "$stablebench" "${tune[@]}" "$tree" &
	tracer=$!
	for _ in $(seq 200); do
		keeper_pid && [ -s "$work/traced.out" ] && break
		sleep 0.05
	done
	run restore --sysroot "$tree"
	claim "tune under strace is given back" exits 0
	wait "$tracer"
	outside() {
		grep -E 'O_WRONLY|O_RDWR|O_CREAT|mkdirat|unlinkat|rename|fchmodat|fchownat| connect\(' "$work/trace" |
			grep -vE "<$tree[/>]|\"$tree/|/dev/(null|tty)\"|/dev/null>|memfd:|/(nscd|userdb|sss)/" && return 1
		grep -q "<$tree" "$work/trace" || { echo "the trace shows no write below the tree"; return 1; }
	}
	claim "nothing outside of the tree is opened for writing, nobody is called" outside
else
	echo "# strace is not installed or may not trace here: not looked at what is written outside of the tree"
fi
finish
