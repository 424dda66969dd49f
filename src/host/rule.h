/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rule.h - judgements that only one check has: those that look at several facts, or at the bench's CPUs. */
#ifndef HOST_RULE_H
#define HOST_RULE_H

#include "host/check.h"

check_look rule_housekeeping;
check_look rule_quota;
check_look rule_load;
check_look rule_pressure;
check_look rule_tick;
check_look rule_isolated;
check_look rule_clocksource;
check_look rule_tsc;
check_look rule_drift;
check_look rule_hypervisor;
check_look rule_driver;
check_look rule_power;
check_look rule_counters;
check_look rule_tracing;
check_look rule_console;
check_look rule_mitigations;

#endif
