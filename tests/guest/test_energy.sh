#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Energy: a PMU of two packages whose power is known (power-pmu), counted for a whole package and told per iteration.
. "$(dirname "$0")/lib.sh"
in_guest -s 4,sockets=2,cores=2,threads=1
module=/run/guest/power_pmu.ko
[ -s "$module" ] || skip "this kernel's headers could not be downloaded, to build a PMU with"
command -v python3 >/dev/null || skip "python3 is not installed, which reads records"
cp "$abs_top_builddir/tests/guest/bench_count" "$work"
cd "$work" || exit 1
chmod 755 "$work"
mkdir -m 700 nobody
chown 65534:65534 nobody
paranoid=/proc/sys/kernel/perf_event_paranoid

events() {
	"$stablebench" events --no-config "$@" >listed 2>errors || { cat errors; return 1; }
}
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$stablebench" events --no-config \
		--run-dir "$work/nobody" "$@" >listed 2>errors || { cat errors; return 1; }
}
# states NAME STATE...: of an event, by its line; the number of its reason is left out
states() {
	while [ $# -gt 1 ]; do
		equal "$2" "$(sed -n "s|^  $1 *\([a-z]*\).*|\1|p" listed | head -n 1)" || { echo "$1"; cat listed; return 1; }
		shift 2
	done
}
reason() {
	matches "$1" "$(tr -s ' \n' ' ' <listed)"
}

claim "without such a PMU the list says so" events @energy
claim "... of each word" states energy-package unsupported energy-cores unsupported

claim "a PMU of known power is there" insmod "$module"
claim "it names a CPU of each package" holds /sys/bus/event_source/devices/power/cpumask 0,2
claim "its events are listed" events energy
claim "they count" states energy-package counts energy-cores counts power/energy-pkg/ counts
claim "what it has not is not there" states energy-memory unsupported
claim "the list is JSON too" events energy-package --format json
claim "... and names the PMU and the unit" matches '"pmu": "power", "unit": "J"' "$(tr -s ' \n' ' ' <listed)"
claim "it is on the other package as well" events power/energy-pkg/ --cpus 3
claim "... whose CPU the PMU names" states power/energy-pkg/ counts
claim "a scope cannot be told" events power/energy-pkg/u
claim "... and the reason says so" reason "ask without a scope"
claim "a probe's PMU is for nobody" events kprobe/config=1/,uprobe/config=1/
claim "... though its kernel has one" states kprobe/config=1/ denied uprobe/config=1/ denied

echo 2 >"$paranoid"
claim "a user asks for it" as_nobody energy-package
claim "... and is denied" states energy-package denied
claim "... with the reason" reason "perf_event_paranoid is 2: what counts for everybody is not for users above 0; run with sudo"
echo 0 >"$paranoid"
claim "a user asks at 0" as_nobody energy-package
claim "... and counts" states energy-package counts
echo 2 >"$paranoid"

# run COUNTERS OPTION...: of $case in $bench; status, and record.json
bench=$selftest case=selftest/truth/constant
run() {
	"$stablebench" run --no-config --profile gentle --launches 3 --samples 40 --sample-time 10ms --filter "$case" --exact \
		--counters "$1" --json record.json "${@:2}" "$bench" >out 2>errors
	status=$?
}
# However far apart launches are: a busy machine makes them so, and a joule is a joule.
measured() {
	matches '^[04]$' "$status" || { tail -n 5 errors; return 1; }
}
# record EXPRESSION [COUNTER]: of the case, its counters and those of its launches that had COUNTER
record() {
	python3 -c "
import json, math
c = json.load(open('record.json'))['cases'][0]
n = c['counters']
l = [[s for s in x['samples'] if not s.get('set_aside')] for x in c['launches'] if '${2:-}' in x.get('counter_overhead', {})]
def near(one, other, share): return 'yes' if abs(one / other - 1) < share else f'{one} is not {other}'
# what so many watts use in an iteration of the launches that counted it, which are averaged by their logarithms
def truth(watts): return math.exp(sum(math.log(watts * sum(s['time_s'] for s in x) / sum(s['iterations'] for s in x)) for x in l) / len(l))
print($1)"
}
W=14.901161 # 64 units of 2^-32 J in each of 10^9 ns

run @energy --cpus 1
claim "energy is counted beside a benchmark" measured
claim "an iteration uses the package's power for its time" equal yes \
	"$(record "near(n['energy-package']['per_iteration'], truth($W), 0.05)" energy-package)"
claim "... its cores half of it" equal yes "$(record "near(n['energy-cores']['per_iteration'], truth($W / 2), 0.05)" energy-cores)"
claim "it is called energy" equal yes "$(record "near(c['derived']['energy'], n['energy-package']['per_iteration'], 1e-9)")"
claim "in joules" equal "J J" "$(record "n['energy-package']['unit'] + ' ' + n['energy-cores']['unit']")"
claim "and is the package's" equal "package package" \
	"$(record "n['energy-package']['reach'] + ' ' + n['energy-cores']['reach']")"
claim "the report says whose it is" matches "of the whole package, whoever used it: energy-package, energy-cores" \
	"$(tr -s ' \n' ' ' <out)"
claim "... in a unit of its size" matches 'energy-package [0-9.]+ (n|u)J' "$(tr -s ' \n' ' ' <out)"
claim "what there is none of has its reason" equal unsupported "$(record "n['energy-memory']['status']")"

run power/energy-pkg/,page-faults,power/energy-cores/ --cpus 3
claim "the other package is counted" measured
claim "... with twice the power" equal yes \
	"$(record "near(n['power/energy-pkg/']['per_iteration'], truth(2 * $W), 0.05)" power/energy-pkg/)"
claim "a task's event stays the benchmark's" equal task "$(record "n['page-faults'].get('reach', 'task')")"
claim "... and is in launches of its own" equal "page-faults power/energy-cores/,power/energy-pkg/" \
	"$(record "' '.join(sorted({','.join(sorted(x['counter_overhead'])) for x in c['launches']}))")"

case=selftest/truth/threads/threads=2
run energy-package --cpus 0-1
# QEMU runs one CPU at a time, so that threads wait long for each other
claim "two threads of one package have its energy for as long as the slowest takes" equal True \
	"$(record "0.97 < n['energy-package']['per_iteration'] / truth($W) < 3" energy-package)"
bench=$work/bench_count case=count/count/family
run energy-package --cpus 1
claim "so have threads and children that the benchmark makes" equal "yes True" \
	"$(record "near(n['energy-package']['per_iteration'], truth($W), 0.05), 'sum' in c['flags']" energy-package)"
bench=$selftest case=selftest/truth/constant

run energy-package --cpus 1,3
claim "CPUs of two packages are measured" measured
claim "... have no one count" equal unsupported "$(record "n['energy-package']['status']")"
claim "... and are told so" matches "not for all CPUs of the benchmark" "$(record "n['energy-package']['reason']")"
run energy-package --cpus 1,3 --require-counters
claim "where it is required that is exit 5" equal 5 "$status"

set -- setpriv --reuid 65534 --regid 65534 --clear-groups
"$@" "$stablebench" run --no-config --profile gentle --launches 1 --samples 2 --filter truth/constant --counters @energy \
	--run-dir "$work/nobody" --json "$work/nobody/record.json" "$selftest" >out 2>errors
status=$?
claim "a user's run goes on without" measured
claim "... and says why" matches "denied: kernel.perf_event_paranoid is 2" "$(tr -s ' \n' ' ' <out)"
finish
