/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thief.bpf.c - in the kernel: who takes the CPU from the benched threads, and for how long.
 *
 * Benched are the threads of the launch's process and of all that descend from it, in whatever session they
 * are: what these take from each other is the benchmark's own doing and no theft. Of it is counted how often
 * one lost the CPU to another, so that who reads can tell such a loss from one to somebody else.
 *
 * Time is stolen while an interrupt or softirq runs on top of a benched thread, and while a thread that was
 * ready to run when it lost its CPU has not got one back. A thread that went to sleep loses nothing: neither
 * the tasks that run meanwhile nor what interrupts them are told. Each nanosecond belongs to one thief, the
 * innermost: an interrupt within a softirq within a task is the interrupt's, and is not counted for the two
 * others. Where more benched threads than one wait for the same CPU, the one that lost it last is followed.
 *
 * A slot's count is written after all else that belongs to a theft, and on the CPU of its reader, who finds
 * a slot whole when the counts did not move while it read. What is not excluded: an interrupt in the few
 * instructions of on_softirq_* counts for the softirq too.
 */
#include "keeper/thief_kernel.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "keeper/thief_map.h"

#define MOST_CPUS 1 /* the loader knows how many there are */
#define THREADS	  1024
#define PROCESSES 1024 /* descendants at a time; one for whom there is no place left is a stranger */

char terms[] SEC("license") = "GPL";

/* Mapped by the keeper, and written by the process that is about to become the bench. */
uint32_t benched = 0; /* process number of the launch, 0: nobody is */
uint64_t untold = 0;  /* thefts for whose thief there was no row left */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MOST_CPUS);
	__type(key, uint32_t);
	__type(value, struct sb_wire_theft_slot);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MOST_CPUS);
	__type(key, uint32_t);
	__type(value, struct thief_cpu);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, THIEF_ROWS);
	__type(key, struct thief_key);
	__type(value, struct thief_sum);
} thieves SEC(".maps");

/* Processes that descend from it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PROCESSES);
	__type(key, uint32_t);
	__type(value, uint32_t);
} descendants SEC(".maps");

/* Where a thread waits that was ready to run. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, THREADS);
	__type(key, uint32_t);
	__type(value, uint32_t);
} waiting SEC(".maps");

/* --- whose a task is --------------------------------------------------------------------------------------
 */

static bool is_own(uint32_t process)
{
	return process == benched || (process && bpf_map_lookup_elem(&descendants, &process));
}

static uint32_t state_of(const struct task_struct *task)
{
	if (bpf_core_field_exists(task->__state))
		return task->__state;
	return (uint32_t)((const struct task_struct___before_5_14 *)task)->state;
}

/* The caller is the parent also where clone(2) or the end of a parent gives the child another one. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	const uint32_t process = (uint32_t)child->tgid, itself = 1;

	if (benched && process != (uint32_t)parent->tgid && is_own((uint32_t)parent->tgid))
		bpf_map_update_elem(&descendants, &process, &itself, BPF_ANY);
	return 0;
}

/* At its last switch and not when it begins to end: until then it has the CPU, and afterwards another process
 * may get its number. */
static void forget_dead(const struct task_struct *task)
{
	const uint32_t process = (uint32_t)task->tgid;

	if (state_of(task) & TASK_DEAD && task->signal->live.counter == 0)
		bpf_map_delete_elem(&descendants, &process);
}

/* --- booking a theft --------------------------------------------------------------------------------------
 */

static void add_row(const struct thief_key *who, uint64_t ns)
{
	const struct thief_sum none = { 0 };
	struct thief_sum *sum = bpf_map_lookup_elem(&thieves, who);

	if (!sum) {
		bpf_map_update_elem(&thieves, who, &none, BPF_NOEXIST);
		sum = bpf_map_lookup_elem(&thieves, who);
	}
	if (!sum) {
		__sync_fetch_and_add(&untold, 1);
		return;
	}
	__sync_fetch_and_add(&sum->count, 1);
	__sync_fetch_and_add(&sum->ns, ns);
}

