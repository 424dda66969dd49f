#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Disturbances of known truth, each found in its sample, with the right cause and number: every second sample of a benchmark
# is disturbed by one event, and the samples between are not. The CPU is otherwise idle: it has no tick, and the interrupts,
# timers and tasks of others are on other CPUs.
. "$(dirname "$0")/lib.sh"
need_built "$abs_top_builddir/tests/guest/bench_injected"
need_built "$abs_top_builddir/tests/guest/inject"
# a clock that some kernels do not trust when frequencies change would keep the tick going
in_guest -a "nohz_full=1 rcu_nocbs=1 tsc=reliable cpufreq.off=1"
bench_cpu=1 other_cpu=2 injections=200

# What is done by `inject`, and what by the benchmark itself; the causes that the sample must have then, and those that it may
# have, as they come along; who is to be named; the witnesses whose sum is the number of events. "-": nothing, or not judged.
#	inject	itself	must	may	thief	witnesses
table="
	waker	nothing	involuntary-switch,stolen	ipi	waker	context-switches
	neighbour	nothing	involuntary-switch,stolen	ipi,softirq	neighbour	-
	interrupt	nothing	interrupt	-	virtio[0-9]+-reques.*	device-interrupts
	call	nothing	ipi	-	call_function(_1)?	call-function,call-function-single
	waker-and-call	nothing	involuntary-switch,stolen,ipi	-	waker	call-function,call-function-single
	nmi	nothing	nmi	-	-	nmi
	move	nothing	migration	involuntary-switch,stolen,ipi,softirq	(migration|swapper)/1	cpu-migrations
	nothing	packet	softirq	-	NET_RX	softirqs
	nothing	disk	major-fault	voluntary-switch,ipi	-	major-faults
	nothing	sleep	voluntary-switch	ipi	-	context-switches
	nothing	memory	-	-	-	minor-faults
	nothing	nothing	-	-	-	-
"

prepare() {
	local file
	cp "$abs_top_builddir/tests/guest/bench_injected" "$abs_top_builddir/tests/guest/inject" "$work"
	head -c 4096 /dev/zero >"$work/shared"
	chmod 666 "$work/shared"
	chmod 755 "$work"
	taskset -pc "0,$other_cpu,3" $$ >/dev/null
	for file in /proc/irq/*/smp_affinity_list; do
		echo 0 >"$file" 2>/dev/null
	done
	irq=$(job_irq)
	echo "$bench_cpu" >"/proc/irq/$irq/smp_affinity_list"
}

# measure GENERATOR OWN: the samples of one launch in $work/samples
measure() {
	local generator code
	taskset -c "$other_cpu" "$work/inject" "$1" "$bench_cpu" "$work/shared" "$irq:" &
	generator=$!
	"$stablebench" run --profile gentle --with vmstat --without fifo --cpus "$bench_cpu" --launches 1 --samples $((2 * injections)) --retakes 0 \
		--quiet --exact --env INJECTED_SHARED="$work/shared" --env INJECTED_FILE=/etc/passwd \
		--filter "injected/injected/events/own=$2" --json "$work/json" "$work/bench_injected" >"$work/out" 2>"$work/err"
	code=$?
	kill "$generator"
	wait "$generator" 2>/dev/null
	"$stablebench" show --samples "$work/json" >"$work/samples"
	[ "$code" = 0 ] || [ "$code" = 4 ] || { cat "$work/out" "$work/err"; return 1; }
}

# judge MUST MAY THIEF WITNESSES: of the samples with events: how many they are, how many have all causes of MUST, how many have
# one of neither list, how many name the thief, their events and what the witnesses counted; of the others: how many they are,
# and how many have a cause of MUST. Where nothing must be there, no cause is what is right, and any is false.
judge() {
	awk -v must="$1" -v may="$2" -v thief="^($3)$" -v witnesses="$4" '
		function fill(set, words,   list, i) {
			split("", set)
			for (i = split(words, list, ","); i > 0; i--)
				if (list[i] != "-")
					set[list[i]] = 1
		}
		function count_of(counts,   list, pair, i, sum) {
			for (i = split(counts, list, ","); i > 0; i--)
				if (split(list[i], pair, "=") == 2 && pair[1] in counting)
					sum += pair[2]
			return sum
		}
		BEGIN { fill(wanted, must); fill(allowed, may); fill(counting, witnesses) }
		/^#/ { next }
		{
			events = sprintf("%.0f", $4 * 1e6) - 1
			fill(causes, $6)
			missing = present = strange = 0
			for (cause in wanted)
				if (cause in causes) present++; else missing++
			for (cause in causes)
				strange += !(cause in wanted) && !(cause in allowed)
			if (events > 0) {
				disturbed++; truth += events; counted += count_of($11)
				found += missing == 0 && (must != "-" || strange == 0); wrong += strange > 0; named += $9 ~ thief
			} else {
				quiet++; spurious += must == "-" ? strange > 0 : present > 0
			}
		}
		END { print disturbed + 0, found + 0, wrong + 0, named + 0, truth + 0, counted + 0, quiet + 0, spurious + 0 }
	' "$work/samples"
}

# part PART WHOLE: at least 99 % of it
part() {
	[ $((100 * $1)) -ge $((99 * $2)) ] || { echo "$1 of $2"; return 1; }
}

# few PART WHOLE: less than 1 % of it
few() {
	[ $((100 * $1)) -lt "$2" ] || { echo "$1 of $2"; return 1; }
}

# as_many COUNTED EVENTS: 99 % at least; a witness counts what others do at the same time too
as_many() {
	part "$1" "$2" && [ $((100 * $1)) -le $((105 * $2)) ] || { echo "$1 of $2"; return 1; }
}

# Who took most of a sample, time decides, and an emulator that waits for its machine has it pass anywhere: 3 in 4 will do.
# row INJECT ITSELF MUST MAY THIEF WITNESSES
row() {
	local what=$1 disturbed found wrong named truth counted quiet spurious wanted=$injections
	[ "$1" != nothing ] || what=$2
	claim "$what: a launch of $((2 * injections)) samples" measure "$1" "$2" || return
	read -r disturbed found wrong named truth counted quiet spurious < <(judge "${@:3}")
	[ "$6" != - ] || counted=-
	[ "$5" != - ] || named=-
	echo "# injected|$what|$3|$disturbed|$found|$wrong|$truth|$counted|$quiet|$spurious|$named"
	[ "$what" != nothing ] || wanted=0
	claim "$what: so many of them were disturbed" equal "$wanted $((2 * injections - wanted))" "$disturbed $quiet"
	claim "$what: each is found with its cause: ${3/#-/none}" part "$found" "$disturbed"
	# what a busy host makes the other CPUs do late may come at the same time
	claim "$what: hardly one has the cause of another too" test $((20 * wrong)) -le "$disturbed"
	claim "$what: those between are not taken for such" few "$spurious" "$quiet"
	[ "$5" = - ] || claim "$what: the one who did it is named in most" test $((4 * named)) -ge $((3 * disturbed))
	[ "$6" = - ] || claim "$what: the witnesses count as many events as there were" as_many "$counted" "$truth"
}

echo "# $(uname -r)"
prepare
while read -r line; do
	[ -z "$line" ] || row $line
done <<<"$table"
finish
