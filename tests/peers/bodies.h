/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bodies.h - pieces of code that stablebench and Google Benchmark measure side by side, docs/evidence.md.
 *
 * Each is compiled once and linked into both programs, so that what differs is the tool. A body does the same
 * work and gives the same result each time it runs.
 */
#ifndef BODIES_H
#define BODIES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a body works on; owned by the program between body_prepare and body_release. */
struct body_input {
	void *memory; /* of body->size bytes, filled; NULL where it needs none */
	void *copy;   /* as large, for what it writes */
};

struct body {
	const char *name;
	size_t size;				 /* bytes of input, a multiple of a page */
	void (*fill)(void *memory, size_t size); /* NULL where there is no input */
	uint64_t (*run)(const struct body_input *input, size_t size); /* one iteration; its result */
};

/* All bodies, closed by one without a name. */
extern const struct body bodies[];

/* The body of that name, or NULL. */
const struct body *body_find(const char *name);

/* Makes its input: 0 or -ENOMEM. */
int body_prepare(const struct body *body, struct body_input *input);
void body_release(struct body_input *input);

/* Appends "NAME RESULT" to the file that the environment names in BODY_RESULTS, for the test that compares.
 */
void body_tell(const struct body *body, uint64_t result);

#ifdef __cplusplus
}
#endif

#endif
