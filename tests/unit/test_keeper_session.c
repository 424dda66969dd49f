/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about a session: one holds the host, whoever dies leaves it as it was, and nonsense is answered. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include "host/journal.h"
#include "host/topology.h"
#include "keeper/lock.h"
#include "keeper/message.h"
#include "keeper/process.h"
#include "keeper_fixture.h"
#include "machine_fixture.h"

#define GOVERNOR1 CPUFREQ "/policy1/scaling_governor"

static _Noreturn int bench_hang(struct sb_wire_request *request)
{
	(void)request;
	for (;;)
		pause();
}

static const struct fixture_bench benches[] = { { "hang", bench_hang } };

static int hold_host(struct keeper *keeper, enum knob_profile profile, bool wait, const volatile int *cancel,
		     struct sb_err *err)
{
	struct keeper_hold hold = { .choice = { .profile = profile },
				    .wait = wait,
				    .purpose = "run ./bench\n_x" };
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	size_t count = 0, knobs = 0;
	int code;

	while (knob_table[knobs])
		knobs++;
	fixture_topology(&hold.topology);
	code = keeper_hold(keeper, &hold, cancel, conditions, &count, err);
	ck_assert_uint_eq(count, code ? 0 : knobs);
	return code;
}

/* As long as it takes: what never comes true is ended by the limit of Check. */
static void await(bool (*is_true)(const void *context), const void *context)
{
	while (!is_true(context))
		usleep(5000);
}

/* --- one at a time -------------------------------------------------------------------------------------- */

static int restore_under(const struct fixture *fixture, const char *prefix, struct keeper_restored *restored,
			 struct sb_err *err)
{
	const struct keeper_restore order = { .run_dir = fixture->run_dir, .prefix = prefix };

	return keeper_restore_leftover(&fixture->identity, &order, restored, err);
}

START_TEST(a_second_session_is_told_who_holds_the_host)
{
	struct fixture fixture;
	struct keeper second;
	struct keeper_restored restored;
	struct sb_err err;
	char text[256];

	fixture_init(&fixture);
	ck_assert(!lock_holder(fixture.run_dir, text, sizeof text));
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_GENTLE, false, NULL, &err), 0);
	ck_assert_int_eq(keeper_start(&second, &fixture.identity, fixture.run_dir, "/", &err), 0);
	ck_assert_int_eq(hold_host(&second, KNOB_PROFILE_GENTLE, false, NULL, &err), -EBUSY);
	snprintf(text, sizeof text, "held by %s (pid %d, since 2", fixture.identity.front_user,
		 (int)getpid());
	ck_assert_ptr_nonnull(strstr(err.text, text));
	/* a line of its own would be a forged one */
	ck_assert_ptr_nonnull(strstr(err.text, "run ./bench?_x"));
	ck_assert_int_eq(keeper_release(&second, &restored, &err), 0);
	ck_assert(lock_holder(fixture.run_dir, text, sizeof text));
	ck_assert_int_eq(restore_under(&fixture, "/", &restored, &err), -EBUSY);
	fixture_release(&fixture);
}
END_TEST

START_TEST(the_host_is_held_once_a_session)
{
	struct fixture fixture;
	struct sb_err err;

	fixture_init(&fixture);
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_NONE, false, NULL, &err), 0);
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_NONE, false, NULL, &err), -EALREADY);
	fixture_release(&fixture);
}
END_TEST

/* A keeper that may open nothing more cannot read /proc, which is no word about whose child it is. */
START_TEST(only_a_child_is_adopted_and_what_cannot_be_read_is_told)
{
	struct rlimit before, few;
	struct fixture fixture;
	struct sb_err err;
	pid_t child;

	fixture_init(&fixture);
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_NONE, false, NULL, &err), 0);
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	ck_assert_int_eq(keeper_adopt(&fixture.keeper, getppid(), &err), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "no child of this session"));
	ck_assert_int_eq(keeper_adopt(&fixture.keeper, INT32_MAX, &err), -EPERM);
	ck_assert_int_eq(prlimit(fixture.keeper.pid, RLIMIT_NOFILE, NULL, &before), 0);
	few = (struct rlimit){ 4, before.rlim_max }; /* poll(2) has to take what there is */
	ck_assert_int_eq(prlimit(fixture.keeper.pid, RLIMIT_NOFILE, &few, NULL), 0);
	ck_assert_int_eq(keeper_adopt(&fixture.keeper, child, &err), -EMFILE);
	ck_assert_ptr_nonnull(strstr(err.text, "cannot tell whose child"));
	ck_assert_int_eq(prlimit(fixture.keeper.pid, RLIMIT_NOFILE, &before, NULL), 0);
	ck_assert_int_eq(keeper_adopt(&fixture.keeper, child, &err), 0);
	fixture_release(&fixture);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

