#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Counters on the PMU of an arm64 board that counts instructions exactly (one CPU, since QEMU's PMU counts what all CPUs
# do): from the keeper's opening to the numbers in the samples.
. "$(dirname "$0")/lib.sh"
in_guest -A arm64 -f none -s 1 -i "${STABLEBENCH_GUEST_SHIFT:-0}"
shift_bits=${STABLEBENCH_GUEST_SHIFT:-0}
cp "$abs_top_builddir/tests/guest/count" "$abs_top_builddir/tests/guest/bench_count" "$work"
chmod 755 "$work"
cd "$work" || exit 1

cycles=0:0 instructions=0:1 retired=4:8 faults=1:5
branch_misses=0:5 # the kernel knows that this PMU has none: ENOENT
silent=4:3        # L1D_CACHE_REFILL by its number: opens, and stays at 0
paranoid=/proc/sys/kernel/perf_event_paranoid
access=/proc/sys/kernel/perf_user_access

# count ARGUMENT...: its lines in $work/lines
count() {
	./count "$@" >lines 2>errors || { cat errors; return 1; }
}

count_as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups ./count "$@" >lines 2>errors || { cat errors; return 1; }
}

# field LINE EVENT NUMBER: of the probe of an event
probe() {
	sed -n "s/^probe $1 //p" lines | head -n 1 | cut -d ' ' -f "$2"
}

# column N [PASS]: a counter's values in the samples, each different one once, with how often it was
column() {
	awk -v at=$((3 + $1)) -v pass="${2:-1}" '$1 == "sample" && $2 == pass { print $at }' lines | sort -n | uniq -c |
		awk '{ print $2 " x " $1 }' | tr '\n' ' '
}

# value N [PASS]: what it was in the first sample
value() {
	awk -v at=$((3 + $1)) -v pass="${2:-1}" '$1 == "sample" && $2 == pass { print $at; exit }' lines
}

# same N: a counter has one value in all samples
same() {
	local values
	values=$(column "$1")
	[[ $values == *" x "* && $values != *" x "*" x "* ]] || { echo "$values"; return 1; }
}

reading() {
	awk -v pass="${1:-1}" '$1 == "launch" && $2 == pass { print $4 }' lines
}

flags() {
	awk '$1 == "sample" { print $3 }' lines | sort -u | tr '\n' ' '
}

overhead() {
	awk -v at=$((2 + $1)) '$1 == "overhead" { print $at; exit }' lines
}

witness() {
	awk -v name="$1" '$1 == "witness" && $2 == name { print $3 }' lines
}

between() {
	[ "$2" -ge "$1" ] && [ "$2" -le "$3" ] || { echo "$2 is not between $1 and $3"; return 1; }
}

echo "# exactness; kernel $(uname -r), paranoid $(<"$paranoid"), shift $shift_bits"
for way in call user; do
	[ "$way" = call ] || echo 1 >"$access"
	claim "$way: a launch is counted" count -n 20 -b 100 ./bench_count count/short_loop "$cycles" "$instructions"
	claim "$way: it is read that way" equal "$way" "$(reading)"
	claim "$way: the same count in the samples" same 2
	hundred=$(value 2) cost=$(overhead 2)
	claim "$way: cycles are instructions << $shift_bits" equal $((hundred << shift_bits)) "$(value 1)"
	count -n 20 -b 100 ./bench_count count/short_loop "$cycles" "$instructions"
	claim "$way: the same count in another launch" equal "$hundred" "$(value 2)"
	claim "$way: ... and in all its samples" same 2
	count -n 20 -b 200 ./bench_count count/short_loop "$cycles" "$instructions"
	claim "$way: ... and with twice the batch" same 2
	each=$((($(value 2) - hundred) / 100))
	claim "$way: the slope between two batches is whole" equal "$((hundred + 100 * each))" "$(value 2)"
	claim "$way: an iteration is its turns and three more" equal 2003 "$each"
	echo "# $way: 100 iterations $hundred in 40 samples of 2 launches, 200 iterations $(value 2) in 20 samples"
	# compilers set up one loop a little otherwise than another
	claim "$way: a sample without the bracket is its iterations" between $((100 * each - 4)) $((hundred - cost)) \
		$((100 * each + 4))
	count -n 20 -b 100 ./bench_count count/long_loop "$cycles" "$instructions"
	claim "$way: the slope between two loops is that of their turns" equal $((100 * 2 * 2000)) $(($(value 2) - hundred))
	echo "# $way: $(grep ^cost lines) ns for one reading of the counters and of the witnesses"
done

echo "# more events than counters"
many=("$instructions" "$retired" "$retired" "$retired" "$retired" "$retired"
	"$retired" "$retired" "$retired" "$retired" "$retired" "$retired")
