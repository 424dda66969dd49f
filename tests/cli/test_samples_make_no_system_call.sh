#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Within a timed sample the benched thread makes no system call: between the two getrusage calls that bracket a sample
# outside the clock reads, strace sees nothing, so neither the clock nor anything else of ours enters the kernel.
. "$(dirname "$0")/lib.sh"
command -v strace >/dev/null || skip "strace is not installed; apt-get install strace"
strace -qq -o /dev/null true 2>/dev/null || skip "strace may not trace here"
export ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS:-}
samples=10

# "SAMPLES CALLS": the last samples of each process in the trace, and the calls made within them
calls_within_samples() {
	awk -v wanted=$((2 * samples)) '
		/ getrusage\(RUSAGE_THREAD/ {
			between[$1, seen[$1]] = others[$1]
			others[$1] = 0
			seen[$1]++
			next
		}
		$1 in seen { others[$1]++; text[$1, seen[$1]] = text[$1, seen[$1]] "\n" $0 }
		END {
			for (process in seen) {
				if (seen[process] < wanted)
					continue
				for (i = seen[process] - wanted + 1; i < seen[process]; i += 2) {
					counted++
					calls += between[process, i]
					shown = shown text[process, i]
				}
			}
			printf "%d samples %d calls%s\n", counted, calls, shown
		}' "$work/trace"
}

trace() {
	strace -f -qq -e signal=none -o "$work/trace" "$@" >"$work/out" 2>"$work/err" </dev/null
}

control_is_caught() {
	for ((i = 0; i < samples; i++)); do
		echo '1 getrusage(RUSAGE_THREAD, {ru_utime={}}) = 0'
		[ "$i" -ne 3 ] || echo '1 write(1, "x", 1) = 1'
		echo '1 getrusage(RUSAGE_THREAD, {ru_utime={}}) = 0'
		echo '1 write(1, "between samples", 15) = 15'
	done >"$work/trace"
	equal "$samples samples 1 calls" "$(calls_within_samples | head -n 1)"
}

claim "the check sees a call" control_is_caught
trace "$selftest" --filter truth/constant
claim "started by hand: no call within a sample" matches "^[1-9][0-9]* samples 0 calls$" "$(calls_within_samples)"
trace "$stablebench" run --launches 3 --samples $samples --filter truth/constant "$selftest"
claim "in a run: no call within a sample" matches "^[1-9][0-9]* samples 0 calls$" "$(calls_within_samples)"
echo "# system calls within timed samples: $(calls_within_samples | head -n 1)"
finish
