# unit tests: one program per module, linked against the runner's archive
UNIT_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(HWLOC_CFLAGS) $(JANSSON_CFLAGS)
UNIT_LIBS = $(RUNNER_LIBS) $(CHECK_LIBS)

# the tree against its own rules: each prints what is wrong, or the reason why it cannot tell
dist_check_SCRIPTS += tests/checks/layers.sh
dist_check_SCRIPTS += tests/checks/sizes.sh

sizes:
	@srcdir=$(srcdir) $(srcdir)/tests/checks/sizes.sh
.PHONY: sizes
EXTRA_DIST += tests/unit/unit.h

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
