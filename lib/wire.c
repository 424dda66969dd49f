/* SPDX-License-Identifier: MIT */
/* What a bench wrote is hostile until every field of it has been checked here. */
#include "wire.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include "stablebench.h"

#define CPU_LIMIT   65536u /* more than any kernel is built for */
#define ERRNO_LIMIT 4095
#define TICKS_LIMIT ((uint64_t)1 << 62) /* room for sums and signed differences */

/* The same places for a 32-bit benchmark and a 64-bit runner. */
_Static_assert(sizeof(struct sb_wire_request) == 416, "the request has holes");
_Static_assert(sizeof(struct sb_wire_hello) == 16, "the greeting has holes");
_Static_assert(sizeof(struct sb_wire_result) == 424, "the result has holes");
_Static_assert(sizeof(struct sb_wire_case) == 648, "a case has holes");
_Static_assert(sizeof(struct sb_wire_sample) == 360, "a sample has holes");
_Static_assert(sizeof(struct sb_wire_theft_slot) == 512, "a slot shares cache lines with its neighbour");
_Static_assert(SB_WIRE_HELLO_OFFSET + sizeof(struct sb_wire_hello) <= SB_WIRE_RESULT_OFFSET, "they overlap");

static const void *at(const void *copy, size_t offset)
{
	return (const char *)copy + offset;
}

static size_t entry_size(uint32_t mode)
{
	return mode == SB_WIRE_LIST ? sizeof(struct sb_wire_case) : sizeof(struct sb_wire_sample);
}

/*
 * Bytes of the printable UTF-8 character at `text`; 0 for a control character, which a terminal would obey,
 * and for what is no UTF-8, which JSON cannot hold. Never reads past a NUL.
 */
/* Surrogates, and what turns text around or is not seen: zero widths, directions, joiners. */
static bool is_unseen(uint32_t code)
{
	return (code >= 0xd800 && code <= 0xdfff) || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
}

static size_t character_size(const char *text)
{
	static const uint32_t lowest[] = { 0, 0, 0xa0, 0x800, 0x10000 };
	const unsigned char first = (unsigned char)text[0];

	if (first < 0x80)
		return first >= 0x20 && first != 0x7f;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	uint32_t code = first & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (code < lowest[size] || code > 0x10ffff || is_unseen(code))
		return 0;
	return size;
}

static bool is_printable(const char *text, size_t size)
{
	if (memchr(text, '\0', size) == NULL)
		return false;
	while (*text != '\0') {
		const size_t step = character_size(text);
		if (step == 0)
			return false;
		text += step;
	}
	return true;
}

static bool is_plain(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       (letter >= '0' && letter <= '9') || (letter != '\0' && strchr("._+-", letter) != NULL);
}

static bool is_hex(char letter)
{
	return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'F');
}

static bool is_dots(const char *part, size_t length)
{
	return (length == 1 && part[0] == '.') || (length == 2 && part[0] == '.' && part[1] == '.');
}

/* One part of a name between slashes: plain letters, '=', and %XX. Gives its length, 0 where it is none. */
static size_t part_length(const char *part)
{
	size_t length = 0;

	while (part[length] != '\0' && part[length] != '/') {
		if (part[length] == '%') {
			if (!is_hex(part[length + 1]) || !is_hex(part[length + 2]))
				return 0;
			length += 2;
		} else if (!is_plain(part[length]) && part[length] != '=') {
			return 0;
		}
		length++;
	}
	return is_dots(part, length) ? 0 : length;
}

/* A name ends up in commands, regular expressions and file names of others, so it has one narrow form. */
static bool is_name(const char *name, size_t size)
{
	if (memchr(name, '\0', size) == NULL)
		return false;
	for (;;) {
		const size_t length = part_length(name);
		if (length == 0)
			return false;
		if (name[length] == '\0')
			return true;
		name += length + 1;
	}
}

static bool is_tags(const char *tags, size_t size)
{
	if (memchr(tags, '\0', size) == NULL)
		return false;
	for (size_t i = 0; tags[i] != '\0'; i++) {
		const bool inner_space = tags[i] == ' ' && i > 0 && is_plain(tags[i + 1]);
		if (!inner_space && !is_plain(tags[i]))
			return false;
	}
	return true;
}

static const char *hello_check(const struct sb_wire_hello *hello, int *hello_abi)
{
	if (memcmp(hello->magic, SB_WIRE_MAGIC_HELLO, sizeof hello->magic) != 0)
		return "the program did not greet the runner: it is no stablebench benchmark, or it ended "
		       "before "
		       "its main";
	*hello_abi = hello->abi > INT_MAX ? INT_MAX : (int)hello->abi;
	if (hello->abi != SB_ABI_VERSION)
		return "the benchmark was built for another ABI version of stablebench; build it again";
	return NULL;
}

