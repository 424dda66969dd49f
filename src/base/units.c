/* SPDX-License-Identifier: GPL-2.0-or-later */
/* units.c - numbers as people write and read them; see units.h. */
#include "base/units.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	double factor;
};

static const struct unit duration_units[] = {
	{ "", 1 },	{ "s", 1 },  { "ms", 1e-3 }, { "us", 1e-6 },
	{ "ns", 1e-9 }, { "m", 60 }, { "min", 60 },  { "h", 3600 },
};
static const struct unit ratio_units[] = { { "", 1 }, { "%", 0.01 } };
static const struct unit time_steps[] = { { "ns", 1e-9 }, { "us", 1e-6 }, { "ms", 1e-3 }, { "s", 1 } };
static const struct unit energy_steps[] = { { "nJ", 1e-9 }, { "uJ", 1e-6 }, { "mJ", 1e-3 }, { "J", 1 } };
static const struct unit si_steps[] = {
	{ "", 1 }, { " k", 1e3 }, { " M", 1e6 }, { " G", 1e9 }, { " T", 1e12 }
};
static const struct unit byte_steps[] = {
	{ "B/s", 1 }, { "KiB/s", 0x1p10 }, { "MiB/s", 0x1p20 }, { "GiB/s", 0x1p30 }, { "TiB/s", 0x1p40 },
};

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define PLAIN_LEAST   1e-4
#define PLAIN_END     1e6

static const char *skip_digits(const char *text)
{
	while (isdigit((unsigned char)*text))
		text++;
	return text;
}

/* End of a plain decimal number, or NULL: strtod alone would take hexadecimal, "inf", "nan" and leading
 * blanks. */
static const char *number_end(const char *text)
{
	const char *start, *end;

	start = text += *text == '-' || *text == '+';
	end = skip_digits(text);
	if (*end == '.')
		end = skip_digits(end + 1);
	if (end - start < 1 || (end - start == 1 && *start == '.'))
		return NULL;
	if (*end == 'e' || *end == 'E') {
		start = end + 1 + (end[1] == '-' || end[1] == '+');
		end = skip_digits(start);
		if (end == start)
			return NULL;
	}
	return end;
}

static int parse_with_unit(const char *text, const struct unit *units, size_t count, double *value)
{
	const char *end = number_end(text);
	char *stop;

	if (!end)
		return -EINVAL;
	*value = strtod(text, &stop);
	if (stop != end)
		return -EINVAL;
	end += *end == ' ' && end[1];
	for (size_t i = 0; i < count; i++) {
		if (strcmp(end, units[i].name))
			continue;
		*value *= units[i].factor;
		return isfinite(*value) && *value > 0 ? 0 : -ERANGE;
	}
	return -EINVAL;
}

int units_parse_duration(const char *text, double *seconds, struct sb_err *err)
{
	double value;
	int code = parse_with_unit(text, duration_units, LENGTH(duration_units), &value);

	if (code == -EINVAL)
		return err_set(err, code, "'%s' is no duration; write a number and a unit: 500ms, 2s, 1.5m",
			       text);
	if (code)
		return err_set(err, code, "duration '%s' is out of range: it must be above zero and finite",
			       text);
	*seconds = value;
	return 0;
}

int units_parse_ratio(const char *text, double *ratio, struct sb_err *err)
{
	double value;
	int code = parse_with_unit(text, ratio_units, LENGTH(ratio_units), &value);

	if (code == -EINVAL)
		return err_set(err, code, "'%s' is no ratio; write 0.5%% or 0.005", text);
	if (code)
		return err_set(err, code, "ratio '%s' is out of range: it must be above zero and finite",
			       text);
	*ratio = value;
	return 0;
}

int units_parse_count(const char *text, uint64_t low, uint64_t high, uint64_t *count, struct sb_err *err)
{
	uintmax_t value;

	if (!*text || *skip_digits(text))
		return err_set(err, -EINVAL, "'%s' is no whole number", text);
	errno = 0;
	value = strtoumax(text, NULL, 10);
	if (errno || value < low || value > high)
		return err_set(err, -ERANGE, "'%s' is out of range: from %" PRIu64 " to %" PRIu64, text, low,
			       high);
	*count = value;
	return 0;
}

