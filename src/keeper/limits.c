/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limits.c - see limits.h. */
#include "keeper/limits.h"

#include <errno.h>

/* Not the core, which is forbidden; and the kernel takes no number of files without end (fs.nr_open). */
static const struct {
	__rlimit_resource_t resource;
	rlim_t least;
} needs[LIMITS] = {
	{ RLIMIT_AS, RLIM_INFINITY },	   { RLIMIT_CPU, RLIM_INFINITY },   { RLIMIT_DATA, RLIM_INFINITY },
	{ RLIMIT_FSIZE, RLIM_INFINITY },   { RLIMIT_NOFILE, 4096 },	    { RLIMIT_NPROC, RLIM_INFINITY },
	{ RLIMIT_MEMLOCK, RLIM_INFINITY }, { RLIMIT_STACK, RLIM_INFINITY },
};

static rlim_t lesser(rlim_t a, rlim_t b)
{
	return a < b ? a : b;
}

static rlim_t greater(rlim_t a, rlim_t b)
{
	return a > b ? a : b;
}

void limits_raise(struct limits *limits)
{
	for (int i = 0; i < LIMITS; i++) {
		struct rlimit *found = &limits->found[i], wanted;

		if (getrlimit(needs[i].resource, found))
			*found = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
		wanted.rlim_cur = greater(found->rlim_cur, needs[i].least);
		wanted.rlim_max = greater(found->rlim_max, needs[i].least);
		if (!setrlimit(needs[i].resource, &wanted))
			continue;
		wanted.rlim_max = found->rlim_max;
		wanted.rlim_cur = lesser(wanted.rlim_cur, found->rlim_max);
		setrlimit(needs[i].resource, &wanted);
	}
}

int limits_put_back(const struct limits *limits)
{
	for (int i = 0; i < LIMITS; i++)
		if (setrlimit(needs[i].resource, &limits->found[i]))
			return -errno;
	return 0;
}