static const char *status_check(const struct sb_wire_result *result, const struct sb_wire_request *request)
{
	if (result->state != SB_WIRE_DONE)
		return "the benchmark ended before its result was complete";
	if (result->status > SB_WIRE_FAILED)
		return "the result has an unknown status";
	if (!is_printable(result->reason, sizeof result->reason))
		return "the reason in the result is not printable text";
	if (result->status == SB_WIRE_OK)
		return NULL;
	if (result->reason[0] == '\0')
		return "the result is a skip or a failure without a reason";
	if (result->count != 0)
		return "the result is a skip or a failure and yet holds measurements";
	if (result->status == SB_WIRE_SKIPPED && request->mode == SB_WIRE_LIST)
		return "the list of cases was skipped";
	return NULL;
}

static bool is_amount(double value)
{
	return isfinite(value) && value >= 0;
}

static const char *count_check(const struct sb_wire_result *result, size_t size,
			       const struct sb_wire_request *request)
{
	const bool list = request->mode == SB_WIRE_LIST;

	if (result->count > (size - SB_WIRE_PAYLOAD_OFFSET) / entry_size(request->mode))
		return "the result claims more entries than the shared memory holds";
	if (result->count > (list ? SB_WIRE_CASES_MAX : request->samples + request->retakes))
		return "the result claims more entries than were asked for";
	if (list || result->status != SB_WIRE_OK)
		return NULL;
	if (result->count == 0)
		return "the result holds no sample";
	if (request->mode == SB_WIRE_MEASURE && result->count != request->samples + result->set_aside)
		return "the result holds another number of samples than was asked for";
	if (result->batch == 0)
		return "the result claims a batch of no iteration";
	if (request->mode == SB_WIRE_MEASURE && result->batch != request->batch)
		return "the samples were taken with another batch than the one asked for";
	return NULL;
}

/* A difference of a counter that ran backwards is close to 2^64. */
static bool are_counts(const uint64_t *counters)
{
	for (int i = 0; i < SB_WIRE_COUNTERS_MAX; i++)
		if (counters[i] > TICKS_LIMIT)
			return false;
	return true;
}

static const char *result_check(const struct sb_wire_result *result, size_t size,
				const struct sb_wire_request *request)
{
	const char *problem = status_check(result, request);

	if (problem == NULL)
		problem = count_check(result, size, request);
	if (problem == NULL && (!is_amount(result->elements) || !is_amount(result->bytes)))
		problem = "the throughput in the result is no finite number of at least 0";
	if (problem == NULL && (result->bracket_ticks > TICKS_LIMIT || result->witness_ns > TICKS_LIMIT ||
				result->counter_ns > TICKS_LIMIT || result->others_ns > TICKS_LIMIT ||
				result->loop_begin_ns > TICKS_LIMIT))
		problem = "a time in the result is impossibly long";
	if (problem == NULL &&
	    (result->set_aside > result->count || result->counters_by >= SB_WIRE_READINGS ||
	     result->witnesses_by >= SB_WIRE_READINGS || result->threads_code > ERRNO_LIMIT ||
	     result->threads_witnesses_code > ERRNO_LIMIT || !are_counts(result->counter_overhead)))
		problem = "the result says what cannot be of its samples or counters";
	return problem;
}

static uint32_t name_hash(const char *name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

/* Open addressing over twice the greatest count: no allocation that a hostile count could drive. */
static bool has_duplicate(const struct sb_wire_case *cases, size_t count)
{
	enum { SLOTS = 2 * SB_WIRE_CASES_MAX };
	uint16_t slots[SLOTS] = { 0 };

	for (size_t i = 0; i < count; i++) {
		uint32_t slot = name_hash(cases[i].name) % SLOTS;
		for (; slots[slot] != 0; slot = (slot + 1) % SLOTS)
			if (strcmp(cases[slots[slot] - 1].name, cases[i].name) == 0)
				return true;
		slots[slot] = (uint16_t)(i + 1);
	}
	return false;
}

static const char *cases_check(const struct sb_wire_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_name(cases[i].name, sizeof cases[i].name))
			return "the list holds a name that is not of the form group/benchmark/axis=value";
		if (!is_tags(cases[i].tags, sizeof cases[i].tags))
			return "the list holds tags that are not words separated by one space";
		if (cases[i].threads == 0 || cases[i].threads > SB_WIRE_THREADS_MAX)
			return "the list holds a case of an impossible number of threads";
		if (!is_printable(cases[i].file, sizeof cases[i].file))
			return "the list holds a file name that is not printable text";
	}
	return has_duplicate(cases, count) ? "the list holds a name twice" : NULL;
}

