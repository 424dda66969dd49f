#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `--profile gentle` opens nothing under /sys, /proc/sys, /proc/irq or a cgroup for writing, in none of its processes.
. "$(dirname "$0")/lib.sh"
command -v strace >/dev/null || skip "strace is not installed; apt-get install strace"
strace -qq -o /dev/null true 2>/dev/null || skip "strace may not trace here"
. "$cli_directory/../traced.sh"

ln -s "$selftest" "$work/bench_selftest" # a path without blanks
claim "the check sees a write" control_is_caught
# the conditions of a machine that tests need not be met, which `doctor` says by 5
while read -r wanted arguments; do
	traced "$stablebench" $arguments
	claim "'${arguments%% *}' ends well" matches "^$wanted\$" "$status"
	claim "'${arguments%% *}' writes nothing on the host" nothing_written
done <<EOF
0 run ${quick[*]} --filter constant $work/bench_selftest
0 list $work/bench_selftest
[05] doctor
0 restore
0 show
EOF
finish
