#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/evidence.sh [ROW]... - measures the figures we claim and writes docs/evidence.md. A row can be measured alone; what
# was measured before is kept in build/evidence/. Needs a build (./bootstrap build), python3, and what the tests need.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export STABLEBENCH_NO_CONFIG=1 # the figures are of the program as it comes
kept=build/evidence
rows=(check kestrel peers loop counts bracket counting disturbed witnessing injected thefts syscalls launch restore hold guard proofs shield memory)

say() { echo "evidence: $*" >&2; }

# put WHAT MUST COMMAND MEASURED REACHED: the row of the table
put() { printf '| %s | %s | `%s` | %s | %s |\n' "$@"; }

# verdict CONDITION: python's view of an arithmetic condition
verdict() { python3 -c "print('yes' if $1 else '**no**')"; }

# passed LOG: what automake wrote at the end of a test's log
passed() { grep -q '^PASS ' "$1" && echo yes || echo '**no**'; }

row_check() {
	local clone start line
	clone=$(mktemp -d)
	git clone -q . "$clone/stablebench" || return
	start=$SECONDS
	(cd "$clone/stablebench" && ./bootstrap check) >"$kept/check.log" 2>&1 </dev/null
	line=$(tail -n 1 "$kept/check.log")
	rm -rf "$clone"
	put "\`./bootstrap check\` on a fresh clone, packages installed" "green, under 15 minutes" \
		"git clone . DIR && cd DIR && time ./bootstrap check" "$line; $((SECONDS - start)) s" \
		"$(verdict "$((SECONDS - start)) < 900 and ' 0 failed' in '''$line'''")"
}

kestrel_session() { build/stablebench run --profile gentle --quiet --json "$1" build/bench/bench_kestrel; }

row_kestrel() {
	local session values
	for session in 1 2 3 4 5; do
		say "kestrel, session $session of 5"
		kestrel_session "$kept/kestrel-$session.json" >"$kept/kestrel-$session.txt" 2>&1
	done
	values=$(python3 docs/evidence.py sessions "$kept"/kestrel-?.json) || return
	put "kestrel, 5 sessions, CoV between launches" \
		"median over sessions of the median case < 0.5 %; 90 % of cases < 2 %; none > 10 % in 4 of 5; each under 3 minutes" \
		"stablebench run --profile gentle --json FILE bench_kestrel" "${values%|*}" "${values##*|}"
}

# One process of each tool, one after the other, beside a load of its own: peers_block NUMBER
peers_block() {
	local hog start middle end
	stress-ng --cpu 2 >/dev/null 2>&1 &
	hog=$!
	sleep 0.5
	start=${EPOCHREALTIME/./}
	build/stablebench run --profile none --with affinity,cpus,fifo --launches 1 --samples 50 --quiet \
		--run-dir "$PWD/$kept/run" --json "$kept/peers-ours-$1.json" build/tests/peers/bench_peers >"$kept/peers-ours.log" 2>&1
	middle=${EPOCHREALTIME/./}
	build/tests/peers/peers --benchmark_format=json >"$kept/peers-theirs-$1.json" 2>"$kept/peers-theirs.log"
	end=${EPOCHREALTIME/./}
	kill "$hog"
	wait "$hog"
	peers_us=($((peers_us[0] + middle - start)) $((peers_us[1] + end - middle)))
}

