#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `stablebench events`, and the counters of a run on this machine, whatever it has: software events are everywhere.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/machines.sh"

events_of() {
	python3 -c 'import json, sys
for event in json.load(open(sys.argv[1]))["events"]:
	print(event["name"], event.get("state", "-"), event.get("event", "-"))' "$work/out"
}
lists() {
	events_of | grep -qx -- "$1" || { echo "no line '$1' in:"; events_of | head -n 20; return 1; }
}
prints_none_of() {
	! grep -E -e "$1" "$work/out"
}
lists_none_of() {
	! events_of | grep -E -- "$1"
}

run events --format json
claim "events of this machine are listed" exits 0
claim "a software event counts" lists 'page-faults counts .*'
claim "a set is listed without a state" lists '@default - -'
claim "large tables are left out" lists_none_of '^sched:'

run events --format json 'PAGE-faults|no-such-thing'
claim "a filter is a regular expression without regard to case" exits 0
claim "what matches is listed" lists 'page-faults counts .*'
claim "what does not is left out" lists_none_of '^(cycles|task-clock)'

run events --format json page-faults:u,task-clock
claim "a list of events can be asked for" exits 0
claim "each of them is there" lists 'page-faults:u counts .*:u'

run events cylces
claim "a mistyped event is an error" exits 1
claim "the nearest name is offered" says "nearest: .*'cycles'"
run events '('
claim "a filter has to be a regular expression" exits 2
run events "$(printf '%2000s' '' | tr ' ' '(')$(printf '%2000s' '' | tr ' ' ')')"
claim "one whose groups are too deep is none" exits 2
claim "which is told" says "its groups are too deep"

for machine in intel-hybrid intel-client amd-pstate-epp arm-server vm; do
	machine_unpack "$machine"
	run events --sysroot "$tree" --format json --all
	claim "$machine: events are listed" exits 0
	claim "$machine: nothing is tried" lists_none_of ' (counts|denied|silent|lost) '
	claim "$machine: there are cycles" lists 'cycles untried .*'
done

# libpfm4 knows a recorded machine's processor, though it is not the one here
fills=ANY_DATA_CACHE_FILLS_FROM_SYSTEM:LCL_L2:LOCAL_CCX:NEAR_CACHE_NEAR_FAR:DRAM_IO_NEAR:FAR_CACHE_NEAR_FAR:DRAM_IO_FAR:ALT_MEM_NEAR_FAR
response=OFFCORE_RESPONSE_0:DMND_DATA_RD:DMND_RFO:L3_MISS_LOCAL:SNP_NOT_NEEDED:SNP_MISS
machine_unpack intel-client
run events --sysroot "$tree" --format json @cache
claim "a recorded Intel has its own events" lists 'l1d-misses untried skl::L1D:REPLACEMENT:u'
run events --sysroot "$tree" --format json "$response"
claim "a name of more than 63 letters can be asked for" lists "$response untried skl::$response:u"
machine_unpack amd-pstate-epp
run events --sysroot "$tree" --format json @cache,@tlb
claim "a recorded AMD has its own" lists "l1d-misses untried amd64_fam19h_zen4::$fills:u"
claim "with a spelling that is whole" lists 'dtlb-misses untried .*L1_DTLB_MISS:.*:TLB_RELOAD_4K_L2_MISS:u'
machine_unpack intel-hybrid
run events --sysroot "$tree" --format json @topdown
claim "terms of a recorded PMU are laid out by its format" lists 'topdown-slots untried cpu_core/event=0xa4,umask=0x1/u'
rm -r "$tree"/sys/devices/cpu_core/format
run events --sysroot "$tree" --format json @topdown
claim "one that was recorded without it says so" prints "recorded without the format of its PMU 'cpu_core'"
machine_unpack amd-pstate-epp
if command -v script >/dev/null && command -v stty >/dev/null; then
	env TERM=xterm script -qec "stty cols 80; '$stablebench' events --sysroot '$tree' '$fills,cycles'" /dev/null \
		</dev/null | tr -d '\r' >"$work/out"
	claim "on a terminal a long name has a line of its own" prints "^  $fills\$"
	claim "and its state stands in its column below" prints '^ {35}untried +'
	claim "where that of others is" prints '^  cycles {27}untried +'
fi

# which PMU counts an event stands in its row, as it does in JSON: a hybrid has several
machine_unpack intel-hybrid
for cpu in 2:cpu_core 10:cpu_atom; do
	run events --sysroot "$tree" --cpus "${cpu%:*}" --all
	claim "${cpu#*:}: a generic name of the kernel has its PMU" prints "^  cpu-cycles .*; PMU ${cpu#*:}\$"
	claim "${cpu#*:}: so has an event of libpfm4 that a set names" prints "^  cycles .*:u; PMU ${cpu#*:}\$"
done
claim "an event by the PMU's own terms has it once" prints_none_of '^  .*cpu_atom/.*; PMU cpu_atom'
claim "what the kernel counts itself says so" prints '^  page-faults .*; PMU software$'

machine_unpack vm
for pmu in $'esc\e[2J' $'line\nforged'; do
	mkdir -p "$tree/sys/bus/event_source/devices/$pmu/events"
	echo 99 >"$tree/sys/bus/event_source/devices/$pmu/type"
	echo config=1 >"$tree/sys/bus/event_source/devices/$pmu/events/harmful"
