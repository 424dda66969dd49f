#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole program, front and keeper, under valgrind: no error, no leak. Called by `make check-valgrind`; the benches are
# started by exec and are not followed.
. "$(dirname "$0")/lib.sh"
command -v valgrind >/dev/null || skip "valgrind is not installed; apt-get install valgrind"

# clean CODES ARGUMENT...: ends with one of CODES, and valgrind finds nothing
clean() {
	local codes=$1
	shift
	valgrind --quiet --leak-check=full --error-exitcode=99 --log-file="$work/valgrind.%p" "$stablebench" "$@" \
		>"$work/out" 2>"$work/err" </dev/null
	status=$?
	[[ " $codes " = *" $status "* ]] || { echo "exit $status: $(tail -n 3 "$work/err")"; return 1; }
	[ -z "$(cat "$work"/valgrind.*)" ] || { cat "$work"/valgrind.*; return 1; }
	rm -f "$work"/valgrind.*
}

record=$work/record.json
hostile='hostile/(crash|early_exit|hang|print|leave_children|scribble|garbage|truncate)'
claim "run" clean "0 4" run "${quick[@]}" --launches 2 --json "$record" --filter truth/constant "$selftest"
claim "run of hostile benches" clean 1 run "${quick[@]}" --timeout 3s --filter "$hostile" "$selftest"
claim "run of what is no benchmark" clean 1 run /bin/true "$0" "$work"
claim "run with a filter that matches nothing" clean 7 run --filter nothing_at_all "$selftest"
claim "run with an unknown option" clean 2 run --profle gentle "$selftest"
claim "list" clean 0 list "$selftest"
printf 'tag = hostile\ntag = other\n[list]\nformat = json\n' >"$work/own.conf"
claim "list by a configuration" clean 0 list --config "$work/own.conf" "$selftest"
echo 'tga = hostile' >"$work/own.conf"
claim "list by a wrong one" clean 2 list --config "$work/own.conf" "$selftest"
rm "$work/own.conf"
claim "list as JSON" clean 0 list --format json --tag hostile "$selftest"
claim "doctor" clean "0 5" doctor
claim "doctor as JSON" clean "0 5" doctor --format json
claim "restore" clean 0 restore
claim "show" clean 0 show
claim "show as JSON" clean 0 show --format json "$record"
claim "show every sample" clean 0 show --samples "$record"
head -c 3000 "$record" >"$work/half.json"
claim "show of half a record" clean 1 show "$work/half.json"
finish
