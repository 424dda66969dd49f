/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - the keeper's loop: one poll over the socket, the launch and the clock.
 *
 * It lives until the front says RELEASE or the socket closes, however the front ended; then the launch dies,
 * the host goes back, and the process ends by _exit, so that nothing of the front's that was inherited over
 * the fork runs.
 */
#include "keeper/server.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/monotonic.h"
#include "host/topology.h"
#include "keeper/announce.h"
#include "keeper/control.h"
#include "keeper/detach.h"
#include "keeper/launch.h"
#include "keeper/lock.h"
#include "keeper/message.h"
#include "keeper/process.h"
#include "keeper/restore.h"
#include "keeper/tally.h"
#include "keeper/watch.h"

#define LOCK_POLL_MS	  100
#define FRONT_PATIENCE_MS 30000 /* no front that runs is silent for so long between two launches */

struct server {
	const struct server_setting *setting;
	int socket;
	int children; /* signalfd: readable when a child has ended */
	struct path_root root;
	cpu_set_t machine;
	struct limits limits;
	char oom_score[16]; /* as found; "" when it was not changed */
	int binaries[KEEPER_BINARIES_MAX];
	unsigned binary_count;
	size_t environment_size;
	char environment[KEEPER_ENVIRONMENT];
	struct launch launch;
	struct lock lock;
	struct control control;
	struct counting counting;
	struct thief *thief; /* NULL: nobody watches */
	struct tally tally;  /* of a launch that nobody watches */
	struct keeper_hold hold;
	struct keeper_restored recovered; /* before the front looked at the host */
	bool is_waiting, is_held, is_lingering, has_ended, has_announced_change;
	pid_t adopted; /* 0: none */
	uint64_t adopted_start;
	union message_request request;
	union message_answer answer;
};

/* --- answers ------------------------------------------------------------------------------------------ */

static void answer(struct server *server, enum message_action action, int code, const struct sb_err *err,
		   int fd)
{
	struct message_reply *reply = &server->answer.reply;

	message_head(&reply->header, action, message_answer_size(action));
	reply->code = code;
	snprintf(reply->text, sizeof reply->text, "%s", code ? err->text : "");
	/* a front that is gone is noticed by the poll */
	message_send(server->socket, reply, fd);
}

static void clear_answer(struct server *server)
{
	memset(&server->answer, 0, sizeof server->answer);
}

/* --- actions ------------------------------------------------------------------------------------------ */

static void add_binary(struct server *server, int fd)
{
	clear_answer(server);
	server->binaries[server->binary_count] = fd;
	server->answer.binary.index = server->binary_count++;
	answer(server, MESSAGE_ADD_BINARY, 0, NULL, -1);
}

static void set_environment(struct server *server, int fd)
{
	const struct message_environment *environment = &server->request.environment;

	(void)fd;
	memcpy(server->environment, environment->block, environment->size);
	server->environment_size = environment->size;
	clear_answer(server);
	answer(server, MESSAGE_ENVIRONMENT, 0, NULL, -1);
}

static int take_host(struct server *server, struct sb_err *err)
{
	const struct identity *identity = server->setting->identity;
	struct message_reply_hold *reply = &server->answer.hold;
	int code = 0;

	if (server->lock.dir < 0)
		code = lock_open(&server->lock, identity, server->setting->run_dir, true, err);
	if (!code)
		code = lock_take(&server->lock, err);
	if (code)
		return code;
	code = lock_announce(&server->lock, identity->front_user, server->setting->front,
			     server->hold.purpose, err);
	reply->recovered = server->recovered;
	if (!code)
		code = restore_leftover(&server->root, server->lock.dir, server->hold.force, true,
					&reply->recovered, err);
	if (code) {
		err_prefix(err, "run folder '%s'", server->lock.path);
		lock_release(&server->lock);
	}
	return code;
}

static const cpu_set_t *bench_cpus(const struct server *server)
{
	const bool is_pinned = server->is_held && knob_is_chosen(knob_find("cpus"), &server->hold.choice);

	return is_pinned ? &server->hold.topology.bench : NULL;
}

