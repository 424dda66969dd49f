# The runner. One block per room, in the order of the data's way; only cli/main.c stays outside the archive,
# so that unit tests link everything else.
noinst_LIBRARIES += librunner.a
librunner_a_CPPFLAGS = $(AM_CPPFLAGS) $(HWLOC_CFLAGS) $(JANSSON_CFLAGS) $(ZLIB_CFLAGS)
librunner_a_CFLAGS = $(AM_CFLAGS)
librunner_a_SOURCES =
RUNNER_LIBS = librunner.a $(HWLOC_LIBS) $(JANSSON_LIBS) $(ZLIB_LIBS) $(CPUPOWER_LIBS) -lm

# base
librunner_a_SOURCES += src/base/err.h src/base/err.c
librunner_a_SOURCES += src/base/alloc.h src/base/alloc.c
librunner_a_SOURCES += src/base/path.h src/base/path.c
librunner_a_SOURCES += src/base/units.h src/base/units.c
librunner_a_SOURCES += src/base/cpulist.h src/base/cpulist.c

# stats
librunner_a_SOURCES += src/stats/describe.h src/stats/describe.c
librunner_a_SOURCES += src/stats/student.h src/stats/student.c
librunner_a_SOURCES += src/stats/interval.h src/stats/interval.c
librunner_a_SOURCES += src/stats/stopping.h src/stats/stopping.c
librunner_a_SOURCES += src/stats/warmup.h src/stats/warmup.c
librunner_a_SOURCES += src/stats/trend.h src/stats/trend.c

# host
librunner_a_SOURCES += src/host/condition.h src/host/condition.c
librunner_a_SOURCES += src/host/topology.h src/host/topology.c
librunner_a_SOURCES += src/host/facts.h src/host/facts.c
librunner_a_SOURCES += src/host/virtual.h src/host/virtual.c
librunner_a_SOURCES += src/host/mitigations.h src/host/mitigations.c
librunner_a_SOURCES += src/host/policy.h src/host/policy.c
librunner_a_SOURCES += src/host/knob.h src/host/knob.c
librunner_a_SOURCES += src/host/knob_cpus.c
librunner_a_SOURCES += src/host/knob_affinity.c
librunner_a_SOURCES += src/host/knob_governor.c
librunner_a_SOURCES += src/host/knob_boost.c
librunner_a_SOURCES += src/host/knob_dma_latency.c
librunner_a_SOURCES += src/host/journal.h src/host/journal.c

# record
librunner_a_SOURCES += src/record/record.h src/record/record.c
librunner_a_SOURCES += src/record/record_names.c src/record/record_summary.c
librunner_a_SOURCES += src/record/record_schema.h src/record/record_schema.c
librunner_a_SOURCES += src/record/record_json.h src/record/record_json_write.c src/record/record_json_read.c
librunner_a_SOURCES += src/record/record_take.h src/record/record_take.c

# keeper
librunner_a_SOURCES += src/keeper/identity.h src/keeper/identity.c
librunner_a_SOURCES += src/keeper/keeper.h src/keeper/keeper.c
librunner_a_SOURCES += src/keeper/message.h src/keeper/message.c
librunner_a_SOURCES += src/keeper/server.h src/keeper/server.c
librunner_a_SOURCES += src/keeper/control.h src/keeper/control.c
librunner_a_SOURCES += src/keeper/restore.h src/keeper/restore.c
librunner_a_SOURCES += src/keeper/launch.h src/keeper/launch.c
librunner_a_SOURCES += src/keeper/program.h src/keeper/program.c
librunner_a_SOURCES += src/keeper/lock.h src/keeper/lock.c
librunner_a_SOURCES += src/keeper/process.h src/keeper/process.c

# plan

# run

# store

# report

# cli

# the bytes on the shared memory are one contract with the library
librunner_a_SOURCES += lib/wire.h lib/wire.c
