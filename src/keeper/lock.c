/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock.c - the run folder, the lock and the holder's note; see lock.h. */
#include "keeper/lock.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "keeper/keeper.h"
#include "keeper/process.h"

#define SOON_TURNS 500 /* ten seconds */

static const char *const own_names[] = { "lock", "holder", "holder.new", "journal", "journal.new" };

/* A container may have no writable /run; it is then not the host's either. */
static bool can_have_run_dir(void)
{
	return !access(KEEPER_RUN_DIR, W_OK) || (errno == ENOENT && !access("/run", W_OK));
}

void lock_default_path(bool privileged, char *path, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct stat status;

	if (privileged && can_have_run_dir())
		snprintf(path, size, "%s", KEEPER_RUN_DIR);
	else if (runtime && runtime[0] == '/' && !stat(runtime, &status) && status.st_uid == geteuid())
		snprintf(path, size, "%s/stablebench", runtime);
	else
		snprintf(path, size, "/tmp/stablebench-%u", (unsigned)geteuid());
}

/* --- the folder --------------------------------------------------------------------------------------- */

static bool is_own_name(const char *name)
{
	for (size_t i = 0; i < sizeof own_names / sizeof own_names[0]; i++)
		if (!strcmp(name, own_names[i]))
			return true;
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* A folder such as /etc/cron.d is root's alone too, but is read by somebody who would obey our files. */
static int check_content(const struct lock *lock, struct sb_err *err)
{
	int fd = openat(lock->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int code = 0;

	if (!folder) {
		code = -errno;
		if (fd >= 0)
			close(fd);
		return err_set(err, code, "cannot read the run folder '%s': %s", lock->path,
			       err_reason(code));
	}
	while (!code && (entry = readdir(folder)))
		if (!is_own_name(entry->d_name))
			code = err_set(err, -ENOTEMPTY,
				       "the run folder '%s' holds '%s', which is not stablebench's; give "
				       "--run-dir a "
				       "folder of its own",
				       lock->path, entry->d_name);
	closedir(folder);
	return code;
}

static int check_folder(const struct lock *lock, struct sb_err *err)
{
	struct stat status;

	if (fstat(lock->dir, &status))
		return err_set(err, -errno, "cannot examine the run folder '%s': %s", lock->path,
			       err_reason(errno));
	if (status.st_uid != geteuid())
		return err_set(
			err, -EPERM,
			"the run folder '%s' belongs to user %u; remove it, or choose another with --run-dir",
			lock->path, (unsigned)status.st_uid);
	if (status.st_mode & 022)
		return err_set(err, -EPERM,
			       "the run folder '%s' is writable by others; chmod go-w it, or choose another "
			       "with --run-dir",
			       lock->path);
	return check_content(lock, err);
}

static int set_path(struct lock *lock, const struct identity *identity, const char *run_dir,
		    struct sb_err *err)
{
	size_t length;

	if (run_dir && (!*run_dir || strlen(run_dir) >= sizeof lock->path))
		return err_set(err, -EINVAL, "the run folder '%.64s' is no usable path", run_dir);
	if (run_dir)
		snprintf(lock->path, sizeof lock->path, "%s", run_dir);
	else
		lock_default_path(identity->privileged, lock->path, sizeof lock->path);
	/* a trailing slash would make O_NOFOLLOW follow */
	for (length = strlen(lock->path); length > 1 && lock->path[length - 1] == '/'; length--)
		lock->path[length - 1] = '\0';
	lock->looks_at_system = !run_dir && !identity->privileged;
	return 0;
}

/* A rule of sudo for this program alone is no leave to make root's folders anywhere. */
static bool is_lent(const struct identity *identity)
{
	return identity->privileged && identity->front_uid != 0;
}

static bool is_below_run(const char *path)
{
	const char *name = path + strlen("/run/");

	return strncmp(path, "/run/", strlen("/run/")) == 0 && !strchr(name, '/') && name[0] != '.';
}

static int make_folder(const struct lock *lock, const struct identity *identity, mode_t mode, bool *is_new,
		       struct sb_err *err)
{
	int code;

	if (is_lent(identity) && !is_below_run(lock->path))
		return 0; /* one that is there will do */
	*is_new = !mkdir(lock->path, mode);
	if (*is_new || errno == EEXIST)
		return 0;
	code = -errno;
	return err_set(err, code, "cannot make the run folder '%s': %s; choose another with --run-dir",
		       lock->path, err_reason(code));
}

static int open_folder(struct lock *lock, struct sb_err *err)
{
	int code;

	lock->dir = open(lock->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (lock->dir >= 0)
		return 0;
	code = -errno;
	return err_set(err, code, "cannot open the run folder '%s': %s", lock->path,
		       code == -ELOOP || code == -ENOTDIR ? "it is a link or no folder" : err_reason(code));
}

int lock_open(struct lock *lock, const struct identity *identity, const char *run_dir, bool create,
	      struct sb_err *err)
{
	const mode_t mode = identity->privileged ? 0755 : 0700;
	bool is_new = false;
	int code;

	*lock = (struct lock){ .dir = -1, .file = -1 };
	code = set_path(lock, identity, run_dir, err);
	if (!code && create)
		code = make_folder(lock, identity, mode, &is_new, err);
	if (!code)
		code = open_folder(lock, err);
	if (!code)
		code = check_folder(lock, err);
	/* mkdir obeys the umask, and others must be able to read `holder`; only now is it known to be ours */
	if (!code && is_new && fchmod(lock->dir, mode))
		code = err_set(err, -errno, "cannot set the mode of '%s': %s", lock->path, err_reason(errno));
	if (code)
		lock_release(lock);
	return code;
}

/* --- the note ----------------------------------------------------------------------------------------- */

/* The lines of `holder`: a word, a blank, a value. */
static const struct {
	const char *word;
	size_t offset, size; /* of a text */
} lines[] = {
	{ "user", offsetof(struct keeper_note, user), sizeof((struct keeper_note *)0)->user },
	{ "since", offsetof(struct keeper_note, since), sizeof((struct keeper_note *)0)->since },
	{ "purpose", offsetof(struct keeper_note, purpose), sizeof((struct keeper_note *)0)->purpose },
	{ "knobs", offsetof(struct keeper_note, knobs), sizeof((struct keeper_note *)0)->knobs },
	{ "changed", offsetof(struct keeper_note, changed), sizeof((struct keeper_note *)0)->changed },
	{ "guard", offsetof(struct keeper_note, guard), sizeof((struct keeper_note *)0)->guard },
	{ "unguarded", offsetof(struct keeper_note, unguarded), sizeof((struct keeper_note *)0)->unguarded },
};

static void take_line(const char *word, const char *value, struct keeper_note *note, uint64_t *start)
{
	if (!strcmp(word, "pid"))
		note->front = atoi(value);
	else if (!strcmp(word, "keeper"))
		note->keeper = atoi(value);
	else if (!strcmp(word, "start"))
		*start = strtoull(value, NULL, 10);
	else if (!strcmp(word, "lingering"))
		note->is_lingering = true;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (!strcmp(word, lines[i].word))
			snprintf((char *)note + lines[i].offset, lines[i].size, "%s", value);
}

static void parse_note(char *text, struct keeper_note *note, uint64_t *start)
{
	char *rest = text;

	for (char *line; (line = strsep(&rest, "\n"));) {
		char *value = strchr(line, ' ');

		if (value)
			*value++ = '\0';
		take_line(line, value ? value : "", note, start);
	}
}

/* What others can write tells nothing about who holds the host: the note is root's, or of whoever owns the
 * folder. */
static bool is_owners(int dir, int file)
{
	struct stat folder, status;

	return !fstat(dir, &folder) && !(folder.st_mode & 022) && !fstat(file, &status) &&
	       S_ISREG(status.st_mode) && !(status.st_mode & 022) &&
	       (status.st_uid == 0 || status.st_uid == folder.st_uid);
}

static int open_note(const char *path)
{
	const int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;

	if (dir < 0)
		return -1;
	fd = openat(dir, "holder", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && !is_owners(dir, fd)) {
		close(fd);
		fd = -1;
	}
	close(dir);
	return fd;
}

void lock_look(const char *path, struct keeper_note *note)
{
	char text[2048];
	uint64_t start = 0;
	ssize_t got;
	int fd;

	memset(note, 0, sizeof *note);
	fd = open_note(path);
	if (fd < 0)
		return;
	got = read(fd, text, sizeof text - 1);
	close(fd);
	if (got <= 0)
		return;
	text[got] = '\0';
	parse_note(text, note, &start);
	note->is_held = process_is_alive(note->keeper, start);
}

bool lock_holder(const char *path, char *text, size_t size)
{
	struct keeper_note note;

	lock_look(path, &note);
	if (note.is_held)
		snprintf(text, size, "%s (pid %d, since %s): %s", note.user,
			 note.is_lingering ? note.keeper : note.front, note.since, note.purpose);
	return note.is_held;
}

static int write_note(const struct lock *lock, const char *text)
{
	int fd, code = 0;

	unlinkat(lock->dir, "holder.new", 0);
	fd = openat(lock->dir, "holder.new", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (fchmod(fd, 0644) || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		code = errno ? -errno : -EIO;
	close(fd);
	if (!code && renameat(lock->dir, "holder.new", lock->dir, "holder"))
		code = -errno;
	return code;
}

int lock_announce_more(const struct lock *lock, const char *line, struct sb_err *err)
{
	int fd = openat(lock->dir, "holder", O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC), code = 0;

	if (fd < 0 || dprintf(fd, "%s\n", line) < 0)
		code = err_set(err, errno ? -errno : -EIO, "cannot write '%s/holder': %s", lock->path,
			       err_reason(errno));
	if (fd >= 0)
		close(fd);
	return code;
}

bool lock_end_lingering(const struct lock *lock)
{
	struct keeper_note note;

	lock_look(lock->path, &note);
	return note.is_held && note.is_lingering && !kill(note.keeper, SIGTERM);
}

int lock_announce(const struct lock *lock, const char *user, pid_t pid, const char *purpose,
		  struct sb_err *err)
{
	char text[512], since[32];
	time_t now = time(NULL);
	uint64_t start = 0;
	struct tm utc;
	int code;

	process_start_time(getpid(), &start);
	strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&now, &utc));
	snprintf(text, sizeof text, "pid %d\nkeeper %d\nstart %llu\nuser %s\nsince %s\npurpose %s\n",
		 (int)pid, (int)getpid(), (unsigned long long)start, user, since, purpose);
	code = write_note(lock, text);
	return code ? err_set(err, code, "cannot write '%s/holder': %s", lock->path, err_reason(code)) : 0;
}

/* --- the lock ----------------------------------------------------------------------------------------- */

static int busy(const char *path, struct sb_err *err)
{
	struct keeper_note note;
	char text[320];

	lock_look(path, &note);
	if (!lock_holder(path, text, sizeof text))
		snprintf(text, sizeof text, "another stablebench");
	return err_set(err, -EBUSY, "the host is held by %s; %s", text,
		       note.is_lingering ? "'stablebench restore' lets it go" : "wait for it with --wait");
}

static int open_lock_file(const struct lock *lock, struct sb_err *err)
{
	int fd = openat(lock->dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat status;
	int code;

	if (fd < 0) {
		code = -errno;
		return err_set(err, code, "cannot open '%s/lock': %s", lock->path, err_reason(code));
	}
	if (fstat(fd, &status) || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
	    status.st_nlink != 1) {
		close(fd);
		return err_set(err, -EPERM, "'%s/lock' is no plain file of our own; remove it", lock->path);
	}
	return fd;
}

/* Who only looks for left-overs holds it for a moment, and so does who was killed: the kernel takes its time
 * to end a keeper that watches. Not worth a refusal. */
static bool is_soon_free(const char *path)
{
	struct keeper_note note;

	lock_look(path, &note);
	return !note.is_held || !strcmp(note.purpose, LOCK_RESTORING) || process_is_ending(note.keeper);
}

static int lock_patiently(const struct lock *lock)
{
	const struct timespec pause = { .tv_nsec = 20000000 };

	for (int turn = 0; flock(lock->file, LOCK_EX | LOCK_NB); turn++) {
		if (errno != EWOULDBLOCK || turn == SOON_TURNS || !is_soon_free(lock->path))
			return -errno;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static int lock_blocking(const struct lock *lock)
{
	return flock(lock->file, LOCK_EX) ? -errno : 0;
}

static int lock_by(struct lock *lock, int (*get)(const struct lock *lock), struct sb_err *err)
{
	int code;

	lock->file = open_lock_file(lock, err);
	if (lock->file < 0)
		return lock->file;
	code = get(lock);
	if (!code)
		return 0;
	close(lock->file);
	lock->file = -1;
	if (code == -EWOULDBLOCK)
		return busy(lock->path, err);
	return err_set(err, code, "cannot lock '%s/lock': %s", lock->path, err_reason(code));
}

int lock_take(struct lock *lock, struct sb_err *err)
{
	char text[320];

	if (lock->looks_at_system && lock_holder(KEEPER_RUN_DIR, text, sizeof text))
		return busy(KEEPER_RUN_DIR, err);
	return lock_by(lock, lock_patiently, err);
}

int lock_await(struct lock *lock, struct sb_err *err)
{
	return lock_by(lock, lock_blocking, err);
}

void lock_release(struct lock *lock)
{
	if (lock->file >= 0) {
		unlinkat(lock->dir, "holder", 0);
		close(lock->file);
	}
	if (lock->dir >= 0)
		close(lock->dir);
	lock->file = lock->dir = -1;
}
