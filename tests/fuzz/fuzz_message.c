/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever a front sends: a request that passes the keeper's check must be within every bound that the keeper
 * relies on. With an odd first byte the header is made right for the action that the second names.
 */
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"
#include "keeper/message.h"

static void expect(bool kept)
{
	if (!kept)
		abort();
}

static bool is_text(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static void check_environment(const union message_request *request)
{
	const struct message_environment *environment = &request->environment;

	expect(environment->size <= sizeof environment->block);
	expect(!environment->size || environment->block[environment->size - 1] == '\0');
}

static void check_hold(const union message_request *request)
{
	expect(request->hold.profile < KNOB_PROFILES);
	expect(CPU_COUNT(&request->hold.topology.bench) > 0);
	expect(is_text(request->hold.purpose, sizeof request->hold.purpose));
	expect(is_text(request->hold.topology.reason, sizeof request->hold.topology.reason));
}

static void check_launch(const union message_request *request)
{
	const struct keeper_launch *launch = &request->launch.launch;

	expect(launch->binary < 3 && launch->samples > 0 && launch->samples <= SB_WIRE_SAMPLES_MAX);
	expect(launch->padding <= KEEPER_PADDING_MAX && launch->timeout_ms > 0);
	expect(is_text(launch->name, sizeof launch->name));
	expect(launch->pass <= 2 && launch->is_summed <= 1 && launch->witnesses <= 1);
}

/* A name becomes a path. */
static void check_count(const union message_request *request)
{
	expect(request->count.count <= KEEPER_EVENTS_MAX);
	for (uint32_t i = 0; i < request->count.count; i++) {
		const struct keeper_event *event = &request->count.events[i];

		expect(is_text(event->tracepoint, sizeof event->tracepoint));
		expect(!strpbrk(event->tracepoint, "/.") && event->scope > 0 && event->scope < 8);
	}
}

static void (*const checks[MESSAGE_ACTIONS])(const union message_request *) = {
	[MESSAGE_ENVIRONMENT] = check_environment,
	[MESSAGE_HOLD] = check_hold,
	[MESSAGE_LAUNCH] = check_launch,
	[MESSAGE_COUNT] = check_count,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	union message_request *request = calloc(1, sizeof *request);
	struct message_limits limits = { .binaries = 3, .passes = 2 };
	size_t length = size > 2 ? size - 2 : 0;
	unsigned fds = size > 1 ? bytes[1] >> 6 : 0;
	cpu_set_t machine;

	memset(&machine, 0xff, sizeof machine);
	limits.machine = &machine;
	length = length < sizeof *request ? length : sizeof *request;
	memcpy(request, bytes + 2, size > 2 ? length : 0);
	if (size > 2 && bytes[0] & 1) {
		const uint32_t action = (bytes[1] & 63u) % MESSAGE_ACTIONS;

		length = message_request_size(action);
		message_head(&request->header, (enum message_action)action, length);
	}
	if (!message_check(request, length, fds, &limits, NULL) && checks[request->header.action])
		checks[request->header.action](request);
	free(request);
	return 0;
}
