# unit tests: one program per module, linked against the runner's archive
UNIT_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(HWLOC_CFLAGS) $(JANSSON_CFLAGS)
UNIT_LIBS = $(RUNNER_LIBS) $(CHECK_LIBS)

# the tree against its own rules: each prints what is wrong, or the reason why it cannot tell
dist_check_SCRIPTS += tests/checks/layers.sh
dist_check_SCRIPTS += tests/checks/sizes.sh
dist_check_SCRIPTS += tests/checks/symbols.sh
dist_check_SCRIPTS += tests/checks/docs.sh
dist_check_SCRIPTS += tests/checks/proofs.sh
dist_check_SCRIPTS += tests/checks/format.sh

# What the tests in shell share; they find the built programs by the first
AM_TESTS_ENVIRONMENT = abs_top_builddir='$(abs_top_builddir)'; export abs_top_builddir;
EXTRA_DIST += tests/claims.sh tests/counted.h tests/traced.sh tests/host-writes

# the whole program, by itself and gentle
EXTRA_DIST += tests/cli/lib.sh
noinst_PROGRAMS += tests/cli/other_abi
tests_cli_other_abi_SOURCES = tests/cli/other_abi.c
noinst_PROGRAMS += tests/cli/bench_who
tests_cli_bench_who_SOURCES = tests/cli/bench_who.c
tests_cli_bench_who_LDADD = $(BENCH_LIBRARY)
tests_cli_bench_who_LDFLAGS = $(STATIC_FLAGS)
dist_check_SCRIPTS += tests/cli/test_bad_input.sh
dist_check_SCRIPTS += tests/cli/test_config.sh
dist_check_SCRIPTS += tests/cli/test_events.sh
dist_check_SCRIPTS += tests/cli/test_threads.sh
dist_check_SCRIPTS += tests/cli/test_users.sh
dist_check_SCRIPTS += tests/cli/test_task_knobs.sh
dist_check_SCRIPTS += tests/cli/test_run.sh
dist_check_SCRIPTS += tests/cli/test_hostile.sh
dist_check_SCRIPTS += tests/cli/test_commands.sh
dist_check_SCRIPTS += tests/cli/test_interrupt.sh
dist_check_SCRIPTS += tests/cli/test_samples_make_no_system_call.sh
dist_check_SCRIPTS += tests/cli/test_examples.sh
dist_check_SCRIPTS += tests/cli/test_doctor.sh
dist_check_SCRIPTS += tests/cli/test_noise.sh

# the same bodies in a program of ours and in one of a peer, compared by docs/evidence.sh
noinst_LIBRARIES += tests/peers/libbodies.a
tests_peers_libbodies_a_SOURCES = tests/peers/bodies.c tests/peers/bodies.h
noinst_PROGRAMS += tests/peers/bench_peers
tests_peers_bench_peers_SOURCES = tests/peers/bench_peers.c
tests_peers_bench_peers_LDADD = tests/peers/libbodies.a $(BENCH_LIBRARY)
tests_peers_bench_peers_LDFLAGS = $(STATIC_FLAGS)
if HAVE_BENCHMARK
noinst_PROGRAMS += tests/peers/peers
tests_peers_peers_SOURCES = tests/peers/peers.cc
tests_peers_peers_CXXFLAGS = -std=gnu++17 -Wall -Wextra -Wpedantic -Wshadow $(DEV_CFLAGS) $(BENCHMARK_CFLAGS)
tests_peers_peers_LDADD = tests/peers/libbodies.a $(BENCHMARK_LIBS)
endif
dist_check_SCRIPTS += tests/peers/test_peers.sh

# whole commands on recorded machines
EXTRA_DIST += tests/cli/machines.sh
dist_check_SCRIPTS += tests/cli/test_machines.sh
dist_check_SCRIPTS += tests/cli/test_machines_tune.sh tests/cli/test_machines_killed.sh
dist_check_SCRIPTS += tests/cli/test_record.sh

