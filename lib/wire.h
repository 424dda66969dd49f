/* SPDX-License-Identifier: MIT */
/*
 * wire.h - the shared memory between the runner and one launch of a benchmark.
 *
 * One memory file per launch, made, prefaulted and sealed (against shrinking, growing, re-sealing) by the
 *keeper, mapped by the bench at file descriptor SB_WIRE_FD. The keeper fills `request` before the exec; the
 *bench fills the rest; the runner copies the whole once after the launch has ended, then validates the copy
 *with wire_result_check, and believes nothing before. Everything has a fixed width and a fixed place, so that
 *a bench of another ABI version, or a 32-bit one, is told apart by `hello` and not by a crash.
 *
 *	offset 0     struct sb_wire_request   written by the keeper (its first 16 bytes never change their
 *place) SB_WIRE_HELLO_OFFSET   struct sb_wire_hello  written by the bench first of all (frozen for ever)
 *	SB_WIRE_RESULT_OFFSET  struct sb_wire_result
 *	SB_WIRE_PAYLOAD_OFFSET struct sb_wire_case[] (mode LIST) or struct sb_wire_sample[] (CALIBRATE,
 *MEASURE), one for each sample and retake asked for, and behind those struct sb_wire_thread[]
 *	and struct sb_wire_thread_total[]
 */
#ifndef SB_WIRE_H
#define SB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The static archive shares one name space with the code under test, so the linker sees other names. */
#define wire_size	      sb_wire_size
#define wire_request_check    sb_wire_request_check
#define wire_result_check     sb_wire_result_check
#define wire_threads_size     sb_wire_threads_size
#define wire_threads	      sb_wire_threads
#define wire_sample_causes    sb_wire_sample_causes
#define wire_theft_reason     sb_wire_theft_reason
#define wire_thread_totals    sb_wire_thread_totals
#define wire_cases	      sb_wire_cases
#define wire_samples	      sb_wire_samples
#define wire_text_copy	      sb_wire_text_copy

#define SB_WIRE_MAGIC_REQUEST "SBREQST" /* 7 letters and NUL */
#define SB_WIRE_MAGIC_HELLO   "SBHELLO"
#define SB_WIRE_FD	      3 /* where the bench finds the shared memory */
#define SB_WIRE_ARGUMENT                                                                                     \
	"--stablebench-serve" /* argv[1] of a launch; nothing else of the command line matters */

#define SB_WIRE_NAME	      256 /* "group/benchmark/size=100" with NUL */
#define SB_WIRE_TAGS	      128
#define SB_WIRE_FILE	      256
#define SB_WIRE_REASON	      256
#define SB_WIRE_CASES_MAX     4096
#define SB_WIRE_SAMPLES_MAX   10000 /* with those that were taken again */
#define SB_WIRE_THREADS_MAX   256   /* of one case */
#define SB_WIRE_COUNTERS_MAX  8	    /* events that are counted in one launch */
#define SB_WIRE_WITNESSES_MAX 12    /* events of the witnesses' group */

/* Further descriptors of a launch, where the request says that they are there: counter i, the first of them
 * leading the group; the leader of the witnesses' group; the memory of thefts, read only. */
#define SB_WIRE_COUNTER_FD 4
#define SB_WIRE_WITNESS_FD (SB_WIRE_COUNTER_FD + SB_WIRE_COUNTERS_MAX)
#define SB_WIRE_THEFT_FD   (SB_WIRE_WITNESS_FD + 1)

/* Behind them the other events of the witnesses' group, which count for as long as they are open, and the
 * first descriptor that is no place of a launch. */
#define SB_WIRE_MEMBER_FD      (SB_WIRE_THEFT_FD + 1)
#define SB_WIRE_TEAM_FD	       (SB_WIRE_MEMBER_FD + SB_WIRE_WITNESSES_MAX - 1) /* a socket: sb_wire_ask */
#define SB_WIRE_FD_END	       (SB_WIRE_TEAM_FD + 1)

#define SB_WIRE_HELLO_OFFSET   1024
#define SB_WIRE_RESULT_OFFSET  1040
#define SB_WIRE_PAYLOAD_OFFSET 4096

enum sb_wire_mode {
	SB_WIRE_LIST = 1, /* write the cases and exit 0 */
	/* Find the batch for sample_ns, then take up to `samples` samples with it, all written. Fewer, but at
	 * least two (where two were asked for), when they last longer than four times samples * sample_ns in
	 * all. */
	SB_WIRE_CALIBRATE,
	SB_WIRE_MEASURE, /* take `warmup` samples unwritten, then `samples` samples, with the batch given */
};

