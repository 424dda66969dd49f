/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about report/thieves: who took the CPU, when, and what would stop it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_fixture.h"

static void add_thieves(struct record *record, const struct record_thief *thieves, size_t count)
{
	struct record_case *c = add_ok(record, "suite/one", 1e-6);

	for (size_t i = 0; i < count; i++)
		record_case_add_thief(c, &thieves[i]);
}

START_TEST(thieves_of_all_cases_are_one_table_with_most_time_first)
{
	const struct record_thief thieves[] = {
		{ RECORD_THIEF_SOFTIRQ, (char *)"TIMER", 40, 1e-3, (char *)"timer-migration", NULL },
		{ RECORD_THIEF_TASK, (char *)"kworker/1:1", 2, 2e-3, (char *)"vmstat", NULL },
		{ RECORD_THIEF_TIMER, (char *)"local_timer", 7, 1e-6, NULL, (char *)"nohz_full= at boot" },
		{ RECORD_THIEF_TASK, (char *)"of old", 1, 1e-7, NULL, NULL },
	};
	struct record record;
	char *text;

	record_init(&record);
	for (size_t i = 0; i < 2; i++)
		add_thieves(&record, thieves, 4);
	text = render(&record, "text", 80);
	ck_assert_ptr_nonnull(strstr(text,
				     "\nwho took the CPU while launches ran, set-up and warm-up included:\n"
				     "  kind       name              times      time  what would stop it\n"
				     "  task       kworker/1:1           4      4 ms  vmstat\n"
				     "  softirq    TIMER                80      2 ms  timer-migration\n"
				     "  timer      local_timer          14      2 us  nohz_full= at boot\n"
				     "  task       of old                2    200 ns  -\n"
				     "  of these within samples: tasks 0, softirqs 0, timers 0\n"));
	ck_assert_ptr_null(strstr(text, "less exact"));
	free(text);
	record_release(&record);
}
END_TEST

START_TEST(what_thieves_took_within_samples_is_told_by_kind)
{
	const struct record_thief thief = { RECORD_THIEF_INTERRUPT, (char *)"irq_work", 7, 7e-6, NULL, NULL };
	struct record_sample *samples;
	struct record record;
	char *text;

	record_init(&record);
	for (size_t i = 0; i < 2; i++) {
		add_thieves(&record, &thief, 1);
		samples = record.cases[i].launches[0].samples;
		samples[0].set_aside = true;
		samples[0].thefts[SB_WIRE_THEFT_TASK] = 2;
		samples[0].kind_s[SB_WIRE_THEFT_TASK] = 3e-3;
		samples[1].thefts[SB_WIRE_THEFT_TASK] = 1;
		samples[1].kind_s[SB_WIRE_THEFT_TASK] = 1e-3;
		samples[1].thefts[SB_WIRE_THEFT_TIMER] = 1;
		samples[1].kind_s[SB_WIRE_THEFT_TIMER] = 2e-6;
	}
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(
		strstr(text, "\n  of these within samples: tasks 6 (8 ms), interrupts 0, timers 2 (4 us)\n"));
	free(text);
	record_release(&record);
}
END_TEST

/* What is left to do against each, under that outcome of its knob. */
START_TEST(what_would_stop_a_thief_says_what_became_of_it)
{
	static const struct {
		enum condition_outcome outcome;
		const char *wanted;
	} rows[] = {
		{ CONDITION_APPLIED, "  soft-watchdog (in effect)\n" },
		{ CONDITION_ALREADY, "  soft-watchdog (in effect)\n" },
		{ CONDITION_UNSUPPORTED, "  soft-watchdog (not to be had)\n" },
		{ CONDITION_DENIED, "  soft-watchdog (denied)\n" },
		{ CONDITION_FAILED, "  soft-watchdog (failed)\n" },
		{ CONDITION_REFUSED, "  soft-watchdog\n" },
	};
	const struct record_thief thief = {
		RECORD_THIEF_TASK, (char *)"watchdog/1", 1, 1e-3, (char *)"soft-watchdog", NULL
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct condition condition = { .knob = "soft-watchdog", .outcome = rows[i].outcome };
		struct record record;
		char *text;

		record_init(&record);
		add_thieves(&record, &thief, 1);
		record_add_condition(&record, &condition);
		text = render(&record, "text", 80);
		ck_assert_ptr_nonnull(strstr(text, rows[i].wanted));
		free(text);
		record_release(&record);
	}
}
END_TEST

