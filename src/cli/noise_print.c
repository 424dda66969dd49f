/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise_print.c - see noise_print.h. */
#include "cli/noise_print.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include "base/printable.h"
#include "host/journal.h"
#include "host/thief_knob.h"

#define SCHEMA	    "stablebench-noise/1"
#define TIME_FORMAT "%Y-%m-%dT%H:%M:%SZ"
#define ROWS	    5 /* thieves of a core that people are shown */

static const char *const sizes[GAP_SIZES] = { "1 to 10 us", "10 to 100 us", "0.1 to 1 ms", "1 to 10 ms",
					      "over 10 ms" };
static const double least_s[GAP_SIZES] = { 1e-6, 1e-5, 1e-4, 1e-3, 1e-2 };

static double share(uint64_t ns, const struct noise_core *core)
{
	return core->gaps.spun_ns ? (double)ns / (double)core->gaps.spun_ns : 0;
}

static double per_second(uint64_t count, const struct noise_core *core)
{
	return core->gaps.spun_ns ? (double)count / ((double)core->gaps.spun_ns * 1e-9) : 0;
}

static const char *const kind_names[SB_WIRE_THEFT_KINDS] = { "task", "interrupt", "softirq", "timer" };

static const char *kind_name(uint32_t kind)
{
	return kind < SB_WIRE_THEFT_KINDS ? kind_names[kind] : "?";
}

/* --- text -------------------------------------------------------------------------------------------------
 */

static void print_sizes(const struct noise_core *core, FILE *stream)
{
	const char *between = "  gaps a second: ";

	for (int i = 0; i < GAP_SIZES; i++) {
		if (!core->gaps.count[i])
			continue;
		fprintf(stream, "%s%s: %.1f", between, sizes[i], per_second(core->gaps.count[i], core));
		between = ", ";
	}
	fputs(*between == ',' ? "\n" : "  no gap at all\n", stream);
}

static void print_kinds(const struct noise_profile *profile, const struct noise_core *core, FILE *stream)
{
	const struct gap_profile *gaps = &core->gaps;

	fputs("  taken by", stream);
	for (uint32_t kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++)
		if (profile->source == NOISE_TIMED || kind == SB_WIRE_THEFT_TASK)
			fprintf(stream, "%s %ss %.3f %% (%.1f a second)", kind ? "," : "", kind_name(kind),
				100 * share(core->kind_ns[kind], core),
				per_second(core->kind_count[kind], core));
		else
			fprintf(stream, ", %ss (%.1f a second)", kind_name(kind),
				per_second(core->kind_count[kind], core));
	fprintf(stream, "\n  %s: %.3f %% in %llu gaps; by the hypervisor's own count %.3f %%\n",
		profile->source == NOISE_TIMED ? "without a known cause (firmware, hypervisor)"
					       : "by interrupts, or without a known cause",
		100 * share(gaps->unexplained_ns, core), (unsigned long long)gaps->unexplained,
		100 * share(core->hypervisor_ns, core));
}

static void print_thief(const struct noise_profile *profile, const struct keeper_thief *thief, FILE *stream)
{
	const struct thief_remedy *remedy = thief_remedy(thief->kind, thief->name);
	char name[sizeof thief->name];

	memcpy(name, thief->name, sizeof name);
	printable_clean(name, sizeof name);
	fprintf(stream, "  %-16s %-9s %7llu x", name, kind_name(thief->kind),
		(unsigned long long)thief->count);
	if (profile->source == NOISE_TIMED)
		fprintf(stream, " %9.3f ms", (double)thief->ns * 1e-6);
	if (remedy)
		fprintf(stream, "  %s: %s", remedy->knob ? remedy->knob : remedy->instead, remedy->text);
	fputc('\n', stream);
}

static void print_core(const struct noise_profile *profile, const struct noise_core *core, FILE *stream)
{
	fprintf(stream, "CPU %d: lost %.3f %% of %.1f s in %llu gaps, the longest %.3f ms\n", core->cpu,
		100 * noise_lost(core), (double)core->gaps.spun_ns * 1e-9,
		(unsigned long long)core->gaps.total, (double)core->gaps.longest_ns * 1e-6);
	print_sizes(core, stream);
	print_kinds(profile, core, stream);
	for (uint32_t i = 0; i < core->thieves.count && i < ROWS; i++)
		print_thief(profile, &core->thieves.rows[i], stream);
}

void noise_print_text(const struct noise_profile *profile, FILE *stream)
{
	const int best = noise_quietest(profile->cores, profile->count);

	if (profile->source == NOISE_COUNTED)
		fprintf(stream, "%s\n", profile->reason);
	for (size_t i = 0; i < profile->count; i++)
		print_core(profile, &profile->cores[i], stream);
	if (best >= 0 && profile->count > 1)
		fprintf(stream, "the quietest: CPU %d\n", profile->cores[best].cpu);
}

/* --- JSON -------------------------------------------------------------------------------------------------
 */

