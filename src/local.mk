# The runner. One block per room, in the order of the data's way; only cli/main.c stays outside the archive,
# so that unit tests link everything else.
noinst_LIBRARIES += librunner.a
librunner_a_CPPFLAGS = $(AM_CPPFLAGS) $(HWLOC_CFLAGS) $(JANSSON_CFLAGS) $(ZLIB_CFLAGS) $(INIH_CFLAGS) $(SECCOMP_CFLAGS) $(BPF_CFLAGS) -I$(builddir)/src
librunner_a_CFLAGS = $(AM_CFLAGS)
librunner_a_SOURCES =
RUNNER_LIBS = librunner.a $(HWLOC_LIBS) $(JANSSON_LIBS) $(ZLIB_LIBS) $(INIH_LIBS) $(SYSTEMD_LIBS) $(SECCOMP_LIBS) $(CPUPOWER_LIBS) $(PFM_LIBS) $(BPF_LIBS) -lm

# base
librunner_a_SOURCES += src/base/err.h src/base/err.c
librunner_a_SOURCES += src/base/alloc.h src/base/alloc.c
librunner_a_SOURCES += src/base/path.h src/base/path.c
librunner_a_SOURCES += src/base/printable.h src/base/printable.c
librunner_a_SOURCES += src/base/units.h src/base/units.c
librunner_a_SOURCES += src/base/nearest.h src/base/nearest.c
librunner_a_SOURCES += src/base/expression.h src/base/expression.c
librunner_a_SOURCES += src/base/bus.h src/base/bus.c
librunner_a_SOURCES += src/base/monotonic.h src/base/monotonic.c
librunner_a_SOURCES += src/base/cpulist.h src/base/cpulist.c
librunner_a_SOURCES += src/base/cpumask.h src/base/cpumask.c

# stats
librunner_a_SOURCES += src/stats/describe.h src/stats/describe.c
librunner_a_SOURCES += src/stats/student.h src/stats/student.c
librunner_a_SOURCES += src/stats/interval.h src/stats/interval.c
librunner_a_SOURCES += src/stats/stopping.h src/stats/stopping.c
librunner_a_SOURCES += src/stats/warmup.h src/stats/warmup.c
librunner_a_SOURCES += src/stats/derived.h src/stats/derived.c
librunner_a_SOURCES += src/stats/trend.h src/stats/trend.c