static bool is_thief(const struct sb_wire_thief *thief, const struct thief_key *who)
{
	const uint64_t *one = (const uint64_t *)thief->name, *other = (const uint64_t *)who->name;

	return ((thief->kind ^ who->kind) | (thief->id ^ who->id) | (one[0] ^ other[0]) |
		(one[1] ^ other[1])) == 0;
}

/* Of who has not taken for longest. Without branches: the verifier would follow both sides of each, for every
 * one of the programs, which is most of the time that a session needs to start. */
static uint32_t find_oldest(const struct thief_cpu *state)
{
	uint64_t oldest = state->taken[0];
	uint64_t place = 0;

#pragma unroll
	for (uint64_t i = 1; i < SB_WIRE_THIEVES_MAX; i++) {
		uint64_t is_older =
			(state->taken[i] - oldest) >> 63; /* turns are counted from 0, one by one */

		barrier_var(is_older); /* or the compiler makes a branch of it */
		oldest -= (oldest - state->taken[i]) & -is_older;
		place ^= (place ^ i) & -is_older;
	}
	return (uint32_t)place;
}

/* The thief's place in the slot, else that of who has not taken for longest. */
static uint32_t find_place(const struct thief_cpu *state, const struct sb_wire_theft_slot *slot,
			   const struct thief_key *who)
{
#pragma unroll
	for (uint32_t i = 0; i < SB_WIRE_THIEVES_MAX; i++)
		if (is_thief(&slot->thieves[i], who))
			return i;
	return find_oldest(state);
}

static void add_thief(struct thief_cpu *state, struct sb_wire_theft_slot *slot, const struct thief_key *who,
		      uint64_t ns)
{
	volatile uint32_t found = find_place(state, slot, who);
	const uint32_t place = found; /* from memory, so that the verifier does not follow each one */
	struct sb_wire_thief *thief;

	if (place >= SB_WIRE_THIEVES_MAX)
		return;
	thief = &slot->thieves[place];
	state->taken[place] = ++state->turn;
	if (!is_thief(thief, who)) {
		thief->ns = 0;
		thief->kind = who->kind;
		thief->id = who->id;
		__builtin_memcpy(thief->name, who->name, sizeof thief->name);
	}
	thief->ns += ns;
}

/* Inline: the verifier takes what a function without a result leaves in its register for one. */
static __always_inline void book(uint32_t cpu, struct thief_cpu *state, const struct thief_key *who,
				 uint64_t ns)
{
	struct sb_wire_theft_slot *slot = bpf_map_lookup_elem(&slots, &cpu);
	const uint32_t kind = *(const volatile uint32_t *)&who->kind; /* read once, for the verifier */

	if (!slot || kind >= SB_WIRE_THEFT_KINDS)
		return;
	slot->ns[kind] += ns;
	add_thief(state, slot, who, ns);
	*(volatile uint64_t *)&slot->count[kind] += 1;
	add_row(who, ns);
}

/* --- interrupts and softirqs ------------------------------------------------------------------------------
 */

static struct thief_cpu *watched(uint32_t cpu)
{
	struct thief_cpu *state = bpf_map_lookup_elem(&cpus, &cpu);

	return state && state->is_watched && benched ? state : NULL;
}

/* Gives what has passed since the last event to whoever had the CPU. */
static void settle(struct thief_cpu *state, uint64_t now)
{
	const uint32_t top = state->depth - 1;

	if (state->depth == 0)
		state->task_ns += now - state->since_ns;
	else if (top < THIEF_DEPTH)
		state->frames[top].ns += now - state->since_ns;
	state->since_ns = now;
}

/* Gives the frame of an interruption that begins, NULL where it steals nothing. Deeper ones than there is
 * room for count as time of the one that they interrupt. */
