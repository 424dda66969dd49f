# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh - what the tests in a guest share. A test is one script: outside it boots a guest which runs the same script
# again; there it is root of a machine of its own, with four CPUs on two cores. Starting a program costs 50 ms there,
# so that what waits or looks does it with bash alone.
set -u
guest_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$guest_directory/../claims.sh"
: "${abs_top_builddir:=$PWD}"
stablebench=$abs_top_builddir/stablebench
selftest=$abs_top_builddir/bench/bench_selftest
cpus=/sys/devices/system/cpu
boost=$cpus/cpufreq/boost
journal=/run/stablebench/journal
work=/run/test
if [ -n "${STABLEBENCH_IN_GUEST:-}" ]; then
	# a clone may lie where only its owner looks, and some claims are about other users
	stablebench=$work/stablebench
	selftest=$work/bench_selftest
fi

# in_guest [VM-RUN-OPTION]...: outside, does not come back. `in_guest -A arm64` builds the programs for that guest first.
# STABLEBENCH_GUEST_KERNEL, _OPTIONS, _SECONDS in the environment: the same test on another guest (docs/evidence.sh).
in_guest() {
	# shellcheck disable=SC2086 # a list of options
	set -- "$@" ${STABLEBENCH_GUEST_OPTIONS:-}
	if [ -z "${STABLEBENCH_IN_GUEST:-}" ]; then
		need_built "$stablebench"
		need_built "$selftest"
		need_built "$abs_top_builddir/tests/guest/snapshot"
		rm -f "$claims_output"
		if [ "${1:-}${2:-}" = -Aarm64 ]; then
			"$guest_directory/cross-build" "$abs_top_builddir/arm64" || exit
			abs_top_builddir=$abs_top_builddir/arm64
		fi
		local name passed=()
		for name in "${!STABLEBENCH_DRILL_@}"; do
			passed+=("$name=${!name}")
		done
		exec "$guest_directory/vm-run" -t "${STABLEBENCH_GUEST_SECONDS:-1800}" -k "${STABLEBENCH_GUEST_KERNEL:-6.1}" \
			-v "$(dirname "$guest_directory")" -v "$abs_top_builddir" "$@" \
			env "${passed[@]}" abs_top_builddir="$abs_top_builddir" bash "$guest_directory/${0##*/}"
	fi
	# an inner process group for each job, as an interactive shell gives it: Ctrl-C reaches the front alone
	set -m
	mkdir -p "$work"
	cp "$abs_top_builddir/stablebench" "$abs_top_builddir/bench/bench_selftest" "$work"
	mkfifo "$work/idle"
}

pause() {
	read -rt "$1" <>"$work/idle" || true
}

microseconds() {
	echo "${EPOCHREALTIME/./}"
}

# wait_for SECONDS COMMAND...: true as soon as COMMAND is. The limit is what a guest needs that has a CPU to itself, and no
# claim: ten times as much is waited, since the machine below may be busy.
wait_for() {
	local deadline=$((${EPOCHREALTIME/./} + $1 * 10000000))
	until "${@:2}"; do
		[ "${EPOCHREALTIME/./}" -lt "$deadline" ] || return 1
		pause 0.01
	done
}

cpufreq() {
	echo "$cpus/cpu$1/cpufreq/$2"
}

# holds FILE VALUE
holds() {
	local value
	read -r value <"$1" && [ "$value" = "$2" ]
}

set_boost() {
	[ ! -e "$boost" ] || echo "$1" >"$boost"
}

boost_holds() {
	[ ! -e "$boost" ] || holds "$boost" "$1"
}

# A guest has boost by the kernel's boot parameter setcpuid, or else by a module, which needs the kernel's headers.
boost_claim() {
	if [ -e "$boost" ]; then
		claim "$@"
	else
		echo "# skipped: $1: no boost here, since this kernel's headers could not be downloaded"
	fi
}

boost_look() {
	boost_claim "$@" && [ -e "$boost" ] && looked="$looked boost"
}

# What nobody would assume: a governor of its own on each CPU, a speed and a limit that are nobody's default.
set_odd_values() {
	echo ondemand >"$(cpufreq 0 scaling_governor)"
	echo powersave >"$(cpufreq 1 scaling_governor)"
	echo userspace >"$(cpufreq 2 scaling_governor)"
	echo 1600000 >"$(cpufreq 2 scaling_setspeed)"
	echo conservative >"$(cpufreq 3 scaling_governor)"
	echo 2600000 >"$(cpufreq 3 scaling_max_freq)"
	set_boost "$1"
}

