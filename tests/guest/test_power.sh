#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The knobs of clock, idle states, registers and hardware threads on a real kernel, looked at from beside the program while
# they are held; and a third party that changes governor, boost or the set of CPUs in the middle of a run.
. "$(dirname "$0")/lib.sh"
in_guest

msr() {
	od -An -tx8 -j$(($2)) -N8 "/dev/cpu/$1/msr" | tr -d ' '
}

# write_msr CPU REGISTER BYTES: those of a 64-bit number, the lowest first
write_msr() {
	printf "$3" | dd of="/dev/cpu/$1/msr" bs=8 seek=$(($2 / 8)) conv=notrunc 2>/dev/null
}

limits() {
	local low high
	read -r low <"$(cpufreq "$1" scaling_min_freq)"
	read -r high <"$(cpufreq "$1" scaling_max_freq)"
	echo "$low-$high"
}

# disabled CPU: one digit for each idle state
disabled() {
	local file value
	for file in "$cpus/cpu$1"/cpuidle/state?/disable; do
		read -r value <"$file"
		printf %d "$value"
	done
}

# Entries into the states behind C1 since the boot.
deep_sleeps() {
	local state value sum=0
	for state in 2 3; do
		read -r value <"$cpus/cpu$1/cpuidle/state$state/usage"
		sum=$((sum + value))
	done
	echo "$sum"
}

resume_latency() {
	cat "$cpus/cpu$1/power/pm_qos_resume_latency_us"
}

# condition NAME OUTCOME: what the record says of a knob
condition() {
	tr -d '\n' <"$work/record.json" | grep -qE "\"knob\": ?\"$1\", *\"outcome\": ?\"$2\"" ||
		{ grep -oE "\"knob\": ?\"$1\".{0,300}" "$work/record.json"; return 1; }
}

# The kernel is tainted for good by a write to a register, which no restore can undo; the manual says so.
same_but_tainted() {
	snapshot | diff <(grep -v '^/proc/sys/kernel/tainted:' "$1") <(grep -v '^/proc/sys/kernel/tainted:')
}

stop_run() {
	interrupt
	end_run
}

set_odder_values() {
	set_odd_values 1
	echo 1600000 >"$(cpufreq 3 scaling_min_freq)"
	echo 7 >"$cpus/cpufreq/conservative/freq_step"
	echo 1 >"$cpus/cpu3/cpuidle/state3/disable"
	echo 1 >"$cpus/cpu2/cpuidle/state1/disable"
	echo 77 >"$cpus/cpu3/power/pm_qos_resume_latency_us"
}

set_odder_values
snapshot >"$work/before"

echo "# frequency, idle-states, resume-latency"
claim "a run starts" start_run --with frequency,idle-states,resume-latency --json "$work/record.json" || finish
claim "frequency: limits of the bench's CPU" equal 3000000-3000000 "$(limits 2)"
claim "frequency: limits of its sibling, which had narrower ones" equal 3000000-3000000 "$(limits 3)"
look frequency "frequency: P-state registers" equal "10 10" "$(pstate_register 2) $(pstate_register 3)"
claim "frequency: limits of another CPU" equal 800000-3000000 "$(limits 0)"
claim "idle-states: of the bench's CPU the deep ones, beside the one that was" equal 0111 "$(disabled 2)"
claim "idle-states: of its sibling" equal 0011 "$(disabled 3)"
claim "idle-states: of another CPU" equal 0000 "$(disabled 0)"
slept=$(deep_sleeps 3)
pause 1
look idle-states "idle-states: the sibling sleeps no more deeply" equal "$slept" "$(deep_sleeps 3)"
look resume-latency "resume-latency: C1's" equal "2 2 0" "$(resume_latency 2) $(resume_latency 3) $(resume_latency 0)"
stop_run
claim "everything is as it was" same_as_before "$work/before"
for knob in frequency idle-states resume-latency governor boost; do
	claim "the record says $knob applied" condition $knob applied
done

echo "# smt-offline with all that hangs on the CPU"
claim "smt-offline: a run starts" start_run --with smt-offline,frequency,idle-states,resume-latency --json "$work/record.json" ||
	finish
look smt-offline "smt-offline: the sibling is offline" wait_for 5 holds "$cpus/online" 0-2
claim "smt-offline: the bench's limits" equal 3000000-3000000 "$(limits 2)"
stop_run
claim "smt-offline: everything is as it was" same_as_before "$work/before"
claim "smt-offline: the journal is empty" journal_is_empty
for knob in smt-offline frequency idle-states governor; do
	claim "smt-offline: the record says $knob applied" condition $knob applied
done

