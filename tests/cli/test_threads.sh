#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Cases with several threads: named, run on CPUs of their own, told where they have too few, and each thread in the record.
. "$(dirname "$0")/lib.sh"

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
finish
