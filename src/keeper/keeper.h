/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keeper.h - the front's side of the keeper: root's part, forked before the front gives up its powers.
 *
 * The keeper is a process with a session of its own and stdio on /dev/null. It obeys a closed set of
 * fixed-size messages (message.h) on a socketpair, validates each, and takes no path from any. When the
 * socket closes, however the front died, it kills the launch, restores the host in the order of undo ranks,
 * verifies, and ends. SIGINT, SIGHUP, SIGTERM and SIGQUIT do not end it. Without root it is the same code
 * with every host knob `denied`.
 */
#ifndef KEEPER_KEEPER_H
#define KEEPER_KEEPER_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "host/condition.h"
#include "host/journal.h"
#include "host/knob.h"
#include "host/witness.h"
#include "keeper/identity.h"
#include "wire.h"

#define KEEPER_BINARIES_MAX   256
#define KEEPER_CONDITIONS_MAX (KNOB_MAX + 2) /* two more for the guard and the thieves */
#define KEEPER_ENVIRONMENT    16384	     /* bytes of "NAME=value\0" that a launch may get */
#define KEEPER_PADDING_MAX    4095
#define KEEPER_EVENTS_MAX     64 /* that are tried at once */
#define KEEPER_RUN_DIR	      "/run/stablebench"

struct keeper {
	int socket; /* SOCK_SEQPACKET; poll it for POLLIN while a launch runs */
	pid_t pid;
	bool is_lost; /* somebody killed it, and a call has said so by -EPIPE */
};

/* Forks the keeper; `prefix` is the root of /sys, /proc and /dev for its knobs, "/" or a recorded machine's.
 * Call it as the first thing after the command line is parsed: before the drop, before threads, and before
 * any file of the user's is opened. `run_dir` NULL: KEEPER_RUN_DIR for root, a folder of the user's own
 * otherwise; must belong to the keeper's user and be writable by nobody else. */
int keeper_start(struct keeper *keeper, const struct identity *identity, const char *run_dir,
		 const char *prefix, struct sb_err *err);

/* What happened to the held host meanwhile. */
struct keeper_change {
	char knob[CONDITION_KNOB];     /* or "suspend", "hotplug"; "" when nothing did */
	char reason[CONDITION_REASON]; /* a sentence */
};

struct keeper_restored {
	unsigned restored;	     /* values written back and verified */
	unsigned unchanged;	     /* found as they were before */
	unsigned conflicts;	     /* changed by a third party meanwhile: left alone */
	unsigned failed;	     /* could not be put back: the journal stays for `stablebench restore` */
	char detail[512];	     /* a sentence about the first conflict or failure */
	struct keeper_change change; /* of what was held, noticed last */
};

/* Whom the drill of `selftest --kill` ends. */
enum keeper_victim { KEEPER_VICTIM_FRONT = 1, KEEPER_VICTIM_KEEPER = 2 };

struct keeper_hold {
	struct knob_choice choice;
	struct topology topology; /* validated again by the keeper against the machine */
	bool wait;		  /* for another holder to finish, else -EBUSY with who holds the host */
	bool force;		  /* recovery: overwrite values that a third party changed */
	bool is_shared;		  /* what will run has many tasks of its own: knob_context */
	bool wants_counters;
	bool is_guarded;	/* ask systemd for a guard, where it runs */
	bool wants_thieves;	/* see who takes the CPU from the benches, where the kernel tells */
	unsigned drill_step;	/* end the victims at this boundary of a journal record; 0: no drill */
	unsigned drill_victims; /* bits of enum keeper_victim */
	char purpose[96];	/* for `holder`: "run ./bench_x" */
	struct keeper_restored *recovered; /* out, may be NULL: what a killed session had left behind */
};

/* Lock, recover what an earlier session left behind, journal, apply, verify. Fills conditions, one for each
 * knob of the table, also those left out (`refused`) or not to be had, and `guard` and
 * `thieves` where they were wanted. -EBUSY: somebody else holds the host
 * (sentence names user, pid, since when and what); -EINTR when `*cancel` (NULL: never looked at) became
 * non-zero while waiting. Once a session. */
int keeper_hold(struct keeper *keeper, const struct keeper_hold *hold, const volatile int *cancel,
		struct condition *conditions, size_t *count, struct sb_err *err);

/* Hands over an O_PATH descriptor of a bench binary (the caller keeps its own); gives its index. */
int keeper_add_binary(struct keeper *keeper, int fd, unsigned *index, struct sb_err *err);

/* Environment of all later launches, "NAME=value\0" strings back to back. */
int keeper_set_environment(struct keeper *keeper, const char *block, size_t size, struct sb_err *err);

/* An event that may be asked for: of the kernel's own software events, of the processor's counters, of
 * the kernel's tracepoints, or of a PMU that counts for a whole package or the like and not for tasks
 * (host/pmu_wide.h); never a probe, a breakpoint, or another task's. On which CPU to open the latter the
 * keeper decides. */
