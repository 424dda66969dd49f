/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench_who.c - a benchmark that says, as the reason of a skip, who it is and what it was given. */
#include <dirent.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stablebench.h"

extern char **environ;

/* "real/effective/saved" of user and group, then the other groups. */
SB_BENCH(ids)
{
	uid_t uids[3];
	gid_t gids[3], groups[16];
	char text[256];
	int count, used;

	if (getresuid(&uids[0], &uids[1], &uids[2]) || getresgid(&gids[0], &gids[1], &gids[2]))
		return;
	count = getgroups(16, groups);
	used = snprintf(text, sizeof text, "uid %u/%u/%u gid %u/%u/%u groups", uids[0], uids[1], uids[2],
			gids[0], gids[1], gids[2]);
	for (int i = 0; i < count && used < (int)sizeof text; i++)
		used += snprintf(text + used, sizeof text - (size_t)used, " %u", groups[i]);
	sb_skip(b, text);
}

/* What of the status file tells powers. */
SB_BENCH(powers)
{
	char line[128], text[256] = "";
	FILE *status = fopen("/proc/self/status", "r");

	while (status && fgets(line, sizeof line, status))
		if (!strncmp(line, "CapPrm:", 7) || !strncmp(line, "CapEff:", 7) ||
		    !strncmp(line, "NoNewPrivs:", 11))
			strncat(text, line, sizeof text - strlen(text) - 1);
	if (status)
		fclose(status);
	for (char *at = text; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	sb_skip(b, text);
}

SB_BENCH(environment)
{
	char text[256] = "";

	for (char **entry = environ; *entry; entry++) {
		size_t used = strlen(text);

		/* the padding differs between launches, and is long */
		if (strncmp(*entry, "STABLEBENCH_PADDING=", 20) != 0)
			snprintf(text + used, sizeof text - used, "%s;", *entry);
	}
	sb_skip(b, text);
}

/* Open descriptors, that of the folder itself left out. */
SB_BENCH(descriptors)
{
	DIR *folder = opendir("/proc/self/fd");
	char text[256] = "fds";
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		size_t used = strlen(text);

		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(folder))
			snprintf(text + used, sizeof text - used, " %d", atoi(entry->d_name));
	}
	if (folder)
		closedir(folder);
	sb_skip(b, text);
}

SB_BENCH(cpus)
{
	char text[256] = "cpus";
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		size_t used = strlen(text);

		if (CPU_ISSET(cpu, &set))
			snprintf(text + used, sizeof text - used, " %d", cpu);
	}
	sb_skip(b, text);
}

/* Those that a shell sets most, the soft ones: of files open at once, and of a file's bytes. */
SB_BENCH(limits)
{
	struct rlimit files, size;
	char text[64];

	if (getrlimit(RLIMIT_NOFILE, &files) || getrlimit(RLIMIT_FSIZE, &size))
		return;
	snprintf(text, sizeof text, "files %llu size %llu", (unsigned long long)files.rlim_cur,
		 (unsigned long long)size.rlim_cur);
	sb_skip(b, text);
}

/* What the kernel was asked to do with this process. */
SB_BENCH(task)
{
	char line[128], text[256], address[32] = "?";
	FILE *status = fopen("/proc/self/status", "r");
	int huge = -1, mode = -1, value;

	while (status && fgets(line, sizeof line, status))
		if (sscanf(line, "THP_enabled: %d", &value) == 1)
			huge = value;
	if (status)
		fclose(status);
	snprintf(address, sizeof address, "%p", (void *)&line);
	syscall(SYS_get_mempolicy, &mode, NULL, 0ul, NULL, 0ul);
	snprintf(text, sizeof text, "policy %d persona %x huge %d memory %d padding %zu stack %s",
		 sched_getscheduler(0), (unsigned)personality(0xffffffff), huge, mode,
		 strlen(getenv("STABLEBENCH_PADDING") ? getenv("STABLEBENCH_PADDING") : ""), address);
	sb_skip(b, text);
}

/* One that is measured, so that there is a result. */
SB_BENCH(measured)
{
	SB_LOOP(b)
		sb_record_ns(b, 1000);
}