START_TEST(waiting_ends_when_the_holder_does)
{
	struct fixture fixture;
	struct keeper_restored restored;
	struct keeper second;
	struct sb_err err;
	pid_t waiter;
	int status;

	fixture_init(&fixture);
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_GENTLE, false, NULL, &err), 0);
	waiter = fork();
	if (waiter == 0) {
		close(fixture.keeper.socket);
		if (keeper_start(&second, &fixture.identity, fixture.run_dir, "/", &err) ||
		    hold_host(&second, KNOB_PROFILE_GENTLE, true, NULL, &err) ||
		    keeper_release(&second, &restored, &err))
			_exit(1);
		_exit(0);
	}
	usleep(300000);
	ck_assert_int_eq(waitpid(waiter, &status, WNOHANG), 0);
	ck_assert_int_eq(keeper_release(&fixture.keeper, &restored, &err), 0);
	ck_assert_int_eq(waitpid(waiter, &status, 0), waiter);
	ck_assert_int_eq(status, 0);
	fixture_remove(&fixture);
}
END_TEST

static volatile int interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

START_TEST(waiting_can_be_interrupted)
{
	struct fixture fixture;
	struct keeper_restored restored;
	struct keeper second;
	struct sb_err err;

	fixture_init(&fixture);
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_GENTLE, false, NULL, &err), 0);
	ck_assert_int_eq(keeper_start(&second, &fixture.identity, fixture.run_dir, "/", &err), 0);
	signal(SIGALRM, interrupt);
	alarm(1);
	ck_assert_int_eq(hold_host(&second, KNOB_PROFILE_GENTLE, true, &interrupted, &err), -EINTR);
	ck_assert_int_eq(keeper_release(&second, &restored, &err), 0);
	fixture_release(&fixture);
}
END_TEST

/* --- the run folder ----------------------------------------------------------------------------------- */

static int hold_in(const struct fixture *fixture, struct sb_err *err)
{
	struct keeper_restored restored;
	struct keeper keeper;
	int code;

	ck_assert_int_eq(keeper_start(&keeper, &fixture->identity, fixture->run_dir, "/", err), 0);
	code = hold_host(&keeper, KNOB_PROFILE_GENTLE, false, NULL, err);
	ck_assert_int_eq(keeper_release(&keeper, &restored, NULL), 0);
	return code;
}

START_TEST(a_run_folder_that_others_can_reach_is_refused)
{
	char path[160];
	struct fixture fixture;
	struct sb_err err;
	int fd;

	fixture_folder(&fixture);
	ck_assert_int_eq(hold_in(&fixture, &err), 0);
	ck_assert_int_eq(chmod(fixture.run_dir, 0777), 0);
	ck_assert_int_eq(hold_in(&fixture, &err), -EPERM);
	ck_assert_ptr_nonnull(strstr(err.text, "writable by others"));
	ck_assert_int_eq(chmod(fixture.run_dir, 0755), 0);
	snprintf(path, sizeof path, "%s/stranger", fixture.run_dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	ck_assert_int_eq(hold_in(&fixture, &err), -ENOTEMPTY);
	unlink(path);
	snprintf(path, sizeof path, "%s/link", fixture.base);
	ck_assert_int_eq(symlink(fixture.run_dir, path), 0);
	snprintf(fixture.run_dir, sizeof fixture.run_dir, "%s/link/", fixture.base);
	ck_assert_int_lt(hold_in(&fixture, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "is a link"));
	snprintf(fixture.run_dir, sizeof fixture.run_dir, "%s/no/where", fixture.base);
	ck_assert_int_eq(hold_in(&fixture, &err), -ENOENT);
	fixture_remove(&fixture);
}
END_TEST

/* Gives the file and a folder to somebody else, which only root can, or opens them to be written. */
START_TEST(a_note_of_somebody_else_is_not_believed)
{
	struct fixture fixture;
	char path[160], text[256];
	struct sb_err err;

	fixture_init(&fixture);
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_GENTLE, false, NULL, &err), 0);
	snprintf(path, sizeof path, "%s/holder", fixture.run_dir);
	ck_assert(lock_holder(fixture.run_dir, text, sizeof text));
	ck_assert_int_eq(chmod(path, 0664), 0);
	ck_assert(!lock_holder(fixture.run_dir, text, sizeof text));
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_int_eq(chmod(fixture.run_dir, 01777), 0);
	ck_assert(!lock_holder(fixture.run_dir, text, sizeof text));
	ck_assert_int_eq(chmod(fixture.run_dir, 0755), 0);
	ck_assert(lock_holder(fixture.run_dir, text, sizeof text));
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(path, 65534, 65534), 0);
		ck_assert(!lock_holder(fixture.run_dir, text, sizeof text));
		/* whose folder it is may say who works there */
		ck_assert_int_eq(chown(fixture.run_dir, 65534, 65534), 0);
		ck_assert(lock_holder(fixture.run_dir, text, sizeof text));
	}
	fixture_release(&fixture);
}
END_TEST

