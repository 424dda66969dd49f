/* SPDX-License-Identifier: GPL-2.0-or-later */
/* alloc.h - memory or abort: the runner's data is small, and a session without memory has nothing left to
 * save. */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

void *alloc_zero(size_t count, size_t size);
void *alloc_grow(void *array, size_t count, size_t size); /* realloc with overflow check */
char *alloc_text(const char *text);			  /* strdup; NULL stays NULL */
char *alloc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
