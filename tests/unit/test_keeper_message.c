/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about messages: the keeper's side believes nothing. */
#include "keeper/message.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "unit.h"

struct bench {
	cpu_set_t machine;
	struct message_limits limits;
	union message_request request;
	struct sb_err err;
};

static void bench_init(struct bench *bench, enum message_action action)
{
	memset(bench, 0, sizeof *bench);
	for (int cpu = 0; cpu < 4; cpu++)
		CPU_SET(cpu, &bench->machine);
	bench->limits.machine = &bench->machine;
	bench->limits.binaries = 2;
	bench->limits.passes = 1;
	message_head(&bench->request.header, action, message_request_size(action));
}

static int check(struct bench *bench, unsigned fds)
{
	return message_check(&bench->request, bench->request.header.size, fds, &bench->limits, &bench->err);
}

static void good_hold(struct bench *bench)
{
	struct message_hold *hold = &bench->request.hold;

	bench_init(bench, MESSAGE_HOLD);
	hold->profile = KNOB_PROFILE_STRICT;
	CPU_SET(2, &hold->topology.bench);
	CPU_SET(3, &hold->topology.siblings);
	CPU_SET(0, &hold->topology.housekeeping);
	strcpy(hold->purpose, "run ./bench_ä");
	strcpy(hold->topology.reason, "because");
}

static void good_count(struct bench *bench)
{
	struct message_count *count = &bench->request.count;

	bench_init(bench, MESSAGE_COUNT);
	count->count = 2;
	count->events[0] = (struct keeper_event){ .type = PERF_TYPE_HARDWARE, .scope = KEEPER_SCOPE_USER };
	count->events[1] = (struct keeper_event){ .type = PERF_TYPE_TRACEPOINT,
						  .scope = KEEPER_SCOPE_KERNEL,
						  .tracepoint = "irq:softirq_entry" };
}

static void good_launch(struct bench *bench)
{
	struct keeper_launch *launch = &bench->request.launch.launch;

	bench_init(bench, MESSAGE_LAUNCH);
	launch->binary = 1;
	launch->mode = SB_WIRE_MEASURE;
	launch->clock = SB_WIRE_CLOCK_COUNTER;
	launch->ns_per_tick = 0.4;
	launch->samples = launch->batch = 1;
	launch->timeout_ms = 1;
	strcpy(launch->name, "group/bench/size=1");
}

START_TEST(good_messages_pass)
{
	static const enum message_action plain[] = { MESSAGE_CANCEL, MESSAGE_KILL, MESSAGE_RELEASE };
	struct bench *bench = malloc(sizeof *bench);

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		bench_init(bench, plain[i]);
		ck_assert_int_eq(check(bench, 0), 0);
	}
	bench_init(bench, MESSAGE_ADD_BINARY);
	ck_assert_int_eq(check(bench, 1), 0);
	good_hold(bench);
	ck_assert_int_eq(check(bench, 0), 0);
	good_launch(bench);
	ck_assert_int_eq(check(bench, 1), 0);
	good_count(bench);
	ck_assert_int_eq(check(bench, 0), 0);
	bench->request.count.count = 0;
	ck_assert_int_eq(check(bench, 0), 0);
	bench_init(bench, MESSAGE_ENVIRONMENT);
	ck_assert_int_eq(check(bench, 0), 0);
	memcpy(bench->request.environment.block, "A=1\0B=", 7);
	bench->request.environment.size = 7;
	ck_assert_int_eq(check(bench, 0), 0);
	free(bench);
}
END_TEST

START_TEST(a_wrong_envelope_is_refused)
{
	struct bench *bench = malloc(sizeof *bench);

	for (uint32_t action = 0; action < 1000; action++) {
		bench_init(bench, MESSAGE_KILL);
		bench->request.header.action = action * 4294967u;
		if (bench->request.header.action != MESSAGE_KILL)
			ck_assert_int_eq(check(bench, 0), -EPROTO);
	}
	bench_init(bench, MESSAGE_KILL);
	ck_assert_int_eq(message_check(&bench->request, 3, 0, &bench->limits, &bench->err), -EPROTO);
	ck_assert_int_eq(message_check(&bench->request, 17, 0, &bench->limits, &bench->err), -EPROTO);
	ck_assert_int_eq(check(bench, 1), -EPROTO);
	bench->request.header.magic ^= 1;
	ck_assert_int_eq(check(bench, 0), -EPROTO);
	bench_init(bench, MESSAGE_KILL);
	bench->request.header.version++;
	ck_assert_int_eq(check(bench, 0), -EPROTO);
	good_launch(bench);
	ck_assert_int_eq(check(bench, 0), -EPROTO);
	ck_assert_int_eq(check(bench, 2), -EPROTO);
	bench_init(bench, MESSAGE_ADD_BINARY);
	bench->limits.binaries = KEEPER_BINARIES_MAX;
	ck_assert_int_eq(check(bench, 1), -EINVAL);
	free(bench);
}
END_TEST

