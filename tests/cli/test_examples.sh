#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The EXAMPLES of the manual pages run as they stand there; only sudo is left out, and a run is kept short.
. "$(dirname "$0")/lib.sh"
. "$cli_directory/machines.sh"
pages=$(cd "$cli_directory/../../man" && pwd)
mkdir "$work/bin" && ln -s "$stablebench" "$work/bin/stablebench"
ln -s "$abs_top_builddir/bench/bench_kestrel" "$work/bench_kestrel"
export PATH=$work/bin:$PATH STABLEBENCH_LAUNCHES=1 STABLEBENCH_SAMPLES=2 STABLEBENCH_SAMPLE_TIME=100us
machine_unpack vm
ln -s vm "$work/recorded"
cd "$work" || exit 1

# "$ COMMAND" lines between .EX and .EE
examples() {
	sed -n '/^\.EX$/,/^\.EE$/s/^\$ //p' "$1" | sed 's/\\-/-/g; s/^sudo //'
}

# one launch can be unstable, and this host need not meet all conditions
ends_well() {
	bash -c "$1" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	case $1:$status in
	*:0 | "stablebench run"*:4 | "stablebench doctor"*:5) ;;
	*) echo "exit $status: $(tail -n 2 "$work/err")" && return 1 ;;
	esac
	[ -s "$work/out" ] || { echo "it prints nothing"; return 1; }
}

# those of run come first: the others show what it wrote; what tune and shield set, only a guest may try
for page in "$pages/stablebench-run.1" "$pages"/stablebench{,-list,-doctor,-restore,-show,-knobs,-events,-status,-noise}.1; do
	while read -r example; do
		claim "${page##*/}: $example" ends_well "$example"
	done < <(examples "$page")
done
claim "examples were found" test "$claims_made" -ge 10
finish
