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
#include "keeper/tally.h"

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

static void spin_counted(const struct noise_order *order, const struct gap_loop *loop, const cpu_set_t *cpus,
			 struct noise_core *core)
{
	struct tally tally;

	tally_begin(&tally, order->root, cpus);
	gap_spin(loop, &core->gaps);
	tally_end(&tally, order->root, core->gaps.switched, &core->thieves);
	for (uint32_t i = 0; i < core->thieves.count; i++)
		core->kind_count[core->thieves.rows[i].kind] += core->thieves.rows[i].count;
	core->kind_ns[SB_WIRE_THEFT_TASK] = core->gaps.switched_ns;
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
		spin_counted(order, &loop, &one, core);
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