row_peers() {
	local block values peers_us=(0 0)
	local what="bodies of tests/peers beside \`stress-ng --cpu 2\`, one value for each of 10 processes, against Google Benchmark in turn with it"
	[ -x build/tests/peers/peers ] || { put "$what" "" "" "not measured: configure found no Google Benchmark (libbenchmark-dev)" ""; return; }
	command -v stress-ng >/dev/null || { put "$what" "" "" "not measured: stress-ng is not installed" ""; return; }
	for block in 0 1 2 3 4 5 6 7 8 9; do
		say "peers, block $((block + 1)) of 10"
		peers_block "$block"
	done
	python3 docs/evidence.py bodies "$kept"/peers-*-?.json >"$kept/peers.table" || return
	values=$(python3 docs/evidence.py peers "$kept"/peers-*-?.json) || return
	put "$what" \
		"median body's CoV over processes at most 1/20 of Google Benchmark's; worst body < 2 %" \
		"stablebench run --profile none --with affinity,cpus,fifo --launches 1 --samples 50 bench_peers; peers --benchmark_format=json" \
		"${values%|*}; a process of ours takes $((peers_us[0] / 10000000)).$((peers_us[0] / 1000000 % 10)) s in all, one of theirs $((peers_us[1] / 10000000)).$((peers_us[1] / 1000000 % 10)) s" "${values##*|}"
}

row_loop() {
	local log=build/tests/lib/instructions.sh.log
	make -s -C build check TESTS=tests/lib/instructions.sh >/dev/null 2>&1
	put "\`SB_LOOP\` around \`__asm__ volatile(\"\")\` against a hand-written counted loop, -O2" "equal instructions per iteration" \
		"make -C build check TESTS=tests/lib/instructions.sh" \
		"$(sed -n 's/: SB_LOOP \([0-9]*\) instructions per iteration, written by hand /: \1 and /p' "$log" | paste -sd ';' | sed 's/;/; /g')" \
		"$(passed "$log")"
}

# In guests whose processor takes one cycle, and eight, for an instruction
row_counts() {
	local name log all=yes exact= costs=
	for name in test_counters test_counters_6.12; do
		log=build/tests/guest/$name.sh.log
		make -s -C build check TESTS="tests/guest/$name.sh" >/dev/null 2>&1
		[ "$(passed "$log")" = yes ] || all='**no**'
		exact="$exact$(sed -n 's/^# exactness; kernel \([0-9]*\.[0-9]*\).*/; Linux \1/p; s/^# \([a-z]*: 100 iterations .*\)/, by \1/p' "$log" | tr -d '\n')"
		[ "$name" != test_counters ] ||
			costs=$(sed -n 's/^# \([a-z]*\): cost \([0-9]*\) [0-9]* ns.*/\2 instructions by \1/p' "$log" | paste -sd ',' | sed 's/,/, /g')
	done
	put "instructions of loops of known length, counted on arm64 guests" "slope exact, every run the same" \
		"make -C build check TESTS='tests/guest/test_counters.sh tests/guest/test_counters_6.12.sh'" "${exact#; }" "$all"
	put "reading cycles and instructions once in that guest, 1 instruction a nanosecond (the way from user space by x86's rdpmc is \`unproven\`: no guest of x86-64 has a PMU)" "publish" "the same log" "${costs:-not measured}" \
		"$([ -n "$costs" ] && echo yes || echo '**no**')"
}

constant_session() {
	build/stablebench run --profile gentle --quiet --launches 20 --filter truth/constant --json "$kept/constant.json" \
		build/bench/bench_selftest >"$kept/constant.txt" 2>&1
}

row_bracket() {
	local values
	make -s -C build check TESTS=tests/unit/test_lib_cost >/dev/null 2>&1
	constant_session
	values=$(RUSAGE_NS=$(sed -n 's/.* witness \([0-9]*\) ns$/\1/p' build/tests/unit/test_lib_cost.log | tail -n 1) \
		python3 docs/evidence.py bracket "$kept/constant.json") || return
	put "clock bracket of one sample; with rusage; with all that is read" "< 60 ns; < 1 us; publish" \
		"make -C build check TESTS=tests/unit/test_lib_cost; stablebench run --launches 20 --filter truth/constant --json FILE bench_selftest" \
		"${values%|*}" "${values##*|}"
}

