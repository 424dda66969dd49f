/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * registers.h - registers of a launch's CPUs, which only root may read: with the module msr, before the
 * launch and after it. Reading them interrupts the CPU, so it is never done beside a sample.
 */
#ifndef KEEPER_REGISTERS_H
#define KEEPER_REGISTERS_H

#include <stddef.h>
#include <stdint.h>
#include "base/path.h"
#include "keeper/keeper.h"

/* `count` registers of a CPU, in the order of their addresses. KEEPER_REGISTERS_READ, or why they cannot be
 * had. */
enum keeper_registers registers_read(const struct path_root *root, unsigned cpu, const uint32_t *addresses,
				     size_t count, uint64_t *values);

#endif