static const cpu_set_t *watched_cpus(const struct server *server)
{
	const cpu_set_t *cpus = bench_cpus(server);

	return cpus ? cpus : &server->machine;
}

static void watch_thieves(struct server *server, struct message_reply_hold *reply)
{
	if (server->hold.wants_thieves)
		server->thief = watch_start(server->setting->identity->privileged, &server->root,
					    watched_cpus(server), &reply->conditions[reply->count++]);
}

/* Tried at once, and again while waiting, until the lock is there or the front has enough. */
static void try_hold(struct server *server)
{
	struct message_reply_hold *reply = &server->answer.hold;
	struct sb_err err = { 0 };
	int code;

	clear_answer(server);
	code = take_host(server, &err);
	if (code == -EBUSY && server->hold.wait)
		return;
	server->is_waiting = false;
	if (!code) {
		server->is_held = true;
		if (server->hold.is_guarded && server->setting->identity->privileged && server->root.is_real)
			server->control.guarded_dir = server->lock.path;
		server->control.is_apart = server->root.is_real && server->setting->identity->privileged &&
					   strcmp(server->lock.path, KEEPER_RUN_DIR) != 0;
		reply->count =
			(uint32_t)control_apply(&server->control, &server->hold, server->setting->front,
						server->lock.dir, reply->conditions);
		watch_thieves(server, reply);
		announce_knobs(&server->lock, reply->conditions, reply->count);
		announce_guard(&server->lock, &server->control.guard.condition);
	}
	answer(server, MESSAGE_HOLD, code, &err, -1);
}

static void begin_hold(struct server *server, int fd)
{
	const struct message_hold *order = &server->request.hold;
	struct sb_err err = { 0 };

	(void)fd;
	if (server->is_held || server->is_waiting) {
		clear_answer(server);
		answer(server, MESSAGE_HOLD, err_set(&err, -EALREADY, "the host is held once a session"),
		       &err, -1);
		return;
	}
	server->hold.choice =
		(struct knob_choice){ (enum knob_profile)order->profile, order->with, order->without };
	server->hold.is_shared = order->is_shared;
	server->hold.wants_counters = order->wants_counters;
	server->hold.is_guarded = order->is_guarded;
	server->hold.wants_thieves = order->wants_thieves;
	server->hold.drill_step = order->drill_step;
	server->hold.drill_victims = order->drill_victims;
	server->hold.wait = order->wait;
	server->hold.force = order->force;
	server->hold.topology = order->topology;
	memcpy(server->hold.purpose, order->purpose, sizeof server->hold.purpose);
	server->is_waiting = true;
	try_hold(server);
}

static void cancel_hold(struct server *server, int fd)
{
	struct sb_err err = { 0 };

	(void)fd;
	if (!server->is_waiting)
		return;
	server->is_waiting = false;
	clear_answer(server);
	answer(server, MESSAGE_HOLD, err_set(&err, -EINTR, "interrupted while waiting for the host"), &err,
	       -1);
}

static void try_events(struct server *server, int fd)
{
	const struct message_count *order = &server->request.count;
	struct message_reply_count *reply = &server->answer.count;
	struct sb_err err = { 0 };
	int code;

	(void)fd;
	clear_answer(server);
	if (launch_is_running(&server->launch)) {
		code = err_set(&err, -EBUSY, "events are not tried beside a launch");
	} else {
		counting_prepare(&server->root, bench_cpus(server), order->events, order->count,
				 &server->counting);
		counting_withhold(&server->root, server->setting->identity, &server->counting);
		code = counting_probe(&server->counting, server->setting->identity, bench_cpus(server),
				      server->socket, reply->probes, &err);
	}
	reply->passes = server->counting.passes;
	reply->witnesses = server->counting.witnesses;
	answer(server, MESSAGE_COUNT, code, &err, -1);
}

