/* SPDX-License-Identifier: GPL-2.0-or-later */
/* field.h - values within the texts of /proc and /sys: a line's, a word's, the one in brackets. */
#ifndef HOST_FIELD_H
#define HOST_FIELD_H

#include <stdbool.h>
#include <stddef.h>

/* What stands behind "word ... :", "word=" or "word " at the beginning of a line, without quotes; false when
 * no line has it, or nothing behind it. */
bool field_line(const char *text, const char *word, char *value, size_t size);
bool field_number(const char *text, const char *word, double *number);

/* Whether a blank-separated text has this very word. */
bool field_has_word(const char *text, const char *word);

/* What stands behind "name=" in a blank-separated text, as a boot parameter does; the last one counts. */
bool field_parameter(const char *text, const char *name, char *value, size_t size);

/* The word in brackets: "always [madvise] never". */
bool field_bracketed(const char *text, char *value, size_t size);

/* Appends `more` with `separator` before it unless the text is empty; what does not fit is left out. */
void field_append(char *text, size_t size, const char *separator, const char *more);

#endif
