#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On a host whose process 1 is systemd: a run under `standard` sets it and puts it back; and how systemd and irqbalance treat
# what others set, which the program has to live with.
. "$(dirname "$0")/lib.sh"
in_guest -R systemd

claim "process 1 is systemd" equal systemd "$(cat /proc/1/comm)"
claim "systemd is up" equal running "$(systemctl is-system-running --wait)"
claim "cgroup v2 is the only one" equal "/sys/fs/cgroup cgroup2" "$(findmnt -n -o TARGET,FSTYPE -t cgroup,cgroup2)"
claim "this test is a unit of its own" equal 0::/system.slice/guest.service "$(cat /proc/self/cgroup)"

set_odd_values 1
snapshot >"$work/before"
claim "a run starts and tunes the host" start_run || finish
interrupt
end_run
claim "interrupted, everything is as it was" same_as_before "$work/before"
claim "interrupted, the journal is empty" journal_is_empty
"${measure_short[@]}" --profile standard "$selftest" >"$work/out" 2>"$work/err"
claim "a run to the end ends with 0" equal 0 $?
claim "everything is as it was" same_as_before "$work/before"

groups=/sys/fs/cgroup
controls_cpuset() {
	grep -qw cpuset "$groups/cgroup.subtree_control"
}

make_partition() {
	echo +cpuset >"$groups/cgroup.subtree_control"
	mkdir -p "$groups/made_by_hand"
	echo 2-3 >"$groups/made_by_hand/cpuset.cpus"
	echo isolated >"$groups/made_by_hand/cpuset.cpus.partition"
}

echo "# systemd and a partition made by hand: systemd takes away controllers that no unit of its own asks for"
systemctl --version | sed -n '1s/^/# /p'
make_partition
claim "a partition made by hand is isolated" holds "$groups/made_by_hand/cpuset.cpus.partition" isolated
systemd-run --quiet --wait true
claim "it outlives the start and the end of a unit" holds "$groups/made_by_hand/cpuset.cpus.partition" isolated
systemctl daemon-reload
claim "daemon-reload takes the partition away" is_missing "$groups/made_by_hand/cpuset.cpus.partition"
claim "but not the group" test -d "$groups/made_by_hand"
systemd-run --quiet --unit=asking --property=AllowedCPUs=0-1 sleep infinity
claim "a unit with AllowedCPUs brings cpuset" controls_cpuset
make_partition
systemctl daemon-reload
claim "while it runs, daemon-reload leaves a partition" holds "$groups/made_by_hand/cpuset.cpus.partition" isolated
systemctl stop asking
claim "its end takes the partition away" is_missing "$groups/made_by_hand/cpuset.cpus.partition"
rmdir "$groups/made_by_hand"

is_set_anew() {
	cause_interrupts
	! holds "$affinity" 2
}

echo "# irqbalance and an affinity made by hand"
claim "irqbalance starts and has its socket" start_irqbalance
affinity=/proc/irq/$(job_irq)/smp_affinity_list
claim "the job's interrupt can be set" test -w "$affinity"
echo 2 >"$affinity"
claim "irqbalance sets it anew" wait_for 30 is_set_anew
systemctl stop irqbalance
finish
