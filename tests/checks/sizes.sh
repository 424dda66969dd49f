#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sizes that a reader can hold: functions with a median of at most 15 lines, 95 % under 60, none over 80; files of
# at most 600 lines. Prints the distribution, and the longest of both; `make sizes` calls it too.
set -u
cd "${srcdir:-.}" || exit 1
ctags=$(command -v ctags-universal || command -v ctags) || ctags=
if [ -z "$ctags" ] || ! "$ctags" --version 2>/dev/null | grep -q Universal; then
	echo "universal-ctags is not installed"
	exit 77
fi

sources() { find lib src bench tests \( -name '*.c' -o -name '*.h' -o -name '*.cc' \) -not -path '*/cache/*' | sort; }

# LINES PLACE NAME; bodies that a macro opens are functions too
functions() {
	sources | "$ctags" -L - -f - --sort=no --languages=C,C++ --kinds-C=f --kinds-C++=f --fields=ne \
		-D 'START_TEST(name)=static void name(int loop_)' -D 'SB_BENCH(name,...)=static void name(sb_bench *b)' |
	awk -F '\t' '
		{ line = end = 0 }
		{ for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) line = substr($i, 6); if ($i ~ /^end:/) end = substr($i, 5) } }
		line && end { printf "%d %s:%d %s\n", end - line + 1, $2, line, $1 }'
}

functions | sort -rn | awk '
	{ size[NR] = $1; if (NR <= 5) longest = longest "\n  " $0 }
	$1 > 80 { printf "over 80 lines: %s\n", $0; wrong++ }
	END {
		if (NR == 0) { print "no function found: is srcdir right?"; exit 1 }
		median = size[int((NR + 1) / 2)]
		high = size[int(NR * 0.05) + 1]
		printf "%d functions: median %d lines, 95 %% at most %d, longest %d%s\n", NR, median, high, size[1], longest
		if (median > 15) { print "the median is over 15 lines"; wrong++ }
		if (high >= 60) { print "more than 5 % have 60 lines or more"; wrong++ }
		exit wrong > 0
	}'
functions_status=$?

sources | xargs wc -l | grep -v ' total$' | sort -rn | awk '
	{ if (NR <= 5) longest = longest "\n  " $1 " " $2 }
	$1 > 600 { printf "over 600 lines: %s (%d)\n", $2, $1; wrong++ }
	END { printf "%d files; the longest:%s\n", NR, longest; exit wrong > 0 }'
files_status=$?
exit $((functions_status || files_status))
