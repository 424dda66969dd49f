/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalog.c - every option of every command, in the order in which --help shows them. */
#include "cli/options.h"

#define AT(field) offsetof(struct settings, field)

enum {
	RUN = OPTION_OF_RUN,
	LIST = OPTION_OF_LIST,
	DOCTOR = OPTION_OF_DOCTOR,
	RESTORE = OPTION_OF_RESTORE,
	SHOW = OPTION_OF_SHOW,
	KNOBS = OPTION_OF_KNOBS,
	TUNE = OPTION_OF_TUNE,
	STATUS = OPTION_OF_STATUS,
	SHIELD = OPTION_OF_SHIELD,
	SELFTEST = OPTION_OF_SELFTEST,
	EVENTS = OPTION_OF_EVENTS,
	NOISE = OPTION_OF_NOISE,
	ROOT = OPTION_OF_ROOT,
	ALL = RUN | LIST | DOCTOR | RESTORE | SHOW | KNOBS | TUNE | STATUS | SHIELD | SELFTEST | EVENTS |
	      NOISE,
	CONTROL = OPTION_OF_RUN | OPTION_OF_TUNE | OPTION_OF_SHIELD, /* whatever sets knobs */
};

/* One row to a line reads better than what the formatter makes of it. */
/* clang-format off */
const struct option_row option_catalog[] = {
	{ CONTROL | KNOBS | DOCTOR | SELFTEST, "profile", "none|gentle|standard|strict", "host controls to use (standard)", OPTION_PROFILE, AT(choice.profile), 0, 0 },
	{ CONTROL | KNOBS | DOCTOR | SELFTEST, "with", "KNOBS", "also set these (NAME,NAME...), whatever the profile says; repeatable", OPTION_KNOBS, AT(choice.with), 0, 0 },
	{ CONTROL | KNOBS | DOCTOR | SELFTEST, "without", "KNOBS", "leave these alone, whatever the profile says; repeatable", OPTION_KNOBS, AT(choice.without), 0, 0 },
	{ CONTROL, "require", "KNOBS", "go on only where these, or all, are in effect, else exit 5; repeatable", OPTION_KNOBS, AT(require), 0, 0 },
	{ CONTROL, "cpus", "auto|LIST", "the benches' CPUs, instead of a core chosen by stablebench; auto: the quietest that noise found", OPTION_CPUS, 0, 0, 0 },
	{ KNOBS | DOCTOR | SELFTEST | EVENTS, "cpus", "LIST", "the benches' CPUs, instead of a core chosen by stablebench", OPTION_CPUS, 0, 0, 0 },
	{ NOISE, "cpu", "LIST", "only these CPUs (all)", OPTION_CPUS, 0, 0, 0 },
	{ NOISE, "duration", "TIME", "how long each CPU is looked at (2s)", OPTION_DURATION, AT(duration_s), 0, 0 },
	{ RUN | LIST, "filter", "RE", "only cases that match the extended regular expression; repeatable", OPTION_LIST, AT(filter), 0, 0 },
	{ RUN | LIST, "skip", "RE", "leave out cases that match; repeatable", OPTION_LIST, AT(skip), 0, 0 },
	{ RUN | LIST, "exact", NULL, "--filter and --skip are whole names, taken literally", OPTION_FLAG, AT(exact), 0, 0 },
	{ RUN | LIST, "tag", "TAG", "only cases that carry the tag; repeatable", OPTION_LIST, AT(tag), 0, 0 },
	{ RUN, "precision", "RATIO", "stop a case when half its 95 % interval is below this (0.5%)", OPTION_RATIO, AT(precision), 0, 0 },
	{ RUN, "launches", "N|MIN:MAX", "launches per case: exactly N, or between two bounds (5:30)", OPTION_RANGE, AT(launches), 1, SETTINGS_LAUNCHES_MAX },
	{ RUN, "samples", "N", "samples per launch (20, fewer where iterations are long)", OPTION_COUNT, AT(samples), 1, SETTINGS_SAMPLES_MAX },
	{ RUN, "sample-time", "TIME", "least length of a sample (1ms)", OPTION_DURATION, AT(sample_time_s), 0, 0 },
	{ RUN, "warmup", "N", "warm-up samples of a launch (calibrated for each case)", OPTION_COUNT, AT(warmup), 0, SETTINGS_SAMPLES_MAX },
	{ RUN, "retakes", "N", "samples of a launch that may be taken again when something disturbed them (as many as samples)", OPTION_COUNT, AT(retakes), 0, SETTINGS_SAMPLES_MAX },
	{ RUN, "counters", "LIST", "count these EVENT,EVENT... and @SETS, or none (@default)", OPTION_TEXT, AT(counters), 0, 0 },
	{ RUN, "require-counters", NULL, "go on only where all of them can be counted, else exit 5", OPTION_FLAG, AT(require_counters), 0, 0 },
	{ RUN, "witnesses", "all|none", "what is read around a sample to tell what disturbed it (all)", OPTION_WORD, AT(witnesses), 0, 0 },
	{ RUN, "max-time", "TIME", "time that one case may use (10s)", OPTION_DURATION, AT(max_time_s), 0, 0 },
	{ RUN, "time-budget", "TIME", "time that the whole session may use (no bound)", OPTION_DURATION, AT(time_budget_s), 0, 0 },
	{ RUN, "cool-down", "TIME", "longest wait before a launch until the CPU is about as cool as before the first, or none (20s)", OPTION_PATIENCE, AT(cool_down_s), 0, 0 },
	{ RUN, "seed", "N", "seed of order and layout (random, recorded)", OPTION_SEED, 0, 0, 0 },
	{ RUN | LIST, "timeout", "TIME", "kill a launch after this time (60s)", OPTION_DURATION, AT(timeout_s), 0, 0 },
	{ RUN | LIST | SHIELD | ROOT, "user", "NAME", "as root: the benches' user (the sudo user, else nobody)", OPTION_TEXT, AT(user), 0, 0 },
	{ RUN | LIST | SHIELD | ROOT, "allow-root", NULL, "run the benches as root", OPTION_FLAG, AT(allow_root), 0, 0 },
	{ RUN | LIST, "env", "NAME[=VALUE]", "pass an environment variable to the benches; repeatable", OPTION_LIST, AT(env), 0, 0 },
	{ RUN | LIST, "keep-going", NULL, "go on when a file is no benchmark", OPTION_FLAG, AT(keep_going), 0, 0 },
	{ CONTROL | RESTORE | NOISE, "wait", NULL, "wait while another session holds the host", OPTION_FLAG, AT(wait), 0, 0 },
	{ RUN, "json", "FILE", "write the record to FILE, or to stdout: -", OPTION_TEXT, AT(json), 0, 0 },
	{ RUN | SHIELD | NOISE, "quiet", NULL, "no progress, only the result", OPTION_FLAG, AT(quiet), 0, 0 },
	{ LIST | DOCTOR | KNOBS | STATUS | EVENTS | NOISE, "format", "text|json", "how to print it (text)", OPTION_WORD, AT(format), 0, 0 },
	{ SHOW, "format", "text|json|samples", "how to print it (text)", OPTION_WORD, AT(format), 0, 0 },
	{ SHOW, "samples", NULL, "list every sample: the same as --format samples", OPTION_SWITCH, AT(show_samples), 0, 0 },
	{ SELFTEST, "kill", NULL, "kill sessions at every step of their journal, and look whether the host comes back", OPTION_SWITCH, AT(kill), 0, 0 },
	{ SELFTEST, "yes", NULL, "do not ask whether this host may be changed: for scripts", OPTION_SWITCH, AT(yes), 0, 0 },
	{ SELFTEST, "stride", "N", "kill at every Nth step only (1)", OPTION_COUNT, AT(stride), 1, 1000 },
	{ SELFTEST, "steps", "N|FIRST:LAST", "kill at this step only, or from one to another (all)", OPTION_RANGE, AT(steps), 1, SETTINGS_STEPS_MAX },
	{ SELFTEST, "death", "front|keeper|both|guarded", "only this way to die (all)", OPTION_WORD, AT(death), 0, 0 },
	{ RESTORE, "force", NULL, "also put back values that somebody else has changed since", OPTION_FLAG, AT(force), 0, 0 },
	{ CONTROL | RESTORE | STATUS | SELFTEST | EVENTS | NOISE | ROOT, "run-dir", "DIR", "where lock, holder and journal live (as root: /run/stablebench)", OPTION_TEXT, AT(run_dir), 0, 0 },
	{ DOCTOR, "all", NULL, "tell of every knob and check in full, also of those that are fine", OPTION_SWITCH, AT(all), 0, 0 },
	{ EVENTS, "all", NULL, "also list what libpfm4 and the tracepoints have by the hundred", OPTION_SWITCH, AT(all), 0, 0 },
	{ DOCTOR | KNOBS | TUNE | RESTORE | STATUS | SELFTEST | EVENTS | OPTION_NOT_IN_FILES, "sysroot", "DIR", "look at the machine recorded below DIR, not at this one", OPTION_TEXT, AT(sysroot), 0, 0 },
	{ ALL | OPTION_NOT_IN_FILES, "config", "FILE", "your configuration, instead of ~/.config/stablebench/stablebench.conf", OPTION_TEXT, AT(config), 0, 0 },
	{ ALL | OPTION_NOT_IN_FILES, "no-config", NULL, "no configuration file; what the system forbids stays so", OPTION_FLAG, AT(no_config), 0, 0 },
	{ 0 },
};
/* clang-format on */
