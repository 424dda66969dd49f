#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where the two threads of a core share one cpufreq policy, it is set once and comes back with its speed.
. "$(dirname "$0")/lib.sh"
in_guest -p core

echo userspace >"$(cpufreq 2 scaling_governor)"
echo 1600000 >"$(cpufreq 3 scaling_setspeed)"
claim "the guest has a policy of two CPUs" holds "$(cpufreq 2 affected_cpus)" "2 3"
snapshot >"$work/before"
claim "a run starts and tunes the host" start_run || finish
claim "the sibling's governor is the same" holds "$(cpufreq 3 scaling_governor)" performance
claim "P-state register of the policy" equal 10 "$(pstate_register 2)"
claim "the other core is left alone" holds "$(cpufreq 0 scaling_governor)" schedutil
kill -KILL "$front"
claim "restored by the keeper" wait_for 20 journal_is_empty
end_run
claim "everything is as it was" same_as_before "$work/before"
claim "P-state register is back" equal 13 "$(pstate_register 2)"
finish