static int start_launch(struct server *server, int output, struct keeper_started *started, struct sb_err *err)
{
	const struct keeper_launch *order = &server->request.launch.launch;
	const struct launch_setting setting = {
		.identity = server->setting->identity,
		.environment = server->environment,
		.environment_size = server->environment_size,
		.cpus = bench_cpus(server),
		.counting = &server->counting,
		.thief = server->thief,
		.task = &server->control.context.task,
		.limits = &server->limits,
		.oom_score = server->oom_score,
		.cgroup_procs_fd = server->control.context.cgroup_procs_fd,
		.cpuset_procs_fd = server->control.context.cpuset_procs_fd,
		.cgroup_kill_fd = server->control.context.cgroup_kill_fd,
	};

	if (launch_is_running(&server->launch))
		return err_set(err, -EBUSY, "a launch is running already");
	return launch_begin(&server->launch, &setting, order, server->binaries[order->binary], output,
			    started, err);
}

static void begin_tally(struct server *server)
{
	const struct keeper_launch *order = &server->request.launch.launch;

	if (!server->thief && server->hold.wants_thieves && order->mode != SB_WIRE_LIST &&
	    !order->unwitnessed)
		tally_begin(&server->tally, &server->root, watched_cpus(server));
}

static void begin_launch(struct server *server, int output)
{
	struct keeper_started started = { .memory = -1 };
	struct sb_err err = { 0 };
	int code;

	clear_answer(server);
	code = start_launch(server, output, &started, &err);
	close(output);
	if (!code)
		begin_tally(server);
	server->answer.launch.pid = (int32_t)started.pid;
	server->answer.launch.size = started.size;
	server->answer.launch.started_ns = started.started_ns;
	server->answer.launch.asked = started.asked;
	answer(server, MESSAGE_LAUNCH, code, &err, code ? -1 : started.memory);
	if (!code)
		close(started.memory);
}

static bool is_adopted_alive(const struct server *server)
{
	return server->adopted && process_is_alive(server->adopted, server->adopted_start);
}

/* An adopted process may clean up; a launch has nothing to say any more. */
static void kill_launch(struct server *server, int fd)
{
	(void)fd;
	server->launch.killed = launch_is_running(&server->launch);
	launch_kill(&server->launch);
	if (is_adopted_alive(server))
		kill(server->adopted, SIGTERM);
}

/* A benchmark of the same user can stop the front, which would then hold the host for ever. */
static void wake_front(const struct server *server)
{
	if (server->is_held && !server->is_lingering && !launch_is_running(&server->launch))
		kill(server->setting->front, SIGCONT);
}

static void end_launch(struct server *server)
{
	clear_answer(server);
	launch_end(&server->launch, &server->answer.ended.ended);
	tally_end(&server->tally, &server->root, server->answer.ended.ended.switches,
		  &server->answer.ended.ended.thieves);
	control_check(&server->control, &server->answer.ended.ended.change);
	answer(server, MESSAGE_ENDED, 0, NULL, -1);
	wake_front(server);
}

static int adopt_child(struct server *server, pid_t pid, struct sb_err *err)
{
	int code;

	if (!server->is_held || server->adopted)
		return err_set(err, -EINVAL, "a session adopts one process, once it holds the host");
	code = process_check_child(pid, server->setting->front, &server->adopted_start, err);
	server->adopted = code ? 0 : pid;
	return code ? code : control_adopt(&server->control, pid, err);
}

static void adopt(struct server *server, int fd)
{
	struct sb_err err = { 0 };
	int code;

	(void)fd;
	code = adopt_child(server, server->request.adopt.pid, &err);
	clear_answer(server);
	answer(server, MESSAGE_ADOPT, code, &err, -1);
}

/* The front itself, and nobody else that it could name. */
static void watch_front(struct server *server, int fd)
{
	struct thief *thief = launch_is_running(&server->launch) ? NULL : server->thief;
	struct sb_err err = { 0 };
	int memory = -1, code;

	(void)fd;
	clear_answer(server);
	code = watch_answer(thief, server->setting->front, server->request.watch.ends, &server->answer.watch,
			    &memory, &err);
	answer(server, MESSAGE_WATCH, code, &err, memory);
}