row_counting() {
	local values
	build/stablebench run --profile gentle --quiet --launches 20 --counters context-switches,cpu-migrations,page-faults,minor-faults \
		--filter truth/constant --json "$kept/counting.json" build/bench/bench_selftest >"$kept/counting.txt" 2>&1
	values=$(python3 docs/evidence.py counting "$kept/counting.json") || return
	put "reading a group of four software events once; the witnesses" "< 1.5 us; publish" \
		"stablebench run --launches 20 --counters context-switches,cpu-migrations,page-faults,minor-faults --filter truth/constant --json FILE bench_selftest" \
		"${values%|*}" "${values##*|}"
}

# The last of the allowed CPUs: for the bench and what disturbs it
bench_cpu() { python3 -c "import os; cpus = sorted(os.sched_getaffinity(0)); print(cpus[-1])"; }

row_disturbed() {
	local values hog cpu
	local what="kestrel, CoV within launches, \`stress-ng --cpu 1\` pinned to the bench CPU at normal priority: all samples / clean samples"
	command -v stress-ng >/dev/null || { put "$what" "" "" "not measured: stress-ng is not installed" ""; return; }
	cpu=$(bench_cpu)
	stress-ng --cpu 1 --taskset "$cpu" >/dev/null 2>&1 &
	hog=$!
	sleep 0.5
	build/stablebench run --profile gentle --without fifo --cpus "$cpu" --launches "${STABLEBENCH_EVIDENCE_LAUNCHES:-10}" --quiet \
		--json "$kept/disturbed.json" build/bench/bench_kestrel >"$kept/disturbed.txt" 2>&1
	kill "$hog"
	wait "$hog"
	values=$(python3 docs/evidence.py disturbed "$kept/disturbed.json") || return
	put "$what" "publish; clean at most a tenth of all" \
		"stress-ng --cpu 1 --taskset CPU & stablebench run --profile gentle --without fifo --cpus CPU --launches 10 --json FILE bench_kestrel" \
		"${values%|*}" "${values##*|}"
}

# one session of the witnessing row: witnessing_session NUMBER all|none; a body in registers, and one that waits for memory
witnessing_session() {
	build/stablebench run --profile gentle --quiet --launches 10 --samples 50 --retakes 0 --witnesses "$2" --seed "$1" --exact \
		--filter selftest/truth/constant --filter peers/body/name=chase_8MiB --json "$kept/witnessing-$1.json" \
		build/bench/bench_selftest build/tests/peers/bench_peers >"$kept/witnessing.txt" 2>&1
}

row_witnessing() {
	local block values files=()
	for ((block = 0; block < ${STABLEBENCH_EVIDENCE_BLOCKS:-10}; block++)); do
		say "witnessing, block $((block + 1))"
		for turn in 0:none 1:all 2:all 3:none; do
			witnessing_session $((4 * block + ${turn%:*})) "${turn#*:}"
			files+=("$kept/witnessing-$((4 * block + ${turn%:*})).json")
		done
	done
	values=$(python3 docs/evidence.py witnessing "${files[@]}") || return
	put "slow-down of a benchmark with all witnesses on against none, ABBA, samples of 1 ms" "< 0.5 %" \
		"stablebench run --retakes 0 --witnesses all (or none) --filter selftest/truth/constant --filter peers/body/name=chase_8MiB --json FILE bench_selftest bench_peers" \
		"${values%|*}" "${values##*|}"
}

# Samples of known truth in a guest whose CPU is otherwise idle
row_injected() {
	local kernel values
	for kernel in 6.1 6.12 7.2; do
		say "injected, Linux $kernel"
		STABLEBENCH_GUEST_KERNEL=$kernel abs_top_builddir=$PWD/build \
			bash tests/guest/test_injected.sh >"$kept/injected-$kernel.log" 2>&1 </dev/null
	done
	values=$(python3 docs/evidence.py injected "$kept"/injected-{6.1,6.12,7.2}.log) || return
	put "injected interference in guests, one event in every second sample (a thread of real-time and one of normal priority, a device, IPIs, NMIs, a move to another CPU and back, packets, pages read from a disk or made, sleeps): found with the right cause; false in the samples between" \
		">= 99 % found, < 1 % false, per cause and kernel" \
		"STABLEBENCH_GUEST_KERNEL=6.1 (6.12, 7.2) make -C build check TESTS=tests/guest/test_injected.sh" "${values%|*}" "${values##*|}"
}

