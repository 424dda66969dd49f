#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What docs/evidence.md compares is the same work: each body gives the same result in stablebench's program and in
# Google Benchmark's. Nothing is timed here.
. "$(dirname "$0")/../cli/lib.sh"
peers=$abs_top_builddir/tests/peers/peers
ours=$abs_top_builddir/tests/peers/bench_peers
[ -x "$peers" ] || skip "Google Benchmark (libbenchmark-dev) was not there when this was configured"
need_built "$ours"

# results FILE: each body with its results, one line for one result
results() { sort -u "$1"; }

BODY_RESULTS=$work/theirs "$peers" --benchmark_min_time=0.001 >"$work/out" 2>&1
claim "Google Benchmark's program runs" equal 0 $?
BODY_RESULTS=$work/solo "$ours" >"$work/out" 2>&1
claim "stablebench's program runs by itself" equal 0 $?
claim "eight bodies, each with one result" equal 8 "$(results "$work/theirs" | wc -l)"
claim "the same results in both" equal "$(results "$work/theirs")" "$(results "$work/solo")"
claim "no body does nothing" equal 0 "$(grep -c ' 0$' "$work/theirs")"
run run "${quick[@]}" --env BODY_RESULTS="$work/runner" "$ours"
claim "under the runner too" exits 0
cases=$("$ours" --list | sed 's/.*=//' | sort)
claim "and each under its own name" equal "$("$peers" --benchmark_list_tests | sort)" "$cases"
finish
