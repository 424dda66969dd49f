/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interruptions.c - see interruptions.h. Files: proc(5), Documentation/filesystems/proc.rst. */
#include "host/interruptions.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "wire.h"

#define FILE_MOST (4u << 20) /* a thousand rows of some hundred CPUs */

/* The interrupts that are no device's have short names in the file, and others in tracepoints. */
static const struct {
	const char *label, *name;
	uint32_t kind;
} vectors[] = {
	{ "LOC", "local_timer", SB_WIRE_THEFT_TIMER },	     { "RES", "reschedule", SB_WIRE_THEFT_INTERRUPT },
	{ "CAL", "call_function", SB_WIRE_THEFT_INTERRUPT }, { "IWI", "irq_work", SB_WIRE_THEFT_INTERRUPT },
	{ "TRM", "thermal", SB_WIRE_THEFT_INTERRUPT },	     { "NMI", "nmi", SB_WIRE_THEFT_INTERRUPT },
};

struct table {
	struct interruption *rows;
	size_t count;
};

static void add(struct table *table, uint32_t kind, const char *label, const char *name, uint64_t count)
{
	const uint32_t id = (uint32_t)strtoul(label, NULL, 10);
	struct interruption *row;

	for (size_t i = 0; i < table->count; i++) { /* the kinds of IPI */
		row = &table->rows[i];
		if (row->kind == kind && row->id == id && !strcmp(row->name, name)) {
			row->count += count;
			return;
		}
	}
	table->rows = alloc_grow(table->rows, table->count + 1, sizeof *table->rows);
	row = &table->rows[table->count++];
	*row = (struct interruption){ .kind = kind, .id = id, .count = count };
	snprintf(row->name, sizeof row->name, "%s", name);
}

static void add_interrupt(struct table *table, const char *label, const char *text, uint64_t count)
{
	const char *name = strrchr(text, ' ');

	name = name ? name + 1 : text;
	if (isdigit((unsigned char)label[0])) {
		add(table, strcmp(name, "arch_timer") ? SB_WIRE_THEFT_INTERRUPT : SB_WIRE_THEFT_TIMER, label,
		    name, count);
		return;
	}
	if (!strncmp(label, "IPI", 3))
		add(table, SB_WIRE_THEFT_INTERRUPT, "", "IPI", count);
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		if (!strcmp(label, vectors[i].label))
			add(table, vectors[i].kind, "", vectors[i].name, count);
}

static void add_softirq(struct table *table, const char *label, const char *text, uint64_t count)
{
	(void)text;
	add(table, SB_WIRE_THEFT_SOFTIRQ, "", label, count);
}

/* Which columns are of the CPUs: those that are offline have none. */
static void find_columns(const char *header, const cpu_set_t *cpus, cpu_set_t *columns)
{
	size_t column = 0;

	CPU_ZERO(columns);
	for (const char *at = strstr(header, "CPU"); at; at = strstr(at + 3, "CPU"), column++)
		if (CPU_ISSET(strtoul(at + 3, NULL, 10), cpus))
			CPU_SET(column, columns);
}

static void read_line(char *line, const cpu_set_t *columns, struct table *table,
		      void (*each)(struct table *, const char *label, const char *text, uint64_t count))
{
	char *label = line + strspn(line, " "), *at = strchr(label, ':');
	uint64_t count = 0, value;
	char *end;

	if (!at)
		return;
	*at++ = '\0';
	for (size_t i = 0;; i++) {
		value = strtoull(at, &end, 10);
		if (end == at ||
		    (*end && *end != ' ')) /* an interrupt of no CPU, or what follows the counts */
			break;
		at = end;
		if (CPU_ISSET(i, columns))
			count += value;
	}
	if (count)
		each(table, label, at, count);
}

static void read_file(const struct path_root *root, const char *path, const cpu_set_t *cpus,
		      struct table *table,
		      void (*each)(struct table *, const char *label, const char *text, uint64_t count))
{
	char *text = alloc_zero(1, FILE_MOST), *next = text, *line;
	cpu_set_t columns;

	if (path_read(root, path, text, FILE_MOST, NULL) > 0) {
		find_columns(strsep(&next, "\n"), cpus, &columns);
		while ((line = strsep(&next, "\n")))
			read_line(line, &columns, table, each);
	}
	free(text);
}

struct interruption *interruptions_dup(const struct path_root *root, const cpu_set_t *cpus, size_t *count)
{
	struct table table = { .rows = NULL };

	read_file(root, "proc/interrupts", cpus, &table, add_interrupt);
	read_file(root, "proc/softirqs", cpus, &table, add_softirq);
	*count = table.count;
	return table.rows;
}

static uint64_t count_before(const struct interruption *row, const struct interruption *before, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (before[i].kind == row->kind && before[i].id == row->id &&
		    !strcmp(before[i].name, row->name))
			return before[i].count;
	return 0;
}

void interruptions_subtract(struct interruption *now, size_t *count, const struct interruption *before,
			    size_t before_count)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		const uint64_t old = count_before(&now[i], before, before_count);

		if (now[i].count <= old)
			continue;
		now[kept] = now[i];
		now[kept++].count -= old;
	}
	*count = kept;
}