static struct thief_frame *enter(uint32_t kind, uint32_t id)
{
	struct thief_cpu *state = watched(bpf_get_smp_processor_id());
	struct thief_frame *frame;
	uint32_t depth;

	if (!state || (!state->victim && !is_own(bpf_get_current_pid_tgid() >> 32)))
		return NULL;
	depth = state->depth;
	if (depth >= THIEF_DEPTH)
		return NULL;
	frame = &state->frames[depth];
	__builtin_memset(frame, 0, sizeof *frame);
	frame->who.kind = kind;
	frame->who.id = id;
	settle(state, bpf_ktime_get_ns());
	state->depth = depth + 1;
	return frame;
}

static void leave(uint32_t kind, uint32_t id)
{
	const uint32_t cpu = bpf_get_smp_processor_id();
	struct thief_cpu *state = watched(cpu);
	struct thief_frame *frame;
	uint32_t top;

	if (!state || state->depth == 0)
		return;
	top = state->depth - 1;
	if (top >= THIEF_DEPTH)
		return;
	frame = &state->frames[top];
	if (frame->who.id != id || (frame->who.kind != kind && frame->who.kind != SB_WIRE_THEFT_TIMER))
		return;
	settle(state, bpf_ktime_get_ns());
	state->depth = top;
	book(cpu, state, &frame->who, frame->ns);
}

/* arm64's tick comes as an interrupt like those of devices (drivers/clocksource/arm_arch_timer.c). */
static bool is_tick(const char *name)
{
	const char tick[] = "arch_timer";

	for (unsigned i = 0; i < sizeof tick; i++)
		if (name[i] != tick[i])
			return false;
	return true;
}

SEC("tp_btf/irq_handler_entry")
int BPF_PROG(on_irq_entry, int irq, struct irqaction *action)
{
	struct thief_frame *frame = enter(SB_WIRE_THEFT_INTERRUPT, (uint32_t)irq);

	if (!frame)
		return 0;
	bpf_probe_read_kernel_str(frame->who.name, sizeof frame->who.name, action->name);
	if (is_tick(frame->who.name))
		frame->who.kind = SB_WIRE_THEFT_TIMER;
	return 0;
}

SEC("tp_btf/irq_handler_exit")
int BPF_PROG(on_irq_exit, int irq)
{
	leave(SB_WIRE_THEFT_INTERRUPT, (uint32_t)irq);
	return 0;
}

/* The order is that of include/linux/interrupt.h, and the names those of /proc/softirqs. */
static void name_softirq(char name[THIEF_NAME], unsigned vector)
{
	static const char names[][THIEF_NAME] = { "HI",	      "TIMER",	 "NET_TX", "NET_RX",  "BLOCK",
						  "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU" };

	if (vector < sizeof names / sizeof *names)
		__builtin_memcpy(name, names[vector], THIEF_NAME);
}

SEC("tp_btf/softirq_entry")
int BPF_PROG(on_softirq_entry, unsigned int vector)
{
	struct thief_frame *frame = enter(SB_WIRE_THEFT_SOFTIRQ, vector);

	if (frame)
		name_softirq(frame->who.name, vector);
	return 0;
}

SEC("tp_btf/softirq_exit")
int BPF_PROG(on_softirq_exit, unsigned int vector)
{
	leave(SB_WIRE_THEFT_SOFTIRQ, vector);
	return 0;
}

