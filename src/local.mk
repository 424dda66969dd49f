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

# host

# record

# keeper

# plan

# run

# store

# report

# cli

# the bytes on the shared memory are one contract with the library
librunner_a_SOURCES += lib/wire.h lib/wire.c
