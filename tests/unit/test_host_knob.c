/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about the knobs: what each says of a machine of files, and what a profile lets it do. */
#include "host/knob.h"

#include <errno.h>
#include "machine_fixture.h"

#define NO_TURBO "sys/devices/system/cpu/intel_pstate/no_turbo"

struct bench {
	struct machine machine;
	struct knob_context context;
	struct knob_setting settings[64];
	struct knob_plan plan;
	struct condition condition;
};

static struct bench *bench_new(void)
{
	struct bench *bench = calloc(1, sizeof *bench);

	machine_init(&bench->machine);
	bench->context.root = &bench->machine.root;
	bench->context.latency_fd = -1;
	CPU_SET(1, &bench->context.topology.bench);
	CPU_SET(0, &bench->context.topology.allowed);
	CPU_SET(1, &bench->context.topology.allowed);
	CPU_SET(0, &bench->context.topology.housekeeping);
	return bench;
}

static void bench_free(struct bench *bench)
{
	machine_release(&bench->machine);
	free(bench);
}

static int consider(struct bench *bench, const char *knob, enum knob_profile profile)
{
	const struct knob_choice choice = { .profile = profile };

	bench->plan = (struct knob_plan){ .settings = bench->settings, .room = 64 };
	return knob_consider(knob_find(knob), &bench->context, &choice, &bench->plan, &bench->condition);
}

START_TEST(profiles_grow)
{
	enum knob_profile profile;

	for (size_t i = 0; knob_table[i]; i++) {
		const struct knob *knob = knob_table[i];
		bool was_in = false;

		for (int one = 0; one < KNOB_PROFILES; one++) {
			const struct knob_choice choice = { .profile = (enum knob_profile)one };

			ck_assert(knob_is_chosen(knob, &choice) || !was_in);
			was_in = knob_is_chosen(knob, &choice);
			ck_assert(!was_in || one >= (knob->scope == KNOB_SCOPE_HOST ? KNOB_PROFILE_STANDARD
										    : KNOB_PROFILE_GENTLE));
		}
		ck_assert_int_eq(was_in, knob->level != KNOB_BY_NAME);
		ck_assert(!knob->is_unproven || knob->level != KNOB_SAFE);
		ck_assert_ptr_eq(knob_find(knob->name), knob);
		ck_assert_str_ne(knob->removes, "");
	}
	for (int one = 0; one < KNOB_PROFILES; one++) {
		ck_assert(knob_profile_parse(knob_profile_name((enum knob_profile)one), &profile));
		ck_assert_int_eq((int)profile, one);
	}
	ck_assert(!knob_profile_parse("", &profile) && !knob_profile_parse("gentl", &profile));
	ck_assert_ptr_null(knob_find("nothing"));
}
END_TEST

START_TEST(a_name_outweighs_the_profile)
{
	for (size_t i = 0; knob_table[i]; i++) {
		const struct knob_choice with = { KNOB_PROFILE_NONE, knob_bit(knob_table[i]), 0 };
		const struct knob_choice without = { KNOB_PROFILE_STRICT, UINT64_MAX,
						     knob_bit(knob_table[i]) };

		for (size_t j = 0; knob_table[j]; j++) {
			ck_assert_int_eq(knob_is_chosen(knob_table[j], &with), i == j);
			ck_assert_int_eq(knob_is_chosen(knob_table[j], &without), i != j);
		}
	}
}
END_TEST

START_TEST(every_host_knob_owns_what_it_plans)
{
	struct bench *bench = bench_new();

	for (size_t i = 0; knob_table[i]; i++) {
		int count = consider(bench, knob_table[i]->name, KNOB_PROFILE_STRICT);

		if (knob_table[i]->scope != KNOB_SCOPE_HOST)
			continue;
		for (int j = 0; j < count; j++)
			ck_assert(knob_table[i]->owns_path(knob_table[i], bench->settings[j].path));
	}
	bench_free(bench);
}
END_TEST

