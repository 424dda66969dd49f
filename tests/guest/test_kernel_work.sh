#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel does of its own accord leaves the bench's core or rests during a run: interrupts, workers, watchdogs,
# statistics, the balancing between two memory nodes. Everything is odd before, and as it was afterwards.
. "$(dirname "$0")/lib.sh"
in_guest -n 2 -s 4,sockets=2,cores=1,threads=2

named=soft-watchdog,timer-migration,perf-sampling,printk,mce-polling,khugepaged,rps
sys=/proc/sys
irq=/proc/irq
queues=/sys/class/net/odd0/queues
memory=/sys/kernel/mm

# PATH ODD HELD KNOB; a blank in a value is written as a comma
settings=(
	"$sys/vm/stat_interval 7 120 vmstat"
	"$sys/vm/compaction_proactiveness 33 0 compaction"
	"$sys/kernel/watchdog_cpumask 1-2 1 watchdog-cpus"
	"$sys/kernel/soft_watchdog 1 0 soft-watchdog"
	"$sys/kernel/timer_migration 1 0 timer-migration"
	"$sys/kernel/perf_event_max_sample_rate 54321 1 perf-sampling"
	"$sys/kernel/printk 6,3,2,5 1,3,2,5 printk"
	"$sys/kernel/numa_balancing 2 0 numa-balancing"
	"$memory/ksm/run 1 0 ksm"
	"$memory/transparent_hugepage/khugepaged/defrag 1 0 khugepaged"
	"/sys/devices/system/machinecheck/machinecheck0/ignore_ce 0 1 mce-polling"
	"/sys/devices/virtual/workqueue/cpumask e 2 workqueue"
	"/sys/bus/workqueue/devices/writeback/cpumask 6 2 writeback"
	"$irq/default_smp_affinity d 1 irq-default"
	"$irq/4/smp_affinity e 2 irq-affinity"
	"$irq/24/smp_affinity c 3 irq-affinity"
	"$irq/25/smp_affinity 6 2 irq-affinity"
	"/sys/class/net/lo/queues/rx-0/rps_cpus e 2 rps"
)
# two queues to send are what it takes for a choice among them
if command -v ip >/dev/null && modprobe dummy && ip link add odd0 numtxqueues 2 type dummy; then
	named=$named,xps
	settings+=("$queues/tx-0/xps_cpus c 3 xps" "$queues/tx-1/xps_cpus 6 2 xps")
else
	echo "# no network device with two queues: xps is not tried"
fi

# value_of FILE: with a comma for each blank
value_of() {
	local words
	read -ra words <"$1"
	local IFS=,
	echo "${words[*]}"
}

make_odd() {
	local path odd held knob
	for setting in "${settings[@]}"; do
		read -r path odd held knob <<<"$setting"
		echo "${odd//,/ }" >"$path"
	done
	set_odd_values 1
}

# each file holds its odd value: claim_odd WHEN
claim_odd() {
	local path odd held knob
	for setting in "${settings[@]}"; do
		read -r path odd held knob <<<"$setting"
		claim "$1: $path" equal "$odd" "$(value_of "$path")"
	done
}

# each file holds what a run sets it to
look_at_all() {
	local path odd held knob
	for setting in "${settings[@]}"; do
		read -r path odd held knob <<<"$setting"
		look "$knob" "during a run: $path" equal "$held" "$(value_of "$path")"
	done
}

# Numbers of the interrupts that may come to CPU 2 or 3.
irqs_at_bench() {
	local folder mask
	found=
	for folder in "$irq"/[0-9]*; do
		read -r mask <"$folder/smp_affinity"
		[ $((0x$mask & 0xc)) = 0 ] || found="$found ${folder##*/}"
	done
	echo $found
}

make_odd
claim_odd "the guest takes odd values"
snapshot >"$work/before"

echo "# held"
claim "a run starts" start_run --with "$named" || finish
look_at_all
claim "only the interrupts of timer and cascade, which cannot be moved, may come to the bench's core" equal "0 2" \
	"$(irqs_at_bench)"
interrupt
end_run
claim "interrupted, the run ends with 130" equal 130 "$status"
claim "everything is as it was" same_as_before "$work/before"
claim_odd "after the run"

echo "# to the end"
"${measure_short[@]}" --profile standard --with "$named" --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "the run ends with 0" equal 0 $?
claim "everything is as it was" same_as_before "$work/before"
record=$(tr -d '\n' <"$work/record.json")
for knob in vmstat watchdog-cpus compaction ksm numa-balancing workqueue writeback irq-default irq-affinity ${named//,/ }; do
	claim "the record says $knob applied" matches "\"knob\": ?\"$knob\", *\"outcome\": ?\"applied\"" "$record"
done
claim "the record counts what could not be moved" matches \
	'[0-9]+ of [0-9]+ moved, 2 unmovable .managed or per CPU.' "$record"
claim "no counters are wanted, so their watchdog is none of a run's business" matches \
	'"knob": ?"nmi-watchdog", *"outcome": ?"(already|refused)"' "$record"

echo "# somebody else moves an interrupt"
claim "a run starts" start_run --with "$named" || finish
echo 1 >"$irq/24/smp_affinity"
interrupt
end_run
claim "the run ends with 6" equal 6 "$status"
claim "it names the file" grep -q "$irq/24/smp_affinity" "$work/err"
claim "the stranger's mask stays" holds "$irq/24/smp_affinity" 1
claim "all else is as it was" equal "$irq/24/smp_affinity:1" \
	"$(snapshot | diff "$work/before" - | sed -n 's/^> //p' | grep -v _list)"
"$stablebench" restore --force >"$work/out" 2>&1
claim "restore --force ends with 0" equal 0 $?
claim "everything is as it was" same_as_before "$work/before"

echo "# devices go"
claim "a run starts" start_run --with "$named" || finish
echo i8042 >/sys/bus/platform/drivers/i8042/unbind
[ ! -e "$queues" ] || ip link del odd0
interrupt
end_run
claim "what went with its device is no conflict" equal 130 "$status"
claim "it is told" grep -q "is not there any more" "$work/err"
claim "all else is as it was" equal "" \
	"$(snapshot | diff "$work/before" - | grep -v '^[0-9]\|^---' | grep -v "$irq/\(1\|12\)/\|/net/.*/odd0[/ ]")"
finish
