/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise.c - see noise.h. */
#include "run/noise.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/monotonic.h"
#include "host/interruptions.h"

#define STAT_MOST (1u << 20)

static uint64_t clock_ns(void *context)
{
	(void)context;
	return monotonic_now_ns();
}

static uint64_t own_switches(void *context)
{
	struct rusage usage;

	(void)context;
	return getrusage(RUSAGE_THREAD, &usage) ? 0 : (uint64_t)usage.ru_nivcsw;
}

/* "cpuN user nice system idle iowait irq softirq steal ...", in ticks (proc(5)). */
static uint64_t steal_ns(const struct path_root *root, int cpu)
{
	static const char format[] = "%*s %*s %*s %*s %*s %*s %*s %*s %llu";
	unsigned long long ticks = 0;
	char *text = alloc_zero(1, STAT_MOST), label[16];
	const char *line;

	snprintf(label, sizeof label, "\ncpu%d ", cpu);
	line = path_read(root, "proc/stat", text, STAT_MOST, NULL) > 0 ? strstr(text, label) : NULL;
	if (line && sscanf(line + 1, format, &ticks) != 1)
		ticks = 0;
	free(text);
	return ticks * (1000000000u / (unsigned long)sysconf(_SC_CLK_TCK));
}

/* --- by the kernel's tracepoints -------------------------------------------------------------------------
 */

static void take_slot(const struct sb_wire_theft_slot *before, const struct sb_wire_theft_slot *after,
		      struct noise_core *core)
{
	for (int kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++) {
		core->kind_ns[kind] = after->ns[kind] - before->ns[kind];
		core->kind_count[kind] = after->count[kind] - before->count[kind];
	}
}

static int spin_timed(const struct noise_order *order, struct gap_loop *loop, struct noise_core *core,
		      struct sb_err *err)
{
	const struct sb_wire_theft_slot *slots;
	struct sb_wire_theft_slot before;
	int memory, code;
	unsigned cpus;

	code = keeper_watch(order->keeper, &memory, &cpus, err);
	if (code)
		return code;
	slots = mmap(NULL, cpus * sizeof *slots, PROT_READ, MAP_SHARED, memory, 0);
	code = slots == MAP_FAILED ? -errno : 0;
	close(memory);
	if (!code && (unsigned)core->cpu < cpus) {
		loop->slot = &slots[core->cpu];
		before = *loop->slot;
		gap_spin(loop, &core->gaps);
		take_slot(&before, loop->slot, core);
	}
	if (!code)
		munmap((void *)(uintptr_t)slots, cpus * sizeof *slots);
	if (code)
		err_set(err, code, "cannot map the memory of thefts: %s", err_reason(code));
	return keeper_watch_end(order->keeper, &core->thieves, code ? NULL : err) ? -EIO : code;
}

/* --- by /proc ----------------------------------------------------------------------------------------------
 */

static int by_count(const void *left, const void *right)
{
	const struct interruption *one = left, *other = right;

	return one->count < other->count ? 1 : one->count > other->count ? -1 : 0;
}

static void take_counts(struct interruption *rows, size_t count, struct noise_core *core)
{
	struct keeper_thieves *thieves = &core->thieves;

	if (count)
		qsort(rows, count, sizeof *rows, by_count);
	for (size_t i = 0; i < count; i++) {
		core->kind_count[rows[i].kind] += rows[i].count;
		thieves->total += rows[i].count;
		if (i >= KEEPER_THIEVES_MAX)
			continue;
		thieves->rows[i] = (struct keeper_thief){ .kind = rows[i].kind,
							  .id = rows[i].id,
							  .count = rows[i].count };
		memcpy(thieves->rows[i].name, rows[i].name, sizeof rows[i].name);
		thieves->count++;
	}
}

static void spin_counted(const struct noise_order *order, const struct gap_loop *loop,
			 struct noise_core *core)
{
	struct interruption *before, *after;
	size_t before_count, count;

	before = interruptions_dup(order->root, core->cpu, &before_count);
	gap_spin(loop, &core->gaps);
	after = interruptions_dup(order->root, core->cpu, &count);
	interruptions_subtract(after, &count, before, before_count);
	take_counts(after, count, core);
	core->kind_count[SB_WIRE_THEFT_TASK] = core->gaps.switched;
	core->kind_ns[SB_WIRE_THEFT_TASK] = core->gaps.switched_ns;
	free(before);
	free(after);
}

/* --- both -------------------------------------------------------------------------------------------------
 */

int noise_measure(const struct noise_order *order, int cpu, struct noise_core *core, struct sb_err *err)
{
	struct gap_loop loop = { .duration_ns = order->duration_ns,
				 .cancel = order->cancel->count,
				 .now_ns = clock_ns,
				 .switches = own_switches };
	cpu_set_t found, one;
	int code = 0;

	*core = (struct noise_core){ .cpu = cpu };
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_getaffinity(0, sizeof found, &found) || sched_setaffinity(0, sizeof one, &one))
		return err_set(err, -errno, "cannot run on CPU %d: %s", cpu, err_reason(errno));
	core->hypervisor_ns = steal_ns(order->root, cpu);
	if (order->source == NOISE_TIMED)
		code = spin_timed(order, &loop, core, err);
	else
		spin_counted(order, &loop, core);
	core->hypervisor_ns = steal_ns(order->root, cpu) - core->hypervisor_ns;
	sched_setaffinity(0, sizeof found, &found);
	return code;
}

double noise_lost(const struct noise_core *core)
{
	return core->gaps.spun_ns ? (double)core->gaps.lost_ns / (double)core->gaps.spun_ns : 0;
}

int noise_quietest(const struct noise_core *cores, size_t count)
{
	int best = -1;

	for (size_t i = 0; i < count; i++)
		if (cores[i].gaps.spun_ns && (best < 0 || noise_lost(&cores[i]) < noise_lost(&cores[best])))
			best = (int)i;
	return best;
}