/* From now on SIGTERM, which only root or our own user can send, is the way to end it. */
static int hold_on(struct server *server, struct sb_err *err)
{
	int code;

	if (!server->is_held)
		return err_set(err, -EINVAL, "nothing is held");
	code = detach_take_termination(server->children);
	if (code)
		return err_set(err, code, "the keeper cannot wait for its end: %s", err_reason(code));
	return lock_announce_more(&server->lock, "lingering", err);
}

static void linger(struct server *server, int fd)
{
	struct sb_err err = { 0 };
	int code;

	(void)fd;
	clear_answer(server);
	code = hold_on(server, &err);
	server->is_lingering = !code;
	answer(server, MESSAGE_LINGER, code, &err, -1);
}

/* The whole way back, whoever asked for it. */
static int give_back(struct server *server, struct keeper_restored *restored, struct sb_err *err)
{
	struct keeper_ended ended;
	int code;

	if (launch_is_running(&server->launch)) {
		launch_kill(&server->launch);
		launch_end(&server->launch, &ended);
	}
	if (is_adopted_alive(server))
		kill(server->adopted, SIGKILL);
	control_check(&server->control, &restored->change);
	code = control_release(&server->control, restored, err);
	lock_release(&server->lock);
	return code;
}

static void release(struct server *server, int fd)
{
	struct sb_err err = { 0 };
	int code;

	(void)fd;
	clear_answer(server);
	code = give_back(server, &server->answer.release.restored, &err);
	answer(server, MESSAGE_RELEASE, code, &err, -1);
	server->has_ended = true;
}

/* A descriptor that came with a message belongs to the action. */
static void (*const actions[MESSAGE_ACTIONS])(struct server *server, int fd) = {
	[MESSAGE_ADD_BINARY] = add_binary, [MESSAGE_ENVIRONMENT] = set_environment,
	[MESSAGE_HOLD] = begin_hold,	   [MESSAGE_CANCEL] = cancel_hold,
	[MESSAGE_LAUNCH] = begin_launch,   [MESSAGE_KILL] = kill_launch,
	[MESSAGE_RELEASE] = release,	   [MESSAGE_ADOPT] = adopt,
	[MESSAGE_LINGER] = linger,	   [MESSAGE_COUNT] = try_events,
	[MESSAGE_WATCH] = watch_front,
};

/* An answer that the front can match with what it asked, whatever it asked. */
static void reject(struct server *server, size_t size, int code, const struct sb_err *err)
{
	uint32_t action = size >= sizeof server->request.header ? server->request.header.action : 0;

	if (!message_answer_size(action))
		action = MESSAGE_HELLO;
	clear_answer(server);
	answer(server, (enum message_action)action, code, err, -1);
}

static void front_has_gone(struct server *server)
{
	close(server->socket);
	server->socket = -1;
	server->has_ended = !server->is_lingering;
}

static void receive(struct server *server)
{
	const struct message_limits limits = { .machine = &server->machine,
					       .binaries = server->binary_count,
					       .passes = server->counting.passes };
	struct message_fds fds;
	struct sb_err err = { 0 };
	ptrdiff_t got;
	int code;

	memset(&server->request, 0, sizeof server->request.header);
	got = message_receive(server->socket, &server->request, sizeof server->request, &fds);
	if (got <= 0) {
		front_has_gone(server);
		return;
	}
	code = message_check(&server->request, (size_t)got, fds.count, &limits, &err);
	if (!code) {
		actions[server->request.header.action](server, fds.first);
		return;
	}
	if (fds.first >= 0)
		close(fds.first);
	reject(server, (size_t)got, code, &err);
}

/* --- the loop ----------------------------------------------------------------------------------------- */

