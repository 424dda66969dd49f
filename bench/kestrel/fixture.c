/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture.c - the same schema and the same event for all kestrel benchmarks; see fixture.h. */
#include "kestrel/fixture.h"

#include <stdlib.h>

#include "kestrel/pool.h"

#define POOL_SIZE (256 << 10)

/* Field i has type i % VALUE_TYPES, so that neighbours differ as they do in events of real sources. */
static const char *const paths[FIXTURE_FIELDS] = {
	"process.pid",
	"process.nice",
	"process.cpu_share",
	"process.name",
	"process.elevated",
	"process.hash",
	"process.parent_pid",
	"process.exit_code",
	"process.memory_share",
	"process.executable",
	"process.signed",
	"process.signature",
	"process.threads",
	"process.priority",
	"process.io_share",
	"process.command_line",
	"process.interactive",
	"process.environment",
	"file.inode",
	"file.size_change",
	"file.entropy",
	"file.path",
	"file.hidden",
	"file.magic",
	"file.owner_id",
	"file.mode_change",
	"file.age_days",
	"file.extension",
	"file.encrypted",
	"file.digest",
	"network.bytes_sent",
	"network.clock_offset",
	"network.loss",
	"network.peer_name",
	"network.encrypted",
	"network.peer_address",
	"network.bytes_received",
	"network.hop_change",
	"network.round_trip",
	"network.protocol",
	"network.inbound",
	"network.payload",
	"user.id",
	"user.zone_offset",
	"user.risk",
	"user.name",
	"user.administrator",
	"user.token",
	"host.uptime",
	"host.temperature",
};

static struct value value_of(uint32_t field)
{
	static const uint8_t bytes[] = { 0x7f, 'E', 'L', 'F', 2, 1, 1, 0 };

	switch (field % VALUE_TYPES) {
	case VALUE_U64:
		return value_u64(4711 + field);
	case VALUE_I64:
		return value_i64(-20 - (int64_t)field);
	case VALUE_F64:
		return value_f64(0.125 * field);
	case VALUE_STRING:
		return value_string(paths[field]);
	case VALUE_BOOL:
		return value_bool(field & 1);
	default:
		return value_bytes(bytes, sizeof bytes);
	}
}

static int fill(struct fixture *fixture)
{
	uint32_t i, field;
	int rc = 0;

	for (i = 0; rc == 0 && i < FIXTURE_FIELDS; i++) {
		fixture->values[i] = value_of(i);
		rc = schema_add(fixture->schema, paths[i], (enum value_type)fixture->values[i].type, &field);
	}
	builder_start(fixture->builder, 1, 1, 1, (struct entity){ 0, 1 });
	for (i = 0; rc == 0 && i < FIXTURE_FIELDS; i++)
		rc = builder_set(fixture->builder, i, fixture->values[i]);
	if (rc == 0)
		rc = builder_build(fixture->builder, &fixture->full);
	fixture->pool_used = pool_used(fixture->pool);
	return rc;
}

struct fixture *fixture_new(void)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	if (!fixture)
		return NULL;
	fixture->schema = schema_new();
	fixture->pool = pool_new(POOL_SIZE);
	fixture->builder = builder_new(fixture->schema, fixture->pool);
	if (fixture->schema && fixture->pool && fixture->builder && fill(fixture) == 0)
		return fixture;
	fixture_free(fixture);
	return NULL;
}

void fixture_free(struct fixture *fixture)
{
	if (!fixture)
		return;
	event_free(fixture->full);
	builder_free(fixture->builder);
	pool_free(fixture->pool);
	schema_free(fixture->schema);
	free(fixture);
}

const char *fixture_path(uint32_t field)
{
	return paths[field];
}

struct event *fixture_event(struct fixture *fixture, uint32_t type, uint64_t mono_ns, uint64_t entity)
{
	static const uint32_t fields[] = { FIXTURE_PID, FIXTURE_NICE, FIXTURE_NAME };
	struct event *event = NULL;
	size_t i;

	builder_start(fixture->builder, type, mono_ns, mono_ns, (struct entity){ 0, entity });
	for (i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (builder_set(fixture->builder, fields[i], fixture->values[fields[i]]) < 0)
			return NULL;
	}
	return builder_build(fixture->builder, &event) == 0 ? event : NULL;
}

bool fixture_holds(const struct fixture *fixture, const struct event *event, uint32_t count)
{
	uint32_t field, found = 0;

	for (field = 0; event && field < FIXTURE_FIELDS; field++) {
		const struct value *value = event_get(event, field);

		if (value && value_equal(*value, fixture->values[field]))
			found++;
	}
	return event && event_count(event) == count && found == count;
}
