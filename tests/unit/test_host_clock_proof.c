/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about host/clock_proof: a clock is held against what the settings of its policy promise. */
#include "host/clock_proof.h"

#include "machine_fixture.h"

#define CPU    "sys/devices/system/cpu"
#define POLICY CPUFREQ "/policy1"
#define BARE   "flags : fpu tsc\n"
#define GUEST  "flags : fpu tsc hypervisor\n"
#define ALL(hz)                                                                                              \
	{                                                                                                    \
		{                                                                                            \
			[CLOCK_BY_APERF] = (hz), (hz), (hz), (hz)                                            \
		}                                                                                            \
	}

static void put_policy(const struct machine *machine, const char *governor, const char *limit_khz,
		       const char *boost)
{
	machine_put(machine, POLICY "/scaling_governor", governor);
	machine_put(machine, POLICY "/scaling_max_freq", limit_khz);
	machine_put(machine, CPUFREQ "/boost", boost);
}

static struct clock_proof judge(const struct machine *machine, const struct clock_rates *rates)
{
	struct clock_proof proof;

	clock_proof_judge(&machine->root, 1, rates, &proof);
	ck_assert_str_ne(proof.reason, "");
	return proof;
}

static void check(const struct machine *machine, double hertz, enum clock_verdict verdict, const char *reason)
{
	const struct clock_rates rates = ALL(hertz);
	const struct clock_proof proof = judge(machine, &rates);

	ck_assert_msg(proof.verdict == verdict, "%g Hz: verdict %d: %s", hertz, (int)proof.verdict,
		      proof.reason);
	ck_assert_msg(strstr(proof.reason, reason) != NULL, "%s", proof.reason);
	ck_assert_double_eq(proof.hertz, hertz);
}

START_TEST(a_clock_within_five_percent_of_the_limit_follows)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", BARE);
	put_policy(&machine, "performance", "2000000", "0");
	check(&machine, 2.00e9, CLOCK_FOLLOWS, "limit 2.00 GHz: obeyed, by aperf");
	check(&machine, 1.91e9, CLOCK_FOLLOWS, "");
	check(&machine, 2.09e9, CLOCK_FOLLOWS, "");
	check(&machine, 1.89e9, CLOCK_STRAYS, "");
	check(&machine, 2.11e9, CLOCK_STRAYS, "");
	machine_release(&machine);
}
END_TEST

START_TEST(a_governor_that_is_set_and_not_followed_is_told)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", BARE);
	put_policy(&machine, "performance", "1500000", "0");
	check(&machine, 1e9, CLOCK_STRAYS,
	      "governor is performance, limit 1.50 GHz, but the CPU runs at 1.00 GHz");
	machine_release(&machine);
}
END_TEST

START_TEST(other_governors_promise_nothing)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", BARE);
	put_policy(&machine, "schedutil", "1500000", "0");
	check(&machine, 1.5e9, CLOCK_UNPROVEN, "the governor 'schedutil' moves the clock");
	machine_release(&machine);
}
END_TEST

START_TEST(without_cpufreq_nothing_says_what_the_clock_should_be)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", BARE);
	machine_drop(&machine, POLICY "/affected_cpus");
	check(&machine, 3e9, CLOCK_UNPROVEN, "no cpufreq says");
	machine_release(&machine);
}
END_TEST

START_TEST(without_turbo_intel_promises_the_base_frequency)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", "flags : fpu ida\n");
	put_policy(&machine, "performance", "4000000", "1");
	machine_put(&machine, CPU "/intel_pstate/no_turbo", "1");
	machine_put(&machine, POLICY "/base_frequency", "2500000");
	check(&machine, 2.5e9, CLOCK_FOLLOWS, "limit 2.50 GHz");
	check(&machine, 3.9e9, CLOCK_STRAYS, "limit 2.50 GHz, but the CPU runs at 3.90 GHz");
	machine_release(&machine);
}
END_TEST