static int next_timeout_ms(const struct server *server)
{
	const uint64_t now = monotonic_now_ns();
	uint64_t left_ms;

	if (server->is_waiting)
		return LOCK_POLL_MS;
	if (!launch_is_running(&server->launch))
		return server->is_held ? FRONT_PATIENCE_MS : -1;
	if (server->launch.timed_out)
		return LOCK_POLL_MS;
	if (server->launch.deadline_ns <= now)
		return 0;
	/* rounded up, so that the last turn does not spin */
	left_ms = (server->launch.deadline_ns - now) / 1000000u + 1;
	return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

static void check_clock(struct server *server)
{
	if (server->is_waiting)
		try_hold(server);
	if (!launch_is_running(&server->launch) || monotonic_now_ns() < server->launch.deadline_ns)
		return;
	server->launch.timed_out = true;
	launch_kill(&server->launch);
}

static void take_signals(struct server *server)
{
	struct signalfd_siginfo info;

	while (read(server->children, &info, sizeof info) > 0)
		server->has_ended |= info.ssi_signo == SIGTERM;
}

/* During a launch it is told with its end; where there is none, it stands for all to see. */
static void hear_of_changes(struct server *server)
{
	struct keeper_change *heard = &server->control.changes.heard;
	char line[sizeof heard->reason + 16];

	changes_hear(&server->control.changes);
	if (!heard->knob[0] || server->has_announced_change || launch_is_running(&server->launch))
		return;
	snprintf(line, sizeof line, "changed %s", heard->reason);
	server->has_announced_change = !lock_announce_more(&server->lock, line, NULL);
}

/* A launch that is over is told before anything new is taken from the socket. */
static void serve(struct server *server)
{
	while (!server->has_ended) {
		struct pollfd events[4] = {
			{ .fd = server->socket, .events = POLLIN },
			{ .fd = server->children, .events = POLLIN },
			{ .fd = server->control.changes.fd, .events = POLLIN },
			{ .fd = server->launch.team.socket, .events = POLLIN },
		};

		const int ready = poll(events, 4, next_timeout_ms(server));

		if (ready < 0 && errno != EINTR) /* never to be heard of again: give the host back */
			return;
		if (ready == 0)
			wake_front(server);
		if (events[2].revents)
			hear_of_changes(server);
		if (events[1].revents) {
			take_signals(server);
			process_reap_orphans(server->launch.pid);
		}
		if (events[3].revents)
			team_answer(&server->launch.team, server->launch.pid);
		if (launch_is_over(&server->launch))
			end_launch(server);
		if (events[0].revents & (POLLHUP | POLLERR)) /* nobody waits for what may still be queued */
			front_has_gone(server);
		else if (events[0].revents)
			receive(server);
		if (!server->has_ended)
			check_clock(server);
	}
}

/* --- becoming the keeper -------------------------------------------------------------------------------- */

static int become_keeper(struct server *server, struct sb_err *err)
{
	int code = detach(&server->socket, &server->children, &server->limits, err);

	if (code)
		return code;
	if (server->setting->identity->privileged)
		detach_lower_oom_score(server->oom_score, sizeof server->oom_score);
	code = path_root_init(&server->root, server->setting->prefix, err);
	if (code)
		return code;
	restore_early(&server->root, server->setting->identity, server->setting->run_dir, &server->recovered);
	code = topology_usable(&server->root, &server->machine);
	return code ? err_set(err, code, "the keeper cannot find its CPUs: %s", err_reason(code)) : 0;
}

_Noreturn void server_run(const struct server_setting *setting)
{
	struct server *server = alloc_zero(1, sizeof *server);
	struct keeper_restored restored = { 0 };
	struct sb_err err = { 0 };
	int code;

	server->setting = setting;
	server->socket = setting->socket;
	server->lock.dir = server->lock.file = -1;
	launch_init(&server->launch);
	control_init(&server->control, &server->root);
	code = become_keeper(server, &err);
	answer(server, MESSAGE_HELLO, code, &err, -1);
	if (!code)
		serve(server);
	code = give_back(server, &restored, &err);
	thief_free(server->thief);
	path_root_release(&server->root);
	free(server);
	_exit(code ? 1 : 0);
}
