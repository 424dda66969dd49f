/* SPDX-License-Identifier: GPL-2.0-or-later */
/* replay.c - gives every file of its arguments to the fuzz target that it is linked with. */
#include <stdio.h>
#include <stdlib.h>
#include "fuzz.h"

#define SIZE_MAX_OF_INPUT (1 << 20)

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(SIZE_MAX_OF_INPUT);
	size_t size = file && bytes ? fread(bytes, 1, SIZE_MAX_OF_INPUT, file) : 0;
	const int is_there = file && bytes && !ferror(file);

	if (is_there)
		LLVMFuzzerTestOneInput(bytes, size);
	else
		fprintf(stderr, "cannot read '%s'\n", path);
	if (file)
		fclose(file);
	free(bytes);
	return is_there ? 0 : 1;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%d inputs\n", argc - 1);
	return failed;
}
