/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about kestrel/engine: what a sequence is, when it is too old or too late, and that memory is
 * bounded. */
#include "kestrel/engine.h"

#include <errno.h>

#include "kestrel/pool.h"
#include "unit.h"

#define SECOND 1000000000u

struct bed {
	struct pool *pool;
	struct engine *engine;
	struct alert last;
	unsigned alerts;
};

static void note_alert(void *context, const struct alert *alert)
{
	struct bed *bed = context;

	bed->last = *alert;
	bed->alerts++;
}

static struct bed *bed_new(uint32_t capacity)
{
	struct bed *bed = calloc(1, sizeof *bed);

	bed->pool = pool_new(1 << 16);
	bed->engine = engine_new(capacity, note_alert, bed);
	ck_assert_ptr_nonnull(bed->engine);
	return bed;
}

static void bed_free(struct bed *bed)
{
	engine_free(bed->engine);
	pool_free(bed->pool);
	free(bed);
}

/* Event of a type, at a second, of an entity; gives the number of alerts. */
static unsigned send(struct bed *bed, uint32_t type, unsigned second, uint64_t entity)
{
	struct event_head head = { .type = type, .mono_ns = (uint64_t)second * SECOND, .entity.low = entity };
	struct event *event = event_new(bed->pool, &head, NULL, NULL, 0);
	unsigned alerts = engine_process(bed->engine, event);

	event_free(event);
	return alerts;
}

/* The sequence 1, 2, 3 within ten seconds. */
static struct rule three_steps(const char *name)
{
	return (struct rule){ .name = name,
			      .steps = { { .event_type = 1 }, { .event_type = 2 }, { .event_type = 3 } },
			      .step_count = 3,
			      .maxspan_ns = 10ull * SECOND };
}

static struct bed *bed_with(struct rule rule, uint32_t capacity)
{
	struct bed *bed = bed_new(capacity);

	ck_assert_int_eq(engine_add_rule(bed->engine, &rule), 0);
	return bed;
}

START_TEST(a_complete_sequence_raises_one_alert)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	ck_assert_uint_eq(send(bed, 1, 1, 7), 0);
	ck_assert_uint_eq(send(bed, 2, 2, 7), 0);
	ck_assert_uint_eq(engine_partials(bed->engine), 1);
	ck_assert_uint_eq(send(bed, 3, 4, 7), 1);
	ck_assert_uint_eq(bed->alerts, 1);
	ck_assert_str_eq(bed->last.rule, "login");
	ck_assert_uint_eq(bed->last.entity.low, 7);
	ck_assert_uint_eq(bed->last.start_ns, 1ull * SECOND);
	ck_assert_uint_eq(bed->last.end_ns, 4ull * SECOND);
	ck_assert_uint_eq(engine_partials(bed->engine), 0);
	ck_assert_uint_eq(send(bed, 3, 5, 7), 0);
	bed_free(bed);
}
END_TEST

START_TEST(steps_in_another_order_are_no_sequence)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 3, 1, 7);
	send(bed, 2, 2, 7);
	send(bed, 1, 3, 7);
	send(bed, 3, 4, 7);
	send(bed, 9, 5, 7);
	ck_assert_uint_eq(bed->alerts, 0);
	ck_assert_uint_eq(send(bed, 2, 6, 7), 0);
	ck_assert_uint_eq(send(bed, 3, 7, 7), 1);
	bed_free(bed);
}
END_TEST

START_TEST(entities_do_not_mix)
{
	struct bed *bed = bed_with(three_steps("login"), 1024);
	uint64_t entity;

	for (entity = 0; entity < 1000; entity++)
		send(bed, 1, 1, entity);
	ck_assert_uint_eq(engine_partials(bed->engine), 1000);
	for (entity = 0; entity < 1000; entity += 2)
		send(bed, 2, 2, entity);
	for (entity = 0; entity < 1000; entity++)
		ck_assert_uint_eq(send(bed, 3, 3, entity), entity % 2 == 0);
	ck_assert_uint_eq(engine_partials(bed->engine), 500);
	bed_free(bed);
}
END_TEST

START_TEST(maxspan_is_counted_from_the_first_step_and_inclusive)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 1, 1, 7);
	send(bed, 2, 2, 7);
	ck_assert_uint_eq(send(bed, 3, 11, 7), 1);
	send(bed, 1, 21, 7);
	send(bed, 2, 30, 7);
	ck_assert_uint_eq(send(bed, 3, 32, 7), 0);
	ck_assert_uint_eq(engine_partials(bed->engine), 0);
	ck_assert_uint_eq(engine_counts(bed->engine)->expired, 1);
	bed_free(bed);
}
END_TEST

