/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - the facts of one session: the truth that every report is made from.
 *
 * A record owns all that hangs below it; record_release frees it. Times are seconds, ratios are ratios, a
 * number that is not known is NaN here and absent in JSON. The names in comments are those of the JSON
 * document (stablebench-record(5)).
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "host/condition.h"
#include "host/pmu_wide.h"
#include "stats/derived.h"
#include "wire.h"

#define RECORD_SCHEMA "stablebench-record/1"

enum record_status { RECORD_COMPLETE, RECORD_INTERRUPTED };

enum record_case_status {
	RECORD_CASE_OK,
	RECORD_CASE_SKIPPED, /* the benchmark said so */
	RECORD_CASE_FAILED,  /* the benchmark said so, or broke a rule of the API */
	RECORD_CASE_CRASHED, /* signal, early exit, garbage */
	RECORD_CASE_TIMEOUT,
	RECORD_CASE_UNMEASURED, /* the session ended before its first launch */
	RECORD_CASE_STATUSES
};

/* Why a case got no more launches. */
enum record_stop {
	RECORD_STOP_NONE,
	RECORD_STOP_PRECISION,
	RECORD_STOP_LAUNCHES,
	RECORD_STOP_TIME,
	RECORD_STOP_BUDGET,
	RECORD_STOP_INTERRUPTED,
	RECORD_STOP_ERROR,
	RECORD_STOPS
};

/* Causes that taint a sample, a bit mask; names in `causes[]`. The library's are what wire.h says of them. */
enum {
	RECORD_CAUSE_VOLUNTARY_SWITCH = SB_WIRE_CAUSE_VOLUNTARY_SWITCH,
	RECORD_CAUSE_INVOLUNTARY_SWITCH = SB_WIRE_CAUSE_INVOLUNTARY_SWITCH,
	RECORD_CAUSE_MAJOR_FAULT = SB_WIRE_CAUSE_MAJOR_FAULT,
	RECORD_CAUSE_MIGRATION = SB_WIRE_CAUSE_MIGRATION,
	RECORD_CAUSE_OFF_CPUS = 1 << 4,	    /* ended on a CPU that is not the bench's */
	RECORD_CAUSE_HOST_CHANGED = 1 << 5, /* the host was not as it was left, after the launch */
	RECORD_CAUSE_INTERRUPT = SB_WIRE_CAUSE_INTERRUPT,
	RECORD_CAUSE_SOFTIRQ = SB_WIRE_CAUSE_SOFTIRQ,
	RECORD_CAUSE_IPI = SB_WIRE_CAUSE_IPI,
	RECORD_CAUSE_NMI = SB_WIRE_CAUSE_NMI,
	RECORD_CAUSE_STOLEN = SB_WIRE_CAUSE_STOLEN,
	RECORD_CAUSE_WAITED = SB_WIRE_CAUSE_WAITED,
	RECORD_CAUSE_OWN_SWITCH = SB_WIRE_CAUSE_OWN_SWITCH,
	/* of a whole launch, and so of all its samples */
	RECORD_CAUSE_STEAL = 1 << 12,	  /* a hypervisor gave the bench's CPUs to others */
	RECORD_CAUSE_THROTTLED = 1 << 13, /* heat or a quota slowed them or stopped the bench */
	RECORD_CAUSE_SMI = 1 << 14,	  /* the firmware took a CPU */
	RECORD_CAUSE_FREQUENCY = 1 << 15, /* the bounds of their frequency changed */
};

/* A sample with one of these is taken again: somebody took time from it. What the benchmark does itself, and
 * what comes with every clock tick, is no reason. */
#define RECORD_CAUSES_SET_ASIDE                                                                              \
	((uint32_t)(RECORD_CAUSE_INVOLUNTARY_SWITCH | RECORD_CAUSE_MAJOR_FAULT | RECORD_CAUSE_MIGRATION |    \
		    RECORD_CAUSE_INTERRUPT | RECORD_CAUSE_NMI | RECORD_CAUSE_STOLEN | RECORD_CAUSE_WAITED))

/* These, and those of a whole launch, taint a sample that counts all the same. */
#define RECORD_CAUSES_TAINT                                                                                  \
	(RECORD_CAUSES_SET_ASIDE | (uint32_t)(RECORD_CAUSE_STEAL | RECORD_CAUSE_THROTTLED |                  \
					      RECORD_CAUSE_SMI | RECORD_CAUSE_FREQUENCY))

