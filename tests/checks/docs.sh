#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of the program, its --help, the manual pages, the bash completion and the README say the same: commands,
# options with their arguments and defaults, exit codes, knobs, flags, version; and the README's benchmark compiles.
set -u
source_dir=$(cd "${srcdir:-.}" && pwd)
. "$source_dir/tests/lib/sanitizers.sh"
stablebench=./stablebench
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
wrong=0

# same WHAT FILE FILE: the two lists are one
same() {
	if ! diff -u --label "$4" --label "$5" "$2" "$3" >"$work/diff"; then
		echo "$1:"
		cat "$work/diff"
		wrong=$((wrong + 1))
	fi
}

complain() {
	echo "$*"
	wrong=$((wrong + 1))
}

# plain PAGE: its lines without roff's escapes
plain() { sed 's/\\-/-/g' "$source_dir/man/$1.1"; }

# section PAGE NAME
section() { plain "$1" | awk -v name=".SH $2" '/^\.SH /{ inside = $0 == name; next } inside'; }

listed_commands() { $stablebench --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }
# a command may be left out of --help, but not out of the manual
hidden_commands() {
	for page in "$source_dir"/man/stablebench-*.1; do
		name=${page##*/stablebench-}
		listed_commands | grep -qx "${name%.1}" || ! $stablebench "${name%.1}" --help >/dev/null 2>&1 || echo "${name%.1}"
	done
}
help_commands() { listed_commands; hidden_commands; }

# "--name ARGUMENT" for each option
help_options() { $stablebench "$1" --help |
	awk '$1 ~ /^--/ { print $1 ($2 ~ /^([A-Z][A-Z|:=\[\]]*|[a-z]+([|][a-zA-Z]+)+)$/ ? " " $2 : "") }' | sort; }
page_options() {
	section "stablebench-$1" OPTIONS | awk '
		tag && /^\.B --/ { print $2 }
		tag && /^\.BI --/ { gsub(/"/, ""); print $2 " " $3 }
		{ tag = $0 == ".TP" }' | sort
}
# completed WORD...: what is offered for the last of these words after "stablebench"
completed() {
	# shellcheck disable=SC1091 # the file under test
	PATH="$PWD:$PATH" bash -c '. "$1"; shift; COMP_WORDS=(stablebench "$@") COMP_CWORD=$#
		_stablebench stablebench "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' - "$source_dir/completions/stablebench.bash" "$@" | sort
}

# The default, the first word of the closing parenthesis of a help line, stands in the option's paragraph as well.
check_defaults() {
	$stablebench "$1" --help | sed -n '/^  --[^ ]* [^ ]*$/{N;s/\n */ /}
		s/^  \(--[a-z-]*\) .*(\([^ ,)]*\)[^)]*)$/\1 \2/p' >"$work/defaults"
	while read -r option default; do
		section "stablebench-$1" OPTIONS | awk -v option="$option" '
			/^\.TP/ { fresh = 1; next }
			fresh { inside = $2 == option; fresh = 0 }
			inside' | grep -qiF -- "$default" ||
			complain "stablebench-$1(1): $option does not say its default, $default"
	done <"$work/defaults"
}

check_commands() {
	help_commands | sort >"$work/help"
	section stablebench DESCRIPTION | sed -n '/^\.SS Commands/,/^\.SS What/s/^\.B \([a-z]*\)$/\1/p' | sort >"$work/page"
	(cd "$source_dir/man" && ls stablebench-*.1) | sed 's/stablebench-\(.*\)\.1/\1/' | sort >"$work/files"
	same "commands" "$work/help" "$work/page" "stablebench --help" "stablebench(1)"
	same "commands" "$work/help" "$work/files" "stablebench --help" "man/stablebench-*.1"
	[ -s "$work/help" ] || complain "stablebench --help lists no command"
}

check_options() {
	for command in $(help_commands); do
		help_options "$command" >"$work/help"
		page_options "$command" >"$work/page"
		same "options of $command" "$work/help" "$work/page" "$command --help" "stablebench-$command(1)"
		cut -d' ' -f1 "$work/help" >"$work/names"
		completed "$command" -- >"$work/completed"
		same "options of $command" "$work/names" "$work/completed" "$command --help" "completion"
		check_defaults "$command"
		cat "$work/names" >>"$work/all"
	done
}

# Every word that help shows as the value of an option is taken, and completed; LIST in "auto|LIST" is none.
check_words() {
	for command in $(help_commands); do
		help_options "$command" | awk '$2 ~ /^[a-z]+[|]/ { gsub(/[|][A-Z]+/, "", $2); print }' >"$work/worded"
		while read -r option words; do
			for word in ${words//|/ }; do
				$stablebench "$command" "$option" "$word" --help >/dev/null || complain "$command $option: no '$word'"
			done
			tr '|' '\n' <<<"$words" | sort >"$work/words"
			completed "$command" "$option" "" >"$work/completed"
			same "words of $command $option" "$work/words" "$work/completed" "$command --help" "completion"
		done <"$work/worded"
	done
}

# Knobs are completed wherever one is wanted, also behind a comma.
check_completed_knobs() {
	sed -n 's/^\t\.name = "\(.*\)",$/\1/p' "$source_dir"/src/host/knob_*.c | sort >"$work/table"
	completed run --with "" >"$work/completed"
	same "knobs" "$work/table" "$work/completed" "the source" "completion"
	completed knobs "" >"$work/completed"
	same "knobs" "$work/table" "$work/completed" "the source" "completion of the command"
	[ "$(completed run --require boost,al)" = boost,all ] || complain "completion: no 'all' behind a comma"
}

check_exit_codes() {
	sed -n 's/^\tX(EXIT_CODE_[A-Z_]*, *\([0-9]*\), "\(.*\)").*/\1 \2/p' "$source_dir/src/cli/exit.h" >"$work/table"
	section stablebench "EXIT STATUS" | awk '/^\.B [0-9]+$/ { code = $2; next } code != "" { print code, $0; code = "" }' >"$work/page"
	same "exit codes" "$work/table" "$work/page" src/cli/exit.h "stablebench(1)"
	[ -s "$work/table" ] || complain "no exit code found in src/cli/exit.h"
}

# check_names WHAT PAGE SUBSECTION README-HEADER: the names in $work/table stand in the manual and in the README
check_names() {
	sort -o "$work/table" "$work/table"
	section "$2" DESCRIPTION | awk -v name=".SS $3" '
		/^\.SS /{ inside = $0 == name; next }
		inside && tag { sub(/^\.B "?/, ""); sub(/"$/, ""); print }
		{ tag = $0 == ".TP" }' | sort >"$work/page"
	same "$1" "$work/table" "$work/page" "the source" "$2(1)"
	awk -F '|' -v header="$4" '
		/^\|/ && inside && $2 !~ /^-/ { name = $2; gsub(/^ `?|`? $/, "", name); print name }
		/^\| / { if ($2 ~ "^ " header " $") inside = 1 }
		!/^\|/ { inside = 0 }' "$source_dir/README.md" | sort >"$work/readme"
	same "$1" "$work/table" "$work/readme" "the source" "README.md"
	[ -s "$work/table" ] || complain "no $1 found in the source"
}

check_knobs_and_flags() {
	sed -n 's/^\t\.name = "\(.*\)",$/\1/p' "$source_dir"/src/host/knob_*.c >"$work/table"
	check_names knobs stablebench Knobs condition
	sed -n '/^} flags\[\] = {/,/^};/s/^\t{ "\([A-Za-z ]*\)",.*/\1/p' "$source_dir/src/record/record_names.c" >"$work/table"
	check_names flags stablebench-run Flags flag
}

# The profile that first sets each knob, and whether it is unproven, in the manual's table and in the README's.
check_profiles() {
	$stablebench knobs --profile none --format json 2>/dev/null | awk -F '"' '
		$2 == "name" { name = $4 }
		$2 == "profile" { profile = $4 }
		$2 == "unproven" { print name "|" profile ($3 ~ /true/ ? ", unproven" : "") }' | sort >"$work/program"
	section stablebench DESCRIPTION | awk -F '\t' '
		/^\.TE/ { inside = 0 }
		inside && $1 != "knob" {
			profile = $2 == "sets" ? "gentle" : $3 == "sets" ? "standard" : $4 == "sets" ? "strict" : "by name"
			print $1 "|" profile ($5 ~ /unproven$/ ? ", unproven" : "")
		}
		/^lB l l l l\.$/ { inside = 1 }' | sed 's/\\-/-/g' | sort >"$work/page"
	same "profiles" "$work/program" "$work/page" "stablebench knobs" "stablebench(1)"
	sed -n 's/^| `\([a-z0-9-]*\)` |.*| \([a-z, ]*\) |$/\1|\2/p' "$source_dir/README.md" |
		grep -E '\|(gentle|standard|strict|by name)(, unproven)?$' | sort >"$work/readme"
	same "profiles" "$work/program" "$work/readme" "stablebench knobs" "README.md"
	[ -s "$work/program" ] || complain "stablebench knobs lists none"
}

check_pages() {
	version=$($stablebench --version | cut -d' ' -f2)
	for page in "$source_dir"/man/*.[1-9]; do
		grep -q "^\.TH [A-Z.-]* [1-9] \"\" \"stablebench $version\" " "$page" || complain "${page##*/}: another version than $version"
		command -v groff >/dev/null || continue
		groff -t -man -Tutf8 -ww -z "$page" 2>"$work/roff"
		[ ! -s "$work/roff" ] || complain "${page##*/}: $(cat "$work/roff")"
	done
}

# Options that the README speaks of exist, in a command or in a tool that it names.
check_readme() {
	printf '%s\n' --version --list --enable-dev --whole-archive --no-whole-archive --cflags --libs >>"$work/all"
	grep -oE -e '(^|[^-a-z])--[a-z][a-z-]+' "$source_dir/README.md" | grep -oE -e '--[a-z][a-z-]+' | sort -u |
		grep -vxF -f "$work/all" >"$work/unknown"
	[ ! -s "$work/unknown" ] || complain "README.md: there is no option $(tr '\n' ' ' <"$work/unknown")"
}

check_readme_benchmark() {
	local sanitizers
	sanitizers=$(library_sanitizers)
	sed -n '/^```c$/,/^```$/p' "$source_dir/README.md" | sed '/^```/d' >"$work/bench_hash.c"
	if ! "${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 $sanitizers -I "$source_dir/lib" \
		"$work/bench_hash.c" \
		lib/.libs/libstablebench.a -o "$work/bench_hash" >"$work/said" 2>&1; then
		complain "README.md: the benchmark does not compile: $(cat "$work/said")"
	elif ! "$work/bench_hash" >"$work/said" 2>&1; then
		complain "README.md: the benchmark does not run: $(cat "$work/said")"
	fi
}

check_commands
check_options
check_words
check_completed_knobs
check_exit_codes
check_knobs_and_flags
check_profiles
check_pages
check_readme
check_readme_benchmark
command -v groff >/dev/null || echo "groff is not installed: the pages were not rendered"
echo "$wrong disagreements"
[ "$wrong" -eq 0 ]
