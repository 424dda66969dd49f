#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Interrupts of the firmware: the register that counts them is root's, so the keeper reads it around each launch, while the
# front has no powers any more. A launch in which none came says so, one in which some came has the cause, and where the
# register cannot be had the record says why. QEMU's processor counts in that register what its firmware serves.
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

# of EXPRESSION: of `launches` and the reason of the `witness`
of() {
	python3 -c "import json
r = json.load(open('$work/record.json'))
launches = r['cases'][0]['launches']
witness = [w for w in r['witnesses'] if w['name'] == 'smi'][0].get('reason', 'looked at')
print($1)"
}

echo "# $(smi_count) since the machine began"
claim "a run on a quiet machine" measure_record
claim "the register was looked at" equal "looked at" "$(of witness)"
claim "each launch knows that none came" equal "[0, 0, 0]" "$(of '[l["host"]["smi"] for l in launches]')"
claim "... and no sample has the cause" equal 0 "$(of 'sum("smi" in s["causes"] for l in launches for s in l["samples"])')"

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
print(any('smi' in l.get('host', {}) for l in r['cases'][0]['launches']), [w for w in r['witnesses'] if w['name'] == 'smi'])")"

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
