/* SPDX-License-Identifier: MIT */
/* team.c - see team.h. */
#include "team.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ask.h"
#include "bench.h"

/* --- the line ----------------------------------------------------------------------------------------- */

static void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#else
	sched_yield();
#endif
}

static void open_line(struct sb_team *team)
{
	team->waiting = 0;
	__atomic_store_n(&team->turn, team->turn + 1, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&team->opened);
}

bool sb_team_line_up(struct sb_team *team)
{
	pthread_mutex_lock(&team->mutex);
	const unsigned turn = team->turn;
	if (++team->waiting >= team->members)
		open_line(team);
	while (!team->spins && team->turn == turn)
		pthread_cond_wait(&team->opened, &team->mutex);
	pthread_mutex_unlock(&team->mutex);
	while (__atomic_load_n(&team->turn, __ATOMIC_ACQUIRE) == turn)
		pause_briefly();
	return !__atomic_load_n(&team->is_broken, __ATOMIC_ACQUIRE);
}

void sb_team_leave(struct sb_team *team)
{
	pthread_mutex_lock(&team->mutex);
	team->members--;
	__atomic_store_n(&team->is_broken, true, __ATOMIC_RELEASE);
	if (team->waiting >= team->members)
		open_line(team);
	pthread_mutex_unlock(&team->mutex);
}

/* --- samples ------------------------------------------------------------------------------------------ */

static void add(struct sb_wire_sample *sum, const struct sb_wire_sample *one)
{
	sum->ticks = one->ticks > sum->ticks ? one->ticks : sum->ticks;
	sum->flags |= one->flags;
	for (int i = 0; i < SB_WIRE_COUNTERS_MAX; i++)
		sum->counters[i] += one->counters[i];
	for (int i = 0; i < SB_WIRE_WITNESSES_MAX; i++)
		sum->witnesses[i] += one->witnesses[i];
	sum->voluntary_switches += one->voluntary_switches;
	sum->involuntary_switches += one->involuntary_switches;
	sum->own_switches += one->own_switches;
	sum->minor_faults += one->minor_faults;
	sum->major_faults += one->major_faults;
	sum->wait_ns += one->wait_ns;
	sum->cpu_ns += one->cpu_ns;
	for (int i = 0; i < SB_WIRE_THEFT_KINDS; i++) {
		sum->theft.ns[i] += one->theft.ns[i];
		sum->theft.count[i] += one->theft.count[i];
		if (one->theft.most[i].ns > sum->theft.most[i].ns)
			sum->theft.most[i] = one->theft.most[i];
	}
}

/* The slowest member's time is that of all. What one did not count is missing from the sum. */
static struct sb_wire_sample sum_up(const struct sb_team *team)
{
	struct sb_wire_sample sum = team->shares[0].sample;

	for (unsigned i = 1; i < team->size; i++)
		add(&sum, &team->shares[i].sample);
	if (team->code != 0)
		sum.flags |= SB_WIRE_SAMPLE_UNCOUNTED;
	if (sum.flags & SB_WIRE_SAMPLE_UNCOUNTED)
		memset(sum.counters, 0, sizeof sum.counters);
	return sum;
}

static void keep_shares(const struct sb_team *team, const struct sb_sampler *sampler)
{
	struct sb_wire_thread *kept = team->threads + (sampler->count - 1) * team->size;

	for (unsigned i = 0; i < team->size; i++) {
		const struct sb_wire_sample *sample = &team->shares[i].sample;

		kept[i] = (struct sb_wire_thread){ sample->ticks ? sample->ticks : 1, sample->cpu, 0 };
		kept[i].causes = wire_sample_causes(sampler->request, sample, sample->cpu);
	}
}

static void add_totals(const struct sb_team *team, const struct sb_wire_sample *kept)
{
	if (kept->flags & (SB_WIRE_SAMPLE_UNCOUNTED | SB_WIRE_SAMPLE_SET_ASIDE))
		return;
	for (unsigned i = 0; i < team->size; i++) {
		team->totals[i].samples++;
		for (int k = 0; k < SB_WIRE_COUNTERS_MAX; k++)
			team->totals[i].counters[k] += team->shares[i].sample.counters[k];
	}
}

