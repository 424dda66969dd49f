# suites that ship; in-tree suites link statically, since a libtool wrapper script is no benchmark
pkglibbenchdir = $(pkglibdir)/bench
pkglibbench_PROGRAMS =
BENCH_LIBRARY = lib/libstablebench.la
STATIC_FLAGS = $(AM_LDFLAGS) -static

# known truth, and every kind of misbehaviour
pkglibbench_PROGRAMS += bench/bench_selftest
bench_bench_selftest_SOURCES = bench/selftest.c bench/selftest/hostile.c
bench_bench_selftest_LDADD = $(BENCH_LIBRARY)
bench_bench_selftest_LDFLAGS = $(STATIC_FLAGS)

# kestrel, the engine of security events that bench_kestrel measures; its unit tests link it too
noinst_LIBRARIES += bench/libkestrel.a
KESTREL_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/bench $(LUA_CFLAGS)
KESTREL_LIBS = bench/libkestrel.a $(LUA_LIBS)
bench_libkestrel_a_CPPFLAGS = $(KESTREL_CPPFLAGS)
bench_libkestrel_a_SOURCES = \
	bench/kestrel/builder.c bench/kestrel/builder.h \
	bench/kestrel/engine.c bench/kestrel/engine.h \
	bench/kestrel/event.c bench/kestrel/event.h \
	bench/kestrel/partial.c bench/kestrel/partial.h \
	bench/kestrel/pool.c bench/kestrel/pool.h \
	bench/kestrel/predicate.c bench/kestrel/predicate.h \
	bench/kestrel/route.c bench/kestrel/route.h \
	bench/kestrel/rule.c bench/kestrel/rule.h \
	bench/kestrel/runtime.c bench/kestrel/runtime.h \
	bench/kestrel/schema.c bench/kestrel/schema.h \
	bench/kestrel/value.c bench/kestrel/value.h

pkglibbench_PROGRAMS += bench/bench_kestrel
bench_bench_kestrel_CPPFLAGS = $(KESTREL_CPPFLAGS)
bench_bench_kestrel_SOURCES = bench/kestrel.c bench/kestrel_rules.c bench/kestrel/fixture.c bench/kestrel/fixture.h
bench_bench_kestrel_LDADD = $(BENCH_LIBRARY) $(KESTREL_LIBS)
bench_bench_kestrel_LDFLAGS = $(STATIC_FLAGS)
