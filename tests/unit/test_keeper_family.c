/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about a benchmark's own processes: what they take from it is no theft, and who takes from them is a
 * thief. */
#include "thief_fixture.h"

#define SHORT_LIVES 1200	 /* more processes than the programs in the kernel follow at a time */
#define LIFE_NS	    60000000000u /* longer than a launch may last, should nobody end it */
#define OWN_LEAST   5

/* A child that spins, or a daemon that does: a grandchild in a session of its own, whose parent is gone. */
static void bear(bool is_daemon, uint64_t ns)
{
	const pid_t child = fork();

	if (child == 0 && (!is_daemon || (setsid() > 0 && fork() == 0)))
		spin_ns(ns);
	if (child == 0)
		_exit(0);
	if (is_daemon)
		waitpid(child, NULL, 0);
}

static void bear_briefly(void)
{
	const pid_t child = vfork(); /* fork(2) takes a slow machine twenty times as long */

	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
}

/* Says what its family is called, how often it gave the CPU to it, how often it lost the CPU at all, and how
 * often others took it. Around it, so that no loss has an unknown reason. */
static int bench_family(struct sb_wire_request *request)
{
	const struct sb_wire_theft_slot *slot = slots(request) + sched_getcpu();
	char name[16];

	for (int i = 0; i < SHORT_LIVES; i++)
		bear_briefly();
	snprintf(name, sizeof name, "kin-%d", (int)getpid());
	prctl(PR_SET_NAME, name);
	printf("go ");
	fflush(stdout);
	const struct sb_wire_theft_slot before = *slot;
	struct rusage first, last;

	getrusage(RUSAGE_THREAD, &first);
	bear(false, BENCH_NS / 3);
	bear(true, LIFE_NS);
	do
		spin_beside_thief(request);
	while (slot->own_switches - before.own_switches < OWN_LEAST);
	getrusage(RUSAGE_THREAD, &last);
	const struct sb_wire_theft_slot after = *slot;
	printf("%s %llu %ld %llu", name, (unsigned long long)(after.own_switches - before.own_switches),
	       last.ru_nivcsw - first.ru_nivcsw,
	       (unsigned long long)(after.count[SB_WIRE_THEFT_TASK] - before.count[SB_WIRE_THEFT_TASK]));
	return 0;
}

static const struct fixture_bench benches[] = {
	{ "family", bench_family },
};

/* Whoever of the family has the CPU when the thief comes, it is the family that is robbed. */
START_TEST(what_descendants_take_is_no_theft_and_who_takes_from_them_is_a_thief)
{
	unsigned long long own, tasks;
	struct keeper_ended ended;
	struct keeper_thief row;
	struct truth truth;
	char name[16];
	long lost;

	if (unit_is_under_valgrind()) {
		puts("what_descendants_take: skipped: under valgrind a thousand processes take minutes");
		return;
	}
	hold(true);
	truth = launch_robbed("family", &ended);
	ck_assert_int_eq(sscanf(fixture.text, "%15s %llu %ld %llu", name, &own, &lost, &tasks), 4);
	row = found(&ended.thieves, thief_name(getpid()));
	printf("family: lost the CPU %ld times, to each other %llu times, to others %llu times; the thief "
	       "came %llu times, found %llu\n",
	       lost, own, tasks, (unsigned long long)truth.count, (unsigned long long)row.count);
	fflush(stdout);
	ck_assert_uint_eq(found(&ended.thieves, name).count, 0);
	ck_assert_uint_ge(own, OWN_LEAST);
	ck_assert_uint_le((uint64_t)lost, own + tasks);
	ck_assert(within(row.count, truth.count, 0.01));
	fixture_release(&fixture);
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		what_descendants_take_is_no_theft_and_who_takes_from_them_is_a_thief,
	};
	return thief_main(argc, argv, benches, sizeof benches / sizeof benches[0], "keeper family", tests,
			  sizeof tests / sizeof tests[0]);
}
