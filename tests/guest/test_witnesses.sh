#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Counting on a machine without a PMU: software events and tracepoints count, the witnesses tell what disturbed a sample
# and what did not, and a program whose events the exec detaches says so.
. "$(dirname "$0")/lib.sh"
need_built "$abs_top_builddir/tests/guest/count"
in_guest
cp "$abs_top_builddir/tests/guest/count" "$abs_top_builddir/tests/guest/bench_count" "$work"
chmod 755 "$work"
cd "$work" || exit 1
bench_cpu=1 other_cpu=2

# count ARGUMENT...: its lines in $work/lines, on the CPU of the benchmark
count() {
	taskset -c "$bench_cpu" ./count "$@" >lines 2>errors || { cat errors; return 1; }
}

probe() {
	sed -n "s/^probe $1 //p" lines | head -n 1 | cut -d ' ' -f "$2"
}

witness() {
	awk -v name="$1" '$1 == "witness" && $2 == name { print $3 }' lines
}

counted() {
	awk -v at=$((3 + $1)) '$1 == "sample" { sum += $at } END { print sum + 0 }' lines
}

reading() {
	awk '$1 == "launch" { print $4; exit }' lines
}

between() {
	[ "$2" -ge "$1" ] && [ "$2" -le "$3" ] || { echo "$2 is not between $1 and $3"; return 1; }
}

echo "# $(uname -r), paranoid $(</proc/sys/kernel/perf_event_paranoid)"
claim "it is counted" count -n 5 -b 4 ./bench_count count/faults 0:0 0:1 1:2 irq:softirq_entry sched:sched_switch sched:no_such
claim "there are no cycles" equal ENOENT "$(probe 0:0 1)"
claim "there are no instructions" equal ENOENT "$(probe 0:1 1)"
claim "page faults count" equal "0 counts" "$(probe 1:2 1) $(probe 1:2 2)"
claim "a tracepoint is there" equal 0 "$(probe irq:softirq_entry 1)"
claim "another counts" equal "0 counts" "$(probe sched:sched_switch 1) $(probe sched:sched_switch 2)"
claim "a third is not there" equal ENOENT "$(probe sched:no_such 1)"
claim "what is there is read by call" equal call "$(reading)"
claim "page faults are counted" equal $((5 * 4 * 16)) "$(counted 1)"
claim "page faults are witnessed" equal $((5 * 4 * 16)) "$(witness minor-faults)"
claim "all witnesses of an x86 are there" equal \
	"context-switches cpu-migrations minor-faults major-faults timer device-interrupts softirqs reschedule call-function call-function-single nmi " \
	"$(awk '$1 == "witness" { print $2 }' lines | tr '\n' ' ')"

count -n 20 -b 3 ./bench_count count/sleeps 1:3 sched:sched_switch
# but for one that was over before the thread had left its CPU
claim "each sleep is a context switch" between 55 "$(witness context-switches)" 100
claim "... as the tracepoint has it" equal "$(witness context-switches)" "$(counted 2)"
claim "... and no migration" equal 0 "$(witness cpu-migrations)"

# one CPU, so that nobody asks it to look for tasks; the tick comes whatever runs
count -n 5 -b 20 ./bench_count count/twenty_million 1:2
echo "# a quiet loop: $(grep ^witness lines | cut -d ' ' -f 2- | tr '\n' ' ')"
claim "a loop on a quiet CPU sees ticks" between 1 "$(witness timer)" 100000
claim "... no device" between 0 "$(witness device-interrupts)" 3
claim "... no disk" equal 0 "$(witness major-faults)"
claim "... no NMI" equal 0 "$(witness nmi)"

# The device that this machine's root and the job come by interrupts the benchmark's CPU
irq=$(job_irq)
echo "$bench_cpu" >"/proc/irq/$irq/smp_affinity_list"
taskset -c "$other_cpu" bash -c 'while :; do : "$(</run/guest/command)"; done' 2>/dev/null &
noise=$!
count -n 5 -b 20 ./bench_count count/twenty_million 1:2
kill "$noise"
wait "$noise" 2>/dev/null
echo "# beside interrupts: $(grep ^witness lines | cut -d ' ' -f 2- | tr '\n' ' ')"
claim "interrupts of a device are witnessed" between 5 "$(witness device-interrupts)" 1000000

# The same of a case with two threads, on the CPU of one and then of the other
part() {
	awk -v number="$1" -v at="$2" '$1 == "part" && $2 == number { print $at }' lines
}
for victim in 0 1; do
	echo $((victim + 1)) >"/proc/irq/$irq/smp_affinity_list"
	taskset -c 0 bash -c 'while :; do : "$(</run/guest/command)"; done' 2>/dev/null &
	noise=$!
	bench_cpu=1,2 count -n 20 -b 10 -p 2 ./bench_count count/team_works/threads=2 1:2
	kill "$noise"
	wait "$noise" 2>/dev/null
	echo "# threads beside interrupts of CPU $((victim + 1)): $(grep -E '^(part|witness)' lines | tr '\n' ' ')"
	claim "both threads have witnesses, each on its CPU" equal "0 1 0 2" \
		"$(part 0 3) $(part 0 4) $(part 1 3) $(part 1 4)"
	claim "an interrupt on the CPU of thread $victim is witnessed" between 5 "$(witness device-interrupts)" 1000000
	claim "... as a cause of that thread's part" between 3 "$(part "$victim" 5)" 20
	claim "... and hardly of the other's" between 0 "$(part $((1 - victim)) 5)" 1
	claim "... and so are ticks" between 2 "$(witness timer)" 100000
