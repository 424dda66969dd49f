/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock_proof.c - see clock_proof.h. */
#include "host/clock_proof.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/cpuinfo.h"
#include "host/policy.h"
#include "host/virtual.h"

#define CPUS "sys/devices/system/cpu/"

struct promise {
	char governor[32];		/* "": no cpufreq */
	double limit_hertz, base_hertz; /* 0: not told */
	bool has_turbo;
};

/* --- what the settings promise -------------------------------------------------------------------------- */

static double read_leaf(const struct path_root *root, const struct policy *policy, const char *leaf)
{
	char path[96];
	long long khz;

	policy_path(policy, leaf, path, sizeof path);
	return path_read_long(root, path, &khz, NULL) || khz <= 0 ? 0 : (double)khz * 1e3;
}

/* Where nothing switches turbo, an x86 that has it uses it. */
static bool has_turbo(const struct path_root *root, const struct policy *policy)
{
	char path[96], cpuinfo[CPUINFO_SIZE];
	long long value;

	if (!path_read_long(root, CPUS "intel_pstate/no_turbo", &value, NULL))
		return value == 0;
	policy_path(policy, "boost", path, sizeof path);
	if (!path_read_long(root, path, &value, NULL) ||
	    !path_read_long(root, CPUS "cpufreq/boost", &value, NULL))
		return value != 0;
	cpuinfo_read(root, cpuinfo);
	return cpuinfo_has_flag(cpuinfo, "ida") || cpuinfo_has_flag(cpuinfo, "cpb");
}

static void read_promise(const struct path_root *root, const struct policy *policy, struct promise *promise)
{
	char path[96];

	policy_path(policy, "scaling_governor", path, sizeof path);
	if (path_read(root, path, promise->governor, sizeof promise->governor, NULL) <= 0)
		promise->governor[0] = '\0';
	promise->limit_hertz = read_leaf(root, policy, "scaling_max_freq");
	promise->base_hertz = read_leaf(root, policy, "base_frequency");
	promise->has_turbo = has_turbo(root, policy);
	if (!promise->has_turbo && promise->base_hertz > 0 && promise->base_hertz < promise->limit_hertz)
		promise->limit_hertz = promise->base_hertz;
}

static void find_promise(const struct path_root *root, int cpu, struct promise *promise)
{
	size_t count;
	struct policy *list = policy_list(root, &count);

	*promise = (struct promise){ 0 };
	for (size_t i = 0; i < count; i++)
		if (CPU_ISSET(cpu, &list[i].cpus))
			read_promise(root, &list[i], promise);
	free(list);
}

/* --- the verdict ---------------------------------------------------------------------------------------- */

static void conclude(struct clock_proof *proof, enum clock_verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void conclude(struct clock_proof *proof, enum clock_verdict verdict, const char *format, ...)
{
	va_list args;

	proof->verdict = verdict;
	va_start(args, format);
	vsnprintf(proof->reason, sizeof proof->reason, format, args);
	va_end(args);
}

/* The first of the ways that gave a rate; false when none did. */
static bool choose(const struct clock_rates *rates, struct clock_proof *proof)
{
	for (int i = 0; i < CLOCK_METHODS; i++) {
		if (rates->hertz[i] <= 0)
			continue;
		proof->method = (enum clock_method)i;
		proof->hertz = rates->hertz[i];
		return true;
	}
	return false;
}

static void judge_turbo(const struct promise *promise, struct clock_proof *proof)
{
	const double low = promise->base_hertz > 0 ? promise->base_hertz : promise->limit_hertz;

	if (proof->hertz > promise->limit_hertz * (1 + CLOCK_PROOF_TOLERANCE) ||
	    (promise->base_hertz > 0 && proof->hertz < low * (1 - CLOCK_PROOF_TOLERANCE)))
		conclude(proof, CLOCK_STRAYS,
			 "turbo is on, which promises %.2f to %.2f GHz, but the CPU runs at %.2f GHz",
			 low / 1e9, promise->limit_hertz / 1e9, proof->hertz / 1e9);
	else if (proof->hertz < low * (1 - CLOCK_PROOF_TOLERANCE))
		conclude(proof, CLOCK_UNPROVEN,
			 "turbo is on, and no base frequency says how low the clock may be");
	else
		conclude(proof, CLOCK_FOLLOWS, "turbo is on: the CPU runs at %.2f GHz of %.2f GHz, by %s",
			 proof->hertz / 1e9, promise->limit_hertz / 1e9, clock_method_name(proof->method));
}

static void judge(const struct promise *promise, struct clock_proof *proof)
{
	const double ratio = promise->limit_hertz > 0 ? proof->hertz / promise->limit_hertz : 0;

	if (!promise->governor[0] || promise->limit_hertz <= 0)
		conclude(proof, CLOCK_UNPROVEN, "no cpufreq says what the clock should be");
	else if (strcmp(promise->governor, "performance") != 0)
		conclude(proof, CLOCK_UNPROVEN, "the governor '%s' moves the clock, and promises no rate",
			 promise->governor);
	else if (promise->has_turbo)
		judge_turbo(promise, proof);
	else if (ratio < 1 - CLOCK_PROOF_TOLERANCE || ratio > 1 + CLOCK_PROOF_TOLERANCE)
		conclude(proof, CLOCK_STRAYS,
			 "governor is performance, limit %.2f GHz, but the CPU runs at %.2f GHz",
			 promise->limit_hertz / 1e9, proof->hertz / 1e9);
	else
		conclude(proof, CLOCK_FOLLOWS, "governor is performance, limit %.2f GHz: obeyed, by %s",
			 promise->limit_hertz / 1e9, clock_method_name(proof->method));
}

void clock_proof_judge(const struct path_root *root, int cpu, const struct clock_rates *rates,
		       struct clock_proof *proof)
{
	struct promise promise;
	struct clock_rates hardware = { 0 };

	*proof = (struct clock_proof){ .verdict = CLOCK_UNPROVEN };
	find_promise(root, cpu, &promise);
	hardware.hertz[CLOCK_BY_REGISTER] = rates->hertz[CLOCK_BY_REGISTER];
	if (!virtual_is_guest(root) ? choose(rates, proof) : choose(&hardware, proof))
		judge(&promise, proof);
	else if (!choose(rates, proof))
		conclude(proof, CLOCK_UNPROVEN, "nothing here tells the rate of the clock");
	else
		conclude(proof, CLOCK_UNPROVEN,
			 "in a guest the rate that counters and loops see is not this kernel's to set");
}
