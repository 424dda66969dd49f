# SPDX-License-Identifier: GPL-2.0-or-later
# sanitizers.sh - library_sanitizers prints the flags with which a program must be built to link the library as it was
# built: one made with --enable-dev links into programs made so only.
library_sanitizers() {
	! nm lib/.libs/libstablebench.a | grep -q __asan_ || echo -fsanitize=address,undefined
}