struct keeper_event {
	uint32_t type;	/* of perf_event_open(2), or a PMU as sysfs numbers it */
	uint32_t scope; /* bits of enum keeper_scope */
	uint64_t config, config1, config2;
	char tracepoint[64]; /* "irq:softirq_entry" for PERF_TYPE_TRACEPOINT, else "" */
};

enum keeper_scope { KEEPER_SCOPE_USER = 1, KEEPER_SCOPE_KERNEL = 2, KEEPER_SCOPE_HYPERVISOR = 4 };

enum keeper_probe_state {
	KEEPER_PROBE_COUNTS,
	KEEPER_PROBE_NEVER_COUNTS, /* it opens, and stood at 0 while instructions ran, and caches, branches
				    * and pages were missed: the processor may not have it at all */
	KEEPER_PROBE_LOST,	   /* somebody else has its counter, a watchdog or a profiler */
	KEEPER_PROBE_NO_TIME,	   /* it does not run on the bench's CPU: a PMU of other cores */
	KEEPER_PROBE_STATES
};

/* What became of an event when it was tried. */
struct keeper_probe {
	int32_t code; /* of opening: 0 or a negative errno. -EPERM: of a kind that is never counted; -ENOENT:
		       * not there; -EOPNOTSUPP; -EACCES: kernel.perf_event_paranoid; -EBUSY; -EXDEV: one
		       * count would leave out some of the bench's CPUs */
	uint32_t state; /* enum keeper_probe_state, when code is 0 */
	uint32_t pass;	/* in whose launches it is counted, from 1; 0: in none */
	uint32_t reach; /* enum pmu_reach: whose events it counts, when code is 0 */
	uint64_t value; /* what it counted while it was tried */
};

/* Tries events on a process of the keeper's, pinned to the bench's CPU, and sorts those that can be had into
 * passes: what fits the PMU together, so that nothing is multiplexed. They and no others are what later
 * launches count. Event i of pass p is counter n of a launch where n events before it are of p as well.
 * `witnesses` gets the rows of host/witness.h that are to be had. Call it when the host is held: a watchdog
 * keeps a counter until then. */
int keeper_count(struct keeper *keeper, const struct keeper_event *events, size_t count,
		 struct keeper_probe *probes, unsigned *passes, uint32_t *witnesses, struct sb_err *err);

struct keeper_launch {
	unsigned binary;
	uint32_t mode; /* enum sb_wire_mode */
	uint32_t clock;
	double ns_per_tick;
	uint64_t batch, warmup, samples, sample_ns;
	uint64_t retakes;     /* samples that may be taken again, MEASURE */
	uint32_t set_aside;   /* causes for it, bits of SB_WIRE_CAUSE_ */
	uint32_t unwitnessed; /* 1: nothing but the clock is read around a sample */
	uint32_t padding;     /* length of the value of STABLEBENCH_PADDING, 0..KEEPER_PADDING_MAX */
	uint32_t timeout_ms;  /* > 0; the keeper kills the launch after it */
	uint32_t threads;     /* of the case, whose parts of the samples are wanted */
	uint32_t pass;	      /* counters of that one, 0: none */
	uint32_t is_summed;   /* 1: over the threads and children that the bench makes */
	uint32_t witnesses;   /* 1: all that keeper_count found */
	char name[SB_WIRE_NAME];
};

struct keeper_started {
	int memory; /* descriptor of the shared memory, owned by the caller */
	size_t size;
	pid_t pid;
	uint64_t started_ns;	      /* CLOCK_MONOTONIC at the fork */
	struct sb_wire_request asked; /* as the memory had it when the launch began */
};

/* Who took the CPU from a launch. */
#define KEEPER_THIEVES_MAX 16

struct keeper_thief {
	uint32_t kind, id; /* enum sb_wire_theft_kind; a process, or 0 for several of one name; the number of
			    * an interrupt */
	char name[16];
	uint64_t count, ns;
};

enum keeper_thieves_known {
	KEEPER_THIEVES_UNKNOWN,
	KEEPER_THIEVES_TIMED,	/* by the kernel's tracepoints */
	KEEPER_THIEVES_COUNTED, /* from /proc: no times, and tasks without names */
};

struct keeper_thieves {
	uint32_t is_known;	  /* enum keeper_thieves_known */
	uint32_t count;		  /* rows, most time first */
	uint64_t total, total_ns; /* of all, also of those without a row */
	uint64_t untold;	  /* thefts by more thieves than were kept apart, in no sum of these */
	struct keeper_thief rows[KEEPER_THIEVES_MAX];
};

/* Whether registers of the processor could be read around a launch, or why not. */
enum keeper_registers {
	KEEPER_REGISTERS_UNREAD, /* nobody wanted it */
	KEEPER_REGISTERS_READ,
	KEEPER_REGISTERS_UNSUPPORTED, /* its kind of processor has none such */
	KEEPER_REGISTERS_NO_DEVICE,   /* the msr module is not loaded */
	KEEPER_REGISTERS_NOT_ROOT,
	KEEPER_REGISTERS_REFUSED, /* even to root */
	KEEPER_REGISTERS_ABSENT,  /* its kind might have them, and it has not */
	KEEPER_REGISTERS_STILL,	  /* they can be read, and never grow */
	KEEPER_REGISTERS_RESET,	  /* they began anew meanwhile */
	KEEPER_REGISTERS_STATES
};

