/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_clock.c - sets nothing: after all others are set, the bench's CPUs are made to compute, and their
 * clock is held against what the settings promise. Stands last in the table for that.
 */
#include "host/knob_table.h"

#include <stdio.h>
#include "host/clock_proof.h"

#define CPUS_MAX 8 /* each takes some 30 ms */

static int plan(const struct knob_context *context, struct knob_plan *settings, struct condition *condition)
{
	(void)settings;
	if (context->root->is_real)
		return 1;
	return knob_conclude(&knob_clock, CONDITION_UNSUPPORTED, condition,
			     "a recorded machine has no clock that could be measured");
}

static void tell(const struct clock_proof *proof, int cpu, struct condition *condition)
{
	static const enum condition_outcome outcomes[] = {
		[CLOCK_FOLLOWS] = CONDITION_ALREADY,
		[CLOCK_UNPROVEN] = CONDITION_UNSUPPORTED,
		[CLOCK_STRAYS] = CONDITION_FAILED,
	};

	if (proof->hertz > 0)
		snprintf(condition->value, sizeof condition->value, "%.2f GHz by %s on CPU %d",
			 proof->hertz / 1e9, clock_method_name(proof->method), cpu);
	if (proof->verdict == CLOCK_STRAYS)
		snprintf(condition->mend, sizeof condition->mend,
			 "see what 'stablebench doctor' says of heat, power and firmware");
	knob_conclude(&knob_clock, outcomes[proof->verdict], condition, "%s", proof->reason);
}

/* The CPU that follows least speaks for all. */
static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	const cpu_set_t *bench = &context->topology.bench;
	struct clock_proof proof, worst = { .verdict = CLOCK_FOLLOWS };
	struct clock_rates rates;
	struct sb_err err;
	int worst_cpu = -1;

	for (int cpu = 0, done = 0; cpu < CPU_SETSIZE && done < CPUS_MAX; cpu++) {
		if (!CPU_ISSET(cpu, bench))
			continue;
		if (clock_rate_measure(context->root, cpu, context->cgroup_procs_fd, &rates, &err)) {
			knob_conclude(knob, CONDITION_FAILED, condition, "%.250s", err.text);
			return;
		}
		clock_proof_judge(context->root, cpu, &rates, &proof);
		if (!done++ || proof.verdict > worst.verdict) {
			worst = proof;
			worst_cpu = cpu;
		}
	}
	tell(&worst, worst_cpu, condition);
}

const struct knob knob_clock = {
	.name = "clock",
	.removes = "a CPU that does not run at the rate it was set to",
	.scope = KNOB_SCOPE_TASK,
	.plan = plan,
	.apply = apply,
};