odd_values_are_back() {
	holds "$cpus/cpu0/cpufreq/scaling_governor" ondemand && holds "$cpus/cpu1/cpufreq/scaling_governor" powersave &&
		holds "$cpus/cpu2/cpufreq/scaling_governor" userspace && holds "$cpus/cpu2/cpufreq/scaling_setspeed" 1600000 &&
		holds "$cpus/cpu3/cpufreq/scaling_governor" conservative && boost_holds "$1"
}

tuned() {
	holds "$cpus/cpu2/cpufreq/scaling_governor" performance && boost_holds 0
}

# The P-state register of a CPU: 10 is 3 GHz, 11 2.6, 12 2.2, 13 1.6, 14 0.8 (make-acpi-table).
pstate_register() {
	od -An -tx1 -j$((224 + $1)) -N1 /dev/port | tr -d ' '
}

# Bit 38 of MSR 0x1a0, "turbo off", as each of the four CPUs has it.
turbo_off_bits() {
	local cpu value
	for cpu in 0 1 2 3; do
		value=$(od -An -tu8 -j$((0x1a0)) -N8 "/dev/cpu/$cpu/msr")
		printf %d $(((value >> 38) & 1))
	done
}

# snapshot: every setting that can be written, besides those that change by themselves
snapshot() {
	"$abs_top_builddir/tests/guest/snapshot" "$guest_directory/ignore.txt"
}

# same_as_before FILE: the machine is as the snapshot in FILE says
same_as_before() {
	snapshot | diff "$1" - && settle_looks
}

# Proofs that a knob does on this kernel what it says. What was looked at counts when it has been seen to be back, and
# only where no claim of the whole test is broken; docs/evidence.sh makes its table of the lines that finish then prints.
looked= proven=

# look KNOB[,KNOB]... CLAIM COMMAND...: a claim about what these knobs hold that rests on no word of the program's: COMMAND
# asks the hardware, a file of the kernel's or another process.
look() {
	claim "${@:2}" && looked="$looked ${1//,/ }"
}

settle_looks() {
	proven="$proven $looked"
	looked=
}

# put_back CLAIM COMMAND...: where a whole snapshot cannot be the same, what was looked at is
put_back() {
	claim "$@" && settle_looks
}

guest_name() {
	local release machine name
	release=$(uname -r)
	machine=$(uname -m)
	[[ $release =~ ^[0-9]+\.[0-9]+ ]] && name="${machine/x86_64/x86-64} ${BASH_REMATCH[0]}"
	holds /proc/1/comm systemd && name="$name systemd"
	[ ! -e /sys/devices/system/node/node1 ] || name="$name 2 nodes"
	echo "$name"
}

print_proofs() {
	local knob
	[ -n "$proven" ] && [ "$claims_broken" = 0 ] || return 0
	for knob in $(printf '%s\n' $proven | sort -u); do
		echo "# proven|$(guest_name)|$knob"
	done
}
claims_epilogue=print_proofs

journal_is_empty() {
	[ ! -s "$journal" ]
}

processes_of() {
	local directory
	found=
	for directory in /proc/[0-9]*; do
		[ ! "$directory/exe" -ef "$1" ] || found="$found ${directory#/proc/}"
	done
	[ -n "$found" ]
}

none_of() {
	! processes_of "$1" || { echo "still there:$found"; return 1; }
}

# remember NAME PID: keeps /proc/PID/status, since a launch is over before all has been asked about it
remember() {
	local text
	read -rd '' text <"/proc/$2/status"
	echo "$text" >"$work/$1.status"
}

# status_of NAME FIELD: of a process that was remembered
status_of() {
	local field value
	while read -r field value; do
		[ "$field" != "$2:" ] || echo $value
	done <"$work/$1.status"
}

# Measures the case with a known constant cost, for a minute or for a moment. Called as
# "${measure_long[@]}" OPTION... "$selftest", since of a function in the background $! would be a shell.
measure=("$stablebench" run --filter constant --quiet)
measure_long=("${measure[@]}" --launches 60 --max-time 120s --samples 10 --sample-time 100ms)
measure_short=("${measure[@]}" --launches 1 --samples 3 --sample-time 1ms)