static json_t *thieves_array(const struct noise_profile *profile, const struct noise_core *core)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < core->thieves.count; i++) {
		const struct keeper_thief *thief = &core->thieves.rows[i];
		const struct thief_remedy *remedy = thief_remedy(thief->kind, thief->name);
		char name[sizeof thief->name];

		memcpy(name, thief->name, sizeof name);
		printable_clean(name, sizeof name);
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:I, s:I, s:o, s:s?, s:s?}", "kind",
					kind_name(thief->kind), "name", name, "id", (json_int_t)thief->id,
					"count", (json_int_t)thief->count, "stolen_s",
					profile->source == NOISE_TIMED ? json_real((double)thief->ns * 1e-9)
								       : json_null(),
					"knob", remedy ? remedy->knob : NULL, "remedy",
					remedy ? remedy->instead : NULL));
	}
	return list;
}

static json_t *gaps_array(const struct noise_core *core)
{
	json_t *list = json_array();

	for (int i = 0; i < GAP_SIZES; i++)
		json_array_append_new(list, json_pack("{s:f, s:I}", "from_s", least_s[i], "count",
						      (json_int_t)core->gaps.count[i]));
	return list;
}

static json_t *kinds_object(const struct noise_profile *profile, const struct noise_core *core)
{
	json_t *kinds = json_object();

	for (uint32_t kind = 0; kind < SB_WIRE_THEFT_KINDS; kind++) {
		const bool is_timed = profile->source == NOISE_TIMED || kind == SB_WIRE_THEFT_TASK;

		json_object_set_new(
			kinds, kind_name(kind),
			json_pack("{s:I, s:o}", "count", (json_int_t)core->kind_count[kind], "stolen_s",
				  is_timed ? json_real((double)core->kind_ns[kind] * 1e-9) : json_null()));
	}
	return kinds;
}

static json_t *core_object(const struct noise_profile *profile, const struct noise_core *core)
{
	const struct gap_profile *gaps = &core->gaps;

	return json_pack("{s:i, s:f, s:f, s:I, s:f, s:o, s:o, s:{s:I, s:f}, s:f, s:o}", "cpu", core->cpu,
			 "spun_s", (double)gaps->spun_ns * 1e-9, "lost_s", (double)gaps->lost_ns * 1e-9,
			 "gap_count", (json_int_t)gaps->total, "longest_s", (double)gaps->longest_ns * 1e-9,
			 "gaps", gaps_array(core), "taken", kinds_object(profile, core), "unexplained",
			 "count", (json_int_t)gaps->unexplained, "lost_s",
			 (double)gaps->unexplained_ns * 1e-9, "hypervisor_s",
			 (double)core->hypervisor_ns * 1e-9, "thieves", thieves_array(profile, core));
}

json_t *noise_document_new(const struct noise_profile *profile, const struct path_root *root)
{
	const int best = noise_quietest(profile->cores, profile->count);
	struct journal_owner boot = { 0 };
	json_t *cores = json_array();
	char now[32];
	time_t seconds = time(NULL);
	struct tm utc;

	journal_identify(root, &boot);
	strftime(now, sizeof now, TIME_FORMAT, gmtime_r(&seconds, &utc));
	for (size_t i = 0; i < profile->count; i++)
		json_array_append_new(cores, core_object(profile, &profile->cores[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "schema", SCHEMA, "taken_at", now, "boot_id",
			 boot.boot_id, "source", profile->source == NOISE_TIMED ? "timed" : "counted",
			 "reason", profile->reason, "cores", cores, "quietest",
			 best < 0 ? json_null() : json_integer(profile->cores[best].cpu));
}

/* A clock that was set back since then is as good a reason not to believe the document. */
static bool is_past(const char *taken_at)
{
	struct tm utc = { 0 };
	const char *end = strptime(taken_at, TIME_FORMAT, &utc);

	return end && !*end && timegm(&utc) <= time(NULL);
}

int noise_document_quietest(const json_t *document, const struct path_root *root, struct sb_err *err)
{
	const char *schema = json_string_value(json_object_get(document, "schema"));
	const char *boot_id = json_string_value(json_object_get(document, "boot_id"));
	const char *taken_at = json_string_value(json_object_get(document, "taken_at"));
	const json_t *cpu = json_object_get(document, "quietest");
	struct journal_owner boot = { 0 };

	journal_identify(root, &boot);
	if (!schema || strcmp(schema, SCHEMA) != 0 || !boot_id || !taken_at || !json_is_integer(cpu))
		return err_set(err, -EINVAL, "it is no noise profile that names a quietest CPU"), -1;
	if (!boot.boot_id[0] || strcmp(boot_id, boot.boot_id) != 0)
		return err_set(err, -ESTALE, "it was taken before the host was last booted"), -1;
	if (!is_past(taken_at))
		return err_set(err, -EINVAL, "it was not taken before now, by its time or this host's clock"),
		       -1;
	if (json_integer_value(cpu) < 0 || json_integer_value(cpu) >= CPU_SETSIZE)
		return err_set(err, -EINVAL, "it names a CPU that cannot be"), -1;
	return (int)json_integer_value(cpu);
}
