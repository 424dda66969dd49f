#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine that sleeps while a launch runs, on a real kernel: it goes as far towards S3 as the kernel's own test of suspending
# goes (pm_test "core": tasks frozen, devices and all CPUs but one down, clocks stopped), stays there for five seconds and
# comes back. QEMU does not bring this kernel back from S3 itself, and its clock's alarm does not end s2idle.
. "$(dirname "$0")/lib.sh"

memory=/run/memory

# put FILE...: the same file in memory
put() {
	local file
	for file; do
		mkdir -p "$memory${file%/*}"
		cp -L "$file" "$memory$file"
	done
}

# The shares that the guest's root is on (9p) do not come back from a suspend: the test and all that it calls go on in a root
# of their own. What process 1 still needs of its root is read, and so kept.
move_to_memory() {
	local libraries
	libraries=$(ldd /bin/bash "$stablebench" "$selftest" | grep -oE '/[^ ]*[^ :]' | grep '\.so' | sort -u)
	# shellcheck disable=SC2086 # a list
	put /bin/bash /bin/busybox $libraries \
		/etc/passwd /etc/group /etc/nsswitch.conf "$(realpath "$0")" "$guest_directory"/{lib.sh,ignore.txt} \
		"${guest_directory%/*}/claims.sh" "$abs_top_builddir/tests/guest/snapshot"
	for applet in awk cat cp diff dirname env grep head mkdir mktemp rm sed sort tr; do
		ln -s busybox "$memory/bin/$applet"
	done
	mkdir -p "$memory"/{proc,sys,dev,run,tmp}
	for folder in proc sys dev run; do
		mount --rbind "/$folder" "$memory/$folder"
	done
	cat /bin/bash $libraries >/dev/null
	exec chroot "$memory" /bin/bash "$(realpath "$0")" in-memory
}

# The second process of the bench is that of the first launch that counts: the one before it calibrates.
measures() {
	processes_of "$selftest" && [ "$found" != " $bench" ]
}

if [ "${1:-}" != in-memory ]; then
	in_guest
	cp "$abs_top_builddir/stablebench" "$abs_top_builddir/bench/bench_selftest" "$work"
	move_to_memory
fi
set -m

claim "the kernel can be made to sleep and wake by itself" grep -q core /sys/power/pm_test || finish
set_odd_values 1
snapshot >"$work/before"
claim "a run starts" start_run --launches 3 --sample-time 200ms --json "$work/record.json" || finish
claim "a launch that counts is at work" wait_for 60 measures || finish
echo core >/sys/power/pm_test
echo mem >/sys/power/state
claim "the machine slept and woke" equal 1 "$(grep -c '^success: 1' /sys/kernel/debug/suspend_stats)"
end_run
claim "the run goes on to its end" matches '^[04]$' "$status"
tr -d '\n' <"$work/record.json" >"$work/record"
claim "the record says for how long" grep -qE '"knob": *"suspend", *"outcome": *"failed"[^}]*the machine slept for [0-9.]+ s in the middle' "$work/record"
claim "its case is marked" grep -q '"host changed"' "$work/record"
claim "and so is every sample of the launch that was at work, and none of the others" equal "all none none " \
	"$(awk -v RS='"order":' 'NR > 1 { marked = gsub(/"host-changed"/, ""); samples = gsub(/"time_s":/, "")
		printf "%s ", marked == 0 ? "none" : marked == samples ? "all" : "some" }' "$work/record")"
claim "so does the text" grep -q 'failed: suspend: the machine slept for' "$work/out"
claim "no launch was cut off: nobody counts the time asleep" grep -qE '"status": *"ok"' "$work/record"
claim "everything is as it was" same_as_before "$work/before"
finish