START_TEST(without_maxspan_nothing_grows_old)
{
	struct rule rule = three_steps("login");
	struct bed *bed;

	rule.maxspan_ns = 0;
	bed = bed_with(rule, 8);
	send(bed, 1, 1, 7);
	send(bed, 2, 1000, 7);
	ck_assert_uint_eq(engine_expire(bed->engine, UINT64_MAX), 0);
	ck_assert_uint_eq(send(bed, 3, 4000, 7), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_new_first_step_wins_over_the_waiting_one)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 1, 1, 7);
	send(bed, 1, 8, 7);
	send(bed, 2, 12, 7);
	ck_assert_uint_eq(send(bed, 3, 13, 7), 1);
	ck_assert_uint_eq(bed->last.start_ns, 8ull * SECOND);
	bed_free(bed);
}
END_TEST

START_TEST(a_sequence_moved_on_lets_another_begin_behind_it)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 1, 1, 7);
	send(bed, 2, 2, 7);
	send(bed, 1, 3, 7);
	ck_assert_uint_eq(engine_partials(bed->engine), 1);
	ck_assert_uint_eq(send(bed, 3, 4, 7), 1);
	ck_assert_uint_eq(bed->last.start_ns, 1ull * SECOND);
	send(bed, 2, 5, 7);
	ck_assert_uint_eq(send(bed, 3, 6, 7), 1);
	ck_assert_uint_eq(bed->last.start_ns, 3ull * SECOND);
	bed_free(bed);
}
END_TEST

START_TEST(one_event_takes_one_step_of_a_sequence)
{
	struct rule rule = { .name = "thrice",
			     .steps = { { .event_type = 1 }, { .event_type = 1 }, { .event_type = 1 } },
			     .step_count = 3 };
	struct bed *bed = bed_with(rule, 8);

	ck_assert_uint_eq(send(bed, 1, 1, 7), 0);
	ck_assert_uint_eq(send(bed, 1, 2, 7), 0);
	ck_assert_uint_eq(send(bed, 1, 3, 7), 1);
	ck_assert_uint_eq(bed->last.start_ns, 1ull * SECOND);
	ck_assert_uint_eq(send(bed, 1, 4, 7), 1);
	ck_assert_uint_eq(bed->last.start_ns, 2ull * SECOND);
	ck_assert_uint_eq(engine_partials(bed->engine), 1);
	bed_free(bed);
}
END_TEST

START_TEST(late_events_move_nothing)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 1, 5, 7);
	send(bed, 2, 4, 7);
	ck_assert_uint_eq(engine_counts(bed->engine)->late, 1);
	send(bed, 1, 3, 7);
	ck_assert_uint_eq(engine_counts(bed->engine)->late, 2);
	ck_assert_uint_eq(send(bed, 3, 6, 7), 0);
	send(bed, 2, 5, 7);
	ck_assert_uint_eq(send(bed, 3, 5, 7), 1);
	ck_assert_uint_eq(bed->last.start_ns, 5ull * SECOND);
	bed_free(bed);
}
END_TEST

/* An old event must not make what is young look old, nor shorten the life of a sequence. */
START_TEST(an_old_first_step_of_another_entity_expires_nothing)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 1, 50, 1);
	send(bed, 1, 2, 2);
	ck_assert_uint_eq(engine_partials(bed->engine), 2);
	send(bed, 2, 3, 2);
	ck_assert_uint_eq(send(bed, 3, 4, 2), 1);
	send(bed, 2, 51, 1);
	ck_assert_uint_eq(send(bed, 3, 52, 1), 1);
	bed_free(bed);
}
END_TEST

/* The late one stands behind the young one in the age list, yet is no match any more. */
START_TEST(a_sequence_that_is_too_old_but_not_yet_dropped_does_not_match)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 1, 50, 1);
	send(bed, 1, 45, 2);
	send(bed, 2, 57, 2);
	ck_assert_uint_eq(engine_partials(bed->engine), 2);
	ck_assert_uint_eq(send(bed, 3, 58, 2), 0);
	bed_free(bed);
}
END_TEST

