/* SPDX-License-Identifier: GPL-2.0-or-later */
/* left_fixture.h - a session on a machine of files that dies without giving anything back, and its journal.
 */
#ifndef LEFT_FIXTURE_H
#define LEFT_FIXTURE_H

#include "keeper/control.h"
#include "keeper/restore.h"
#include "machine_fixture.h"

#define GOVERNOR0 CPUFREQ "/policy0/scaling_governor"
#define GOVERNOR1 CPUFREQ "/policy1/scaling_governor"
#define SETSPEED  CPUFREQ "/policy1/scaling_setspeed"
#define MAX_FREQ0 CPUFREQ "/policy0/scaling_max_freq"
#define MAX_FREQ1 CPUFREQ "/policy1/scaling_max_freq"
#define HEADER	  (16 + sizeof(struct journal_owner) + 8) /* as in journal.c */
#define INTENTS	  6					  /* two governors, a speed, boost and two maxima */
#define BOOST	  CPUFREQ "/boost"

/* The session's whole effect: bench on CPU 1 with CPU 0 as its sibling, so that both policies are set. */
static inline void hold_host(const struct machine *machine, struct control *control,
			     struct condition *conditions)
{
	struct keeper_hold hold = { .choice = { .profile = KNOB_PROFILE_STANDARD } };

	CPU_SET(1, &hold.topology.bench);
	CPU_SET(0, &hold.topology.siblings);
	CPU_SET(0, &hold.topology.allowed);
	CPU_SET(1, &hold.topology.allowed);
	control_init(control, &machine->root);
	control_apply(control, &hold, 0, machine->run, conditions);
	ck_assert_int_ge(control->journal.fd, 0);
}

/* Dies without giving anything back, like a process that was killed. */
static inline void die(struct control *control)
{
	journal_close(&control->journal);
	changes_end(&control->changes);
	if (control->context.latency_fd >= 0)
		close(control->context.latency_fd);
	free(control->entries);
}

static inline void hold_and_die(const struct machine *machine)
{
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct control control;

	hold_host(machine, &control, conditions);
	die(&control);
}

static inline int leftover(const struct machine *machine, bool force, struct keeper_restored *restored)
{
	memset(restored, 0, sizeof *restored);
	return restore_leftover(&machine->root, machine->run, force, false, restored, NULL);
}

static inline bool has_journal(const struct machine *machine)
{
	return !faccessat(machine->run, JOURNAL_NAME, F_OK, 0);
}

static inline size_t copy_journal(const struct machine *machine, char *bytes, size_t size)
{
	int fd = openat(machine->run, JOURNAL_NAME, O_RDONLY);
	ssize_t got = read(fd, bytes, size);

	close(fd);
	ck_assert_int_gt(got, 0);
	return (size_t)got;
}

static inline void put_journal(const struct machine *machine, const char *bytes, size_t size)
{
	int fd = openat(machine->run, JOURNAL_NAME, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_eq(write(fd, bytes, size), (int)size);
	close(fd);
}

#endif
