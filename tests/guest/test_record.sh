#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/machines/record of a real kernel with cpufreq, cpuidle, two nodes and control groups: doctor finds on the record
# what it finds on the machine, so that no file that a knob reads is left out.
. "$(dirname "$0")/lib.sh"
in_guest -k 6.12 -s 4,sockets=2,cores=2,threads=1 -n 2 -p core
command -v python3 >/dev/null || skip "python3 is not installed, which records machines"
machines=$guest_directory/../machines
. "$machines/faithful.sh"

"$machines/record" >"$work/this.machine"
claim "the machine can be recorded" equal 0 $?
"$machines/unpack" "$work/this.machine" "$work/this"
claim "and laid out" equal 0 $?
claim "the record has its policies" holds "$work/this$(cpufreq 3 affected_cpus)" "2 3"
claim "doctor finds on the record what it finds on the machine" shows_the_same "$work/this"
claim "something would be set on it" matches " run" "$(cat "$work/there")"

# Everything that can be set is set on the record, and on the record only
host_settings() {
	find "$cpus" /proc/sys/vm /proc/irq -type f \( -name 'scaling_governor' -o -name boost -o -name stat_interval -o -name smp_affinity \) \
		-exec grep -H . {} +
}
host_settings >"$work/before"
claim "tune holds the record" "$stablebench" tune --profile strict --sysroot "$work/this"
claim "the governor is set there" equal performance "$(cat "$work/this$(cpufreq 3 scaling_governor)")"
claim "and not on the machine" equal "$(cat "$work/before")" "$(host_settings)"
claim "restore gives the record back" "$stablebench" restore --sysroot "$work/this"
finish
