/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thief.c - loading thief.bpf.c, and reading what it found; see thief.h. */
#include "keeper/thief.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "keeper/thief_map.h"

/* the program is one string, longer than ISO C asks compilers to take */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Woverlength-strings"
#include "keeper/thief.skel.h"
#pragma GCC diagnostic pop

#define SECTION "tp_btf/"

struct thief {
	struct thief_bpf *object;
	cpu_set_t cpus;
	unsigned slots;
};

/* --- loading ----------------------------------------------------------------------------------------------
 */

/* Reasons are told by whoever asked. */
static int say_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static int explain(int code, struct sb_err *err)
{
	if (code == -EPERM || code == -EACCES)
		return err_set(err, code,
			       "the kernel refuses BPF programs: kernel lockdown, a container, or no "
			       "CAP_BPF; try on the host itself, without lockdown=confidentiality");
	return err_set(err, code,
		       "the kernel does not take the BPF programs: %s; Linux 5.8 or later is needed",
		       err_reason(code));
}

static bool has_tracepoint(const struct btf *types, const char *name)
{
	char type[64];

	snprintf(type, sizeof type, "btf_trace_%s", name);
	return btf__find_by_name_kind(types, type, BTF_KIND_TYPEDEF) > 0;
}

/* A program whose tracepoint this kernel does not have is left out: those of x86 elsewhere. */
static int choose_programs(struct bpf_object *object, struct sb_err *err)
{
	struct btf *types = btf__load_vmlinux_btf();
	struct bpf_program *program;

	if (!types)
		return err_set(err, -EOPNOTSUPP,
			       "the kernel does not publish its types in '/sys/kernel/btf/vmlinux'; boot one "
			       "that is built with CONFIG_DEBUG_INFO_BTF");
	bpf_object__for_each_program(program, object)
	{
		const char *section = bpf_program__section_name(program);

		if (!has_tracepoint(types, section + strlen(SECTION)))
			bpf_program__set_autoload(program, false);
	}
	btf__free(types);
	return 0;
}

static int load(struct thief *thief, struct sb_err *err)
{
	struct thief_bpf *object = thief->object;
	int code = choose_programs(object->obj, err);

	if (code)
		return code;
	bpf_map__set_max_entries(object->maps.slots, thief->slots);
	bpf_map__set_max_entries(object->maps.cpus, thief->slots);
	code = thief_bpf__load(object);
	/* From now on only programs write to it, whoever has the descriptor. A descriptor for reading
	 * (BPF_F_RDONLY) would not do: mmap(2) takes a shared mapping of one for private, which BPF refuses.
	 */
	if (!code && bpf_map_freeze(bpf_map__fd(object->maps.slots)))
		code = -errno;
	if (!code)
		code = thief_bpf__attach(object);
	if (!code && !object->links.on_switch)
		code = -EOPNOTSUPP;
	return code ? explain(code, err) : 0;
}

static unsigned count_slots(const cpu_set_t *cpus)
{
	unsigned last = 0;

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, cpus))
			last = cpu;
	return last + 1;
}

int thief_new(const cpu_set_t *cpus, struct thief **made, struct sb_err *err)
{
	struct thief *thief = alloc_zero(1, sizeof *thief);
	int code;

	*made = NULL;
	thief->cpus = *cpus;
	thief->slots = count_slots(cpus);
	libbpf_set_print(say_nothing);
	thief->object = thief_bpf__open();
	code = thief->object ? load(thief, err) : explain(-errno, err);
	if (code)
		thief_free(thief);
	else
		*made = thief;
	return code;
}

void thief_free(struct thief *thief)
{
	if (!thief)
		return;
	thief_bpf__destroy(thief->object);
	free(thief);
}

int thief_memory(const struct thief *thief)
{
	return bpf_map__fd(thief->object->maps.slots);
}

unsigned thief_cpus(const struct thief *thief)
{
	return thief->slots;
}