START_TEST(what_was_done_at_boot_for_the_bench_is_in_effect)
{
	static const struct {
		const char *fact, *cpus, *rcu, *tick;
	} rows[] = {
		{ "rcu_nocbs_cpus", "1-3", "rcu_nocbs= at boot (in effect)\n", "nohz_full= at boot\n" },
		{ "nohz_full_cpus", "2-3", "rcu_nocbs= at boot (in effect)\n",
		  "nohz_full= at boot (in effect)\n" },
		{ "nohz_full_cpus", "3", "rcu_nocbs= at boot\n", "nohz_full= at boot\n" },
		{ "nohz_full_cpus", "none", "rcu_nocbs= at boot\n", "nohz_full= at boot\n" },
		{ "isolated_cpus", "2-3", "rcu_nocbs= at boot\n", "nohz_full= at boot\n" },
	};
	const struct record_thief thieves[] = {
		{ RECORD_THIEF_SOFTIRQ, (char *)"RCU", 1, 2e-3, NULL, (char *)"rcu_nocbs= at boot" },
		{ RECORD_THIEF_TIMER, (char *)"local_timer", 1, 1e-3, NULL, (char *)"nohz_full= at boot" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct record record;
		char *text;

		record_init(&record);
		record.bench_cpus = strdup("2-3");
		add_thieves(&record, thieves, 2);
		record_add_fact(&record, rows[i].fact, rows[i].cpus);
		text = render(&record, "text", 80);
		ck_assert_ptr_nonnull(strstr(text, rows[i].rcu));
		ck_assert_ptr_nonnull(strstr(text, rows[i].tick));
		free(text);
		record_release(&record);
	}
}
END_TEST

START_TEST(thieves_that_were_only_counted_say_why)
{
	const struct record_thief thieves[] = {
		{ RECORD_THIEF_INTERRUPT, (char *)"virtio1-req.0", 7, NAN, (char *)"irq-affinity", NULL },
		{ RECORD_THIEF_TASK, (char *)"unknown tasks", 9, NAN, (char *)"partition", NULL },
	};
	const struct condition condition = { .knob = "thieves",
					     .outcome = CONDITION_DENIED,
					     .reason =
						     "needs root; it is counted from /proc, without times" };
	struct record record;
	char *text;

	record_init(&record);
	add_thieves(&record, thieves, 2);
	record.cases[0].launches[0].samples[0].thefts[SB_WIRE_THEFT_TASK] = 1; /* not believed */
	record_add_condition(&record, &condition);
	text = render(&record, "text", 60);
	ck_assert_ptr_nonnull(strstr(text, "  task       unknown tasks         9         -  partition\n"
					   "  interrupt  virtio1-req.0         7         -  irq-affinity\n"
					   "  less exact: needs root; it is counted from /proc, without\n"
					   "    times\n"));
	ck_assert_ptr_null(strstr(text, "within samples"));
	free(text);
	record.condition_count = 0;
	text = render(&record, "text", 0);
	ck_assert_ptr_nonnull(strstr(text, "  less exact: it is counted, without times and tasks' names\n"));
	free(text);
	record_release(&record);
}
END_TEST

UNIT_MAIN("report thieves", thieves_of_all_cases_are_one_table_with_most_time_first,
	  what_thieves_took_within_samples_is_told_by_kind, what_would_stop_a_thief_says_what_became_of_it,
	  what_was_done_at_boot_for_the_bench_is_in_effect, thieves_that_were_only_counted_say_why)
