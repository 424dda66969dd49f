/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about run/around: what the host did while a launch ran, as files tell it before and after. */
#include "run/around.h"

#include <math.h>
#include "host/event_source.h"
#include "machine_fixture.h"

#define CPU1	 "sys/devices/system/cpu/cpu1/"
#define CPU3	 "sys/devices/system/cpu/cpu3/"
#define ZONE0	 "sys/class/thermal/thermal_zone0/"
#define PRESSURE "some avg10=0.00 avg60=0.00 avg300=0.00 total=@\nfull avg10=0.00 total=7\n"

static const struct keeper_ended unread = { .exec_errno = 0 };

static void put_number(const struct machine *machine, const char *path, int number)
{
	char text[32];

	snprintf(text, sizeof text, "%d\n", number);
	machine_put(machine, path, text);
}

/* The number stands where the text has an '@'. */
static void put_format(const struct machine *machine, const char *path, const char *format, int number)
{
	const char *place = strchr(format, '@');
	char text[256];

	snprintf(text, sizeof text, "%.*s%d%s", (int)(place - format), format, number, place + 1);
	machine_put(machine, path, text);
}

/* The bench has CPU 1, CPU 3 is its sibling; `n` is how much of everything there has been. */
static void put_all(const struct machine *machine, int n)
{
	put_format(machine, "proc/stat",
		   "cpu  9 9 9 9 9 9 9 99 0\ncpu0 1 1 1 1 1 1 1 5 0 0\ncpu1 1 1 1 1 1 1 1 @ 0 0\nintr 1\n",
		   n);
	put_format(machine, "proc/schedstat",
		   "version 15\ntimestamp 1\ncpu0 0 0 0 0 0 0 1 9 1\ndomain0 3 0 0 0 0 0 0 0 9\ncpu1 0 0 1 1 "
		   "1 1 5 @ 2\n",
		   5000000 * n);
	put_format(machine, "proc/pressure/cpu", PRESSURE, 1000 * n);
	put_format(machine, "proc/pressure/memory", PRESSURE, 2000 * n);
	put_format(machine, "proc/pressure/io", PRESSURE, 3000 * n);
	machine_put(machine, "proc/self/cgroup", "0::/bench\n");
	put_format(machine, "sys/fs/cgroup/bench/cpu.stat", "usage_usec 1\nnr_throttled @\n", n);
	put_number(machine, CPU1 "thermal_throttle/core_throttle_count", n);
	put_number(machine, CPU1 "thermal_throttle/package_throttle_count", 2 * n);
	put_number(machine, CPU1 "cpufreq/scaling_cur_freq", 1000000 + n);
	put_number(machine, CPU1 "cpufreq/scaling_max_freq", 2000000);
	machine_put(machine, ZONE0 "type", "x86_pkg_temp\n");
	put_number(machine, ZONE0 "temp", 40000 + 500 * n);
	put_number(machine, CPU3 "cpuidle/state0/usage", n);
	put_number(machine, CPU3 "cpuidle/state1/usage", 3 * n);
	put_format(machine, "proc/vmstat",
		   "nr_free_pages 7\npswpin 5\npswpout @\ncompact_stall_not 1\ncompact_stall 2\n"
		   "compact_daemon_wake 4\nthp_fault_alloc 6\nthp_collapse_alloc 8\n",
		   n);
}

static void look_init(struct around *around, const struct machine *machine)
{
	cpu_set_t bench, siblings;

	CPU_ZERO(&bench);
	CPU_ZERO(&siblings);
	CPU_SET(1, &bench);
	CPU_SET(3, &siblings);
	around_init(around, &machine->root, &bench, &siblings);
}

static void check_reason(const struct around *around, enum record_reading reading, const char *part,
			 size_t row)
{
	struct record record;
	const char *reason;

	record_init(&record);
	around_describe(around, &record);
	reason = record.witnesses[reading].reason;
	ck_assert_msg(part ? reason && strstr(reason, part) : !reason, "row %zu: %s", row, reason);
	record_release(&record);
}

