#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What libstablebench.so exports = what its map file lists = what stablebench.h declares, in a paragraph with a comment;
# and main, which no header declares.
set -u
source_dir=${srcdir:-.}
library=lib/.libs/libstablebench.so
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if [ ! -e "$library" ]; then
	echo "no shared library was built (configure --disable-shared)"
	exit 77
fi
if ! command -v nm >/dev/null; then
	echo "binutils is not installed: no nm"
	exit 77
fi

nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/exported"
sed -n '/global:/,/local:/s/^[ \t]*\([a-z_0-9]*\);.*/\1/p' "$source_dir/lib/libstablebench.map" | sort >"$work/map"
# a paragraph of the header that has a comment counts; macros and inline functions export nothing
{
	echo main
	awk -v RS= '/\/\*/ { gsub(/\\\n/, " "); print }' "$source_dir/lib/stablebench.h" |
		grep -vE '^[ \t]*#|static|__asm__' | sed -n 's/^[a-z].*[ *]\(sb_[a-z_0-9]*\)(.*);.*/\1/p'
} | sort >"$work/header"

wrong=0
diff -u --label "$library" --label libstablebench.map "$work/exported" "$work/map" || wrong=1
diff -u --label libstablebench.map --label stablebench.h "$work/map" "$work/header" || wrong=1
[ -s "$work/exported" ] || wrong=1
echo "$(wc -l <"$work/exported") symbols"
exit $wrong