START_TEST(expiry_drops_the_old_of_all_rules_and_keeps_the_young)
{
	struct bed *bed = bed_with(three_steps("one"), 64);
	struct rule longer = three_steps("two");
	unsigned i;

	longer.maxspan_ns = 100ull * SECOND;
	ck_assert_int_eq(engine_add_rule(bed->engine, &longer), 0);
	for (i = 0; i < 10; i++)
		send(bed, 1, i, i);
	ck_assert_uint_eq(engine_partials(bed->engine), 20);
	ck_assert_uint_eq(engine_expire(bed->engine, 10ull * SECOND), 0);
	ck_assert_uint_eq(engine_expire(bed->engine, 14ull * SECOND), 4);
	ck_assert_uint_eq(engine_expire(bed->engine, 104ull * SECOND), 6 + 4);
	ck_assert_uint_eq(engine_partials(bed->engine), 6);
	ck_assert_uint_eq(engine_counts(bed->engine)->expired, 14);
	bed_free(bed);
}
END_TEST

START_TEST(a_renewed_sequence_outlives_those_begun_before)
{
	struct bed *bed = bed_with(three_steps("login"), 8);

	send(bed, 1, 1, 1);
	send(bed, 1, 2, 2);
	send(bed, 1, 3, 3);
	send(bed, 1, 9, 1);
	ck_assert_uint_eq(engine_expire(bed->engine, 14ull * SECOND), 2);
	send(bed, 2, 15, 1);
	ck_assert_uint_eq(send(bed, 3, 16, 1), 1);
	bed_free(bed);
}
END_TEST

START_TEST(a_full_engine_gives_up_the_oldest_of_the_rule)
{
	struct bed *bed = bed_with(three_steps("login"), 4);
	unsigned i;

	for (i = 0; i < 6; i++)
		send(bed, 1, 1 + i % 5, i);
	ck_assert_uint_eq(engine_partials(bed->engine), 4);
	ck_assert_uint_eq(engine_counts(bed->engine)->evicted, 2);
	for (i = 0; i < 6; i++) {
		send(bed, 2, 6, i);
		ck_assert_uint_eq(send(bed, 3, 7, i), i >= 2);
	}
	bed_free(bed);
}
END_TEST

START_TEST(a_full_engine_takes_room_from_the_oldest_of_other_rules)
{
	struct bed *bed = bed_with(three_steps("one"), 2);
	struct rule other = three_steps("two");

	other.steps[0].event_type = 11;
	ck_assert_int_eq(engine_add_rule(bed->engine, &other), 0);
	send(bed, 1, 1, 1);
	send(bed, 1, 2, 2);
	send(bed, 11, 3, 3);
	ck_assert_uint_eq(engine_partials(bed->engine), 2);
	send(bed, 2, 4, 1);
	send(bed, 2, 4, 2);
	send(bed, 2, 4, 3);
	ck_assert_uint_eq(send(bed, 3, 5, 1), 0);
	ck_assert_uint_eq(send(bed, 3, 5, 2), 1);
	ck_assert_uint_eq(send(bed, 3, 5, 3), 1);
	bed_free(bed);
}
END_TEST

START_TEST(until_ends_what_has_begun)
{
	struct rule rule = three_steps("login");
	struct bed *bed;

	rule.until.event_type = 4;
	bed = bed_with(rule, 8);
	send(bed, 1, 1, 7);
	send(bed, 1, 1, 8);
	send(bed, 2, 2, 7);
	send(bed, 4, 3, 7);
	ck_assert_uint_eq(engine_counts(bed->engine)->ended, 1);
	ck_assert_uint_eq(send(bed, 3, 4, 7), 0);
	send(bed, 2, 4, 8);
	ck_assert_uint_eq(send(bed, 3, 5, 8), 1);
	bed_free(bed);
}
END_TEST

static int entity_is_odd(void *context, const struct event *event)
{
	unsigned *calls = context;

	(*calls)++;
	if (event_head(event)->entity.low > 100)
		return -EINVAL;
	return event_head(event)->entity.low % 2;
}

START_TEST(a_condition_is_asked_only_where_the_step_is_due)
{
	struct rule rule = three_steps("login");
	unsigned calls = 0;
	struct bed *bed;

	rule.steps[1].condition = entity_is_odd;
	rule.steps[1].context = &calls;
	bed = bed_with(rule, 8);
	send(bed, 2, 1, 7);
	ck_assert_uint_eq(calls, 0);
	send(bed, 1, 1, 7);
	send(bed, 1, 1, 8);
	send(bed, 1, 1, 101);
	send(bed, 2, 2, 7);
	send(bed, 2, 2, 8);
	send(bed, 2, 2, 101);
	ck_assert_uint_eq(calls, 3);
	ck_assert_uint_eq(engine_counts(bed->engine)->errors, 1);
	ck_assert_uint_eq(send(bed, 3, 3, 7), 1);
	ck_assert_uint_eq(send(bed, 3, 3, 8), 0);
	ck_assert_uint_eq(send(bed, 3, 3, 101), 0);
	bed_free(bed);
}
END_TEST

