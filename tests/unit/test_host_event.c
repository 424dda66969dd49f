/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of names, on machines that we do not have. */
#include <errno.h>
#include <linux/perf_event.h>
#include "base/printable.h"
#include "event_fixture.h"
#include "host/event_list.h"

struct wanted {
	const char *machine, *text;
	uint32_t type, scope;
	uint64_t config;
	const char *spelled, *pmu;
};

#define U  EVENT_USER
#define UK (EVENT_USER | EVENT_KERNEL)

#define OFFCORE                                                                                              \
	"OFFCORE_RESPONSE_0:DMND_DATA_RD:DMND_RFO:DMND_CODE_RD:OTHER:L3_HITM:L3_HITE:L3_HITS:SPL_HIT:"       \
	"L3_MISS_LOCAL:L4_HIT_LOCAL_L4:L3_MISS_REMOTE_HOP1_DRAM:SNP_NONE:SNP_NOT_NEEDED:SNP_MISS:"           \
	"SNP_HIT_NO_FWD:SNP_HIT_WITH_FWD:SNP_HITM:SNP_NON_DRAM"
#define FILLS                                                                                                \
	"ANY_DATA_CACHE_FILLS_FROM_SYSTEM:LCL_L2:LOCAL_CCX:NEAR_CACHE_NEAR_FAR:DRAM_IO_NEAR:"                \
	"FAR_CACHE_NEAR_FAR:DRAM_IO_FAR:ALT_MEM_NEAR_FAR"