/* Of those of the wire one more each: nobody comes first. */
enum record_thief_kind {
	RECORD_THIEF_NOBODY,
	RECORD_THIEF_TASK,
	RECORD_THIEF_INTERRUPT,
	RECORD_THIEF_SOFTIRQ,
	RECORD_THIEF_TIMER,
	RECORD_THIEF_KINDS
};

struct record_sample {
	double time_s; /* of the whole sample */
	uint64_t iterations;
	uint32_t causes;
	bool set_aside; /* for its causes, and taken again: counts for nothing */
	uint32_t voluntary_switches, involuntary_switches, minor_faults, major_faults;
	uint32_t own_switches; /* of the involuntary ones those to its own threads and descendants */
	uint32_t cpu;
	double begin_s;	 /* since the session's start; 0: not known */
	double wait_s;	 /* ready to run and not running; 0 also where nobody looked */
	double cpu_s;	 /* CPU time of the thread around the sample; 0 where not known */
	double stolen_s; /* by tasks, interrupts, softirqs and timers; 0 also where nobody looked */
	double kind_s[SB_WIRE_THEFT_KINDS]; /* what of it by each kind, and how often one of it came */
	uint64_t thefts[SB_WIRE_THEFT_KINDS];
	char thief[16]; /* who is the reason, else who took most, "" nobody */
	enum record_thief_kind thief_kind;
	bool uncounted;				 /* the counters did not run all the time */
	uint64_t counters[SB_WIRE_COUNTERS_MAX]; /* in the order of its launch's, with those of the bracket */
	uint32_t witnesses[SB_WIRE_WITNESSES_MAX]; /* by the rows of host/witness.h */
};

/* What is looked at around a whole launch, by the names that they have in `launches[].host`. */
enum record_reading {
	RECORD_STEAL,		/* "steal_s": of the bench's CPUs, to others of the hypervisor's */
	RECORD_QUEUE_WAIT,	/* "queue_wait_s": what tasks on its CPUs' queues waited, in sum */
	RECORD_PRESSURE_CPU,	/* "pressure_cpu_s": in which some task of the host waited for a CPU */
	RECORD_PRESSURE_MEMORY, /* "pressure_memory_s" */
	RECORD_PRESSURE_IO,	/* "pressure_io_s" */
	RECORD_QUOTA_STOPS,	/* "quota_stops": times that a quota stopped a group of ours */
	RECORD_THERMAL,		/* "thermal_throttles": of the bench's cores and their package */
	RECORD_SMI,		/* "smi": interrupts of the firmware on the bench's CPUs */
	RECORD_BUSY_FREQUENCY,	/* "busy_frequency_ratio": of the slowest of them, over the base frequency */
	RECORD_FREQUENCY,	/* "frequency_hz": of the first of them, after the launch */
	RECORD_FREQUENCY_BOUND, /* "frequency_bound_hz": the most that it may have, after the launch */
	RECORD_SIBLING_WAKES,	/* "sibling_wakes": of the other threads of the bench's cores */
	RECORD_TEMPERATURE,	/* "temperature_c": of the warmest of their packages, before the launch */
	/* of the whole host, by their names in /proc/vmstat */
	RECORD_PSWPIN,		    /* pages read from swap */
	RECORD_PSWPOUT,		    /* and written to it */
	RECORD_COMPACT_STALL,	    /* tasks that had to compact memory to get some */
	RECORD_COMPACT_DAEMON_WAKE, /* times that kcompactd began to */
	RECORD_THP_FAULT_ALLOC,	    /* huge pages given to faults */
	RECORD_THP_COLLAPSE_ALLOC,  /* and those that khugepaged put together */
	RECORD_READINGS
};

/* One thread's part of a launch, over the samples that count. */
struct record_thread {
	uint32_t cpu;	  /* where its last sample ended */
	uint32_t causes;  /* of any of them */
	double median_s;  /* per iteration */
	uint64_t counted; /* samples that count and that all threads counted, each by counters of its own */
	uint64_t counters[SB_WIRE_COUNTERS_MAX]; /* in those, in the launch's order, with the brackets' */
};

