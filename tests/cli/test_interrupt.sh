#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ctrl-C once and twice, SIGKILL, two runs at once.
. "$(dirname "$0")/lib.sh"
need_pgrep

recorded="--exact --filter selftest/truth/recorded"
long="--launches 10000 --samples 20 --max-time 3600s --precision 0.000001%"
preparing=8 # more processes than a run starts before its first launch that counts

# Starts a long run in the background, until a launch of it is at work; sets front, keeper and bench.
start() {
	env --default-signal=INT "$stablebench" run $recorded $long "$@" "$selftest" >"$work/out" 2>"$work/err" </dev/null &
	front=$!
	claim "a run starts" wait_for is_at_work || finish
}

# A process of a bench that was not there before, until there have been so many that some of them have measured.
has_measured() {
	local process
	for process in $(children "$keeper"); do
		[[ " $seen " = *" $process "* ]] || seen="$seen $process"
	done
	[ "$(wc -w <<<"$seen")" -gt "$preparing" ]
}

# ends CODE: waits for the front.
ends() {
	local status=0
	wait "$front" || status=$?
	equal "$1" "$status"
}

has_ended() { ! kill -0 "$1" 2>/dev/null; }
is_gone() { wait_for has_ended "$1" || { echo "process $1 is still there"; return 1; }; }

start
seen=
claim "launches are measured" wait_for has_measured
kill -INT "$front"
claim "Ctrl-C ends with 130" ends 130
claim "the record is written and says interrupted" equal interrupted "$(record "r['status']")"
claim "with what was measured" equal True "$(record "len(r['cases'][0]['launches']) > 0")"
claim "the table is printed too" matches "selftest/truth/recorded +[0-9.]+ [mun]?s" "$(cat "$work/out")"
claim "the keeper is gone" is_gone "$keeper"
run show
claim "an interrupted record can be shown" exits 0

start
kill -INT "$front"; kill -INT "$front"; kill -INT "$front"
claim "Ctrl-C again and again ends with 130" ends 130
claim "the keeper is gone then too" is_gone "$keeper"

start
kill -KILL "$front"
wait "$front" 2>/dev/null || true
claim "after SIGKILL of the front the keeper ends" is_gone "$keeper"
claim "and takes the bench with it" is_gone "$bench"

start
kill -KILL "$keeper"
claim "after SIGKILL of the keeper the front ends with an error" ends 1
claim "which is told once" equal 1 "$(grep -c 'the keeper is gone: somebody killed it$' "$work/err")"
claim "and nothing is to be restored that was not set" does_not_say "stablebench restore|the keeper was killed"
claim "and the bench is gone" is_gone "$bench"

start
run run "${quick[@]}" $recorded "$selftest"
claim "a second run is told who holds the host" exits 1
claim "by name and process" says "held by [a-z0-9_-]+ \(pid $front,"
"$stablebench" run "${quick[@]}" $recorded --wait "$selftest" >"$work/out" 2>"$work/err" </dev/null &
second=$!
is_told_to_wait() { says "waiting for the host, which is held by [a-z0-9_-]*: run"; }
claim "with --wait it says for whom it waits" wait_for is_told_to_wait
kill -INT "$front"
wait "$front"
wait "$second"
status=$?
claim "and measures when its turn has come" exits 0
finish