/* Digits after the point that show `digits` significant ones, seen after rounding: 9.996 has as many as 10.
 */
static int decimals(double value, int digits)
{
	char text[40];
	int exponent;

	snprintf(text, sizeof text, "%.*e", digits - 1, value);
	exponent = atoi(strchr(text, 'e') + 1);
	return exponent >= digits - 1 || value == 0 ? 0 : digits - 1 - exponent;
}

/* Largest step whose number does not round to below one. */
static const struct unit *step_for(double value, int digits, const struct unit *steps, size_t count)
{
	size_t i = 0;

	while (i + 1 < count && fabs(value) / steps[i + 1].factor >= 1 - 0.5 * pow(10, -digits))
		i++;
	return &steps[i];
}

static void trim_zeros(char *text)
{
	size_t length = strlen(text);

	if (!strchr(text, '.'))
		return;
	while (text[length - 1] == '0')
		text[--length] = '\0';
	if (text[length - 1] == '.')
		text[length - 1] = '\0';
}

static const char *format_nothing(char *text, size_t size)
{
	snprintf(text, size, "-");
	return text;
}

/* What no step makes short has an exponent, in the unit itself; in all else digits are easier to read. */
static bool format_far(double value, const struct unit *step, int digits, const char *unit, char *text,
		       size_t size)
{
	const double shown = fabs(value) / step->factor;

	if (value == 0 || (shown >= PLAIN_LEAST && shown < PLAIN_END))
		return false;
	snprintf(text, size, "%.*e%s%s", digits - 1, value, *unit ? " " : "", unit);
	return true;
}

/* Steps from the smallest to the unit itself, in which nothing is told. */
static const char *format_steps(double value, const struct unit *steps, size_t count, char *text, size_t size)
{
	const struct unit *step;
	char number[40];

	if (!isfinite(value))
		return format_nothing(text, size);
	step = value == 0 ? &steps[count - 1] : step_for(value, 4, steps, count);
	if (format_far(value, step, 3, steps[count - 1].name, text, size))
		return text;
	snprintf(number, sizeof number, "%.*f", decimals(value / step->factor, 4), value / step->factor);
	trim_zeros(number);
	snprintf(text, size, "%s %s", number, step->name);
	return text;
}

const char *units_format_time(double seconds, char *text, size_t size)
{
	return format_steps(seconds, time_steps, LENGTH(time_steps), text, size);
}

const char *units_format_energy(double joules, char *text, size_t size)
{
	return format_steps(joules, energy_steps, LENGTH(energy_steps), text, size);
}

const char *units_format_si(double value, char *text, size_t size)
{
	const struct unit *step;

	if (!isfinite(value))
		return format_nothing(text, size);
	step = step_for(value, 3, si_steps, LENGTH(si_steps));
	if (format_far(value, step, 3, "", text, size))
		return text;
	value /= step->factor;
	snprintf(text, size, "%.*f%s", decimals(value, 3), value, step->name);
	return text;
}

/* Up to four whole digits of bytes are easier to read than their binary fraction. */
const char *units_format_bytes(double bytes, char *text, size_t size)
{
	const struct unit *step = byte_steps;

	if (!isfinite(bytes))
		return format_nothing(text, size);
	if (fabs(bytes) >= 10000)
		step = step_for(bytes, 3, byte_steps, LENGTH(byte_steps));
	if (format_far(bytes, step, 3, byte_steps[0].name, text, size))
		return text;
	bytes /= step->factor;
	snprintf(text, size, "%.*f %s", step == byte_steps && fabs(bytes) >= 1 ? 0 : decimals(bytes, 3),
		 bytes, step->name);
	return text;
}

const char *units_format_percent(double ratio, char *text, size_t size)
{
	static const struct unit percent = { "%", 1 };

	if (!isfinite(100 * ratio))
		return format_nothing(text, size);
	if (format_far(100 * ratio, &percent, 2, percent.name, text, size))
		return text;
	snprintf(text, size, "%.*f %%", decimals(100 * ratio, 2), 100 * ratio);
	return text;
}