struct record_launch {
	uint64_t seed;	  /* of this launch's layout */
	uint32_t padding; /* bytes of environment padding that the seed gave */
	uint64_t batch;
	uint64_t order;		      /* position in the session, from 0 */
	double started_s;	      /* since the session's start */
	double cooled_s;	      /* waited before it for the processor to cool */
	double startup_s;	      /* process start to the beginning of the loop */
	double median_s;	      /* per iteration */
	uint64_t retaken;	      /* samples that were set aside */
	double host[RECORD_READINGS]; /* NaN: not to be had */
	bool is_detached; /* the kernel ended its events with the exec: rusage and schedule tell alone */
	bool is_partly_counted;	  /* a thread got no counters of its own: no sample is counted */
	bool is_partly_witnessed; /* of a thread that got no events of its own the same holds */
	size_t counter_count;
	struct record_launch_counter {
		size_t index;	   /* in the counters of the case */
		uint64_t overhead; /* of an empty bracket */
	} counters[SB_WIRE_COUNTERS_MAX];
	size_t thread_count; /* of a case with several, else 0 */
	struct record_thread *threads;
	size_t sample_count; /* all of them */
	struct record_sample *samples;
};

/* What became of an event that was asked for. */
enum record_counter_status {
	RECORD_COUNTER_COUNTED,
	RECORD_COUNTER_UNSUPPORTED, /* this host has none such */
	RECORD_COUNTER_DENIED,
	RECORD_COUNTER_SILENT, /* the kernel takes it, and it stands still whatever happens */
	RECORD_COUNTER_LOST,   /* somebody else has its counter, or it did not run all the time */
	RECORD_COUNTER_STATUSES
};

struct record_counter {
	char *name;  /* as it was asked for */
	char *event; /* spelled out, NULL: not known */
	char *word;  /* of the sets, that it is the same event as; NULL: its name, or none */
	char *unit;  /* NULL: a number of events */
	enum record_counter_status status;
	enum pmu_reach reach;	       /* whose events they are */
	char *reason;		       /* a sentence, NULL for counted */
	double scale;		       /* of a count to the unit, 0: one to one */
	double per_iteration, ci95[2]; /* in the unit; NaN: not known */
	uint64_t samples, counted;     /* that count, of the launches that had it; those it ran all through */
};

/* Who took CPU time from the benched thread. */
struct record_thief {
	enum record_thief_kind kind;
	char *name;
	uint64_t count;
	double stolen_s; /* NaN: only counted */
	char *knob;	 /* that would stop it, NULL: none does */
	char *remedy;	 /* what does where no knob does, in a few words; NULL: nothing is known */
};

/* Something that could tell a disturbance: whether it was looked at in this session. */
struct record_witness {
	char *name;
	char *reason; /* why it was not, NULL: it was */
};

/* How counters were read: not, from user space, by a system call. */
enum record_reading_way { RECORD_READ_NONE, RECORD_READ_USER, RECORD_READ_CALL, RECORD_READING_WAYS };

enum record_unit { RECORD_ELEMENTS, RECORD_BYTES, RECORD_UNITS }; /* "elements", "bytes" */

struct record_throughput {
	enum record_unit unit;
	double per_iteration;
	double per_second;
};

struct record_case {
	char *name; /* "suite/group/benchmark/size=100" */
	char *tags;
	enum record_case_status status;
	char *reason; /* a sentence, NULL for ok */
	char *output; /* last lines that a case that is not ok printed, NULL for none */
	enum record_stop stop;
	double estimate_s, ci95_s[2], median_s, cov_within, cov_between, rciw; /* NaN: not known */
	double estimate_all_s; /* like estimate_s, with the samples that were set aside; NaN: none was */
	double p50_s, p95_s;   /* quantiles of all samples, per iteration */
	/* samples that count and lie far from their launch's median; those of them that nobody disturbed */
	uint64_t outliers, unexplained_outliers;
	uint64_t threads;	/* that run the body at once; 0 and 1: one */
	uint64_t batch, warmup; /* as calibrated */
	uint64_t retaken;	/* samples that were set aside, over all launches */
	double bracket_s;	/* cost of the clock bracket */
	double witness_s;	/* cost of the witness outside it */
	double counter_s;	/* cost of reading the counters once, outside it too */
	enum record_reading_way counters_by;
	size_t throughput_count;
	struct record_throughput throughput[RECORD_UNITS];
	size_t counter_count;
	struct record_counter *counters;
	size_t thief_count;
	struct record_thief *thieves;
	size_t flag_count;
	char **flags; /* short words with an explanation: see record_flag_text */
	size_t launch_count;
	struct record_launch *launches;
};

/* A fact about machine or software: text, or a number where text is NULL. */
struct record_fact {
	char *key;
	char *text;
	double number;
};