# host
librunner_a_SOURCES += src/host/condition.h src/host/condition.c
librunner_a_SOURCES += src/host/topology.h src/host/topology.c
librunner_a_SOURCES += src/host/facts.h src/host/facts.c
librunner_a_SOURCES += src/host/virtual.h src/host/virtual.c
librunner_a_SOURCES += src/host/field.h src/host/field.c
librunner_a_SOURCES += src/host/cpuinfo.h src/host/cpuinfo.c
librunner_a_SOURCES += src/host/msr.h src/host/msr.c
librunner_a_SOURCES += src/host/mitigations.h src/host/mitigations.c
librunner_a_SOURCES += src/host/power.h src/host/power.c
librunner_a_SOURCES += src/host/heat.h src/host/heat.c
librunner_a_SOURCES += src/host/quota.h src/host/quota.c
librunner_a_SOURCES += src/host/contention.h src/host/contention.c
librunner_a_SOURCES += src/host/programs.h src/host/programs.c
librunner_a_SOURCES += src/host/tracing.h src/host/tracing.c
librunner_a_SOURCES += src/host/drift.h src/host/drift.c
librunner_a_SOURCES += src/host/pmu.h src/host/pmu.c
librunner_a_SOURCES += src/host/pmu_wide.h src/host/pmu_wide.c
librunner_a_SOURCES += src/host/witness.h src/host/witness.c
librunner_a_SOURCES += src/host/thief_knob.h src/host/thief_knob.c
librunner_a_SOURCES += src/host/interruptions.h src/host/interruptions.c
librunner_a_SOURCES += src/host/microarchitecture.h src/host/microarchitecture.c
librunner_a_SOURCES += src/host/event_source.h src/host/event_source.c src/host/event_terms.c
librunner_a_SOURCES += src/host/event.h src/host/event.c src/host/event_way.h
librunner_a_SOURCES += src/host/event_pfm.c src/host/event_kernel.c src/host/event_place.c src/host/event_set.c
librunner_a_SOURCES += src/host/event_list.h src/host/event_refusal.c
librunner_a_SOURCES += src/host/policy.h src/host/policy.c
librunner_a_SOURCES += src/host/value.h src/host/value.c
librunner_a_SOURCES += src/host/knob.h src/host/knob.c
librunner_a_SOURCES += src/host/task.h src/host/task.c
librunner_a_SOURCES += src/host/knob_fifo.c
librunner_a_SOURCES += src/host/knob_layout.c
librunner_a_SOURCES += src/host/knob_memory_binding.c
librunner_a_SOURCES += src/host/knob_page_cache.c
librunner_a_SOURCES += src/host/knob_table.h src/host/knob_table.c
librunner_a_SOURCES += src/host/knob_cpus.c
librunner_a_SOURCES += src/host/knob_affinity.c
librunner_a_SOURCES += src/host/cgroup.h src/host/cgroup.c
librunner_a_SOURCES += src/host/knob_cgroup.c
librunner_a_SOURCES += src/host/knob_partition.c
librunner_a_SOURCES += src/host/knob_resctrl.c
librunner_a_SOURCES += src/host/knob_swap.c
librunner_a_SOURCES += src/host/knob_slices.c
librunner_a_SOURCES += src/host/knob_cgroup_v1.c
librunner_a_SOURCES += src/host/knob_sibling_idle.c
librunner_a_SOURCES += src/host/knob_governor.c
librunner_a_SOURCES += src/host/knob_boost.c
librunner_a_SOURCES += src/host/companion.h src/host/companion.c
librunner_a_SOURCES += src/host/knob_smt.c
librunner_a_SOURCES += src/host/knob_energy.c
librunner_a_SOURCES += src/host/knob_frequency.c
librunner_a_SOURCES += src/host/knob_uncore.c
librunner_a_SOURCES += src/host/knob_msr.c
librunner_a_SOURCES += src/host/idle.h src/host/idle.c
librunner_a_SOURCES += src/host/knob_idle.c
librunner_a_SOURCES += src/host/knob_dma_latency.c
librunner_a_SOURCES += src/host/knob_clock.c
librunner_a_SOURCES += src/host/clock_rate.h src/host/clock_rate.c
librunner_a_SOURCES += src/host/clock_proof.h src/host/clock_proof.c
librunner_a_SOURCES += src/host/check.h src/host/check.c
librunner_a_SOURCES += src/host/rule.h src/host/rule.c
librunner_a_SOURCES += src/host/housekeeping.h src/host/housekeeping.c
librunner_a_SOURCES += src/host/irqbalance.h src/host/irqbalance.c
librunner_a_SOURCES += src/host/knob_irqbalance.c
librunner_a_SOURCES += src/host/power_profiles.h src/host/power_profiles.c
librunner_a_SOURCES += src/host/knob_platform_profile.c
librunner_a_SOURCES += src/host/knob_tunable.c
librunner_a_SOURCES += src/host/knob_irq.c
librunner_a_SOURCES += src/host/knob_queue.c
librunner_a_SOURCES += src/host/checkup.h src/host/checkup.c
librunner_a_SOURCES += src/host/journal.h src/host/journal.c

# record
librunner_a_SOURCES += src/record/record.h src/record/record.c
librunner_a_SOURCES += src/record/record_names.c src/record/record_summary.c
librunner_a_SOURCES += src/record/record_schema.h src/record/record_schema.c
librunner_a_SOURCES += src/record/record_json.h src/record/record_json_write.c src/record/record_json_read.c
librunner_a_SOURCES += src/record/record_take.h src/record/record_take.c
librunner_a_SOURCES += src/record/record_put.h src/record/record_put.c
librunner_a_SOURCES += src/record/record_counters.c

