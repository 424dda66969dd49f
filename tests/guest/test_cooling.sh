#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The wait for a processor to cool, on a real kernel: a thermal zone of ACPI whose temperature the test sets (make-acpi-table).
. "$(dirname "$0")/lib.sh"
in_guest -s 2

zone=/sys/class/thermal/thermal_zone0
record=$work/record.json

# heat DEGREES
heat() {
	printf "\\x$(printf %02x "$1")" | dd of=/dev/port bs=1 seek=$((0xE3)) conv=notrunc 2>/dev/null
}

# start_warm OPTION...: a run that begins at 40 degrees, and 60 as soon as a launch is at work
start_warm() {
	heat 40
	echo powersave >"$(cpufreq 1 scaling_governor)"
	"${measure[@]}" --profile standard --max-time 300s --samples 10 --sample-time 50ms --json "$record" "$@" "$selftest" \
		>"$work/out" 2>"$work/err" &
	front=$!
	wait_for 20 holds "$(cpufreq 1 scaling_governor)" performance && wait_for 20 processes_of "$selftest" && heat 60
}

# For longer than there ever is between two launches no launch is at work.
stands_still() {
	local i
	for i in {1..15}; do
		none_of "$selftest" >"$work/none" || return 1
		pause 0.1
	done
	[ -e "/proc/$front" ]
}

# condition OUTCOME REASON
condition() {
	matches "\"knob\": *\"cool-down\", *\"outcome\": *\"$1\"[^}]*\"reason\": *\"[^\"]*$2" "$(tr -s ' \n' ' ' <"$record")"
}

# values KEY: those of the launches
values() {
	tr -d '\n' <"$record" | sed 's/"machine": *{[^}]*}//' | grep -oE "\"$1\": *[0-9.e-]+" | sed 's/.*: *//'
}

heat 42
claim "the kernel has the zone" equal "acpitz 42000" "$(cat "$zone/type") $(cat "$zone/temp")"
"$stablebench" doctor --all >"$work/doctor"
claim "doctor shows its temperature" grep -qE 'temperature: 42 C' "$work/doctor"
heat 90
"$stablebench" doctor >"$work/doctor"
claim "and finds one that is high" grep -q 'hot before anything has been measured' "$work/doctor"

echo "# a processor that cools down"
claim "a run starts" start_warm --launches 4 --cool-down 600s || finish
claim "with 20 degrees more no launch begins" wait_for 60 stands_still
heat 43
end_run
claim "at 3 degrees more the run goes on to its end" matches '^[04]$' "$status"
claim "each launch has its temperature" equal 4 "$(values temperature_c | wc -l)"
claim "none began at more than 3 degrees above the first" equal 0 "$(values temperature_c | awk '$1 > 43' | wc -l)"
claim "one has waited" equal 1 "$(values cooled_s | awk '$1 > 1' | wc -l)"
claim "the record says so" condition applied 'every launch began at most 3 C above the 40.0 C .*\(acpitz\); 1 waited'

echo "# Ctrl-C while it waits"
claim "a run starts" start_warm --launches 4 --cool-down 600s || finish
claim "no launch begins" wait_for 60 stands_still
start=$(microseconds)
interrupt
end_run
claim "it ends with 130" equal 130 "$status"
claim "and not when the wait would have" test $(($(microseconds) - start)) -lt 60000000
claim "the record is written" grep -q '"interrupted"' "$record"
claim "the governor is back" holds "$(cpufreq 1 scaling_governor)" powersave

echo "# one that stays hot"
claim "a run starts" start_warm --launches 6 --cool-down 1s || finish
end_run
claim "the run goes on to its end" matches '^[04]$' "$status"
claim "with all launches" equal 6 "$(values temperature_c | wc -l)"
claim "three have waited, to no avail" equal 3 "$(values cooled_s | wc -l)"
claim "the record says so" condition failed '[56] of 6 launches began more than 3 C above the 40.0 C .* nobody waited any more'
claim "and so does the text" grep -q 'failed: cool-down: [56] of 6 launches' "$work/out"

echo "# nobody wants to wait"
claim "a run starts" start_warm --launches 4 --cool-down none || finish
end_run
claim "no launch waited" equal 0 "$(values cooled_s | wc -l)"
claim "the record says so" condition refused '--cool-down none'

echo "# without root"
heat 40
setpriv --reuid=65534 --clear-groups env HOME=/tmp "${measure_short[@]}" --profile gentle --json - "$selftest" >"$record" 2>"$work/err"
claim "the sensor tells everyone" condition applied 'above the 40.0 C'

echo "# without a sensor"
for device in /sys/bus/*/drivers/*thermal*/LNXTHERM:00*; do # a platform device in newer kernels
	echo "${device##*/}" >"${device%/*}/unbind"
done
claim "the zone is gone" test ! -e "$zone"
"${measure_short[@]}" --profile gentle --json "$record" "$selftest" >"$work/out" 2>"$work/err"
claim "nothing waits, and the record says why" condition unsupported "no sensor tells how hot the benches' CPUs are"
"$stablebench" doctor --all >"$work/doctor"
claim "and so does doctor" grep -q 'no sensor tells how hot the CPUs are' "$work/doctor"
finish
