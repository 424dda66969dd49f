#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_control.sh on kernel 6.12.
export STABLEBENCH_GUEST_KERNEL=6.12
. "$(dirname "$0")/test_control.sh"
