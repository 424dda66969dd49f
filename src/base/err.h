/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * err.h - an error as a value: a negative errno for the program, a full sentence for the person.
 *
 * The sentence is made where the facts are known: lower case, no full stop, the subject in quotes, the
 * reason, and what to try: cannot write 'performance' to '/sys/.../scaling_governor': permission denied; run
 * with sudo. Only src/cli/ prints it.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

struct sb_err {
	int code; /* negative errno, 0: no error */
	char text[512];
};

/* Fills err (NULL is allowed) and gives `code` back, so that a caller can `return err_set(...)`. */
int err_set(struct sb_err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the sentence that is there; gives err->code back. */
int err_prefix(struct sb_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* strerror in lower case for the inside of a sentence; `code` negative or positive. Static text. */
const char *err_reason(int code);

#endif
