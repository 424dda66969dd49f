#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# test_control.sh on kernel 7.2.
export STABLEBENCH_GUEST_KERNEL=7.2
. "$(dirname "$0")/test_control.sh"
