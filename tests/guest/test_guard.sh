#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where systemd runs, its guard puts the host back when front and keeper are killed together, and the unit for left-overs
# does it by hand.
. "$(dirname "$0")/lib.sh"
in_guest -R systemd

units() {
	systemctl list-units --all --plain --no-legend 'stablebench-guard-*' | cut -d' ' -f1
}
no_guard() {
	[ -z "$(units)" ] || { echo "still there: $(units)"; return 1; }
}

condition() {
	tr -d '\n' <"$work/record.json" | grep -oE '"knob": ?"guard"[^}]*'
}
status_of_all() {
	setpriv --reuid=65534 --clear-groups "$stablebench" status
}

set_odd_values 1
snapshot >"$work/before"
claim "a run starts" start_run || finish
guard=$(units)
claim "a guard of process 1's waits meanwhile" matches '^stablebench-guard-[0-9-]+\.service$' "$guard"
claim "in a control group of its own" equal "/system.slice/$guard" "$(systemctl show -p ControlGroup --value "$guard")"
claim "status tells everyone" matches "^guard: $guard\$" "$(status_of_all)"
kill -KILL "$front" "$keeper"
claim "both killed, the guard puts everything back" wait_for 60 same_as_before "$work/before"
claim "and ends" wait_for 30 no_guard
claim "the journal is gone" journal_is_empty

claim "another run starts" start_run --json "$work/record.json" || finish
interrupt
end_run
claim "its record names the guard" matches '"applied".*"stablebench-guard-' "$(condition)"
claim "an ordinary end leaves no guard" wait_for 30 no_guard
claim "and everything as it was" same_as_before "$work/before"

echo "# the unit for left-overs"
mkdir -p /usr/local/bin /run/systemd/system
sed "s|^ExecStart=.*|ExecStart=$stablebench restore --wait|" "$abs_top_builddir/systemd/stablebench-restore.service" \
	>/run/systemd/system/stablebench-restore.service
systemctl daemon-reload
claim "a third run starts" start_run || finish
systemctl kill -s KILL "$(units)"
wait_for 10 no_guard
claim "status tells that its guard is gone" matches '^guard: stablebench-guard-.*, which somebody has ended$' "$(status_of_all)"
kill -KILL "$front" "$keeper"
wait_for 10 none_of "$stablebench"
claim "without its guard a killed session leaves its journal" test -s "$journal"
claim "the unit starts" systemctl start stablebench-restore.service
claim "and has put everything back" same_as_before "$work/before"

echo "# systemd does not start a guard"
drop_in=/run/systemd/system/stablebench-guard-.service.d
mkdir -p "$drop_in"
printf '[Service]\nExecStartPre=/bin/false\n' >"$drop_in/refuse.conf"
systemctl daemon-reload
"${measure_short[@]}" --profile standard --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "the run ends with 0" equal 0 $?
claim "and says that it had no guard" matches "failed: guard: systemd could not start the guard: its job ended as 'failed'" \
	"$(tr -s ' \n' ' ' <"$work/out")"
claim "the record does too" matches '"failed".*could not start the guard' "$(condition)"
rm -r "$drop_in"
systemctl daemon-reload
mv /run/dbus/system_bus_socket /run/dbus/away
claim "without a bus, tune holds" "$stablebench" tune
claim "and status says why there is no guard" matches "^no guard: cannot reach the system's D-Bus" "$(status_of_all)"
mv /run/dbus/away /run/dbus/system_bus_socket
claim "restore ends it" "$stablebench" restore
claim "everything is as it was" wait_for 10 same_as_before "$work/before"

echo "# the drill"
drill 80 "$work/before" "standard under systemd" "front keeper both guarded"
finish
