/* SPDX-License-Identifier: GPL-2.0-or-later */
/* other_abi.c - answers the runner as a benchmark of another version of the interface would. */
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "wire.h"

int main(void)
{
	struct sb_wire_hello hello = { .magic = SB_WIRE_MAGIC_HELLO, .abi = 77 };
	struct stat memory;
	char *shared;

	if (fstat(SB_WIRE_FD, &memory))
		return 3;
	shared = mmap(NULL, (size_t)memory.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, SB_WIRE_FD, 0);
	if (shared == MAP_FAILED)
		return 4;
	memcpy(shared + SB_WIRE_HELLO_OFFSET, &hello, sizeof hello);
	return 0;
}
