/* SPDX-License-Identifier: MIT */
/* Who started the program: the runner, or a person. */
#include <string.h>
#include "bench.h"

int sb_main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], SB_WIRE_ARGUMENT) == 0)
		return sb_serve();
	return sb_solo(argc, argv);
}
