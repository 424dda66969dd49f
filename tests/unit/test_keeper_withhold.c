/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about counting_withhold: what root may count and the benches' user may not. */
#include <errno.h>
#include <linux/perf_event.h>
#include "keeper/counting.h"
#include "recorded_fixture.h"

#define ANY_THREAD (UINT64_C(1) << 21)

/* The same cycles of one thread and of both, on the PMU of this number. */
static int withheld(const struct recorded *recorded, uint32_t type, const struct identity *identity)
{
	struct counting counting = { .count = 3 };

	for (unsigned i = 0; i < counting.count; i++)
		counting.events[i].attr = (struct perf_event_attr){ .type = type, .config = 0x3c };
	counting.events[1].attr.config |= ANY_THREAD;
	counting.events[2].code = -ENOENT;
	counting_withhold(&recorded->root, identity, &counting);
	ck_assert_int_eq(counting.events[0].code, 0);
	ck_assert_int_eq(counting.events[2].code, -ENOENT);
	return counting.events[1].code;
}

static void put_paranoid(const struct recorded *recorded, const char *value)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof path, "%s/proc/sys/kernel/perf_event_paranoid", recorded->tree);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(value, file);
	fclose(file);
}

/* Type 4 is raw everywhere, 10 a hybrid's small cores, 1 and 3 have other numbers in that bit. */
START_TEST(what_an_intel_core_s_other_threads_do_is_kept_from_a_user)
{
	static const struct {
		const char *machine;
		uint32_t type;
		int code;
	} rows[] = {
		{ "intel-client", PERF_TYPE_RAW, -EACCES },
		{ "intel-server", PERF_TYPE_RAW, -EACCES },
		{ "intel-hybrid", PERF_TYPE_RAW, -EACCES },
		{ "intel-hybrid", 10, -EACCES },
		{ "intel-client", PERF_TYPE_SOFTWARE, 0 },
		{ "intel-client", PERF_TYPE_HW_CACHE, 0 },
		{ "intel-client", 10, 0 },
		{ "amd-acpi-cpufreq", PERF_TYPE_RAW, 0 },
		{ "amd-pstate-epp", PERF_TYPE_RAW, 0 },
		{ "arm-server", PERF_TYPE_RAW, 0 },
	};
	const struct identity nobody = { .privileged = true, .bench_uid = 65534 };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct recorded recorded;

		recorded_init(&recorded, rows[i].machine);
		put_paranoid(&recorded, "1");
		ck_assert_msg(withheld(&recorded, rows[i].type, &nobody) == rows[i].code, "row %zu", i);
		recorded_release(&recorded);
	}
}
END_TEST

START_TEST(it_is_not_kept_from_who_could_count_it_without_us)
{
	static const struct {
		const char *paranoid;
		struct identity identity;
		int code;
	} rows[] = {
		{ "4", { .privileged = true, .bench_uid = 1000 }, -EACCES },
		{ "?", { .privileged = true, .bench_uid = 1000 }, -EACCES },
		{ "0", { .privileged = true, .bench_uid = 1000 }, 0 },
		{ "-1", { .privileged = true, .bench_uid = 1000 }, 0 },
		{ "2", { .privileged = true, .allow_root = true }, 0 },
		{ "2", { .bench_uid = 1000 }, 0 }, /* the kernel is asked by the user */
	};
	struct recorded recorded;

	recorded_init(&recorded, "intel-client");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		put_paranoid(&recorded, rows[i].paranoid);
		ck_assert_msg(withheld(&recorded, PERF_TYPE_RAW, &rows[i].identity) == rows[i].code,
			      "row %zu", i);
	}
	recorded_release(&recorded);
}
END_TEST

RECORDED_MAIN("keeper/withhold", what_an_intel_core_s_other_threads_do_is_kept_from_a_user,
	      it_is_not_kept_from_who_could_count_it_without_us)
