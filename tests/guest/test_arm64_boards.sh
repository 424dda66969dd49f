#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an arm64 guest can be asked for: a clock that does not follow its governor, two NUMA nodes, a PMU that counts
# instructions, those of a helper on another CPU too.
. "$(dirname "$0")/lib.sh"
in_guest -A arm64 -k 6.12 -f fixed -n 2 -i 0

echo performance >"$(cpufreq 2 scaling_governor)"
claim "the governor is performance" holds "$(cpufreq 2 scaling_governor)" performance
claim "cpufreq believes in the fastest speed" holds "$(cpufreq 2 scaling_cur_freq)" 1500000
claim "the clock stays what it was" holds "$(cpufreq 2 cpuinfo_cur_freq)" 1000000

claim "the kernel has two nodes" holds /sys/devices/system/node/online 0-1
claim "the second node has the other CPUs" holds /sys/devices/system/node/node1/cpulist 2-3
claim "hwloc sees two nodes" equal 2 "$(hwloc-calc --number-of numanode all)"

claim "the PMU counts instructions" test -e /sys/bus/event_source/devices/armv8_pmuv3/events/inst_retired
echo "# a helper on another CPU, whose counters somebody else takes"
cp "$abs_top_builddir/tests/guest/count" "$abs_top_builddir/tests/guest/bench_count" "$work"
chmod 755 "$work"
for taken in 0 6; do
	claim "a launch with a helper is counted, $taken counters taken" \
		eval 'taskset -c 1 "$work/count" -s -t $taken -n 3 -b 1 "$work/bench_count" count/elsewhere 4:8 >"$work/lines"'
	samples=$(awk '$1 == "sample" { print ($3 == 4 ? "refused" : $4 > 20000000 && $4 < 21000000 ? "whole" : $0) }' "$work/lines" | uniq -c)
	claim "its instructions are all there, or refused" matches "^ *3 $([ "$taken" = 0 ] && echo whole || echo refused)$" "$samples"
done
finish
