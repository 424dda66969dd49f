/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot - prints every setting of this machine that can be written, one line "PATH:VALUE" for each line of
 * it, and mode and owner of it and of every folder. In C, since tests look often, and a script in Perl takes
 * a second longer in a guest.
 *
 * Usage: snapshot [IGNORE]
 * IGNORE is ignore.txt: the values of what it names are left out.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VALUE_MAX	65536
#define MSR_MISC_ENABLE 0x1a0 /* bit 38: turbo off */
#define MSR_CPUS	4     /* those with P-states (vm-run) */

/* What print_folder and print_entry, which call each other, share. */
struct snapshot {
	bool ignores;
	regex_t ignored;
	char value[VALUE_MAX];
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "snapshot: %s: %s\n", what, strerror(errno));
	exit(1);
}

static bool is_ignored(const struct snapshot *snapshot, const char *path)
{
	char *text;
	bool is;

	if (!snapshot->ignores)
		return false;
	if (asprintf(&text, "%s:", path) < 0)
		die(path);
	is = regexec(&snapshot->ignored, text, 0, NULL, 0) == 0;
	free(text);
	return is;
}

/* The bytes of one read, which is all there is of a setting; or -errno. */
static ssize_t read_value(int folder, const char *name, off_t offset, size_t size, char *value)
{
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got;

	if (file < 0)
		return -errno;
	got = offset ? pread(file, value, size, offset) : read(file, value, size);
	if (got < 0)
		got = -errno;
	close(file);
	return got;
}

static void print_unreadable(const char *path, ssize_t code)
{
	printf("%s:unreadable: %s\n", path, strerror((int)-code));
}

/* Empty lines at its end say nothing. */
static void print_setting(struct snapshot *snapshot, int folder, const char *path, const char *name)
{
	ssize_t got = read_value(folder, name, 0, VALUE_MAX, snapshot->value);
	const char *at = snapshot->value, *end;

	if (got < 0) {
		print_unreadable(path, got);
		return;
	}
	while (got > 0 && at[got - 1] == '\n')
		got--;
	end = at + got;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);

		printf("%s:", path);
		fwrite(at, 1, length, stdout);
		putchar('\n');
		at += length + 1;
	}
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* How many names the folder holds besides links, in order; the caller frees them and the list. */
static size_t list_names(DIR *folder, char ***names)
{
	const struct dirent *entry;
	size_t count = 0;

	*names = NULL;
	while ((entry = readdir(folder))) {
		if (entry->d_type == DT_LNK || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		*names = reallocarray(*names, count + 1, sizeof **names);
		if (!*names || !((*names)[count++] = strdup(entry->d_name)))
			die(entry->d_name);
	}
	if (count > 0)
		qsort(*names, count, sizeof **names, by_name);
	return count;
}

static void print_folder(struct snapshot *snapshot, int parent, const char *path, const char *name);

static void print_entry(struct snapshot *snapshot, int folder, const char *path, const char *name)
{
	struct stat found;

	if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW))
		return;
	if (!S_ISDIR(found.st_mode) && !(S_ISREG(found.st_mode) && (found.st_mode & 0222)))
		return;
	printf("%s mode %o owner %u:%u\n", path, found.st_mode, found.st_uid, found.st_gid);
	if (S_ISDIR(found.st_mode))
		print_folder(snapshot, folder, path, name);
	/* of a write-only file there is no value to read, and some act when they are opened */
	else if ((found.st_mode & 0444) && !is_ignored(snapshot, path))
		print_setting(snapshot, folder, path, name);
}

static void print_folder(struct snapshot *snapshot, int parent, const char *path, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	char **names, *below;
	size_t count;

	if (!folder)
		return;
	count = list_names(folder, &names);
	for (size_t i = 0; i < count; i++) {
		if (asprintf(&below, "%s/%s", path, names[i]) < 0)
			die(path);
		print_entry(snapshot, dirfd(folder), below, names[i]);
		free(below);
		free(names[i]);
	}
	free(names);
	closedir(folder);
}

static void print_register(int cpu)
{
	char path[64], line[64];
	unsigned char value[8];
	ssize_t got;

	snprintf(path, sizeof path, "/dev/cpu/%d/msr", cpu);
	if (access(path, F_OK))
		return;
	snprintf(line, sizeof line, "cpu%d msr %#x", cpu, MSR_MISC_ENABLE);
	got = read_value(AT_FDCWD, path, MSR_MISC_ENABLE, sizeof value, (char *)value);
	if (got < 0) {
		print_unreadable(line, got);
		return;
	}
	printf("%s:", line);
	for (ssize_t i = 0; i < got; i++)
		printf("%02x", value[i]);
	putchar('\n');
}

static void print_latency(void)
{
	int32_t value = 0;
	ssize_t got = read_value(AT_FDCWD, "/dev/cpu_dma_latency", 0, sizeof value, (char *)&value);

	if (got < 0)
		print_unreadable("cpu_dma_latency", got);
	else
		printf("cpu_dma_latency:%d\n", value);
}

/* The file's expressions as one: each is a line's first word; other lines are comments. */
static void read_ignored(const char *file, struct snapshot *snapshot)
{
	char *line = NULL, *all = NULL, *longer;
	FILE *stream = fopen(file, "re");
	size_t size = 0;

	if (!stream)
		die(file);
	while (getline(&line, &size, stream) > 0) {
		line[strcspn(line, " \t\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (asprintf(&longer, "%s%s%s", all ? all : "", all ? "|" : "", line) < 0)
			die(file);
		free(all);
		all = longer;
	}
	fclose(stream);
	free(line);
	errno = EINVAL;
	if (!all || regcomp(&snapshot->ignored, all, REG_EXTENDED | REG_NOSUB))
		die(file);
	free(all);
	snapshot->ignores = true;
}

int main(int argc, char **argv)
{
	static const char *const trees[] = { "/sys/devices/system/cpu",
					     "/sys/devices/virtual/workqueue",
					     "/sys/kernel/mm",
					     "/proc/sys",
					     "/proc/irq",
					     "/sys/fs/cgroup" };
	static struct snapshot snapshot;

	if (argc > 2)
		return 2;
	if (argc == 2)
		read_ignored(argv[1], &snapshot);
	for (size_t i = 0; i < sizeof trees / sizeof *trees; i++)
		print_folder(&snapshot, AT_FDCWD, trees[i], trees[i]);
	for (int cpu = 0; cpu < MSR_CPUS; cpu++)
		print_register(cpu);
	print_latency();
	if (snapshot.ignores)
		regfree(&snapshot.ignored);
	if (fflush(stdout) || ferror(stdout))
		die("stdout");
	return 0;
}
