/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about a command that is kept from typing. A file that is no terminal answers ENOTTY to whom the
 * filter lets through, so neither a terminal nor root is needed. */
#include "keeper/seclude.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit.h"

#define COULD_NOT 99

/* The error of `request` on /dev/null, by `call`, in a process that is secluded; COULD_NOT where it cannot
 * be. */
static int error_in_seclusion(long (*call)(int fd, unsigned long request), unsigned long request)
{
	int status;
	const pid_t child = fork();

	if (child == 0) {
		const char *step;
		int fd;

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || seclude_command(&step))
			_exit(COULD_NOT);
		fd = open("/dev/null", O_RDWR);
		_exit(call(fd, request) < 0 ? errno : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static long by_ioctl(int fd, unsigned long request)
{
	return syscall(SYS_ioctl, fd, request, "x");
}

START_TEST(what_types_is_refused)
{
	ck_assert_int_eq(error_in_seclusion(by_ioctl, TIOCSTI), EPERM);
	ck_assert_int_eq(error_in_seclusion(by_ioctl, TIOCLINUX), EPERM);
}
END_TEST

START_TEST(what_an_interactive_shell_asks_is_let_through)
{
	static const unsigned long asked[] = { TCGETS, TCSETSW, TIOCGPGRP, TIOCSPGRP, TIOCGWINSZ, TIOCNOTTY };

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		ck_assert_int_eq(error_in_seclusion(by_ioctl, asked[i]), ENOTTY);
}
END_TEST

/* The kernel drops the upper half of a request, and so must the filter. */
START_TEST(the_upper_half_of_a_request_hides_nothing)
{
	const unsigned long upper = sizeof(long) > 4 ? 0xdead0000ul << 16 : 0;

	ck_assert_int_eq(error_in_seclusion(by_ioctl, TIOCSTI | upper), EPERM);
}
END_TEST

#ifdef __x86_64__
static long by_x32(int fd, unsigned long request)
{
	return syscall(0x40000000 + 514, fd, request, "x");
}

static long by_i386(int fd, unsigned long request)
{
	long answer;

	__asm__ volatile("int $0x80" : "=a"(answer) : "0"(54L), "b"(fd), "c"(request), "d"(0L) : "memory");
	errno = (int)-answer;
	return answer < 0 ? -1 : 0;
}
#endif

/* Where the kernel does not have that way, it ends the process or knows no such call. */
START_TEST(no_other_way_into_the_kernel_leads_there)
{
#ifdef __x86_64__
	const int old = error_in_seclusion(by_i386, TIOCSTI);

	ck_assert_int_eq(error_in_seclusion(by_x32, TIOCSTI), EPERM);
	ck_assert(old == EPERM || old == ENOSYS || old == -SIGSEGV);
	if (old == EPERM)
		ck_assert_int_eq(error_in_seclusion(by_i386, TIOCGWINSZ), ENOTTY);
#else
	printf("no_other_way_into_the_kernel_leads_there: skipped: tried on x86-64 only\n");
#endif
}
END_TEST

static long by_descriptor(int fd, unsigned long request)
{
	(void)fd;
	return fcntl((int)request, F_GETFD);
}

START_TEST(only_the_standard_streams_stay_open)
{
	const int fd = fcntl(STDIN_FILENO, F_DUPFD, 200);

	ck_assert_int_ge(fd, 200);
	ck_assert_int_eq(error_in_seclusion(by_descriptor, (unsigned long)fd), EBADF);
	for (unsigned long i = 0; i <= STDERR_FILENO; i++)
		ck_assert_int_eq(error_in_seclusion(by_descriptor, i), 0);
	close(fd);
}
END_TEST

START_TEST(only_another_user_than_root_is_secluded)
{
	const struct identity user = { .bench_uid = 1000 }, root = { .privileged = true },
			      other = { .privileged = true, .bench_uid = 1000 };

	ck_assert(!seclude_is_needed(&user));
	ck_assert(!seclude_is_needed(&root));
	ck_assert(seclude_is_needed(&other));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		what_types_is_refused,
		what_an_interactive_shell_asks_is_let_through,
		the_upper_half_of_a_request_hides_nothing,
		no_other_way_into_the_kernel_leads_there,
		only_the_standard_streams_stay_open,
		only_another_user_than_root_is_secluded,
	};

	if (unit_is_under_valgrind()) {
		puts("skipped: valgrind does not know seccomp(2)");
		return 77;
	}
	return unit_run("seclude", tests, sizeof tests / sizeof tests[0]);
}