for allowed in 1 0; do
	echo "$allowed" >"$access"
	claim "12 events are counted" count -n 5 -b 100 ./bench_count count/short_loop "${many[@]}"
	claim "... in two passes of six" equal "6 1 6 2 " "$(sed -n 's/^probe.* counts \([0-9]*\) .*/\1/p' lines | uniq -c |
		awk '{ printf "%s %s ", $1, $2 }')"
	for pass in 1 2; do
		claim "pass $pass: twelve equal events are equal, as multiplexed ones never are" equal "" \
			"$(awk -v pass=$pass '$1 == "sample" && $2 == pass { for (i = 5; i <= 9; i++) if ($i != $4) print }' lines)"
	done
	claim "... in both passes and all samples" equal "$(value 1 1)" "$(value 6 2)"
	claim "... all the time" equal "0 " "$(flags)"
done

echo "# what is told of events that are not to be had"
count -n 3 -b 100 ./bench_count count/short_loop "$instructions" "$branch_misses" "$silent" no:such 6:0 "$faults"
claim "ENOENT where the kernel knows of no such counter" equal ENOENT "$(probe "$branch_misses" 1)"
claim "... which is in no pass" equal 0 "$(probe "$branch_misses" 3)"
claim "an event that the PMU takes and does not have never counts" equal never-counts "$(probe "$silent" 2)"
claim "ENOENT for a tracepoint that is not there" equal ENOENT "$(probe no:such 1)"
claim "a probe's PMU is not counted" equal EPERM "$(probe 6:0 1)"
claim "the others count" equal "counts counts" "$(probe "$instructions" 2) $(probe "$faults" 2)"
claim "and are exact" same 1

echo "# a counter that somebody else takes"
six=("$retired" "$retired" "$retired" "$retired" "$retired" "$retired")
for allowed in 0 1; do
	echo "$allowed" >"$access"
	count -n 3 -b 100 -t 6 ./bench_count count/short_loop "${six[@]}"
	claim "a group that lost its place is told (access $allowed)" equal "none 0 x 3 " "$(reading) $(column 1)"
	count -n 3 -b 100 -t 6 ./bench_count count/short_loop "$faults" "$cycles"
	claim "cycles and software need none of what was taken" equal "0 " "$(flags)"
	count -n 30 -b 5000 -T 6 ./bench_count count/short_loop "${six[@]}"
	claim "taken in the midst of a launch, samples are counted until then and marked from then on (access $allowed)" \
		matches "^(0 ){11,29}(4 )+$" "$(awk '$1 == "sample" { printf "%s ", $3 }' lines)"
	claim "... exactly until then" equal 1 "$(awk '$1 == "sample" && $3 == 0 { print $4 }' lines | sort -u | wc -l)"
	claim "... and a marked one has no number" equal "" "$(awk '$1 == "sample" && $3 && $4 + $9 > 0' lines)"
	echo "# access $allowed: $(awk '$1 == "sample" && $3 == 0' lines | wc -l) of 30 samples were counted"
done
echo 0 >"$access"

echo "# 32 bits"
count -w 0 -n 1 -b 6 ./bench_count count/billion "$instructions"
claim "call: 6e9 instructions are not cut to 32 bits" between 6000000000 "$(value 1)" 6000010000
echo 1 >"$access"
count -w 0 -n 1 -b 6 ./bench_count count/billion "$instructions" "$cycles"
claim "user: 6e9 instructions are not cut to 32 bits" between 6000000000 "$(value 1)" 6000010000
claim "user: read that way" equal user "$(reading)"
count -n 40 -b 1 ./bench_count count/sleeps "$instructions" "$cycles"
claim "user: no sample with a context switch has a turn of the counter too much" equal "" \
	"$(awk '$1 == "sample" && $4 > 1000000' lines)"
claim "user: there were some" between 40 "$(witness context-switches)" 200

echo "# threads and children"
count -n 3 -b 1 ./bench_count count/family "$instructions"
claim "alone, the benchmark's own instructions" between 1000 "$(value 1)" 1000000
count -s -n 3 -b 1 ./bench_count count/family "$instructions" "$faults"
claim "summed, with those of a thread and a child" between 40000000 "$(value 1)" 41000000
claim "summed, each is read by call" equal call "$(reading)"
claim "summed, all the time" equal "0 " "$(flags)"

echo "# threads by tid"
# thread NUMBER N: what thread NUMBER, from 1, counted of event N
thread() {
	awk -v at=$((4 + $2)) '$1 == "thread"' lines | sed -n "$1p" | cut -d ' ' -f $((4 + $2))
}
for allowed in 0 1; do
	echo "$allowed" >"$access"
	count -p 2 -n 20 -b 100 ./bench_count count/team/threads=2 "$instructions" "$retired"
	claim "each of two threads is counted by itself in all samples (access $allowed)" equal "2 0 20" \
		"$(awk '$1 == "thread"' lines | wc -l) $(awk '$1 == "thread" { print $3, $4 }' lines | sort -u)"
	claim "... the long one by its turns more than the short one, exactly" \
		equal $((20 * 100 * 2 * 2000)) $(($(thread 2 1) - $(thread 1 1)))
	claim "... and the short one its own" between $((20 * 100 * 2000)) "$(thread 1 1)" $((20 * (100 * 2010 + 300)))
	claim "... which two equal events agree on" equal "$(thread 1 1) $(thread 2 1)" "$(thread 1 2) $(thread 2 2)"
	claim "... and both together are what the samples have, each the same" \
		equal "$((($(thread 1 1) + $(thread 2 1)) / 20)) x 20 " "$(column 1)"
	echo "# access $allowed: $(thread 1 1) and $(thread 2 1) in 20 samples of 100, read by $(reading)"
