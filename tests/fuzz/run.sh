#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [SECONDS] [TARGET]... - fuzzes every parser that reads what others wrote, with libFuzzer and the address and
# undefined-behaviour sanitizers, SECONDS (60) for each. New inputs stay below ./fuzz; what faults is named there too.
set -u
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=${1:-60}
shift
[ $# -gt 0 ] || set -- journal message config record wire
command -v clang >/dev/null || { echo "skipped: 'clang' is not installed; apt-get install clang" >&2; exit 77; }

mkdir -p fuzz && cd fuzz || exit 1
if [ ! -f Makefile ]; then
	CC=clang CXX=clang++ CFLAGS="-g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
		"$source_dir/configure" --quiet --disable-shared || exit
fi
make -s librunner.a || exit
libraries=$(make -s print-runner-libs)
failed=0
for target; do
	# shellcheck disable=SC2086 # a list of libraries
	clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -D_GNU_SOURCE \
		-I"$source_dir/lib" -I"$source_dir/src" "$source_dir/tests/fuzz/fuzz_$target.c" -o "fuzz_$target" $libraries || exit
	mkdir -p "found/$target"
	echo "== $target"
	"./fuzz_$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -print_final_stats=1 -artifact_prefix="$target-" \
		"found/$target" "$source_dir/tests/fuzz/corpus/$target" >"$target.log" 2>&1 || {
		failed=1
		echo "fault: see fuzz/$target.log and fuzz/$target-*"
		tail -n 20 "$target.log"
	}
	grep -E "number_of_executed_units|new_units_added" "$target.log"
done
exit $failed