# Debian kernels in QEMU, for what must not be tried on the machine that builds: HACKING.md, "Guest tests"
EXTRA_DIST += tests/guest/lib.sh tests/guest/common.sh tests/guest/vm-run tests/guest/fetch-kernel tests/guest/fetch-root
EXTRA_DIST += tests/guest/make-initrd tests/guest/make-acpi-table tests/guest/make-module
EXTRA_DIST += tests/guest/guest-init tests/guest/guest-main tests/guest/guest.service tests/guest/ignore.txt
EXTRA_DIST += tests/guest/turbo-bit/turbo_bit.c tests/guest/turbo-bit/Kbuild
EXTRA_DIST += tests/guest/power-pmu/power_pmu.c tests/guest/power-pmu/Kbuild
EXTRA_DIST += tests/guest/make-device-tree tests/guest/cross-build
noinst_PROGRAMS += tests/guest/snapshot
tests_guest_snapshot_SOURCES = tests/guest/snapshot.c
noinst_PROGRAMS += tests/guest/bench_count tests/guest/count
tests_guest_bench_count_SOURCES = tests/guest/bench_count.c
tests_guest_bench_count_LDADD = $(BENCH_LIBRARY) -lpthread
tests_guest_bench_count_LDFLAGS = $(STATIC_FLAGS)
tests_guest_count_SOURCES = tests/guest/count.c
tests_guest_count_LDADD = $(RUNNER_LIBS)
noinst_PROGRAMS += tests/guest/bench_injected tests/guest/inject
tests_guest_bench_injected_SOURCES = tests/guest/bench_injected.c tests/guest/injected.h
tests_guest_bench_injected_LDADD = $(BENCH_LIBRARY)
tests_guest_bench_injected_LDFLAGS = $(STATIC_FLAGS)
tests_guest_inject_SOURCES = tests/guest/inject.c tests/guest/injected.h tests/counted.h
tests_guest_inject_LDADD = -lpthread
noinst_PROGRAMS += tests/guest/bench_runaway
tests_guest_bench_runaway_SOURCES = tests/guest/bench_runaway.c
tests_guest_bench_runaway_LDADD = $(BENCH_LIBRARY)
tests_guest_bench_runaway_LDFLAGS = $(STATIC_FLAGS)
noinst_PROGRAMS += tests/guest/bench_family
tests_guest_bench_family_SOURCES = tests/guest/bench_family.c
tests_guest_bench_family_LDADD = $(BENCH_LIBRARY)
tests_guest_bench_family_LDFLAGS = $(STATIC_FLAGS)
dist_check_SCRIPTS += tests/cli/test_gentle_writes_nothing.sh $(GUEST_TESTS)
# the longest first, so that none is left alone at the end where guests run beside each other; the first builds what all of
# arm64 wait for
GUEST_TESTS = tests/guest/test_counters.sh tests/guest/test_partition.sh tests/guest/test_injected.sh
GUEST_TESTS += tests/guest/test_guard.sh tests/guest/test_counters_6.12.sh tests/guest/test_task.sh
GUEST_TESTS += tests/guest/test_irqbalance.sh tests/guest/test_control_6.12.sh tests/guest/test_control_7.2.sh
GUEST_TESTS += tests/guest/test_slices.sh tests/guest/test_power_profile.sh tests/guest/test_power.sh
GUEST_TESTS += tests/guest/test_energy.sh tests/guest/test_cooling.sh tests/guest/test_suspend.sh
GUEST_TESTS += tests/guest/test_systemd.sh tests/guest/test_control.sh tests/guest/test_events.sh
GUEST_TESTS += tests/guest/test_killed.sh tests/guest/test_kernel_work.sh tests/guest/test_shared.sh
GUEST_TESTS += tests/guest/test_gentle.sh tests/guest/test_witnesses.sh tests/guest/test_registers.sh
GUEST_TESTS += tests/guest/test_disturbed.sh tests/guest/test_hold.sh tests/guest/test_arm64.sh
GUEST_TESTS += tests/guest/test_thieves.sh tests/guest/test_doctor.sh tests/guest/test_root_facts.sh
GUEST_TESTS += tests/guest/test_apart.sh tests/guest/test_clock.sh tests/guest/test_arm64_boards.sh
GUEST_TESTS += tests/guest/test_record.sh tests/guest/test_machine.sh tests/guest/test_core_policy.sh
GUEST_TESTS += tests/guest/test_thieves_arm64.sh
EXTRA_DIST += tests/guest/survey tests/guest/drill

