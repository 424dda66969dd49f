#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# power-profiles-daemon keeps the profile of a machine whose firmware is played by two files: a run has it held, and the
# hold is gone with the run, however that ends.
. "$(dirname "$0")/lib.sh"
in_guest -R systemd

firmware=/sys/firmware/acpi
profile=$firmware/platform_profile
bus_name=net.hadess.PowerProfiles

tells() {
	busctl get-property "$bus_name" "/${bus_name//.//}" "$bus_name" "$1"
}
active_is() {
	equal "s \"$1\"" "$(tells ActiveProfile)"
}
# the daemon writes no line's end
firmware_has() {
	equal "$1" "$(<"$profile")"
}
condition() {
	tr -d '\n' <"$work/record.json" | grep -oE '"knob": ?"platform-profile"[^}]*'
}
measure_strict() {
	"${measure_short[@]}" --json "$work/record.json" "$@" "$selftest" >"$work/out" 2>"$work/err"
}

echo "# no daemon runs"
measure_strict --profile strict
claim "what does not run is not started" equal inactive "$(systemctl is-active power-profiles-daemon)"
claim "and that is the reason" matches 'is installed and does not run' "$(condition)"

mount -t tmpfs firmware "$firmware"
echo low-power balanced performance >"${profile}_choices"
echo balanced >"$profile"
systemctl start power-profiles-daemon
claim "the daemon starts" systemctl is-active power-profiles-daemon || finish
claim "it has a profile performance" matches '"performance"' "$(tells Profiles)"
tells Profiles
snapshot >"$work/before"

echo "# a run"
measure_strict --with platform-profile --profile gentle
claim "a run to the end ends with 0" equal 0 $?
claim "the profile was held" matches '"applied"' "$(condition)"
condition
claim "and is as before" active_is balanced
claim "also for the firmware" firmware_has balanced

echo "# meanwhile"
claim "a run starts" start_run --profile strict || finish
claim "the daemon has performance active" active_is performance
claim "by a hold of ours" matches '"ApplicationId" s "stablebench"' "$(tells ActiveProfileHolds)"
look platform-profile "the firmware was told" firmware_has performance
interrupt
end_run
claim "interrupted, the profile is as before" active_is balanced
claim "interrupted, everything is as it was" same_as_before "$work/before"

echo "# killed"
claim "a run starts" start_run --profile strict || finish
kill -KILL "$front" "$keeper"
end_run
claim "both killed, the profile is as before" wait_for 10 active_is balanced
"$stablebench" restore >"$work/out" 2>&1
claim "restore ends with 0" equal 0 $?
claim "everything is as it was" same_as_before "$work/before"

echo "# tune"
claim "tune holds" "$stablebench" tune --profile strict
claim "the profile is held while no front is there" active_is performance
claim "restore ends it" "$stablebench" restore
claim "the profile is as before" wait_for 10 active_is balanced
claim "everything is as it was" same_as_before "$work/before"

echo "# somebody chooses by hand"
claim "a run starts" start_run --profile strict --json "$work/record.json" || finish
busctl set-property "$bus_name" "/${bus_name//.//}" "$bus_name" ActiveProfile s power-saver
pause 3
interrupt
end_run
claim "the record says what became of it" grep -q "the power profile was 'performance' and became 'power-saver'" "$work/record.json"
claim "the choice stands" active_is power-saver
finish