# A real-time thread of known truth, as tests/unit/test_keeper_thief.c has it, needs root.
row_thefts() {
	local turn values
	: >"$kept/thefts.log"
	for turn in 1 2 3 4 5; do
		say "thefts, $turn of 5"
		build/tests/unit/test_keeper_thief >>"$kept/thefts.log" 2>&1 </dev/null
	done
	values=$(python3 docs/evidence.py thefts "$kept/thefts.log") || return
	put "stolen time by BPF against a real-time thread that wakes 200 times and spins 1 ms of its CPU clock" \
		"each time found (99 %), time within 5 %" "build/tests/unit/test_keeper_thief, 5 times" "${values%|*}" "${values##*|}"
}

row_launch() {
	local values
	[ -s "$kept/constant.json" ] || constant_session
	values=$(python3 docs/evidence.py launch "$kept/constant.json") || return
	put "fixed cost of a launch, process start to first sample, calibration excluded" "< 10 ms" \
		"the same record, launches[].startup_s" "${values%|*}" "${values##*|}"
}

row_syscalls() {
	local log=build/tests/cli/test_samples_make_no_system_call.sh.log
	make -s -C build check TESTS=tests/cli/test_samples_make_no_system_call.sh >/dev/null 2>&1
	put "system calls by the benched thread inside a timed sample (strace)" 0 \
		"make -C build check TESTS=tests/cli/test_samples_make_no_system_call.sh" \
		"$(sed -n 's/^# system calls within timed samples: //p' "$log")" \
		"$(passed "$log")"
}

row_restore() {
	local log=build/tests/guest/test_killed.sh.log took
	make -s -C build check TESTS=tests/guest/test_killed.sh >/dev/null 2>&1
	took=$(sed -n 's/^# restore after SIGKILL of the front: \([0-9]*\) us$/\1/p' "$log")
	put "restore after SIGKILL of the front, guest clock, smp 4" "< 1 s; every writable setting outside tests/guest/ignore.txt identical" \
		"make -C build check TESTS=tests/guest/test_killed.sh" \
		"${took:+$((took / 1000)) ms; }$(grep -m 1 'SIGKILL of the front: everything is as it was' "$log" || tail -n 2 "$log" | head -n 1)" \
		"$(grep -q '^ok SIGKILL of the front: everything' "$log" && verdict "${took:-9999999} < 1000000" || echo '**no**')"
}

row_hold() {
	local log=build/tests/guest/test_hold.sh.log took
	make -s -C build check TESTS=tests/guest/test_hold.sh >/dev/null 2>&1
	took=$(sed -n 's/^# strict, guest clock: tune \([0-9]*\) us, restore \([0-9]*\) us$/\1 \2/p' "$log" | python3 docs/evidence.py times)
	put "apply and verify all of \`strict\`; restore all: whole commands, guest clock, smp 4, medians of 5" "< 2 s; < 2 s" \
		"make -C build check TESTS=tests/guest/test_hold.sh" "${took:-not measured}" \
		"$(python3 -c 'import sys; t = sys.argv[1].split(); print("yes" if t and float(t[1]) < 2 and float(t[4]) < 2 else "**no**")' "$took")"
	put "in effect under \`strict\` in that guest, set or found so, and put back" "every knob that its kernel has" "the same log" \
		"$(sed -n 's/^# strict: in effect: //p' "$log"); $(grep -m 1 'strict puts everything back' "$log")" \
		"$(grep -q '^ok strict puts everything back' "$log" && echo yes || echo '**no**')"
}

