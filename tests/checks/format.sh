#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C file is as .clang-format says. Another major version lays lines out differently, so only 14 is asked.
set -u
cd "${srcdir:-.}" || exit 1
for tool in clang-format-14 clang-format; do
	case $("$tool" --version 2>/dev/null) in
	*"version 14."*)
		find lib src bench tests \( -name '*.c' -o -name '*.h' -o -name '*.cc' \) -not -path '*/cache/*' -print0 |
			xargs -0 "$tool" --dry-run --Werror --style=file
		exit
		;;
	esac
done
echo "clang-format 14 is not installed; another version lays lines out differently"
exit 77