/* --- one launch -------------------------------------------------------------------------------------------
 */

static void set_cpus(const struct thief *thief)
{
	const int fd = bpf_map__fd(thief->object->maps.cpus);

	for (uint32_t cpu = 0; cpu < thief->slots; cpu++) {
		const struct thief_cpu state = { .is_watched = (uint32_t) !!CPU_ISSET(cpu, &thief->cpus) };

		bpf_map_update_elem(fd, &cpu, &state, BPF_ANY);
	}
}

static void clear(struct bpf_map *map, void *key)
{
	const int fd = bpf_map__fd(map);

	while (!bpf_map_get_next_key(fd, NULL, key))
		if (bpf_map_delete_elem(fd, key))
			return;
}

static void stop_watching(struct thief *thief)
{
	__atomic_store_n(&thief->object->bss->benched, 0u, __ATOMIC_SEQ_CST);
}

void thief_begin(struct thief *thief)
{
	struct thief_key key;
	uint32_t number;

	stop_watching(thief);
	thief->object->bss->untold = 0;
	set_cpus(thief);
	clear(thief->object->maps.thieves, &key);
	clear(thief->object->maps.waiting, &number);
	clear(thief->object->maps.descendants, &number);
}

void thief_watch(struct thief *thief, pid_t pid)
{
	__atomic_store_n(&thief->object->bss->benched, (uint32_t)pid, __ATOMIC_SEQ_CST);
}

/* --- the table --------------------------------------------------------------------------------------------
 */

static bool is_same(const struct keeper_thief *one, const struct thief_key *other)
{
	if (one->kind != other->kind || strcmp(one->name, other->name) != 0)
		return false;
	return one->kind == SB_WIRE_THEFT_TASK || one->id == other->id;
}

/* Processes come and go: those of one name are one row. */
static void add(struct keeper_thief *rows, size_t *count, const struct thief_key *key,
		const struct thief_sum *sum)
{
	size_t i = 0;

	while (i < *count && !is_same(&rows[i], key))
		i++;
	if (i == *count) {
		rows[i] = (struct keeper_thief){ .kind = key->kind, .id = key->id };
		snprintf(rows[i].name, sizeof rows[i].name, "%.15s", key->name);
		++*count;
	}
	if (rows[i].id != key->id)
		rows[i].id = 0;
	rows[i].count += sum->count;
	rows[i].ns += sum->ns;
}

static int by_time(const void *left, const void *right)
{
	const struct keeper_thief *one = left, *other = right;

	return one->ns < other->ns ? 1 : one->ns > other->ns ? -1 : 0;
}

static void tell(struct keeper_thief *rows, size_t count, struct keeper_thieves *thieves)
{
	qsort(rows, count, sizeof *rows, by_time);
	for (size_t i = 0; i < count; i++) {
		thieves->total += rows[i].count;
		thieves->total_ns += rows[i].ns;
	}
	thieves->count = (uint32_t)(count < KEEPER_THIEVES_MAX ? count : KEEPER_THIEVES_MAX);
	memcpy(thieves->rows, rows, thieves->count * sizeof *rows);
}

void thief_end(struct thief *thief, struct keeper_thieves *thieves)
{
	const int fd = bpf_map__fd(thief->object->maps.thieves);
	struct keeper_thief *rows = alloc_zero(THIEF_ROWS, sizeof *rows);
	struct thief_key key;
	size_t count = 0;

	stop_watching(thief);
	memset(thieves, 0, sizeof *thieves);
	for (unsigned i = 0; i < THIEF_ROWS && !bpf_map_get_next_key(fd, i ? &key : NULL, &key); i++) {
		struct thief_sum sum = { 0 };

		if (!bpf_map_lookup_elem(fd, &key, &sum))
			add(rows, &count, &key, &sum);
	}
	tell(rows, count, thieves);
	thieves->untold = thief->object->bss->untold;
	thieves->is_known = KEEPER_THIEVES_TIMED;
	free(rows);
}