START_TEST(the_governor_covers_the_bench_and_its_idle_siblings_only)
{
	struct bench *bench = bench_new();

	ck_assert_int_eq(consider(bench, "governor", KNOB_PROFILE_STANDARD), 2);
	ck_assert_str_eq(bench->settings[0].path, CPUFREQ "/policy1/scaling_governor");
	ck_assert_str_eq(bench->settings[0].before, "userspace");
	ck_assert_str_eq(bench->settings[0].target, "performance");
	ck_assert_str_eq(bench->settings[1].path, CPUFREQ "/policy1/scaling_setspeed");
	ck_assert_str_eq(bench->settings[1].target, "");
	CPU_SET(0, &bench->context.topology.siblings);
	ck_assert_int_eq(consider(bench, "governor", KNOB_PROFILE_STANDARD), 3);
	ck_assert_str_eq(bench->condition.before, "powersave userspace");
	bench_free(bench);
}
END_TEST

START_TEST(a_governor_that_fits_is_left)
{
	struct bench *bench = bench_new();

	machine_put(&bench->machine, CPUFREQ "/policy1/scaling_governor", "performance\n");
	ck_assert_int_eq(consider(bench, "governor", KNOB_PROFILE_GENTLE), 0);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_ALREADY);
	ck_assert_str_eq(bench->condition.value, "performance");
	bench_free(bench);
}
END_TEST

START_TEST(a_governor_that_is_not_offered_names_its_module)
{
	struct bench *bench = bench_new();

	machine_put(&bench->machine, CPUFREQ "/policy1/scaling_available_governors",
		    "powersave performance2");
	ck_assert_int_eq(consider(bench, "governor", KNOB_PROFILE_STANDARD), -ENOTSUP);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(bench->condition.mend, "cpufreq_performance"));
	bench_free(bench);
}
END_TEST

START_TEST(turbo_is_off_by_the_switch_that_there_is)
{
	struct bench *bench = bench_new();

	ck_assert_int_eq(consider(bench, "boost", KNOB_PROFILE_STANDARD), 3);
	ck_assert_str_eq(bench->settings[0].path, CPUFREQ "/boost");
	ck_assert_str_eq(bench->settings[0].target, "0");
	ck_assert_str_eq(bench->settings[1].target, "");
	machine_put(&bench->machine, CPUFREQ "/policy1/boost", "1");
	ck_assert_int_eq(consider(bench, "boost", KNOB_PROFILE_STANDARD), 4);
	machine_drop(&bench->machine, CPUFREQ "/boost");
	ck_assert_int_eq(consider(bench, "boost", KNOB_PROFILE_STANDARD), 1);
	ck_assert_str_eq(bench->settings[0].path, CPUFREQ "/policy1/boost");
	machine_put(&bench->machine, NO_TURBO, "0");
	ck_assert_int_eq(consider(bench, "boost", KNOB_PROFILE_STANDARD), 1);
	ck_assert_str_eq(bench->settings[0].path, NO_TURBO);
	ck_assert_str_eq(bench->settings[0].target, "1");
	machine_put(&bench->machine, NO_TURBO, "1");
	ck_assert_int_eq(consider(bench, "boost", KNOB_PROFILE_STANDARD), 0);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_ALREADY);
	bench_free(bench);
}
END_TEST

START_TEST(what_is_absent_is_unsupported_with_a_reason)
{
	static const char *const names[] = { "governor", "boost", "dma-latency" };
	struct bench *bench = bench_new();
	struct path_root empty;
	char path[96];

	snprintf(path, sizeof path, "%s/run", bench->machine.base);
	ck_assert_int_eq(path_root_init(&empty, path, NULL), 0);
	bench->context.root = &empty;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		ck_assert_int_eq(consider(bench, names[i], KNOB_PROFILE_STRICT), -ENOTSUP);
		ck_assert_int_eq(bench->condition.outcome, CONDITION_UNSUPPORTED);
		ck_assert_str_ne(bench->condition.reason, "");
		ck_assert_str_eq(bench->condition.knob, names[i]);
	}
	path_root_release(&empty);
	bench_free(bench);
}
END_TEST

