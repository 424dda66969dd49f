/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.c - see session.h. The keeper is forked and root given up before the first file of the user's is
 * opened. */
#include "cli/session.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "base/alloc.h"
#include "base/monotonic.h"
#include "base/printable.h"
#include "cli/interrupt.h"
#include "cli/noise_print.h"
#include "cli/sysroot.h"
#include "run/list.h"
#include "store/store.h"

void session_complain(const char *sentence)
{
	char *text = printable_dup(sentence, strlen(sentence));

	fprintf(stderr, "stablebench: %s\n", text);
	free(text);
}

static void complain_listing(void *context, const char *sentence)
{
	(void)context;
	session_complain(sentence);
}

static uint64_t choose_seed(const struct settings *settings)
{
	uint64_t seed = settings->seed;

	if (!settings->has_seed && getrandom(&seed, sizeof seed, 0) != sizeof seed)
		seed = (uint64_t)time(NULL);
	return settings->has_seed ? seed : seed >> 11; /* 53 bits, so that JSON readers keep it whole */
}

/* A recorded machine has a run folder of its own: what is written down there is not about this one. */
static int start_keeper_under(struct session *session, const struct settings *settings, struct sb_err *err)
{
	char *run_dir = alloc_format("%s/run", settings->sysroot);
	struct path_root root;
	int code = sysroot_open(settings, &session->identity, &root, err);

	path_root_release(&root);
	if (!code && mkdir(run_dir, 0755) && errno != EEXIST)
		code = err_set(err, -errno, "cannot make '%s': %s", run_dir, err_reason(errno));
	free(run_dir);
	run_dir = sysroot_dup_run_dir(settings);
	if (!code)
		code = keeper_start(&session->keeper, &session->identity, run_dir, settings->sysroot, err);
	free(run_dir);
	return code;
}

static int start_keeper(struct session *session, const struct settings *settings, struct sb_err *err)
{
	if (settings->sysroot)
		return start_keeper_under(session, settings, err);
	return keeper_start(&session->keeper, &session->identity, settings->run_dir, "/", err);
}

enum exit_code session_begin(struct session *session, const struct settings *settings, struct sb_err *err)
{
	*session = (struct session){ .started_ns = monotonic_now_ns() };
	plan_init(&session->plan, choose_seed(settings));
	if (identity_resolve(settings->user, settings->allow_root, &session->identity, err))
		return EXIT_CODE_USAGE;
	if (start_keeper(session, settings, err))
		return EXIT_CODE_ERROR;
	session->has_keeper = true;
	return EXIT_CODE_OK;
}

enum exit_code session_drop(struct session *session, struct sb_err *err)
{
	if (identity_drop_front(&session->identity, err) || interrupt_catch(&session->cancel, err))
		return EXIT_CODE_ERROR;
	return EXIT_CODE_OK;
}

/* Only files of the kernel's and a name of tuned's are read, none of the user's. */
void session_keep_facts(struct session *session)
{
	struct path_root root;

	if (!session->identity.privileged || path_root_init(&root, "/", NULL))
		return;
	facts_keep(&root, &session->kept);
	path_root_release(&root);
}

static enum exit_code start(struct session *session, const struct settings *settings,
			    void (*as_root)(struct session *session), struct sb_err *err)
{
	enum exit_code code = session_begin(session, settings, err);

	if (code == EXIT_CODE_OK && as_root)
		as_root(session);
	if (code == EXIT_CODE_OK)
		code = session_drop(session, err);
	if (code != EXIT_CODE_OK)
		return code;
	session->select = select_new(settings, err);
	return session->select ? EXIT_CODE_OK : EXIT_CODE_USAGE;
}

/* "NAME=value" strings of --env, back to back. */
static int environment_block(const struct settings_list *names, char *block, size_t room, size_t *size,
			     struct sb_err *err)
{
	*size = 0;
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->texts[i], *value = getenv(name);
		int length;

		if (*name == '=' || (!strchr(name, '=') && !value))
			return err_set(
				err, -EINVAL,
				"environment variable '%s' of --env is not set; --env NAME=VALUE sets it",
				name);
		length = strchr(name, '=') ? snprintf(block + *size, room - *size, "%s", name)
					   : snprintf(block + *size, room - *size, "%s=%s", name, value);
		if ((size_t)length + 1 > room - *size)
			return err_set(err, -E2BIG, "the environment of --env is longer than %zu bytes",
				       room);
		*size += (size_t)length + 1;
	}
	return 0;
}

static enum exit_code pass_environment(struct session *session, const struct settings *settings,
				       struct sb_err *err)
{
	char *block = alloc_zero(1, KEEPER_ENVIRONMENT);
	size_t size;
	enum exit_code code = EXIT_CODE_OK;

	if (environment_block(&settings->env, block, KEEPER_ENVIRONMENT, &size, err))
		code = EXIT_CODE_USAGE;
	else if (keeper_set_environment(&session->keeper, block, size, err))
		code = EXIT_CODE_ERROR;
	free(block);
	return code;
}