START_TEST(what_grew_meanwhile_is_told_of_the_benchs_cpus)
{
	double readings[RECORD_READINGS];
	struct machine machine;
	struct around around;

	machine_init(&machine);
	put_all(&machine, 10);
	look_init(&around, &machine);
	around_begin(&around);
	put_all(&machine, 14);
	ck_assert_uint_eq(around_end(&around, &unread, readings),
			  RECORD_CAUSE_STEAL | RECORD_CAUSE_THROTTLED);
	ck_assert_double_eq_tol(readings[RECORD_STEAL], 4. / (double)sysconf(_SC_CLK_TCK), 1e-12);
	ck_assert_double_eq_tol(readings[RECORD_QUEUE_WAIT], 20e-3, 1e-12);
	ck_assert_double_eq_tol(readings[RECORD_PRESSURE_CPU], 4e-3, 1e-12);
	ck_assert_double_eq_tol(readings[RECORD_PRESSURE_MEMORY], 8e-3, 1e-12);
	ck_assert_double_eq_tol(readings[RECORD_PRESSURE_IO], 12e-3, 1e-12);
	ck_assert_double_eq(readings[RECORD_QUOTA_STOPS], 4);
	ck_assert_double_eq(readings[RECORD_THERMAL], 12);
	ck_assert_double_eq(readings[RECORD_FREQUENCY], 1000014e3);
	ck_assert_double_eq(readings[RECORD_FREQUENCY_BOUND], 2e9);
	ck_assert_double_eq(readings[RECORD_SIBLING_WAKES], 16);
	ck_assert_double_eq(readings[RECORD_TEMPERATURE], 45); /* before the launch */
	ck_assert_double_eq(readings[RECORD_PSWPOUT], 4);
	ck_assert_double_nan(readings[RECORD_SMI]);
	ck_assert_double_nan(readings[RECORD_BUSY_FREQUENCY]);
	machine_release(&machine);
}
END_TEST

START_TEST(counts_of_memory_are_told_by_the_kernels_names_and_are_no_cause)
{
	static const struct {
		enum record_reading reading;
		const char *name;
	} rows[] = {
		{ RECORD_PSWPIN, "pswpin" },
		{ RECORD_PSWPOUT, "pswpout" },
		{ RECORD_COMPACT_STALL, "compact_stall" },
		{ RECORD_COMPACT_DAEMON_WAKE, "compact_daemon_wake" },
		{ RECORD_THP_FAULT_ALLOC, "thp_fault_alloc" },
		{ RECORD_THP_COLLAPSE_ALLOC, "thp_collapse_alloc" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double readings[RECORD_READINGS];
		struct machine machine;
		struct around around;
		char text[64];

		machine_init(&machine);
		look_init(&around, &machine);
		for (int n = 10; n <= 13; n += 3) {
			snprintf(text, sizeof text, "%s_other 7\n%s %d\n", rows[i].name, rows[i].name, n);
			machine_put(&machine, "proc/vmstat", text);
			if (n == 10)
				around_begin(&around);
		}
		ck_assert_uint_eq(around_end(&around, &unread, readings), 0);
		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			if (k == i)
				ck_assert_double_eq(readings[rows[k].reading], 3);
			else
				check_reason(&around, rows[k].reading, "in /proc/vmstat", k);
		}
		machine_release(&machine);
	}
}
END_TEST

