/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about cli/findings: how knobs and checks make a grade, and what a person reads first. */
#include "cli/findings.h"

#include <string.h>
#include <unistd.h>
#include "machine_fixture.h"

static void collect(const struct machine *machine, const char *without, struct findings *findings)
{
	struct settings settings;
	struct sb_err err;

	settings_init(&settings);
	if (without)
		settings.choice.without |= knob_bit(knob_find(without));
	ck_assert_msg(!findings_collect(&machine->root, &settings, findings, &err), "%s", err.text);
	settings_release(&settings);
}

static enum standing standing_of(const struct findings *findings, const char *name)
{
	for (size_t i = 0; i < findings->count; i++)
		if (!strcmp(findings->list[i].condition.knob, name))
			return findings->list[i].standing;
	ck_abort_msg("no finding '%s'", name);
}

/* Two CPUs under a load of nothing, with nothing wrong about them that files tell. */
static void init_sound(struct machine *machine)
{
	static const char *const leaves[][3] = { { "thread_siblings", "1", "2" },
						 { "core_siblings", "3", "3" },
						 { "core_id", "0", "1" },
						 { "physical_package_id", "0", "0" } };
	char path[96];

	machine_init(machine);
	for (int cpu = 0; cpu < 2; cpu++)
		for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
			snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/topology/%s", cpu,
				 leaves[i][0]);
			machine_put(machine, path, leaves[i][1 + cpu]);
		}
	machine_put(machine, "sys/devices/system/cpu/online", "0-1\n");
	machine_put(machine, "sys/devices/system/cpu/cpufreq/policy0/scaling_driver", "acpi-cpufreq\n");
}

START_TEST(what_a_run_sets_makes_no_host_less_ready)
{
	struct findings findings;
	struct machine machine;

	init_sound(&machine);
	collect(&machine, NULL, &findings);
	ck_assert_int_eq(standing_of(&findings, "governor"), STANDING_RUN);
	ck_assert_int_eq(standing_of(&findings, "boost"), STANDING_RUN);
	ck_assert_int_eq(standing_of(&findings, "steal"), STANDING_ABSENT);
	ck_assert_int_eq(findings_grade(&findings), FINDINGS_READY);
	machine_release(&machine);
}
END_TEST

START_TEST(what_was_left_out_makes_no_host_less_ready_either)
{
	struct findings findings;
	struct machine machine;

	init_sound(&machine);
	collect(&machine, "governor", &findings);
	ck_assert_int_eq(standing_of(&findings, "governor"), STANDING_ASKED);
	ck_assert_int_eq(findings_grade(&findings), FINDINGS_READY);
	machine_release(&machine);
}
END_TEST

START_TEST(notes_make_a_host_fair_and_a_fault_makes_it_not_ready)
{
	struct findings findings;
	struct machine machine;

	init_sound(&machine);
	machine_put(&machine, "proc/sys/kernel/sched_schedstats", "1\n");
	collect(&machine, NULL, &findings);
	ck_assert_int_eq(standing_of(&findings, "schedstats"), STANDING_NOTE);
	ck_assert_int_eq(findings_grade(&findings), FINDINGS_FAIR);
	machine_put(&machine, "proc/loadavg", "9.00 9.00 9.00 1/1 1\n");
	collect(&machine, NULL, &findings);
	ck_assert_int_eq(standing_of(&findings, "load"), STANDING_FAULT);
	ck_assert_int_eq(findings_grade(&findings), FINDINGS_NOT_READY);
	machine_release(&machine);
}
END_TEST

START_TEST(what_this_user_may_not_set_makes_a_host_fair)
{
	struct findings findings;
	struct machine machine;

	init_sound(&machine);
	ck_assert_int_eq(fchmodat(machine.root.fd, "sys/devices/system/cpu/cpufreq/boost", 0444, 0), 0);
	collect(&machine, NULL, &findings);
	ck_assert_int_eq(standing_of(&findings, "boost"), geteuid() ? STANDING_ROOT : STANDING_LOCKED);
	ck_assert_int_eq(findings_grade(&findings), FINDINGS_FAIR);
	machine_release(&machine);
}
END_TEST

static char *print(const struct findings *findings, const struct findings_style *style)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	findings_print(findings, style, stream);
	fclose(stream);
	return text;
}

START_TEST(faults_come_first_and_the_verdict_last)
{
	const struct findings_style style = { .columns = 80 };
	struct findings findings;
	struct machine machine;
	char *text;

	init_sound(&machine);
	machine_put(&machine, "proc/loadavg", "9.00 9.00 9.00 1/1 1\n");
	machine_put(&machine, "proc/sys/kernel/sched_schedstats", "1\n");
	collect(&machine, NULL, &findings);
	text = print(&findings, &style);
	ck_assert_msg(!strncmp(text, "FAULT load: 9.00\n", 17), "%s", text);
	ck_assert(strstr(text, "note  schedstats: 1\n") > strstr(text, "FAULT load"));
	ck_assert(strstr(text, "\nset by run  ") > strstr(text, "note  schedstats"));
	ck_assert(strstr(text, "\nfine        ") > strstr(text, "\nset by run  "));
	ck_assert_msg(strstr(text, "\nnot ready: 1 fault, 1 note, ") > strstr(text, "\nnot here    "), "%s",
		      text);
	free(text);
	machine_release(&machine);
}
END_TEST

START_TEST(no_line_is_wider_than_the_terminal)
{
	const struct findings_style style = { .columns = 60, .all = true };
	struct findings findings;
	struct machine machine;
	char *text;

	init_sound(&machine);
	machine_put(&machine, "proc/loadavg", "9.00 9.00 9.00 1/1 1\n");
	collect(&machine, NULL, &findings);
	text = print(&findings, &style);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		ck_assert_msg(strcspn(line, "\n") <= 60, "%.*s", (int)strcspn(line, "\n"), line);
	free(text);
	machine_release(&machine);
}
END_TEST

START_TEST(all_tells_of_everything_in_full)
{
	const struct findings_style style = { .all = true };
	struct findings findings;
	struct machine machine;
	char *text, head[64];

	init_sound(&machine);
	collect(&machine, NULL, &findings);
	text = print(&findings, &style);
	for (size_t i = 0; i < findings.count; i++) {
		snprintf(head, sizeof head, " %s", findings.list[i].condition.knob);
		ck_assert_msg(strstr(text, head) != NULL, "no '%s' in:\n%s", head, text);
	}
	ck_assert_ptr_null(strstr(text, "\nfine  "));
	free(text);
	machine_release(&machine);
}
END_TEST

START_TEST(a_recorded_machine_cannot_speak_to_the_terminal)
{
	const struct findings_style style = { .all = true };
	struct findings findings;
	struct machine machine;
	char *text;

	init_sound(&machine);
	machine_put(&machine, "sys/firmware/acpi/platform_profile", "\033[2Jloud\n");
	collect(&machine, NULL, &findings);
	text = print(&findings, &style);
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_nonnull(strstr(text, "loud"));
	free(text);
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("cli/findings", what_a_run_sets_makes_no_host_less_ready,
	     what_was_left_out_makes_no_host_less_ready_either,
	     notes_make_a_host_fair_and_a_fault_makes_it_not_ready,
	     what_this_user_may_not_set_makes_a_host_fair, faults_come_first_and_the_verdict_last,
	     no_line_is_wider_than_the_terminal, all_tells_of_everything_in_full,
	     a_recorded_machine_cannot_speak_to_the_terminal)
