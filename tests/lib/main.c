/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program with a main of its own. */
#include <stablebench.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	puts("own main");
	return sb_main(argc, argv);
}
