#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A task that takes its turns on the bench's CPU, on a real kernel with all witnesses: the samples from which it took are set
# aside, named after it and taken again, so that none of those that count is one of them. A benchmark's own children are no
# such task, and hide none.
. "$(dirname "$0")/lib.sh"
need_built "$abs_top_builddir/tests/guest/bench_family"
in_guest -k 6.12 -s 2
cp "$(command -v bash)" "$work/hog"
cp "$abs_top_builddir/tests/guest/bench_family" "$work"
chmod 755 "$work" "$work/hog"

# measure_beside NAME [OPTION]...: the case of a benchmark, a record and its samples. Stable it need not be: the machine of the
# guest may be at work.
bench=$selftest case=selftest/truth/constant
measure_beside() {
	local code name=$1
	shift
	"$stablebench" run --profile gentle --without fifo "$@" --cpus 1 --launches 4 --samples 20 --retakes 200 --max-time 2m --quiet --exact \
		--filter "$case" --json "$work/$name.json" "$bench" >"$work/$name.out" 2>"$work/$name.err"
	code=$?
	"$stablebench" show --samples "$work/$name.json" >"$work/$name.samples"
	[ "$code" = 0 ] || [ "$code" = 4 ]
}

# samples NAME CONDITION: how many of which that holds; columns as in stablebench-show(1)
samples() {
	awk "!/^#/ && ($2)" "$work/$1.samples" | wc -l
}

measure_beside quiet
claim "a run beside nobody ends well" equal 0 $?
claim "nobody of that name is in it" equal 0 "$(grep -c hog "$work/quiet.out")"
claim "as many samples count as were asked for" equal 80 "$(samples quiet '$7 == "counts"')"
begin_hog() {
	"$work/hog" -c 'while :; do :; done' &
	hog=$!
	taskset -pc 1 "$hog" >/dev/null
}

begin_hog
measure_beside disturbed --with timer-migration
claim "so does one beside a task that never sleeps" equal 0 $?
kill "$hog"
cat "$work/disturbed.out"
claim "as many count" equal 80 "$(samples disturbed '$7 == "counts"')"
claim "samples were set aside" test "$(samples disturbed '$7 == "aside"')" -gt 4
claim "each for a cause of which somebody else is the reason" equal 0 \
	"$(samples disturbed '$7 == "aside" && $6 !~ /stolen|waited|involuntary-switch|migration|major-fault|interrupt|nmi/')"
claim "the task is who took most in most of them" test "$(samples disturbed '$9 == "hog" && $7 == "aside"')" -gt \
	"$(samples disturbed '$9 != "hog" && $7 == "aside"')"
claim "the kernel saw a switch in each of these" equal 0 "$(samples disturbed '$9 == "hog" && $11 !~ /context-switches=/')"
claim "of those that count none was taken from by it" equal 0 "$(samples disturbed '$7 == "counts" && $9 == "hog"')"
claim "the line below the table names it" grep -q '^retaken: [0-9]* of [0-9]* samples: [0-9]* x hog' "$work/disturbed.out"
claim "it is who took most" equal hog "$(awk '/^who took the CPU / { getline; getline; print $2 }' "$work/disturbed.out")"
claim "and a partition would stop it" equal partition "$(awk '$2 == "hog" { print $NF }' "$work/disturbed.out")"
claim "a knob that is set already says so" grep -q ' TIMER .* timer-migration (in effect)$' "$work/disturbed.out"
claim "what only the next boot stops is told too" grep -q ' local_timer .* nohz_full= at boot$' "$work/disturbed.out"
within=$(sed -n 's/^  of these within samples: .*timers \([0-9]*\) .*/\1/p' "$work/disturbed.out")
claim "some ticks came within samples" test "${within:-0}" -gt 0
claim "and some outside" test "${within:-0}" -lt "$(awk '$2 == "local_timer" { print $3 }' "$work/disturbed.out")"

# a child and a daemon of the benchmark's own that never sleep, beside nobody and beside the task
bench=$work/bench_family case=family/beside
measure_beside family
claim "a run with children of its own ends well" equal 0 $?
cat "$work/family.out"
claim "as many samples count" equal 80 "$(samples family '$7 == "counts"')"
claim "its children take the CPU in many of them" test "$(samples family '$6 ~ /own-switch/ && $7 == "counts"')" -gt 20
claim "they are nobody who took the CPU" equal 0 "$(grep -c bench_kid "$work/family.out" "$work/family.samples" | awk -F: '{ n += $2 } END { print n }')"
claim "no sample is set aside for them" equal 0 \
	"$(samples family '$7 == "aside" && $6 !~ /stolen|migration|major-fault|interrupt|nmi/')"
claim "nor is the case tainted by them" equal 0 "$(grep -c tainted "$work/family.out")"
begin_hog
measure_beside both
claim "so does one beside a task that never sleeps" equal 0 $?
kill "$hog"
cat "$work/both.out"
claim "the task is who took most in most of those set aside" test "$(samples both '$9 == "hog" && $7 == "aside"')" -gt \
	"$(samples both '$9 != "hog" && $7 == "aside"')"
claim "of those that count none was taken from by it" equal 0 "$(samples both '$7 == "counts" && $9 == "hog"')"
claim "nor by a child" equal 0 "$(grep -c bench_kid "$work/both.samples")"
finish