/* Each row spoils a good hold in one place. */
static void spoil_profile(struct message_hold *hold)
{
	hold->profile = KNOB_PROFILES;
}
static void spoil_wait(struct message_hold *hold)
{
	hold->wait = 2;
}
static void spoil_force(struct message_hold *hold)
{
	hold->force = 0x100;
}
static void spoil_bench(struct message_hold *hold)
{
	CPU_ZERO(&hold->topology.bench);
}
static void spoil_machine(struct message_hold *hold)
{
	CPU_SET(4, &hold->topology.bench);
}
static void spoil_sibling(struct message_hold *hold)
{
	CPU_SET(CPU_SETSIZE - 1, &hold->topology.siblings);
}
static void spoil_keeping(struct message_hold *hold)
{
	CPU_SET(2, &hold->topology.housekeeping);
}
static void spoil_purpose(struct message_hold *hold)
{
	memset(hold->purpose, 'x', sizeof hold->purpose);
}
static void spoil_line(struct message_hold *hold)
{
	strcpy(hold->purpose, "a\nkeeper 1");
}
static void spoil_reason(struct message_hold *hold)
{
	memset(hold->topology.reason, 'x', sizeof hold->topology.reason);
}

START_TEST(a_hold_is_checked_in_every_field)
{
	static void (*const spoilers[])(struct message_hold *) = {
		spoil_profile, spoil_wait,    spoil_force,   spoil_bench, spoil_machine,
		spoil_sibling, spoil_keeping, spoil_purpose, spoil_line,  spoil_reason,
	};
	struct bench *bench = malloc(sizeof *bench);

	for (size_t i = 0; i < sizeof spoilers / sizeof spoilers[0]; i++) {
		good_hold(bench);
		spoilers[i](&bench->request.hold);
		ck_assert_msg(check(bench, 0) == -EINVAL, "row %zu", i);
		ck_assert_str_ne(bench->err.text, "");
	}
	free(bench);
}
END_TEST

static void spoil_binary(struct keeper_launch *launch)
{
	launch->binary = 2;
}
static void spoil_mode(struct keeper_launch *launch)
{
	launch->mode = 0;
}
static void spoil_modes(struct keeper_launch *launch)
{
	launch->mode = SB_WIRE_MEASURE + 1;
}
static void spoil_clock(struct keeper_launch *launch)
{
	launch->clock = 3;
}
static void spoil_nan(struct keeper_launch *launch)
{
	launch->ns_per_tick = NAN;
}
static void spoil_inf(struct keeper_launch *launch)
{
	launch->ns_per_tick = INFINITY;
}
static void spoil_zero(struct keeper_launch *launch)
{
	launch->ns_per_tick = 0;
}
static void spoil_samples(struct keeper_launch *launch)
{
	launch->samples = 0;
}
static void spoil_many(struct keeper_launch *launch)
{
	launch->samples = UINT64_MAX;
}
static void spoil_padding(struct keeper_launch *launch)
{
	launch->padding = KEEPER_PADDING_MAX + 1;
}
static void spoil_timeout(struct keeper_launch *launch)
{
	launch->timeout_ms = 0;
}
static void spoil_name(struct keeper_launch *launch)
{
	memset(launch->name, 'x', sizeof launch->name);
}
static void spoil_pass(struct keeper_launch *launch)
{
	launch->pass = 2;
}
static void spoil_sum(struct keeper_launch *launch)
{
	launch->is_summed = 2;
}
static void spoil_witnesses(struct keeper_launch *launch)
{
	launch->witnesses = 2;
}
static void spoil_both(struct keeper_launch *launch)
{
	launch->witnesses = launch->unwitnessed = 1;
}