static void decide(struct sb_bench *first)
{
	struct sb_team *team = first->team;
	const uint64_t before = first->sampler.count;

	team->batch = first->status == SB_WIRE_OK ? sb_sampler_next(first, sum_up(team)) : 0;
	if (team->threads != NULL && first->sampler.count > before)
		keep_shares(team, &first->sampler);
	if (team->totals != NULL && first->sampler.count > before)
		add_totals(team, &first->sampler.samples[first->sampler.count - 1]);
}

uint64_t sb_team_next(struct sb_bench *b, const struct sb_wire_sample *sample)
{
	struct sb_team *team = b->team;

	team->shares[b->member].sample = *sample;
	if (b->recorded != 0)
		sb_fail(b, "sb_record_ns was called by one of several threads; it is for benchmarks of one");
	if (!sb_team_line_up(team))
		return 0;
	if (b->member == 0)
		decide(b);
	return sb_team_line_up(team) && b->status == SB_WIRE_OK ? team->batch : 0;
}

uint64_t sb_team_begin(struct sb_bench *b)
{
	struct sb_team *team = b->team;

	if (b->member == 0)
		team->batch = sb_sampler_begin(b);
	return sb_team_line_up(team) ? team->batch : 0;
}

/* --- members ------------------------------------------------------------------------------------------ */

/* The CPUs are taken in order, and again from the first where there are too few. */
static void pin(unsigned member, const cpu_set_t *allowed)
{
	int place = (int)member % CPU_COUNT(allowed);
	cpu_set_t own;

	CPU_ZERO(&own);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, allowed) && place-- == 0)
			CPU_SET(cpu, &own);
	sched_setaffinity(0, sizeof own, &own);
}

struct member {
	struct sb_bench bench;
	const struct sb_wire_request *request; /* the launch's */
	struct sb_counters counters;
	cpu_set_t allowed;
	pthread_t thread;
	bool has_thread;
};

static int take_counters(struct member *member, const struct sb_granted *granted)
{
	if (granted->code != 0 || !(member->request->by_thread & SB_WIRE_BY_THREAD_COUNTERS))
		return granted->code;
	sb_counters_use(&member->counters, member->request, granted->counters);
	if (member->counters.by != SB_WIRE_READ_NONE) {
		member->bench.counters = &member->counters;
		return 0;
	}
	for (uint32_t i = 0; i < member->request->counters; i++)
		close(granted->counters[i]);
	return ENODATA;
}

static int take_witnesses(struct member *member, const struct sb_granted *granted)
{
	if (granted->witnesses < 0)
		return granted->witnesses_code;
	if (!sb_group_is_alive(granted->witnesses)) {
		close(granted->witnesses);
		return ENODATA;
	}
	member->bench.witnesses = granted->witnesses;
	member->bench.sampler.request = member->request;
	return 0;
}

/* One member at a time, and before the first line: no sample begins until all have asked. */
static void ask(struct member *member)
{
	struct sb_team *team = member->bench.team;
	struct sb_granted granted;

	pthread_mutex_lock(&team->mutex);
	sb_ask(member->request, &granted);
	const int code = take_counters(member, &granted);
	const int witnesses_code = take_witnesses(member, &granted);
	if (team->code == 0)
		team->code = code;
	if (team->witnesses_code == 0)
		team->witnesses_code = witnesses_code;
	pthread_mutex_unlock(&team->mutex);
}

/* By pthread_exit in the body, or a cancellation. */
static void end_early(void *context)
{
	struct sb_bench *b = context;

	sb_fail(b, "a thread of the benchmark ended before its body did");
	sb_team_leave(b->team);
}

static void *work(void *context)
{
	struct member *member = context;

	pin(member->bench.member, &member->allowed);
	if (member->bench.team->asks)
		ask(member);
	pthread_cleanup_push(end_early, &member->bench);
	sb_bench_body(&member->bench);
	pthread_cleanup_pop(0);
	return NULL;
}