/* Codes after the vendors' manuals, not after what libpfm4 says. */
static const struct wanted wanted[] = {
	{ "skylake", "L1D:REPLACEMENT", PERF_TYPE_RAW, U, 0x151, "skl::L1D:REPLACEMENT:u", "cpu" },
	{ "skylake", "L1D:REPLACEMENT:c=2:u:k", PERF_TYPE_RAW, UK, 0x2000151, "skl::L1D:REPLACEMENT:c=2:uk",
	  "cpu" },
	{ "skylake", "skl::LONGEST_LAT_CACHE:MISS:k", PERF_TYPE_RAW, EVENT_KERNEL, 0x412e,
	  "skl::LONGEST_LAT_CACHE:MISS:k", "cpu" },
	{ "skylake", "cache-misses", PERF_TYPE_HARDWARE, U, 3, "perf::PERF_COUNT_HW_CACHE_MISSES:u", "cpu" },
	{ "skylake", "L1-dcache-load-misses:uk", PERF_TYPE_HW_CACHE, UK, 0x10000,
	  "perf::PERF_COUNT_HW_CACHE_L1D:READ:MISS:uk", "cpu" },
	{ "skylake", "r1c2", PERF_TYPE_RAW, U, 0x1c2, "r1c2:u", "cpu" },
	{ "skylake", "cpu/event=0xc4,umask=0x20,cmask=1/k", 4, EVENT_KERNEL, 0x10020c4,
	  "cpu/event=0xc4,umask=0x20,cmask=1/k", "cpu" },
	{ "skylake", "core/cpu-cycles/", 4, U, 0x3c, "cpu/cpu-cycles/u", "cpu" },
	{ "skylake", "page-faults", PERF_TYPE_SOFTWARE, U, 2, "perf::PERF_COUNT_SW_PAGE_FAULTS:u",
	  "software" },
	{ "skylake", "context-switches", PERF_TYPE_SOFTWARE, UK, 3, "perf::PERF_COUNT_SW_CONTEXT_SWITCHES:uk",
	  "software" },
	{ "skylake", "migrations", PERF_TYPE_SOFTWARE, UK, 4, "perf::PERF_COUNT_SW_CPU_MIGRATIONS:uk",
	  "software" },
	{ "skylake", "context-switches:k", PERF_TYPE_SOFTWARE, EVENT_KERNEL, 3,
	  "perf::PERF_COUNT_SW_CONTEXT_SWITCHES:k", "software" },
	{ "skylake", "page-faults:u", PERF_TYPE_SOFTWARE, U, 2, "perf::PERF_COUNT_SW_PAGE_FAULTS:u",
	  "software" },
	{ "skylake", "syscalls:sys_enter_read:u", PERF_TYPE_TRACEPOINT, U, 0, "syscalls:sys_enter_read",
	  "tracepoint" },
	{ "skylake", "msr/tsc/", 13, 7, 0, "msr/tsc/", "msr" },
	{ "skylake", "irq:irq_handler_entry", PERF_TYPE_TRACEPOINT, UK, 0, "irq:irq_handler_entry",
	  "tracepoint" },
	{ "skylake", "unc_cbo_cache_lookup.any_i", 12, 7, 0x8834, "uncore_cbox_0/unc_cbo_cache_lookup.any_i/",
	  "uncore_cbox_0" },
	{ "big core", "cache-misses", PERF_TYPE_HARDWARE, U, 0x400000003,
	  "perf::PERF_COUNT_HW_CACHE_MISSES:u", "cpu_core" },
	{ "small core", "cache-misses", PERF_TYPE_HARDWARE, U, 0xa00000003,
	  "perf::PERF_COUNT_HW_CACHE_MISSES:u", "cpu_atom" },
	{ "small core", "LLC-loads", PERF_TYPE_HW_CACHE, U, 0xa00000002,
	  "perf::PERF_COUNT_HW_CACHE_LL:READ:ACCESS:u", "cpu_atom" },
	{ "small core", "r2c4", 10, U, 0x2c4, "r2c4:u", "cpu_atom" },
	{ "small core", "core/event=0x71,umask=0x0/", 10, U, 0x71, "cpu_atom/event=0x71,umask=0x0/u",
	  "cpu_atom" },
	{ "big core", "cpu_core/slots/", 4, U, 0x400, "cpu_core/slots/u", "cpu_core" },
	{ "zen4", "cpu/event=0x1a0,umask=0x1e/", 4, U, 0x100001ea0, "cpu/event=0x1a0,umask=0x1e/u", "cpu" },
	{ "zen4", "RETIRED_OPS", PERF_TYPE_RAW, U, 0xc1, "amd64_fam19h_zen4::RETIRED_OPS:u", "cpu" },
	/* what around.c tells who asks for interrupts of the firmware on AMD */
	{ "zen4", "SMI_RECEIVED:uk", PERF_TYPE_RAW, UK, 0x2b, "amd64_fam19h_zen4::SMI_RECEIVED:uk", "cpu" },
	{ "zen4", "r2b:uk", PERF_TYPE_RAW, UK, 0x2b, "r2b:uk", "cpu" },
	{ "zen4", FILLS ":k", PERF_TYPE_RAW, EVENT_KERNEL, 0xdf44, "amd64_fam19h_zen4::" FILLS ":k", "cpu" },
	{ "skylake", "OFFCORE_RESPONSE_0:DMND_DATA_RD:DMND_RFO:L3_MISS_LOCAL:SNP_NOT_NEEDED:SNP_MISS",
	  PERF_TYPE_RAW, U, 0x1b7,
	  "skl::OFFCORE_RESPONSE_0:DMND_DATA_RD:DMND_RFO:L3_MISS_LOCAL:SNP_NOT_NEEDED:SNP_MISS:u", "cpu" },
	/* longer than libpfm4 has room for, with the modifier that it cuts off */
	{ "skylake", OFFCORE ":c=2", PERF_TYPE_RAW, U, 0x20001b7, "skl::" OFFCORE ":c=2:u", "cpu" },
	{ "neoverse", "CPU_CYCLES", 8, U, 0x11, "armv8_pmuv3_0/cpu_cycles/u", "armv8_pmuv3_0" },
	{ "neoverse", "armv8_pmuv3_0/event=0x37/uk", 8, UK, 0x37, "armv8_pmuv3_0/event=0x37/uk",
	  "armv8_pmuv3_0" },
	{ "cortex-a72", "l2d_cache_refill", 9, U, 0x17, "armv8_cortex_a72/l2d_cache_refill/u",
	  "armv8_cortex_a72" },
	{ "virtual", "cache-misses", PERF_TYPE_HARDWARE, U, 3, "perf::PERF_COUNT_HW_CACHE_MISSES:u", "" },
};

static void resolve_wanted(const struct wanted *want)
{
	struct event_bench bench;
	struct event event;
	struct sb_err err = { .text = "" };
	size_t count = 0;

	event_bench_init(&bench, want->machine);
	ck_assert_msg(event_resolve(&bench.host, want->text, &event, 1, &count, &err) == 0, "%s: %s: %s",
		      want->machine, want->text, err.text);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(event.name, want->text);
	ck_assert_str_eq(event.spelled, want->spelled);
	ck_assert_str_eq(event.pmu, want->pmu);
	ck_assert_msg(event.type == want->type && event.config == want->config && event.scope == want->scope,
		      "%s: %s: type %u, config %#llx, scope %u", want->machine, want->text, event.type,
		      (unsigned long long)event.config, event.scope);
	event_bench_release(&bench);
}

START_TEST(names_become_the_codes_of_their_machine)
{
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		resolve_wanted(&wanted[i]);
}
END_TEST

