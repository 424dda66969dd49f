#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What an arm64 guest can be asked for, without the program: a clock that does not follow its governor, two NUMA nodes,
# a PMU that counts instructions.
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
finish
