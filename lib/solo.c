/* SPDX-License-Identifier: MIT */
/*
 * A benchmark started by hand: the same loop in the same kind of process, one for each case, so that one that
 * crashes does not end the others. Nothing of the host is controlled.
 */
#include "bench.h"

#include <errno.h>
#include <getopt.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pattern.h"
#include "table.h"

enum { EXIT_DONE = 0, EXIT_ERROR = 1, EXIT_USAGE = 2, EXIT_NOTHING = 7 };
enum { SAMPLES = 20, SAMPLE_NS = 1000000, NAME_FULL = 2 * SB_WIRE_NAME };
enum { OPTION_LIST = 1, OPTION_FILTER, OPTION_HELP };

static const struct option options[] = {
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "filter", required_argument, NULL, OPTION_FILTER },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static const char help[] =
	"Usage: %s [OPTION]...\n"
	"Measures the benchmarks of this program once, each in a process of its own.\n"
	"\n"
	"      --list       print the names of the cases and measure nothing\n"
	"      --filter RE  only cases whose name matches the POSIX extended regular expression; repeatable\n"
	"      --help       print this help\n"
	"\n"
	"Nothing of the host is controlled: `stablebench run` does that, and measures each case in many "
	"launches.\n"
	"Exit status: 0 done, 1 a case failed, 2 usage, 7 no case was run.\n";

struct solo {
	const char *program;
	char suite[SB_WIRE_NAME];
	bool list, wants_help;
	regex_t *filters; /* one of them has to match */
	size_t filter_count;
	int name_width;
	struct sb_registry registry;
};

/* The suite is the file name without "bench_", as the runner names it. */
static void name_suite(struct solo *solo, const char *path)
{
	static const char prefix[] = "bench_";
	const char *slash = strrchr(path, '/'), *file = slash == NULL ? path : slash + 1;

	solo->program = path;
	if (strncmp(file, prefix, strlen(prefix)) == 0 && file[strlen(prefix)] != '\0')
		file += strlen(prefix);
	sb_name_append(solo->suite, sizeof solo->suite, file);
}

static void write_full_name(char *full, const struct solo *solo, const struct sb_case *one)
{
	snprintf(full, NAME_FULL, "%s/%s", solo->suite, one->name);
}

static bool is_selected(const struct solo *solo, const char *full)
{
	for (size_t i = 0; i < solo->filter_count; i++)
		if (regexec(&solo->filters[i], full, 0, NULL, 0) == 0)
			return true;
	return solo->filter_count == 0;
}

static void describe_end(char *reason, size_t size, int wait_status, const char *problem)
{
	if (WIFSIGNALED(wait_status))
		snprintf(reason, size, "ended by signal %d (%s)", WTERMSIG(wait_status),
			 strsignal(WTERMSIG(wait_status)));
	else if (WEXITSTATUS(wait_status) != 0)
		snprintf(reason, size, "exited with status %d before its result was complete",
			 WEXITSTATUS(wait_status));
	else
		snprintf(reason, size, "%s", problem);
}

static struct sb_wire_request make_request(const struct sb_case *one, size_t size)
{
	struct sb_wire_request request = {
		.magic = SB_WIRE_MAGIC_REQUEST,
		.abi = SB_ABI_VERSION,
		.mode = SB_WIRE_CALIBRATE,
		.size = size,
		.clock = SB_WIRE_CLOCK_RAW,
		.ns_per_tick = 1,
		.samples = SAMPLES,
		.sample_ns = SAMPLE_NS,
	};

	memcpy(request.name, one->name, sizeof request.name);
	return request;
}

/* Gives the wait status, -1 where no process could be made. */
static int run_in_child(void *memory, size_t size)
{
	int wait_status = -1;

	fflush(NULL); /* or the child would print what waits in our buffers a second time */
	const pid_t child = fork();
	if (child == 0) {
		sb_serve_memory(memory, size);
		fflush(NULL);
		_exit(EXIT_DONE);
	}
	if (child < 0 || TEMP_FAILURE_RETRY(waitpid(child, &wait_status, 0)) < 0)
		return -1;
	return wait_status;
}

static int print_outcome(const struct solo *solo, const struct sb_case *one, const char *full,
			 const void *memory, const struct sb_wire_request *request, int wait_status)
{
	const struct sb_wire_result *result;
	char reason[SB_WIRE_REASON];
	int abi;
	const char *problem = wire_result_check(memory, request->size, request, &result, &abi);

	if (wait_status != 0 || problem != NULL) {
		describe_end(reason, sizeof reason, wait_status, problem);
		sb_table_note(stdout, solo->name_width, full, "failed", reason);
		return EXIT_ERROR;
	}
	if (result->status == SB_WIRE_OK)
		sb_table_row(stdout, solo->name_width, full, memory, result, one->threads);
	else
		sb_table_note(stdout, solo->name_width, full,
			      result->status == SB_WIRE_SKIPPED ? "skipped" : "failed", result->reason);
	return result->status == SB_WIRE_FAILED ? EXIT_ERROR : EXIT_DONE;
}

/* Shared memory is made anew for each case, since children that a case leaves behind may still write to
 * theirs; the copy is private for the same reason. */
static int run_case(const struct solo *solo, const struct sb_case *one, const char *full, void *copy)
{
	const size_t size = wire_size(SB_WIRE_CALIBRATE, SAMPLES);
	const struct sb_wire_request request = make_request(one, size);
	void *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED) {
		sb_table_note(stdout, solo->name_width, full, "failed", "out of memory");
		return EXIT_ERROR;
	}
	memcpy(memory, &request, sizeof request);
	const int wait_status = run_in_child(memory, size);
	memcpy(copy, memory, size);
	munmap(memory, size);
	if (wait_status == -1) {
		sb_table_note(stdout, solo->name_width, full, "failed", "no process could be started for it");
		return EXIT_ERROR;
	}
	return print_outcome(solo, one, full, copy, &request, wait_status);
}

