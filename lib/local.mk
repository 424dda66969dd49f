# libstablebench: what a benchmark links. All but main is an archive of its own too, which the unit tests link: it
# shows them what the symbol map hides.
noinst_LTLIBRARIES = lib/libbench.la
lib_libbench_la_CFLAGS = $(AM_CFLAGS)
lib_libbench_la_SOURCES = lib/stablebench.h
lib_libbench_la_SOURCES += lib/wire.h lib/wire.c
lib_libbench_la_SOURCES += lib/clock.h lib/clock.c
lib_libbench_la_SOURCES += lib/registry.h lib/registry.c
lib_libbench_la_SOURCES += lib/bench.h lib/bench.c
lib_libbench_la_SOURCES += lib/loop.c
lib_libbench_la_SOURCES += lib/sampler.c
lib_libbench_la_SOURCES += lib/counter.h lib/counter.c lib/ask.h lib/ask.c
lib_libbench_la_SOURCES += lib/witness.h lib/witness.c
lib_libbench_la_SOURCES += lib/theft.h lib/theft.c
lib_libbench_la_SOURCES += lib/cost.c
lib_libbench_la_SOURCES += lib/team.h lib/team.c
lib_libbench_la_SOURCES += lib/serve.c
lib_libbench_la_SOURCES += lib/table.h lib/table.c
lib_libbench_la_SOURCES += lib/pattern.h lib/pattern.c
lib_libbench_la_SOURCES += lib/solo.c
lib_libbench_la_SOURCES += lib/entry.c

lib_LTLIBRARIES = lib/libstablebench.la
include_HEADERS = lib/stablebench.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = lib/stablebench.pc
lib_libstablebench_la_SOURCES = lib/main.c
lib_libstablebench_la_LIBADD = lib/libbench.la
lib_libstablebench_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -Wl,--version-script=$(top_srcdir)/lib/libstablebench.map
EXTRA_lib_libstablebench_la_DEPENDENCIES = lib/libstablebench.map
EXTRA_DIST += lib/libstablebench.map
