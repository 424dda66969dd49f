/* SPDX-License-Identifier: GPL-2.0-or-later */
/* around.c - see around.h. A row for each reading. */
#include "run/around.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/event_source.h"
#include "host/field.h"
#include "host/idle.h"
#include "host/microarchitecture.h"
#include "host/quota.h"

#define CPU_PATH      "sys/devices/system/cpu/cpu%d/"
#define PRESSURE_MOST 256
#define VMSTAT_MOST   16384

/* Adds up a number over CPUs; NaN as soon as one of them has none. */
static double sum_over(const struct around *around, const cpu_set_t *cpus,
		       double (*read)(const struct around *around, int cpu))
{
	double sum = CPU_COUNT(cpus) ? 0 : NAN;

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpus))
			sum += read(around, cpu);
	return sum;
}

static double read_number(const struct around *around, const char *path)
{
	long long value;

	return path_read_long(around->root, path, &value, NULL) ? NAN : (double)value;
}

static double read_of_cpu(const struct around *around, int cpu, const char *leaf)
{
	char path[128];

	snprintf(path, sizeof path, CPU_PATH "%s", cpu, leaf);
	return read_number(around, path);
}

/* The eighth number of a line "cpu3 1 2 3 4 5 6 7 8 ..." of one of the CPUs; NaN for another line. */
static double eighth_in_line(const char *line, const cpu_set_t *cpus)
{
	char *end;
	unsigned long cpu;

	if (strncmp(line, "cpu", 3) != 0 || line[3] < '0' || line[3] > '9')
		return NAN;
	cpu = strtoul(line + 3, &end, 10);
	if (cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, cpus))
		return NAN;
	for (int column = 1; column < 8; column++)
		strtoull(end, &end, 10);
	return (double)strtoull(end, &end, 10);
}

/* Over the bench's CPUs. */
static double read_eighth(const struct around *around, const char *path)
{
	const int fd = path_open(around->root, path, O_RDONLY, NULL);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;
	double sum = NAN;

	while (stream && getline(&line, &size, stream) > 0) {
		const double number = eighth_in_line(line, &around->cpus);

		if (!isnan(number))
			sum = isnan(sum) ? number : sum + number;
	}
	free(line);
	if (stream)
		fclose(stream);
	else if (fd >= 0)
		close(fd);
	return sum;
}

/* cpuN user nice system idle iowait irq softirq steal, in ticks (proc(5)) */
static double read_steal(const struct around *around)
{
	return read_eighth(around, "proc/stat") / (double)sysconf(_SC_CLK_TCK);
}

/* What tasks waited for the CPU, nanoseconds (Documentation/scheduler/sched-stats.rst); the same place by
 * chance */
static double read_queue_wait(const struct around *around)
{
	return read_eighth(around, "proc/schedstat") * 1e-9;
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0", microseconds (Documentation/accounting/psi.rst). */
static double read_pressure(const struct around *around, const char *path)
{
	char text[PRESSURE_MOST];
	unsigned long long total;
	const char *found;

	if (path_read(around->root, path, text, sizeof text, NULL) <= 0)
		return NAN;
	found = strstr(text, "total=");
	return found && sscanf(found, "total=%llu", &total) == 1 ? (double)total * 1e-6 : NAN;
}

static double read_pressure_cpu(const struct around *around)
{
	return read_pressure(around, "proc/pressure/cpu");
}

static double read_pressure_memory(const struct around *around)
{
	return read_pressure(around, "proc/pressure/memory");
}

static double read_pressure_io(const struct around *around)
{
	return read_pressure(around, "proc/pressure/io");
}

static double read_quota(const struct around *around)
{
	double stops;

	return quota_throttled(around->root, &stops) ? stops : NAN;
}

static double read_core_throttles(const struct around *around, int cpu)
{
	return read_of_cpu(around, cpu, "thermal_throttle/core_throttle_count") +
	       read_of_cpu(around, cpu, "thermal_throttle/package_throttle_count");
}

static double read_thermal(const struct around *around)
{
	return sum_over(around, &around->cpus, read_core_throttles);
}

static int first_of(const cpu_set_t *cpus)
{
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpus))
			return cpu;
	return 0;
}

static double read_frequency(const struct around *around)
{
	return 1e3 * read_of_cpu(around, first_of(&around->cpus), "cpufreq/scaling_cur_freq");
}

static double read_frequency_bound(const struct around *around)
{
	return 1e3 * read_of_cpu(around, first_of(&around->cpus), "cpufreq/scaling_max_freq");
}

static double read_temperature(const struct around *around)
{
	return heat_read(&around->heat);
}

/* Each way out of an idle state is once awake. */
static double read_wakes_of(const struct around *around, int cpu)
{
	double sum = NAN;

	for (int state = 0; state < IDLE_STATES_MAX; state++) {
		char path[128];
		const double usage = read_number(around, idle_path(cpu, state, "usage", path, sizeof path));

		if (isnan(usage))
			break;
		sum = isnan(sum) ? usage : sum + usage;
	}
	return sum;
}

