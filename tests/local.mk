# unit tests: one program per module, linked against the runner's archive
UNIT_CPPFLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) $(HWLOC_CFLAGS) $(JANSSON_CFLAGS)
UNIT_LIBS = $(RUNNER_LIBS) $(CHECK_LIBS)
