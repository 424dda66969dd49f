#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Includes point one way: base < stats, host < record < keeper < plan < run < store, report < cli. Rooms of one
# height (stats and host, store and report) do not know each other; of lib/ the runner sees the public header,
# wire.h and pattern.h; lib/ sees itself only, bench/ the public header and itself.
set -u
cd "${srcdir:-.}" || exit 1

find src lib bench -name '*.[ch]' | sort | xargs awk '
	function complain(what) {
		printf "%s:%d: %s\n", FILENAME, FNR, what
		wrong++
	}
	function check_src(file, room, target) {
		if (file == "wire.h" || file == "pattern.h" || file == "stablebench.h" || file == "config.h")
			return
		target = file
		sub(/\/.*/, "", target)
		if (index(file, "/") == 0 || !(target in height))
			complain("\"" file "\" is neither ROOM/FILE of src/ nor an open header of lib/")
		else if (target != room && height[target] >= height[room])
			complain(room " includes \"" file "\": " target " is not below it")
	}
	BEGIN {
		height["base"] = 0
		height["stats"] = height["host"] = 1
		height["record"] = 2
		height["keeper"] = 3
		height["plan"] = 4
		height["run"] = 5
		height["store"] = height["report"] = 6
		height["cli"] = 7
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split(FILENAME, part, "/")
		split($0, quoted, "\"")
		file = quoted[2]
		includes++
		if (part[1] == "src" && !(part[2] in height))
			complain("src/" part[2] " is no room of the tree")
		else if (part[1] == "src")
			check_src(file, part[2])
		else if (part[1] == "lib" && (file ~ /\// || system("test -f \"lib/" file "\"") != 0) && file != "config.h")
			complain("lib/ includes \"" file "\", which is not its own")
		else if (part[1] == "bench" && file ~ /^(base|stats|host|record|keeper|plan|run|store|report|cli|src)\//)
			complain("bench/ includes \"" file "\", which is the runner\047s")
	}
	END {
		if (includes == 0) {
			print "no include found: is srcdir right?"
			exit 1
		}
		printf "%d includes, %d of them wrong\n", includes, wrong
		exit wrong > 0
	}'