/* Each by itself, and none when nothing moved. */
START_TEST(each_cause_comes_from_its_own_file)
{
	static const struct {
		const char *path, *text;
		uint32_t cause;
	} rows[] = {
		{ "proc/stat", "cpu1 1 1 1 1 1 1 1 11 0 0\n", RECORD_CAUSE_STEAL },
		{ "proc/stat", "cpu1 9 9 9 9 9 9 9 10 9 9\ncpu0 1 1 1 1 1 1 1 99\n", 0 },
		{ "sys/fs/cgroup/bench/cpu.stat", "nr_throttled 11\n", RECORD_CAUSE_THROTTLED },
		{ CPU1 "thermal_throttle/core_throttle_count", "11\n", RECORD_CAUSE_THROTTLED },
		{ CPU1 "cpufreq/scaling_max_freq", "1800000\n", RECORD_CAUSE_FREQUENCY },
		{ CPU1 "cpufreq/scaling_max_freq", "2000000\n", 0 },
		{ CPU1 "cpufreq/scaling_cur_freq", "1\n", 0 },
		{ CPU3 "cpuidle/state1/usage", "99\n", 0 },
		{ ZONE0 "temp", "99000\n", 0 },
		{ "proc/pressure/cpu", "some total=999999\n", 0 },
		{ "proc/pressure/cpu", "nonsense\n", 0 },
		{ "proc/stat", "cpu1\n", 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double readings[RECORD_READINGS];
		struct machine machine;
		struct around around;

		machine_init(&machine);
		put_all(&machine, 10);
		look_init(&around, &machine);
		around_begin(&around);
		machine_put(&machine, rows[i].path, rows[i].text);
		ck_assert_msg(around_end(&around, &unread, readings) == rows[i].cause, "row %zu", i);
		machine_release(&machine);
	}
}
END_TEST

START_TEST(what_a_host_does_not_tell_is_not_known_and_has_a_reason)
{
	double readings[RECORD_READINGS];
	struct machine machine;
	struct record record;
	struct around around;

	machine_init(&machine);
	look_init(&around, &machine);
	around_begin(&around);
	check_reason(&around, RECORD_THERMAL, "have no thermal_throttle/", 0);
	put_all(&machine, 14); /* too late to tell by how much it grew */
	ck_assert_uint_eq(around_end(&around, &unread, readings), 0);
	for (size_t i = 0; i < RECORD_READINGS; i++)
		ck_assert_double_nan(readings[i]);
	record_init(&record);
	around_describe(&around, &record);
	ck_assert_uint_eq(record.witness_count, RECORD_READINGS);
	for (size_t i = 0; i < RECORD_READINGS; i++)
		ck_assert_int_eq(record.witnesses[i].reason != NULL,
				 i == RECORD_SMI || i == RECORD_BUSY_FREQUENCY ||
					 i == RECORD_TEMPERATURE); /* sensors are looked for once */
	ck_assert_str_eq(record.witnesses[RECORD_STEAL].name, "steal_s");
	record_release(&record);
	machine_release(&machine);
}
END_TEST

/* The keeper reads it; of several states the one that tells what was missed is the session's. */
START_TEST(interrupts_of_the_firmware_come_from_the_keeper)
{
	static const struct {
		struct keeper_smi smi;
		uint32_t causes;
		const char *part; /* of the reason then, NULL: none */
	} rows[] = {
		{ { .state = KEEPER_REGISTERS_UNREAD, .count = 7 }, 0, "no launch was measured" },
		{ { .state = KEEPER_REGISTERS_READ, .count = 0 }, 0, NULL },
		{ { .state = KEEPER_REGISTERS_READ, .count = 3 }, RECORD_CAUSE_SMI, NULL },
		{ { .state = KEEPER_REGISTERS_STATES, .count = 3 }, 0, NULL },
		{ { .state = KEEPER_REGISTERS_NO_DEVICE, .count = 3 }, 0, "modprobe msr" },
		{ { .state = KEEPER_REGISTERS_READ, .count = 0 }, 0, "modprobe msr" },
	};
	double readings[RECORD_READINGS];
	struct machine machine;
	struct around around;

	machine_init(&machine);
	look_init(&around, &machine);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct keeper_ended ended = { .smi = rows[i].smi };

		around_begin(&around);
		ck_assert_uint_eq(around_end(&around, &ended, readings), rows[i].causes);
		if (rows[i].smi.state == KEEPER_REGISTERS_READ)
			ck_assert_double_eq(readings[RECORD_SMI], (double)rows[i].smi.count);
		else
			ck_assert_double_nan(readings[RECORD_SMI]);
		check_reason(&around, RECORD_SMI, rows[i].part, i);
	}
	machine_release(&machine);
}
END_TEST

/* AMD's event is one of the core: it takes a counter, and is not where a virtual machine has no PMU. */
START_TEST(who_counts_them_in_an_event_is_told_its_name)
{
	static const struct {
		const char *cpuinfo;
		bool has_pmu;
		const char *part;
	} rows[] = {
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n", true, "--counters r2b:uk" },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 1\n", true, "--counters r2b:uk" },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n", false, "only Intel's" },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 16\nmodel\t\t: 2\n", true, "only Intel's" },
	};
	const struct keeper_ended ended = { .smi.state = KEEPER_REGISTERS_UNSUPPORTED };
	double readings[RECORD_READINGS];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct machine machine;
		struct around around;

		machine_init(&machine);
		machine_put(&machine, "proc/cpuinfo", rows[i].cpuinfo);
		if (rows[i].has_pmu)
			machine_put(&machine, EVENT_SOURCE_ROOT "/cpu/type", "4");
		look_init(&around, &machine);
		around_begin(&around);
		ck_assert_uint_eq(around_end(&around, &ended, readings), 0);
		check_reason(&around, RECORD_SMI, rows[i].part, i);
		machine_release(&machine);
	}
}
END_TEST

