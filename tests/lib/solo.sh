#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A benchmark started by hand: its options, its table, its exit codes; a case that crashes does not end the others.
set -u
bench=bench/bench_selftest
# a sanitizer would turn a crash into an exit, and cannot look for leaks under strace
export ASAN_OPTIONS="handle_segv=0:handle_abort=0:detect_leaks=0"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
wrong=0

fail() {
	echo "FAIL: $1"
	sed 's/^/  | /' "$work/out" "$work/err"
	wrong=$((wrong + 1))
}

# run CODE ARGUMENT...
run() {
	expected=$1
	shift
	"$bench" "$@" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	[ $code = "$expected" ] || fail "'$*' exits with $code, not $expected"
}

# says FILE REGULAR-EXPRESSION
says() {
	grep -qE "$2" "$work/$1" || fail "'$2' is not in std$1"
}

run 0 --list
says out '^selftest/truth/constant$'
says out '^selftest/truth/named/amount=a%20few%3B%203%2F4%20%26%20more/step=2$'
all=$(wc -l <"$work/out")
run 0 --list --filter 'truth/sized' --filter 'outcome/skip$'
[ "$(wc -l <"$work/out")" = 4 ] || fail "two filters choose other than 4 of $all cases"

run 0 --filter 'truth/constant$'
says out '^case +time/iter +CoV +iterations +throughput$'
says out '^selftest/truth/constant +[0-9.]+ [nu]s +[0-9.]+ % +[0-9]+$'
says err 'stablebench run'
run 0 --filter 'truth/recorded'
says out '^selftest/truth/recorded +1\.000 us +0\.00 % '
run 0 --filter 'truth/throughput'
says out ' [0-9.]+ [kMG]elem/s, [0-9.]+ [KMG]iB/s$'
run 0 --filter 'outcome/skip'
says out '^selftest/outcome/skip +skipped: this case always skips$'
run 0 --filter 'truth/consumed'

run 1 --filter 'outcome/fail|truth/constant'
says out '^selftest/outcome/fail +failed: this case always fails$'
says out '^selftest/truth/constant +[0-9.]+ [nu]s '
run 1 --filter 'hostile/(crash|abort|early_exit|quiet_exit|break_out|garbage|scribble|two_loops)|outcome/skip'
says out '/crash +failed: ended by signal 11 '
says out '/abort +failed: ended by signal 6 '
says out '/early_exit +failed: exited with status 3 '
says out '/quiet_exit +failed: the benchmark ended before its result was complete$'
says out '/break_out +failed: the benchmark left SB_LOOP by break after [0-9]+ of [0-9]+ iterations$'
says out '/two_loops +failed: the benchmark ran a second SB_LOOP'
says out '/scribble/byte=255 +failed: '
[ "$(grep -c 'hostile/garbage/.* failed: ' "$work/out")" = 8 ] || fail "garbage was believed"
says out '/skip +skipped: '

run 7 --filter 'no such case'
says err 'no case matches the filter'
run 2 --lits
says err "unknown option '--lits'; did you mean '--list'"
run 2 -x
says err "unknown option '-x'"
run 2 --filter
says err "'--filter' needs a value"
run 2 --filter '('
says err "'\(' is no regular expression"
# overflowed the stack of regcomp(3)
deep=$(printf '%40000s' '' | tr ' ' '(')
run 2 --filter "$deep$(echo "$deep" | tr '(' ')')"
says err 'a --filter is no regular expression that can be used: it is too long$'
deep=$(printf '%300s' '' | tr ' ' '(')
run 2 --filter "$deep$(echo "$deep" | tr '(' ')')"
says err 'a --filter is no regular expression that can be used: its groups are too deep$'
run 7 --filter '(((((a|b*){2}c+)?){3})*)z{200}$'
run 2 truth
says err "'truth' is no option; --filter 'truth' chooses cases"
run 2 --stablebench-serve
says err 'is for the runner'
run 0 --help
says out '^Usage: .*bench_selftest'

if [ -c /dev/full ]; then
	"$bench" --list >/dev/full 2>"$work/err"
	[ $? = 1 ] || fail "a full disk goes unnoticed"
fi
exit $((wrong > 0))
