#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Benchmarks that crash, hang, lie and litter: each is reported, and the good case beside them is measured.
. "$(dirname "$0")/lib.sh"
command -v pgrep >/dev/null || skip "pgrep is not installed; apt-get install procps"

# beside CASE [TIMEOUT]: runs the good case beside a bad one; time is short only where it is what ends the bad one
beside() {
	run run "${quick[@]}" --timeout "${2:-30s}" --exact --filter selftest/truth/constant \
		--filter "selftest/hostile/$1" "$selftest"
}

# broken CASE STATUS REASON [TIMEOUT]: the case has this status and reason, the good one its time.
broken() {
	beside "$1" "${4:-}"
	claim "$1: exit code 1" exits 1
	claim "$1: is $2 because $3" prints "^selftest/hostile/$1 +$2: .*$3"
	claim "$1: the good case is measured" prints "^selftest/truth/constant +[0-9.]+ [mun]?s"
}

broken crash crashed "SIGSEGV"
broken abort crashed "SIGABRT"
broken early_exit crashed "exit code 3"
broken quiet_exit crashed "exit code 0 before it was done"
broken hang/how=sleep timeout "killed after 5 s" 5s
broken hang/how=spin timeout "killed after 5 s" 5s
broken hang/how=stop timeout "killed after 5 s" 5s
broken break_out failed "SB_LOOP"
broken return_from failed "SB_LOOP"
broken goto_out failed "SB_LOOP"
broken two_loops failed "SB_LOOP"
broken no_loop failed "SB_LOOP"
broken record_twice failed "sb_record_ns"
if "$stablebench" events page-faults:u 2>"$work/err" | grep -q ' counts '; then
	broken close_all failed "closed descriptors that are not its own"
	run run --profile gentle --launches 2 --samples 10 --sample-time 1ms --filter hostile/reset_counters \
		--counters page-faults,task-clock "$selftest"
	claim "reset_counters: what ran backwards is no count" prints "(not counted: page-faults, task-clock: lost|counted in [0-9]+ of 20 samples only)"
	claim "reset_counters: nor a huge one" sh -c "! grep -Eq 'task-clock [0-9.]+ ([mu]?s|[kMGT])' '$work/out'"
else
	echo "close_all, reset_counters: skipped: the kernel counts nothing for this user"
fi
for byte in 0 1 255; do
	broken "scribble/byte=$byte" crashed "(garbage|before it was done)"
done
for what in count reason escape nan ticks batch status state; do
	broken "garbage/what=$what" crashed "(garbage|before it was done)"
done
claim "the terminal is safe from what a bench writes" equal "" "$(tr -d '[:print:]\n\t' <"$work/out")"

broken abort crashed "SIGABRT"
claim "abort: its last lines are shown" prints "^selftest/hostile/abort printed last:"
for to in stdout stderr; do
	beside "print/to=$to"
	claim "print/to=$to: megabytes of output stop nothing" exits 0
done
beside truncate
claim "truncate: the seal holds, the case is measured" prints "^selftest/hostile/truncate +[0-9.]+ [mun]?s"
beside leave_children
claim "leave_children: what is left is flagged" prints "hostile/leave_children .*left processes"
claim "leave_children: and is gone" equal "" "$(pgrep -f "^$selftest" || true)"
finish
