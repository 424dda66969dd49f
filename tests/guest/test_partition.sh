#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The bench's core is really taken out of everybody else's reach by a cgroup v2 partition, which goes again whatever
# happens, and whose loss is noticed.
. "$(dirname "$0")/lib.sh"
in_guest

top=/sys/fs/cgroup

# field FILE: its only line
field() {
	local line=
	read -r line <"$1"
	echo "$line"
}

allowed_on() {
	taskset -c "$1" true
}

kept_off() {
	! allowed_on "$1" 2>/dev/null
}

no_group() {
	! compgen -G "$top/stablebench.*" >/dev/null
}

find_group() {
	group=$(compgen -G "$top/stablebench.*")
}

# next_launch: another process of the bench than the last that was seen
next_launch() {
	processes_of "$selftest" && [ "$found" != " $bench" ] && bench=${found##* }
}

condition() {
	tr -d '\n' <"$work/record.json" | grep -oE "\"knob\": ?\"$1\"[^}]*" | grep -oE "\"$2\": ?\"[^\"]*\"" | cut -d'"' -f4
}

# run_short OPTION...: to the end, with a record; sets status
run_short() {
	"${measure_short[@]}" --profile standard --json "$work/record.json" "$@" "$selftest" >"$work/out" 2>"$work/err"
	status=$?
}

is_deserted() {
	find_group && grep -q "populated 0" "$group/cgroup.events"
}

is_populated() {
	find_group && grep -q "populated 1" "$group/cgroup.events"
}

# next_launches COUNT: waits for so many new ones; what calibrates may be among them
next_launches() {
	local count
	for ((count = 0; count < $1; count++)); do
		wait_for 60 next_launch || return
	done
}

status_tells() {
	"$stablebench" status | grep -qE "$1"
}

echo "# while a run holds it"
snapshot >"$work/before"
claim "before, a task may run on CPU 2" allowed_on 2
claim "a run starts" start_run || finish
find_group
claim "the group bears the keeper's number" matches "^$top/stablebench\\.$keeper-[0-9]+\$" "$group"
claim "the partition is isolated" equal isolated "$(field "$group/cpuset.cpus.partition")"
claim "it has the bench's core" equal 2-3 "$(field "$group/cpuset.cpus.effective")"
claim "everybody else has the other core" equal 0-1 "$(field $top/cpuset.cpus.effective)"
look partition "a task of others cannot be put on CPU 2" kept_off 2
claim "nor on its sibling" kept_off 3
look cgroup "the bench runs in the group" equal "0::/${group##*/}" "$(field "/proc/$bench/cgroup")"
claim "the bench is pinned to one CPU of it" matches '^[23]$' "$(status_of bench Cpus_allowed_list)"
claim "front and keeper stay outside" equal "0::/ 0::/" "$(field "/proc/$front/cgroup") $(field "/proc/$keeper/cgroup")"
interrupt
end_run
claim "interrupted, everything is as it was" same_as_before "$work/before"
claim "interrupted, no group is left" no_group

echo "# with the sibling taken offline"
run_short --with smt-offline
claim "smt-offline is applied" equal applied "$(condition smt-offline outcome)"
claim "the partition stands without the CPU that went" equal applied "$(condition partition outcome)"
echo "# $(condition partition reason)"
claim "everything is as it was" same_as_before "$work/before"

echo "# nobody left to put it back"
claim "a run starts" start_run || finish
find_group
kill -KILL "$keeper" "$front"
end_run
claim "the partition is still there" equal isolated "$(field "$group/cpuset.cpus.partition")"
"$stablebench" restore >"$work/out" 2>&1
claim "restore ends with 0" equal 0 $?
claim "restored, everything is as it was" same_as_before "$work/before"
claim "restored, a task may run on CPU 2 again" allowed_on 2

echo "# a left-over without a journal"
claim "a run starts" start_run --profile none --with cpus,cgroup,partition,governor,boost || finish
kill -KILL "$keeper" "$front"
end_run
wait_for 20 is_deserted # the bench ends after its keeper
rm -r "${journal%/*}" # and with it what else is known about the host
"$stablebench" restore >"$work/out" 2>&1
claim "restore ends with 0" equal 0 $?
claim "the empty group of a dead session is removed" no_group
echo -cpuset >$top/cgroup.subtree_control
for cpu in 2 3; do
	echo schedutil >"$(cpufreq $cpu scaling_governor)"
done
echo 1 >"$boost"
claim "put back by hand, everything is as it was" same_as_before "$work/before"

echo "# the next start"
claim "a run starts" start_run || finish
kill -KILL "$keeper" "$front"
end_run
run_short
claim "the next run ends with 0" equal 0 "$status"
claim "it has the core that was left in a partition" matches 'CPU 2-3' "$(condition partition reason)"
claim "everything is as it was" same_as_before "$work/before"

echo "# what a bench leaves behind"
"$stablebench" run --profile standard --filter hostile/leave_children --launches 1 "$selftest" >"$work/out" 2>&1
claim "children of a bench are told" matches "left processes" "$(cat "$work/out")"
claim "and are gone" none_of "$selftest"
cp "$abs_top_builddir/tests/guest/bench_runaway" "$work"
"$stablebench" run --profile standard --launches 2 --samples 3 --sample-time 1ms "$work/bench_runaway" >"$work/out" 2>&1
claim "chains of processes that run away are told" matches "left processes" "$(cat "$work/out")"
claim "and are gone" none_of "$work/bench_runaway"
claim "no group is left" no_group

echo "# CPUs that another group claims already"
echo +cpuset >$top/cgroup.subtree_control
mkdir $top/other
echo 2-3 >$top/other/cpuset.cpus
snapshot >"$work/claimed"
run_short
claim "the run goes on" equal 0 "$status"
claim "the partition failed" equal failed "$(condition partition outcome)"
claim "in the kernel's words" matches 'invalid \(|invalid argument' "$(condition partition reason)"
echo "# $(condition partition reason)"
claim "the other group has lost nothing" same_as_before "$work/claimed"
rmdir $top/other

echo "# a controller that others use is left to them"
mkdir $top/other
run_short
claim "the partition stands" equal applied "$(condition partition outcome)"
claim "cpuset was on and stays on" matches cpuset "$(field $top/cgroup.subtree_control)"
rmdir $top/other
echo -cpuset >$top/cgroup.subtree_control

echo "# a third party in the middle: another group wants the CPUs, then the controller goes"
claim "a run starts" start_run --json "$work/record.json" || finish
find_group
mkdir $top/other
echo 2-3 >$top/other/cpuset.cpus
echo "# another group with these CPUs leaves us '$(field "$group/cpuset.cpus.partition")'"
echo -cpuset >$top/cgroup.subtree_control
claim "the partition is gone" is_missing "$group/cpuset.cpus.partition"
rmdir $top/other
next_launches 5
interrupt
end_run
claim "the record says that it failed" equal failed "$(condition partition outcome)"
claim "and why" matches 'during the session' "$(condition partition reason)"
echo "# $(condition partition reason)"
claim "launches from then on are marked" matches '"host[ _-]changed"' "$(cat "$work/record.json")"
claim "no group of ours is left" no_group
claim "everything is as it was" same_as_before "$work/before"

# lost and had again before anybody can look
flicker() {
	find_group
	echo member >"$group/cpuset.cpus.partition"
	echo isolated >"$group/cpuset.cpus.partition"
	claim "$1: the partition is as it was left" equal isolated "$(field "$group/cpuset.cpus.partition")"
}

echo "# for a moment only"
claim "a run starts" start_run --json "$work/record.json" || finish
next_launches 2
flicker "within a launch"
next_launches 2
interrupt
end_run
claim "the record says that it did not stand all the time" equal failed "$(condition partition outcome)"
claim "and that it stands again" matches 'during the session; now it is as before' "$(condition partition reason)"
echo "# $(condition partition reason)"
claim "the launch is marked" matches '"host-changed"' "$(cat "$work/record.json")"
claim "the last one is not" equal 0 "$(grep -o '"causes": *\[[^]]*\]' "$work/record.json" | tail -1 | grep -c host-changed)"
claim "everything is as it was" same_as_before "$work/before"
"$stablebench" shield --profile none --with cgroup,partition -- sleep 3 2>"$work/err" &
shield=$!
wait_for 20 is_populated
echo member >"$group/cpuset.cpus.partition"
echo root >"$group/cpuset.cpus.partition"
wait "$shield"
claim "shield says so at its end" matches 'partition: .* during the session; now it is as before' "$(cat "$work/err")"
"$stablebench" tune >"$work/out" 2>&1
claim "tune: status knows of no change" equal "" "$("$stablebench" status | grep '^changed')"
flicker "tuned"
claim "tune: status tells it" wait_for 5 status_tells 'changed meanwhile: .* during the session'
"$stablebench" restore >"$work/out" 2>&1
claim "everything is as it was" same_as_before "$work/before"

echo "# the controller is needed by another group when we go"
claim "a run starts" start_run || finish
mkdir $top/other
echo 0-1 >$top/other/cpuset.cpus
interrupt
end_run
claim "it ends as an interrupted one does" equal 130 "$status"
claim "no group of ours is left" no_group
claim "the controller stays on" matches cpuset "$(field $top/cgroup.subtree_control)"
rmdir $top/other
echo -cpuset >$top/cgroup.subtree_control

echo "# swap"
PATH=$PATH:/sbin:/usr/sbin
if modprobe zram 2>/dev/null && echo 64M >/sys/block/zram0/disksize && mkswap /dev/zram0 >/dev/null && swapon /dev/zram0; then
	snapshot >"$work/swapping"
	claim "a run starts" start_run || finish
	find_group
	look swap "the bench may not swap" equal 0 "$(field "$group/memory.swap.max")"
	interrupt
	end_run
	claim "everything is as it was, the controller too" same_as_before "$work/swapping"
	swapoff /dev/zram0
else
	echo "# not tried: no swap can be made here"
fi

echo "# control groups that cannot be written"
mount -o remount,ro,bind $top
run_short
claim "the run goes on" equal 0 "$status"
claim "cgroup is denied" equal denied "$(condition cgroup outcome)"
claim "partition is denied" equal denied "$(condition partition outcome)"
mount -o remount,rw,bind $top
claim "at the end everything is as it was" same_as_before "$work/before"

echo "# version 1"
umount $top && mount -t tmpfs tmpfs $top && mkdir $top/cpuset
if ! mount -t cgroup -o cpuset cpuset $top/cpuset 2>/dev/null; then
	echo "# this kernel was built without cpusets of version 1"
	finish
fi
snapshot >"$work/version1"
claim "a run starts" start_run --with cgroup-v1 || finish
group=$(compgen -G "$top/cpuset/stablebench.*")
claim "the bench has a cpuset of its own" equal "/${group##*/}" "$(grep -o ':cpuset:.*' "/proc/$bench/cgroup" | cut -d: -f3)"
claim "of its core" equal 2-3 "$(field "$group/cpuset.cpus")"
look cgroup-v1 "which no other cpuset may have" equal 1 "$(field "$group/cpuset.cpu_exclusive")"
kill -KILL "$keeper" "$front"
end_run
"$stablebench" restore >"$work/out" 2>&1
claim "killed and restored, everything is as it was" same_as_before "$work/version1"
run_short
claim "partition is unsupported" equal unsupported "$(condition partition outcome)"
run_short --with cgroup-v1
claim "to the end, cgroup-v1 is applied" equal applied "$(condition cgroup-v1 outcome)"
mkdir $top/cpuset/other
echo 0 >$top/cpuset/other/cpuset.mems
echo 2 >$top/cpuset/other/cpuset.cpus
run_short --with cgroup-v1
claim "a CPU that another cpuset has cannot be had alone" equal failed "$(condition cgroup-v1 outcome)"
echo "# $(condition cgroup-v1 reason)"
rmdir $top/cpuset/other
claim "everything is as it was" same_as_before "$work/version1"
finish
