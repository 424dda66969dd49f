#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Cases with several threads: named, run on CPUs of their own, told where they have too few, and each thread in the record,
# witnessed and counted or told why not.
. "$(dirname "$0")/lib.sh"
bench_count=$abs_top_builddir/tests/guest/bench_count
need_built "$bench_count"

cpus=$(python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)))')
first=${cpus%% *}

# of CASE EXPRESSION: python's view of a case of the last record
of() {
	record "(lambda case: $2)(next(c for c in r['cases'] if c['name'].endswith('$1')))"
}

run list "$selftest"
claim "each number of threads is a case" prints "^selftest/truth/threads/threads=2"
run run "${quick[@]}" --filter truth/threads --cpus "$first" "$selftest"
claim "a run on one CPU ends" matches '^[04]$' "$status"
claim "two threads on one CPU are told to be serialised" equal True "$(of threads=2 '"serialised" in case["flags"]')"
claim "one thread is not" equal False "$(of threads=1 '"serialised" in case["flags"]')"
claim "the record tells how many there were" equal "2 None" "$(of threads=2 'case["threads"]') $(of threads=1 'case.get("threads")')"
claim "and what each had of a launch" equal "{2}" "$(of threads=2 '{len(launch["threads"]) for launch in case["launches"]}')"
claim "throughput is that of both" equal True \
	"$(of threads=2 'abs(case["throughput"][0]["per_second"] * case["estimate_s"] - 2) < 1e-6')"
run show
claim "the record can be shown" prints "threads=2 .*serialised"
claim "with what all did, and each" prints \
	"threads=2: [0-9.]+ [kMG]?elem/s in all, each [0-9.]+ [kMG]?elem/s to [0-9.]+ .*longest thread [01] on CPU $first$"
claim "of one thread there is nothing to tell" equal 0 "$(grep -c "threads=1: " "$work/out")"

if [ "$first" != "$cpus" ]; then
	run run "${quick[@]}" --filter truth/threads/threads=2 --cpus "$first,$(cut -d" " -f2 <<<"$cpus")" "$selftest"
	claim "two CPUs: they are not serialised" equal False "$(of threads=2 '"serialised" in case["flags"]')"
	claim "two CPUs: each thread keeps to its own" equal True \
		"$(of threads=2 'len({(i, part["cpu"]) for launch in case["launches"] for i, part in enumerate(launch["threads"])}) == 2')"
else
	echo "# not tried: this machine has one CPU"
fi

# of_samples CASE EXPRESSION: it holds for every sample `s` of the case, whose witnesses are `w`
of_samples() {
	of "$1" "all((lambda w: $2)(s.get('witnesses', {})) for launch in case['launches'] for s in launch['samples'])"
}

# a page of somebody's, now and then, is no other cause
run run "${quick[@]}" --filter 'count/team_(faults|sleeps|wants)/' --counters page-faults,context-switches "$bench_count"
counted=$(of team_faults/threads=2 'case["counters"]["page-faults"]["status"]')
why=$(record "next(w.get('reason', '') for w in r['witnesses'] if w['name'] == 'context-switches')")
if [[ -z $why || $why == *"partly witnessed" ]]; then
	claim "page faults of the second thread alone are witnessed, each" equal True \
		"$(of_samples team_faults/threads=2 '0 <= w["minor-faults"] - 16 * s["iterations"] < 16')"
	claim "... where there are more threads than CPUs too" equal True \
		"$(of_samples team_faults/threads=12 '0 <= w["minor-faults"] - 16 * s["iterations"] < 16')"
	claim "... and nothing is missing" equal "[None, None]" \
		"$(record "[l.get('partly_witnessed') for c in r['cases'] if '/team_faults/' in c['name'] for l in c['launches']]")"
	claim "sleeps of the second thread alone are context switches" equal True \
		"$(of_samples team_sleeps/threads=2 'w["context-switches"] >= s["iterations"]')"
	claim "... which are its causes" equal "False True" \
		"$(of team_sleeps/threads=2 '"{} {}".format(*("voluntary-switch" in part["causes"] for part in case["launches"][0]["threads"]))')"
	claim "a thread without witnesses is told" equal "True True" \
		"$(of team_wants/threads=2 '"{} {}".format(case["launches"][0]["partly_witnessed"], "partly witnessed" in case["flags"])')"
	claim "... why" prints "^failed: thread-witnesses: a thread got no witnesses of its own: too many open files"
else
	echo "# not tried: witnesses of threads: $why"
fi

if [ "$counted" = counted ]; then
	run run "${quick[@]}" --require-counters --filter 'count/team_wants/' --counters page-faults,context-switches "$bench_count"
	claim "a thread without counters: none of the samples is counted" equal True \
		"$(of_samples team_wants/threads=2 's.get("uncounted", False)')"
	claim "... which does for nobody who requires counters" exits 5
	claim "... and is said" says "required counters were not had: 'page-faults' of .*: a thread of the benchmark got no counters"
	claim "... in the report" prints "^not counted: page-faults, context-switches: lost: a thread of the benchmark got no counters of its own"
	claim "... with the reason" prints "^failed: thread-counters: a thread got no counters of its own: too many open files"
	claim "... and in the record" equal True "$(of team_wants/threads=2 'case["launches"][0]["partly_counted"]')"
	run run "${quick[@]}" --launches 2 --require-counters --filter 'count/team_wants/' --counters page-faults,context-switches "$bench_count"
	claim "the next launch counts the sum, which does" matches '^[04]$' "$status"
	claim "... and is told to be one" equal "True None" \
		"$(of team_wants/threads=2 '"{} {}".format("sum" in case["flags"], case["launches"][1].get("partly_counted"))')"
else
	echo "# not tried: counters of threads: page faults are $counted"
fi

# thieves CASE: of which kinds there are
thieves() {
	of "$1" '" ".join(sorted({t["kind"] for t in case["thieves"]}))'
}

unprivileged() {
	if [ "$(id -u)" = 0 ]; then as 65534 "$@"; else run "$@"; fi
}

# Where nobody tells who took the CPU, the threads would be taken for tasks that took it from each other.
if [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null; then
	cp "$selftest" "$work/bench_selftest"
	chmod 755 "$work" "$work/bench_selftest"
	unprivileged run "${quick[@]}" --samples 30 --filter truth/threads --cpus "$first" "$work/bench_selftest"
	claim "a run without root ends" matches '^[04]$' "$status"
	claim "who took the CPU from one thread is counted" matches timer "$(thieves threads=1)"
	claim "so are interrupts and softirqs beside two threads, and no tasks" matches '^(interrupt )?(softirq )?timer$' \
		"$(thieves threads=2)"
	claim "the table says that it is less exact" prints \
		"^  less exact: needs root; .* counted from /proc, .* and without tasks beside several threads$"
	if [ "$first" != "$cpus" ]; then
		unprivileged run "${quick[@]}" --samples 30 --filter truth/constant --cpus "$first,$(cut -d" " -f2 <<<"$cpus")" \
			"$work/bench_selftest"
		claim "on two CPUs it is counted too" matches timer "$(thieves truth/constant)"
	fi
else
	echo "# not tried: who took the CPU without root: setpriv is not installed; apt-get install util-linux"
fi
finish
