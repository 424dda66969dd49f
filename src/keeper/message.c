/* SPDX-License-Identifier: GPL-2.0-or-later */
/* message.c - sending, receiving and above all distrusting messages; see message.h. */
#include "keeper/message.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/cpulist.h"
#include "keeper/counting.h"

#define FDS_MAX 8 /* taken off the socket so that surplus ones can be closed */

void message_head(struct message_header *header, enum message_action action, size_t size)
{
	header->magic = MESSAGE_MAGIC;
	header->version = MESSAGE_VERSION;
	header->action = action;
	header->size = (uint32_t)size;
}

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

int message_send(int socket, const void *message, int fd)
{
	const struct message_header *header = message;
	struct iovec part = { .iov_base = (void *)(uintptr_t)message, .iov_len = header->size };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
	union control control;
	struct cmsghdr *extra;

	if (fd >= 0) {
		memset(&control, 0, sizeof control);
		packet.msg_control = control.bytes;
		packet.msg_controllen = CMSG_SPACE(sizeof fd);
		extra = CMSG_FIRSTHDR(&packet);
		extra->cmsg_level = SOL_SOCKET;
		extra->cmsg_type = SCM_RIGHTS;
		extra->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(extra), &fd, sizeof fd);
	}
	for (;;) {
		if (sendmsg(socket, &packet, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
}

static void take_fds(const struct cmsghdr *extra, struct message_fds *fds)
{
	size_t count = (extra->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	int fd;

	for (size_t i = 0; i < count; i++) {
		memcpy(&fd, CMSG_DATA(extra) + i * sizeof fd, sizeof fd);
		if (fds->count++ == 0)
			fds->first = fd;
		else
			close(fd);
	}
}

ptrdiff_t message_receive(int socket, void *message, size_t room, struct message_fds *fds)
{
	struct iovec part = { .iov_base = message, .iov_len = room };
	union control control;
	struct msghdr packet = { .msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof control.bytes };
	ssize_t got;

	fds->first = -1;
	fds->count = 0;
	do
		got = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == ECONNRESET ? 0 : -errno;
	for (struct cmsghdr *extra = CMSG_FIRSTHDR(&packet); extra; extra = CMSG_NXTHDR(&packet, extra))
		if (extra->cmsg_level == SOL_SOCKET && extra->cmsg_type == SCM_RIGHTS)
			take_fds(extra, fds);
	return got;
}

/* --- checks ------------------------------------------------------------------------------------------- */

static bool is_printable_text(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 127)
			return false;
	return length < size;
}

static int check_nothing(const union message_request *request, const struct message_limits *limits,
			 struct sb_err *err)
{
	(void)request;
	(void)limits;
	(void)err;
	return 0;
}

static int check_add_binary(const union message_request *request, const struct message_limits *limits,
			    struct sb_err *err)
{
	(void)request;
	if (limits->binaries >= KEEPER_BINARIES_MAX)
		return err_set(err, -EINVAL, "too many binaries: a session takes at most %d",
			       KEEPER_BINARIES_MAX);
	return 0;
}

static bool is_variable(const char *text)
{
	return text[0] != '=' && strchr(text, '=');
}

static int check_environment(const union message_request *request, const struct message_limits *limits,
			     struct sb_err *err)
{
	const struct message_environment *environment = &request->environment;
	unsigned count = 0;

	(void)limits;
	if (environment->size > sizeof environment->block)
		return err_set(err, -EINVAL, "an environment of %u bytes is larger than %zu",
			       environment->size, sizeof environment->block);
	if (environment->size && environment->block[environment->size - 1])
		return err_set(err, -EINVAL, "the environment does not end with NUL");
	for (size_t at = 0; at < environment->size; at += strlen(environment->block + at) + 1) {
		if (!is_variable(environment->block + at))
			return err_set(err, -EINVAL, "an environment variable is not of the form NAME=value");
		if (++count > MESSAGE_VARIABLES_MAX)
			return err_set(err, -EINVAL, "more than %d environment variables",
				       MESSAGE_VARIABLES_MAX);
	}
	return 0;
}

static int check_topology(const struct topology *topology, const cpu_set_t *machine, struct sb_err *err)
{
	cpu_set_t all, both;
	char text[128];

	CPU_OR(&all, &topology->bench, &topology->siblings);
	CPU_OR(&all, &all, &topology->housekeeping);
	CPU_OR(&all, &all, &topology->allowed);
	if (!cpulist_is_subset(&all, machine))
		return err_set(err, -EINVAL, "the CPUs %s are not all there",
			       cpulist_format(&all, text, sizeof text));
	if (CPU_COUNT(&topology->bench) == 0)
		return err_set(err, -EINVAL, "no CPU for the benchmark");
	CPU_AND(&both, &topology->bench, &topology->housekeeping);
	if (CPU_COUNT(&both) > 0)
		return err_set(err, -EINVAL, "CPU %s is the benchmark's and for housekeeping too",
			       cpulist_format(&both, text, sizeof text));
	if (!is_printable_text(topology->reason, sizeof topology->reason))
		return err_set(err, -EINVAL, "the reason of the topology is no line of text");
	return 0;
}

static int check_hold(const union message_request *request, const struct message_limits *limits,
		      struct sb_err *err)
{
	const struct message_hold *hold = &request->hold;

	if (hold->profile >= KNOB_PROFILES)
		return err_set(err, -EINVAL, "there is no profile %u", hold->profile);
	if (hold->wait > 1 || hold->force > 1 || hold->is_shared > 1 || hold->wants_counters > 1 ||
	    hold->is_guarded > 1 || hold->wants_thieves > 1)
		return err_set(err, -EINVAL, "a switch is neither 0 nor 1");
	if (hold->drill_victims > (KEEPER_VICTIM_FRONT | KEEPER_VICTIM_KEEPER))
		return err_set(err, -EINVAL, "there are no victims %u", hold->drill_victims);
	if (!is_printable_text(hold->purpose, sizeof hold->purpose))
		return err_set(err, -EINVAL, "the purpose is no line of text");
	return check_topology(&hold->topology, limits->machine, err);
}

static int check_launch_numbers(const struct keeper_launch *launch, struct sb_err *err)
{
	if (launch->clock != SB_WIRE_CLOCK_RAW && launch->clock != SB_WIRE_CLOCK_COUNTER)
		return err_set(err, -EINVAL, "there is no clock %u", launch->clock);
	if (!isfinite(launch->ns_per_tick) || launch->ns_per_tick <= 0)
		return err_set(err, -EINVAL, "a tick of %g ns is impossible", launch->ns_per_tick);
	if (launch->samples < 1 || launch->samples > SB_WIRE_SAMPLES_MAX)
		return err_set(err, -EINVAL, "%llu samples are not between 1 and %d",
			       (unsigned long long)launch->samples, SB_WIRE_SAMPLES_MAX);
	if (launch->retakes > SB_WIRE_SAMPLES_MAX - launch->samples || launch->set_aside & ~SB_WIRE_CAUSES)
		return err_set(err, -EINVAL, "%llu samples cannot be taken again for causes %#x",
			       (unsigned long long)launch->retakes, launch->set_aside);
	if (launch->unwitnessed > 1)
		return err_set(err, -EINVAL, "a switch is neither 0 nor 1");
	if (launch->threads > SB_WIRE_THREADS_MAX)
		return err_set(err, -EINVAL, "%u threads are more than %d", launch->threads,
			       SB_WIRE_THREADS_MAX);
	if (launch->padding > KEEPER_PADDING_MAX)
		return err_set(err, -EINVAL, "%u bytes of padding are more than %d", launch->padding,
			       KEEPER_PADDING_MAX);
	if (launch->timeout_ms == 0)
		return err_set(err, -EINVAL, "a launch needs a time limit");
	return 0;
}

static int check_counting(const struct keeper_launch *launch, const struct message_limits *limits,
			  struct sb_err *err)
{
	if (launch->pass > limits->passes)
		return err_set(err, -EINVAL, "there is no pass %u of the counters", launch->pass);
	if (launch->is_summed > 1 || launch->witnesses > 1 || (launch->witnesses && launch->unwitnessed))
		return err_set(err, -EINVAL, "what is counted around a sample contradicts itself");
	return 0;
}

static int check_launch(const union message_request *request, const struct message_limits *limits,
			struct sb_err *err)
{
	const struct keeper_launch *launch = &request->launch.launch;

	if (launch->binary >= limits->binaries)
		return err_set(err, -EINVAL, "there is no binary %u", launch->binary);
	if (launch->mode < SB_WIRE_LIST || launch->mode > SB_WIRE_MEASURE)
		return err_set(err, -EINVAL, "there is no mode %u", launch->mode);
	if (!is_printable_text(launch->name, sizeof launch->name))
		return err_set(err, -EINVAL, "the case name is no line of text");
	return check_counting(launch, limits, err) ? -EINVAL : check_launch_numbers(launch, err);
}

static int check_adopt(const union message_request *request, const struct message_limits *limits,
		       struct sb_err *err)
{
	(void)limits;
	return request->adopt.pid > 1 ? 0
				      : err_set(err, -EINVAL, "there is no process %d", request->adopt.pid);
}

static int check_count(const union message_request *request, const struct message_limits *limits,
		       struct sb_err *err)
{
	const struct message_count *count = &request->count;

	(void)limits;
	if (count->count > KEEPER_EVENTS_MAX)
		return err_set(err, -EINVAL, "%u events are more than %d", count->count, KEEPER_EVENTS_MAX);
	for (uint32_t i = 0; i < count->count; i++)
		if (counting_check(&count->events[i], err))
			return -EINVAL;
	return 0;
}

static int check_watch(const union message_request *request, const struct message_limits *limits,
		       struct sb_err *err)
{
	(void)limits;
	return request->watch.ends > 1 ? err_set(err, -EINVAL, "a switch is neither 0 nor 1") : 0;
}

/* What a front may ask for, and what is answered. */
static const struct rule {
	const char *name;
	size_t size; /* of the request, 0: only the keeper sends it */
	size_t answer;
	unsigned fds;
	int (*check)(const union message_request *, const struct message_limits *, struct sb_err *);
} rules[MESSAGE_ACTIONS] = {
	[MESSAGE_HELLO] = { "hello", 0, sizeof(struct message_reply), 0, NULL },
	[MESSAGE_ADD_BINARY] = { "add binary", sizeof(struct message_plain),
				 sizeof(struct message_reply_binary), 1, check_add_binary },
	[MESSAGE_ENVIRONMENT] = { "environment", sizeof(struct message_environment),
				  sizeof(struct message_reply), 0, check_environment },
	[MESSAGE_HOLD] = { "hold", sizeof(struct message_hold), sizeof(struct message_reply_hold), 0,
			   check_hold },
	[MESSAGE_CANCEL] = { "cancel", sizeof(struct message_plain), 0, 0, check_nothing },
	[MESSAGE_LAUNCH] = { "launch", sizeof(struct message_launch), sizeof(struct message_reply_launch), 1,
			     check_launch },
	[MESSAGE_KILL] = { "kill", sizeof(struct message_plain), 0, 0, check_nothing },
	[MESSAGE_ENDED] = { "ended", 0, sizeof(struct message_reply_ended), 0, NULL },
	[MESSAGE_RELEASE] = { "release", sizeof(struct message_plain), sizeof(struct message_reply_release),
			      0, check_nothing },
	[MESSAGE_ADOPT] = { "adopt", sizeof(struct message_adopt), sizeof(struct message_reply), 0,
			    check_adopt },
	[MESSAGE_LINGER] = { "linger", sizeof(struct message_plain), sizeof(struct message_reply), 0,
			     check_nothing },
	[MESSAGE_COUNT] = { "count", sizeof(struct message_count), sizeof(struct message_reply_count), 0,
			    check_count },
	[MESSAGE_WATCH] = { "watch", sizeof(struct message_watch), sizeof(struct message_reply_watch), 0,
			    check_watch },
};

static const struct rule *find_rule(uint32_t action)
{
	return action < MESSAGE_ACTIONS && rules[action].name ? &rules[action] : NULL;
}

size_t message_request_size(uint32_t action)
{
	const struct rule *rule = find_rule(action);

	return rule ? rule->size : 0;
}

size_t message_answer_size(uint32_t action)
{
	const struct rule *rule = find_rule(action);

	return rule ? rule->answer : 0;
}

int message_check(const union message_request *request, size_t size, unsigned fds,
		  const struct message_limits *limits, struct sb_err *err)
{
	const struct rule *rule;

	if (size < sizeof request->header)
		return err_set(err, -EPROTO, "a message of %zu bytes is too short", size);
	if (request->header.magic != MESSAGE_MAGIC || request->header.version != MESSAGE_VERSION)
		return err_set(err, -EPROTO, "a message of version %u is not understood",
			       request->header.version);
	rule = find_rule(request->header.action);
	if (!rule || !rule->size)
		return err_set(err, -EPROTO, "there is no action %u", request->header.action);
	if (size != rule->size || request->header.size != rule->size)
		return err_set(err, -EPROTO, "the message '%s' has %zu bytes instead of %zu", rule->name,
			       size, rule->size);
	if (fds != rule->fds)
		return err_set(err, -EPROTO, "the message '%s' came with %u descriptors instead of %u",
			       rule->name, fds, rule->fds);
	return rule->check(request, limits, err);
}