/* Whether somebody else took the CPU from it while it ran. */
static bool has_lost(const struct sb_wire_sample *sample)
{
	return sample->involuntary_switches > sample->own_switches;
}

/* Who sleeps is never woken without a little wait, also where nobody else is on the CPU; and who gives it up
 * to its own waits for those. */
static bool has_waited(const struct sb_wire_sample *sample)
{
	return sample->wait_ns != 0 && sample->voluntary_switches == 0 &&
	       (sample->own_switches == 0 || has_lost(sample));
}

uint32_t wire_sample_causes(const struct sb_wire_request *request, const struct sb_wire_sample *sample,
			    uint32_t previous_cpu)
{
	uint32_t causes = (sample->voluntary_switches ? SB_WIRE_CAUSE_VOLUNTARY_SWITCH : 0u) |
			  (has_lost(sample) ? SB_WIRE_CAUSE_INVOLUNTARY_SWITCH : 0u) |
			  (sample->own_switches ? SB_WIRE_CAUSE_OWN_SWITCH : 0u) |
			  (sample->major_faults ? SB_WIRE_CAUSE_MAJOR_FAULT : 0u) |
			  (sample->cpu != previous_cpu ? SB_WIRE_CAUSE_MIGRATION : 0u) |
			  (has_waited(sample) ? SB_WIRE_CAUSE_WAITED : 0u) |
			  (sample->theft.count[SB_WIRE_THEFT_TASK] ? SB_WIRE_CAUSE_STOLEN : 0u);

	for (uint32_t i = 0; i < request->witnesses; i++)
		if (sample->witnesses[i] != 0)
			causes |= request->witness_causes[i];
	return causes;
}

static bool is_named(const struct sb_wire_thief *thief)
{
	return thief->name[0] != '\0';
}

const struct sb_wire_thief *wire_theft_reason(const struct sb_wire_theft *theft, uint32_t causes)
{
	const struct sb_wire_thief *task = &theft->most[SB_WIRE_THEFT_TASK];
	const struct sb_wire_thief *interrupt = &theft->most[SB_WIRE_THEFT_INTERRUPT], *longest = task;

	if ((causes & (SB_WIRE_CAUSE_STOLEN | SB_WIRE_CAUSE_INVOLUNTARY_SWITCH)) != 0 && is_named(task))
		return task;
	if ((causes & SB_WIRE_CAUSE_INTERRUPT) != 0 && is_named(interrupt))
		return interrupt;
	for (int kind = 1; kind < SB_WIRE_THEFT_KINDS; kind++)
		if (theft->most[kind].ns > longest->ns)
			longest = &theft->most[kind];
	return longest;
}

/* The readings must bear out why a sample is to count for nothing. Where the last warm-up sample ended, only
 * the bench knows. */
static bool is_aside_for_nothing(const struct sb_wire_sample *samples, uint64_t i,
				 const struct sb_wire_request *request)
{
	const struct sb_wire_sample *sample = &samples[i];
	uint32_t causes = wire_sample_causes(request, sample, i > 0 ? samples[i - 1].cpu : sample->cpu);

	if (i == 0)
		causes |= sample->causes & SB_WIRE_CAUSE_MIGRATION;
	return (sample->flags & SB_WIRE_SAMPLE_SET_ASIDE) != 0 && (causes & request->set_aside) == 0;
}

static const char *theft_check(const struct sb_wire_theft *theft)
{
	for (size_t i = 0; i < SB_WIRE_THEFT_KINDS; i++) {
		const struct sb_wire_thief *most = &theft->most[i];

		if ((most->name[0] != '\0' && most->kind != i) ||
		    !is_printable(most->name, sizeof most->name))
			return "a sample was taken from by nobody known";
		if (theft->ns[i] > TICKS_LIMIT || most->ns > TICKS_LIMIT)
			return "more was taken from a sample than time there is";
	}
	return NULL;
}

