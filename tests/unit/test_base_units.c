/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about base/units: what people write is taken whole or refused, what is printed rounds as people
 * expect. */
#include "base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include "unit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

struct parsed {
	const char *text;
	int code;
	double value;
};

static void check_parsed(const struct parsed *rows, size_t count,
			 int (*parse)(const char *, double *, struct sb_err *))
{
	for (size_t i = 0; i < count; i++) {
		struct sb_err err = { 0 };
		double value = -1;
		int code = parse(rows[i].text, &value, &err);

		ck_assert_msg(code == rows[i].code, "'%s' gave %d (%s)", rows[i].text, code, err.text);
		if (code) {
			ck_assert_msg(value == -1, "'%s' was refused and still stored", rows[i].text);
			ck_assert_str_ne(err.text, "");
		} else {
			ck_assert_msg(fabs(value - rows[i].value) <= 1e-15 * rows[i].value, "'%s' gave %g",
				      rows[i].text, value);
		}
	}
}

START_TEST(durations_have_units)
{
	static const struct parsed rows[] = {
		{ "2s", 0, 2 },	   { "500ms", 0, 0.5 }, { "10us", 0, 1e-5 }, { "1.5m", 0, 90 },
		{ "1h", 0, 3600 }, { "0.25", 0, 0.25 }, { "7ns", 0, 7e-9 },  { "1e-3s", 0, 1e-3 },
		{ "2 s", 0, 2 },   { "3min", 0, 180 },	{ ".5s", 0, 0.5 },   { "5.s", 0, 5 },
	};
	check_parsed(rows, LENGTH(rows), units_parse_duration);
}
END_TEST

START_TEST(durations_that_are_none_are_refused)
{
	static const struct parsed rows[] = {
		{ "", -EINVAL, 0 },	  { "s", -EINVAL, 0 },	      { ".", -EINVAL, 0 },
		{ " 2s", -EINVAL, 0 },	  { "2s ", -EINVAL, 0 },      { "2  s", -EINVAL, 0 },
		{ "2 ", -EINVAL, 0 },	  { "2parsecs", -EINVAL, 0 }, { "0x2s", -EINVAL, 0 },
		{ "inf", -EINVAL, 0 },	  { "nan", -EINVAL, 0 },      { "1e", -EINVAL, 0 },
		{ "1e+s", -EINVAL, 0 },	  { "1,5s", -EINVAL, 0 },     { "2S", -EINVAL, 0 },
		{ "1s2", -EINVAL, 0 },	  { "0", -ERANGE, 0 },	      { "-1s", -ERANGE, 0 },
		{ "1e999s", -ERANGE, 0 }, { "1e-400", -ERANGE, 0 },   { "--1", -EINVAL, 0 },
		{ "1e308h", -ERANGE, 0 },
	};
	check_parsed(rows, LENGTH(rows), units_parse_duration);
}
END_TEST

START_TEST(ratios_are_percent_or_plain)
{
	static const struct parsed rows[] = {
		{ "0.5%", 0, 0.005 },  { "0.005", 0, 0.005 },  { "10 %", 0, 0.1 },
		{ "5%%", -EINVAL, 0 }, { "%", -EINVAL, 0 },    { "0%", -ERANGE, 0 },
		{ "-1%", -ERANGE, 0 }, { "five", -EINVAL, 0 }, { "1s", -EINVAL, 0 },
	};
	check_parsed(rows, LENGTH(rows), units_parse_ratio);
}
END_TEST

START_TEST(counts_are_whole_numbers_within_their_bounds)
{
	static const struct {
		const char *text;
		int code;
		uint64_t value;
	} rows[] = {
		{ "5", 0, 5 },	       { "30", 0, 30 },	      { "007", 0, 7 },
		{ "4", -ERANGE, 0 },   { "31", -ERANGE, 0 },  { "", -EINVAL, 0 },
		{ "-5", -EINVAL, 0 },  { "+5", -EINVAL, 0 },  { "5 ", -EINVAL, 0 },
		{ "5.0", -EINVAL, 0 }, { "0x9", -EINVAL, 0 }, { "99999999999999999999999", -ERANGE, 0 },
	};
	struct sb_err err;
	uint64_t count;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		ck_assert_int_eq(units_parse_count(rows[i].text, 5, 30, &count, &err), rows[i].code);
		if (!rows[i].code)
			ck_assert_uint_eq(count, rows[i].value);
	}
	ck_assert_str_eq(err.text, "'99999999999999999999999' is out of range: from 5 to 30");
	ck_assert_int_eq(units_parse_count("18446744073709551615", 0, UINT64_MAX, &count, &err), 0);
	ck_assert_uint_eq(count, UINT64_MAX);
}
END_TEST

struct printed {
	double value;
	const char *text;
};

static void check_printed(const struct printed *rows, size_t count,
			  const char *(*format)(double, char *, size_t))
{
	char text[64];

	for (size_t i = 0; i < count; i++)
		ck_assert_str_eq(format(rows[i].value, text, sizeof text), rows[i].text);
}