START_TEST(a_launch_is_checked_in_every_field)
{
	static void (*const spoilers[])(struct keeper_launch *) = {
		spoil_binary, spoil_mode,    spoil_modes,     spoil_clock,   spoil_nan,	    spoil_inf,
		spoil_zero,   spoil_samples, spoil_many,      spoil_padding, spoil_timeout, spoil_name,
		spoil_pass,   spoil_sum,     spoil_witnesses, spoil_both,
	};
	struct bench *bench = malloc(sizeof *bench);

	for (size_t i = 0; i < sizeof spoilers / sizeof spoilers[0]; i++) {
		good_launch(bench);
		spoilers[i](&bench->request.launch.launch);
		ck_assert_msg(check(bench, 1) == -EINVAL, "row %zu", i);
		ck_assert_str_ne(bench->err.text, "");
	}
	free(bench);
}
END_TEST

/* What an event may be, counting_check's own claims say. */
START_TEST(every_event_of_a_count_is_checked)
{
	struct bench *bench = malloc(sizeof *bench);

	good_count(bench);
	bench->request.count.count = KEEPER_EVENTS_MAX + 1;
	ck_assert_int_eq(check(bench, 0), -EINVAL);
	bench->request.count.count = 3; /* of the third nothing is filled in */
	ck_assert_int_eq(check(bench, 0), -EINVAL);
	good_count(bench);
	bench->request.count.events[1].tracepoint[0] = '/';
	ck_assert_int_eq(check(bench, 0), -EINVAL);
	ck_assert_str_ne(bench->err.text, "");
	good_count(bench);
	ck_assert_int_eq(check(bench, 1), -EPROTO);
	free(bench);
}
END_TEST

static int check_block(struct bench *bench, const char *block, size_t size)
{
	bench_init(bench, MESSAGE_ENVIRONMENT);
	memcpy(bench->request.environment.block, block, size);
	bench->request.environment.size = (uint32_t)size;
	return check(bench, 0);
}

START_TEST(an_environment_is_names_and_values)
{
	struct bench *bench = malloc(sizeof *bench);
	char many[4 * (MESSAGE_VARIABLES_MAX + 1)];

	ck_assert_int_eq(check_block(bench, "A=1", 3), -EINVAL); /* no end */
	ck_assert_int_eq(check_block(bench, "A", 2), -EINVAL);
	ck_assert_int_eq(check_block(bench, "=1", 3), -EINVAL);
	ck_assert_int_eq(check_block(bench, "A=1\0", 5), -EINVAL); /* an empty one */
	for (size_t i = 0; i < sizeof many; i += 4)
		memcpy(many + i, "A=1", 4);
	ck_assert_int_eq(check_block(bench, many, sizeof many - 4), 0);
	ck_assert_int_eq(check_block(bench, many, sizeof many), -EINVAL);
	bench_init(bench, MESSAGE_ENVIRONMENT);
	bench->request.environment.size = UINT32_MAX;
	ck_assert_int_eq(check(bench, 0), -EINVAL);
	free(bench);
}
END_TEST

/* Under a sanitizer: no byte of a well-sized message leads a check astray. */
START_TEST(noise_inside_a_message_is_survived)
{
	static const enum message_action all[] = { MESSAGE_HOLD, MESSAGE_LAUNCH, MESSAGE_ENVIRONMENT,
						   MESSAGE_COUNT };
	struct bench *bench = malloc(sizeof *bench);
	unsigned seed = 3;

	for (int round = 0; round < 300; round++) {
		const enum message_action action = all[round % 4];

		bench_init(bench, action);
		for (size_t i = sizeof(struct message_header); i < message_request_size(action); i++)
			bench->request.bytes[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16);
		ck_assert_int_lt(check(bench, action == MESSAGE_LAUNCH), 0);
	}
	free(bench);
}
END_TEST

UNIT_MAIN("message", good_messages_pass, a_wrong_envelope_is_refused, a_hold_is_checked_in_every_field,
	  a_launch_is_checked_in_every_field, every_event_of_a_count_is_checked,
	  an_environment_is_names_and_values, noise_inside_a_message_is_survived)