/* Until it has a group of its own, a member is witnessed by what it may know of itself. */
static void enlist(struct member *member, const struct sb_bench *first, const struct sb_wire_request *own,
		   unsigned number)
{
	member->bench = (struct sb_bench){ .clock = first->clock,
					   .picked = first->picked,
					   .state = first->state,
					   .team = first->team,
					   .member = number,
					   .witnesses = -1,
					   .sampler.request = own };
	member->request = first->sampler.request;
	member->has_thread = pthread_create(&member->thread, NULL, work, member) == 0;
	if (!member->has_thread) {
		sb_fail(&member->bench, "a thread of the benchmark could not be started");
		sb_team_leave(first->team);
	}
}

static void dismiss(struct member *member, struct sb_bench *first)
{
	if (member->has_thread)
		pthread_join(member->thread, NULL);
	/* the members' work is the benchmark itself */
	first->others_ns -= first->others_ns < member->bench.own_ns ? first->others_ns : member->bench.own_ns;
	if (first->status == SB_WIRE_OK && member->bench.status != SB_WIRE_OK) {
		first->status = member->bench.status;
		memcpy(first->reason, member->bench.reason, sizeof first->reason);
	}
}

struct crew {
	struct sb_bench *first;
	struct member *others;
};

static void dismiss_all(const struct crew *crew)
{
	for (unsigned i = 1; i < crew->first->team->size; i++)
		dismiss(&crew->others[i], crew->first);
}

/* What the others use stands on this one's stack. Nobody is left then to answer the runner, which says so. */
static void end_first_early(void *context)
{
	const struct crew *crew = context;

	end_early(crew->first);
	dismiss_all(crew);
}

static void run_members(struct sb_bench *first, struct member *members)
{
	struct crew crew = { first, members };
	struct sb_wire_request own = { 0 };
	cpu_set_t allowed;

	if (first->sampler.request != NULL)
		own = *first->sampler.request;
	own.witnesses = own.counters = 0;
	sched_getaffinity(0, sizeof allowed, &allowed);
	first->team->spins = first->team->size <= (unsigned)CPU_COUNT(&allowed);
	for (unsigned i = 1; i < first->team->size; i++) {
		members[i].allowed = allowed;
		enlist(&members[i], first, &own, i);
	}
	pin(0, &allowed);
	pthread_cleanup_push(end_first_early, &crew);
	sb_bench_body(first);
	pthread_cleanup_pop(0);
	dismiss_all(&crew);
	sched_setaffinity(0, sizeof allowed, &allowed);
	if (first->team->asks)
		close(SB_WIRE_TEAM_FD);
}

/* Where the exec has ended the first one's events, those of the others are of no use. */
static bool has_to_ask(const struct sb_bench *first)
{
	const struct sb_wire_request *request = first->sampler.request;

	if (request == NULL)
		return false;
	return (request->by_thread & SB_WIRE_BY_THREAD_COUNTERS && first->counters != NULL) ||
	       (request->by_thread & SB_WIRE_BY_THREAD_WITNESSES && sb_group_is_alive(first->witnesses));
}

void sb_team_run(struct sb_bench *first, struct sb_wire_thread *threads, struct sb_wire_thread_total *totals)
{
	struct sb_team team = { .size = first->picked->threads,
				.members = first->picked->threads,
				.threads = threads,
				.totals = totals,
				.asks = has_to_ask(first),
				.mutex = PTHREAD_MUTEX_INITIALIZER,
				.opened = PTHREAD_COND_INITIALIZER };
	struct member *members = calloc(team.size, sizeof *members);

	team.shares = aligned_alloc(_Alignof(struct sb_share), team.size * sizeof *team.shares);
	first->team = &team;
	if (members == NULL || team.shares == NULL)
		sb_fail(first, "out of memory for its threads");
	else
		run_members(first, members);
	first->team = NULL;
	first->threads_code = team.code;
	first->threads_witnesses_code = team.witnesses_code;
	free(team.shares);
	free(members);
}
