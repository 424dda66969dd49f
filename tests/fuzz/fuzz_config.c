/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any configuration file: what is taken must be sound. */
#include <stdlib.h>
#include "fuzz.h"
#include "plan/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct config *config = calloc(1, sizeof *config);

	if (!config_parse("fuzz.conf", (const char *)bytes, size, config, NULL) && !config_is_sound(config))
		abort();
	free(config);
	return 0;
}
