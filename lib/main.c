/* SPDX-License-Identifier: MIT */
/* Alone in its file, so that the linker takes it from the archive only for a program without a main; weak for
 * those who link the whole archive. */
#include "bench.h"

int main(int argc, char **argv);

__attribute__((weak)) int main(int argc, char **argv)
{
	return sb_main(argc, argv);
}