START_TEST(a_dead_holder_holds_nothing)
{
	char path[160], text[256];
	struct fixture fixture;
	struct sb_err err;
	FILE *file;

	fixture_folder(&fixture);
	ck_assert_int_eq(mkdir(fixture.run_dir, 0755), 0);
	snprintf(path, sizeof path, "%s/holder", fixture.run_dir);
	file = fopen(path, "w");
	/* our pid, but another start */
	fprintf(file, "pid 1\nkeeper %d\nstart 1\nuser ghost\nsince then\npurpose haunting\n", (int)getpid());
	fclose(file);
	ck_assert(!lock_holder(fixture.run_dir, text, sizeof text));
	ck_assert_int_eq(hold_in(&fixture, &err), 0);
	fixture_remove(&fixture);
}
END_TEST

START_TEST(without_a_run_folder_there_is_nothing_to_restore)
{
	struct keeper_restored restored;
	struct fixture fixture;

	fixture_folder(&fixture);
	ck_assert_int_eq(restore_under(&fixture, "/", &restored, NULL), 0);
	ck_assert_uint_eq(restored.restored + restored.conflicts + restored.failed, 0);
	fixture_remove(&fixture);
}
END_TEST

/* --- death ---------------------------------------------------------------------------------------------- */

struct told {
	pid_t keeper, bench;
};

/* A front that holds the fake machine, hangs in a launch, tells who is who, and waits to be killed. */
static _Noreturn void be_front(struct fixture *fixture, const char *prefix, int tell)
{
	struct keeper_started started;
	struct keeper_launch order;
	struct told told;
	struct sb_err err;

	signal(SIGTERM, SIG_DFL); /* Check's own handler would take the whole test along */
	fixture_start_under(fixture, prefix);
	ck_assert_int_eq(hold_host(&fixture->keeper, KNOB_PROFILE_STANDARD, false, NULL, &err), 0);
	fixture_add(fixture, NULL);
	order = fixture_order(fixture, "hang");
	fixture_begin(fixture, &order, &started);
	told.keeper = fixture->keeper.pid;
	told.bench = started.pid;
	if (write(tell, &told, sizeof told) != sizeof told)
		_exit(1);
	for (;;)
		pause();
}

static pid_t start_front(struct fixture *fixture, struct machine *machine, struct told *told)
{
	char prefix[96];
	int tell[2];
	pid_t front;

	machine_init(machine);
	fixture_folder(fixture);
	snprintf(prefix, sizeof prefix, "%s/root", machine->base);
	ck_assert_int_eq(pipe(tell), 0);
	front = fork();
	if (front == 0)
		be_front(fixture, prefix, tell[1]);
	close(tell[1]);
	ck_assert_int_eq(read(tell[0], told, sizeof *told), sizeof *told);
	close(tell[0]);
	ck_assert_str_eq(machine_get(machine, GOVERNOR1), "performance");
	return front;
}

static bool is_gone(const void *pid)
{
	uint64_t start;

	return process_start_time(*(const pid_t *)pid, &start) != 0;
}

static bool is_back(const void *machine)
{
	return !strcmp(machine_get(machine, GOVERNOR1), "userspace");
}

START_TEST(a_killed_front_leaves_the_host_as_it_was)
{
	struct fixture fixture;
	struct machine machine;
	struct told told;
	pid_t front;
	char path[160];

	if (!machine_is_possible())
		return;
	front = start_front(&fixture, &machine, &told);
	kill(front, SIGKILL);
	waitpid(front, NULL, 0);
	await(is_gone, &told.keeper);
	ck_assert(is_gone(&told.bench));
	machine_check_untouched(&machine);
	snprintf(path, sizeof path, "%s/" JOURNAL_NAME, fixture.run_dir);
	ck_assert_int_eq(access(path, F_OK), -1);
	snprintf(path, sizeof path, "%s/holder", fixture.run_dir);
	ck_assert_int_eq(access(path, F_OK), -1);
	machine_release(&machine);
	fixture_remove(&fixture);
}
END_TEST

