#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -lstablebench supplies main, shared and static, and steps back for a program that has one; registration survives
# the linker's garbage collection; the archive takes no name but sb_* from the code under test.
set -u
source_dir=${srcdir:-.}
. "$source_dir/tests/lib/sanitizers.sh"
libraries=lib/.libs
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
legs=0 wrong=0
if [ ! -e "$libraries/libstablebench.so" ] || [ ! -e "$libraries/libstablebench.a" ]; then
	echo "shared and static library were not both built"
	exit 77
fi
if [ -n "$(library_sanitizers)" ]; then
	echo "the library is built with sanitizers; only a program built so can link it"
	exit 77
fi

fail() {
	echo "FAIL: $1"
	wrong=$((wrong + 1))
}

# expect WHAT LINES: the program lists the cases of everything.c, after LINES lines of its own
expect() {
	legs=$((legs + 1))
	LD_LIBRARY_PATH=$libraries "$work/bench_linked" --list >"$work/list" || fail "$1: does not run"
	[ "$(grep -c '^linked/' "$work/list")" = "$cases" ] || fail "$1: $(grep -c '^linked/' "$work/list") cases, not $cases"
	[ "$(grep -vc '^linked/' "$work/list")" = "$2" ] || fail "$1: $(grep -v '^linked/' "$work/list")"
}

# link WHAT LINES ARGUMENT...
link() {
	what="$compiler, $1" lines=$2
	shift 2
	rm -f "$work/bench_linked"
	if "$compiler" -o "$work/bench_linked" "$@" 2>"$work/said"; then
		expect "$what" "$lines"
	else
		fail "$what: $(cat "$work/said")"
	fi
}

# 22 values of all_options, 32 of full_axis, and 6 benchmarks without axes
cases=60
for compiler in gcc clang g++ clang++; do
	if ! command -v "$compiler" >/dev/null; then
		echo "skipped: $compiler is not installed"
		continue
	fi
	case $compiler in
	*++) language="c++ -std=c++20" ;;
	*) language="c -std=c11" ;;
	esac
	"$compiler" -x $language -O2 -ffunction-sections -fdata-sections -I "$source_dir/lib" -c "$source_dir/tests/lib/everything.c" -o "$work/bench.o" &&
		"$compiler" -x $language -I "$source_dir/lib" -c "$source_dir/tests/lib/main.c" -o "$work/main.o" || exit 1
	rm -f "$work/libcases.a"
	ar rc "$work/libcases.a" "$work/bench.o"
	link "shared" 0 "$work/bench.o" -L"$libraries" -lstablebench
	link "archive" 0 "$work/bench.o" "$libraries/libstablebench.a"
	link "archive, --gc-sections" 0 -Wl,--gc-sections "$work/bench.o" "$libraries/libstablebench.a"
	link "shared, --gc-sections" 0 -Wl,--gc-sections -Wl,--as-needed "$work/bench.o" -L"$libraries" -lstablebench
	link "all static" 0 -static "$work/bench.o" "$libraries/libstablebench.a"
	link "archive, own main" 1 "$work/main.o" "$work/bench.o" "$libraries/libstablebench.a"
	link "shared, own main" 1 "$work/main.o" "$work/bench.o" -L"$libraries" -lstablebench
	link "whole archive, own main" 1 "$work/main.o" "$work/bench.o" -Wl,--whole-archive "$libraries/libstablebench.a" -Wl,--no-whole-archive
	link "cases in an archive" 0 -Wl,--whole-archive "$work/libcases.a" -Wl,--no-whole-archive "$libraries/libstablebench.a"
done

foreign=$(nm --defined-only "$libraries/libstablebench.a" | awk 'NF == 3 && $2 ~ /[A-Z]/ && $3 !~ /^sb_/ { print $2, $3 }')
[ "$foreign" = "W main" ] || fail "the archive defines other names than sb_*: $foreign"
echo "$legs programs, $wrong of them wrong"
[ "$legs" -gt 0 ] || exit 77
exit $((wrong > 0))
