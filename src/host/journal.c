/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal.c - the write-ahead file; see journal.h. */
#include "host/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "base/alloc.h"

#define MAGIC	  "SBJRNL1"
#define NEW_NAME  JOURNAL_NAME ".new"
#define VERSION	  2u
#define BYTES_MAX (64 << 20) /* far beyond what KNOB_SETTINGS_MAX settings need */

struct header {
	char magic[8];
	uint32_t version, size;
	struct journal_owner owner;
	uint32_t intents, crc; /* that were acted upon, 0: none yet; of all before it */
};

struct body {
	uint32_t type, sequence;
	char knob[CONDITION_KNOB];
	char path[KNOB_PATH];
	char identity[KNOB_IDENTITY];
	char before[KNOB_VALUE];
	char value[KNOB_VALUE]; /* target or observed */
};

struct record {
	uint32_t length, crc; /* of the body */
	struct body body;
};

static uint32_t checksum(const void *bytes, size_t size)
{
	return (uint32_t)crc32(crc32(0, NULL, 0), bytes, (uInt)size);
}

void journal_identify(const struct path_root *root, struct journal_owner *owner)
{
	memset(owner, 0, sizeof *owner);
	if (path_read(root, "proc/sys/kernel/random/boot_id", owner->boot_id, sizeof owner->boot_id, NULL) <
	    0)
		owner->boot_id[0] = '\0';
	if (path_read(root, "proc/sys/kernel/osrelease", owner->release, sizeof owner->release, NULL) < 0)
		owner->release[0] = '\0';
}

bool journal_is_companion(const struct journal_entry *entry)
{
	return !entry->setting.target[0];
}

/* --- writing ------------------------------------------------------------------------------------------ */

static int write_all(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t put = write(fd, at, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put < 0 ? -errno : -EIO;
		at += put;
		size -= (size_t)put;
	}
	return 0;
}

static int fail(struct sb_err *err, const char *what, int code)
{
	return err_set(err, code, "cannot %s the journal: %s", what, err_reason(code));
}

static int write_header(int dir, int fd, const struct journal_owner *owner, uint32_t *head)
{
	struct header header;
	int code;

	memset(&header, 0, sizeof header);
	memcpy(header.magic, MAGIC, sizeof header.magic);
	header.version = VERSION;
	header.size = sizeof header;
	header.owner = *owner;
	*head = checksum(&header, offsetof(struct header, intents));
	header.crc = checksum(&header, offsetof(struct header, crc));
	code = write_all(fd, &header, sizeof header);
	if (!code && (fdatasync(fd) || renameat(dir, NEW_NAME, dir, JOURNAL_NAME) || fsync(dir)))
		code = -errno;
	return code;
}