# start_run OPTION...: a run in the background, until a launch is at work on the tuned host; sets front, keeper and
# bench to their process numbers
start_run() {
	"${measure_long[@]}" --profile standard "$@" "$selftest" >"$work/out" 2>"$work/err" &
	front=$!
	wait_for 20 tuned || { echo "the host was not tuned in time; $(tail -n 3 "$work/err")"; return 1; }
	wait_for 20 processes_of "$selftest" || { echo "no launch in time; $(tail -n 3 "$work/err")"; return 1; }
	set -- $found
	bench=$1
	remember bench "$bench"
	remember front "$front"
	processes_of "$stablebench"
	for keeper in $found; do
		remember keeper "$keeper"
		[ "$(status_of keeper PPid)" != "$front" ] || return 0
	done
	echo "the front has no keeper"
	return 1
}

interrupt() {
	kill -INT "-$front" 2>/dev/null # it may have ended already
}

# end_run: waits for it; sets status
end_run() {
	wait "$front" 2>/dev/null # without the shell's word about a killed job
	status=$?
}

# start_irqbalance: in a guest with systemd and more than one CPU; it looks each second instead of each ten. Sets
# irqbalance_socket.
start_irqbalance() {
	echo IRQBALANCE_ARGS=--interval=1 >/etc/default/irqbalance
	systemctl start irqbalance || return
	irqbalance_socket=/run/irqbalance/irqbalance$(systemctl show -P MainPID irqbalance).sock
	wait_for 20 test -S "$irqbalance_socket"
}

# The interrupt of the share that the job came by: it fires whenever somebody reads below /run/guest, as
# cause_interrupts does.
job_irq() {
	local device
	device=$(grep -l ^job /sys/bus/virtio/devices/virtio*/mount_tag)
	device=${device%/mount_tag}
	sed -n "s/^ *\([0-9]*\):.* ${device##*/}-requests$/\1/p" /proc/interrupts
}

cause_interrupts() {
	local word
	for word in {1..20}; do
		: "$(</run/guest/command)"
	done
}

# Where nobody has logged in, user.slice has no control group, and `slices` leaves it alone: this gives it one.
have_user_slice() {
	! holds /proc/1/comm systemd || systemctl set-property --runtime user.slice AllowedCPUs=1-3
}

# Knobs that are set by name only and have something to put back, with commas between them.
knobs_by_name() {
	"$stablebench" knobs --no-config | sed -n 's/^\([a-z0-9-]*\)  *by name  *can be set.*/\1/p' |
		grep -vxE 'cgroup-v1|small-pages|fixed-layout|drop-caches' | paste -sd ,
}

# killed_at_steps DEATH FIRST LAST OPTION...: adds to drill_steps and drill_back; false when not all came back
killed_at_steps() {
	local text
	text=$("$stablebench" selftest --kill --yes --death "$1" --steps "$2:$3" --stride "$drill_stride" "${@:4}" 2>&1)
	status=$?
	[[ $text =~ killed\ at\ ([0-9]+)\ steps,\ put\ back\ by\ .*:\ ([0-9]+)\ of ]] || { echo "$text"; return 1; }
	drill_killed=${BASH_REMATCH[1]}
	drill_steps=$((drill_steps + drill_killed))
	drill_back=$((drill_back + BASH_REMATCH[2]))
	[ "$status" = 0 ] || { echo "$text"; return 1; }
}

# comes_back SNAPSHOT DEATH OPTION...: from every step, in blocks of drill_block steps, after each of which the whole machine is
# as the snapshot says
comes_back() {
	local first=1 span=$((drill_block * drill_stride)) broken=0
	drill_steps=0 drill_back=0 drill_looks=0 drill_same=0
	while :; do
		killed_at_steps "$2" "$first" $((first + span - 1)) "${@:3}" || broken=1
		drill_looks=$((drill_looks + 1))
		same_as_before "$1" && drill_same=$((drill_same + 1)) || broken=1
		[ "${drill_killed:-0}" = "$drill_block" ] || break
		first=$((first + span))
	done
	[ "$broken" = 0 ] && [ "$drill_steps" -gt 0 ]
}

# drill STRIDE SNAPSHOT NAME "DEATH..." OPTION...: STRIDE where STABLEBENCH_DRILL_STRIDE does not say another; a whole snapshot
# at the end of each death, or after every so many steps as STABLEBENCH_DRILL_BLOCK says
drill() {
	local death start
	drill_stride=${STABLEBENCH_DRILL_STRIDE:-$1} drill_block=${STABLEBENCH_DRILL_BLOCK:-1000}
	for death in $4; do
		start=$(microseconds)
		claim "drill of $3: $death: no kill leaves anything behind" comes_back "$2" "$death" "${@:5}"
		echo "# drill|$3|$death|$drill_stride|$drill_steps|$drill_back|$drill_looks|$drill_same"
		echo "# it took $((($(microseconds) - start) / 1000000)) s by the guest's clock"
	done
}
