#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A run with sudo records what only root sees of the machine, though the front is the user by then; without root those
# facts are not there, and nothing is made up.
. "$(dirname "$0")/lib.sh"
in_guest
command -v perl >/dev/null || skip "perl is not installed, which opens a perf event here"

# fact NAME: as the last record has it
fact() {
	tr -d '\n' <"$record" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"
}
measure_to() {
	rm -f "$record"
	"$@" "$stablebench" run --no-config --filter constant --quiet --launches 1 --samples 3 --sample-time 1ms \
		--profile gentle --run-dir "$run_dir" --json "$record" "$selftest" >"$work/out" 2>"$work/err"
}

echo 'someone:x:1000:1000::/run/test/someone:/bin/sh' >>/etc/passwd
mkdir -p "$work/someone" && chown 1000:1000 "$work/someone"
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
echo 1 >/sys/kernel/tracing/events/sched/sched_process_fork/enable
echo 3 >/proc/sys/kernel/perf_event_paranoid
# the CPU clock of that process
perl -e '$| = 1; $attr = pack("LLQx112", 1, 128, 0); syscall(298, $attr, 0, -1, -1, 0) >= 0 or die $!; print "open\n"; sleep 600' >"$work/opened" &
opener=$!
claim "somebody holds a perf event" wait_for 20 test -s "$work/opened" || finish

echo "# with sudo"
run_dir=/run/stablebench
record=$work/someone/record.json
export SUDO_UID=1000 SUDO_GID=1000 SUDO_USER=someone
measure_to env
claim "a run ends with 0" equal 0 $?
claim "the record is the user's" equal 1000 "$(stat -c %u "$record")"
claim "it names who holds perf events" equal "perl 1" "$(fact counter_users)"
claim "and that the kernel is traced" equal events "$(fact tracing)"
claim "counters are not refused for want of root" matches '^(yes|no: this CPU shows no counters)' "$(fact hardware_counters)"
unset SUDO_UID SUDO_GID SUDO_USER

echo "# as real root, whose front has no powers left"
record=$work/record.json
measure_to env
claim "a run ends with 0" equal 0 $?
claim "it names who holds perf events" equal "perl 1" "$(fact counter_users)"

echo "# without root"
run_dir=$work/someone/run record=$work/someone/record.json
measure_to setpriv --reuid=1000 --regid=1000 --clear-groups env XDG_STATE_HOME="$work/someone"
claim "a run ends with 0" equal 0 $?
claim "nothing is said of perf events" equal "" "$(fact counter_users)"
claim "nor of tracing" equal "" "$(fact tracing)"
claim "counters are not allowed" matches 'run with sudo' "$(fact hardware_counters)"
kill "$opener"
finish
