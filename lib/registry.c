/* SPDX-License-Identifier: MIT */
/*
 * Registration is by constructors, which the linker keeps under --gc-sections where it drops a section that
 * only a script names. All is checked at once before anything runs, so that a wrong axis does not cost a
 * session.
 */
#include "registry.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-"

static struct sb_registration *registered;

__attribute__((format(printf, 2, 3))) static int refuse(char *reason, const char *format, ...)
{
	char text[2 * SB_WIRE_REASON];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	wire_text_copy(reason, SB_WIRE_REASON, text);
	return -1;
}

static bool append(char *name, size_t size, const char *text)
{
	const size_t used = strlen(name), length = strlen(text);

	if (length >= size - used)
		return false;
	memcpy(name + used, text, length + 1);
	return true;
}

bool sb_name_append(char *name, size_t size, const char *text)
{
	for (; *text != '\0'; text++) {
		char letter[4] = { *text };
		if (strchr(PLAIN, *text) == NULL)
			snprintf(letter, sizeof letter, "%%%02X", (unsigned char)*text);
		if (!append(name, size, letter))
			return false;
	}
	return true;
}

static unsigned count_args(const struct sb_options *options)
{
	unsigned count = 0;

	while (count < SB_AXES_MAX && options->args[count].name != NULL)
		count++;
	return count;
}

unsigned sb_axis_count(const struct sb_options *options)
{
	return count_args(options) + (options->threads.name != NULL);
}

const struct sb_axis *sb_axis_get(const struct sb_options *options, unsigned index)
{
	return index < count_args(options) ? &options->args[index] : &options->threads;
}

static bool is_word(const char *text)
{
	return *text != '\0' && text[strspn(text, PLAIN)] == '\0' && strcmp(text, ".") != 0 &&
	       strcmp(text, "..") != 0;
}

static bool is_words(const char *text)
{
	size_t length = strspn(text, PLAIN);

	while (length > 0 && text[length] == ' ') {
		text += length + 1;
		length = strspn(text, PLAIN);
	}
	return length > 0 && text[length] == '\0';
}

static int check_axis(const char *bench, const struct sb_options *options, unsigned index, char *reason)
{
	const struct sb_axis *axis = sb_axis_get(options, index);

	if (!is_word(axis->name))
		return refuse(reason, "axis '%s' of '%s' is not a word of [A-Za-z0-9._+-]", axis->name,
			      bench);
	if (axis->count == 0 || axis->count > SB_VALUES_MAX)
		return refuse(reason, "axis '%s' of '%s' has %u values; it may have 1 to %d", axis->name,
			      bench, axis->count, SB_VALUES_MAX);
	for (unsigned i = 1; i < axis->count; i++)
		if ((axis->values[i].text == NULL) != (axis->values[0].text == NULL))
			return refuse(reason,
				      "axis '%s' of '%s' mixes integers and text; write all of them as text",
				      axis->name, bench);
	for (unsigned i = 0; i < index; i++)
		if (strcmp(sb_axis_get(options, i)->name, axis->name) == 0)
			return refuse(reason, "'%s' has two axes named '%s'", bench, axis->name);
	return 0;
}

static int check_threads(const char *bench, const struct sb_axis *threads, char *reason)
{
	for (unsigned i = 0; threads->name != NULL && i < threads->count; i++)
		if (threads->values[i].text != NULL || threads->values[i].number < 1 ||
		    threads->values[i].number > SB_THREADS_MAX)
			return refuse(reason, "the threads of '%s' are not numbers from 1 to %d", bench,
				      SB_THREADS_MAX);
	return 0;
}

static int check(const struct sb_registration *registration, char *reason)
{
	const struct sb_options *options = registration->options;

	if (options->group != NULL && !is_word(options->group))
		return refuse(reason, "group '%s' of '%s' is not a word of [A-Za-z0-9._+-]", options->group,
			      registration->name);
	if (options->tags != NULL && options->tags[0] != '\0' && !is_words(options->tags))
		return refuse(reason,
			      "tags '%s' of '%s' are not words of [A-Za-z0-9._+-] separated by one space",
			      options->tags, registration->name);
	if (options->tags != NULL && strlen(options->tags) >= SB_WIRE_TAGS)
		return refuse(reason, "the tags of '%s' are longer than %d bytes", registration->name,
			      SB_WIRE_TAGS - 1);
	for (unsigned i = 0; i < sb_axis_count(options); i++)
		if (check_axis(registration->name, options, i, reason) != 0)
			return -1;
	return check_threads(registration->name, &options->threads, reason);
}

static uint64_t product(const struct sb_options *options)
{
	uint64_t cases = 1; /* at most SB_VALUES_MAX ^ (SB_AXES_MAX + 1) = 2^45 */

	for (unsigned i = 0; i < sb_axis_count(options); i++)
		cases *= sb_axis_get(options, i)->count;
	return cases;
}

static bool append_value(char *name, size_t size, const struct sb_axis *axis, unsigned pick)
{
	char number[24];

	snprintf(number, sizeof number, "%lld", axis->values[pick].number);
	const char *text = axis->values[pick].text != NULL ? axis->values[pick].text : number;
	return append(name, size, "/") && append(name, size, axis->name) && append(name, size, "=") &&
	       sb_name_append(name, size, text);
}

