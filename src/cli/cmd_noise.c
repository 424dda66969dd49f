/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_noise.c - `stablebench noise`: how quiet the CPUs of this host are as it is, and who makes the noise.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/command.h"
#include "cli/hold.h"
#include "cli/noise_print.h"
#include "keeper/watch.h"
#include "store/store.h"

struct noise {
	struct session session;
	const struct settings *settings;
	struct hold hold;
	struct path_root root;
	struct noise_profile profile;
};

/* The CPUs are measured as they are: nothing is set, but nobody else measures meanwhile. */
static enum exit_code hold(struct noise *noise, const struct topology *topology, struct sb_err *err)
{
	struct settings bare = *noise->settings;
	const struct hold_wish wish = {
		.topology = topology, .wants_thieves = true, .is_unguarded = true, .purpose = "noise"
	};

	bare.choice = (struct knob_choice){ .profile = KNOB_PROFILE_NONE };
	bare.require = 0;
	return hold_host(&noise->session, &bare, &wish, &noise->hold, err);
}

static void choose_source(struct noise *noise)
{
	noise->profile.source = NOISE_TIMED;
	noise->profile.reason = "";
	for (size_t i = 0; i < noise->hold.count; i++) {
		const struct condition *condition = &noise->hold.conditions[i];

		if (strcmp(condition->knob, WATCH_CONDITION) != 0 || condition_is_met(condition))
			continue;
		noise->profile.source = NOISE_COUNTED;
		noise->profile.reason = condition->reason;
	}
}

static void show_progress(const struct noise *noise, int cpu, int number, int count)
{
	if (isatty(STDERR_FILENO) && !noise->settings->quiet)
		fprintf(stderr, "\rnoise: CPU %d, %d of %d, %g s each ", cpu, number, count,
			noise->settings->duration_s);
}

static enum exit_code measure(struct noise *noise, const cpu_set_t *cpus, struct sb_err *err)
{
	const struct noise_order order = {
		.keeper = &noise->session.keeper,
		.root = &noise->root,
		.cancel = &noise->session.cancel,
		.source = noise->profile.source,
		.duration_ns = (uint64_t)(noise->settings->duration_s * 1e9),
	};
	const int count = CPU_COUNT(cpus);
	int code = 0;

	noise->profile.cores = alloc_zero((size_t)count, sizeof *noise->profile.cores);
	for (int cpu = 0; !code && cpu < CPU_SETSIZE && !*noise->session.cancel.count; cpu++) {
		if (!CPU_ISSET(cpu, cpus))
			continue;
		show_progress(noise, cpu, (int)noise->profile.count + 1, count);
		code = noise_measure(&order, cpu, &noise->profile.cores[noise->profile.count], err);
		noise->profile.count += !code;
	}
	if (isatty(STDERR_FILENO) && !noise->settings->quiet)
		fputs("\r\033[K", stderr);
	return code ? EXIT_CODE_ERROR : EXIT_CODE_OK;
}

/* A part of the CPUs cannot say which of all is the quietest. */
static enum exit_code tell(const struct noise *noise, bool is_whole, struct sb_err *err)
{
	const char *format = noise->settings->format;
	json_t *document = noise_document_new(&noise->profile, &noise->root);
	enum exit_code code = EXIT_CODE_OK;

	if (format && !strcmp(format, "json")) {
		json_dumpf(document, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		noise_print_text(&noise->profile, stdout);
	}
	if (fflush(stdout)) {
		err_set(err, -errno, "cannot write the profile: %s", err_reason(errno));
		code = EXIT_CODE_ERROR;
	} else if (is_whole &&
		   store_save_document(document, STORE_NOISE, noise->session.identity.front_home, err)) {
		code = EXIT_CODE_ERROR;
	}
	json_decref(document);
	return code;
}

static enum exit_code hold_and_measure(struct noise *noise, struct sb_err *err)
{
	const struct settings *settings = noise->settings;
	struct topology topology;
	enum exit_code code = session_choose_cpus(&noise->session, settings, &topology, err), released;
	bool is_interrupted;

	if (code == EXIT_CODE_OK)
		code = hold(noise, &topology, err);
	if (code != EXIT_CODE_OK)
		return code;
	choose_source(noise);
	code = measure(noise, settings->has_cpus ? &settings->cpus : &topology.allowed, err);
	is_interrupted = *noise->session.cancel.count;
	released = hold_release(&noise->session, &noise->hold, code == EXIT_CODE_OK ? err : NULL);
	if (code == EXIT_CODE_OK)
		code = tell(noise, !settings->has_cpus && !is_interrupted, err);
	code = exit_code_worse(code, released);
	return is_interrupted ? exit_code_worse(code, EXIT_CODE_INTERRUPTED) : code;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	struct noise noise = { .settings = settings };
	struct sb_err err = { 0 };
	enum exit_code code = session_begin(&noise.session, settings, &err);

	(void)count;
	(void)arguments;
	if (code == EXIT_CODE_OK)
		code = session_drop(&noise.session, &err);
	if (code == EXIT_CODE_OK && path_root_init(&noise.root, "/", &err))
		code = EXIT_CODE_ERROR;
	if (code == EXIT_CODE_OK) {
		code = hold_and_measure(&noise, &err);
		path_root_release(&noise.root);
	}
	if (err.code)
		session_complain(err.text);
	free(noise.profile.cores);
	session_close(&noise.session);
	return code;
}

const struct command command_noise = {
	.name = "noise",
	.bit = OPTION_OF_NOISE,
	.arguments = "",
	.summary = "how quiet each CPU is, and who makes the noise",
	.arguments_min = 0,
	.arguments_max = 0,
	.run = run,
};
