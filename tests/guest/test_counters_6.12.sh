#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_counters.sh on kernel 6.12, where an instruction takes eight cycles.
export STABLEBENCH_GUEST_KERNEL=6.12 STABLEBENCH_GUEST_SHIFT=3
. "$(dirname "$0")/test_counters.sh"
