#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The measuring thread makes no system call inside a sample: between the innermost witnesses on both sides of it, strace
# sees none. A body that makes calls shows that the test would see them.
set -u
bench=bench/bench_selftest
# a sanitizer would turn a crash into an exit, and cannot look for leaks under strace
export ASAN_OPTIONS="handle_segv=0:handle_abort=0:detect_leaks=0"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if ! command -v strace >/dev/null; then
	echo "strace is not installed"
	exit 77
fi
if ! strace -f -o "$work/probe" true 2>"$work/said"; then
	echo "strace is not allowed here: $(head -n 1 "$work/said")"
	exit 77
fi

# SAMPLES OTHERS of the process that measured a case: the last samples that it took, and the calls made between the
# getrusage before each and the one after it. Other witnesses are read outside of these two.
count_calls() {
	strace -f -o "$work/trace" "$bench" --filter "$1" >"$work/out" 2>&1 || {
		cat "$work/out" >&2
		return
	}
	awk '
		{ pid = $1; sub(/^[0-9]+ +/, ""); call = $0; sub(/\(.*/, "", call) }
		call == "getrusage" && /RUSAGE_THREAD/ { between[pid, ++seen[pid]] = pending[pid] + 0; pending[pid] = 0; next }
		/^(---|\+\+\+|<\.\.\.)/ { next } # signals, exits, and the second half of a line that was cut in two
		{ pending[pid]++ }
		END {
			for (pid in seen) {
				others = samples = 0
				for (i = seen[pid]; i > 1 && samples < 20; i -= 2) {
					others += between[pid, i]
					samples++
				}
				print samples, others
			}
		}' "$work/trace"
}

wrong=0
quiet=$(count_calls '^selftest/truth/constant$')
mv "$work/trace" "$work/quiet"
calling=$(count_calls '^selftest/truth/calls$')
echo "a body without calls: ${quiet% *} samples, ${quiet#* } calls within them"
echo "a body with calls: ${calling% *} samples, ${calling#* } calls within them"
[ "${calling#* }" -ge 20 ] || wrong=1
if [ "${quiet#* }" != 0 ] || [ "${quiet% *}" -lt 20 ]; then
	grep -v 'getrusage(RUSAGE_THREAD' "$work/quiet"
	wrong=1
fi
exit $wrong