START_TEST(what_cannot_be_written_is_denied)
{
	static const char *const names[] = { "governor", "boost", "dma-latency" };
	static const char *const paths[] = { CPUFREQ "/policy1/scaling_governor", CPUFREQ "/boost",
					     "dev/cpu_dma_latency" };
	struct bench *bench = bench_new();

	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(fchmodat(bench->machine.root.fd, paths[i], 0444, 0), 0);
		ck_assert_int_eq(consider(bench, names[i], KNOB_PROFILE_STRICT), -EPERM);
		ck_assert_int_eq(bench->condition.outcome, CONDITION_DENIED);
		ck_assert_str_ne(bench->condition.reason, "");
	}
	bench_free(bench);
}
END_TEST

START_TEST(what_the_profile_leaves_out_is_refused_with_the_way_in)
{
	struct bench *bench = bench_new();

	ck_assert_int_eq(consider(bench, "boost", KNOB_PROFILE_GENTLE), -ENOTSUP);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_REFUSED);
	ck_assert_str_eq(bench->condition.reason, "left out by --profile gentle");
	ck_assert_str_eq(bench->condition.mend, "stablebench run --profile standard");
	ck_assert_int_eq(consider(bench, "cpus", KNOB_PROFILE_NONE), -ENOTSUP);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_REFUSED);
	bench_free(bench);
}
END_TEST

START_TEST(one_cpu_has_no_housekeeping)
{
	struct bench *bench = bench_new();

	CPU_ZERO(&bench->context.topology.housekeeping);
	ck_assert_int_eq(consider(bench, "affinity", KNOB_PROFILE_GENTLE), -ENOTSUP);
	ck_assert_int_eq(bench->condition.outcome, CONDITION_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(bench->condition.reason, "no housekeeping CPU"));
	bench_free(bench);
}
END_TEST

START_TEST(a_survey_sets_nothing)
{
	struct condition conditions[KNOB_MAX];
	struct bench *bench = bench_new();
	const struct knob_choice choice = { .profile = KNOB_PROFILE_STANDARD };
	size_t count = knob_survey(&bench->context, &choice, conditions);

	ck_assert_ptr_null(knob_table[count]);
	machine_check_untouched(&bench->machine);
	for (size_t i = 0; i < count; i++) {
		ck_assert_str_eq(conditions[i].knob, knob_table[i]->name);
		ck_assert_int_ne(conditions[i].outcome, CONDITION_APPLIED);
		ck_assert_int_ne(conditions[i].outcome, CONDITION_FAILED);
		ck_assert_str_ne(conditions[i].reason, "");
	}
	bench_free(bench);
}
END_TEST

START_TEST(outcomes_have_names)
{
	enum condition_outcome outcome;

	for (int i = 0; i < CONDITION_OUTCOMES; i++) {
		ck_assert(
			condition_outcome_parse(condition_outcome_name((enum condition_outcome)i), &outcome));
		ck_assert_int_eq((int)outcome, i);
	}
	ck_assert(!condition_outcome_parse("met", &outcome));
}
END_TEST

MACHINE_MAIN("knob", profiles_grow, a_name_outweighs_the_profile, every_host_knob_owns_what_it_plans,
	     the_governor_covers_the_bench_and_its_idle_siblings_only, a_governor_that_fits_is_left,
	     a_governor_that_is_not_offered_names_its_module, turbo_is_off_by_the_switch_that_there_is,
	     what_is_absent_is_unsupported_with_a_reason, what_cannot_be_written_is_denied,
	     what_the_profile_leaves_out_is_refused_with_the_way_in, one_cpu_has_no_housekeeping,
	     a_survey_sets_nothing, outcomes_have_names)