struct refused {
	const char *machine, *text;
	int code;
	const char *why;
};

static const struct refused refused[] = {
	{ "skylake", "brnach-misses", -ENOENT, "'branch-misses'" },
	{ "skylake", "L1D:REPLACMENT", -EINVAL, "L1D" },
	{ "skylake", "no-such-thing-at-all", -ENOENT, "stablebench events" },
	{ "skylake", "@cahce", -ENOENT, "'@cache'" },
	{ "skylake", "@default:x", -ENOENT, "@default" },
	{ "skylake", "@default:kk", -EINVAL, "'@default:kk' names a part of its scope twice" },
	{ "skylake", "cycles:k:uk", -EINVAL, "'cycles:k:uk' names a part of its scope twice" },
	{ "skylake", "cpu/event=0xc4/uu", -EINVAL, "twice" },
	{ "skylake", "cycles,,instructions", -EINVAL, "no event" },
	{ "skylake", "", -EINVAL, "no event" },
	{ "skylake", "cpu_core/slots/", -ENOENT, "no PMU 'cpu_core'" },
	{ "skylake", "cpu/event=0x100/", -ERANGE, "config:0-7" },
	{ "skylake", "cpu/even=0x10/", -ENOENT, "has no 'even'" },
	{ "skylake", "cpu/event=ten/", -EINVAL, "no number" },
	{ "skylake", "cpu/mem-loads/", -EINVAL, "'ldlat'" },
	{ "skylake", "cpu/../../../x/", -EINVAL, "form" },
	{ "skylake", "cpu/event=1", -EINVAL, "form" },
	{ "skylake", "cache-misses:period=1000", -EINVAL, "sampling" },
	{ "skylake", "L1D:REPLACEMENT:precise=2", -EINVAL, "libpfm4" },
	{ "skylake", "skl::L1D:REPLACMENT", -EINVAL, "stablebench events 'L1D' lists" },
	{ "skylake", "L1D:REPLACMENT", -EINVAL, "stablebench events 'L1D' lists" },
	{ "skylake", "software/config=10/", -EINVAL, "no software event" }, /* BPF's output */
	{ "skylake", "software/config=99/", -EINVAL, "no software event" },
	{ "skylake", "software/config=0,config1=1/", -EINVAL, "no software event" },
	{ "skylake", "context-switches:u", -EINVAL, "happens in the kernel" },
	{ "skylake", "cs:u", -EINVAL, "without ':u'" },
	{ "skylake", "cpu-migrations:u", -EINVAL, "would stay at 0" },
	{ "skylake", "software/config=11/u", -EINVAL, "would stay at 0" }, /* of control groups */
	{ "skylake", "sched:sched_switch:u", -EINVAL, "would stay at 0" },
	{ "skylake", "tracepoint/config=1/", -EINVAL, "'group:name'" },
	{ "skylake", "cpu/event=\n1/", -EINVAL, "'cpu/event=?1/' has letters that cannot be shown" },
	{ "skylake", "cycles,\033,", -EINVAL, "'cycles,?,' has letters" },
	{ "skylake", "@def\nault", -EINVAL, "'@def?ault' has letters" },
	{ "zen4", "L1D:REPLACEMENT", -ENOENT, "no event" },
	{ "zen4", FILLS ":" FILLS, -EINVAL, "more than 255 letters" },
};

static void resolve_refused(const struct refused *want)
{
	struct event_bench bench;
	struct event event;
	struct sb_err err = { .text = "" };
	size_t count = 0;

	event_bench_init(&bench, want->machine);
	ck_assert_msg(event_resolve(&bench.host, want->text, &event, 1, &count, &err) == want->code,
		      "%s: %s: %d: %s", want->machine, want->text, err.code, err.text);
	ck_assert_msg(strstr(err.text, want->why) != NULL, "%s: %s: %s", want->machine, want->text, err.text);
	event_bench_release(&bench);
}

START_TEST(what_cannot_be_counted_is_refused_in_a_sentence)
{
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		resolve_refused(&refused[i]);
}
END_TEST

START_TEST(energy_belongs_to_a_package_and_has_a_unit)
{
	struct event_bench bench;
	struct event event;
	size_t count;

	event_bench_init(&bench, "skylake");
	ck_assert_int_eq(event_resolve(&bench.host, "power/energy-pkg/", &event, 1, &count, NULL), 0);
	ck_assert(event.is_cpu_wide);
	ck_assert_str_eq(event.unit, "J");
	ck_assert_uint_eq(event.scope, EVENT_USER | EVENT_KERNEL | EVENT_HYPERVISOR);
	event_bench_release(&bench);
}
END_TEST

