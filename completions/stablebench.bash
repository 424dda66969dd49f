# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for stablebench. Commands and options are asked of the program's own --help, so that they are
# always those of the version that is called.

_stablebench_profiles="none gentle standard strict"

# The values of an option; fails where it takes none that can be listed.
_stablebench_values() {
	case $1 in
	--profile) mapfile -t COMPREPLY < <(compgen -W "$_stablebench_profiles" -- "$2") ;;
	--format) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$2") ;;
	--user) mapfile -t COMPREPLY < <(compgen -u -- "$2") ;;
	--env) mapfile -t COMPREPLY < <(compgen -v -- "$2") ;;
	--json) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	--run-dir | --sysroot) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	*) return 1 ;;
	esac
}

_stablebench() {
	local program=$1 word=$2 previous=$3 words

	COMPREPLY=()
	_stablebench_values "$previous" "$word" && return
	if [[ $COMP_CWORD -eq 1 ]]; then
		words=$("$program" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$words --help --version" -- "$word")
	elif [[ $word == -* ]]; then
		words=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}

complete -o filenames -F _stablebench stablebench
