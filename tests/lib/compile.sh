#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# stablebench.h compiles without a warning in C11 and C++20, with gcc and clang; what must not compile does not.
set -u
source_dir=${srcdir:-.}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wmissing-field-initializers -Wconversion -Wsign-conversion -Wcast-qual -Wwrite-strings -Werror"
legs=0 wrong=0

# compile COMPILER STANDARD LANGUAGE FILE [OPTION]...
compile() {
	compiler=$1 standard=$2 language=$3 file=$4
	shift 4
	"$compiler" -std="$standard" $warnings "$@" -I "$source_dir/lib" -x "$language" -c "$file" -o "$work/out.o" \
		>"$work/said" 2>&1
}

# must_compile COMPILER STANDARD LANGUAGE [OPTION]...
must_compile() {
	leg="$1 -std=$2"
	if ! compile "$1" "$2" "$3" "$source_dir/tests/lib/everything.c" $4; then
		echo "FAIL: $leg $4:"
		cat "$work/said"
		wrong=$((wrong + 1))
	fi
	legs=$((legs + 1))
}

write_bench() {
	printf '#include <stablebench.h>\nSB_BENCH(one, %s)\n{\n\tSB_LOOP(b)\n\t\tsb_clobber();\n}\n' "$1" >"$2"
}

# must_fail COMPILER STANDARD LANGUAGE OPTIONS-OF-SB_BENCH WHAT
must_fail() {
	write_bench "$4" "$work/wrong.c"
	if compile "$1" "$2" "$3" "$work/wrong.c" -Wno-error; then
		echo "FAIL: $1 -std=$2 takes $5"
		wrong=$((wrong + 1))
	fi
	legs=$((legs + 1))
}

refuse_wrong_axes() {
	write_bench '.args = { SB_AXIS(size, 1), SB_AXIS(size, 2) }' "$work/right.c"
	if ! compile "$1" "$2" "$3" "$work/right.c"; then
		echo "FAIL: $1 -std=$2 refuses what the wrong ones are made from:"
		cat "$work/said"
		wrong=$((wrong + 1))
	fi
	must_fail "$1" "$2" "$3" '.args = { SB_AXIS(size, 1) SB_AXIS(size, 2) }' "axes without a comma"
	must_fail "$1" "$2" "$3" '.args = { SB_AXIS(size, 1.5) }' "a double in SB_AXIS"
	must_fail "$1" "$2" "$3" '.args = { SB_AXIS(size, 1, 2.5f) }' "a float in SB_AXIS"
	must_fail "$1" "$2" "$3" '.args = { SB_AXIS(size, &b) }' "a pointer in SB_AXIS"
	must_fail "$1" "$2" "$3" \
		'.args = { SB_AXIS(n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33) }' \
		"33 values in SB_AXIS"
	must_fail "$1" "$2" "$3" '.colour = 3' "an option that is not there"
}

# matrix LANGUAGE STANDARDS COMPILER...
matrix() {
	language=$1 standards=$2
	shift 2
	for one in "$@"; do
		if ! command -v "$one" >/dev/null; then
			echo "skipped: $one is not installed"
			continue
		fi
		for standard_of_leg in $standards; do
			for level in -O0 -O2 "-O2 -ffunction-sections -flto"; do
				must_compile "$one" "$standard_of_leg" "$language" "$level"
			done
			refuse_wrong_axes "$one" "$standard_of_leg" "$language"
		done
	done
}

matrix c "c11 gnu11 gnu17" gcc clang
matrix c++ "c++20 gnu++20" g++ clang++
echo "$legs compilations, $wrong of them wrong"
[ "$legs" -gt 0 ] || exit 77
exit $((wrong > 0))