static int write_name(struct sb_case *expanded, char *reason)
{
	const struct sb_registration *registration = expanded->registration;
	const struct sb_options *options = registration->options;
	char *name = expanded->name;
	const size_t size = sizeof expanded->name;
	bool fits = true;

	if (options->group != NULL)
		fits = append(name, size, options->group) && append(name, size, "/");
	fits = fits && sb_name_append(name, size, registration->name);
	for (unsigned i = 0; fits && i < sb_axis_count(options); i++)
		fits = append_value(name, size, sb_axis_get(options, i), expanded->picks[i]);
	if (!fits)
		return refuse(reason, "a case of '%s' has a name longer than %d bytes; shorten its axes",
			      registration->name, SB_WIRE_NAME - 1);
	return 0;
}

/* The number of a case, read with the axes as its digits. */
static void pick(struct sb_case *expanded, uint64_t number)
{
	const struct sb_options *options = expanded->registration->options;

	for (unsigned i = sb_axis_count(options); i-- > 0;) {
		const struct sb_axis *axis = sb_axis_get(options, i);

		expanded->picks[i] = (unsigned)(number % axis->count);
		number /= axis->count;
		if (axis == &options->threads)
			expanded->threads = (unsigned)axis->values[expanded->picks[i]].number;
	}
}

static int expand(struct sb_registry *registry, const struct sb_registration *registration, char *reason)
{
	const uint64_t cases = product(registration->options);

	for (uint64_t i = 0; i < cases; i++) {
		struct sb_case *expanded = &registry->cases[registry->count++];
		expanded->registration = registration;
		expanded->threads = 1;
		pick(expanded, i);
		if (write_name(expanded, reason) != 0)
			return -1;
	}
	return 0;
}

static int compare_places(const struct sb_registration *a, const struct sb_registration *b)
{
	const int files = strcmp(a->file, b->file);

	if (files != 0)
		return files;
	return a->line != b->line ? (a->line > b->line) - (a->line < b->line) : strcmp(a->name, b->name);
}

/* Constructors run in the order of linking; the list is sorted in place, once for every call. */
static void sort_registered(void)
{
	struct sb_registration *sorted = NULL;

	while (registered != NULL) {
		struct sb_registration *next = registered, **place = &sorted;
		registered = registered->next;
		while (*place != NULL && compare_places(*place, next) < 0)
			place = &(*place)->next;
		next->next = *place;
		*place = next;
	}
	registered = sorted;
}

static int compare_names(const void *left, const void *right)
{
	const struct sb_case *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

static int refuse_duplicates(const struct sb_registry *registry, const struct sb_case **by_name, char *reason)
{
	for (size_t i = 0; i < registry->count; i++)
		by_name[i] = &registry->cases[i];
	qsort(by_name, registry->count, sizeof *by_name, compare_names);
	for (size_t i = 1; i < registry->count; i++) {
		const struct sb_registration *a = by_name[i - 1]->registration, *b = by_name[i]->registration;
		if (strcmp(by_name[i - 1]->name, by_name[i]->name) == 0)
			return refuse(reason, "two cases are named '%s': %s:%u and %s:%u", by_name[i]->name,
				      a->file, a->line, b->file, b->line);
	}
	return 0;
}

static int check_names(const struct sb_registry *registry, char *reason)
{
	const struct sb_case **by_name = calloc(registry->count + 1, sizeof *by_name);

	if (by_name == NULL)
		return refuse(reason, "out of memory for %zu cases", registry->count);
	const int error = refuse_duplicates(registry, by_name, reason);
	free(by_name);
	return error;
}

static int count_cases(uint64_t *total, char *reason)
{
	*total = 0;
	for (const struct sb_registration *one = registered; one != NULL; one = one->next) {
		if (check(one, reason) != 0)
			return -1;
		*total += product(one->options);
		if (*total > SB_WIRE_CASES_MAX)
			return refuse(reason, "with '%s' there are more than %d cases; shorten its axes",
				      one->name, SB_WIRE_CASES_MAX);
	}
	return 0;
}

void sb_register(struct sb_registration *registration)
{
	registration->next = registered;
	registered = registration;
}

int sb_registry_init(struct sb_registry *registry, char reason[SB_WIRE_REASON])
{
	uint64_t total;

	*registry = (struct sb_registry){ 0 };
	sort_registered();
	if (count_cases(&total, reason) != 0)
		return -1;
	registry->cases = calloc(total + 1, sizeof *registry->cases);
	if (registry->cases == NULL)
		return refuse(reason, "out of memory for %" PRIu64 " cases", total);
	for (const struct sb_registration *one = registered; one != NULL; one = one->next)
		if (expand(registry, one, reason) != 0)
			return -1;
	return check_names(registry, reason);
}

void sb_registry_release(struct sb_registry *registry)
{
	free(registry->cases);
	*registry = (struct sb_registry){ 0 };
}

const struct sb_case *sb_registry_get(const struct sb_registry *registry, const char *name)
{
	for (size_t i = 0; i < registry->count; i++)
		if (strcmp(registry->cases[i].name, name) == 0)
			return &registry->cases[i];
	return NULL;
}