enum sb_wire_clock {
	SB_WIRE_CLOCK_RAW = 1, /* CLOCK_MONOTONIC_RAW, a tick is a nanosecond */
	/* The processor's counter of time, x86's TSC or arm64's CNTVCT_EL0; ns_per_tick as the runner
	   measured it */
	SB_WIRE_CLOCK_COUNTER,
};

struct sb_wire_request {
	char magic[8];		 /* SB_WIRE_MAGIC_REQUEST; frozen */
	uint32_t abi;		 /* the runner's SB_ABI_VERSION; frozen */
	uint32_t mode;		 /* enum sb_wire_mode */
	uint64_t size;		 /* of the whole mapping, bytes */
	uint32_t clock;		 /* enum sb_wire_clock */
	uint32_t unwitnessed;	 /* 1: nothing but the clock is read around a sample */
	double ns_per_tick;	 /* > 0 */
	uint64_t batch;		 /* MEASURE: iterations per sample, >= 1 */
	uint64_t warmup;	 /* MEASURE: samples taken and not written */
	uint64_t samples;	 /* 1..SB_WIRE_SAMPLES_MAX */
	uint64_t sample_ns;	 /* CALIBRATE: least length of a sample */
	char name[SB_WIRE_NAME]; /* CALIBRATE, MEASURE: the case, without its suite */
	uint32_t counters;	 /* at SB_WIRE_COUNTER_FD and behind it, 0: none */
	uint32_t witnesses;	 /* in the group of SB_WIRE_WITNESS_FD, 0: no group */
	uint32_t theft_cpus;	 /* slots in the memory at SB_WIRE_THEFT_FD, 0: none */
	uint32_t set_aside;	 /* MEASURE: a sample with one of these causes is taken again */
	uint64_t retakes;	 /* MEASURE: no more than so many; `samples` of them fit the memory too */
	uint32_t witness_causes[SB_WIRE_WITNESSES_MAX]; /* what it means when a witness moved; 0: nothing */
	uint32_t is_summed; /* 1: the counters follow threads and children, and each is read by itself */
	uint32_t threads;   /* CALIBRATE, MEASURE: of the case, whose parts are wanted; 0 and 1: none are */
	uint32_t is_wide;   /* 1: the counters are of more than the benchmark: read when none of its threads
			     * is in a sample */
	/* What of a case with several threads is the first one's alone, so that the others ask for theirs at
	 * SB_WIRE_TEAM_FD: SB_WIRE_BY_THREAD_..., MEASURE */
	uint32_t by_thread;
};

enum {
	SB_WIRE_BY_THREAD_COUNTERS = 1, /* not with is_summed or is_wide */
	SB_WIRE_BY_THREAD_WITNESSES = 2,
	SB_WIRE_BY_THREAD = 3,
};

/* Why a sample may be longer than the benchmark alone would make it, a bit mask. */
enum {
	SB_WIRE_CAUSE_VOLUNTARY_SWITCH = 1 << 0,   /* the bench gave up the CPU */
	SB_WIRE_CAUSE_INVOLUNTARY_SWITCH = 1 << 1, /* somebody took it */
	SB_WIRE_CAUSE_MAJOR_FAULT = 1 << 2,
	SB_WIRE_CAUSE_MIGRATION =
		1 << 3, /* it ended on another CPU than the one before, or moved meanwhile */
	/* bits 4 and 5 are the runner's: it knows what the library does not */
	SB_WIRE_CAUSE_INTERRUPT = 1 << 6, /* of a device */
	SB_WIRE_CAUSE_SOFTIRQ = 1 << 7,
	SB_WIRE_CAUSE_IPI = 1 << 8, /* another CPU interrupted this one */
	SB_WIRE_CAUSE_NMI = 1 << 9,
	SB_WIRE_CAUSE_STOLEN = 1 << 10, /* another task was seen on the CPU */
	SB_WIRE_CAUSE_WAITED = 1 << 11, /* the bench was ready to run and did not */
	/* bits 12 to 15 are the runner's too */
	SB_WIRE_CAUSE_OWN_SWITCH = 1 << 16, /* another thread or a child of the bench took the CPU */
	SB_WIRE_CAUSES = 0x10fcf,	    /* all that a library may give, or be told to set aside for */
};

struct sb_wire_hello {
	char magic[8]; /* SB_WIRE_MAGIC_HELLO */
	uint32_t abi;
	uint32_t reserved;
};