echo "# smt-offline alone takes along what nobody else put down"
"${measure_long[@]}" --profile none --with smt-offline "$selftest" >"$work/out" 2>"$work/err" &
front=$!
claim "smt-offline alone: the sibling is offline" wait_for 20 holds "$cpus/online" 0-2
stop_run
claim "smt-offline alone: everything is as it was" same_as_before "$work/before"

echo "# smt-offline, and all are killed"
claim "killed: a run starts" start_run --with smt-offline,frequency,idle-states || finish
wait_for 5 holds "$cpus/online" 0-2
kill -KILL "$keeper" "$front"
end_run
"$stablebench" restore >"$work/out" 2>&1
claim "killed: restore ends with 0" equal 0 $?
claim "killed: everything is as it was" same_as_before "$work/before"

echo "# a third party in the middle of a run"
# start_counted NAME: a run that ends by itself, at work on the tuned host
start_counted() {
	"${measure[@]}" --launches 8 --samples 10 --sample-time 30ms --precision 0.0001 --profile standard --json "$work/record.json" \
		"$selftest" >"$work/out" 2>"$work/err" &
	front=$!
	wait_for 20 tuned && wait_for 20 processes_of "$selftest"
}

marked() {
	grep -q '"host-changed"' "$work/record.json" && grep -q '"host changed"' "$work/record.json"
}

claim "governor: a run starts" start_counted || finish
echo powersave >"$(cpufreq 2 scaling_governor)"
end_run
claim "governor: ends with 6" equal 6 "$status"
claim "governor: the launch is marked" marked
claim "governor: its condition failed" condition governor failed
claim "governor: the text says so" matches 'host changed' "$(cat "$work/out")"
claim "governor: what the third party set is left alone" holds "$(cpufreq 2 scaling_governor)" powersave
"$stablebench" restore --force >"$work/out" 2>&1
claim "governor: restore --force puts all back" same_as_before "$work/before"

if [ -e "$boost" ]; then
	claim "boost: a run starts" start_counted || finish
	echo 1 >"$boost"
	end_run
	claim "boost: ends as if it had been left, since it is as it was" matches '^[046]$' "$status"
	claim "boost: the launch is marked" marked
	claim "boost: its condition failed" condition boost failed
	"$stablebench" restore --force >"$work/out" 2>&1
	claim "boost: everything is as it was" same_as_before "$work/before"
fi

claim "hotplug: a run starts" start_counted || finish
echo 0 >"$cpus/cpu3/online"
end_run
claim "hotplug: the run ends with 6, since settings are gone" equal 6 "$status"
claim "hotplug: it went on" matches '"status": ?"complete"' "$(head -n 20 "$work/record.json")"
claim "hotplug: the launch is marked" marked
claim "hotplug: a condition tells of it" condition hotplug failed
claim "hotplug: the rest is back" holds "$(cpufreq 2 scaling_governor)" userspace
claim "hotplug: boost is back" boost_holds 1
echo 1 >"$cpus/cpu3/online"
"$stablebench" restore >"$work/out" 2>&1
claim "hotplug: with the CPU back restore ends with 0" equal 0 $?
claim "hotplug: the settings of the CPU are back" holds "$(cpufreq 3 scaling_governor)" conservative
# what a third party's hotplug took along and nobody here had set is its affair
set_odder_values
claim "hotplug: everything else is as it was" same_as_before "$work/before"

echo "# registers, where no driver has a switch"
rmmod acpi_cpufreq
write_msr 3 0x1a0 '\x89\x00\x85\x00\x00\x00\x00\x00'
snapshot >"$work/before"
found="$(msr 0 0x1a0) $(msr 1 0x1a0) $(msr 2 0x1a0) $(msr 3 0x1a0)"
echo "# MSR 0x1a0 before: $found"
claim "turbo-msr: odd values are the guest's own" equal 0000000000850089 "$(msr 3 0x1a0)"
"${measure_long[@]}" --profile none --with turbo-msr,prefetchers --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err" &
front=$!
all_off() { [ "$(turbo_off_bits)" = 1111 ]; }
look turbo-msr "turbo-msr: bit 38 is set on all CPUs of the package" wait_for 20 all_off
claim "turbo-msr: the other bits stay" equal 0000004000850089 "$(msr 3 0x1a0)"
stop_run
claim "turbo-msr: the registers are as they were" equal "$found" "$(msr 0 0x1a0) $(msr 1 0x1a0) $(msr 2 0x1a0) $(msr 3 0x1a0)"
put_back "turbo-msr: everything but the taint is as it was" same_but_tainted "$work/before"
claim "turbo-msr: the record says applied" condition turbo-msr applied
# QEMU has no such register, takes what is written and forgets it
claim "prefetchers: a register that does not follow is told" condition prefetchers failed
echo "# MSR 0x1a4: $(msr 2 0x1a4)"
finish