# Every step, which takes its time; STABLEBENCH_DRILL_STRIDE for less, and the row says so.
row_guard() {
	local sets guest log values deaths stride=${STABLEBENCH_DRILL_STRIDE:-1}
	mkdir -p "$kept/drill"
	for guest in 6.1 "6.1 -R systemd"; do
		deaths="front keeper both"
		[ "$guest" = 6.1 ] || deaths=guarded # what systemd adds
		for sets in standard strict; do
			log="$kept/drill/$sets-${guest//[ ,]/-}.log"
			say "the drill of $sets on $guest"
			STABLEBENCH_DRILL_SETS=$sets STABLEBENCH_DRILL_DEATHS=$deaths STABLEBENCH_GUEST_SECONDS=14400 STABLEBENCH_GUEST_OPTIONS=${guest#6.1} abs_top_builddir=$PWD/build \
				bash tests/guest/drill >"$log" 2>&1 </dev/null
			values=$(python3 docs/evidence.py drill "$stride" "$log") || return
			put "kill drill of \`$sets\`$([ $sets = standard ] || echo ' and what is set by name only'), Linux $guest" \
				"every step, 100 % restored; every writable setting outside tests/guest/ignore.txt identical after each block" \
				"docs/evidence.sh guard" "${values%|*}" "${values##*|}"
		done
	done
}

# in_each_guest GUEST TEST...: GUEST is "KERNEL [VM-RUN-OPTION]...", TEST a script of tests/guest
in_each_guest() {
	local test log kernel=${1%% *} options=
	[ "$kernel" = "$1" ] || options=${1#* }
	for test in "${@:2}"; do
		log=$kept/proofs/$test-${1//[ ,]/-}.log
		[ ! -s "$log" ] || [ -z "${STABLEBENCH_PROOFS_KEPT:-}" ] || continue
		say "$test on ${1}"
		STABLEBENCH_GUEST_KERNEL=$kernel STABLEBENCH_GUEST_OPTIONS=$options abs_top_builddir=$PWD/build \
			bash "tests/guest/$test" >"$log" 2>&1 </dev/null
	done
}

# The guest tests on all kernels, whatever `make check` runs them on. STABLEBENCH_PROOFS_KEPT=1: only those without a log.
row_proofs() {
	local kernel
	mkdir -p "$kept/proofs"
	[ -n "${STABLEBENCH_PROOFS_KEPT:-}" ] || rm -f "$kept"/proofs/*.log
	for kernel in 6.1 6.12 7.2; do
		in_each_guest "$kernel" survey test_control.sh test_kernel_work.sh test_power.sh test_partition.sh test_task.sh
		in_each_guest "$kernel -n 2 -s 4,sockets=2,cores=1,threads=2" survey
		in_each_guest "$kernel -R systemd" survey
		in_each_guest "$kernel" test_slices.sh test_irqbalance.sh test_power_profile.sh
	done
	in_each_guest 6.1 test_arm64.sh test_clock.sh
	in_each_guest 6.12 test_arm64.sh
	in_each_guest "6.1 -A arm64" survey
	in_each_guest "6.12 -A arm64" survey
	python3 docs/evidence.py proofs build/stablebench "$kept"/proofs/*.log >"$kept/proofs.table" 2>"$kept/proofs.text" || return
	put "knobs set, verified by an independent look and restored on real kernels in guests (the table below)" \
		"every knob that a guest's kernel has; what was seen on none is marked \`unproven\`" \
		"docs/evidence.sh proofs" "$(sed 's/|[^|]*$//' "$kept/proofs.text")" "$(sed 's/.*|//' "$kept/proofs.text")"
}

row_shield() {
	local took
	took=$(python3 docs/evidence.py shield build/stablebench)
	put "\`shield\` without knobs on a command of 10 ms: what it adds, median of 60 pairs" "< 5 ms" \
		"stablebench shield --profile none -- sleep 0.01" "$took" "$(verdict "float('$took'.split()[0]) < 5")"
}

# totals LOG: automake's summary in one line, and the claims of shell that follow it
totals() { sed -n 's/^# \(PASS\|SKIP\|FAIL\|ERROR\): *\([0-9]*\)$/\2 \1/p; s/^[0-9]* claims, .*/&/p' "$1" | paste -sd ',' | sed 's/,/, /g'; }

row_memory() {
	local valgrind sanitizers
	say "unit tests and the program under valgrind"
	make -C build check-valgrind >"$kept/valgrind.log" 2>&1
	valgrind=$?
	say "all tests outside guests with ASan and UBSan"
	mkdir -p build-dev
	(cd build-dev && { [ -f Makefile ] || ../configure --enable-dev; } && make -s -j"$(nproc)" && make check GUEST_TESTS=) >"$kept/sanitizers.log" 2>&1
	sanitizers=$?
	put "valgrind and ASan/UBSan over unit and whole-program tests" "0 errors, 0 leaks" \
		"make -C build check-valgrind; ../configure --enable-dev && make check GUEST_TESTS=" \
		"valgrind: $(totals "$kept/valgrind.log"); sanitizers: $(totals "$kept/sanitizers.log")" \
		"$(verdict "$valgrind == 0 and $sanitizers == 0")"
}

write_document() {
	cat <<-'HEAD'
		# Evidence

		Every figure that this project claims, with the command that makes it, as measured on the machine below.
		`make -C build evidence` measures all of them again, `docs/evidence.sh ROW` one.

		| what | must reach | command | measured | reached |
		|---|---|---|---|---|
	HEAD
	local row record compiler
	for row in "${rows[@]}"; do
		if [ -s "$kept/$row.row" ]; then cat "$kept/$row.row"; else echo "| $row | | | not measured | |"; fi
	done
	for record in "$kept"/kestrel-1.json "$kept"/constant.json; do
		[ -s "$record" ] || continue
		printf '\n## The machine\n\n'
		python3 docs/evidence.py facts "$record"
		break
	done
	for compiler in gcc clang; do "$compiler" --version 2>/dev/null | sed -n "1s/^/- compiler: /p"; done
	if [ -s "$kept/peers.table" ]; then
		printf '\n## The bodies of tests/peers, beside `stress-ng --cpu 2`\n\n'
		cat "$kept/peers.table"
		printf '\n%s %s\n' "The integer loop is one chain of dependent instructions that touches no memory: where its samples move in steps and no" \
			"witness tells why, the clock of the core moved, which a virtual machine can neither set nor see. All of that stays in both tools' figures."
	fi
	if [ -s "$kept/proofs.table" ]; then
		cat <<-'HEAD'

			## Knobs on the guests' kernels

			- proven: a guest test saw what the knob does by something else than the program (a register, a file of the kernel's, another
			  process), a snapshot was identical afterwards, and no claim of that test is broken
			- applied: a run set it and read it back, and a snapshot was identical afterwards
			- as found: it was already as wanted
			- absent, left out, denied, failed: with the program's reason

		HEAD
		cat "$kept/proofs.table"
	fi
	[ -s "$kept/kestrel-1.txt" ] || return 0
	printf '\n## One of the kestrel sessions\n\n'
	sed 's/^/    /' "$kept/kestrel-1.txt"
}

mkdir -p "$kept"
for row in "${@:-${rows[@]}}"; do
	declare -F "row_$row" >/dev/null || { say "there is no row '$row': ${rows[*]}"; exit 2; }
	say "measuring: $row"
	"row_$row" >"$kept/$row.row" || say "row '$row' could not be measured"
done
write_document >docs/evidence.md
say "written: docs/evidence.md"
