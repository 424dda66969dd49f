/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - the text of a configuration file, as sections, keys and values; what they mean is not known
 * here.
 *
 * INI by libinih: "[section]", "key = value"; '#' or ';' begins a comment at the start of a line, ';' also
 * behind a blank. Keys may be indented, values are not continued. The text is hostile: bytes that are no
 * text, lines, texts and counts beyond the bounds below are refused, never cut. A config is one block without
 * pointers, so that another process can parse it.
 */
#ifndef PLAN_CONFIG_H
#define PLAN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

#define CONFIG_TEXT_MAX	   65536 /* bytes of a file */
#define CONFIG_LINE_MAX	   190	 /* bytes of a line: libinih, as Debian builds it, takes 197 */
#define CONFIG_ENTRIES_MAX 512
#define CONFIG_NAME	   48

struct config_entry {
	unsigned line;		   /* from 1 */
	char section[CONFIG_NAME]; /* "": before any section */
	char key[CONFIG_NAME];
	char value[CONFIG_LINE_MAX + 1];
};

struct config {
	size_t count;
	struct config_entry entries[CONFIG_ENTRIES_MAX]; /* in the order of the text */
};

/* 0, or -EINVAL, -EFBIG with a sentence that begins with "FILE:LINE: ". */
int config_parse(const char *file, const char *text, size_t size, struct config *config, struct sb_err *err);

/* Whether what another process filled in can be a config: bounded, each text ended. */
bool config_is_sound(const struct config *config);

#endif