/* Opens every argument; those that cannot be are named and counted. */
static enum exit_code open_binaries(struct session *session, int count, char **arguments, struct sb_err *err)
{
	if (count > KEEPER_BINARIES_MAX) {
		err_set(err, -E2BIG, "%d benchmarks at once, at most %d", count, KEEPER_BINARIES_MAX);
		return EXIT_CODE_USAGE;
	}
	session->binaries = alloc_zero((size_t)count, sizeof *session->binaries);
	for (int i = 0; i < count; i++) {
		struct binary *binary = &session->binaries[session->binary_count];
		struct sb_err refusal;

		if (binary_open(arguments[i], binary, &refusal)) {
			session_complain(refusal.text);
			session->refused++;
			continue;
		}
		session->binary_count++;
		if (keeper_add_binary(&session->keeper, binary->fd, &binary->index, err))
			return EXIT_CODE_ERROR;
	}
	return EXIT_CODE_OK;
}

static enum exit_code list(struct session *session, const struct settings *settings, struct sb_err *err)
{
	struct list_request request = {
		.binaries = session->binaries,
		.count = session->binary_count,
		.select = session->select,
		.timeout_ms = (uint32_t)fmax(settings->timeout_s * 1e3, 1),
		.complain = complain_listing,
	};
	struct list_result result;
	long duplicate;
	int code = list_cases(&session->keeper, &request, &session->cancel, &session->plan, &result, err);

	if (code)
		return code == -EINTR ? EXIT_CODE_INTERRUPTED : EXIT_CODE_ERROR;
	session->refused += result.refused;
	if (session->refused && !settings->keep_going) {
		err_set(err, -EINVAL, "nothing was run; --keep-going goes on with the other files");
		return EXIT_CODE_ERROR;
	}
	duplicate = plan_find_duplicate(&session->plan);
	if (duplicate >= 0) {
		err_set(err, -EEXIST, "two cases are named '%s'; give one suite another name: NAME=PATH",
			session->plan.cases[duplicate].name);
		return EXIT_CODE_USAGE;
	}
	if (!session->plan.case_count) {
		if (result.listed)
			err_set(err, -ENOENT,
				"none of the %zu cases is meant; 'stablebench list' shows them all",
				result.listed);
		else
			err_set(err, -ENOENT, "there is no case to run");
		return EXIT_CODE_NOTHING;
	}
	return EXIT_CODE_OK;
}

enum exit_code session_start(struct session *session, const struct settings *settings,
			     void (*as_root)(struct session *session))
{
	struct sb_err err = { 0 };
	enum exit_code code;

	code = start(session, settings, as_root, &err);
	if (code == EXIT_CODE_OK)
		code = pass_environment(session, settings, &err);
	if (code != EXIT_CODE_OK)
		session_complain(err.text);
	return code;
}

/* By the profile that `noise` left, as long as the machine is as it was then. */
static int find_quietest(const struct session *session, const struct path_root *root, cpu_set_t *cpus,
			 struct sb_err *err)
{
	json_t *document;
	int cpu, code = store_load_document(&document, STORE_NOISE, session->identity.front_home, err);

	if (code == -ENOENT)
		return err_set(err, code,
			       "'auto' has no noise profile to go by; 'stablebench noise' takes one");
	if (code)
		return code;
	cpu = noise_document_quietest(document, root, err);
	json_decref(document);
	if (cpu < 0) {
		code = err->code;
		err_prefix(err,
			   "'auto' cannot use the last noise profile; 'stablebench noise' takes a new one");
		return code;
	}
	CPU_ZERO(cpus);
	CPU_SET(cpu, cpus);
	return 0;
}

enum exit_code session_choose_cpus(struct session *session, const struct settings *settings,
				   struct topology *topology, struct sb_err *err)
{
	const bool is_named = settings->has_cpus || settings->has_quietest_cpu;
	cpu_set_t cpus = settings->cpus;
	struct path_root root;
	int code = sysroot_open(settings, &session->identity, &root, err);

	if (code)
		return EXIT_CODE_ERROR;
	if (settings->has_quietest_cpu)
		code = find_quietest(session, &root, &cpus, err);
	if (!code)
		code = topology_choose(&root, is_named ? &cpus : NULL, topology, err);
	path_root_release(&root);
	if (!code)
		return EXIT_CODE_OK;
	return is_named ? EXIT_CODE_USAGE : EXIT_CODE_ERROR;
}

enum exit_code session_list(struct session *session, const struct settings *settings, int count,
			    char **arguments)
{
	struct sb_err err = { 0 };
	enum exit_code code = open_binaries(session, count, arguments, &err);

	if (code == EXIT_CODE_OK)
		code = list(session, settings, &err);
	if (code != EXIT_CODE_OK)
		session_complain(err.text);
	return code;
}

void session_close(struct session *session)
{
	const bool was_lost = session->keeper.is_lost;
	struct keeper_restored restored;
	struct sb_err err;

	if (session->has_keeper && keeper_release(&session->keeper, &restored, &err) && !was_lost)
		session_complain(err.text);
	for (size_t i = 0; i < session->binary_count; i++)
		binary_release(&session->binaries[i]);
	free(session->binaries);
	select_free(session->select);
	plan_release(&session->plan);
	*session = (struct session){ 0 };
}