static double read_wakes(const struct around *around)
{
	return sum_over(around, &around->siblings, read_wakes_of);
}

static const struct row {
	double (*read)(const struct around *around); /* NULL: the keeper does, or it stands in /proc/vmstat */
	enum { GROWTH, LEVEL_BEFORE, LEVEL_AFTER } tells; /* by how much it grew, or what it is */
	uint32_t cause;					  /* of growth, or of a level that is another one */
	const char *reason;				  /* why a host does not tell */
	bool in_vmstat;					  /* by the name of the reading */
} rows[RECORD_READINGS] = {
	[RECORD_SMI] = { NULL, GROWTH, RECORD_CAUSE_SMI,
			 "only Intel's processors have a register that counts them" },
	[RECORD_BUSY_FREQUENCY] = { NULL, LEVEL_AFTER, 0,
				    "this processor, or virtual machine, has no registers that count its "
				    "cycles (aperfmperf in /proc/cpuinfo)" },
	[RECORD_STEAL] = { read_steal, GROWTH, RECORD_CAUSE_STEAL, "/proc/stat does not tell" },
	[RECORD_QUEUE_WAIT] = { read_queue_wait, GROWTH, 0, "this kernel keeps no /proc/schedstat" },
	[RECORD_PRESSURE_CPU] = { read_pressure_cpu, GROWTH, 0, "the kernel keeps no pressure (psi=1)" },
	[RECORD_PRESSURE_MEMORY] = { read_pressure_memory, GROWTH, 0,
				     "the kernel keeps no pressure (psi=1)" },
	[RECORD_PRESSURE_IO] = { read_pressure_io, GROWTH, 0, "the kernel keeps no pressure (psi=1)" },
	[RECORD_QUOTA_STOPS] = { read_quota, GROWTH, RECORD_CAUSE_THROTTLED,
				 "no control group of ours has a quota of the CPU" },
	[RECORD_THERMAL] = { read_thermal, GROWTH, RECORD_CAUSE_THROTTLED,
			     "the benches' CPUs have no thermal_throttle/*_throttle_count in /sys: Linux "
			     "keeps it of Intel's processors alone, and seldom in a virtual machine" },
	[RECORD_FREQUENCY] = { read_frequency, LEVEL_AFTER, 0,
			       "the kernel does not manage the frequency (cpufreq)" },
	[RECORD_FREQUENCY_BOUND] = { read_frequency_bound, LEVEL_AFTER, RECORD_CAUSE_FREQUENCY,
				     "the kernel does not manage the frequency (cpufreq)" },
	[RECORD_SIBLING_WAKES] = { read_wakes, GROWTH, 0,
				   "the core has no other thread, or the kernel manages no idle states of "
				   "it" },
	[RECORD_TEMPERATURE] = { read_temperature, LEVEL_BEFORE, 0,
				 "no sensor tells how hot the benches' CPUs are" },
	[RECORD_PSWPIN] = { NULL, GROWTH, 0, "this kernel counts no swapping in /proc/vmstat", true },
	[RECORD_PSWPOUT] = { NULL, GROWTH, 0, "this kernel counts no swapping in /proc/vmstat", true },
	[RECORD_COMPACT_STALL] = { NULL, GROWTH, 0,
				   "this kernel counts no compaction of memory in /proc/vmstat", true },
	[RECORD_COMPACT_DAEMON_WAKE] = { NULL, GROWTH, 0,
					 "this kernel counts no compaction of memory in /proc/vmstat", true },
	[RECORD_THP_FAULT_ALLOC] = { NULL, GROWTH, 0, "this kernel counts no huge pages in /proc/vmstat",
				     true },
	[RECORD_THP_COLLAPSE_ALLOC] = { NULL, GROWTH, 0, "this kernel counts no huge pages in /proc/vmstat",
					true },
};

/* Of what the keeper reads; where the kind of processor has none of it the row tells. */
static const char *const register_reasons[KEEPER_REGISTERS_STATES] = {
	[KEEPER_REGISTERS_UNREAD] = "no launch was measured",
	[KEEPER_REGISTERS_NO_DEVICE] = "the registers of the processor cannot be reached: '/dev/cpu/N/msr' "
				       "is not there; sudo modprobe msr",
	[KEEPER_REGISTERS_NOT_ROOT] = "needs root",
	[KEEPER_REGISTERS_REFUSED] = "the kernel shows the processor's registers not even to root: a "
				     "container without CAP_SYS_RAWIO, or a kernel that is locked down",
	[KEEPER_REGISTERS_ABSENT] = "this processor, or virtual machine, has no such register",
	[KEEPER_REGISTERS_STILL] = "the registers can be read and stand still, as some hypervisors have them",
	[KEEPER_REGISTERS_RESET] = "the machine slept, or a CPU came or went, during a launch, and the "
				   "registers began anew",
};

