/* SPDX-License-Identifier: GPL-2.0-or-later */
/* units.h - numbers as people write and read them. Parsers take the whole text or refuse it with a sentence.
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

/* "2s", "500ms", "10us", "1.5m", "1h"; a bare number is seconds. Positive and finite. 0 or -EINVAL, -ERANGE.
 */
int units_parse_duration(const char *text, double *seconds, struct sb_err *err);

/* "0.5%" or "0.005": a ratio > 0. */
int units_parse_ratio(const char *text, double *ratio, struct sb_err *err);

/* A whole decimal number within [low, high]. */
int units_parse_count(const char *text, uint64_t low, uint64_t high, uint64_t *count, struct sb_err *err);

/* What is told has no more than some fifteen letters, however far it is from what is measured: "2.71e-32 s",
 * "1.00e-320" beyond the steps; "-" for what is no finite number. */

/* "12.34 ns", "1.02 ms", "3.4 s": four significant digits, SI steps. Gives text back. */
const char *units_format_time(double seconds, char *text, size_t size);

/* "12.34 nJ", "1.02 mJ", "3.4 J": the same of energy. */
const char *units_format_energy(double joules, char *text, size_t size);

/* "1.23 M", "456 k": a count per second with an SI prefix, without the unit. */
const char *units_format_si(double value, char *text, size_t size);

/* "1234 B/s", "1.21 GiB/s". */
const char *units_format_bytes(double bytes, char *text, size_t size);

/* "0.42 %", "12 %". */
const char *units_format_percent(double ratio, char *text, size_t size);

#endif
