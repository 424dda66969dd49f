# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for stablebench. Commands, options and their words are asked of the program's own --help, knobs
# of its command of that name, so that they are always those of the version that is called.

# PROGRAM COMMAND OPTION: its argument as --help shows it, "FILE", "text|json", "auto|LIST"; nothing for a flag
_stablebench_argument() {
	"$1" "$2" --help 2>/dev/null | sed -n "s/^  $3 \([^ ]\{1,\}\).*/\1/p"
}

_stablebench_knobs() {
	"$1" knobs 2>/dev/null | sed -n 's/^\([a-z][^ ]*\) .*/\1/p'
}

# Sets, words and the kernel's names; what is held by somebody is not tried.
_stablebench_events() {
	"$1" events 2>/dev/null | sed -n 's/^  \([^ ]\{1,\}\) .*/\1/p'
}

# The last name of a list with commas: what stands before it is kept.
_stablebench_list() {
	local kept=
	[[ $2 != *,* ]] || kept=${2%,*},
	mapfile -t COMPREPLY < <(compgen -P "$kept" -W "$1" -- "${2##*,}")
}

# The values of an option; fails where it takes none.
_stablebench_values() {
	local argument

	[[ $2 == --* ]] || return 1
	argument=$(_stablebench_argument "$1" "${COMP_WORDS[1]}" "$2")
	case $2:$argument in
	*:) return 1 ;;
	--user:*) mapfile -t COMPREPLY < <(compgen -u -- "$3") ;;
	--env:*) mapfile -t COMPREPLY < <(compgen -v -- "$3") ;;
	--require:KNOBS) _stablebench_list "all $(_stablebench_knobs "$1")" "$3" ;;
	--counters:*) _stablebench_list "none $(_stablebench_events "$1")" "$3" ;;
	*:KNOBS) _stablebench_list "$(_stablebench_knobs "$1")" "$3" ;;
	*:FILE) mapfile -t COMPREPLY < <(compgen -f -- "$3") ;;
	*:DIR) mapfile -t COMPREPLY < <(compgen -d -- "$3") ;;
	*:[a-z]*\|*) mapfile -t COMPREPLY < <(compgen -W "${argument//|/ }" -- "$3" | grep '^[^A-Z]') ;;
	esac
}

_stablebench() {
	local program=$1 word=$2 previous=$3 words

	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		words=$("$program" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$words --help --version" -- "$word")
	elif _stablebench_values "$program" "$previous" "$word"; then
		return
	elif [[ $word == -* ]]; then
		words=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	elif [[ ${COMP_WORDS[1]} == events ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_stablebench_events "$program")" -- "$word")
	elif [[ ${COMP_WORDS[1]} == knobs ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_stablebench_knobs "$program")" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -o filenames -F _stablebench stablebench
