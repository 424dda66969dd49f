#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tune holds the host until restore, status shows it to everyone, shield runs a command in it, and the drill of
# selftest --kill finds nothing that a killed session leaves behind.
. "$(dirname "$0")/lib.sh"
in_guest

echo "# tune, status, restore"
set_odd_values 1
snapshot >"$work/before"
"$stablebench" tune >"$work/out"
claim "tune sets the host and ends" equal 0 $?
claim "and says for which CPU" matches 'held for CPU [23] until' "$(cat "$work/out")"
claim "the host stays set" tuned
claim "status shows everyone who holds it" matches 'held by root .*: tune \(keeper' \
	"$(setpriv --reuid=65534 --clear-groups "$stablebench" status)"
claim "and root what it was" matches "scaling_governor: 'performance', was 'userspace'" "$("$stablebench" status)"
"${measure_short[@]}" --profile standard "$selftest" >"$work/out" 2>"$work/err"
claim "nobody else gets the host meanwhile" equal 1 $?
claim "and is told how it is let go" matches "stablebench restore" "$(cat "$work/err")"
claim "an unprivileged restore is refused" bash -c '! setpriv --reuid=65534 --clear-groups "$0" restore' "$stablebench"
claim "the host is still set" tuned
claim "restore lets it go" "$stablebench" restore
claim "everything is as it was" same_as_before "$work/before"
claim "nothing is left to restore" matches 'nothing to restore' "$("$stablebench" restore)"

echo "# everything that strict sets"
for _ in 1 2 3 4 5; do
	start=$(microseconds)
	"$stablebench" tune --profile strict >"$work/strict"
	middle=$(microseconds)
	"$stablebench" restore >"$work/out"
	echo "# strict, guest clock: tune $((middle - start)) us, restore $(($(microseconds) - middle)) us"
done
sed 's/^/# strict: /' "$work/strict"
claim "strict puts everything back too" same_as_before "$work/before"

echo "# tune, and the keeper is killed"
"$stablebench" tune >/dev/null
processes_of "$stablebench"
kill -KILL $found
wait_for 10 none_of "$stablebench"
claim "status tells of what was left behind" matches 'left the host changed' "$("$stablebench" status)"
claim "restore puts it back" "$stablebench" restore
claim "everything is as it was again" same_as_before "$work/before"

echo "# limits of the caller's shell, hard ones"
limited() {
	(
		ulimit -f 0 -n 16
		exec "$stablebench" "$@" 2>&1
	) | cat
	return "${PIPESTATUS[0]}"
}
claim "the host is set under them" limited tune
claim "all of it" tuned
processes_of "$stablebench"
kill -KILL $found
wait_for 10 none_of "$stablebench"
claim "and put back under them" limited restore
claim "everything is as it was under them" same_as_before "$work/before"

echo "# shield"
"$stablebench" shield --cpus 2,3 -- bash -c 'read -r governor </sys/devices/system/cpu/cpu2/cpufreq/scaling_governor
	while read -r word rest; do case $word in Uid: | Cpus_allowed_list: | CapEff:) echo "$word" $rest ;; esac done </proc/$$/status
	echo "governor $governor"; exit 7' >"$work/out" 2>"$work/err"
claim "the command's exit code" equal 7 $?
claim "it runs as nobody" grep -qx 'Uid: 65534 65534 65534 65534' "$work/out"
claim "without capabilities" grep -qx 'CapEff: 0000000000000000' "$work/out"
claim "on the quiet CPUs" grep -qx 'Cpus_allowed_list: 2-3' "$work/out"
claim "of a host that is set" grep -qx 'governor performance' "$work/out"
claim "everything is as it was after it" same_as_before "$work/before"
"$stablebench" shield -- sleep 60 &
front=$!
claim "the host is set for another" wait_for 20 tuned
claim "its command runs" wait_for 20 processes_of "$(command -v sleep)"
kill -KILL "$front"
claim "a shield that is killed takes its command along" wait_for 20 none_of "$(command -v sleep)"
claim "and the keeper ends" wait_for 30 none_of "$stablebench"
claim "with everything as it was" same_as_before "$work/before"

echo "# the drill"
drill 40 "$work/before" standard "front keeper both"
finish
