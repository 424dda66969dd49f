#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/machines/record and unpack: an archive is its own record, a record of this machine can be looked at, and holds
# nothing that tells whose machine it is.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machines.sh"
. "$machine_folder/faithful.sh"
record=$machine_folder/record

# plain FILE: an archive without its comments
plain() {
	sed '2,${/^#/d}' "$1"
}

is_its_own_record() {
	"$record" --root "$tree" >"$work/again" && diff <(plain "$machine_folder/$1.machine") "$work/again"
}

for machine in $(machine_names); do
	machine_unpack "$machine"
	claim "$machine: the archive is the record of its tree" is_its_own_record "$machine"
done

# What would tell: identifiers of this machine as far as they can be read, each with what it is.
identifiers() {
	for file in /etc/machine-id /var/lib/dbus/machine-id /proc/sys/kernel/random/boot_id /sys/class/net/*/address \
		/sys/class/dmi/id/*_serial /sys/class/dmi/id/*_uuid /sys/class/dmi/id/*_tag /sys/block/*/serial /sys/block/*/wwid; do
		[ -r "$file" ] && tr -d ' \n' <"$file" 2>/dev/null && echo
	done
	grep -oE '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}' /proc/cmdline
	find /dev/disk/by-uuid /dev/disk/by-partuuid -type l -printf '%f\n' 2>/dev/null
}

"$record" >"$work/this.machine"
claim "this machine can be recorded" equal 0 $?
identifiers | awk 'length >= 8 && !/^[0:.-]*$/' | sort -u >"$work/identifiers"
holds_none() {
	! grep -nF -f "$1" "$2"
}
claim "the search finds an identifier" eval '! holds_none <(echo sys/devices/system/cpu/online) "$work/this.machine"'
claim "the record holds none of $(wc -l <"$work/identifiers") identifiers of this machine" \
	eval '[ ! -s "$work/identifiers" ] || holds_none "$work/identifiers" "$work/this.machine"'
"$machine_folder/unpack" "$work/this.machine" "$work/this"
claim "it can be laid out" equal 0 $?
run doctor --sysroot "$work/this" --format json
claim "and looked at" matches '^[05]$' "$status"
chosen() {
	python3 -c 'import json, sys; print(next(c["value"] for c in json.load(sys.stdin)["conditions"] if c["knob"] == "cpus"))'
}
recorded=$(chosen <"$work/out")
run doctor --format json
claim "the choice of CPUs is that of the machine itself" equal "$(chosen <"$work/out")" "$recorded"

# pmu_events OPTION...: those of PMUs in sysfs, and what becomes of each
pmu_events() {
	"$stablebench" events --all --format json "$@" 2>"$work/err" | python3 -c '
import json, sys
for event in json.load(sys.stdin)["events"]:
    if event["source"] == "sysfs":
        print(event["name"], event["event"], event["pmu"], event.get("unit"))' | sort
}
claim "so are the events of its PMUs" equal "$(pmu_events)" "$(pmu_events --sysroot "$work/this")"

# the files of a record are its owner's to write, those of the machine are root's
[ "$(id -u)" != 0 ] || claim "doctor finds on the record what it finds here" shows_the_same "$work/this"

# A machine that is full of names
other=$work/other
mkdir -p "$other"/{etc,proc/self,proc/sys/kernel/random,proc/sys/vm,sys/class/net,sys/class/dmi/id,sys/devices/pci0/net/enxaabbccddeeff}
echo "secrethost.example.org" >"$other/proc/sys/kernel/hostname"
echo "01234567-89ab-cdef-0123-456789abcdef" >"$other/proc/sys/kernel/random/boot_id"
echo 1 >"$other/proc/sys/vm/stat_interval"
echo "root=UUID=deadbeef-0000-4000-8000-123456789abc ip=10.1.2.3 isolcpus=2-3 mitigations=off" >"$other/proc/cmdline"
printf 'processor\t: 0\nSerial\t\t: 00000000deadbeef\n' >"$other/proc/cpuinfo"
printf '0::/docker/%064d/secrethost\n' 7 | sed 's/0/a/2g' >"$other/proc/self/cgroup"
printf 'secrethost:/home /home nfs rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n' >"$other/proc/mounts"
printf ' 24:  0  PCI-MSI  enxaabbccddeeff aa:bb:cc:dd:ee:ff 0000:00:1f.6\n' >"$other/proc/interrupts"
printf 'NAME=x\nPRETTY_NAME="Linux"\nMACHINE="secrethost"\n' >"$other/etc/os-release"
echo SN12345678 >"$other/sys/class/dmi/id/product_serial"
ln -s ../../devices/pci0/net/enxaabbccddeeff "$other/sys/class/net/enxaabbccddeeff"
echo aa:bb:cc:dd:ee:ff >"$other/sys/devices/pci0/net/enxaabbccddeeff/address"
echo 2 >"$other/sys/devices/pci0/net/enxaabbccddeeff/ifindex"
ln -s /etc/passwd "$other/proc/loadavg"
mkdir -p "$other"/sys/bus/event_source/devices "$other"/sys/devices/cpu/{events,format}
ln -s ../../../devices/cpu "$other/sys/bus/event_source/devices/cpu"
echo 4 >"$other/sys/devices/cpu/type"
echo event=0xcd,umask=0x1,ldlat=3 >"$other/sys/devices/cpu/events/mem-loads"
echo config:0-7,32-35 >"$other/sys/devices/cpu/format/event"
"$record" --root "$other" >"$work/other.machine"
claim "a machine full of names can be recorded" equal 0 $?
claim "host, MAC address, UUID, serial number, address and container are not in it" \
	eval '! grep -niE "secret|aabbcc|aa:bb|deadbeef|aaaaaa|SN123|10\.1\.2|456789|MACHINE=" "$work/other.machine"'
claim "what matters for a measurement is" matches "^0644 proc/cmdline = isolcpus=2-3 mitigations=off$" "$(cat "$work/other.machine")"
claim "so are the events of a PMU" matches "^0644 sys/devices/cpu/events/mem-loads = event=0xcd,umask=0x1,ldlat=3$" "$(cat "$work/other.machine")"
claim "and how their terms are laid out" matches "^0644 sys/devices/cpu/format/event = config:0-7,32-35$" "$(cat "$work/other.machine")"
claim "so is the bus address" matches "0000:00:1f.6" "$(cat "$work/other.machine")"
claim "the network interface has a number for a name" \
	matches "^0644 sys/devices/pci0/net/enx000000000000/ifindex = 2$" "$(cat "$work/other.machine")"
claim "a link that leads out is left out" eval '! grep -E "root:|loadavg = " "$work/other.machine"'
claim "the folder that is a host's name elsewhere stays" matches "^0644 proc/sys/vm/stat_interval = 1$" "$(cat "$work/other.machine")"

# Archives of others
refused() {
	printf '# stablebench machine 1\n%b\n' "$1" >"$work/bad.machine"
	"$machine_folder/unpack" "$work/bad.machine" "$work/bad" 2>"$work/err" && { echo "it was laid out"; return 1; }
	rm -rf "$work/bad"
	matches "$2" "$(cat "$work/err")"
}
claim "unpack refuses a path that leads out" refused "0644 ../x = 1" "leads out"
claim "unpack refuses an absolute path" refused "0644 /tmp/x = 1" "leads out"
claim "unpack refuses a link that leads out" refused "link sys/x -> ../../x" "leads out"
claim "unpack refuses an absolute link" refused "link sys/x -> /etc" "leads out"
claim "unpack refuses to write through a link" refused "link sys/x -> y\n0644 sys/x/z = 1" "goes through a link"
claim "unpack refuses a file that is there already" refused "0644 sys/x = 1\n0644 sys/x = 2" "File exists"
claim "unpack refuses what it does not understand" refused "sys/x = 1" "line 2 is not understood"
claim "unpack refuses other versions" eval 'echo "# stablebench machine 2" >"$work/bad.machine"; ! "$machine_folder/unpack" "$work/bad.machine" "$work/bad"'
finish
