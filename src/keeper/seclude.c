/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seclude.c - see seclude.h. */
#include "keeper/seclude.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const unsigned long refused[] = { TIOCSTI, TIOCLINUX };

/* The ways into one kernel: programs of the narrower ones go on working, under the same rules. */
static const struct {
	uint32_t native, others[2];
} ways[] = {
	{ SCMP_ARCH_X86_64, { SCMP_ARCH_X86, SCMP_ARCH_X32 } },
	{ SCMP_ARCH_AARCH64, { SCMP_ARCH_ARM } },
	{ SCMP_ARCH_S390X, { SCMP_ARCH_S390 } },
	{ SCMP_ARCH_PPC64, { SCMP_ARCH_PPC } },
	{ SCMP_ARCH_MIPS64, { SCMP_ARCH_MIPS, SCMP_ARCH_MIPS64N32 } },
	{ SCMP_ARCH_MIPSEL64, { SCMP_ARCH_MIPSEL, SCMP_ARCH_MIPSEL64N32 } },
};

static int add_ways(scmp_filter_ctx filter)
{
	const uint32_t native = seccomp_arch_native();
	int code = 0;

	for (size_t i = 0; i < COUNT(ways); i++)
		for (size_t k = 0; ways[i].native == native && k < COUNT(ways[i].others) && !code; k++)
			if (ways[i].others[k])
				code = seccomp_arch_add(filter, ways[i].others[k]);
	return code;
}

/* The kernel looks at the low half of the request only. */
static int add_rules(scmp_filter_ctx filter)
{
	int code = 0;

	for (size_t i = 0; i < COUNT(refused) && !code; i++)
		code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
					SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, refused[i]));
	return code;
}

static int forbid_typing(void)
{
	const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int code;

	if (!filter)
		return -ENOMEM;
	code = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!code)
		code = add_ways(filter);
	if (!code)
		code = add_rules(filter);
	if (!code)
		code = seccomp_load(filter);
	seccomp_release(filter);
	return code;
}

bool seclude_is_needed(const struct identity *identity)
{
	return identity->privileged && identity->bench_uid != 0;
}

int seclude_command(const char **step)
{
	*step = "close_range";
	if (close_range(STDERR_FILENO + 1, ~0u, 0))
		return -errno;
	*step = "seccomp";
	return forbid_typing();
}