START_TEST(times_step_by_thousands_with_four_digits)
{
	static const struct printed rows[] = {
		{ 12.34e-9, "12.34 ns" },
		{ 1.02e-3, "1.02 ms" },
		{ 3.4, "3.4 s" },
		{ 0.3125e-9, "0.3125 ns" },
		{ 999.94e-9, "999.9 ns" },
		{ 999.96e-9, "1 us" },
		{ 1e-6, "1 us" },
		{ 123456e-9, "123.5 us" },
		{ 4321, "4321 s" },
		{ 86400.4, "86400 s" },
		{ 0, "0 s" },
		{ -2e-3, "-2 ms" },
		{ NAN, "-" },
		{ INFINITY, "-" },
	};
	check_printed(rows, LENGTH(rows), units_format_time);
}
END_TEST

START_TEST(energy_steps_as_time_does)
{
	static const struct printed rows[] = {
		{ 12.34e-9, "12.34 nJ" }, { 0.25e-9, "0.25 nJ" }, { 1.5e-6, "1.5 uJ" }, { 999.96e-6, "1 mJ" },
		{ 14.901161, "14.9 J" },  { 0, "0 J" },		  { NAN, "-" },
	};
	check_printed(rows, LENGTH(rows), units_format_energy);
}
END_TEST

START_TEST(rates_have_si_prefixes_with_three_digits)
{
	static const struct printed rows[] = {
		{ 1.23e6, "1.23 M" }, { 456e3, "456 k" },  { 81e6, "81.0 M" },	{ 12.3, "12.3" },
		{ 999.4, "999" },     { 999.6, "1.00 k" }, { 2.5e9, "2.50 G" }, { 7e12, "7.00 T" },
		{ 0.0123, "0.0123" }, { 0, "0" },	   { 4e15, "4000 T" },	{ NAN, "-" },
	};
	check_printed(rows, LENGTH(rows), units_format_si);
}
END_TEST

START_TEST(bytes_have_binary_prefixes)
{
	static const struct printed rows[] = {
		{ 1234, "1234 B/s" },
		{ 9999, "9999 B/s" },
		{ 10240, "10.0 KiB/s" },
		{ 1.21 * 0x1p30, "1.21 GiB/s" },
		{ 0, "0 B/s" },
		{ 1023.9 * 0x1p10, "1.00 MiB/s" },
		{ NAN, "-" },
	};
	check_printed(rows, LENGTH(rows), units_format_bytes);
}
END_TEST

START_TEST(percentages_have_two_digits)
{
	static const struct printed rows[] = {
		{ 0.0042, "0.42 %" }, { 0.12, "12 %" },	  { 0.0126, "1.3 %" },	{ 1.234, "123 %" },
		{ 0, "0 %" },	      { 0.0999, "10 %" }, { 2e-5, "0.0020 %" }, { NAN, "-" },
	};
	check_printed(rows, LENGTH(rows), units_format_percent);
}
END_TEST

START_TEST(what_no_step_makes_short_has_an_exponent)
{
	static const struct printed times[] = {
		{ 2.711e-32, "2.71e-32 s" },  { 1.01e-13, "0.000101 ns" }, { 0.99e-13, "9.90e-14 s" },
		{ 1e-320, "1.00e-320 s" },    { 999999, "999999 s" },	   { 1e6, "1.00e+06 s" },
		{ -1.7e308, "-1.70e+308 s" }, { 4e-324, "4.94e-324 s" },
	};
	static const struct printed rates[] = {
		{ 1e-320, "1.00e-320" },   { 0.0001, "0.000100" }, { 0.99e-4, "9.90e-05" },
		{ 999999e12, "999999 T" }, { 1e18, "1.00e+18" },   { 1.7e308, "1.70e+308" },
	};
	static const struct printed bytes[] = {
		{ 1e-320, "1.00e-320 B/s" },
		{ 0.25, "0.250 B/s" },
		{ 1, "1 B/s" },
		{ 1e308, "1.00e+308 B/s" },
	};
	static const struct printed percents[] = {
		{ 1e-320, "1.0e-318 %" },
		{ 1e300, "1.0e+302 %" },
		{ 1e308, "-" },
		{ 9999.99, "999999 %" },
	};
	check_printed(times, LENGTH(times), units_format_time);
	check_printed(rates, LENGTH(rates), units_format_si);
	check_printed(bytes, LENGTH(bytes), units_format_bytes);
	check_printed(percents, LENGTH(percents), units_format_percent);
}
END_TEST

START_TEST(what_is_printed_parses_back_within_its_digits)
{
	char text[64];
	double value;

	for (double seconds = 1.2345e-9; seconds < 5000; seconds *= 3.7) {
		units_format_time(seconds, text, sizeof text);
		ck_assert_int_eq(units_parse_duration(text, &value, NULL), 0);
		ck_assert_double_eq_tol(value / seconds, 1, 0.5001e-3);
	}
}
END_TEST

START_TEST(a_short_buffer_is_cut_and_not_overrun)
{
	char text[4] = "xyz";

	ck_assert_str_eq(units_format_time(12.34e-9, text, sizeof text), "12.");
}
END_TEST

UNIT_MAIN("base/units", durations_have_units, durations_that_are_none_are_refused,
	  ratios_are_percent_or_plain, counts_are_whole_numbers_within_their_bounds,
	  times_step_by_thousands_with_four_digits, energy_steps_as_time_does,
	  rates_have_si_prefixes_with_three_digits, bytes_have_binary_prefixes, percentages_have_two_digits,
	  what_no_step_makes_short_has_an_exponent, what_is_printed_parses_back_within_its_digits,
	  a_short_buffer_is_cut_and_not_overrun)
