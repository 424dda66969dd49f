/* SPDX-License-Identifier: GPL-2.0-or-later */
/* partial.c - chained hash and one age list per rule over a fixed array; see partial.h. */
#include "kestrel/partial.h"

#include <errno.h>
#include <stdlib.h>

#define NONE UINT32_MAX

struct age_list {
	uint32_t oldest;
	uint32_t youngest;
};

struct partials {
	struct partial *all;
	uint32_t *buckets; /* first of each chain */
	uint32_t bucket_mask;
	uint32_t capacity;
	uint32_t count;
	uint32_t unused; /* chain of free places */
	struct age_list *rules;
	uint32_t rule_count;
};

static uint32_t index_of(const struct partials *partials, const struct partial *partial)
{
	return (uint32_t)(partial - partials->all);
}

/* The mixing step of splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static uint32_t *bucket_of(const struct partials *partials, uint32_t rule, const struct entity *entity)
{
	uint64_t hash = mix(entity->low + mix(entity->high + rule * 0x9e3779b97f4a7c15u));

	return &partials->buckets[hash & partials->bucket_mask];
}

/* Memory whose place in a cache line is the same in every process and whose pages are there before the first
 * event. */
static void *touched_lines(size_t size, int fill)
{
	void *memory = aligned_alloc(64, (size + 63) / 64 * 64);

	if (memory)
		memset(memory, fill, size);
	return memory;
}

struct partials *partials_new(uint32_t capacity)
{
	struct partials *partials = capacity ? calloc(1, sizeof *partials) : NULL;
	uint32_t buckets = 64, i;

	if (!partials)
		return NULL;
	while (buckets < capacity && buckets < 1u << 31)
		buckets *= 2;
	partials->capacity = capacity;
	partials->bucket_mask = buckets - 1;
	partials->all = touched_lines(capacity * sizeof *partials->all, 0);
	partials->buckets = touched_lines(buckets * sizeof *partials->buckets, 0xff);
	if (!partials->all || !partials->buckets) {
		partials_free(partials);
		return NULL;
	}
	for (i = 0; i < capacity; i++)
		partials->all[i].chain = i + 1 < capacity ? i + 1 : NONE;
	return partials;
}

void partials_free(struct partials *partials)
{
	if (!partials)
		return;
	free(partials->all);
	free(partials->buckets);
	free(partials->rules);
	free(partials);
}

int partials_add_rule(struct partials *partials)
{
	struct age_list *rules = realloc(partials->rules, (partials->rule_count + (size_t)1) * sizeof *rules);

	if (!rules)
		return -ENOMEM;
	rules[partials->rule_count++] = (struct age_list){ NONE, NONE };
	partials->rules = rules;
	return 0;
}

struct partial *partials_find(const struct partials *partials, uint32_t rule, const struct entity *entity)
{
	uint32_t at;

	for (at = *bucket_of(partials, rule, entity); at != NONE; at = partials->all[at].chain) {
		struct partial *partial = &partials->all[at];

		if (partial->rule == rule && partial->entity.low == entity->low &&
		    partial->entity.high == entity->high)
			return partial;
	}
	return NULL;
}

static void unlink_age(struct partials *partials, const struct partial *partial)
{
	struct age_list *list = &partials->rules[partial->rule];

	if (partial->before != NONE)
		partials->all[partial->before].behind = partial->behind;
	else
		list->oldest = partial->behind;
	if (partial->behind != NONE)
		partials->all[partial->behind].before = partial->before;
	else
		list->youngest = partial->before;
}

static void link_youngest(struct partials *partials, struct partial *partial)
{
	struct age_list *list = &partials->rules[partial->rule];
	uint32_t at = index_of(partials, partial);

	partial->before = list->youngest;
	partial->behind = NONE;
	if (list->youngest != NONE)
		partials->all[list->youngest].behind = at;
	else
		list->oldest = at;
	list->youngest = at;
}

static struct partial *oldest_of_all(const struct partials *partials)
{
	struct partial *oldest = NULL;
	uint32_t rule;

	for (rule = 0; rule < partials->rule_count; rule++) {
		uint32_t at = partials->rules[rule].oldest;

		if (at != NONE && (!oldest || partials->all[at].begun_ns < oldest->begun_ns))
			oldest = &partials->all[at];
	}
	return oldest;
}

static void evict_for(struct partials *partials, uint32_t rule)
{
	uint32_t own = partials->rules[rule].oldest;

	partials_remove(partials, own != NONE ? &partials->all[own] : oldest_of_all(partials));
}

struct partial *partials_add(struct partials *partials, uint32_t rule, const struct entity *entity,
			     bool *evicted)
{
	uint32_t *bucket = bucket_of(partials, rule, entity), at;
	struct partial *partial;

	*evicted = partials->count == partials->capacity;
	if (*evicted)
		evict_for(partials, rule);
	at = partials->unused;
	partial = &partials->all[at];
	partials->unused = partial->chain;
	partials->count++;
	partial->rule = rule;
	partial->entity = *entity;
	partial->live = 0;
	partial->begun_ns = 0;
	partial->chain = *bucket;
	*bucket = at;
	link_youngest(partials, partial);
	return partial;
}

void partials_renew(struct partials *partials, struct partial *partial, uint64_t begun_ns)
{
	partial->begun_ns = begun_ns;
	if (partial->behind == NONE)
		return;
	unlink_age(partials, partial);
	link_youngest(partials, partial);
}

void partials_remove(struct partials *partials, struct partial *partial)
{
	uint32_t *link = bucket_of(partials, partial->rule, &partial->entity);
	uint32_t at = index_of(partials, partial);

	while (*link != at)
		link = &partials->all[*link].chain;
	*link = partial->chain;
	unlink_age(partials, partial);
	partial->chain = partials->unused;
	partials->unused = at;
	partials->count--;
}

uint32_t partials_expire(struct partials *partials, uint32_t rule, uint64_t maxspan_ns, uint64_t now_ns)
{
	uint32_t at, dropped = 0;

	while ((at = partials->rules[rule].oldest) != NONE) {
		struct partial *oldest = &partials->all[at];

		if (oldest->begun_ns >= now_ns || now_ns - oldest->begun_ns <= maxspan_ns)
			break;
		partials_remove(partials, oldest);
		dropped++;
	}
	return dropped;
}

uint32_t partials_count(const struct partials *partials)
{
	return partials->count;
}