START_TEST(clocks_count_seconds)
{
	static const char *const clocks[] = { "task-clock", "cpu-clock:uk", "software/config=1/" };
	struct event_bench bench;
	struct event event;
	size_t count;

	event_bench_init(&bench, "skylake");
	for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		ck_assert_int_eq(event_resolve(&bench.host, clocks[i], &event, 1, &count, NULL), 0);
		ck_assert_str_eq(event.unit, "s");
		ck_assert_double_eq_tol(event.scale, 1e-9, 1e-18);
	}
	ck_assert_int_eq(event_resolve(&bench.host, "page-faults", &event, 1, &count, NULL), 0);
	ck_assert_str_eq(event.unit, "");
	event_bench_release(&bench);
}
END_TEST

START_TEST(a_code_that_an_arm_processor_does_not_list_is_marked)
{
	static const struct {
		const char *text;
		bool is_unlisted;
	} cases[] = { { "armv8_pmuv3_0/event=0x3/", false },
		      { "armv8_pmuv3_0/event=0x1d/", true },
		      { "r37", false },
		      { "r17", true },
		      { "armv8_pmuv3_0/event=0x100/", false },
		      { "cycles", false } };
	struct event_bench bench;
	struct event event;
	size_t count;

	event_bench_init(&bench, "neoverse");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert_int_eq(event_resolve(&bench.host, cases[i].text, &event, 1, &count, NULL), 0);
		ck_assert_msg(event.is_unlisted == cases[i].is_unlisted, "%s", cases[i].text);
	}
	event_bench_release(&bench);
}
END_TEST

START_TEST(more_events_than_there_is_room_for_are_refused)
{
	struct event_bench bench;
	struct event events[3];
	struct sb_err err;
	size_t count;

	event_bench_init(&bench, "skylake");
	ck_assert_int_eq(
		event_resolve(&bench.host, "cycles,instructions,cycles,branches", events, 3, &count, &err),
		0);
	ck_assert_uint_eq(count, 3);
	ck_assert_int_eq(event_resolve(&bench.host, "@default", events, 3, &count, &err), -E2BIG);
	event_bench_release(&bench);
}
END_TEST

static int find_harmful(void *context, const struct event_entry *entry)
{
	(void)context;
	return !printable_is_line(entry->name);
}

START_TEST(names_that_cannot_be_shown_are_none)
{
	struct event_bench bench;
	size_t before;

	event_bench_init(&bench, "skylake");
	before = bench.host.sources.count;
	event_host_release(&bench.host);
	machine_put(&bench.machine, DEVICES "esc\033[2J/type", "90");
	machine_put(&bench.machine, DEVICES "line\nforged/type", "91");
	machine_put(&bench.machine, DEVICES "power/events/a\nb", "event=0x02");
	ck_assert_int_eq(event_host_init(&bench.host, &bench.machine.root, 2, NULL), 0);
	ck_assert_uint_eq(bench.host.sources.count, before);
	ck_assert_int_eq(event_list_sources(&bench.host, find_harmful, NULL), 0);
	event_bench_release(&bench);
}
END_TEST

START_TEST(tracepoints_are_looked_up_where_tracefs_can_be_seen)
{
	struct event_bench bench;
	struct event event;
	struct sb_err err;
	size_t count;

	event_bench_init(&bench, "skylake");
	ck_assert_int_eq(event_resolve(&bench.host, "sched:sched_swicth", &event, 1, &count, &err), 0);
	machine_put(&bench.machine, "sys/kernel/tracing/events/sched/sched_switch/id", "314");
	ck_assert_int_eq(event_resolve(&bench.host, "sched:sched_switch", &event, 1, &count, &err), 0);
	ck_assert_str_eq(event.tracepoint, "sched:sched_switch");
	ck_assert_int_eq(event_resolve(&bench.host, "sched:sched_swicth", &event, 1, &count, &err), -ENOENT);
	ck_assert_msg(strstr(err.text, "'sched:sched_switch'") != NULL, "%s", err.text);
	ck_assert_int_eq(event_resolve(&bench.host, "sched:sched_swicth:k", &event, 1, &count, &err),
			 -ENOENT); /* the group is known, and libpfm4 is not asked */
	ck_assert_msg(strstr(err.text, "no event") != NULL, "%s", err.text);
	event_bench_release(&bench);
}
END_TEST