/* Interrupts of the firmware. */
struct keeper_smi {
	uint32_t state; /* enum keeper_registers */
	uint32_t reserved;
	uint64_t count; /* over all CPUs of the launch */
};

/* By how much the two registers of the slowest of its CPUs grew; both more than 0 when they were read. */
struct keeper_busy_frequency {
	uint32_t state; /* enum keeper_registers */
	uint32_t reserved;
	uint64_t mperf, aperf;
};

struct keeper_ended {
	int wait_status; /* of waitpid */
	bool timed_out;
	bool killed;	    /* by keeper_launch_kill */
	int exec_errno;	    /* the program could not be started: why, 0 otherwise */
	char exec_step[32]; /* which step of starting it failed: "execveat", "setresuid" ... */
	unsigned leftover;  /* processes that the launch left behind and that were killed */
	double user_s, system_s;
	uint64_t switches; /* times that another task took the CPU from its main process */
	uint64_t peak_rss_bytes;
	struct keeper_change change; /* noticed after this launch */
	struct keeper_thieves thieves;
	/* from before the process began until it was over */
	struct keeper_smi smi;
	struct keeper_busy_frequency busy;
};

/* Starts one launch; its stdout and stderr go to `output` (a pipe's write end, the caller keeps its own).
 * Only one at a time. */
int keeper_launch_begin(struct keeper *keeper, const struct keeper_launch *launch, int output,
			struct keeper_started *started, struct sb_err *err);
int keeper_launch_kill(struct keeper *keeper, struct sb_err *err); /* an adopted process gets SIGTERM */
/* Takes the end of the launch; blocks unless the socket is readable. */
int keeper_launch_end(struct keeper *keeper, struct keeper_ended *ended, struct sb_err *err);

/* Puts a child of this process, which waits for its exec, where the benches would be: into the cgroup and
 * onto the CPUs that are held. It is ended with the session. */
int keeper_adopt(struct keeper *keeper, pid_t pid, struct sb_err *err);

/* Watches who takes the CPU from this process, on a held host with `wants_thieves`: gives a descriptor of the
 * memory of thefts, the caller's, with so many slots (wire.h). -EOPNOTSUPP where the kernel does not tell. */
int keeper_watch(struct keeper *keeper, int *memory, unsigned *cpus, struct sb_err *err);

/* Ends it, and tells who it was. */
int keeper_watch_end(struct keeper *keeper, struct keeper_thieves *thieves, struct sb_err *err);

/* Lets the keeper go on holding the host when this process is gone, until keeper_restore_leftover. */
int keeper_linger(struct keeper *keeper, struct sb_err *err);

/* Restores, verifies, unlocks, ends the keeper and reaps it. 0, or -EIO when something could not be put back.
 */
int keeper_release(struct keeper *keeper, struct keeper_restored *restored, struct sb_err *err);

/* `stablebench restore`: takes the lock and puts back what a journal without its end holds; no keeper process
 * is needed. A session that lingers is told to let go first. 0 with restored all zero when there was nothing
 * to do. -EBUSY when a live session holds the host. */
struct keeper_restore {
	const char *run_dir; /* NULL: the default one */
	const char *prefix;  /* of /sys, /proc and /dev: "/" or a recorded machine's */
	bool force;	     /* overwrite what a third party changed */
	bool wait;	     /* for the session that holds the host to end, however long it takes */
};

int keeper_restore_leftover(const struct identity *identity, const struct keeper_restore *order,
			    struct keeper_restored *restored, struct sb_err *err);

/* What everyone may know about who holds the host: from `holder`, believed only while its keeper lives. */
struct keeper_note {
	bool is_held;
	bool is_lingering; /* by `tune` */
	int front, keeper; /* process numbers */
	char user[IDENTITY_NAME], since[32], purpose[96];
	char knobs[1024];		  /* in effect, with commas */
	char changed[CONDITION_REASON];	  /* by somebody meanwhile: a sentence, "" nothing */
	char guard[CONDITION_VALUE];	  /* the unit that stands by, "" none */
	char unguarded[CONDITION_REASON]; /* why none does, "" none was wanted */
};

/* Looks in a run folder, NULL: in root's, then in the user's own. True when there is a journal without its
 * end there; `journal`, to be released, holds what of it the caller may read. */
bool keeper_look(const struct identity *identity, const char *run_dir, struct keeper_note *note,
		 struct journal_state *journal);

/* The same without the journal: true when somebody holds the host. */
bool keeper_look_for_holder(const struct identity *identity, const char *run_dir, struct keeper_note *note);

#endif
