/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any record: what can be read can be written again, and reported. */
#include <stdio.h>
#include <stdlib.h>
#include "fuzz.h"
#include "record/record_json.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct report_style style = { .columns = 80 };
	FILE *input = fmemopen((void *)(uintptr_t)bytes, size, "r"), *output = fopen("/dev/null", "w");
	struct record record;

	if (input && output && !record_json_read(input, "fuzz.json", &record, NULL)) {
		if (record_json_write(&record, output, NULL) ||
		    report_text.write(&record, &style, output, NULL))
			abort();
		record_release(&record);
	}
	if (input)
		fclose(input);
	if (output)
		fclose(output);
	return 0;
}
