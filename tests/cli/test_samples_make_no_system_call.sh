#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In a run, too, the benched thread makes no system call within a timed sample: between the two getrusage calls that
# stand around a sample, outside its clock reads, strace sees nothing.
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

# measure CASE: "SAMPLES samples CALLS calls", then the calls
measure() {
	strace -f -qq -e signal=none -o "$work/trace" "$stablebench" run --launches 3 --samples $samples \
		--filter "$1" "$selftest" >"$work/out" 2>"$work/err" </dev/null
	calls_within_samples
}

claim "a body that makes calls is seen" matches "^[1-9][0-9]* samples [1-9][0-9]* calls" "$(measure truth/calls)"
quiet=$(measure truth/constant)
claim "a body that makes none: no call within a sample" matches "^[1-9][0-9]* samples 0 calls$" "$quiet"
echo "# system calls within timed samples: ${quiet%%$'\n'*}"
finish
