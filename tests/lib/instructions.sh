#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# SB_LOOP around nothing has as many instructions per iteration as a counted loop written by hand, and sb_keep leaves
# integers, floating numbers and pointers in their registers: counted in the machine code at -O2.
set -u
source_dir=${srcdir:-.}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
legs=0 wrong=0
if [ "$(uname -m)" != x86_64 ]; then
	echo "the disassembly is read for x86-64 only, this is $(uname -m)"
	exit 77
fi
if ! command -v objdump >/dev/null; then
	echo "binutils is not installed: no objdump"
	exit 77
fi

# FUNCTION INSTRUCTIONS MEMORY for the shortest loop without a call in each function of an object
inner_loops() {
	objdump -d --no-show-raw-insn "$1" | awk '
		function finish(   i, j, first, calls, memory) {
			best = 0
			for (i = 1; i <= lines; i++) {
				if (name[i] !~ /^j/ || !(target[i] in line) || line[target[i]] > i)
					continue
				first = line[target[i]]
				calls = memory = 0
				for (j = first; j <= i; j++) {
					if (name[j] ~ /^call/)
						calls++
					if (rest[j] ~ /\(%/ && name[j] !~ /^(lea|nop)/)
						memory++
				}
				if (calls == 0 && (best == 0 || i - first + 1 < best)) {
					best = i - first + 1
					touched = memory
				}
			}
			if (lines > 0)
				print current, best, best ? touched : 0
			lines = 0
			delete line
		}
		/^[0-9a-f]+ <.*>:$/ { finish(); current = $2; gsub(/[<>:]/, "", current); next }
		/^ *[0-9a-f]+:/ {
			lines++
			address = $1
			sub(/:/, "", address)
			line[address] = lines
			name[lines] = $2
			target[lines] = $3
			rest[lines] = $0
			sub(/^[^\t]*\t/, "", rest[lines])
			sub(/#.*/, "", rest[lines])
		}
		END { finish() }'
}

judge() {
	awk -v leg="$1" '
		{ count[$1] = $2; memory[$1] = $3 }
		END {
			printf "%s: SB_LOOP %d instructions per iteration, written by hand %d\n", leg,
				count["loop_empty"], count["hand_written"]
			if (count["loop_empty"] == 0 || count["loop_empty"] != count["hand_written"]) {
				print "FAIL: they differ"
				wrong++
			}
			for (one in count) {
				if (one !~ /^keep_/)
					continue
				kept++
				if (count[one] == 0 || memory[one] != 0) {
					printf "FAIL: %s: %d instructions per iteration, %d of them touch memory\n", one,
						count[one], memory[one]
					wrong++
				}
			}
			if (kept != 6) {
				printf "FAIL: %d loops with sb_keep were found, not 6\n", kept
				wrong++
			}
			exit wrong > 0
		}' "$work/loops"
}

for compiler in gcc clang g++ clang++; do
	case $compiler in
	*++) language="c++ -std=c++20" ;;
	*) language="c -std=c11" ;;
	esac
	if ! command -v "$compiler" >/dev/null; then
		echo "skipped: $compiler is not installed"
		continue
	fi
	legs=$((legs + 1))
	if ! "$compiler" -x $language -O2 -I "$source_dir/lib" -c "$source_dir/tests/lib/loops.c" -o "$work/loops.o"; then
		wrong=$((wrong + 1))
		continue
	fi
	inner_loops "$work/loops.o" | sed 's/^_Z[0-9]*\([a-z_]*\)P8sb_bench/\1/; s/^_Z[0-9]*hand_written[a-z]/hand_written/' >"$work/loops"
	judge "$compiler" || wrong=$((wrong + 1))
done
[ "$legs" -gt 0 ] || exit 77
exit $((wrong > 0))
