/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpumask.c - see cpumask.h. */
#include "base/cpumask.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define WORD_BITS 32
#define WORDS	  (CPU_SETSIZE / WORD_BITS)

/* Between commas stand one to eight digits. */
static int check(const char *text)
{
	size_t digits = 0;

	for (; *text; text++) {
		if (*text == ',' ? digits == 0 : !isxdigit((unsigned char)*text))
			return -EINVAL;
		digits = *text == ',' ? 0 : digits + 1;
		if (digits > WORD_BITS / 4)
			return -EINVAL;
	}
	return digits ? 0 : -EINVAL;
}

static unsigned digit_value(char digit)
{
	return isdigit((unsigned char)digit) ? (unsigned)(digit - '0')
					     : (unsigned)(tolower((unsigned char)digit) - 'a' + 10);
}

/* From the last digit on; a comma begins a word of 32 bits, however few digits the one before it had. */
int cpumask_parse(const char *text, cpu_set_t *set)
{
	size_t word = 0, bit = 0;

	CPU_ZERO(set);
	if (check(text))
		return -EINVAL;
	for (const char *at = text + strlen(text); at-- > text;) {
		const unsigned value = *at == ',' ? 0 : digit_value(*at);

		for (unsigned i = 0; i < 4; i++) {
			if (!(value >> i & 1))
				continue;
			if (word * WORD_BITS + bit + i >= CPU_SETSIZE)
				return -EINVAL;
			CPU_SET(word * WORD_BITS + bit + i, set);
		}
		bit = *at == ',' ? 0 : bit + 4;
		word += *at == ',';
	}
	return 0;
}

const char *cpumask_format(const cpu_set_t *set, char *text, size_t size)
{
	uint32_t words[WORDS] = { 0 };
	int highest = 0;
	size_t used = 0;

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, set))
			continue;
		words[cpu / WORD_BITS] |= UINT32_C(1) << cpu % WORD_BITS;
		highest = cpu / WORD_BITS;
	}
	for (int word = highest; word >= 0 && used < size; word--)
		used += (size_t)snprintf(text + used, size - used, used ? ",%08x" : "%x", words[word]);
	return text;
}
