/* SPDX-License-Identifier: GPL-2.0-or-later */
/* topology.c - the choice of CPUs by hwloc's picture of the machine; see topology.h. */
#include "host/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <hwloc/glibc-sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/cpulist.h"

#define TEXT	64 /* of a list of CPUs inside a sentence */
#define ONLINE	"sys/devices/system/cpu/online"
#define STATUS	"proc/self/status"
#define NODES	"sys/devices/system/node"
#define ALLOWED "\nCpus_allowed_list:\t"

struct core {
	cpu_set_t threads; /* all of them */
	cpu_set_t ours;	   /* those that we may use */
	int kind;	   /* hwloc's rank, higher is faster; 0 where all are alike */
};

/* --- hwloc -------------------------------------------------------------------------------------------- */

static void set_variable(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* hwloc learns of another root from its environment alone (hwloc(7)); cpuid and sysconf(3), the components
 * left out, would tell of this machine. */
static int load_below(hwloc_topology_t machine, const struct path_root *root)
{
	char prefix[32];
	const char *const variables[][2] = { { "HWLOC_FSROOT", prefix },
					     { "HWLOC_THISSYSTEM", "0" },
					     { "HWLOC_COMPONENTS", "-x86,-no_os" },
					     { "HWLOC_HIDE_ERRORS", "2" } };
	enum { COUNT = sizeof variables / sizeof variables[0] };
	char *before[COUNT];
	int code;

	snprintf(prefix, sizeof prefix, "/proc/self/fd/%d", root->fd);
	for (int i = 0; i < COUNT; i++) {
		const char *value = getenv(variables[i][0]);

		before[i] = value ? alloc_text(value) : NULL;
		set_variable(variables[i][0], variables[i][1]);
	}
	code = hwloc_topology_load(machine);
	for (int i = 0; i < COUNT; i++) {
		set_variable(variables[i][0], before[i]);
		free(before[i]);
	}
	return code;
}

static int is_node(const char *name, void *unused)
{
	(void)unused;
	return strncmp(name, "node", 4) == 0 && name[4] && name[4 + strspn(name + 4, "0123456789")] == '\0';
}

/* hwloc takes for granted that a folder of nodes has one, and aborts. */
static int check_nodes(const struct path_root *root, struct sb_err *err)
{
	if (root->is_real || path_each(root, NODES, is_node, NULL, NULL) != 0)
		return 0;
	return err_set(err, -EIO,
		       "hwloc cannot read the topology of the machine; the recorded tree has '/" NODES
		       "' and no 'nodeN' in it");
}

/* CPUs that a cpuset hides are wanted too: a sibling that others use disturbs as much as one of ours. */
static int load(const struct path_root *root, hwloc_topology_t *machine, struct sb_err *err)
{
	const int code = check_nodes(root, err);

	if (code)
		return code;
	if (hwloc_topology_init(machine))
		return err_set(err, -ENOMEM, "cannot ask hwloc for the topology: %s", err_reason(errno));
	hwloc_topology_set_flags(*machine, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	if (!(root->is_real ? hwloc_topology_load(*machine) : load_below(*machine, root)))
		return 0;
	hwloc_topology_destroy(*machine);
	return err_set(err, -EIO, "hwloc cannot read the topology of the machine%s",
		       root->is_real ? "" : "; the recorded tree has no 'cpuN/topology'");
}

/* Some guests tell hwloc of no cores; then every CPU counts as one. */
static hwloc_obj_type_t core_type(hwloc_topology_t machine)
{
	return hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_CORE) > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
}

static void read_core(hwloc_topology_t machine, hwloc_obj_t object, const cpu_set_t *usable,
		      struct core *core)
{
	hwloc_cpuset_to_glibc_sched_affinity(machine, object->cpuset, &core->threads, sizeof core->threads);
	CPU_AND(&core->ours, &core->threads, usable);
	core->kind = hwloc_cpukinds_get_by_cpuset(machine, object->cpuset, 0);
	if (core->kind < 0)
		core->kind = 0;
}

/* Timers, interrupts and boot-time work gather on CPU 0; of equals the last core is the farthest from it. */
static bool is_better(const struct core *core, const struct core *best)
{
	const bool core_has_first = CPU_ISSET(0, &core->threads),
		   best_has_first = CPU_ISSET(0, &best->threads);
	const bool core_is_whole = CPU_EQUAL(&core->ours, &core->threads);
	const bool best_is_whole = CPU_EQUAL(&best->ours, &best->threads);

	if (CPU_COUNT(&best->ours) == 0)
		return true;
	if (core_has_first != best_has_first)
		return best_has_first;
	if (core->kind != best->kind)
		return core->kind > best->kind;
	return core_is_whole || !best_is_whole;
}

static void find_best_core(hwloc_topology_t machine, const cpu_set_t *allowed, struct core *best)
{
	struct core core;
	hwloc_obj_t object = NULL;

	memset(best, 0, sizeof *best);
	while ((object = hwloc_get_next_obj_by_type(machine, core_type(machine), object))) {
		read_core(machine, object, allowed, &core);
		if (CPU_COUNT(&core.ours) > 0 && is_better(&core, best))
			*best = core;
	}
}

/* All hardware threads of the cores that `bench` touches. */
static void find_siblings(hwloc_topology_t machine, const cpu_set_t *bench, const cpu_set_t *usable,
			  cpu_set_t *siblings)
{
	hwloc_obj_t object = NULL;
	struct core core;
	cpu_set_t both;

	CPU_ZERO(siblings);
	while ((object = hwloc_get_next_obj_by_type(machine, core_type(machine), object))) {
		read_core(machine, object, usable, &core);
		CPU_AND(&both, &core.threads, bench);
		if (CPU_COUNT(&both) > 0)
			CPU_OR(siblings, siblings, &core.ours);
	}
	cpulist_subtract(siblings, bench);
}

/* --- the choice --------------------------------------------------------------------------------------- */

static int check_wish(const cpu_set_t *cpus, const cpu_set_t *usable, struct sb_err *err)
{
	char wish[TEXT], there[TEXT];

	if (CPU_COUNT(cpus) > 0 && cpulist_is_subset(cpus, usable))
		return 0;
	return err_set(err, -ERANGE, "cannot run on CPUs '%s': this process may use %s",
		       cpulist_format(cpus, wish, sizeof wish), cpulist_format(usable, there, sizeof there));
}

static void explain(struct topology *topology, bool is_wish, bool shares_core)
{
	char bench[TEXT], idle[TEXT];
	const char *why = "a core other than that of CPU 0";

	if (is_wish)
		why = "as asked for with --cpus";
	else if (CPU_COUNT(&topology->allowed) == 1)
		why = "the only CPU there is";
	else if (CPU_ISSET(0, &topology->bench))
		why = "no core but that of CPU 0 may be used";
	cpulist_format(&topology->bench, bench, sizeof bench);
	cpulist_format(&topology->siblings, idle, sizeof idle);
	if (idle[0])
		snprintf(topology->reason, sizeof topology->reason, "CPU %s: %s; sibling %s stays idle",
			 bench, why, idle);
	else if (shares_core)
		snprintf(topology->reason, sizeof topology->reason,
			 "CPU %s: %s; its sibling cannot stay idle, being the only other CPU", bench, why);
	else
		snprintf(topology->reason, sizeof topology->reason, "CPU %s: %s", bench, why);
}

static void divide(hwloc_topology_t machine, const cpu_set_t *usable, bool is_wish, struct topology *topology)
{
	bool shares_core = false;

	find_siblings(machine, &topology->bench, usable, &topology->siblings);
	topology->housekeeping = topology->allowed;
	cpulist_subtract(&topology->housekeeping, &topology->bench);
	cpulist_subtract(&topology->housekeeping, &topology->siblings);
	if (CPU_COUNT(&topology->housekeeping) == 0 && CPU_COUNT(&topology->siblings) > 0) {
		topology->housekeeping = topology->siblings;
		CPU_ZERO(&topology->siblings);
		shares_core = true;
	}
	explain(topology, is_wish, shares_core);
}

int topology_choose_within(const struct path_root *root, const cpu_set_t *allowed, const cpu_set_t *usable,
			   const cpu_set_t *cpus, struct topology *topology, struct sb_err *err)
{
	hwloc_topology_t machine;
	struct core best;
	int code, first;

	memset(topology, 0, sizeof *topology);
	topology->allowed = *allowed;
	code = cpus ? check_wish(cpus, usable, err) : 0;
	if (!code)
		code = load(root, &machine, err);
	if (code)
		return code;
	if (cpus) {
		topology->bench = *cpus;
	} else {
		find_best_core(machine, allowed, &best);
		first = cpulist_first(CPU_COUNT(&best.ours) > 0 ? &best.ours : allowed);
		CPU_SET(first, &topology->bench);
	}
	divide(machine, usable, cpus != NULL, topology);
	hwloc_topology_destroy(machine);
	return 0;
}

/* What the recording process might run on; of a tree that does not tell, every CPU. */
static void narrow_to_recorded(const struct path_root *root, cpu_set_t *allowed)
{
	char text[8192], *line;
	cpu_set_t recorded;

	if (path_read(root, STATUS, text, sizeof text, NULL) < 0 || !(line = strstr(text, ALLOWED)))
		return;
	line += strlen(ALLOWED);
	line[strcspn(line, "\n")] = '\0';
	if (cpulist_parse(line, &recorded, NULL))
		return;
	CPU_AND(&recorded, &recorded, allowed);
	if (CPU_COUNT(&recorded) > 0)
		*allowed = recorded;
}

static int read_online(const struct path_root *root, cpu_set_t *online)
{
	char text[1024];
	int code = path_read(root, ONLINE, text, sizeof text, NULL);

	return code < 0 ? code : cpulist_parse(text, online, NULL);
}

/* The kernel narrows a mask to the cpuset by itself, and hands out a wider one to whoever asks. */
static int ask_kernel(cpu_set_t *usable)
{
	cpu_set_t before, all;
	int code = 0;

	if (sched_getaffinity(0, sizeof before, &before))
		return -errno;
	*usable = before;
	memset(&all, 0xff, sizeof all);
	if (sched_setaffinity(0, sizeof all, &all))
		return 0; /* a filter may forbid it: then what we have is what we get */
	if (sched_getaffinity(0, sizeof *usable, usable))
		code = -errno;
	if (sched_setaffinity(0, sizeof before, &before) && !code)
		code = -errno;
	return code;
}

int topology_usable(const struct path_root *root, cpu_set_t *usable)
{
	return root->is_real ? ask_kernel(usable) : read_online(root, usable);
}

int topology_choose(const struct path_root *root, const cpu_set_t *cpus, struct topology *topology,
		    struct sb_err *err)
{
	cpu_set_t allowed, usable;
	int code = topology_usable(root, &usable);

	allowed = usable;
	if (!root->is_real)
		narrow_to_recorded(root, &allowed);
	else if (!code && sched_getaffinity(0, sizeof allowed, &allowed))
		code = -errno;
	if (code)
		return err_set(err, code, "cannot find out which CPUs may be used%s: %s",
			       root->is_real ? "" : " from '/" ONLINE "'", err_reason(code));
	return topology_choose_within(root, &allowed, &usable, cpus, topology, err);
}
