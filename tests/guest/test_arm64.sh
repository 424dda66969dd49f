#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On arm64, with a clock for each cluster that really follows cpufreq-dt: set, seen in the lines that choose the clock, put
# back; also after SIGKILL of front and keeper.
. "$(dirname "$0")/lib.sh"
in_guest -A arm64 -f clusters

# Which clock the lines of the board's PL061 choose for a cluster, in MHz: of three the first chooses the pair
# (make-device-tree).
chosen_clock() {
	local levels
	levels=($(sed -n 's/.*|select .* out \(..\).*/\1/p' /sys/kernel/debug/gpio))
	case ${levels[*]:$1*3:3} in
	"lo lo "*) echo 600 ;;
	"lo hi "*) echo 1000 ;;
	"hi "*" lo") echo 1500 ;;
	"hi "*" hi") echo 2000 ;;
	esac
}

echo "# the guest's own instruments, without the program"
echo 1 >"$boost"
echo performance >"$(cpufreq 2 scaling_governor)"
claim "the guest has policies of two CPUs" holds "$(cpufreq 3 related_cpus)" "2 3"
claim "lines choose the boosted clock" equal 2000 "$(chosen_clock 1)"
echo powersave >"$(cpufreq 0 scaling_governor)"
echo userspace >"$(cpufreq 2 scaling_governor)"
echo 1000000 >"$(cpufreq 2 scaling_setspeed)"
claim "lines choose the clock that a governor is told" equal 1000 "$(chosen_clock 1)"
claim "lines choose the slowest clock" equal 600 "$(chosen_clock 0)"

snapshot >"$work/before"
claim "a run starts and tunes the host" start_run || finish
claim "the bench is in the second cluster" matches '^[23]$' "$(status_of bench Cpus_allowed_list)"
look governor,boost "lines choose the fastest clock without boost" equal 1500 "$(chosen_clock 1)"
claim "cpuinfo_cur_freq is that clock" holds "$(cpufreq 2 cpuinfo_cur_freq)" 1500000
claim "governor of the other cluster" holds "$(cpufreq 0 scaling_governor)" powersave
claim "clock of the other cluster" equal 600 "$(chosen_clock 0)"
interrupt
end_run
claim "interrupted, everything is as it was" same_as_before "$work/before"
claim "interrupted, the clock is back" equal 1000 "$(chosen_clock 1)"
claim "interrupted, the journal is empty" journal_is_empty

"${measure_short[@]}" --profile standard --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "a run to the end ends with 0" equal 0 $?
record=$(tr -d '\n' <"$work/record.json")
claim "the record says governor applied" matches '"knob": ?"governor", *"outcome": ?"applied"' "$record"
claim "the record says boost applied" matches '"knob": ?"boost", *"outcome": ?"applied"' "$record"
look clock "the record says of the clock what the lines said" matches \
	'"knob": ?"clock", *"outcome": ?"already",[^}]*"value": ?"1.50 GHz by register on CPU [23]"' "$record"
claim "everything is as it was" same_as_before "$work/before"

claim "SIGKILL of both: a run starts" start_run || finish
kill -KILL "$keeper" "$front"
end_run
pause 0.5
claim "SIGKILL of both: with nobody left the host stays tuned" tuned
"$stablebench" restore >"$work/out" 2>&1
claim "SIGKILL of both: restore ends with 0" equal 0 $?
claim "SIGKILL of both: everything is as it was" same_as_before "$work/before"
claim "SIGKILL of both: the clock is back" equal 1000 "$(chosen_clock 1)"
claim "SIGKILL of both: the journal is empty" journal_is_empty

finish