done
count -n 5 -b 4 -p 2 ./bench_count count/team_faults/threads=2 1:2
claim "page faults of the second thread alone are witnessed" equal $((5 * 4 * 16)) "$(witness minor-faults)"
claim "... as they are counted" equal $((5 * 4 * 16)) "$(counted 1)"

cp bench_count unreadable
chmod 111 unreadable
claim "a program that its user may not read is run" count -n 3 -b 4 ./unreadable count/faults 1:2
claim "... and tells that it has no counters" equal none "$(reading)"
claim "... which are not taken for zeros" equal 0 "$(counted 1)"
claim "... nor witnesses" equal 0 "$(witness minor-faults)"

# enabled_by_others: processes that had an event enabled before they were the bench's user, in a trace that has some
enabled_by_others() {
	awk '/ setresuid\(65534, 65534, 65534\) *= 0/ { is_user[$1] = 1 }
		/ ioctl\(.*PERF_EVENT_IOC_ENABLE/ { enabled++; if (!is_user[$1]) print }
		END { if (!enabled) print "no event was enabled" }' "$1"
}
if command -v strace >/dev/null; then
	strace -f -qq -e trace=setresuid,ioctl -o trace ./count -n 3 -b 4 ./bench_count count/faults 1:2 1:3 >lines 2>errors
	claim "the processes that try events are the benchmark's user" equal "" "$(enabled_by_others trace)"
	claim "... and find those that root may count" equal "0 counts" "$(probe 1:2 1) $(probe 1:2 2)"
else
	echo "# strace is not installed: not looked at who tries events"
fi

# of EXPRESSION: of the cases by the suite's name, and of the reasons of the witnesses, in the record of a whole run
of() {
	python3 -c "import json
r = json.load(open('$work/record.json'))
cases = {c['name'].split('/')[0]: c for c in r['cases']}
why = {w['name']: w.get('reason', 'looked at') for w in r['witnesses']}
print($1)"
}

# measure_record BENCH...
measure_record() {
	rm -f record.json
	"$stablebench" run --profile gentle --cpus "$bench_cpu" --launches 2 --samples 3 --sample-time 2ms --max-time 2m --quiet \
		--filter count/faults --counters page-faults --json record.json "$@" >out 2>err
	[ -s record.json ] || { tail -n 3 err; return 1; }
}

claim "a run of a program that its user may not read" measure_record ./unreadable
claim "... is flagged" equal True "$(of '"detached" in cases["unreadable"]["flags"]')"
claim "... so is each of its launches" equal "[True, True]" "$(of '[l.get("detached", False) for l in cases["unreadable"]["launches"]]')"
claim "... the kernel's events were not looked at" matches "exec.*may not read" "$(of 'why["minor-faults"]')"
claim "... the schedule was" equal "looked at" "$(of 'why["schedule"]')"
claim "... by which the CPU time is known" equal True \
	"$(of 'all(s.get("cpu_s", 0) > 0 for l in cases["unreadable"]["launches"] for s in l["samples"])')"
claim "... and its counter was lost for that" matches "^lost .*may not read" \
	"$(of '"{status} {reason}".format(**cases["unreadable"]["counters"]["page-faults"])')"
claim "a run of it and of one that its user may read" measure_record ./bench_count ./unreadable
claim "... tells them apart" equal "False True" "$(of '"detached" in cases["count"]["flags"], "detached" in cases["unreadable"]["flags"]' | tr -d '(),')"
claim "... says where the kernel's events were not looked at" matches "not in launches that are detached" "$(of 'why["minor-faults"]')"
claim "... and where the schedule was" matches "only in launches that are detached" "$(of 'why["schedule"]')"
claim "... and the other's events are there" equal True \
	"$(of 'all(s["witnesses"]["minor-faults"] > 0 for l in cases["count"]["launches"] for s in l["samples"])')"

setpriv --reuid 65534 --regid 65534 --clear-groups ./count -n 3 -b 4 ./bench_count count/faults 1:2 irq:softirq_entry \
	>lines 2>errors
case $(</proc/sys/kernel/perf_event_paranoid) in
[34]) claim "nobody, paranoid 3: nothing" equal EACCES "$(probe 1:2 1)" ;;
2) claim "nobody, paranoid 2: user space" equal "0 call" "$(probe 1:2 1) $(reading)" ;;
esac
claim "nobody sees no tracepoints" matches "EACCES|ENOENT" "$(probe irq:softirq_entry 1)"
echo 1 >/proc/sys/kernel/perf_event_paranoid
setpriv --reuid 65534 --regid 65534 --clear-groups ./count -n 3 -b 4 ./bench_count count/faults 1:2 1:2:3 >lines 2>errors
claim "nobody, paranoid 1: the kernel's part too" equal "0 0" "$(probe 1:2 1) $(probe 1:2:3 1)"
claim "nobody, paranoid 1: software witnesses" equal $((3 * 4 * 16)) "$(witness minor-faults)"
finish
