# unit tests: one program per module, linked against the runner's archive
UNIT_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(HWLOC_CFLAGS) $(JANSSON_CFLAGS)
UNIT_LIBS = $(RUNNER_LIBS) $(CHECK_LIBS)

# the tree against its own rules: each prints what is wrong, or the reason why it cannot tell
dist_check_SCRIPTS += tests/checks/layers.sh
dist_check_SCRIPTS += tests/checks/sizes.sh

sizes:
	@srcdir=$(srcdir) $(srcdir)/tests/checks/sizes.sh
.PHONY: sizes