enum sb_wire_state { SB_WIRE_EMPTY = 0, SB_WIRE_RUNNING, SB_WIRE_DONE };
enum sb_wire_status { SB_WIRE_OK = 0, SB_WIRE_SKIPPED, SB_WIRE_FAILED };

struct sb_wire_result {
	uint32_t state;		     /* DONE is written last, so that an early exit is seen */
	uint32_t status;	     /* enum sb_wire_status */
	char reason[SB_WIRE_REASON]; /* of a skip or a failure */
	uint64_t count;		     /* cases or samples in the payload */
	uint64_t batch;		     /* iterations per sample that was used */
	double elements;	     /* per iteration, 0: not given */
	double bytes;
	uint64_t loop_begin_ns; /* CLOCK_MONOTONIC when the loop began, before the first warm-up sample */
	uint64_t bracket_ticks; /* median cost of an empty bracket: two clock reads with nothing between */
	uint64_t witness_ns;	/* median cost of the witnesses taken outside the bracket */
	uint64_t set_aside;	/* samples in the payload that were set aside */
	uint64_t counter_ns;	/* median cost of reading the counters once */
	uint64_t counter_overhead[SB_WIRE_COUNTERS_MAX]; /* events of an empty bracket, median */
	/* enum sb_wire_reading. NONE although some were asked for: they stood still from the start, as after
	 * the exec of a program that its user may run and not read */
	uint32_t counters_by, witnesses_by;
	/* CPU time of other threads, but for the library's own, and of children that ended, while the loop
	 * ran */
	uint64_t others_ns;
	/* by_thread: the first errno that a thread got for its counters, 0: all have them. The samples of a
	 * launch in which one has none are all UNCOUNTED */
	uint32_t threads_code;
	uint32_t threads_witnesses_code; /* the same of its witnesses, which the samples are then without */
};

/* How a group of events was read. */
enum sb_wire_reading { SB_WIRE_READ_NONE = 0, SB_WIRE_READ_USER, SB_WIRE_READ_CALL, SB_WIRE_READINGS };

struct sb_wire_case {
	char name[SB_WIRE_NAME]; /* "group/benchmark/axis=value": printed one way, percent-encoded */
	char tags[SB_WIRE_TAGS]; /* words separated by one space */
	char file[SB_WIRE_FILE];
	uint32_t line;
	uint32_t threads; /* that run its body, at least 1 */
};

enum {
	SB_WIRE_SAMPLE_IN_NS = 1,     /* `ticks` holds nanoseconds (sb_record_ns) */
	SB_WIRE_SAMPLE_SET_ASIDE = 2, /* for its causes, and taken again */
	SB_WIRE_SAMPLE_UNCOUNTED = 4, /* the counters did not run all the time */
	SB_WIRE_SAMPLE_FLAGS = 7,
};

enum sb_wire_theft_kind {
	SB_WIRE_THEFT_TASK,
	SB_WIRE_THEFT_INTERRUPT,
	SB_WIRE_THEFT_SOFTIRQ,
	SB_WIRE_THEFT_TIMER,
	SB_WIRE_THEFT_KINDS
};

#define SB_WIRE_THIEVES_MAX 13 /* that a slot knows by name: it fills whole cache lines */

struct sb_wire_thief {
	uint64_t ns;
	uint32_t kind, id; /* of a task the process number, of an interrupt its own */
	char name[16];	   /* "": nobody */
};

/* One CPU's slot in the memory of thefts: what was taken from the benched threads there, ever growing. The
 * kernel writes it, the library takes differences. Of thieves those that took last are known; one that is not
 * gets the place of the one who has not taken for longest, and begins with what it takes then. What the
 * launch's own threads and descendants take from each other is no theft: it is counted how often one that was
 * ready to run lost the CPU to another. */
struct sb_wire_theft_slot {
	uint64_t ns[SB_WIRE_THEFT_KINDS];
	uint64_t count[SB_WIRE_THEFT_KINDS];
	struct sb_wire_thief thieves[SB_WIRE_THIEVES_MAX];
	uint64_t own_switches;
	uint64_t reserved[3];
};

/* The same of one sample. */
struct sb_wire_theft {
	uint64_t ns[SB_WIRE_THEFT_KINDS];
	uint32_t count[SB_WIRE_THEFT_KINDS];
	struct sb_wire_thief most[SB_WIRE_THEFT_KINDS]; /* who of each kind took most */
};

/* What a thread of a team writes to SB_WIRE_TEAM_FD (SOCK_SEQPACKET) to get what the request has by_thread,
 * and the answer, which comes with descriptors (SCM_RIGHTS): as many as the request has counters, their
 * leader first, unless `code` says why not; behind them the leader of the witnesses' group, unless
 * `witnesses_code` does. The other witnesses of a thread the keeper holds for as long as the launch lasts: a
 * bench with many threads may have too few descriptors for them. It answers each thread once, one after the
 * other, and no more of them than the case has. */
