/* SPDX-License-Identifier: GPL-2.0-or-later */
/* alloc.c - memory or abort; see alloc.h. */
#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
	if (!memory) {
		fputs("stablebench: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *alloc_zero(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *alloc_grow(void *array, size_t count, size_t size)
{
	return checked(reallocarray(array, count ? count : 1, size ? size : 1));
}

char *alloc_text(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}

char *alloc_format(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return checked(text);
}
