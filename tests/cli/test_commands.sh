#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# knobs, tune, status and shield as a user meets them, on a machine that they may not change.
. "$(dirname "$0")/lib.sh"
command -v pgrep >/dev/null || skip "pgrep is not installed; apt-get install procps"

run knobs
claim "knobs lists them" exits 0
claim "each with the noise that it removes" prints '^governor +standard'
claim "and what it removes" prints 'removes a clock that follows the load'
run knobs governor
claim "one knob alone" equal 1 "$(grep -c '^[a-z]' "$work/out")"
run knobs govenor
claim "a mistyped knob is refused" exits 2
claim "with the nearest name" says "did you mean 'governor'"
run knobs --format json
claim "as JSON, with a reason for what cannot be had" python3 - "$work/out" <<'PY'
import json, sys
knobs = json.load(open(sys.argv[1]))["knobs"]
assert len(knobs) > 4
for knob in knobs:
    assert knob["removes"] and knob["profile"] in ("gentle", "standard", "strict", "by name"), knob
    assert knob["state"] in ("can be set", "already") or knob["reason"], knob
    assert not (knob["unproven"] and knob["profile"] in ("gentle", "standard")), knob
PY

run run --require all "$selftest"
claim "what is required and not there ends a run" exits 5
claim "and is named" says 'the required knob .* is '
claim "before anything is measured" equal 0 "$(wc -c <"$work/out")"
run run --profile none --require all "${quick[@]}" --filter selftest/truth/recorded "$selftest"
claim "but nobody misses what the profile leaves out" exits 0
run run --without cpus --require cpus "$selftest"
claim "also what the user left out himself" exits 5
run run --with nothing "$selftest"
claim "an unknown knob is refused" exits 2

run status
claim "nobody holds the host" prints '^nobody holds the host'
claim "which is fine" exits 0

run shield -- sh -c 'exit 42'
claim "shield gives the command's exit code" exits 42
run shield sh -c 'kill -TERM $$'
claim "a signal is 128 and its number" exits 143
run shield -- /nonexistent/command
claim "no such command" exits 127
echo nothing >"$work/plain"
run shield -- "$work/plain"
claim "a command that cannot be run" exits 126
run shield
claim "no command at all" exits 125
run shield --bogus true
claim "an option that is none" exits 125
run shield --require all true
claim "a required knob that is not there" exits 125
run shield --quiet -- sh -c 'echo out; echo err >&2; cat' </dev/null
claim "the command keeps its output" equal "out" "$(cat "$work/out")"
claim "and its error output" equal "err" "$(cat "$work/err")"
claim "and its environment" env OURS=1 "$stablebench" shield -- sh -c '[ "$OURS" = 1 ]'
run shield --cpus 0 -- sh -c 'taskset -pc $$'
claim "it runs on the CPUs it was given" prints ': 0$'
"$stablebench" shield -- sleep 60 >"$work/out" 2>"$work/err" </dev/null &
front=$!
claim "the command starts" wait_for pgrep -P "$front" sleep
claim "meanwhile the host is held" grep -q '^purpose shield' "$STABLEBENCH_RUN_DIR/holder"
kill -TERM "$front"
wait "$front"
claim "what is sent to shield alone reaches the command" equal 143 $?

run tune
claim "tune holds what it can" exits 0
claim "and says for how long" prints 'restore'
run status
claim "status shows who holds the host" prints ': tune \(keeper [0-9]+\)'
run status --format json
claim "also as JSON" prints '"lingering": true'
run run "${quick[@]}" "$selftest"
claim "no other session gets it" exits 1
claim "and is told how to let it go" says "stablebench restore"
run restore
claim "restore lets it go" exits 0
run status
claim "then nobody holds it" prints '^nobody'
run restore
claim "a second restore finds nothing" prints 'nothing to restore'

# what others wrote in a run folder does not move the cursor
read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ <"/proc/$$/stat"
mkdir -m 700 "$work/forged"
printf 'pid 1\nkeeper %d\nstart %s\nuser \033[2Jroot\nsince \377now\npurpose r\303\274n\rx\nknobs a\033]0;b\a\n' \
	"$$" "$start" >"$work/forged/holder"
run status --run-dir "$work/forged"
claim "status shows who holds the host" prints '^held by '
claim "letters stay" prints 'rün'
claim "nothing a terminal would obey is printed" equal "" "$(LC_ALL=C tr -d '\n\40-\176\303\274' <"$work/out")"
run status --run-dir "$work/forged" --format json
claim "as JSON neither" exits 0
claim "which it stays" python3 -c "import json; json.load(open('$work/out'))"
finish