struct record_option { /* the plan as it was resolved: "precision" -> "0.005" */
	char *key;
	char *text;
};

struct record {
	enum record_status status;
	char *session_id; /* 16 hex digits */
	char *started;	  /* ISO 8601, UTC */
	double duration_s;
	uint64_t seed;
	char *command; /* the command line */
	char *version; /* of stablebench */
	char *profile;
	char *clock; /* "tsc", "cntvct" or "monotonic-raw" */
	double ns_per_tick;
	char *bench_cpus, *housekeeping_cpus; /* cpu lists */
	size_t fact_count;
	struct record_fact *facts; /* machine {} */
	size_t option_count;
	struct record_option *options; /* plan {} */
	size_t witness_count;
	struct record_witness *witnesses;
	size_t condition_count;
	struct condition *conditions;
	size_t case_count;
	struct record_case *cases;
};

/* Makes an empty record (all zero, numbers that are unknown NaN). Running out of memory ends in abort
 * everywhere below record/: base/alloc.h. */
void record_init(struct record *record);
void record_release(struct record *record);

void record_add_fact(struct record *record, const char *key, const char *text);
void record_add_fact_number(struct record *record, const char *key, double number);
void record_add_option(struct record *record, const char *key, const char *text);
void record_add_condition(struct record *record, const struct condition *condition);

/* The new element is borrowed: valid until the next add to the same array. */
struct record_case *record_add_case(struct record *record, const char *name, const char *tags);
struct record_launch *record_case_add_launch(struct record_case *c, size_t sample_count);
void record_launch_add_thread(struct record_launch *launch, const struct record_thread *thread);
struct record_counter *record_case_add_counter(struct record_case *c, const char *name);

/* Adds to what is known of a thief of that kind and name. All of it is copied. */
void record_case_add_thief(struct record_case *c, const struct record_thief *thief);
void record_add_witness(struct record *record, const char *name, const char *reason);

/* Sets status, and reason and output as copies (NULL: none). The first failure of a case stays. */
void record_case_fail(struct record_case *c, enum record_case_status status, const char *reason,
		      const char *output);
void record_case_flag(struct record_case *c, const char *flag); /* once each */

/* What one thread counted in an iteration, less the events of an empty bracket: counter i of the launch, in
 * the counter's unit. NaN where it has no counters of its own. */
double record_thread_per_iteration(const struct record_case *c, const struct record_launch *launch,
				   size_t thread, size_t i);

/* Fills the statistics of a case from its launches: medians, estimate, interval, CoVs, throughput, flags.
 * `precision`: the ratio that was asked for. */
void record_case_summarise(struct record_case *c, double precision);

/* Launches whose busy frequency differs by more are flagged: it is what CoV between launches is to be, and
 * less than the usual step of a frequency (100 MHz). */
#define RECORD_FREQUENCY_SPREAD 0.01

/* The least and the most busy_frequency_ratio of a case's launches; false where none tells it. */
bool record_case_busy_frequency(const struct record_case *c, double *least, double *most);

/* The part of it that is about counters: from the numbers of launches, each the sum over its samples that
 * count and were counted in full, less the events of empty brackets, per iteration of them; the interval as
 * time has it, or around the plain mean where a launch had none of the events. */
void record_case_summarise_counters(struct record_case *c);

/* What the counters of a case say together; gives how many, at most DERIVED_MAX. It is made from what the
 * record holds whenever it is wanted. */
size_t record_case_derive(const struct record_case *c, struct derived derived[DERIVED_MAX]);

/* The names of enum values as they stand in JSON, and back (false: unknown). */
const char *record_status_name(enum record_status status);
const char *record_case_status_name(enum record_case_status status);
const char *record_stop_name(enum record_stop stop);
bool record_case_status_parse(const char *name, enum record_case_status *status);
bool record_stop_parse(const char *name, enum record_stop *stop);
const char *record_cause_name(unsigned bit);
const char *record_counter_status_name(enum record_counter_status status);
const char *record_sample_witness_name(unsigned row);
/* Of the key in `launches[].host`. */
const char *record_reading_name(enum record_reading reading);
const char *record_reading_way_name(enum record_reading_way way);
const char *record_thief_kind_name(enum record_thief_kind kind);

/* What a flag means, in one sentence: "precision not reached" ...; NULL for an unknown flag. */
const char *record_flag_text(const char *flag);
/* The flags that have a text, by index; NULL behind the last. */
const char *record_flag_name(size_t index);

#endif