START_TEST(signals_do_not_end_the_keeper)
{
	static const int signals[] = { SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGPIPE, SIGUSR1, SIGALRM, SIGXCPU };
	struct fixture fixture;
	struct machine machine;
	struct told told;
	pid_t front;

	if (!machine_is_possible())
		return;
	front = start_front(&fixture, &machine, &told);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		kill(told.keeper, signals[i]);
	usleep(100000);
	ck_assert(!is_gone(&told.keeper));
	ck_assert_str_eq(machine_get(&machine, GOVERNOR1), "performance");
	kill(front, SIGTERM);
	waitpid(front, NULL, 0);
	await(is_back, &machine);
	await(is_gone, &told.keeper);
	machine_check_untouched(&machine);
	machine_release(&machine);
	fixture_remove(&fixture);
}
END_TEST

static struct timespec changed_at(const struct machine *machine, const char *path)
{
	struct stat status;
	char whole[256];

	snprintf(whole, sizeof whole, "%s/root/%s", machine->base, path);
	ck_assert_int_eq(stat(whole, &status), 0);
	return status.st_ctim;
}

/* The keeper is stopped while the message and the end of its front come. */
START_TEST(what_a_front_that_is_gone_had_asked_for_is_not_done)
{
	struct message_hold order = { .profile = KNOB_PROFILE_STANDARD };
	struct timespec before, after;
	struct fixture fixture;
	struct machine machine;
	char prefix[96];

	if (!machine_is_possible())
		return;
	machine_init(&machine);
	fixture_folder(&fixture);
	snprintf(prefix, sizeof prefix, "%s/root", machine.base);
	fixture_start_under(&fixture, prefix);
	before = changed_at(&machine, GOVERNOR1);
	fixture_topology(&order.topology);
	message_head(&order.header, MESSAGE_HOLD, sizeof order);
	kill(fixture.keeper.pid, SIGSTOP);
	ck_assert_int_eq(message_send(fixture.keeper.socket, &order, -1), 0);
	close(fixture.keeper.socket);
	kill(fixture.keeper.pid, SIGCONT);
	ck_assert_int_eq(waitpid(fixture.keeper.pid, NULL, 0), fixture.keeper.pid);
	after = changed_at(&machine, GOVERNOR1);
	ck_assert(before.tv_sec == after.tv_sec && before.tv_nsec == after.tv_nsec);
	machine_check_untouched(&machine);
	machine_release(&machine);
	fixture_remove(&fixture);
}
END_TEST

START_TEST(when_both_are_killed_restore_repairs)
{
	struct keeper_restored restored;
	struct fixture fixture;
	struct machine machine;
	struct told told;
	pid_t front;
	char prefix[96];
	struct sb_err err = { 0 };
	int code;

	if (!machine_is_possible())
		return;
	front = start_front(&fixture, &machine, &told);
	kill(told.keeper, SIGKILL);
	kill(front, SIGKILL);
	waitpid(front, NULL, 0);
	await(is_gone, &told.keeper);
	await(is_gone, &told.bench);
	ck_assert_str_eq(machine_get(&machine, GOVERNOR1), "performance");
	snprintf(prefix, sizeof prefix, "%s/root", machine.base);
	code = restore_under(&fixture, prefix, &restored, &err);
	ck_assert_msg(code == 0, "%s", err.text);
	/* of the two policies only the bench's: both CPUs are cores of their own, or threads of one */
	ck_assert_uint_ge(restored.restored, 2);
	machine_check_untouched(&machine);
	machine_release(&machine);
	fixture_remove(&fixture);
}
END_TEST

START_TEST(when_both_are_killed_the_next_session_repairs_first)
{
	struct keeper_hold hold = { .choice = { .profile = KNOB_PROFILE_GENTLE }, .purpose = "next" };
	struct condition conditions[KEEPER_CONDITIONS_MAX];
	struct keeper_restored recovered;
	struct fixture fixture;
	struct machine machine;
	struct told told;
	pid_t front;
	char prefix[96];
	size_t count;

	if (!machine_is_possible())
		return;
	front = start_front(&fixture, &machine, &told);
	kill(told.keeper, SIGKILL);
	kill(front, SIGKILL);
	waitpid(front, NULL, 0);
	await(is_gone, &told.keeper);
	snprintf(prefix, sizeof prefix, "%s/root", machine.base);
	fixture_start_under(&fixture, prefix);
	fixture_topology(&hold.topology);
	hold.recovered = &recovered;
	ck_assert_int_eq(keeper_hold(&fixture.keeper, &hold, NULL, conditions, &count, NULL), 0);
	ck_assert_uint_ge(recovered.restored, 2);
	machine_check_untouched(&machine);
	fixture_release(&fixture);
	machine_release(&machine);
}
END_TEST

