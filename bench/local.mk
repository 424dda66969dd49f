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
