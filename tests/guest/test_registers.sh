#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Registers of the processor are root's, so the keeper reads them around each launch, while the front has no powers any more.
# Interrupts of the firmware: a launch in which none came says so, one in which some came has the cause, and where the
# register cannot be had the record says why. QEMU's processor counts in that register what its firmware serves. The frequency
# while busy: QEMU's processor does not claim to count its cycles, and registers of it that can be read all the same never grow.
. "$(dirname "$0")/lib.sh"
in_guest
chmod 755 "$work"
cd "$work" || exit 1
# the firmware has set up the first CPU for it, and no other
bench_cpu=0

smi_count() {
	od -An -tu8 -j$((0x34)) -N8 "/dev/cpu/$bench_cpu/msr" | tr -d ' '
}

# measure OPTION...: a record in $work/record.json
measure_record() {
	rm -f record.json
	"$stablebench" run --profile gentle --without fifo --cpus "$bench_cpu" --launches 3 --samples 5 --sample-time 20ms --max-time 2m \
		--quiet --exact --filter selftest/truth/constant --json "$work/record.json" "$@" "$selftest" >out 2>err
	[ -s record.json ] || { tail -n 3 err; return 1; }
}

# of EXPRESSION: of `launches` and the reasons of the `witness` and of the one called `busy`
of() {
	python3 -c "import json
r = json.load(open('$work/record.json'))
launches = r['cases'][0]['launches']
reasons = {w['name']: w.get('reason', 'looked at') for w in r['witnesses']}
witness, busy = reasons['smi'], reasons['busy_frequency_ratio']
print($1)"
}

echo "# $(smi_count) since the machine began"
claim "a run on a quiet machine" measure_record
claim "the register was looked at" equal "looked at" "$(of witness)"
claim "each launch knows that none came" equal "[0, 0, 0]" "$(of '[l["host"]["smi"] for l in launches]')"
claim "... and no sample has the cause" equal 0 "$(of 'sum("smi" in s["causes"] for l in launches for s in l["samples"])')"
claim "a processor that does not count its cycles has no busy frequency, and says so" matches "aperfmperf in /proc/cpuinfo" "$(of busy)"
claim "... and no launch claims a number" equal False "$(of 'any("busy_frequency_ratio" in l["host"] for l in launches)')"

sed 's/^flags.*/& aperfmperf/' /proc/cpuinfo >cpuinfo
mount --bind cpuinfo /proc/cpuinfo
claim "a run where the processor says that it counts them, and they never grow" measure_record
umount /proc/cpuinfo
claim "... tells that they stand still" matches "stand still" "$(of busy)"
claim "... and no launch claims a number" equal False "$(of 'any("busy_frequency_ratio" in l["host"] for l in launches)')"
claim "... while other registers tell as before" equal "[0, 0, 0]" "$(of '[l["host"]["smi"] for l in launches]')"

before=$(smi_count)
taskset -c "$bench_cpu" python3 -c "import os, time
ports = os.open('/dev/port', os.O_WRONLY)
while True:
	os.pwrite(ports, b'\0', 0xb2)
	time.sleep(0.02)" &
firmware=$!
wait_for 20 eval '[ "$(smi_count)" != "$before" ]'
claim "a run beside a busy firmware" measure_record
kill "$firmware"
wait "$firmware" 2>/dev/null
echo "# $(of '[l["host"]["smi"] for l in launches]') in the launches, $(($(smi_count) - before)) in all"
claim "each launch knows that some came" equal True "$(of 'all(l["host"]["smi"] > 0 for l in launches)')"
claim "... no more than the register counted" equal True "$(of "sum(l['host']['smi'] for l in launches) <= $(smi_count) - $before")"
claim "... and each of its samples has the cause" equal True \
	"$(of 'all("smi" in s["causes"] for l in launches for s in l["samples"])')"

measure_record --witnesses none
claim "who wants no witnesses has none of it" equal "False []" \
	"$(python3 -c "import json
r = json.load(open('$work/record.json'))
names = {'smi', 'busy_frequency_ratio'}
print(any(names & l.get('host', {}).keys() for l in r['cases'][0]['launches']), [w for w in r['witnesses'] if w['name'] in names])")"

chmod 777 "$work"
rm -f record.json
setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$work" XDG_STATE_HOME="$work/state" "$stablebench" run --profile gentle \
	--launches 1 --samples 2 --sample-time 1ms --quiet --filter truth/constant --json "$work/record.json" "$selftest" >out 2>err
claim "without root the reason is just that" equal "needs root" "$(of witness)"
claim "... and no launch claims a number" equal False "$(of 'any("smi" in l["host"] for l in launches)')"

rmmod msr
measure_record
claim "without the device its module is named" matches "/dev/cpu/N/msr.*modprobe msr" "$(of witness)"
claim "... and no launch claims a number" equal False "$(of 'any("smi" in l["host"] for l in launches)')"
finish