static size_t select_cases(struct solo *solo, const struct sb_case **selected)
{
	size_t count = 0;

	for (size_t i = 0; i < solo->registry.count; i++) {
		char full[NAME_FULL];
		write_full_name(full, solo, &solo->registry.cases[i]);
		if (!is_selected(solo, full))
			continue;
		selected[count++] = &solo->registry.cases[i];
		if ((int)strlen(full) > solo->name_width)
			solo->name_width = (int)strlen(full);
	}
	return count;
}

static int run_selected(struct solo *solo, const struct sb_case **selected, size_t count)
{
	uint64_t copy[(SB_WIRE_PAYLOAD_OFFSET + SAMPLES * sizeof(struct sb_wire_sample)) / sizeof(uint64_t)];
	int code = EXIT_DONE;

	if (!solo->list)
		sb_table_head(stdout, solo->name_width);
	for (size_t i = 0; i < count; i++) {
		char full[NAME_FULL];
		write_full_name(full, solo, selected[i]);
		if (solo->list)
			puts(full);
		else if (run_case(solo, selected[i], full, copy) != EXIT_DONE)
			code = EXIT_ERROR;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror(solo->program);
		return EXIT_ERROR;
	}
	if (!solo->list)
		fputs("one launch on an uncontrolled host; `stablebench run` controls the host and tells how "
		      "sure the numbers are\n",
		      stderr);
	return code;
}

static int run(struct solo *solo)
{
	char reason[SB_WIRE_REASON];

	if (sb_registry_init(&solo->registry, reason) != 0) {
		fprintf(stderr, "%s: %s\n", solo->program, reason);
		return EXIT_ERROR;
	}
	const struct sb_case **selected = calloc(solo->registry.count + 1, sizeof *selected);
	if (selected == NULL) {
		perror(solo->program);
		return EXIT_ERROR;
	}
	const size_t count = select_cases(solo, selected);
	int code = EXIT_NOTHING;
	if (count > 0)
		code = run_selected(solo, selected, count);
	else
		fprintf(stderr, "%s: %s\n", solo->program,
			solo->registry.count == 0 ? "no benchmark is registered in this program"
						  : "no case matches the filter; --list prints the names");
	free(selected);
	return code;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, in one row; words longer than the row are as far as can be. */
static size_t distance(const char *a, const char *b)
{
	size_t row[32];
	const size_t length = strlen(b);

	if (length >= sizeof row / sizeof row[0])
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[length];
}

static int refuse_option(const struct solo *solo, const char *given)
{
	const struct option *nearest = options;
	const char *word = given + strspn(given, "-");

	for (const struct option *one = options; one->name != NULL; one++)
		if (distance(one->name, word) < distance(nearest->name, word))
			nearest = one;
	fprintf(stderr, "%s: unknown option '%s'; did you mean '--%s'? --help prints all\n", solo->program,
		given, nearest->name);
	return EXIT_USAGE;
}

static int add_filter(struct solo *solo, const char *expression)
{
	char reason[128];
	regex_t *filter = &solo->filters[solo->filter_count];
	const char *excess = sb_pattern_excess(expression);

	if (excess != NULL) {
		fprintf(stderr, "%s: a --filter is no regular expression that can be used: %s\n",
			solo->program, excess);
		return EXIT_USAGE;
	}
	const int error = regcomp(filter, expression, REG_EXTENDED | REG_NOSUB);
	if (error == 0) {
		solo->filter_count++;
		return EXIT_DONE;
	}
	regerror(error, filter, reason, sizeof reason);
	fprintf(stderr, "%s: --filter '%s' is no regular expression: %s\n", solo->program, expression,
		reason);
	return EXIT_USAGE;
}

static int parse(struct solo *solo, int argc, char **argv)
{
	int option, code = EXIT_DONE;

	opterr = 0;
	while (code == EXIT_DONE && (option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (option) {
		case OPTION_LIST:
			solo->list = true;
			break;
		case OPTION_FILTER:
			code = add_filter(solo, optarg);
			break;
		case OPTION_HELP:
			solo->wants_help = true;
			break;
		case ':':
			fprintf(stderr, "%s: '%s' needs a value\n", solo->program, argv[optind - 1]);
			return EXIT_USAGE;
		default:
			return refuse_option(solo, argv[optind - 1]);
		}
	}
	if (code == EXIT_DONE && optind < argc) {
		fprintf(stderr, "%s: '%s' is no option; --filter '%s' chooses cases\n", solo->program,
			argv[optind], argv[optind]);
		return EXIT_USAGE;
	}
	return code;
}

int sb_solo(int argc, char **argv)
{
	struct solo solo = { .name_width = 4 };

	name_suite(&solo, argc > 0 ? argv[0] : "bench");
	solo.filters = calloc((size_t)argc + 1, sizeof *solo.filters);
	if (solo.filters == NULL) {
		perror(solo.program);
		return EXIT_ERROR;
	}
	int code = parse(&solo, argc, argv);
	if (code == EXIT_DONE && solo.wants_help)
		printf(help, solo.program);
	else if (code == EXIT_DONE)
		code = run(&solo);
	sb_registry_release(&solo.registry);
	for (size_t i = 0; i < solo.filter_count; i++)
		regfree(&solo.filters[i]);
	free(solo.filters);
	return code;
}
