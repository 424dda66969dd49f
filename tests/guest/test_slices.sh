#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On a host whose process 1 is systemd: its slices are kept off the bench's core with its consent, and a partition that it
# takes away is noticed.
. "$(dirname "$0")/lib.sh"
in_guest -R systemd

top=/sys/fs/cgroup
slices="init.scope system.slice user.slice"

# allowed_cpus: of each slice, as systemd tells it, with a comma between CPUs
allowed_cpus() {
	local unit
	for unit in $slices; do
		echo "$unit=$(systemctl show --property AllowedCPUs --value "$unit")"
	done | paste -sd ' '
}

find_group() {
	group=$(compgen -G "$top/stablebench.*")
}

snapshot >"$work/before"
echo "# nobody is logged in"
claim "user.slice has no control group" is_missing "$top/user.slice"
claim "a run starts" start_run --with slices || finish
claim "the others are kept off the bench's core" equal "init.scope=0-1 system.slice=0-1 user.slice=" "$(allowed_cpus)"
interrupt
end_run
claim "interrupted, no group is there that was not" is_missing "$top/user.slice"
claim "interrupted, everything is as it was" same_as_before "$work/before"

systemctl set-property --runtime user.slice AllowedCPUs=1-3
snapshot >"$work/before"
before=$(allowed_cpus)
echo "# before: $before"

echo "# slices, asked for"
claim "a run starts" start_run --with slices || finish
find_group
claim "systemd keeps its slices off the bench's core" equal "init.scope=0-1 system.slice=0-1 user.slice=1" "$(allowed_cpus)"
look slices "the kernel says so too" equal "0-1" "$(cat $top/system.slice/cpuset.cpus.effective)"
claim "the partition is isolated" holds "$group/cpuset.cpus.partition" isolated
systemctl daemon-reload
claim "daemon-reload leaves it" holds "$group/cpuset.cpus.partition" isolated
systemd-run --quiet --wait --property=AllowedCPUs=0-1 true
claim "the end of another unit with AllowedCPUs too" holds "$group/cpuset.cpus.partition" isolated
interrupt
end_run
claim "interrupted, systemd has the old lists" equal "$before" "$(allowed_cpus)"
claim "interrupted, everything is as it was" same_as_before "$work/before"
find /run/systemd/system.control -type f -printf '# left by systemd: %p\n' -exec cat {} +

echo "# slices without a control group for the benches"
"${measure_short[@]}" --profile strict --without cgroup --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "slices is unsupported, and says what it needs" matches "needs the knob 'cgroup'" \
	"$(tr -d '\n' <"$work/record.json" | grep -oE '"knob": ?"slices"[^}]*')"
claim "everything is as it was" same_as_before "$work/before"

echo "# killed"
claim "a run starts" start_run --with slices || finish
kill -KILL "$keeper" "$front"
end_run
"$stablebench" restore >"$work/out" 2>&1
claim "restore ends with 0" equal 0 $?
claim "systemd has the old lists" equal "$before" "$(allowed_cpus)"
claim "everything is as it was" same_as_before "$work/before"

echo "# without slices"
systemctl set-property --runtime user.slice AllowedCPUs=
systemctl daemon-reload
snapshot >"$work/before"
claim "a run starts" start_run || finish
find_group
claim "the partition is isolated" holds "$group/cpuset.cpus.partition" isolated
systemctl daemon-reload
claim "systemd takes it away" is_missing "$group/cpuset.cpus.partition"
interrupt
end_run
claim "everything is as it was" same_as_before "$work/before"
finish