START_TEST(a_front_learns_that_its_keeper_was_killed)
{
	struct fixture fixture;
	struct keeper_restored restored;
	struct sb_err err;

	fixture_init(&fixture);
	kill(fixture.keeper.pid, SIGKILL);
	ck_assert_int_eq(hold_host(&fixture.keeper, KNOB_PROFILE_NONE, false, NULL, &err), -EPIPE);
	ck_assert_str_eq(err.text, "the keeper is gone: somebody killed it");
	ck_assert(fixture.keeper.is_lost);
	ck_assert_int_eq(keeper_release(&fixture.keeper, &restored, &err), -EPIPE);
	fixture_remove(&fixture);
}
END_TEST

/* --- nonsense ----------------------------------------------------------------------------------------- */

static void expect_refusal(const struct keeper *keeper, const void *bytes, size_t size, int fds)
{
	char room[CMSG_SPACE(3 * sizeof(int))] = { 0 };
	int null[3] = { 0, 0, 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = size };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
	static union message_answer answer;
	struct message_fds got;
	struct cmsghdr *extra;

	if (fds) {
		packet.msg_control = room;
		packet.msg_controllen = CMSG_SPACE((size_t)fds * sizeof(int));
		extra = CMSG_FIRSTHDR(&packet);
		extra->cmsg_level = SOL_SOCKET;
		extra->cmsg_type = SCM_RIGHTS;
		extra->cmsg_len = CMSG_LEN((size_t)fds * sizeof(int));
		memcpy(CMSG_DATA(extra), null, (size_t)fds * sizeof(int));
	}
	ck_assert_int_eq(sendmsg(keeper->socket, &packet, 0), (int)size);
	ck_assert_int_gt(message_receive(keeper->socket, &answer, sizeof answer, &got), 0);
	ck_assert_int_lt(answer.reply.code, 0);
	ck_assert_str_ne(answer.reply.text, "");
}

START_TEST(nonsense_is_answered_with_a_sentence)
{
	struct message_plain message;
	struct fixture fixture;
	unsigned char noise[512];
	unsigned seed = 7;

	fixture_init(&fixture);
	for (uint32_t action = 0; action < 40; action++) {
		message_head(&message.header, (enum message_action)action, sizeof message);
		if (action == MESSAGE_CANCEL || action == MESSAGE_KILL || action == MESSAGE_RELEASE)
			continue;
		expect_refusal(&fixture.keeper, &message, sizeof message, 0);
	}
	message_head(&message.header, MESSAGE_RELEASE, sizeof message);
	expect_refusal(&fixture.keeper, &message, sizeof message, 2);
	message.header.version++;
	expect_refusal(&fixture.keeper, &message, sizeof message, 0);
	for (int round = 0; round < 300; round++) {
		for (size_t i = 0; i < sizeof noise; i++)
			noise[i] = (unsigned char)((seed = seed * 1103515245u + 12345u) >> 16);
		expect_refusal(&fixture.keeper, noise, 1 + seed % sizeof noise, (int)(seed >> 8) % 3);
	}
	fixture_add(&fixture, NULL);
	fixture_release(&fixture);
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		a_second_session_is_told_who_holds_the_host,
		the_host_is_held_once_a_session,
		only_a_child_is_adopted_and_what_cannot_be_read_is_told,
		waiting_ends_when_the_holder_does,
		waiting_can_be_interrupted,
		a_run_folder_that_others_can_reach_is_refused,
		a_note_of_somebody_else_is_not_believed,
		a_dead_holder_holds_nothing,
		without_a_run_folder_there_is_nothing_to_restore,
		a_killed_front_leaves_the_host_as_it_was,
		signals_do_not_end_the_keeper,
		what_a_front_that_is_gone_had_asked_for_is_not_done,
		when_both_are_killed_restore_repairs,
		when_both_are_killed_the_next_session_repairs_first,
		a_front_learns_that_its_keeper_was_killed,
		nonsense_is_answered_with_a_sentence,
	};

	if (argc > 1 && !strcmp(argv[1], SB_WIRE_ARGUMENT))
		return fixture_serve(benches, sizeof benches / sizeof benches[0]);
	return unit_run("keeper session", tests, sizeof tests / sizeof tests[0]);
}
