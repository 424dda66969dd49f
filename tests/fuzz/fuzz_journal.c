/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A journal of anybody's: what parses must keep its promises, and restoring by it must write nothing but what
 * a knob owns, below an empty root.
 *
 * With an odd first byte the checksums are made right, which no mutation would ever hit.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "fuzz.h"
#include "host/journal.h"
#include "keeper/restore.h"

#define HEADER (16 + sizeof(struct journal_owner) + 8) /* magic, version, size; owner; reserved, checksum */
#define BODY   (8 + CONDITION_KNOB + KNOB_PATH + KNOB_IDENTITY + 2 * KNOB_VALUE)
#define RECORD (8 + BODY)

static void put_word(uint8_t *at, uint32_t word)
{
	memcpy(at, &word, sizeof word);
}

static void repair(uint8_t *bytes, size_t size)
{
	static const char magic[8] = "SBJRNL1";

	if (size < HEADER)
		return;
	memcpy(bytes, magic, sizeof magic);
	put_word(bytes + 8, 2);
	put_word(bytes + 12, (uint32_t)HEADER);
	put_word(bytes + HEADER - 4, (uint32_t)crc32(0, bytes, HEADER - 4));
	for (size_t at = HEADER; at + RECORD <= size; at += RECORD) {
		put_word(bytes + at, (uint32_t)BODY);
		put_word(bytes + at + 4, (uint32_t)crc32(0, bytes + at + 8, BODY));
	}
}

static void check(const struct journal_state *state, size_t size)
{
	if (state->good > size || state->count > KNOB_SETTINGS_MAX)
		abort();
	for (size_t i = 0; i < state->count; i++)
		if (strlen(state->entries[i].setting.path) >= KNOB_PATH ||
		    strlen(state->entries[i].setting.before) >= KNOB_VALUE ||
		    strlen(state->entries[i].observed) >= KNOB_VALUE)
			abort();
}

/* The root is a folder without anything in it: every write must fail, and none may crash. */
static void restore(struct journal_state *state)
{
	const struct journal journal = JOURNAL_CLOSED;
	struct keeper_restored restored = { 0 };
	struct path_root root;
	struct restore_job job = { .root = &root,
				   .entries = state->entries,
				   .count = state->count,
				   .journal = &journal,
				   .force = true };

	if (path_root_init(&root, "/proc/self/fdinfo", NULL))
		return;
	root.is_real = false;
	restore_run(&job, &restored);
	if (restored.restored)
		abort();
	path_root_release(&root);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct journal_state state;
	uint8_t *copy;

	if (size < 1)
		return 0;
	copy = malloc(size);
	memcpy(copy, bytes + 1, size - 1);
	if (bytes[0] & 1)
		repair(copy, size - 1);
	if (!journal_parse(copy, size - 1, &state, NULL)) {
		check(&state, size - 1);
		restore(&state);
	}
	journal_state_release(&state);
	free(copy);
	return 0;
}
