# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh - what the tests of the whole program share: the program as it was built, a home, state and run folder of its
# own, and the gentle profile, so that the machine that tests is left alone.
set -u
cli_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$cli_directory/../claims.sh"
: "${abs_top_builddir:=$PWD}"
stablebench=$abs_top_builddir/stablebench
selftest=$abs_top_builddir/bench/bench_selftest
need_built "$stablebench"
need_built "$selftest"

work=$(mktemp -d)
trap 'rm -rf "$work" "$claims_output"' EXIT
unset "${!STABLEBENCH_@}" "${!XDG_@}"
export HOME=$work/home XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work/run
export STABLEBENCH_PROFILE=gentle STABLEBENCH_RUN_DIR=$work/run/stablebench STABLEBENCH_NO_CONFIG=1
# what is tested here is no number that heat could move
export STABLEBENCH_COOL_DOWN=none
# benches with sanitizers end as others would, by the signal
export ASAN_OPTIONS=handle_segv=0:${ASAN_OPTIONS:-} STABLEBENCH_ENV=ASAN_OPTIONS
mkdir -p -m 700 "$HOME" "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR"

# quick OPTION...: options that make a run short, for tests that look at something else than precision
quick=(--launches 1 --samples 3 --sample-time 1ms)

# run ARGUMENT...: the program; what came of it is in status, $work/out and $work/err
run() {
	"$stablebench" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

# as UID COMMAND...: without root, as that number, with folders of its own
as() {
	local uid=$1
	shift
	export XDG_STATE_HOME=$work/as-$uid STABLEBENCH_RUN_DIR=$work/as-$uid/run
	install -d -m 700 -o "$uid" -g "$uid" "$XDG_STATE_HOME"
	(cd / && setpriv --reuid="$uid" --regid="$uid" --clear-groups "$stablebench" "$@") \
		>"$work/out" 2>"$work/err" </dev/null
	status=$?
}

exits() {
	[ "$status" = "$1" ] || { echo "exit $status, wanted $1"; tail -n 5 "$work/err"; return 1; }
}
prints() {
	matches "$1" "$(cat "$work/out")"
}
says() {
	matches "$1" "$(cat "$work/err")"
}
does_not_say() {
	! grep -E -e "$1" "$work/err"
}

# wait_for COMMAND...: true as soon as COMMAND is. The limit is no claim about time: it ends a test that hangs.
wait_for() {
	local deadline=$((SECONDS + 300))
	until "$@" >"$work/waited"; do
		[ "$SECONDS" -lt "$deadline" ] || { echo "not within 300 s: $*"; tail -n 3 "$work/waited"; return 1; }
		sleep 0.02
	done
}

need_pgrep() {
	command -v pgrep >/dev/null || skip "pgrep is not installed; apt-get install procps"
}

children() { pgrep -P "$1"; }

# The run whose process is $front has the host, and a process of a bench; sets keeper and bench.
is_at_work() {
	[ -e "$STABLEBENCH_RUN_DIR/holder" ] && keeper=$(children "$front" | head -1) && [ -n "$keeper" ] &&
		bench=$(children "$keeper" | head -1) && [ -n "$bench" ]
}

# A python expression over the last record, `r`.
record() {
	python3 -c "import json; r = json.load(open('$XDG_STATE_HOME/stablebench/last.json')); print($1)"
}