/* Two numbers that grew, and no others. A session tells what it missed, also where a part of it is known. */
START_TEST(the_busy_frequency_comes_from_the_keeper)
{
	static const struct {
		struct keeper_busy_frequency busy;
		double ratio;	  /* 0: none */
		const char *part; /* of the reason then, NULL: none */
		bool goes_on;	  /* in the session of the row before */
	} rows[] = {
		{ { .state = KEEPER_REGISTERS_UNREAD, .mperf = 2, .aperf = 3 }, 0, "no launch was", false },
		{ { .state = KEEPER_REGISTERS_READ, .mperf = 2000, .aperf = 3000 }, 1.5, NULL, true },
		{ { .state = KEEPER_REGISTERS_STATES, .mperf = 2, .aperf = 3 }, 0, NULL, true },
		{ { .state = KEEPER_REGISTERS_RESET, .mperf = 2, .aperf = 3 }, 0, "began anew", true },
		{ { .state = KEEPER_REGISTERS_READ, .mperf = 2000, .aperf = 1000 }, .5, "began anew", true },
		{ { .state = KEEPER_REGISTERS_READ, .mperf = UINT64_MAX, .aperf = 1 }, 0x1p-64, NULL, false },
		{ { .state = KEEPER_REGISTERS_READ, .aperf = 3 }, 0, "stand still", false },
		{ { .state = KEEPER_REGISTERS_READ, .mperf = 3 }, 0, "stand still", false },
		{ { .state = KEEPER_REGISTERS_STILL }, 0, "stand still", false },
		{ { .state = KEEPER_REGISTERS_UNSUPPORTED }, 0, "aperfmperf", false },
		{ { .state = KEEPER_REGISTERS_NO_DEVICE }, 0, "modprobe msr", false },
		{ { .state = KEEPER_REGISTERS_NOT_ROOT }, 0, "needs root", false },
		{ { .state = KEEPER_REGISTERS_REFUSED }, 0, "not even to root", false },
		{ { .state = KEEPER_REGISTERS_ABSENT }, 0, "no such register", false },
	};
	double readings[RECORD_READINGS];
	struct machine machine;
	struct around around;

	machine_init(&machine);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct keeper_ended ended = { .busy = rows[i].busy };

		if (!rows[i].goes_on)
			look_init(&around, &machine);
		around_begin(&around);
		ck_assert_uint_eq(around_end(&around, &ended, readings), 0);
		if (rows[i].ratio > 0)
			ck_assert_double_eq(readings[RECORD_BUSY_FREQUENCY], rows[i].ratio);
		else
			ck_assert_double_nan(readings[RECORD_BUSY_FREQUENCY]);
		check_reason(&around, RECORD_BUSY_FREQUENCY, rows[i].part, i);
	}
	machine_release(&machine);
}
END_TEST

START_TEST(who_wants_no_witnesses_gets_none)
{
	double readings[RECORD_READINGS];
	struct record record;
	struct around around;
	cpu_set_t none;

	CPU_ZERO(&none);
	around_init(&around, NULL, &none, &none);
	record_init(&record);
	around_describe(&around, &record);
	around_begin(&around);
	ck_assert_uint_eq(around_end(&around, &unread, readings), 0);
	ck_assert_double_nan(readings[RECORD_STEAL]);
	ck_assert_uint_eq(record.witness_count, 0);
	record_release(&record);
}
END_TEST

MACHINE_MAIN("run/around", what_grew_meanwhile_is_told_of_the_benchs_cpus,
	     counts_of_memory_are_told_by_the_kernels_names_and_are_no_cause,
	     each_cause_comes_from_its_own_file, what_a_host_does_not_tell_is_not_known_and_has_a_reason,
	     interrupts_of_the_firmware_come_from_the_keeper, who_counts_them_in_an_event_is_told_its_name,
	     the_busy_frequency_comes_from_the_keeper, who_wants_no_witnesses_gets_none)
