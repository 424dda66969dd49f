#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a person can get wrong: the exit code, and a sentence that names it.
. "$(dirname "$0")/lib.sh"

other_abi=$abs_top_builddir/tests/cli/other_abi
echo "text" >"$work/text"
echo "text" >"$work/executable-text"
printf '#!/bin/sh\nexit 0\n' >"$work/script"
chmod +x "$work/executable-text" "$work/script"

run 
claim "no command is a usage error" exits 2
run rnu
claim "an unknown command is one" exits 2
claim "and the nearest is offered" says "did you mean 'run'"
# harmless ARGUMENT...: what is wrong is told without a byte that a terminal would obey
harmless() {
	run "$@"
	! grep -q $'\e' "$work/err" && grep -q '?\[31m' "$work/err"
}
claim "an unknown command is told harmlessly" harmless $'x\e[31m'
claim "an unknown option too" harmless run $'--x\e[31m'
claim "one argument too many too" harmless status $'x\e[31m'
claim "a command that is not there too" harmless shield --profile none -- $'/x\e[31m'
for argument in --version --help "run --help"; do
	# shellcheck disable=SC2086 # words
	"$stablebench" $argument >/dev/full 2>"$work/err"
	claim "$argument on a full disk is an error" equal 1 $?
done
run run
claim "run without a binary is a usage error" exits 2
claim "that says what is missing" says "BINARY... is missing"
run run --presicion 1% x
claim "an unknown option is a usage error" exits 2
claim "and the nearest is offered here too" says "did you mean '--precision'"
run run --launches 9:1 x
claim "a bad value names option and value" exits 2
claim "with its reason" says "option --launches: '9:1'"
run run --cpus 4000 "${quick[@]}" "$selftest"
claim "a CPU outside the machine is a usage error" exits 2
run run --user no-such-user "${quick[@]}" "$selftest"
claim "a user that does not exist is a usage error" exits 2
run run --filter 'a(' "${quick[@]}" "$selftest"
claim "an expression that is none is a usage error" exits 2
run run --filter "$(printf '%60000s' '' | tr ' ' '(')" "${quick[@]}" "$selftest"
claim "one that is too long too" exits 2
claim "that says so" says "of --filter is no regular expression that can be used: it is too long"
run run --skip '(a|b*){32767}' "${quick[@]}" "$selftest"
claim "one that repeats too much too" exits 2
run run --env NOT_SET_AT_ALL "${quick[@]}" "$selftest"
claim "an unset variable of --env is a usage error" exits 2
run run "${quick[@]}" "$work/nothing"
claim "a file that is not there is an error" exits 1
claim "that names it" says "cannot open '$work/nothing': no such file"
run run "${quick[@]}" "$work"
claim "a folder is an error" exits 1
run run "${quick[@]}" "$work/text"
claim "a text file is an error" exits 1
claim "that says it is not executable" says "'$work/text' is not executable"
run run "${quick[@]}" "$work/executable-text"
claim "executable text is an error" exits 1
run run "${quick[@]}" "$work/script"
claim "a script is an error" exits 1
claim "that says what it is" says "'$work/script' is a script"
run run "${quick[@]}" /bin/true
claim "a program that is no benchmark is an error" exits 1
claim "that says so" says "'/bin/true' is no stablebench benchmark"
run run "${quick[@]}" "$other_abi"
claim "a benchmark of another interface is an error" exits 1
claim "that names both versions" says "version 77 .* version 0"
run run "${quick[@]}" /bin/true "$work/text" "$selftest"
claim "each is named, and nothing is run" exits 1
claim "the first" says "/bin/true"
claim "the second" says "$work/text"
claim "no result" equal "" "$(cat "$work/out")"
run run "${quick[@]}" --keep-going --exact --filter selftest/truth/recorded /bin/true "$selftest"
claim "with --keep-going the others still run" exits 1
claim "with their result" prints "selftest/truth/recorded +1 us"
run run "${quick[@]}" --filter nothing-like-it "$selftest"
claim "a filter that matches nothing has its own code" exits 7
run list --filter nothing-like-it "$selftest"
claim "list has it too" exits 7
run run "${quick[@]}" "$selftest" "$selftest"
claim "two suites of one name are a usage error" exits 2
claim "that tells how to mend it" says "NAME=PATH"
run run "${quick[@]}" --json "$work/no/where.json" "$selftest"
claim "a record into a missing folder is refused before anything runs" exits 1
claim "with the reason" says "cannot write '$work/no/where.json': no such file"
XDG_STATE_HOME=$work/empty run show
claim "show without a record is an error" exits 1
claim "that tells what to do" says "stablebench run"
echo '{"schema": "stablebench-record/1"' >"$work/torn.json"
run show "$work/torn.json"
claim "a torn record is an error" exits 1
claim "that names the file" says "torn.json"
python3 - "$XDG_STATE_HOME/stablebench/last.json" "$work/forged.json" <<'EOF'
import json, sys
record = json.load(open(sys.argv[1]))
case = record["cases"][0]
case["name"] = "hb/a\nforged/case   1.000 ns\x1b[2J"
case["launches"][0]["samples"][0]["thief"] = "a\tb\nforged"
record["conditions"][0].update(outcome="failed", reason="bad\nforged/line 1 ns")
json.dump(record, open(sys.argv[2], "w"))
EOF
run show "$work/forged.json"
claim "a record that forges lines is shown" exits 0
claim "with the name in one" prints '^hb/a\?forged/case   1.000 ns\?\[2J '
claim "and no line of its own" eval '! grep -n "^forged" "$work/out"'
run show --format samples "$work/forged.json"
claim "its samples have one line each" prints '^hb/a\?forged/case___1.000_ns\?\[2J 0 0 [^ ]+ [0-9]+ [^ ]+ (counts|aside) [^ ]+ a\?b\?forged '
claim "of as many fields as there are heads" equal 11 "$(awk '!/^#/ { print NF }' "$work/out" | sort -u)"
run show --format sample
claim "an unknown report format is a usage error" exits 2
claim "that offers the nearest" says "option --format: 'sample' is none of text|json|samples; did you mean 'samples'?"
run restore
claim "restore with nothing left behind is fine" exits 0
finish
