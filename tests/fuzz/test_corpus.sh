#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every input that fuzzing once found worth keeping is still read without a fault.
. "$(dirname "$0")/../claims.sh"
corpus=$(cd "$(dirname "$0")/corpus" && pwd)

takes_all() {
	local inputs
	inputs=$("./tests/fuzz/replay_$1" "$corpus/$1"/*) || { echo "$inputs"; return 1; }
	[ "${inputs% inputs}" -ge 5 ] || { echo "only $inputs"; return 1; }
}

for target in journal message config record wire; do
	claim "the corpus of $target" takes_all "$target"
done
finish