# what tests/guest/cross-build makes
clean-local:
	-rm -rf arm64 fuzz

check-guest:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(GUEST_TESTS)' TEST_SUITE_LOG=guest-suite.log
CLEANFILES += guest-suite.log

# With -j2 or more, all tests in the least time: those on this machine one after the other, since some measure, but they wait
# more than they work; beside them as many guests at once as GUESTS says, hence jobs of its own for each of the two.
GUESTS = 1
WITH_ITS_JOBS = MAKEFLAGS=`echo "$$MAKEFLAGS" | sed 's/ -j[0-9]*//; s/ --jobserver[^ ]*//'`
check-beside:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS=
	$(MAKE) $(AM_MAKEFLAGS) check-beside-guests check-beside-host
check-beside-guests:
	$(WITH_ITS_JOBS) $(MAKE) $(AM_MAKEFLAGS) -j$(GUESTS) check-guest
check-beside-host:
	$(WITH_ITS_JOBS) $(MAKE) $(AM_MAKEFLAGS) check GUEST_TESTS=
.PHONY: check-guest check-beside check-beside-guests check-beside-host

sizes:
	@srcdir=$(srcdir) $(srcdir)/tests/checks/sizes.sh

# the unit tests again, under valgrind: an error or a leak fails the claim in which it happens; then the program
check-valgrind:
	CK_TIMEOUT_MULTIPLIER=20 $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(check_PROGRAMS)' \
		LOG_COMPILER='$(SHELL) $(abs_top_builddir)/libtool --mode=execute valgrind' \
		LOG_FLAGS='--quiet --leak-check=full --error-exitcode=99 --suppressions=$(abs_top_srcdir)/tests/valgrind.supp'
	abs_top_builddir='$(abs_top_builddir)' $(srcdir)/tests/cli/under_valgrind.sh
.PHONY: sizes check-valgrind
EXTRA_DIST += tests/valgrind.supp tests/cli/under_valgrind.sh
EXTRA_DIST += tests/unit/unit.h tests/unit/random.h

# parsers of what others wrote, against any bytes: the corpus in every check, libFuzzer by `make fuzz` (5 minutes)
EXTRA_DIST += tests/fuzz/fuzz.h tests/fuzz/run.sh tests/fuzz/corpus
dist_check_SCRIPTS += tests/fuzz/test_corpus.sh
noinst_PROGRAMS += tests/fuzz/replay_journal
tests_fuzz_replay_journal_SOURCES = tests/fuzz/fuzz_journal.c tests/fuzz/replay.c
tests_fuzz_replay_journal_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_fuzz_replay_journal_LDADD = $(RUNNER_LIBS)
noinst_PROGRAMS += tests/fuzz/replay_message
tests_fuzz_replay_message_SOURCES = tests/fuzz/fuzz_message.c tests/fuzz/replay.c
tests_fuzz_replay_message_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_fuzz_replay_message_LDADD = $(RUNNER_LIBS)
noinst_PROGRAMS += tests/fuzz/replay_config
tests_fuzz_replay_config_SOURCES = tests/fuzz/fuzz_config.c tests/fuzz/replay.c
tests_fuzz_replay_config_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_fuzz_replay_config_LDADD = $(RUNNER_LIBS)
noinst_PROGRAMS += tests/fuzz/replay_record
tests_fuzz_replay_record_SOURCES = tests/fuzz/fuzz_record.c tests/fuzz/replay.c
tests_fuzz_replay_record_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_fuzz_replay_record_LDADD = $(RUNNER_LIBS)
noinst_PROGRAMS += tests/fuzz/replay_wire
tests_fuzz_replay_wire_SOURCES = tests/fuzz/fuzz_wire.c tests/fuzz/replay.c
tests_fuzz_replay_wire_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_fuzz_replay_wire_LDADD = $(RUNNER_LIBS)
fuzz:
	$(srcdir)/tests/fuzz/run.sh
