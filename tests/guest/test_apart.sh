#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What two sessions that do not know of each other could do to a host: nothing is set from a run folder of root's own
# choice, nor is one made anywhere for a rule of sudo, and the drill leaves alone what somebody holds.
. "$(dirname "$0")/lib.sh"
in_guest
snapshot >"$work/before"

echo "# another run folder"
"$stablebench" tune --run-dir /run/apart --without dma-latency >"$work/out" 2>&1
claim "tune there ends as one that can set little" equal 0 $?
claim "and says why" matches 'denied: with --run-dir nothing of the host is set' "$(cat "$work/out")"
claim "everything is as it was" same_as_before "$work/before"
"$stablebench" restore --run-dir /run/apart >/dev/null 2>&1
SUDO_UID=1234 SUDO_GID=1234 "$stablebench" shield --run-dir /etc/nologin -- true >"$work/out" 2>&1
claim "a rule of sudo makes no folder of root's anywhere" is_missing /etc/nologin
claim "that is said" matches "run folder '/etc/nologin'" "$(cat "$work/out")"

echo "# the drill asks"
# answered TEXT: the drill on a terminal where somebody says that
answered() {
	echo "$1" | script -qec "'$stablebench' selftest --kill --death front --steps 1" /dev/null >"$work/out"
}
"$stablebench" selftest --kill --death front --steps 1 </dev/null >"$work/out" 2>&1
claim "the drill does not begin where nobody can be asked" equal 2 $?
claim "and says what would let it" matches "^stablebench: .*--yes says so" "$(cat "$work/out")"
answered no
claim "nor for another answer than yes" equal 1 $?
claim "which it says" matches "the answer was not 'yes': nothing was done" "$(cat "$work/out")"
claim "no step was tried" bash -c '! grep killed\ at "$0"' "$work/out"
answered yes
claim "it begins with yes" equal 0 $?
claim "and tells what came of it" matches "front +killed at 1 steps" "$(cat "$work/out")"

echo "# the drill and somebody's hold"
"$stablebench" tune >"$work/out" 2>&1
claim "the host is held" matches '^held by' "$("$stablebench" status)"
"$stablebench" selftest --kill --yes --stride 50 >"$work/out" 2>&1
claim "the drill does not begin" equal 6 $?
claim "and says who holds it" matches 'the host is held by root: tune' "$(cat "$work/out")"
claim "who goes on holding it" matches '^held by' "$("$stablebench" status)"
"$stablebench" restore >"$work/out" 2>&1
claim "everything is as it was in the end" same_as_before "$work/before"
finish
