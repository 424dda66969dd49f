/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_shield.c - `stablebench shield -- CMD`: runs any command inside the controlled host, as the invoking
 * user.
 *
 * The command's process is forked before root is given up, and waits: it becomes the user only when the host
 * is held and the keeper has put it where benches run. Like timeout(1) and env(1) it gives the command's own
 * exit code, and 125 to 127 for what it could not do itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/printable.h"
#include "cli/command.h"
#include "cli/hold.h"
#include "keeper/seclude.h"

struct shield {
	struct session session;
	pid_t child;
	int gate; /* a byte lets the child go; closed, it ends */
};

/* --- the command's process ------------------------------------------------------------------------------ */

static _Noreturn void fail(const char *what, const char *name, int code, const char *mend, int status)
{
	char *said = printable_dup(name, strlen(name));

	fprintf(stderr, "stablebench shield: cannot %s '%s': %s%s\n", what, said, err_reason(code), mend);
	_exit(status);
}

static void become_user(const struct identity *identity)
{
	const char *step = "";
	int code = identity_become_bench(identity, &step);

	if (!code && seclude_is_needed(identity))
		code = seclude_command(&step);
	if (code)
		fail("become the user by", step, code, identity_mend(step, -code), COMMAND_FAILED);
}

static _Noreturn void run_command(char **arguments)
{
	execvp(arguments[0], arguments);
	fail("run", arguments[0], -errno, "", errno == ENOENT ? COMMAND_NOT_FOUND : COMMAND_NOT_EXECUTABLE);
}

/* Ctrl-C reaches it from the terminal; it must not outlive the host's state, so it dies with the front. */
static _Noreturn void become_command(const struct identity *identity, pid_t front, int gate, char **arguments)
{
	char go;

	if (read(gate, &go, 1) != 1)
		_exit(COMMAND_FAILED);
	close(gate);
	become_user(identity);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != front)
		_exit(COMMAND_FAILED);
	signal(SIGTSTP, SIG_IGN); /* nobody may fall asleep holding the host */
	run_command(arguments);
}

static int fork_command(struct shield *shield, char **arguments, struct sb_err *err)
{
	const pid_t front = getpid();
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		return err_set(err, -errno, "cannot make a pipe: %s", err_reason(errno));
	shield->child = fork();
	if (shield->child == 0) {
		close(gate[1]);
		become_command(&shield->session.identity, front, gate[0], arguments);
	}
	close(gate[0]);
	shield->gate = gate[1];
	return shield->child < 0 ? err_set(err, -errno, "cannot start a process: %s", err_reason(errno)) : 0;
}

/* --- waiting for it ------------------------------------------------------------------------------------- */

/* Root's front has no powers left over a command that is another user's: then the keeper ends it. */
static void pass_on(struct shield *shield, int signal_number)
{
	if (kill(shield->child, signal_number) && errno == EPERM)
		keeper_launch_kill(&shield->session.keeper, NULL);
}

/* The terminal sends Ctrl-C to both of us, and the command decides; what is sent to the front alone is passed
 * on. */
static int wait_for_command(struct shield *shield)
{
	const pid_t child = shield->child;
	sigset_t awaited;
	int signal_number, status;

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGHUP);
	sigprocmask(SIG_BLOCK, &awaited, NULL);
	while (waitpid(child, &status, WNOHANG) != child)
		if (!sigwait(&awaited, &signal_number) && signal_number != SIGCHLD)
			pass_on(shield, signal_number);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What is not in effect is worth a word only where somebody is looking. */
static int run_held(struct shield *shield, const struct settings *settings, struct sb_err *err)
{
	struct hold_wish wish = { .is_shared = true, .purpose = "shield" };
	struct hold hold = { .count = 0 };
	struct topology topology;
	int status = COMMAND_FAILED;

	wish.topology = &topology;
	if (session_choose_cpus(&shield->session, settings, &topology, err) != EXIT_CODE_OK)
		return COMMAND_FAILED;
	if (hold_host(&shield->session, settings, &wish, &hold, err) == EXIT_CODE_OK &&
	    !keeper_adopt(&shield->session.keeper, shield->child, err)) {
		if (isatty(STDERR_FILENO) && !settings->quiet)
			hold_tell(&hold, stderr);
		status = write(shield->gate, "", 1) == 1 ? wait_for_command(shield) : COMMAND_FAILED;
	}
	if (status == COMMAND_FAILED && err->code)
		session_complain(err->text);
	err->code = 0;
	return hold_release(&shield->session, &hold, err) == EXIT_CODE_OK ? status : COMMAND_FAILED;
}

/* Nothing to hold: no keeper, no second process, no time lost. */
static _Noreturn void become_command_at_once(const struct identity *identity, char **arguments)
{
	become_user(identity);
	run_command(arguments);
}

static int shield(struct shield *shield, const struct settings *settings, char **arguments,
		  struct sb_err *err)
{
	if (session_begin(&shield->session, settings, err) != EXIT_CODE_OK ||
	    fork_command(shield, arguments, err))
		return COMMAND_FAILED;
	if (session_drop(&shield->session, err) != EXIT_CODE_OK)
		return COMMAND_FAILED;
	return run_held(shield, settings, err);
}

static bool is_anything_chosen(const struct settings *settings)
{
	for (size_t i = 0; knob_table[i]; i++)
		if (knob_is_chosen(knob_table[i], &settings->choice))
			return true;
	return false;
}

static enum exit_code run(const struct settings *settings, int count, char **arguments)
{
	struct shield job = { .gate = -1 };
	struct identity identity;
	struct sb_err err = { 0 };
	int status;

	(void)count;
	if (!is_anything_chosen(settings) &&
	    !identity_resolve(settings->user, settings->allow_root, &identity, &err))
		become_command_at_once(&identity, arguments);
	status = err.code ? COMMAND_FAILED : shield(&job, settings, arguments, &err);
	if (err.code)
		session_complain(err.text);
	if (job.gate >= 0)
		close(job.gate);
	session_close(&job.session);
	return (enum exit_code)status;
}

const struct command command_shield = {
	.name = "shield",
	.bit = OPTION_OF_SHIELD,
	.arguments = "[--] COMMAND [ARGUMENT]...",
	.summary = "run any command on the controlled host, as yourself",
	.arguments_min = 1,
	.arguments_max = -1,
	.takes_command = true,
	.run = run,
};