static const char *sample_check(const struct sb_wire_sample *sample)
{
	if (sample->ticks == 0)
		return "a sample took no time";
	if (sample->ticks > TICKS_LIMIT || sample->begin_ns > TICKS_LIMIT || sample->wait_ns > TICKS_LIMIT ||
	    sample->cpu_ns > TICKS_LIMIT)
		return "a sample is impossibly long";
	if ((sample->flags & ~(uint32_t)SB_WIRE_SAMPLE_FLAGS) != 0)
		return "a sample has an unknown flag";
	if ((sample->causes & ~(uint32_t)SB_WIRE_CAUSES) != 0)
		return "a sample has an unknown cause";
	if (sample->cpu >= CPU_LIMIT)
		return "a sample was taken on an impossible CPU";
	if (!are_counts(sample->counters))
		return "a sample counted more than there can be";
	if (sample->own_switches > sample->involuntary_switches)
		return "a sample lost the CPU to its own more often than it lost it";
	return theft_check(&sample->theft);
}

/* A sample's time is that of the thread that took longest. */
static const char *threads_check(const struct sb_wire_thread *threads, uint32_t each,
				 const struct sb_wire_sample *samples, uint64_t count)
{
	for (uint64_t i = 0; threads != NULL && i < count * each; i++)
		if (threads[i].ticks == 0 || threads[i].ticks > samples[i / each].ticks ||
		    threads[i].cpu >= CPU_LIMIT || (threads[i].causes & ~(uint32_t)SB_WIRE_CAUSES) != 0)
			return "a thread's part of a sample cannot be";
	return NULL;
}

static const char *totals_check(const struct sb_wire_thread_total *totals,
				const struct sb_wire_request *request, uint64_t count)
{
	for (uint32_t i = 0; totals != NULL && i < request->threads; i++)
		if (totals[i].samples > count)
			return "a thread counted in more samples than there are";
		else if (!are_counts(totals[i].counters))
			return "a thread counted more than there can be";
	return NULL;
}

static const char *samples_check(const struct sb_wire_sample *samples, const struct sb_wire_result *result,
				 const struct sb_wire_request *request)
{
	uint64_t aside = 0;

	for (size_t i = 0; i < result->count; i++) {
		const char *problem = sample_check(&samples[i]);

		if (problem != NULL)
			return problem;
		if (samples[i].iterations != result->batch)
			return "a sample has another number of iterations than the batch";
		if (is_aside_for_nothing(samples, i, request))
			return "a sample was set aside without a cause";
		if (((samples[i].flags ^ samples[0].flags) & SB_WIRE_SAMPLE_IN_NS) != 0)
			return "some samples were timed by the benchmark and some were not";
		aside += (samples[i].flags & SB_WIRE_SAMPLE_SET_ASIDE) != 0;
	}
	return aside == result->set_aside ? NULL : "the result counts other samples set aside than it holds";
}

size_t wire_size(enum sb_wire_mode mode, size_t count)
{
	if (count > (mode == SB_WIRE_LIST ? SB_WIRE_CASES_MAX : SB_WIRE_SAMPLES_MAX))
		return 0;
	return SB_WIRE_PAYLOAD_OFFSET + count * entry_size(mode);
}

size_t wire_threads_size(uint32_t threads, size_t count)
{
	const size_t each = count * sizeof(struct sb_wire_thread) + sizeof(struct sb_wire_thread_total);

	return threads > 1 ? threads * each : 0;
}

static size_t capacity(const struct sb_wire_request *request)
{
	return request->samples + request->retakes;
}

static size_t needed_size(const struct sb_wire_request *request)
{
	return wire_size((enum sb_wire_mode)request->mode, capacity(request)) +
	       wire_threads_size(request->threads, capacity(request));
}

static const char *witnesses_check(const struct sb_wire_request *request)
{
	if (request->counters > SB_WIRE_COUNTERS_MAX || request->witnesses > SB_WIRE_WITNESSES_MAX ||
	    request->theft_cpus > CPU_LIMIT)
		return "the request has more counters, witnesses or CPUs than there can be";
	if (request->is_summed > 1 || request->is_wide > 1 || (request->is_summed && request->is_wide))
		return "the request does not say whose events its counters are";
	if (request->by_thread > SB_WIRE_BY_THREAD || (request->by_thread && request->threads < 2) ||
	    (request->by_thread & SB_WIRE_BY_THREAD_COUNTERS && (request->is_summed || request->is_wide)))
		return "the request has counters of threads that there are not";
	if (request->by_thread & SB_WIRE_BY_THREAD_WITNESSES && !request->witnesses)
		return "the request has witnesses of threads that there are not";
	if ((request->set_aside & ~(uint32_t)SB_WIRE_CAUSES) != 0)
		return "the request sets samples aside for an unknown cause";
	if (request->unwitnessed > 1 || (request->unwitnessed && request->witnesses))
		return "the request has witnesses and wants none";
	for (uint32_t i = 0; i < request->witnesses; i++)
		if ((request->witness_causes[i] & ~(uint32_t)SB_WIRE_CAUSES) != 0)
			return "the request has a witness of an unknown cause";
	return NULL;
}