int journal_create(int dir, const struct journal_owner *owner, struct journal *journal, struct sb_err *err)
{
	int fd, code;

	if (!faccessat(dir, JOURNAL_NAME, F_OK, AT_SYMLINK_NOFOLLOW))
		return fail(err, "make", -EEXIST);
	unlinkat(dir, NEW_NAME, 0);
	fd = openat(dir, NEW_NAME, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(err, "make", -errno);
	code = write_header(dir, fd, owner, &journal->head);
	if (!code) {
		journal->fd = fd;
		return 0;
	}
	close(fd);
	unlinkat(dir, NEW_NAME, 0);
	return fail(err, "write", code);
}

/* A part of a record, left by a full disk, would put all that follow where nobody looks for them. */
static void cut_part(int fd)
{
	struct stat status;

	if (!fstat(fd, &status) && status.st_size > (off_t)sizeof(struct header))
		/* where it fails, the part is noticed as damage */
		(void)!ftruncate(fd, status.st_size - (status.st_size - (off_t)sizeof(struct header)) %
							      (off_t)sizeof(struct record));
}

static void pass_boundary(const struct journal *journal)
{
	if (journal->at_boundary)
		journal->at_boundary(journal->context);
}

int journal_append(const struct journal *journal, enum journal_type type, size_t sequence,
		   const struct journal_entry *entry, struct sb_err *err)
{
	struct record record;
	int code;

	if (journal->fd < 0)
		return 0;
	memset(&record, 0, sizeof record);
	record.length = sizeof record.body;
	record.body.type = type;
	record.body.sequence = (uint32_t)sequence;
	if (type == JOURNAL_INTENT) {
		memcpy(record.body.knob, entry->knob, sizeof record.body.knob);
		memcpy(record.body.path, entry->setting.path, sizeof record.body.path);
		memcpy(record.body.identity, entry->setting.identity, sizeof record.body.identity);
		memcpy(record.body.before, entry->setting.before, sizeof record.body.before);
		memcpy(record.body.value, entry->setting.target, sizeof record.body.value);
	} else if (type == JOURNAL_DONE) {
		memcpy(record.body.value, entry->observed, sizeof record.body.value);
	}
	record.crc = checksum(&record.body, sizeof record.body);
	pass_boundary(journal);
	code = write_all(journal->fd, &record, sizeof record);
	if (code) {
		cut_part(journal->fd);
		return fail(err, "write", code);
	}
	pass_boundary(journal);
	return 0;
}

/* Of the 8 bytes at the end of the header no signal leaves a part. What is appended goes behind all else
 * wherever it is asked to be (pwrite(2), BUGS), hence the flag. */
int journal_commit(const struct journal *journal, size_t count, struct sb_err *err)
{
	const uint32_t intents = (uint32_t)count;
	const uint32_t tail[] = { intents,
				  (uint32_t)crc32(journal->head, (const void *)&intents, sizeof intents) };
	int code = 0;

	if (journal->fd < 0)
		return 0;
	if (fcntl(journal->fd, F_SETFL, 0) ||
	    pwrite(journal->fd, tail, sizeof tail, offsetof(struct header, intents)) != sizeof tail)
		code = errno ? -errno : -EIO;
	if (fcntl(journal->fd, F_SETFL, O_APPEND) && !code)
		code = -errno;
	return code ? fail(err, "write", code) : 0;
}

int journal_sync(const struct journal *journal, struct sb_err *err)
{
	return journal->fd >= 0 && fdatasync(journal->fd) ? fail(err, "sync", -errno) : 0;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
}

int journal_finish(int dir, const struct journal *journal, struct sb_err *err)
{
	int code = journal_append(journal, JOURNAL_END, 0, NULL, err);

	if (!code)
		code = journal_sync(journal, err);
	if (unlinkat(dir, JOURNAL_NAME, 0))
		return code ? fail(err, "end or remove", -errno) : 0;
	fsync(dir);
	return err_set(err, 0, "%s", "");
}

/* --- reading ------------------------------------------------------------------------------------------ */

#define ADVICE "look at it; a reboot resets the host, 'stablebench restore --force' removes it"

static bool is_text(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static bool is_owner(const struct journal_owner *owner)
{
	return is_text(owner->boot_id, sizeof owner->boot_id) &&
	       is_text(owner->release, sizeof owner->release);
}

static int parse_header(const void *bytes, struct journal_state *state, struct sb_err *err)
{
	struct header header;

	memcpy(&header, bytes, sizeof header);
	if (memcmp(header.magic, MAGIC, sizeof header.magic))
		return err_set(err, -EBADMSG, "the journal is no journal of stablebench's; " ADVICE);
	if (header.version != VERSION || header.size != sizeof header)
		return err_set(err, -EPROTO,
			       "the journal is of version %u, this program knows %u; restore with the "
			       "stablebench that wrote it",
			       header.version, VERSION);
	if (header.crc != checksum(&header, offsetof(struct header, crc)) || !is_owner(&header.owner))
		return err_set(err, -EBADMSG, "the header of the journal is damaged; " ADVICE);
	state->owner = header.owner;
	state->committed = header.intents;
	return 0;
}

static bool is_body(const struct body *body)
{
	return body->type >= JOURNAL_INTENT && body->type < JOURNAL_TYPES &&
	       is_text(body->knob, sizeof body->knob) && is_text(body->path, sizeof body->path) &&
	       is_text(body->identity, sizeof body->identity) && is_text(body->before, sizeof body->before) &&
	       is_text(body->value, sizeof body->value);
}

/* Whether it follows from what was read; an intent may come behind others that were lost. */
static bool is_in_order(const struct body *body, const struct journal_state *state)
{
	if (state->has_ended)
		return false;
	if (body->type == JOURNAL_INTENT)
		return body->sequence >= state->count && body->sequence < KNOB_SETTINGS_MAX;
	return body->type == JOURNAL_END || body->sequence < state->count;
}

static struct journal_entry *add_entry(struct journal_state *state)
{
	struct journal_entry *entry;

	state->entries = alloc_grow(state->entries, state->count + 1, sizeof *state->entries);
	entry = &state->entries[state->count++];
	memset(entry, 0, sizeof *entry);
	return entry;
}

static void add_intent(struct journal_state *state, const struct body *body)
{
	struct journal_entry *entry;

	while (state->count < body->sequence) {
		add_entry(state)->is_undone = true;
		state->is_damaged = true;
	}
	entry = add_entry(state);
	memcpy(entry->knob, body->knob, sizeof entry->knob);
	memcpy(entry->setting.path, body->path, sizeof entry->setting.path);
	memcpy(entry->setting.identity, body->identity, sizeof entry->setting.identity);
	memcpy(entry->setting.before, body->before, sizeof entry->setting.before);
	memcpy(entry->setting.target, body->value, sizeof entry->setting.target);
}

static void take_body(struct journal_state *state, const struct body *body)
{
	struct journal_entry *entry = NULL;

	if (body->type == JOURNAL_INTENT) {
		add_intent(state, body);
		return;
	}
	if (body->type == JOURNAL_END) {
		state->has_ended = true;
		return;
	}
	entry = &state->entries[body->sequence];
	entry->is_undoing |= body->type == JOURNAL_UNDOING;
	entry->is_undone |= body->type == JOURNAL_UNDONE;
	if (body->type == JOURNAL_DONE) {
		entry->is_done = true;
		memcpy(entry->observed, body->value, sizeof entry->observed);
	}
}

static bool take_record(struct journal_state *state, const char *at)
{
	struct record record;

	memcpy(&record, at, sizeof record);
	if (record.length != sizeof record.body || record.crc != checksum(&record.body, sizeof record.body) ||
	    !is_body(&record.body))
		return false;
	if (!is_in_order(&record.body, state)) {
		state->is_damaged = true;
		return false;
	}
	take_body(state, &record.body);
	return true;
}

static bool has_acted(const struct journal_state *state)
{
	for (size_t i = 0; i < state->count; i++)
		if (state->entries[i].is_done || state->entries[i].is_undoing || state->entries[i].is_undone)
			return true;
	return false;
}

/* A bad record that is whole cannot be an intent once a first write was noted, and what else it told can be
 * done without. */
static void judge_tail(struct journal_state *state, size_t size)
{
	const size_t record = sizeof(struct record), tail = size - state->good;

	state->is_damaged |=
		state->count < state->committed || tail > record || (tail == record && !has_acted(state));
	if (state->has_ended)
		state->is_damaged = false;
	if (state->is_damaged)
		state->good = size - (size - sizeof(struct header)) % record;
	state->is_torn = state->good < size;
}

static void take_records(struct journal_state *state, const char *bytes, size_t size)
{
	const size_t record = sizeof(struct record);

	state->good = sizeof(struct header);
	for (size_t at = state->good; size - at >= record; at += record) {
		if (!take_record(state, bytes + at))
			continue;
		state->is_damaged |= at != state->good;
		state->good = at + record;
	}
	judge_tail(state, size);
}

int journal_parse(const void *bytes, size_t size, struct journal_state *state, struct sb_err *err)
{
	int code;

	memset(state, 0, sizeof *state);
	if (size < sizeof(struct header))
		return err_set(err, -EBADMSG, "the journal was cut short; " ADVICE);
	code = parse_header(bytes, state, err);
	if (!code)
		take_records(state, bytes, size);
	return code;
}

void journal_state_release(struct journal_state *state)
{
	free(state->entries);
	memset(state, 0, sizeof *state);
}

static int open_checked(int dir, int flags, struct stat *status, struct sb_err *err)
{
	int fd = openat(dir, JOURNAL_NAME, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), code;

	if (fd < 0) {
		code = -errno;
		return code == -ENOENT ? code : fail(err, "open", code);
	}
	if (!fstat(fd, status) && S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	    status->st_nlink == 1 && !(status->st_mode & 077) && status->st_size <= BYTES_MAX)
		return fd;
	close(fd);
	return err_set(err, -EPERM,
		       "the journal is not a private file of our own; nothing in it is believed");
}

int journal_load(int dir, struct journal_state *state, struct sb_err *err)
{
	struct stat status;
	int fd = open_checked(dir, O_RDONLY, &status, err), code;
	char *bytes;
	ssize_t got;

	memset(state, 0, sizeof *state);
	if (fd < 0)
		return fd;
	bytes = alloc_zero(1, (size_t)status.st_size + 1);
	got = pread(fd, bytes, (size_t)status.st_size, 0);
	if (got < 0)
		code = fail(err, "read", -errno);
	else
		code = journal_parse(bytes, (size_t)got, state, err);
	close(fd);
	free(bytes);
	return code;
}

int journal_reopen(int dir, const struct journal_state *state, struct journal *journal, struct sb_err *err)
{
	struct stat status;
	int fd = open_checked(dir, O_WRONLY | O_APPEND, &status, err);

	if (fd < 0)
		return fd;
	if (!ftruncate(fd, (off_t)state->good)) {
		journal->fd = fd;
		return 0;
	}
	close(fd);
	return fail(err, "cut", -errno);
}
