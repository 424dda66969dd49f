/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cooling.c - see cooling.h. */
#include "run/cooling.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include "base/monotonic.h"

#define LOOK_MS 250

static uint64_t real_now_ns(void *context)
{
	(void)context;
	return monotonic_now_ns();
}

static bool real_nap(void *context, unsigned milliseconds)
{
	const struct run_cancel *cancel = context;
	struct pollfd interrupt = { .fd = cancel->fd, .events = POLLIN };

	poll(&interrupt, 1, (int)milliseconds);
	return !*cancel->count;
}

void cooling_init(struct cooling *cooling, const struct path_root *root, const cpu_set_t *cpus, double most_s,
		  const struct run_cancel *cancel)
{
	*cooling = (struct cooling){ .most_s = most_s, .before_c = NAN, .warmest_c = NAN };
	cooling->time = (struct cooling_time){ real_now_ns, real_nap, (void *)cancel };
	heat_find(&cooling->heat, root, cpus);
}

/* A sensor that does not answer keeps nobody waiting. */
static bool is_warm(const struct cooling *cooling, double celsius)
{
	return celsius > cooling->before_c + COOLING_ABOVE_C;
}

/* False: interrupted. `celsius` is how warm it was before, and then in the end. */
static bool wait_for_cool(struct cooling *cooling, double most_s, const struct cooling_show *show,
			  double *celsius, double *waited_s)
{
	const struct cooling_time *time = &cooling->time;
	const uint64_t start = time->now_ns(time->context);
	bool goes_on = true;

	while (goes_on && is_warm(cooling, *celsius) && *waited_s < most_s) {
		show->tell(show->context, *celsius, cooling->before_c + COOLING_ABOVE_C);
		goes_on = time->nap(time->context, LOOK_MS);
		*waited_s = (double)(time->now_ns(time->context) - start) * 1e-9;
		*celsius = heat_read(&cooling->heat);
	}
	cooling->waits++;
	cooling->waited_s += *waited_s;
	cooling->vain = is_warm(cooling, *celsius) ? cooling->vain + 1 : 0;
	return goes_on;
}

double cooling_wait(struct cooling *cooling, double left_s, const struct cooling_show *show)
{
	double celsius, waited_s = 0;

	if (cooling->most_s <= 0)
		return 0;
	celsius = heat_read(&cooling->heat);
	if (isnan(cooling->before_c)) {
		cooling->before_c = celsius;
		return 0;
	}
	if (is_warm(cooling, celsius) && cooling->vain < COOLING_VAIN_MOST &&
	    !wait_for_cool(cooling, fmin(cooling->most_s, left_s), show, &celsius, &waited_s))
		return waited_s;
	if (waited_s >= left_s) /* there will be no launch */
		return waited_s;
	cooling->launches++;
	cooling->warm += is_warm(cooling, celsius);
	cooling->warmest_c = fmax(cooling->warmest_c, celsius);
	return waited_s;
}

static void describe_waits(const struct cooling *cooling, struct condition *condition)
{
	condition->outcome = cooling->warm ? CONDITION_FAILED : CONDITION_APPLIED;
	snprintf(condition->before, sizeof condition->before, "%.1f C", cooling->before_c);
	if (cooling->launches)
		snprintf(condition->value, sizeof condition->value, "%.1f C", cooling->warmest_c);
	if (cooling->warm)
		snprintf(
			condition->reason, sizeof condition->reason,
			"%zu of %zu launches began more than %.0f C above the %.1f C of before the first, at "
			"%.1f C at most, after waits of %.1f s in all%s",
			cooling->warm, cooling->launches, COOLING_ABOVE_C, cooling->before_c,
			cooling->warmest_c, cooling->waited_s,
			cooling->vain < COOLING_VAIN_MOST
				? ""
				: "; when some had been in vain nobody waited any more");
	else
		snprintf(condition->reason, sizeof condition->reason,
			 "every launch began at most %.0f C above the %.1f C of before the first (%s); %zu "
			 "waited for that, %.1f s in all",
			 COOLING_ABOVE_C, cooling->before_c, cooling->heat.kind, cooling->waits,
			 cooling->waited_s);
	if (cooling->warm)
		snprintf(condition->mend, sizeof condition->mend,
			 "let the machine cool before the run, or give it more time: --cool-down 2m");
}

void cooling_describe(const struct cooling *cooling, struct condition *condition)
{
	*condition = (struct condition){ .knob = "cool-down", .outcome = CONDITION_UNSUPPORTED };
	if (cooling->most_s <= 0) {
		condition->outcome = CONDITION_REFUSED;
		snprintf(condition->reason, sizeof condition->reason, "--cool-down none: no launch waits");
	} else if (isnan(cooling->before_c)) {
		snprintf(condition->reason, sizeof condition->reason,
			 "no sensor tells how hot the benches' CPUs are, so that no launch waits for them to "
			 "cool");
	} else {
		describe_waits(cooling, condition);
	}
}
