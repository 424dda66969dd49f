/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * knob_dma_latency.c - no idle state deeper than C1, by a PM QoS request that the kernel drops with our
 * descriptor (Documentation/power/pm_qos_interface.rst).
 *
 * The request is C1's exit latency, not 0: polling instead of halting heats the core and takes turbo budget
 * from it.
 */
#include "host/knob_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include "host/idle.h"

#define DEVICE "dev/cpu_dma_latency"

static int find_request(const struct knob_context *context, int32_t *latency_us)
{
	long long latency;

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &context->topology.bench))
			continue;
		if (idle_find_first(context->root, cpu, &latency) < 0 || latency < 0 || latency > INT32_MAX)
			return -ENOENT;
		*latency_us = (int32_t)latency;
		return 0;
	}
	return -ENOENT;
}

static int plan(const struct knob_context *context, struct knob_plan *settings, struct condition *condition)
{
	int32_t latency_us;

	(void)settings;
	if (!path_exists(context->root, DEVICE))
		return knob_conclude(&knob_dma_latency, CONDITION_UNSUPPORTED, condition,
				     "there is no '/%s' on this host", DEVICE);
	if (find_request(context, &latency_us)) {
		snprintf(condition->mend, sizeof condition->mend,
			 "none is needed where the CPUs never sleep; in a VM, pin and busy-wait on its host");
		return knob_conclude(
			&knob_dma_latency, CONDITION_UNSUPPORTED, condition,
			"the kernel manages no idle states here; in a virtual machine the hypervisor does");
	}
	if (!path_is_writable(context->root, DEVICE))
		return knob_deny(&knob_dma_latency, DEVICE, condition);
	return 1;
}

/* Only the effective value, the least of all requests, can be read back. */
static int hold(struct knob_context *context, int32_t request_us, int32_t *before_us, int32_t *after_us)
{
	int fd = path_open(context->root, DEVICE, O_RDWR, NULL);

	if (fd < 0)
		return fd;
	context->latency_fd = fd;
	if (pread(fd, before_us, sizeof *before_us, 0) != sizeof *before_us)
		return -EIO;
	if (write(fd, &request_us, sizeof request_us) != sizeof request_us)
		return errno ? -errno : -EIO;
	return pread(fd, after_us, sizeof *after_us, 0) == sizeof *after_us ? 0 : -EIO;
}

static void release(const struct knob *knob, struct knob_context *context)
{
	(void)knob;
	if (context->latency_fd >= 0)
		close(context->latency_fd);
	context->latency_fd = -1;
}

/* An own request is held even where another one is tighter already: that one may go away in the middle of a
 * run. */
static void apply(const struct knob *knob, struct knob_context *context, struct condition *condition)
{
	int32_t request_us = 0, before_us = 0, after_us = 0;
	int code = find_request(context, &request_us);

	if (!code)
		code = hold(context, request_us, &before_us, &after_us);
	if (code) {
		release(knob, context);
		knob_conclude(knob, CONDITION_FAILED, condition, "cannot hold '/%s': %s", DEVICE,
			      err_reason(code));
		return;
	}
	snprintf(condition->before, sizeof condition->before, "%d us", (int)before_us);
	snprintf(condition->value, sizeof condition->value, "%d us", (int)after_us);
	if (after_us > request_us)
		knob_conclude(knob, CONDITION_FAILED, condition, "asked for %d us, the kernel says %d us",
			      (int)request_us, (int)after_us);
	else
		knob_conclude(knob, before_us <= request_us ? CONDITION_ALREADY : CONDITION_APPLIED,
			      condition, "no idle state with an exit latency above %d us", (int)request_us);
}

const struct knob knob_dma_latency = {
	.name = "dma-latency",
	.removes = "wake-up time and lost caches of deep idle states",
	.scope = KNOB_SCOPE_FD,
	.plan = plan,
	.apply = apply,
	.release = release,
};