void around_init(struct around *around, const struct path_root *root, const cpu_set_t *cpus,
		 const cpu_set_t *siblings)
{
	*around = (struct around){ .root = root, .cpus = *cpus, .siblings = *siblings };
	if (root)
		heat_find(&around->heat, root, cpus);
}

/* Of the whole host (Documentation/admin-guide/mm/transhuge.rst, and mm/vmstat.c for the rest). */
static double find_in_vmstat(const char *vmstat, size_t reading)
{
	double number;

	return field_number(vmstat, record_reading_name((enum record_reading)reading), &number) ? number
												: NAN;
}

/* NaN for what the host does not tell, and for what the keeper reads. */
static void look(const struct around *around, double values[RECORD_READINGS])
{
	char vmstat[VMSTAT_MOST];

	if (!around->root || path_read(around->root, "proc/vmstat", vmstat, sizeof vmstat, NULL) < 0)
		vmstat[0] = '\0';
	for (size_t i = 0; i < RECORD_READINGS; i++) {
		values[i] = NAN;
		if (around->root && rows[i].read)
			values[i] = rows[i].read(around);
		else if (rows[i].in_vmstat)
			values[i] = find_in_vmstat(vmstat, i);
	}
}

void around_begin(struct around *around)
{
	look(around, around->before);
}

/* What was not to be had once is told of, also where it was later. */
static bool take_state(uint32_t *session, uint32_t state)
{
	if (*session <= KEEPER_REGISTERS_READ && state < KEEPER_REGISTERS_STATES)
		*session = state;
	return state == KEEPER_REGISTERS_READ;
}

static uint32_t take_smi(struct around *around, const struct keeper_smi *smi, double *reading)
{
	*reading = take_state(&around->smi, smi->state) ? (double)smi->count : NAN;
	return *reading > 0 ? RECORD_CAUSE_SMI : 0;
}

/* No cause by itself: turbo, and a governor that follows the load, are no disturbance. */
static void take_busy(struct around *around, const struct keeper_busy_frequency *busy, double *reading)
{
	const bool is_still = busy->state == KEEPER_REGISTERS_READ && !(busy->aperf && busy->mperf);
	const uint32_t state = is_still ? KEEPER_REGISTERS_STILL : busy->state;

	*reading = take_state(&around->busy, state) ? (double)busy->aperf / (double)busy->mperf : NAN;
}

static bool is_keepers(size_t i)
{
	return !rows[i].read && !rows[i].in_vmstat;
}

uint32_t around_end(struct around *around, const struct keeper_ended *ended, double readings[RECORD_READINGS])
{
	uint32_t causes = take_smi(around, &ended->smi, &readings[RECORD_SMI]);
	double now[RECORD_READINGS];

	look(around, now);
	take_busy(around, &ended->busy, &readings[RECORD_BUSY_FREQUENCY]);
	for (size_t i = 0; i < RECORD_READINGS; i++) {
		if (is_keepers(i))
			continue;
		const double before = around->before[i], after = isnan(before) ? NAN : now[i];
		const double growth = fmax(after - before, 0); /* a counter that was reset has not grown */

		const double tells[] = {
			[GROWTH] = isnan(after) ? NAN : growth, [LEVEL_BEFORE] = before, [LEVEL_AFTER] = after
		};

		readings[i] = tells[rows[i].tells];
		if (after > before || (rows[i].tells != GROWTH && after < before))
			causes |= rows[i].cause;
	}
	return causes;
}

/* LsSmiRx, PMCx02B of AMD's PPRs for families 17h and later. */
static bool has_smi_event(const struct path_root *root)
{
	const enum microarchitecture_kind kind = microarchitecture_find(root, 0, "cpu")->kind;

	return kind >= MICROARCHITECTURE_ZEN1 && kind <= MICROARCHITECTURE_ZEN5 &&
	       path_exists(root, EVENT_SOURCE_ROOT "/cpu");
}

static const char *reason_of(const struct around *around, size_t i, double value)
{
	const uint32_t state = i == RECORD_SMI ? around->smi : around->busy;

	if (!is_keepers(i))
		return isnan(value) ? rows[i].reason : NULL;
	if (i == RECORD_SMI && state == KEEPER_REGISTERS_UNSUPPORTED && has_smi_event(around->root))
		return "this processor counts them in no register but in an event, which takes a counter "
		       "from the benchmark: --counters r2b:uk";
	return state == KEEPER_REGISTERS_UNSUPPORTED ? rows[i].reason : register_reasons[state];
}

void around_describe(const struct around *around, struct record *record)
{
	double now[RECORD_READINGS];

	look(around, now);
	for (size_t i = 0; around->root && i < RECORD_READINGS; i++)
		record_add_witness(record, record_reading_name((enum record_reading)i),
				   reason_of(around, i, now[i]));
}
