#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a launch does to itself and its program's files, asked of the kernel while it runs: class, memory, layout, idle
# states and what is read from and written to a disk.
. "$(dirname "$0")/lib.sh"
in_guest -n 2 -s 4,sockets=2,cores=1,threads=2
PATH=$PATH:/sbin:/usr/sbin

# is_at_work: one process of the program has been there for a second, so it neither lists nor calibrates
is_at_work() {
	processes_of "$program" || return
	set -- $found
	bench=$1
	pause 1
	[ "/proc/$bench/exe" -ef "$program" ]
}

# start_bench OPTION...: a run in the background, until a launch is at work, which it is for a minute; sets front and bench
start_bench() {
	"${measure[@]}" --launches 2 --samples 600 --sample-time 100ms --max-time 200s "$@" --json "$work/record.json" "$program" \
		>"$work/out" 2>"$work/err" &
	front=$!
	wait_for 30 is_at_work || { echo "no launch in time; $(tail -n 3 "$work/err")"; return 1; }
	remember bench "$bench"
}

stop_run() {
	interrupt
	end_run
}

condition() {
	tr -d '\n' <"$work/record.json" | grep -qE "\"knob\": ?\"$1\", *\"outcome\": ?\"$2\"" ||
		{ grep -A4 "\"knob\": *\"$1\"" "$work/record.json"; return 1; }
}

# scheduling PID: priority and class, the fields 40 and 41 of its stat file, in which the name may have blanks
scheduling() {
	local text
	read -r text <"/proc/$1/stat"
	set -- ${text##*) }
	echo "${38} ${39}"
}

# policies PID: of all its memory, each once
policies() {
	cut -d' ' -f2 "/proc/$1/numa_maps" | sort -u | paste -sd ' '
}

latency_us() {
	od -An -td4 -N4 /dev/cpu_dma_latency | tr -d ' '
}

deep_sleeps() {
	cat "$cpus"/cpu[0-3]/cpuidle/state[23]/usage | paste -sd ' '
}

stack_of() {
	grep -oE '^[0-9a-f]+-[0-9a-f]+ .*\[stack\]' "/proc/$1/maps" | cut -d' ' -f1
}

# layout PID: its stack and how long its environment is
layout() {
	echo "$(stack_of "$1") $(wc -c <"/proc/$1/environ")"
}

# differ LAYOUT LAYOUT: in both
differ() {
	[ "${1% *}" != "${2% *}" ] && [ "${1#* }" != "${2#* }" ] || { echo "'$1' and '$2'"; return 1; }
}

# unwritten: kB that wait to be written to a disk
unwritten() {
	local field value unit
	while read -r field value unit; do
		[ "$field" != Dirty: ] || echo "$value"
	done </proc/meminfo
}

is_below() {
	[ "$1" -lt "$2" ] || { echo "$1 is not below $2"; return 1; }
}

# in_memory FILE: whether all of it is
in_memory() {
	local bytes
	bytes=$(fincore --bytes --noheadings --output RES "$1")
	is_below $(($(stat -c %s "$1") - 1)) "$((bytes))"
}

# dropped: how often somebody had the kernel drop its caches, of files and of names
dropped() {
	sed -n 's/^drop_\(pagecache\|slab\) //p' /proc/vmstat | paste -sd ' '
}

program=$selftest
snapshot >"$work/before"
claim "nobody asks for short idle states" equal 2000000000 "$(latency_us)"

echo "# gentle"
claim "a run starts" start_bench --profile gentle || finish
look memory-binding "all memory of the bench is bound to its node" equal bind:1 "$(policies "$bench")"
look cpus "the bench runs on one CPU of that node" matches '^[23]$' "$(status_of bench Cpus_allowed_list)"
claim "with ordinary scheduling" equal "0 0" "$(scheduling "$bench")"
claim "with shuffled addresses" equal 00000000 "$(cat "/proc/$bench/personality")"
claim "and huge pages as the kernel likes" equal 1 "$(status_of bench THP_enabled)"
first=$(layout "$bench")
if [ -e "$cpus/cpu0/cpuidle/state1/latency" ]; then
	look dma-latency "the kernel's own answer is the exit latency of C1" equal 2 "$(latency_us)"
	slept=$(deep_sleeps)
	pause 1
	claim "no CPU sleeps more deeply" equal "$slept" "$(deep_sleeps)"
fi
stop_run
claim "everything is as it was, idle states too" same_as_before "$work/before"
claim "the record says memory-binding applied" condition memory-binding applied
claim "a second run starts" start_bench --profile gentle || finish
second=$(layout "$bench")
stop_run
look layout "another stack and another environment" differ "$first" "$second"
echo "# $first; $second"
claim "everything is as it was" same_as_before "$work/before"

echo "# asked for by name"
claim "a run starts" start_bench --profile gentle --with fifo,small-pages,fixed-layout || finish
look fifo "the bench is in the class of real time, at the least priority" equal "1 1" "$(scheduling "$bench")"
look small-pages "the bench gets no huge pages" equal 0 "$(status_of bench THP_enabled)"
first=$(layout "$bench")
claim "it has a stack" matches '^[0-9a-f]+-[0-9a-f]+ [0-9]+$' "$first"
claim "the kernel does not shuffle its addresses" equal 00040000 "$(cat "/proc/$bench/personality")"
stop_run
for knob in fifo small-pages fixed-layout; do
	claim "the record says $knob applied" condition $knob applied
done
claim "another run starts" start_bench --profile gentle --with fixed-layout || finish
look fixed-layout "the same stack, the same environment" matches "^$first\$" "$(layout "$bench")"
echo "# $first"
stop_run
claim "everything is as it was" same_as_before "$work/before"

echo "# a disk"
if ! { truncate -s 96M "$work/disk" && mkfs.ext2 -q "$work/disk" && mkdir -p "$work/mounted" &&
	modprobe -a loop ext4 && mount -o loop "$work/disk" "$work/mounted"; }; then
	echo "# not tried: no disk can be made here"
	finish
fi
program=$work/mounted/bench_selftest
{ cat "$selftest" && head -c 8M /dev/zero; } >"$program"
chmod 755 "$program" "$work/mounted"
drop() {
	sync
	echo 1 >/proc/sys/vm/drop_caches
}
drop
claim "the program is on the disk alone" bash -c '! (( $(fincore --bytes --noheadings --output RES "$0") ))' "$program"
claim "a run starts that warms nothing" start_bench --profile none || finish
claim "the kernel reads what it needs and no more" bash -c '(( $(fincore --bytes --noheadings --output RES "$0") < 8 << 20 ))' "$program"
stop_run
drop
claim "a run starts" start_bench --profile gentle || finish
look warm-cache "all of the program is in memory" in_memory "$program"
stop_run
head -c 24M /dev/urandom >"$work/mounted/written"
claim "much is to be written" is_below 16000 "$(unwritten)"
before=$(dropped)
claim "a run starts" start_bench --profile none --with quiet-disk || finish
look quiet-disk "it has been written when a bench runs" is_below "$(unwritten)" 8192
stop_run
claim "no caches were dropped" equal "$before" "$(dropped)"
claim "a run starts" start_bench --profile none --with drop-caches || finish
look drop-caches "the kernel dropped pages and names once" equal "$((${before% *} + 1)) $((${before#* } + 1))" "$(dropped)"
stop_run
claim "the record says drop-caches applied" condition drop-caches applied
umount "$work/mounted"
claim "everything is as it was" same_as_before "$work/before"
finish