static const char *measure_check(const struct sb_wire_request *request)
{
	if (request->clock != SB_WIRE_CLOCK_RAW && request->clock != SB_WIRE_CLOCK_COUNTER)
		return "the request names an unknown clock";
	if (!isfinite(request->ns_per_tick) || request->ns_per_tick <= 0)
		return "the request has no length for a clock tick";
	if (request->samples == 0 || request->samples > SB_WIRE_SAMPLES_MAX)
		return "the request asks for no sample, or for too many";
	if (request->retakes > SB_WIRE_SAMPLES_MAX - request->samples)
		return "the request lets too many samples be taken again";
	if (request->threads > SB_WIRE_THREADS_MAX)
		return "the request has more threads than there can be";
	if (request->size < needed_size(request))
		return "the request asks for more samples than the shared memory holds";
	if (request->mode == SB_WIRE_MEASURE && request->batch == 0)
		return "the request has a batch of no iteration";
	if (request->mode == SB_WIRE_CALIBRATE && request->sample_ns == 0)
		return "the request has no length for a sample";
	if (!is_name(request->name, sizeof request->name))
		return "the request names no case";
	return witnesses_check(request);
}

const char *wire_request_check(const struct sb_wire_request *request, size_t mapped_size)
{
	if (memcmp(request->magic, SB_WIRE_MAGIC_REQUEST, sizeof request->magic) != 0)
		return "the shared memory holds no request";
	if (request->abi != SB_ABI_VERSION)
		return "the request is of another ABI version";
	if (request->size != mapped_size || mapped_size < SB_WIRE_PAYLOAD_OFFSET)
		return "the request and the shared memory differ in size";
	switch (request->mode) {
	case SB_WIRE_LIST:
		return NULL;
	case SB_WIRE_CALIBRATE:
	case SB_WIRE_MEASURE:
		return measure_check(request);
	default:
		return "the request has an unknown mode";
	}
}

const char *wire_result_check(const void *copy, size_t size, const struct sb_wire_request *request,
			      const struct sb_wire_result **result, int *hello_abi)
{
	const struct sb_wire_result *found = at(copy, SB_WIRE_RESULT_OFFSET);
	const char *problem;

	*result = NULL;
	*hello_abi = -1;
	if (size < SB_WIRE_PAYLOAD_OFFSET)
		return "the shared memory is too small";
	problem = hello_check(at(copy, SB_WIRE_HELLO_OFFSET), hello_abi);
	if (problem == NULL)
		problem = result_check(found, size, request);
	if (problem == NULL)
		problem = request->mode == SB_WIRE_LIST ? cases_check(wire_cases(copy), found->count)
							: samples_check(wire_samples(copy), found, request);
	if (problem == NULL)
		problem = threads_check(wire_threads(copy, request), request->threads, wire_samples(copy),
					found->count);
	if (problem == NULL)
		problem = totals_check(wire_thread_totals(copy, request), request, found->count);
	if (problem == NULL)
		*result = found;
	return problem;
}

const struct sb_wire_case *wire_cases(const void *copy)
{
	return at(copy, SB_WIRE_PAYLOAD_OFFSET);
}

const struct sb_wire_sample *wire_samples(const void *copy)
{
	return at(copy, SB_WIRE_PAYLOAD_OFFSET);
}

const struct sb_wire_thread *wire_threads(const void *copy, const struct sb_wire_request *request)
{
	if (request->mode == SB_WIRE_LIST || request->threads < 2)
		return NULL;
	return at(copy, wire_size((enum sb_wire_mode)request->mode, capacity(request)));
}

const struct sb_wire_thread_total *wire_thread_totals(const void *copy, const struct sb_wire_request *request)
{
	const struct sb_wire_thread *threads = wire_threads(copy, request);

	if (threads == NULL || !(request->by_thread & SB_WIRE_BY_THREAD_COUNTERS))
		return NULL;
	return at(threads, request->threads * capacity(request) * sizeof *threads);
}

void wire_text_copy(char *to, size_t size, const char *from)
{
	size_t used = 0;

	while (*from != '\0') {
		const size_t step = character_size(from);
		const size_t width = step == 0 ? 1 : step;
		if (used + width >= size)
			break;
		if (step == 0)
			to[used] = '?';
		else
			memcpy(to + used, from, step);
		used += width;
		from += width;
	}
	to[used] = '\0';
}
