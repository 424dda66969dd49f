#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Events by name on an arm64 board whose PMU counts instructions exactly (one CPU, since QEMU's PMU counts what all CPUs
# do): what is listed, what is told of events that are not to be had, and runs that count in passes.
. "$(dirname "$0")/lib.sh"
in_guest -A arm64 -f none -s 1 -i 0
cd "$work" || exit 1
chmod 755 "$work"
mkdir -m 777 nobody
paranoid=/proc/sys/kernel/perf_event_paranoid

# state NAME: of an event, by its line; the number of its reason is left out
state() {
	sed -n "s|^  $1 *\([a-z]*\).*|\1|p" listed | head -n 1
}
events() {
	"$stablebench" events --no-config "$@" >listed 2>errors || { cat errors; return 1; }
}
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$stablebench" events --no-config \
		--run-dir "$work/nobody" "$@" >listed 2>errors || { cat errors; return 1; }
}
refused() {
	! "$stablebench" events --no-config "$@" >listed 2>errors
}
states() {
	while [ $# -gt 1 ]; do
		equal "$2" "$(state "$1")" || { echo "$1"; cat listed; return 1; }
		shift 2
	done
}
is_unknown() {
	! "$stablebench" events --no-config "$1" >listed 2>errors
}
reason() {
	matches "$1" "$(tr '\n' ' ' <listed)"
}

claim "events are listed" events
claim "cycles and instructions count" states cycles counts instructions counts page-faults counts
claim "the kernel knows what this PMU has not" states cache-references unsupported branch-misses unsupported
claim "a code that opens and never counts is silent" states l2-misses silent
claim "the PMU's own list tells why" reason "does not list it"

# libpfm4 has tables of Arm's only on arm64, and encodes those of other processors where it is told to
names=(CPU_CYCLES BR_MIS_PRED OP_RETIRED OP_SPEC STALL_SLOT_BACKEND STALL_SLOT_FRONTEND)
export LIBPFM_ENCODE_INACTIVE=1
for table in arm_n2 arm_v1 arm_v2; do
	list=$(printf ",$table::%s" "${names[@]}")
	claim "libpfm4's $table has the names that @topdown looks for" events "${list#,}"
	claim "... and $table::STALL_SLOTS is none" is_unknown "$table::STALL_SLOTS"
done
unset LIBPFM_ENCODE_INACTIVE

echo 3 >"$paranoid"
claim "a user gets a list" as_nobody cycles,cycles:k,context-switches
claim "at 3 a user counts nothing" states cycles denied cycles:k denied context-switches denied
claim "the setting is named" reason "perf_event_paranoid is 3"
echo 2 >"$paranoid"
claim "a user is heard again" as_nobody cycles,cycles:k,context-switches
claim "at 2 a user counts what is the user's" states cycles counts cycles:k denied context-switches denied
claim "the scope is named" reason "ask for ':u'"
echo 1 >"$paranoid"
claim "a third time" as_nobody cycles,cycles:k,context-switches
claim "at 1 a user counts the kernel too" states cycles counts cycles:k counts context-switches counts

claim "a mistyped tracepoint is an error, also where tracefs is not mounted" refused sched:sched_swich
mount -t tracefs none /sys/kernel/tracing
claim "and where it is" refused sched:sched_swich
claim "the nearest ones are named" grep -q "no event 'sched:sched_swich'.*'sched:sched_switch'" errors
claim "tracepoints can be looked for" events 'irq:softirq_entry'
claim "one that is named is tried" states irq:softirq_entry counts
claim "those of the list are not" events 'irq:softirq'
claim "they are there all the same" states irq:softirq_exit untried
claim "a user is told of tracepoints" as_nobody irq:softirq_entry
claim "they are root's" states irq:softirq_entry denied
echo 'p:mine do_sys_openat2' >/sys/kernel/tracing/kprobe_events
claim "probes are heard of" events kprobes:mine
claim "and not counted, whoever made them" states kprobes:mine denied
claim "nor is what patches every function" events ftrace:function
claim "... whoever asks" states ftrace:function denied
claim "with the reason" reason "a probe is no event to count"
echo >/sys/kernel/tracing/kprobe_events

# run COUNTERS OPTION...: status and $work/record.json
run() {
	local counters=$1
	shift
	"$stablebench" run --no-config --profile gentle --launches 4 --samples 5 --filter truth/constant --counters "$counters" \
		--json record.json "$@" "$selftest" >out 2>errors
	status=$?
}
ends() {
	equal "$1" "$status" || { tail -n 3 errors; return 1; }
}
per_iteration() {
	grep -o "\"$1\":{\"event\":[^}]*\"per_iteration\":[0-9.]*" record.json | sed 's/.*://' | head -n 1
}
has_number() {
	matches '^[0-9]+(\.[0-9]+)?$' "$(per_iteration "$1")"
}

# each event twice and more, and six counters beside that of cycles: two passes at least
run cycles,instructions,r08,r08:u,INST_RETIRED,instructions:u,core/inst_retired/,cpu-cycles,r11,cycles:u,page-faults,instructions:uk,irq:softirq_entry
claim "a run counts more events than the PMU has counters" ends 0
claim "instructions are known per iteration" has_number instructions
for event in r08 r08:u INST_RETIRED instructions:u core/inst_retired/; do
	claim "$event has the same number in its pass" equal "$(per_iteration instructions)" "$(per_iteration "$event")"
done
claim "a tracepoint is counted beside them" has_number irq:softirq_entry
claim "a cycle is an instruction on this board" equal "$(per_iteration instructions)" "$(per_iteration cycles)"
claim "launches take turns with the passes" equal 2 \
	"$(grep -o '"counter_overhead":{[^}]*}' record.json | sed 's/:[0-9]*//g' | sort -u | wc -l)"

run @default --require-counters
claim "counters that are required and not to be had are exit 5" ends 5
claim "each is named" matches "branch-misses, llc-misses: the PMU 'armv8_pmuv3' has no such event" "$(cat errors)"
run cycles,instructions --require-counters
claim "counters that are to be had are no obstacle" ends 0

# a counter of the processor's that ends in the midst of launches, and comes back
"$stablebench" run --no-config --profile gentle --launches 2 --samples 10 --filter hostile/stop_counters \
	--counters cycles,instructions "$selftest" >out 2>errors
claim "samples that were not counted are told of" \
	matches "; counted in [1-9][0-9]* of 20 samples only: cycles, instructions" "$(tr '\n' ' ' <out)"

# the front of a rule of sudo cannot look into tracefs, its keeper can
cd nobody || exit 1
export SUDO_UID=65534 SUDO_GID=65534 XDG_STATE_HOME=$work/nobody
run irq:softirq_entry --require-counters
claim "a user's tracepoint is to be had by sudo" ends 0
claim "... and counted" has_number irq:softirq_entry
finish