done
echo 3 >"$paranoid"
count -p 2 -n 5 -b 100 ./bench_count count/team/threads=2 "$instructions"
claim "root, paranoid 3: threads are counted" equal "0 5" "$(awk '$1 == "thread" { print $3, $4 }' lines | sort -u)"

echo "# rights"
for level in 0 1 2 3; do
	echo "$level" >"$paranoid"
	claim "root, paranoid $level: counted" count -n 3 -b 100 ./bench_count count/short_loop "$instructions"
	claim "root, paranoid $level: exact" same 1
	claim "root, paranoid $level: witnessed" equal 0 "$(witness cpu-migrations)"
	count_as_nobody -n 3 -b 100 ./bench_count count/short_loop "$instructions" "$instructions:3"
	case $level in
	0 | 1) claim "nobody, paranoid $level: the kernel too" equal "0 0" "$(probe "$instructions" 1) $(probe "$instructions:3" 1)" ;;
	2) claim "nobody, paranoid 2: user space alone" equal "0 EACCES" "$(probe "$instructions" 1) $(probe "$instructions:3" 1)" ;;
	3) claim "nobody, paranoid 3: nothing" equal "EACCES EACCES" "$(probe "$instructions" 1) $(probe "$instructions:3" 1)" ;;
	esac
	[ "$level" = 3 ] || claim "nobody, paranoid $level: exact" same 1
done
cp bench_count unreadable
chmod 111 unreadable
for allowed in 0 1; do
	echo "$allowed" >"$access"
	count -n 3 -b 100 ./unreadable count/short_loop "$instructions"
	claim "a program that its user may not read is run" matches "^launch 1 0" "$(grep ^launch lines)"
	claim "... and has no counters, which it tells (access $allowed)" equal none "$(reading)"
	claim "... nor witnesses" equal 0 "$(witness timer)"
done

echo "# witnesses"
echo 3 >"$paranoid"
count -n 5 -b 10 ./bench_count count/twenty_million "$instructions"
echo "# $(grep ^witness lines | cut -d ' ' -f 2- | tr '\n' ' ')"
# 1e9 instructions take 1 s << shift, at 250 ticks a second
claim "ticks are witnessed, and told from devices" between 10 "$(witness timer)" $((300 << shift_bits))
claim "no device interrupts a loop" between 0 "$(witness device-interrupts)" 5
count -n 5 -b 4 ./bench_count count/faults "$faults"
claim "page faults are witnessed" equal $((5 * 4 * 16)) "$(witness minor-faults)"
claim "and counted" equal "$((4 * 16)) x 5 " "$(column 1)"

echo "# the whole of it"
# run CASE COUNTERS: what its record says of the case, but for the launches, in one line in $record
run() {
	"$stablebench" run --profile standard --launches 4 --samples 5 --sample-time 1ms --filter "$1" --counters "$2" \
		--json record.json ./bench_count >out 2>errors || { cat errors; return 1; }
	record=$(tr -d '\n ' <record.json)
	record='"flags":'${record#*'"flags":'}
	record=${record%%'"launches":'*}
}
for allowed in 0 1; do
	echo "$allowed" >"$access"
	claim "a run counts (access $allowed)" run short_loop "instructions,cycles,branch-misses,page-faults"
	claim "instructions per iteration" matches '"instructions":\{[^}]*"per_iteration":200(2\.9|3)' "$record"
	cycles_each=$(grep -oE '"cycles":\{[^}]*"per_iteration":[0-9]+' <<<"$record" | head -n 1 | grep -oE '[0-9]+$')
	claim "cycles per iteration" between $(((2003 << shift_bits) - 1)) "$cycles_each" $((2003 << shift_bits))
	claim "what the processor does not have is told" matches \
		'"branch-misses":\{[^}]*"status":"(silent|unsupported)"' "$record"
done
claim "a run of a benchmark with two threads counts" run count/team/ instructions
claim "... each by itself" equal 0 "$(grep -c '"sum"' <<<"$record")"
claim "... told as their sum" matches '"instructions":\{[^}]*"per_iteration":80(0[0-9]|10)' "$record"
claim "... and of each" matches "each counted instructions 200[0-9.]+ to 600[0-9.]+" "$(<out)"
claim "a run of a benchmark with helpers counts" run family instructions
claim "... is told to be a sum" matches '"flags":\[[^]]*"sum"' "$record"
claim "... and has what they did" matches '"instructions":\{[^}]*"per_iteration":40[0-9]{6}' "$record"
finish
