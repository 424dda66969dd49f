#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What only a real kernel shows of its own state is seen by doctor: a tracer at work, a quota that has stopped somebody,
# boot parameters that keep the tick away. Looking changes nothing.
. "$(dirname "$0")/lib.sh"
in_guest -a "nohz_full=2-3 rcu_nocbs=2-3"
tracing=/sys/kernel/debug/tracing

# found NAME: its standing and value
found() {
	"$stablebench" doctor --format json "${@:2}" | tr -d '\n' | tr '{' '\n' |
		sed -n 's/.*"knob": "'"$1"'",.*"standing": "\([a-z]*\)", *"value": "\([^"]*\)".*/\1 \2/p'
}

snapshot >"$work/before"
"$stablebench" doctor --all >"$work/out" 2>"$work/err"
claim "doctor gives a guest a verdict" equal 0 $? || cat "$work/err"
claim "it is told as a guest" equal "note QEMU" "$(found hypervisor)"
claim "looking changes nothing" same_as_before "$work/before"
claim "the tick is kept from the bench's core" equal "fine 2-3" "$(found tick)"
claim "and goes on elsewhere" equal "note 2-3" "$(found tick --cpus 1)"
claim "nobody traces" equal "fine none" "$(found tracing)"

echo 1 >$tracing/events/sched/sched_switch/enable
claim "recorded events are a note" equal "note events" "$(found tracing)"
echo 0 >$tracing/events/sched/sched_switch/enable
# of one function, since a guest that traces all of them hardly moves
echo schedule >$tracing/set_ftrace_filter
echo function_graph >$tracing/current_tracer
claim "a tracer is a fault" equal "fault function_graph" "$(found tracing)"
echo nop >$tracing/current_tracer

claim "there is no quota" equal "fine none" "$(found cpu-quota)"
echo +cpu >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/test
echo "50000 100000" >/sys/fs/cgroup/test/cpu.max
in_test_group() {
	echo "$BASHPID" >/sys/fs/cgroup/test/cgroup.procs
	for _ in {1..1000}; do
		! [[ $(</sys/fs/cgroup/test/cpu.stat) =~ nr_throttled\ [1-9] ]] || break
	done
	found cpu-quota
}
claim "a quota that stops its tasks is a fault" equal "fault 0.50 CPUs" "$(in_test_group)"
finish