done
is_harmless() {
	[ "$(LC_ALL=C tr -d '[:print:]\n\t' <"$work/out" | wc -c)" = 0 ] && ! grep -n "forged" "$work/out"
}
for format in text json; do
	run events --sysroot "$tree" --format "$format" --all
	claim "names of a recorded tree are listed as $format" exits 0
	claim "without what a terminal would obey, or a line of theirs" is_harmless
done

run run "${quick[@]}" --filter truth/constant --json "$work/record.json" --counters page-faults,context-switches "$selftest"
counters() {
	python3 -c 'import json, sys
case = json.load(open(sys.argv[1]))["cases"][0]
for name, counter in case["counters"].items():
	print(name, counter["status"])
print(sorted(case["launches"][0]["samples"][0]["counters"]))' "$work/record.json"
}
counted() {
	matches "$1" "$(counters)"
}
claim "counters are in the record" counted 'page-faults counted'
claim "every sample has them" counted "\['context-switches', 'page-faults'\]"
partly() {
	python3 -c 'import json, sys
case = json.load(open(sys.argv[1]))["cases"][0]
samples = [s for launch in case["launches"] for s in launch["samples"] if not s.get("set_aside")]
counted = sum(not s.get("uncounted") for s in samples)
for name, counter in case["counters"].items():
	fits = counter["status"] == "counted" and 0 < counted < len(samples) and counted == counter["counted"]
	sys.exit(not (fits and counter["samples"] == len(samples) == 20))' "$work/record.json" || { counters; return 1; }
}
run run --launches 2 --samples 10 --sample-time 1ms --filter hostile/stop_counters --counters page-faults \
	--json "$work/record.json" "$selftest"
claim "a counter that is stopped in the midst of launches says so" prints \
	'stop_counters: page-faults .*; counted in [0-9]+ of 20 samples only: page-faults$'
claim "so does the record, and how often" partly
run show "$work/record.json"
claim "so does the record when it is shown" prints '; counted in [0-9]+ of 20 samples only: page-faults$'
long=software/config=0x$(printf '%0200d' 2)/
run run "${quick[@]}" --filter truth/constant --counters "$long" --require-counters --json "$work/record.json" "$selftest"
claim "a name of more than 200 letters is counted" counted "$long counted"
run show "$work/record.json"
claim "and told, in full, of a record" prints " $long [0-9]"
run run "${quick[@]}" --filter truth/constant --counters "software/config=0x$(printf '%0255d' 2)/" "$selftest"
claim "one of more than 255 is refused" exits 2
claim "which is told" says "has more than 255 letters"
run run "${quick[@]}" --filter truth/constant --counters none --json "$work/record.json" "$selftest"
claim "none are counted where none are wanted" prints '^case'
claim "the record then has none" sh -c "! grep -q '\"counters\":{\"' '$work/record.json'"
run run "${quick[@]}" --filter truth/constant --counters page-fualts "$selftest"
claim "an unknown event ends a run before it begins" exits 2
for event in software/config=10/ software/config=0,config1=1/ tracepoint/config=1/; do
	run run "${quick[@]}" --filter truth/constant --counters "page-faults,$event" "$selftest"
	claim "so does $event" exits 2
	claim "in a sentence" says "'$event' is no (software event|tracepoint)"
done
run run "${quick[@]}" --filter truth/constant --counters page-faults,context-switches:u "$selftest"
claim "what would stay at 0 for its scope ends it too" exits 2
claim "in a sentence of its own" says "'context-switches:u' would stay at 0"

# registers of the CPU: those that stand still are counted all the same
if [ "$(id -u)" = 0 ] && [ -e /sys/bus/event_source/devices/msr/events/smi ]; then
	run run "${quick[@]}" --filter truth/constant --json "$work/record.json" --counters msr/tsc/,msr/smi/,task-clock "$selftest"
	claim "registers are counted" counted 'msr/tsc/ counted'
	claim "so is one that stands still" counted 'msr/smi/ counted'
	time_of() {
		python3 -c 'import json, sys
clock = json.load(open(sys.argv[1]))["cases"][0]["counters"]["task-clock"]
sys.exit(not (clock["unit"] == "s" and 0 < clock["per_iteration"] < 1))' "$work/record.json"
	}
	claim "a clock counts seconds" time_of
else
	echo "registers of the CPU: skipped: needs root and the PMU 'msr'"
fi
run run "${quick[@]}" --filter truth/constant --counters irq:no_such_tracepoint --require-counters "$selftest"
claim "a required counter that is not to be had is exit 5" exits 5
claim "the reason is told" says "irq:no_such_tracepoint: "
many=context-switches,cpu-migrations,page-faults,minor-faults,major-faults,task-clock,cpu-clock,alignment-faults,emulation-faults
run run "${quick[@]}" --filter truth/constant --counters "$many" --require-counters "$selftest"
claim "so is one for whose pass no launch was left" exits 5
claim "with its reason, after the report" says "not had: '.*' of selftest/truth/constant: there were fewer launches than passes"
run run "${quick[@]}" --launches 2 --filter truth/constant --counters "$many" --require-counters "$selftest"
claim "two launches have them all" does_not_say "required counters"
claim "... and end as they would without" test "$status" != 5
finish
