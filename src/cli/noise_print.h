/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise_print.h - the noise profile of a host for people and for programs, and kept until the next boot. */
#ifndef CLI_NOISE_PRINT_H
#define CLI_NOISE_PRINT_H

#include <jansson.h>
#include <stdio.h>
#include "run/noise.h"

struct noise_profile {
	enum noise_source source;
	const char *reason; /* why the thieves are only counted, "" where they are timed */
	size_t count;
	struct noise_core *cores;
};

void noise_print_text(const struct noise_profile *profile, FILE *stream);

/* The document "stablebench-noise/1", owned by the caller: json_decref. */
json_t *noise_document_new(const struct noise_profile *profile, const struct path_root *root);

/* The quietest CPU of a document made since this boot, -1 where there is none, with the reason. */
int noise_document_quietest(const json_t *document, const struct path_root *root, struct sb_err *err);

#endif
