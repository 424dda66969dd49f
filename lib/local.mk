# libstablebench: what a benchmark links
lib_LTLIBRARIES = lib/libstablebench.la
include_HEADERS = lib/stablebench.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = lib/stablebench.pc
lib_libstablebench_la_SOURCES = lib/wire.h lib/wire.c
lib_libstablebench_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -Wl,--version-script=$(top_srcdir)/lib/libstablebench.map
EXTRA_lib_libstablebench_la_DEPENDENCIES = lib/libstablebench.map
EXTRA_DIST += lib/libstablebench.map