START_TEST(a_refusal_is_explained_by_the_host_that_refuses)
{
	static const struct {
		const char *machine, *text;
		const char *paranoid;
		int code;
		const char *why;
	} cases[] = {
		{ "virtual", "cycles", "2", -ENOENT, "shows no counters to Linux" },
		{ "skylake", "cycles", "2", -ENOENT, "the PMU 'cpu' has no such event" },
		{ "skylake", "cycles:k", "2", -EACCES, "perf_event_paranoid is 2: the kernel's share" },
		{ "skylake", "cycles", "3", -EACCES, "perf_event_paranoid is 3: users may count nothing" },
		{ "skylake", "r20003c", "1", -EACCES, "is 1: with 'any'" },
		{ "skylake", "UNHALTED_CORE_CYCLES:t=1", "1", -EACCES, "the core's other threads" },
		{ "skylake", "CPU_CLK_UNHALTED:THREAD_P:t", "1", -EACCES, "the core's other threads" },
		{ "skylake", "r3c:uk", "2", -EACCES, "the kernel's share" },
		{ "zen4", "r20003c:uk", "2", -EACCES, "the kernel's share" },
		{ "skylake", "irq:softirq_entry", "2", -EACCES, "tracepoints are root's" },
		{ "skylake", "irq:softirq_entry", "2", -ENODEV, "tracefs is not mounted" },
		{ "skylake", "irq:softirq_entri", "2", -ENOENT, "has no tracepoint 'irq:softirq_entri'" },
		{ "skylake", "msr/tsc/", "2", -EACCES, "it holds what the kernel does" },
		{ "skylake", "msr/tsc/u", "2", -EINVAL, "ask without a scope" },
		{ "skylake", "context-switches", "2", -EACCES, "is 2: it holds what the kernel does" },
		{ "skylake", "cpu-migrations", "2", -EACCES, "run with sudo" },
		{ "skylake", "page-faults", "2", -ENOENT, "this kernel has no such event" },
		{ "skylake", "power/energy-pkg/", "2", -EPERM, "a security module forbids it" },
		{ "skylake", "power/energy-pkg/", "1", -EACCES, "is 1: what counts for everybody" },
		{ "skylake", "power/energy-pkg/u", "1", -EINVAL, "ask without a scope" },
		{ "skylake", "power/energy-pkg/", "1", -EINVAL, "the kernel does not take it" },
		{ "skylake", "power/energy-pkg/", "1", -EXDEV, "choose them by --cpus" },
		{ "skylake", "cycles", "2", -EPERM, "container or a security module" },
		{ "skylake", "cycles", "2", -EBUSY, "somebody else" },
		{ "skylake", "cycles", "2", -EMFILE, "too many open files" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct event_bench bench;
		struct event event;
		char text[192];
		size_t count;

		event_bench_init(&bench, cases[i].machine);
		machine_put(&bench.machine, "proc/sys/kernel/perf_event_paranoid", cases[i].paranoid);
		ck_assert_int_eq(event_resolve(&bench.host, cases[i].text, &event, 1, &count, NULL), 0);
		event_refusal(&bench.host, &event, cases[i].code, text, sizeof text);
		ck_assert_msg(strstr(text, cases[i].why) != NULL, "%s %s %d: %s", cases[i].machine,
			      cases[i].text, cases[i].code, text);
		event_bench_release(&bench);
	}
}
END_TEST

START_TEST(a_watchdog_is_in_the_way_of_counters_alone)
{
	static const struct {
		const char *machine, *text;
		bool needs;
	} cases[] = { { "skylake", "cycles", true },	   { "skylake", "L1D:REPLACEMENT", true },
		      { "skylake", "page-faults", false }, { "skylake", "irq:softirq_entry", false },
		      { "virtual", "cycles", false },	   { "neoverse", "CPU_CYCLES", true } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct event_bench bench;
		struct event event;
		size_t count;

		event_bench_init(&bench, cases[i].machine);
		ck_assert_int_eq(event_resolve(&bench.host, cases[i].text, &event, 1, &count, NULL), 0);
		ck_assert_msg(event_needs_counter(&bench.host, &event) == cases[i].needs, "%s",
			      cases[i].text);
		event_bench_release(&bench);
	}
}
END_TEST

MACHINE_MAIN("host/event", a_refusal_is_explained_by_the_host_that_refuses,
	     a_watchdog_is_in_the_way_of_counters_alone, names_become_the_codes_of_their_machine,
	     what_cannot_be_counted_is_refused_in_a_sentence, energy_belongs_to_a_package_and_has_a_unit,
	     a_code_that_an_arm_processor_does_not_list_is_marked,
	     more_events_than_there_is_room_for_are_refused, names_that_cannot_be_shown_are_none,
	     clocks_count_seconds, tracepoints_are_looked_up_where_tracefs_can_be_seen)