# keeper
librunner_a_SOURCES += src/keeper/identity.h src/keeper/identity.c
librunner_a_SOURCES += src/keeper/seclude.h src/keeper/seclude.c
librunner_a_SOURCES += src/keeper/keeper.h src/keeper/keeper.c
librunner_a_SOURCES += src/keeper/message.h src/keeper/message.c
librunner_a_SOURCES += src/keeper/server.h src/keeper/server.c
librunner_a_SOURCES += src/keeper/detach.h src/keeper/detach.c
librunner_a_SOURCES += src/keeper/limits.h src/keeper/limits.c
librunner_a_SOURCES += src/keeper/stability.h src/keeper/stability.c
librunner_a_SOURCES += src/keeper/changes.h src/keeper/changes.c
librunner_a_SOURCES += src/keeper/verdict.h src/keeper/verdict.c
librunner_a_SOURCES += src/keeper/control.h src/keeper/control.c
librunner_a_SOURCES += src/keeper/guard.h src/keeper/guard.c
librunner_a_SOURCES += src/keeper/leftover.c
librunner_a_SOURCES += src/keeper/restore.h src/keeper/restore.c
librunner_a_SOURCES += src/keeper/launch.h src/keeper/launch.c
librunner_a_SOURCES += src/keeper/program.h src/keeper/program.c
librunner_a_SOURCES += src/keeper/counting.h src/keeper/counting.c src/keeper/counting_open.c src/keeper/counting_probe.c
librunner_a_SOURCES += src/keeper/announce.h src/keeper/announce.c
librunner_a_SOURCES += src/keeper/registers.h src/keeper/registers.c
librunner_a_SOURCES += src/keeper/smi.h src/keeper/smi.c
librunner_a_SOURCES += src/keeper/busy_frequency.h src/keeper/busy_frequency.c
librunner_a_SOURCES += src/keeper/tally.h src/keeper/tally.c
librunner_a_SOURCES += src/keeper/team.h src/keeper/team.c
librunner_a_SOURCES += src/keeper/watch.h src/keeper/watch.c
librunner_a_SOURCES += src/keeper/thief.h
if HAVE_BPF
librunner_a_SOURCES += src/keeper/thief.c src/keeper/thief_map.h
nodist_librunner_a_SOURCES = src/keeper/thief.skel.h
else
librunner_a_SOURCES += src/keeper/thief_absent.c
endif
librunner_a_SOURCES += src/keeper/lock.h src/keeper/lock.c
librunner_a_SOURCES += src/keeper/process.h src/keeper/process.c

# plan
librunner_a_SOURCES += src/plan/settings.h src/plan/settings.c
librunner_a_SOURCES += src/plan/config.h src/plan/config.c
librunner_a_SOURCES += src/plan/select.h src/plan/select.c
librunner_a_SOURCES += src/plan/plan.h src/plan/plan.c

# run
librunner_a_SOURCES += src/run/binary.h src/run/binary.c
librunner_a_SOURCES += src/run/output.h src/run/output.c
librunner_a_SOURCES += src/run/clock.h src/run/clock.c
librunner_a_SOURCES += src/run/attempt.h src/run/attempt.c
librunner_a_SOURCES += src/run/judge.h src/run/judge.c
librunner_a_SOURCES += src/run/cooling.h src/run/cooling.c
librunner_a_SOURCES += src/run/collect.h src/run/collect.c
librunner_a_SOURCES += src/run/events.h src/run/events.c
librunner_a_SOURCES += src/run/counted.h src/run/counted.c
librunner_a_SOURCES += src/run/around.h src/run/around.c
librunner_a_SOURCES += src/run/list.h src/run/list.c
librunner_a_SOURCES += src/run/forecast.h src/run/forecast.c
librunner_a_SOURCES += src/run/schedule.h src/run/schedule.c
librunner_a_SOURCES += src/run/cancel.h
librunner_a_SOURCES += src/run/gap.h src/run/gap.c
librunner_a_SOURCES += src/run/noise.h src/run/noise.c

# store
librunner_a_SOURCES += src/store/store.h src/store/store.c

# report
librunner_a_SOURCES += src/report/report.h src/report/report.c
librunner_a_SOURCES += src/report/conditions.h src/report/conditions.c
librunner_a_SOURCES += src/report/wrap.h src/report/wrap.c
librunner_a_SOURCES += src/report/disturbed.h src/report/disturbed.c
librunner_a_SOURCES += src/report/counters.h src/report/counters.c
librunner_a_SOURCES += src/report/thieves.h src/report/thieves.c
librunner_a_SOURCES += src/report/frequency.h src/report/frequency.c
librunner_a_SOURCES += src/report/threads.h src/report/threads.c
librunner_a_SOURCES += src/report/text.c src/report/json.c src/report/samples.c