/* Interrupts of x86 that are no device's have tracepoints of their own (asm/trace/irq_vectors.h). */
#define VECTOR(vector, what, text)                                                                           \
	SEC("tp_btf/" #vector "_entry")                                                                      \
	int BPF_PROG(on_##vector##_entry, int number)                                                        \
	{                                                                                                    \
		struct thief_frame *frame = enter(what, (uint32_t)number);                                   \
                                                                                                             \
		if (frame)                                                                                   \
			__builtin_memcpy(frame->who.name, text, sizeof text);                                \
		return 0;                                                                                    \
	}                                                                                                    \
	SEC("tp_btf/" #vector "_exit")                                                                       \
	int BPF_PROG(on_##vector##_exit, int number)                                                         \
	{                                                                                                    \
		leave(what, (uint32_t)number);                                                               \
		return 0;                                                                                    \
	}

VECTOR(local_timer, SB_WIRE_THEFT_TIMER, "local_timer")
VECTOR(reschedule, SB_WIRE_THEFT_INTERRUPT, "reschedule")
VECTOR(call_function, SB_WIRE_THEFT_INTERRUPT, "call_function")
VECTOR(call_function_single, SB_WIRE_THEFT_INTERRUPT, "call_function_1")
VECTOR(irq_work, SB_WIRE_THEFT_INTERRUPT, "irq_work")
VECTOR(thermal_apic, SB_WIRE_THEFT_INTERRUPT, "thermal")

/* --- tasks ------------------------------------------------------------------------------------------------
 */

/* A task that was preempted on its way to sleep is still ready to run, whatever its state says already. */
static bool is_ready(const struct task_struct *task, bool preempt)
{
	return preempt || state_of(task) == 0;
}

static void steal_stretch(uint32_t cpu, struct thief_cpu *state, const struct task_struct *task)
{
	struct thief_key who = { .kind = SB_WIRE_THEFT_TASK, .id = (uint32_t)task->pid };

	__builtin_memcpy(who.name, task->comm, sizeof who.name);
	book(cpu, state, &who, state->task_ns);
}

static void lose(uint32_t cpu, struct thief_cpu *state, uint32_t thread, bool to_own)
{
	struct sb_wire_theft_slot *slot = bpf_map_lookup_elem(&slots, &cpu);

	state->victim = thread;
	state->left_ns = 0;
	bpf_map_update_elem(&waiting, &thread, &cpu, BPF_ANY);
	if (slot && to_own)
		*(volatile uint64_t *)&slot->own_switches += 1;
}

static void go_on(uint32_t cpu, struct thief_cpu *state, uint32_t thread, uint64_t now)
{
	const uint32_t *where = bpf_map_lookup_elem(&waiting, &thread);
	struct thief_cpu *other;
	uint32_t lost;

	if (!where)
		return;
	lost = *where;
	bpf_map_delete_elem(&waiting, &thread);
	if (lost == cpu) {
		if (state->victim == thread)
			state->victim = 0;
		return;
	}
	other = bpf_map_lookup_elem(&cpus, &lost);
	if (other && other->victim == thread)
		other->left_ns = now;
}

/* What the task had that gives up the CPU, in the place of the one that waits for it. */
static void end_stretch(uint32_t cpu, struct thief_cpu *state, const struct task_struct *task, bool is_own,
			uint64_t now)
{
	state->depth = 0; /* softirqs that can lose the CPU, PREEMPT_RT */
	settle(state, state->victim && state->left_ns > state->since_ns ? state->left_ns : now);
	if (state->victim && !is_own)
		steal_stretch(cpu, state, task);
	if (state->left_ns)
		state->victim = 0;
	state->since_ns = now;
	state->task_ns = 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *before, struct task_struct *after)
{
	const uint32_t cpu = bpf_get_smp_processor_id();
	struct thief_cpu *state = watched(cpu);
	const uint64_t now = bpf_ktime_get_ns();

	if (state) {
		const bool from_own = is_own((uint32_t)before->tgid);
		const bool to_own = is_own((uint32_t)after->tgid);

		end_stretch(cpu, state, before, from_own, now);
		if (from_own && is_ready(before, preempt))
			lose(cpu, state, (uint32_t)before->pid, to_own);
		if (to_own)
			go_on(cpu, state, (uint32_t)after->pid, now);
	}
	forget_dead(before);
	return 0;
}