struct sb_wire_ask {
	int32_t thread; /* gettid(2) */
};
struct sb_wire_grant {
	int32_t thread;
	uint32_t code, witnesses_code; /* errno, 0: the descriptors are there, where they were asked for */
};

/* What a thread counted in the samples that count, by_thread its counters. */
struct sb_wire_thread_total {
	uint64_t samples;			 /* that were counted in full by all threads */
	uint64_t counters[SB_WIRE_COUNTERS_MAX]; /* with those of the brackets */
};

/* One thread's part of a sample, in the launch of a case with several. */
struct sb_wire_thread {
	uint64_t ticks;
	uint32_t cpu, causes;
};

struct sb_wire_sample {
	uint64_t ticks; /* length of the whole sample */
	uint64_t iterations;
	uint32_t flags;
	uint32_t cpu;		     /* where the sample ended */
	uint32_t voluntary_switches; /* rusage of the thread, differences over the sample */
	uint32_t involuntary_switches;
	uint32_t minor_faults;
	uint32_t major_faults;
	uint64_t begin_ns;			   /* CLOCK_MONOTONIC, before all that is read for it */
	uint64_t wait_ns;			   /* ready to run and not running; 0 where not known */
	uint64_t cpu_ns;			   /* thread CPU time; 0 where not known */
	uint64_t counters[SB_WIRE_COUNTERS_MAX];   /* differences, with those of the bracket */
	uint32_t witnesses[SB_WIRE_WITNESSES_MAX]; /* differences, of all threads that have them */
	uint32_t causes;
	uint32_t own_switches; /* of the involuntary ones those to another thread or a child of the bench; 0
				* where nobody tells */
	struct sb_wire_theft theft;
};

/* Bytes that a mapping needs for `count` entries of the mode's payload; 0 beyond the mode's maximum. */
size_t wire_size(enum sb_wire_mode mode, size_t count);

/* Bytes behind those for what each of several threads had of the samples, and in all; 0 for one thread. The
 * threads of one sample stand together. */
size_t wire_threads_size(uint32_t threads, size_t count);

/* Whether a request is one that this version understands. Gives NULL, or a sentence about what is wrong. */
const char *wire_request_check(const struct sb_wire_request *request, size_t mapped_size);

/* Finds in a private copy (aligned as malloc does) of the shared memory what the bench wrote, and checks
 * every field: magic, ABI, states, counts against size and request, NUL-terminated printable UTF-8, names
 * that can be typed and are there once, finite numbers, iterations >= 1 and equal to the batch, ticks >= 1;
 * MEASURE gave all samples and those set aside, each for a cause that was asked for, with the batch asked
 * for; a skip or a failure has a reason and no samples. The request is the runner's own, not the one in the
 * copy. Gives NULL and sets *result (borrowed from copy), or a sentence about what is wrong. `hello_abi` is
 * set to the bench's ABI version as soon as the hello is there, -1 where it is not. */
const char *wire_result_check(const void *copy, size_t size, const struct sb_wire_request *request,
			      const struct sb_wire_result **result, int *hello_abi);

/* What the readings of a sample say about it; `previous_cpu` is that of the sample before, its own for the
 * first. */
uint32_t wire_sample_causes(const struct sb_wire_request *request, const struct sb_wire_sample *sample,
			    uint32_t previous_cpu);

/* Who is the reason for a sample with such causes, borrowed from its theft: where a task or an interrupt is a
 * cause, the one of these that took most; else who took most of all. Without a name where nobody did. */
const struct sb_wire_thief *wire_theft_reason(const struct sb_wire_theft *theft, uint32_t causes);

/* The payload of a checked copy. */
const struct sb_wire_case *wire_cases(const void *copy);
const struct sb_wire_sample *wire_samples(const void *copy);
/* What the threads had of the first sample, and behind it of the others; NULL for one thread. */
const struct sb_wire_thread *wire_threads(const void *copy, const struct sb_wire_request *request);
/* One for each thread; NULL where they have no counters of their own. */
const struct sb_wire_thread_total *wire_thread_totals(const void *copy,
						      const struct sb_wire_request *request);

/* Copies text into a field of `size` bytes so that the check takes it: cut between characters, with '?' for
 * each byte that is a control character or no UTF-8. */
void wire_text_copy(char *to, size_t size, const char *from);

#endif
