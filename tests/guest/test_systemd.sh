#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On a host whose process 1 is systemd: a run under `standard` sets it and puts it back.
. "$(dirname "$0")/lib.sh"
in_guest -R systemd

claim "process 1 is systemd" equal systemd "$(cat /proc/1/comm)"
claim "systemd is up" equal running "$(systemctl is-system-running --wait)"
claim "cgroup v2 is the only one" equal "/sys/fs/cgroup cgroup2" "$(findmnt -n -o TARGET,FSTYPE -t cgroup,cgroup2)"
claim "this test is a unit of its own" equal 0::/system.slice/guest.service "$(cat /proc/self/cgroup)"

set_odd_values 1
"$guest_directory/snapshot" >"$work/before"
claim "a run starts and tunes the host" start_run || finish
interrupt
end_run
claim "interrupted, everything is as it was" same_as_before "$work/before"
claim "interrupted, the journal is empty" journal_is_empty
"${measure_short[@]}" --profile standard "$selftest" >"$work/out" 2>"$work/err"
claim "a run to the end ends with 0" equal 0 $?
claim "everything is as it was" same_as_before "$work/before"
finish
