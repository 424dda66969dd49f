/* SPDX-License-Identifier: GPL-2.0-or-later */
/* changes.c - see changes.h. */
#include "keeper/changes.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include "base/alloc.h"
#include "host/knob.h"

void changes_init(struct changes *changes)
{
	*changes = (struct changes){ .fd = -1 };
}

static bool is_watched(const struct journal_entry *entry)
{
	return knob_find(entry->knob)->is_watched && !journal_is_companion(entry);
}

/* Through the descriptor, so that a recorded machine stays below its root. */
static int add_watch(const struct changes *changes, const char *path)
{
	const int file = path_open(changes->root, path, O_PATH, NULL);
	char name[40];
	int number;

	if (file < 0)
		return -1;
	snprintf(name, sizeof name, "/proc/self/fd/%d", file);
	number = inotify_add_watch(changes->fd, name, IN_MODIFY);
	close(file);
	return number;
}

void changes_begin(struct changes *changes, const struct path_root *root, struct journal_entry *entries,
		   size_t count)
{
	*changes = (struct changes){ .root = root, .entries = entries, .count = count };
	changes->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (changes->fd < 0)
		return;
	changes->numbers = alloc_zero(count, sizeof *changes->numbers);
	for (size_t i = 0; i < count; i++)
		changes->numbers[i] =
			is_watched(&entries[i]) ? add_watch(changes, entries[i].setting.path) : -1;
}

/* What went offline with its CPU stays as it was left as long as it is away. */
static bool is_as_left(const struct changes *changes, const struct journal_entry *entry, char now[KNOB_VALUE])
{
	const struct knob *knob = knob_find(entry->knob);

	if (knob_read(knob, changes->root, entry->setting.path, now, KNOB_VALUE, NULL) < 0)
		now[0] = '\0';
	if (!now[0])
		return !entry->observed[0];
	return knob_is_same(knob, now, entry->observed) ||
	       (knob->serves && knob->serves(now, entry->observed));
}

/* --- what is heard ------------------------------------------------------------------------------------ */

/* `now` NULL: it was too short to be seen. */
static void tell(struct keeper_change *change, const struct journal_entry *entry, const char *now)
{
	const char *quote = now ? "'" : "";

	snprintf(change->knob, sizeof change->knob, "%s", entry->knob);
	snprintf(change->reason, sizeof change->reason,
		 "'/%.100s' was '%.50s' and became %s%.50s%s during the session", entry->setting.path,
		 entry->observed, quote, now ? now : "something else for a moment", quote);
}

/* The first one stands for all. */
static void note(struct changes *changes, const struct journal_entry *entry)
{
	char now[KNOB_VALUE];

	if (changes->heard.knob[0])
		return;
	if (!is_as_left(changes, entry, now))
		tell(&changes->heard, entry, now);
	else if (knob_find(entry->knob)->moves_by_itself)
		tell(&changes->heard, entry, NULL);
}

void changes_hear(struct changes *changes)
{
	char buffer[64 * sizeof(struct inotify_event)]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t size;

	while ((size = read(changes->fd, buffer, sizeof buffer)) > 0)
		for (ssize_t at = 0; at < size;) {
			const struct inotify_event *event = (const void *)(buffer + at);

			for (size_t i = 0; i < changes->count; i++)
				if (changes->numbers[i] == event->wd)
					note(changes, &changes->entries[i]);
			at += (ssize_t)(sizeof *event + event->len);
		}
}

/* --- what is read ------------------------------------------------------------------------------------- */

/* Of those that are not as they were left the first that has not been told of, else the first; NULL: none. */
static struct journal_entry *find_changed(const struct changes *changes, char now[KNOB_VALUE])
{
	struct journal_entry *changed = NULL;
	char value[KNOB_VALUE];

	for (size_t i = 0; i < changes->count; i++) {
		struct journal_entry *entry = &changes->entries[i];

		if (!is_watched(entry) || (changed && entry->is_told) || is_as_left(changes, entry, value))
			continue;
		changed = entry;
		memcpy(now, value, KNOB_VALUE);
		if (!entry->is_told)
			break;
	}
	return changed;
}

bool changes_check(struct changes *changes, struct keeper_change *changed)
{
	struct journal_entry *entry;
	char now[KNOB_VALUE] = "";
	size_t used;

	changes_hear(changes);
	entry = find_changed(changes, now);
	if (entry) {
		entry->is_told = true;
		tell(changed, entry, now);
	} else if (changes->heard.knob[0]) {
		*changed = changes->heard;
		used = strlen(changed->reason);
		snprintf(changed->reason + used, sizeof changed->reason - used, "; now it is as before");
	} else {
		return true;
	}
	changes->heard.knob[0] = '\0';
	return false;
}

void changes_end(struct changes *changes)
{
	if (changes->fd >= 0)
		close(changes->fd);
	free(changes->numbers);
	changes_init(changes);
}