START_TEST(turbo_promises_no_less_than_the_base_frequency)
{
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", BARE);
	put_policy(&machine, "performance", "4000000", "1");
	check(&machine, 3.9e9, CLOCK_FOLLOWS, "turbo is on");
	check(&machine, 3.0e9, CLOCK_UNPROVEN, "no base frequency");
	check(&machine, 4.5e9, CLOCK_STRAYS, "turbo is on");
	machine_put(&machine, POLICY "/base_frequency", "2500000");
	check(&machine, 3.0e9, CLOCK_FOLLOWS, "turbo is on: the CPU runs at 3.00 GHz of 4.00 GHz");
	check(&machine, 2.0e9, CLOCK_STRAYS, "promises 2.50 to 4.00 GHz, but the CPU runs at 2.00 GHz");
	machine_release(&machine);
}
END_TEST

START_TEST(turbo_that_no_switch_rules_is_on_where_the_cpu_has_it)
{
	struct machine machine;

	machine_init(&machine);
	put_policy(&machine, "performance", "4000000", "0");
	machine_drop(&machine, CPUFREQ "/boost");
	machine_put(&machine, "proc/cpuinfo", "flags : fpu tsc cpb\n");
	check(&machine, 3.0e9, CLOCK_UNPROVEN, "turbo is on");
	machine_put(&machine, "proc/cpuinfo", BARE);
	check(&machine, 3.0e9, CLOCK_STRAYS, "limit 4.00 GHz");
	machine_release(&machine);
}
END_TEST

START_TEST(in_a_guest_only_the_register_is_judged)
{
	const struct clock_rates all = { { [CLOCK_BY_APERF] = 3e9,
					   [CLOCK_BY_CYCLES] = 3e9,
					   [CLOCK_BY_REGISTER] = 1.5e9,
					   [CLOCK_BY_LOOP] = 3e9 } };
	struct clock_rates unseen = all;
	struct clock_proof proof;
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", GUEST);
	put_policy(&machine, "performance", "1500000", "0");
	proof = judge(&machine, &all);
	ck_assert_int_eq(proof.verdict, CLOCK_FOLLOWS);
	ck_assert_int_eq(proof.method, CLOCK_BY_REGISTER);
	unseen.hertz[CLOCK_BY_REGISTER] = 0;
	proof = judge(&machine, &unseen);
	ck_assert_int_eq(proof.verdict, CLOCK_UNPROVEN);
	ck_assert_double_eq(proof.hertz, 3e9);
	machine_release(&machine);
}
END_TEST

START_TEST(the_surest_way_there_is_decides)
{
	struct clock_rates rates = { { [CLOCK_BY_APERF] = 2e9, 1e9, 1e9, 1e9 } };
	struct clock_proof proof;
	struct machine machine;

	machine_init(&machine);
	machine_put(&machine, "proc/cpuinfo", BARE);
	put_policy(&machine, "performance", "2000000", "0");
	proof = judge(&machine, &rates);
	ck_assert_int_eq(proof.verdict, CLOCK_FOLLOWS);
	for (int i = 0; i < CLOCK_METHODS; i++)
		rates.hertz[i] = i == CLOCK_BY_LOOP ? 2e9 : 0;
	proof = judge(&machine, &rates);
	ck_assert_int_eq(proof.method, CLOCK_BY_LOOP);
	ck_assert_int_eq(proof.verdict, CLOCK_FOLLOWS);
	rates.hertz[CLOCK_BY_LOOP] = 0;
	proof = judge(&machine, &rates);
	ck_assert_int_eq(proof.verdict, CLOCK_UNPROVEN);
	machine_release(&machine);
}
END_TEST

MACHINE_MAIN("host/clock_proof", a_clock_within_five_percent_of_the_limit_follows,
	     a_governor_that_is_set_and_not_followed_is_told, other_governors_promise_nothing,
	     without_cpufreq_nothing_says_what_the_clock_should_be,
	     without_turbo_intel_promises_the_base_frequency, turbo_promises_no_less_than_the_base_frequency,
	     turbo_that_no_switch_rules_is_on_where_the_cpu_has_it, in_a_guest_only_the_register_is_judged,
	     the_surest_way_there_is_decides)
