#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ctrl-C once and twice, SIGKILL, two runs at once.
. "$(dirname "$0")/lib.sh"
command -v pgrep >/dev/null || skip "pgrep is not installed; apt-get install procps"

recorded="--exact --filter selftest/truth/recorded"
long="--launches 10000 --samples 20 --max-time 60s --precision 0.000001%"

# Starts a long run in the background and waits for the first launches to be over, after those that list, try and calibrate; sets front.
start() {
	local bench last= begun=0
	env --default-signal=INT "$stablebench" run $recorded $long "$@" "$selftest" >"$work/out" 2>"$work/err" </dev/null &
	front=$!
	for _ in $(seq 1000); do
		bench=$(benches "$front" | head -1)
		[ -z "$bench" ] || [ "$bench" = "$last" ] || begun=$((begun + 1))
		last=${bench:-$last}
		[ "$begun" -lt 10 ] || return 0
		sleep 0.02
	done
	cat "$work/err"
	return 1
}

keeper_of() { pgrep -P "$1" | head -1; }
benches() {
	local keeper=$(keeper_of "$1")
	[ -n "$keeper" ] && pgrep -P "$keeper"
}

# ends CODE: waits for the front.
ends() {
	local status=0
	wait "$front" || status=$?
	equal "$1" "$status"
}

is_gone() {
	for _ in $(seq 1000); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.05
	done
	echo "process $1 is still there"
	return 1
}

claim "a run measures" start || finish
keeper=$(keeper_of "$front")
kill -INT "$front"
claim "Ctrl-C ends with 130" ends 130
claim "the record is written and says interrupted" equal interrupted "$(record "r['status']")"
claim "with what was measured" equal True "$(record "len(r['cases'][0]['launches']) > 0")"
claim "the table is printed too" matches "selftest/truth/recorded +[0-9.]+ [mun]?s" "$(cat "$work/out")"
claim "the keeper is gone" is_gone "$keeper"
run show
claim "an interrupted record can be shown" exits 0

claim "a run measures" start || finish
keeper=$(keeper_of "$front")
kill -INT "$front"; kill -INT "$front"; kill -INT "$front"
claim "Ctrl-C again and again ends with 130" ends 130
claim "the keeper is gone then too" is_gone "$keeper"

claim "a run measures" start || finish
keeper=$(keeper_of "$front")
bench=$(benches "$front" | head -1)
kill -KILL "$front"
wait "$front" 2>/dev/null || true
claim "after SIGKILL of the front the keeper ends" is_gone "$keeper"
claim "and takes the bench with it" is_gone "${bench:-1000000}"

claim "a run measures" start || finish
keeper=$(keeper_of "$front")
bench=$(benches "$front" | head -1)
kill -KILL "$keeper"
claim "after SIGKILL of the keeper the front ends with an error" ends 1
claim "and the bench is gone" is_gone "${bench:-1000000}"

claim "a run measures" start || finish
run run "${quick[@]}" $recorded "$selftest"
claim "a second run is told who holds the host" exits 1
claim "by name and process" says "held by [a-z0-9_-]+ \(pid $front,"
"$stablebench" run "${quick[@]}" $recorded --wait "$selftest" >"$work/out2" 2>"$work/err2" </dev/null &
second=$!
is_told_to_wait() {
	for _ in $(seq 1000); do
		grep -q "waiting for the host, which is held by [a-z0-9_-]*: run" "$work/err2" && return 0
		sleep 0.02
	done
	cat "$work/err2"
	return 1
}
claim "with --wait it says for whom it waits" is_told_to_wait
kill -INT "$front"
wait "$front"
claim "and measures when its turn has come" wait "$second"
finish