START_TEST(a_hundred_rules_see_only_their_own_types)
{
	struct bed *bed = bed_new(256);
	uint32_t i;

	for (i = 0; i < 100; i++) {
		struct rule rule = { .name = "own type",
				     .steps = { { .event_type = i * 64 + 1 }, { .event_type = i * 64 + 2 } },
				     .step_count = 2 };

		ck_assert_int_eq(engine_add_rule(bed->engine, &rule), 0);
	}
	for (i = 0; i < 100; i++)
		send(bed, i * 64 + 1, 1, 5);
	ck_assert_uint_eq(engine_counts(bed->engine)->advanced, 100);
	ck_assert_uint_eq(send(bed, 3, 2, 5), 0);
	for (i = 0; i < 100; i++)
		ck_assert_uint_eq(send(bed, i * 64 + 2, 2, 5), 1);
	ck_assert_uint_eq(engine_partials(bed->engine), 0);
	bed_free(bed);
}
END_TEST

START_TEST(a_rule_of_one_step_alerts_at_once)
{
	struct rule rule = { .name = "once", .steps = { { .event_type = 1 } }, .step_count = 1 };
	struct bed *bed = bed_with(rule, 1);

	ck_assert_uint_eq(send(bed, 1, 1, 7), 1);
	ck_assert_uint_eq(send(bed, 1, 1, 7), 1);
	ck_assert_uint_eq(engine_partials(bed->engine), 0);
	bed_free(bed);
}
END_TEST

START_TEST(the_longest_rule_runs_to_its_end)
{
	struct rule rule = { .name = "long", .step_count = RULE_STEPS_MAX };
	struct bed *bed;
	uint32_t i;

	for (i = 0; i < RULE_STEPS_MAX; i++)
		rule.steps[i].event_type = i + 1;
	bed = bed_with(rule, 1);
	for (i = 0; i < RULE_STEPS_MAX; i++)
		ck_assert_uint_eq(send(bed, i + 1, i, 7), i + 1 == RULE_STEPS_MAX);
	bed_free(bed);
}
END_TEST

START_TEST(a_rule_that_is_none_is_refused)
{
	struct bed *bed = bed_new(1);
	struct rule rule = three_steps("");

	ck_assert_int_eq(engine_add_rule(bed->engine, &rule), -EINVAL);
	rule = three_steps(NULL);
	ck_assert_int_eq(engine_add_rule(bed->engine, &rule), -EINVAL);
	rule = three_steps("gap");
	rule.steps[1].event_type = 0;
	ck_assert_int_eq(engine_add_rule(bed->engine, &rule), -EINVAL);
	rule = three_steps("none");
	rule.step_count = 0;
	ck_assert_int_eq(engine_add_rule(bed->engine, &rule), -EINVAL);
	rule.step_count = RULE_STEPS_MAX + 1;
	ck_assert_int_eq(engine_add_rule(bed->engine, &rule), -EINVAL);
	ck_assert_ptr_null(engine_new(0, NULL, NULL));
	engine_free(NULL);
	bed_free(bed);
}
END_TEST

UNIT_MAIN("kestrel/engine", a_complete_sequence_raises_one_alert, steps_in_another_order_are_no_sequence,
	  entities_do_not_mix, maxspan_is_counted_from_the_first_step_and_inclusive,
	  without_maxspan_nothing_grows_old, a_new_first_step_wins_over_the_waiting_one,
	  a_sequence_moved_on_lets_another_begin_behind_it, one_event_takes_one_step_of_a_sequence,
	  late_events_move_nothing, an_old_first_step_of_another_entity_expires_nothing,
	  a_sequence_that_is_too_old_but_not_yet_dropped_does_not_match,
	  expiry_drops_the_old_of_all_rules_and_keeps_the_young,
	  a_renewed_sequence_outlives_those_begun_before, a_full_engine_gives_up_the_oldest_of_the_rule,
	  a_full_engine_takes_room_from_the_oldest_of_other_rules, until_ends_what_has_begun,
	  a_condition_is_asked_only_where_the_step_is_due, a_hundred_rules_see_only_their_own_types,
	  a_rule_of_one_step_alerts_at_once, the_longest_rule_runs_to_its_end, a_rule_that_is_none_is_refused)