# cli
librunner_a_SOURCES += src/cli/exit.h src/cli/exit.c
librunner_a_SOURCES += src/cli/options.h src/cli/options.c src/cli/catalog.c src/cli/describe.c
librunner_a_SOURCES += src/cli/assign.c src/cli/nearest.c
librunner_a_SOURCES += src/cli/config_file.h src/cli/config_file.c
librunner_a_SOURCES += src/cli/configure.h src/cli/configure.c
librunner_a_SOURCES += src/cli/interrupt.h src/cli/interrupt.c
librunner_a_SOURCES += src/cli/terminal.h src/cli/terminal.c
librunner_a_SOURCES += src/cli/progress.h src/cli/progress.c
librunner_a_SOURCES += src/cli/session.h src/cli/session.c
librunner_a_SOURCES += src/cli/hold.h src/cli/hold.c
librunner_a_SOURCES += src/cli/cmd_knobs.c
librunner_a_SOURCES += src/cli/event_rows.h src/cli/event_rows.c src/cli/cmd_events.c
librunner_a_SOURCES += src/cli/cmd_tune.c
librunner_a_SOURCES += src/cli/cmd_status.c
librunner_a_SOURCES += src/cli/cmd_noise.c src/cli/noise_print.h src/cli/noise_print.c
librunner_a_SOURCES += src/cli/cmd_shield.c
librunner_a_SOURCES += src/cli/restoring.h src/cli/restoring.c
librunner_a_SOURCES += src/cli/drill.h src/cli/drill.c src/cli/cmd_selftest.c
librunner_a_SOURCES += src/cli/sysroot.h src/cli/sysroot.c
librunner_a_SOURCES += src/cli/findings.h src/cli/findings.c src/cli/findings_text.c
librunner_a_SOURCES += src/cli/measure.h src/cli/measure.c
librunner_a_SOURCES += src/cli/command.h src/cli/commands.c src/cli/cmd_run.c src/cli/cmd_list.c src/cli/cmd_doctor.c
librunner_a_SOURCES += src/cli/cmd_restore.c src/cli/cmd_show.c
bin_PROGRAMS += stablebench
stablebench_CPPFLAGS = $(librunner_a_CPPFLAGS)
stablebench_SOURCES = src/cli/main.c
stablebench_LDADD = $(RUNNER_LIBS)

# the bytes on the shared memory are one contract with the library; what is safe to compile is the same for both
librunner_a_SOURCES += lib/wire.h lib/wire.c lib/pattern.h lib/pattern.c

# What runs in the kernel, embedded as a header. bpftool leaves debug information behind, and no path of the build
# stays in it, so that it is the same wherever it is built; the types of the kernel are our own, and few.
EXTRA_DIST += src/keeper/thief.bpf.c src/keeper/thief_kernel.h src/keeper/thief_absent.c
KERNEL_CFLAGS = -target bpf -mcpu=v3 -std=gnu11 -O2 -g -ffreestanding -Wall -Wextra -Wno-unused-parameter
KERNEL_CFLAGS += -ffile-prefix-map=$(srcdir)/= -fdebug-compilation-dir=.
if HAVE_BPF
BUILT_SOURCES += src/keeper/thief.skel.h
CLEANFILES += src/keeper/thief.skel.h src/keeper/thief.bpf.o src/keeper/thief.linked.o
src/keeper/librunner_a-thief.$(OBJEXT): src/keeper/thief.skel.h
src/keeper/thief.bpf.o: src/keeper/thief.bpf.c src/keeper/thief_kernel.h src/keeper/thief_map.h lib/wire.h Makefile
	$(AM_V_GEN)$(MKDIR_P) src/keeper && $(CLANG) $(KERNEL_CFLAGS) -I$(srcdir)/src -I$(srcdir)/lib $(KERNEL_INCLUDES) -c $(srcdir)/src/keeper/thief.bpf.c -o $@
src/keeper/thief.skel.h: src/keeper/thief.bpf.o
	$(AM_V_GEN)$(BPFTOOL) gen object src/keeper/thief.linked.o src/keeper/thief.bpf.o && \
		$(BPFTOOL) gen skeleton src/keeper/thief.linked.o name thief_bpf >$@.new && mv $@.new $@
endif
