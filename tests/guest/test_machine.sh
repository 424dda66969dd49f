#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest has the shape that a test asks for: CPUs, nodes, policies, isolated CPUs.
. "$(dirname "$0")/lib.sh"
in_guest -k 6.12 -s 4,sockets=2,cores=2,threads=1 -n 2 -p core -a "isolcpus=managed_irq,domain,3 nohz_full=3"

claim "the kernel is the one asked for" matches '^6\.12\.' "$(uname -r)"
claim "two nodes" holds /sys/devices/system/node/online 0-1
claim "half of the CPUs in each" equal "0-1 2-3" "$(cat /sys/devices/system/node/node?/cpulist | tr '\n' ' ' | sed 's/ $//')"
claim "each core a thread" holds "$cpus/cpu1/topology/thread_siblings_list" 1
claim "two packages" holds "$cpus/cpu3/topology/physical_package_id" 1
claim "two CPUs to a policy" holds "$(cpufreq 3 affected_cpus)" "2 3"
claim "CPU 3 is isolated" holds "$cpus/isolated" 3
claim "CPU 3 has no tick when it can do without" holds "$cpus/nohz_full" 3
finish
