#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A run under `standard` really sets the host, as its own registers show, with the benches no root, and leaves it as it was.
. "$(dirname "$0")/lib.sh"
in_guest

echo "# the guest's own instruments, without the program"
for cpu in 0 1 2 3; do
	echo userspace >"$(cpufreq $cpu scaling_governor)"
	echo 2200000 >"$(cpufreq $cpu scaling_setspeed)"
done
claim "a P-state register follows the driver" equal 12 "$(pstate_register 3)"
set_boost 0
boost_claim "bit 38 of MSR 0x1a0 is set by boost 0" equal 1111 "$(turbo_off_bits)"
set_boost 1
boost_claim "bit 38 of MSR 0x1a0 is cleared by boost 1" equal 0000 "$(turbo_off_bits)"

identity_of_front_and_bench() {
	claim "$1: the bench's user" equal "$3 $3 $3 $3" "$(status_of bench Uid)"
	claim "$1: the bench has no capability" equal 0000000000000000 "$(status_of bench CapEff)"
	claim "$1: the bench has no capability to come by" equal 0000000000000000 "$(status_of bench CapPrm)"
	claim "$1: the bench may gain no privileges" equal 1 "$(status_of bench NoNewPrivs)"
	claim "$1: the front's user" equal "$2 $2 $2 $2" "$(status_of front Uid)"
	claim "$1: the front has no capability" equal 0000000000000000 "$(status_of front CapEff)"
	claim "$1: the front has no capability to come by" equal 0000000000000000 "$(status_of front CapPrm)"
	claim "$1: the keeper is root" equal "0 0 0 0" "$(status_of keeper Uid)"
}

echo "# boost on, odd governors"
set_odd_values 1
snapshot >"$work/before"
claim "a run starts and tunes the host" start_run || finish
look cpus "the bench runs on one CPU of the core without CPU 0" matches '^[23]$' "$(status_of bench Cpus_allowed_list)"
look affinity,sibling-idle "front and keeper leave that core alone" equal "0-1 0-1" \
	"$(status_of front Cpus_allowed_list) $(status_of keeper Cpus_allowed_list)"
claim "governor of the bench's CPU" holds "$(cpufreq 2 scaling_governor)" performance
claim "governor of its sibling" holds "$(cpufreq 3 scaling_governor)" performance
look governor "P-state register of the bench's CPU" equal 10 "$(pstate_register 2)"
look governor "P-state register of its sibling, within the limit that was there" equal 11 "$(pstate_register 3)"
boost_look "boost is off in every CPU's MSR" equal 1111 "$(turbo_off_bits)"
claim "governor of a CPU that is not the bench's" holds "$(cpufreq 0 scaling_governor)" ondemand
claim "journal is root's alone" equal "600 0" "$(stat -c '%a %u' "$journal")"
claim "holder can be read by everyone" equal "644 0" "$(stat -c '%a %u' "${journal%/*}/holder")"
identity_of_front_and_bench "real root" 0 65534
interrupt
end_run
claim "interrupted, everything is as it was" same_as_before "$work/before"
claim "interrupted, the journal is empty" journal_is_empty

echo "# to the end"
"${measure_short[@]}" --profile standard --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "the run ends with 0" equal 0 $?
claim "everything is as it was" same_as_before "$work/before"
claim "the journal is empty" journal_is_empty
record=$(tr -d '\n' <"$work/record.json")
claim "the record says governor applied" matches '"knob": ?"governor", *"outcome": ?"applied"' "$record"
boost_claim "the record says boost applied" matches '"knob": ?"boost", *"outcome": ?"applied"' "$record"

echo "# boost off, started by sudo"
set_odd_values 0
# a governor's own settings vanish with its last policy
echo 7 >"$cpus/cpufreq/conservative/freq_step"
echo 'someone:x:1000:1000::/home/someone:/bin/sh' >>/etc/passwd
mkdir -p /home/someone && chown 1000:1000 /home/someone
snapshot >"$work/before"
export SUDO_UID=1000 SUDO_GID=1000 SUDO_USER=someone
claim "a run by sudo starts" start_run || finish
identity_of_front_and_bench "sudo" 1000 1000
interrupt
end_run
claim "everything is as it was, the governor's own settings too" same_as_before "$work/before"
claim "the journal is empty again" journal_is_empty

echo "# all that the profile asks for, or nothing"
unset SUDO_UID SUDO_GID SUDO_USER
rm -f "$work/record.json"
cannot=clock # of a guest the rate is not its kernel's to set
[ -e "$boost" ] || cannot+=,boost
"${measure_short[@]}" --profile standard --require all --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "what this host cannot do ends a run" equal 5 $?
claim "and is named" matches "required knob '(${cannot/,/|})' is unsupported" "$(cat "$work/err")"
claim "before anything is measured" test ! -e "$work/record.json"
"${measure_short[@]}" --profile standard --without "$cannot" --require all "$selftest" >"$work/out" 2>"$work/err"
claim "all the rest is in effect" equal 0 $?
claim "everything is as it was after a run that had all" same_as_before "$work/before"
finish