print-runner-libs:
	@echo '$(RUNNER_LIBS)'
.PHONY: fuzz print-runner-libs

# base
check_PROGRAMS += tests/unit/test_base_path
tests_unit_test_base_path_SOURCES = tests/unit/test_base_path.c
tests_unit_test_base_path_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_base_path_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_base_units
tests_unit_test_base_units_SOURCES = tests/unit/test_base_units.c
tests_unit_test_base_units_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_base_units_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_base_cpulist
tests_unit_test_base_cpulist_SOURCES = tests/unit/test_base_cpulist.c
tests_unit_test_base_cpulist_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_base_cpulist_LDADD = $(UNIT_LIBS)

# kestrel, the code under test of bench_kestrel
KESTREL_UNIT_CPPFLAGS = $(KESTREL_CPPFLAGS) $(CHECK_CFLAGS)
KESTREL_UNIT_LIBS = $(KESTREL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_kestrel_pool
tests_unit_test_kestrel_pool_SOURCES = tests/unit/test_kestrel_pool.c
tests_unit_test_kestrel_pool_CPPFLAGS = $(KESTREL_UNIT_CPPFLAGS)
tests_unit_test_kestrel_pool_LDADD = $(KESTREL_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_kestrel_schema
tests_unit_test_kestrel_schema_SOURCES = tests/unit/test_kestrel_schema.c
tests_unit_test_kestrel_schema_CPPFLAGS = $(KESTREL_UNIT_CPPFLAGS)
tests_unit_test_kestrel_schema_LDADD = $(KESTREL_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_kestrel_event
tests_unit_test_kestrel_event_SOURCES = tests/unit/test_kestrel_event.c
tests_unit_test_kestrel_event_CPPFLAGS = $(KESTREL_UNIT_CPPFLAGS)
tests_unit_test_kestrel_event_LDADD = $(KESTREL_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_kestrel_engine
tests_unit_test_kestrel_engine_SOURCES = tests/unit/test_kestrel_engine.c
tests_unit_test_kestrel_engine_CPPFLAGS = $(KESTREL_UNIT_CPPFLAGS)
tests_unit_test_kestrel_engine_LDADD = $(KESTREL_UNIT_LIBS)

check_PROGRAMS += tests/unit/test_kestrel_predicate
tests_unit_test_kestrel_predicate_SOURCES = tests/unit/test_kestrel_predicate.c
tests_unit_test_kestrel_predicate_CPPFLAGS = $(KESTREL_UNIT_CPPFLAGS)
tests_unit_test_kestrel_predicate_LDADD = $(KESTREL_UNIT_LIBS)
# record
check_PROGRAMS += tests/unit/test_record_counters
tests_unit_test_record_counters_SOURCES = tests/unit/test_record_counters.c
tests_unit_test_record_counters_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_record_counters_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_record_summary
tests_unit_test_record_summary_SOURCES = tests/unit/test_record_summary.c
tests_unit_test_record_summary_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_record_summary_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_record_manual
tests_unit_test_record_manual_SOURCES = tests/unit/test_record_manual.c
tests_unit_test_record_manual_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_record_manual_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_record_json
tests_unit_test_record_json_SOURCES = tests/unit/test_record_json.c tests/unit/record_fixture.h
tests_unit_test_record_json_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_record_json_LDADD = $(UNIT_LIBS)

# stats
check_PROGRAMS += tests/unit/test_stats_describe
tests_unit_test_stats_describe_SOURCES = tests/unit/test_stats_describe.c
tests_unit_test_stats_describe_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_describe_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stats_student
tests_unit_test_stats_student_SOURCES = tests/unit/test_stats_student.c
tests_unit_test_stats_student_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_student_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stats_interval
tests_unit_test_stats_interval_SOURCES = tests/unit/test_stats_interval.c
tests_unit_test_stats_interval_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_interval_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stats_stopping
tests_unit_test_stats_stopping_SOURCES = tests/unit/test_stats_stopping.c
tests_unit_test_stats_stopping_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_stopping_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stats_warmup
tests_unit_test_stats_warmup_SOURCES = tests/unit/test_stats_warmup.c
tests_unit_test_stats_warmup_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_warmup_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stats_certified
tests_unit_test_stats_certified_SOURCES = tests/unit/test_stats_certified.c
tests_unit_test_stats_certified_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_certified_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stats_trend
tests_unit_test_stats_trend_SOURCES = tests/unit/test_stats_trend.c
tests_unit_test_stats_trend_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_trend_LDADD = $(UNIT_LIBS)

# the GSL is GPL-3: an oracle for this one program, never linked by another
check_PROGRAMS += tests/unit/test_stats_oracle
tests_unit_test_stats_oracle_SOURCES = tests/unit/test_stats_oracle.c
tests_unit_test_stats_oracle_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_oracle_LDADD = $(UNIT_LIBS)
if HAVE_GSL
tests_unit_test_stats_oracle_CPPFLAGS += -DHAVE_GSL $(GSL_CFLAGS)
tests_unit_test_stats_oracle_LDADD += $(GSL_LIBS)
endif

# lib: against its objects, since the symbol map hides what the claims are about
EXTRA_DIST += tests/unit/lib_fixture.h
LIB_TEST_LIBS = lib/libbench.la $(CHECK_LIBS) -lm

check_PROGRAMS += tests/unit/test_lib_wire
tests_unit_test_lib_wire_SOURCES = tests/unit/test_lib_wire.c
tests_unit_test_lib_wire_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_wire_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_registry
tests_unit_test_lib_registry_SOURCES = tests/unit/test_lib_registry.c
tests_unit_test_lib_registry_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_registry_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_sampler
tests_unit_test_lib_sampler_SOURCES = tests/unit/test_lib_sampler.c
tests_unit_test_lib_sampler_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_sampler_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_ask
tests_unit_test_lib_ask_SOURCES = tests/unit/test_lib_ask.c
tests_unit_test_lib_ask_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_ask_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_team
tests_unit_test_lib_team_SOURCES = tests/unit/test_lib_team.c
tests_unit_test_lib_team_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_team_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_loop
tests_unit_test_lib_loop_SOURCES = tests/unit/test_lib_loop.c
tests_unit_test_lib_loop_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_loop_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_bench
tests_unit_test_lib_bench_SOURCES = tests/unit/test_lib_bench.c
tests_unit_test_lib_bench_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_bench_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_serve
tests_unit_test_lib_serve_SOURCES = tests/unit/test_lib_serve.c
tests_unit_test_lib_serve_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_serve_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_table
tests_unit_test_lib_table_SOURCES = tests/unit/test_lib_table.c
tests_unit_test_lib_table_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_table_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_counter
tests_unit_test_lib_counter_SOURCES = tests/unit/test_lib_counter.c
tests_unit_test_lib_counter_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_counter_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_witness
tests_unit_test_lib_witness_SOURCES = tests/unit/test_lib_witness.c
tests_unit_test_lib_witness_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_witness_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_theft
tests_unit_test_lib_theft_SOURCES = tests/unit/test_lib_theft.c
tests_unit_test_lib_theft_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_theft_LDADD = $(LIB_TEST_LIBS)

check_PROGRAMS += tests/unit/test_lib_cost
tests_unit_test_lib_cost_SOURCES = tests/unit/test_lib_cost.c
tests_unit_test_lib_cost_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_lib_cost_LDADD = $(LIB_TEST_LIBS)

# lib as its users meet it: compilers, linkers, machine code, system calls, the command line
dist_check_SCRIPTS += tests/lib/compile.sh tests/lib/instructions.sh
EXTRA_DIST += tests/lib/sanitizers.sh
dist_check_SCRIPTS += tests/lib/link.sh
dist_check_SCRIPTS += tests/lib/syscalls.sh
dist_check_SCRIPTS += tests/lib/solo.sh
dist_check_SCRIPTS += tests/lib/manual.sh
EXTRA_DIST += tests/lib/everything.c tests/lib/loops.c tests/lib/main.c

# keeper
EXTRA_DIST += tests/unit/keeper_fixture.h tests/unit/counted_fixture.h tests/unit/team_fixture.h
check_PROGRAMS += tests/unit/test_keeper_launch
tests_unit_test_keeper_launch_SOURCES = tests/unit/test_keeper_launch.c
tests_unit_test_keeper_launch_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_launch_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/unit/machine_fixture.h tests/unit/register_fixture.h tests/unit/left_fixture.h

check_PROGRAMS += tests/unit/test_host_journal
tests_unit_test_host_journal_SOURCES = tests/unit/test_host_journal.c
tests_unit_test_host_journal_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_journal_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_limits
tests_unit_test_keeper_limits_SOURCES = tests/unit/test_keeper_limits.c
tests_unit_test_keeper_limits_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_limits_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_keeper_restore
tests_unit_test_keeper_restore_SOURCES = tests/unit/test_keeper_restore.c
tests_unit_test_keeper_restore_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_restore_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_damage
tests_unit_test_keeper_damage_SOURCES = tests/unit/test_keeper_damage.c
tests_unit_test_keeper_damage_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_damage_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_hotplug
tests_unit_test_keeper_hotplug_SOURCES = tests/unit/test_keeper_hotplug.c
tests_unit_test_keeper_hotplug_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_hotplug_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_keeper_changes
tests_unit_test_keeper_changes_SOURCES = tests/unit/test_keeper_changes.c
tests_unit_test_keeper_changes_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_changes_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_session
tests_unit_test_keeper_session_SOURCES = tests/unit/test_keeper_session.c
tests_unit_test_keeper_session_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_session_LDADD = $(UNIT_LIBS)


# plan and cli
check_PROGRAMS += tests/unit/test_plan
tests_unit_test_plan_SOURCES = tests/unit/test_plan.c
tests_unit_test_plan_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_plan_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_findings
tests_unit_test_findings_SOURCES = tests/unit/test_findings.c
tests_unit_test_findings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_findings_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_plan_config
tests_unit_test_plan_config_SOURCES = tests/unit/test_plan_config.c
tests_unit_test_plan_config_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_plan_config_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_configure
tests_unit_test_configure_SOURCES = tests/unit/test_configure.c
tests_unit_test_configure_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_configure_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_options
tests_unit_test_options_SOURCES = tests/unit/test_options.c
tests_unit_test_options_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_options_LDADD = $(UNIT_LIBS)

# run
EXTRA_DIST += tests/unit/attempt_fixture.h
check_PROGRAMS += tests/unit/test_run_output
tests_unit_test_run_output_SOURCES = tests/unit/test_run_output.c
tests_unit_test_run_output_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_output_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_judge
tests_unit_test_run_judge_SOURCES = tests/unit/test_run_judge.c
tests_unit_test_run_judge_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_judge_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_counted
tests_unit_test_run_counted_SOURCES = tests/unit/test_run_counted.c
tests_unit_test_run_counted_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_counted_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_cooling
tests_unit_test_run_cooling_SOURCES = tests/unit/test_run_cooling.c
tests_unit_test_run_cooling_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_cooling_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_around
tests_unit_test_run_around_SOURCES = tests/unit/test_run_around.c
tests_unit_test_run_around_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_around_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_collect
tests_unit_test_run_collect_SOURCES = tests/unit/test_run_collect.c
tests_unit_test_run_collect_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_collect_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_forecast
tests_unit_test_run_forecast_SOURCES = tests/unit/test_run_forecast.c
tests_unit_test_run_forecast_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_forecast_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_binary
tests_unit_test_run_binary_SOURCES = tests/unit/test_run_binary.c
tests_unit_test_run_binary_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_binary_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_clock
tests_unit_test_run_clock_SOURCES = tests/unit/test_run_clock.c
tests_unit_test_run_clock_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_clock_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_keeper_counting
tests_unit_test_keeper_counting_SOURCES = tests/unit/test_keeper_counting.c
tests_unit_test_keeper_counting_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_counting_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_withhold
tests_unit_test_keeper_withhold_SOURCES = tests/unit/test_keeper_withhold.c
tests_unit_test_keeper_withhold_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_withhold_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_interruptions
tests_unit_test_host_interruptions_SOURCES = tests/unit/test_host_interruptions.c
tests_unit_test_host_interruptions_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_interruptions_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_run_gap
tests_unit_test_run_gap_SOURCES = tests/unit/test_run_gap.c
tests_unit_test_run_gap_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_gap_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_smi
tests_unit_test_keeper_smi_SOURCES = tests/unit/test_keeper_smi.c
tests_unit_test_keeper_smi_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_smi_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_busy_frequency
tests_unit_test_keeper_busy_frequency_SOURCES = tests/unit/test_keeper_busy_frequency.c
tests_unit_test_keeper_busy_frequency_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_busy_frequency_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_team
tests_unit_test_keeper_team_SOURCES = tests/unit/test_keeper_team.c
tests_unit_test_keeper_team_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_team_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_tally
tests_unit_test_keeper_tally_SOURCES = tests/unit/test_keeper_tally.c
tests_unit_test_keeper_tally_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_tally_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_thief_knob
tests_unit_test_host_thief_knob_SOURCES = tests/unit/test_host_thief_knob.c
tests_unit_test_host_thief_knob_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_thief_knob_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_thief
tests_unit_test_keeper_thief_SOURCES = tests/unit/test_keeper_thief.c tests/unit/thief_fixture.h
tests_unit_test_keeper_thief_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_thief_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_keeper_family
tests_unit_test_keeper_family_SOURCES = tests/unit/test_keeper_family.c tests/unit/thief_fixture.h
tests_unit_test_keeper_family_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_family_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_message
tests_unit_test_keeper_message_SOURCES = tests/unit/test_keeper_message.c
tests_unit_test_keeper_message_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_message_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_keeper_identity
tests_unit_test_keeper_identity_SOURCES = tests/unit/test_keeper_identity.c
tests_unit_test_keeper_identity_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_identity_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_keeper_seclude
tests_unit_test_keeper_seclude_SOURCES = tests/unit/test_keeper_seclude.c
tests_unit_test_keeper_seclude_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keeper_seclude_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_value
tests_unit_test_host_value_SOURCES = tests/unit/test_host_value.c
tests_unit_test_host_value_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_value_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_topology
tests_unit_test_host_topology_SOURCES = tests/unit/test_host_topology.c
tests_unit_test_host_topology_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_topology_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_field
tests_unit_test_host_field_SOURCES = tests/unit/test_host_field.c
tests_unit_test_host_field_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_field_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_heat
tests_unit_test_host_heat_SOURCES = tests/unit/test_host_heat.c
tests_unit_test_host_heat_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_heat_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_pmu_wide
tests_unit_test_host_pmu_wide_SOURCES = tests/unit/test_host_pmu_wide.c
tests_unit_test_host_pmu_wide_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_pmu_wide_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_power
tests_unit_test_host_power_SOURCES = tests/unit/test_host_power.c
tests_unit_test_host_power_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_power_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_quota
tests_unit_test_host_quota_SOURCES = tests/unit/test_host_quota.c
tests_unit_test_host_quota_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_quota_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_contention
tests_unit_test_host_contention_SOURCES = tests/unit/test_host_contention.c
tests_unit_test_host_contention_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_contention_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_programs
tests_unit_test_host_programs_SOURCES = tests/unit/test_host_programs.c
tests_unit_test_host_programs_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_programs_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_stats_derived
tests_unit_test_stats_derived_SOURCES = tests/unit/test_stats_derived.c
tests_unit_test_stats_derived_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_stats_derived_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_base_expression
tests_unit_test_base_expression_SOURCES = tests/unit/test_base_expression.c
tests_unit_test_base_expression_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_base_expression_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_base_nearest
tests_unit_test_base_nearest_SOURCES = tests/unit/test_base_nearest.c
tests_unit_test_base_nearest_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_base_nearest_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_run_events
tests_unit_test_run_events_SOURCES = tests/unit/test_run_events.c tests/unit/event_fixture.h
tests_unit_test_run_events_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_run_events_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_host_event
tests_unit_test_host_event_SOURCES = tests/unit/test_host_event.c tests/unit/event_fixture.h
tests_unit_test_host_event_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_event_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_host_event_set
tests_unit_test_host_event_set_SOURCES = tests/unit/test_host_event_set.c tests/unit/event_fixture.h
tests_unit_test_host_event_set_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_event_set_LDADD = $(UNIT_LIBS)
check_PROGRAMS += tests/unit/test_host_tracing
tests_unit_test_host_tracing_SOURCES = tests/unit/test_host_tracing.c
tests_unit_test_host_tracing_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_tracing_LDADD = $(UNIT_LIBS)
# on recorded machines: how to record one stands at the head of tests/machines/record
EXTRA_DIST += tests/unit/recorded_fixture.h $(MACHINES)
EXTRA_DIST += tests/machines/record tests/machines/unpack tests/machines/expected.txt tests/machines/faithful.sh
MACHINES = tests/machines/amd-acpi-cpufreq.machine tests/machines/amd-pstate-epp.machine
MACHINES += tests/machines/arm-server.machine tests/machines/container.machine
MACHINES += tests/machines/intel-client.machine tests/machines/intel-hybrid.machine
MACHINES += tests/machines/intel-server.machine tests/machines/one-cpu.machine tests/machines/vm.machine
check_PROGRAMS += tests/unit/test_host_topology_recorded
tests_unit_test_host_topology_recorded_SOURCES = tests/unit/test_host_topology_recorded.c
tests_unit_test_host_topology_recorded_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_topology_recorded_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_clock_rate
tests_unit_test_host_clock_rate_SOURCES = tests/unit/test_host_clock_rate.c
tests_unit_test_host_clock_rate_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_clock_rate_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_clock_proof
tests_unit_test_host_clock_proof_SOURCES = tests/unit/test_host_clock_proof.c
tests_unit_test_host_clock_proof_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_clock_proof_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_cgroup
tests_unit_test_host_cgroup_SOURCES = tests/unit/test_host_cgroup.c tests/unit/machine_fixture.h
tests_unit_test_host_cgroup_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_cgroup_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_knob
tests_unit_test_host_knob_SOURCES = tests/unit/test_host_knob.c
tests_unit_test_host_knob_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_knob_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_irqbalance
tests_unit_test_host_irqbalance_SOURCES = tests/unit/test_host_irqbalance.c
tests_unit_test_host_irqbalance_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_irqbalance_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_power_profiles
tests_unit_test_host_power_profiles_SOURCES = tests/unit/test_host_power_profiles.c tests/unit/power_daemon_fixture.h
tests_unit_test_host_power_profiles_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_power_profiles_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_kernel_work
tests_unit_test_host_kernel_work_SOURCES = tests/unit/test_host_kernel_work.c
tests_unit_test_host_kernel_work_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_kernel_work_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_knob_power
tests_unit_test_host_knob_power_SOURCES = tests/unit/test_host_knob_power.c
tests_unit_test_host_knob_power_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_knob_power_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_host_facts
tests_unit_test_host_facts_SOURCES = tests/unit/test_host_facts.c
tests_unit_test_host_facts_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_facts_LDADD = $(UNIT_LIBS)

# report
check_PROGRAMS += tests/unit/test_report
tests_unit_test_report_SOURCES = tests/unit/test_report.c tests/unit/report_fixture.h
tests_unit_test_report_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_report_LDADD = $(UNIT_LIBS)

check_PROGRAMS += tests/unit/test_report_thieves
tests_unit_test_report_thieves_SOURCES = tests/unit/test_report_thieves.c tests/unit/report_fixture.h
tests_unit_test_report_thieves_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_report_thieves_LDADD = $(UNIT_LIBS)

# store
check_PROGRAMS += tests/unit/test_store
tests_unit_test_store_SOURCES = tests/unit/test_store.c
tests_unit_test_store_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_LDADD = $(UNIT_LIBS)

# host
check_PROGRAMS += tests/unit/test_host_checkup
tests_unit_test_host_checkup_SOURCES = tests/unit/test_host_checkup.c
tests_unit_test_host_checkup_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_host_checkup_LDADD = $(UNIT_LIBS)

# cli
check_PROGRAMS += tests/unit/test_progress
tests_unit_test_progress_SOURCES = tests/unit/test_progress.c
tests_unit_test_progress_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_progress_LDADD = $(UNIT_LIBS)
