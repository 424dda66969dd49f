/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about witness: what a thread may know of itself is read around a sample, and only what is wanted. */
#include "witness.h"

#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "unit.h"

static uint64_t cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

static void burn(uint64_t ns)
{
	const uint64_t end = cpu_ns() + ns;

	while (cpu_ns() < end)
		;
}

static void sleep_a_little(uint64_t ns)
{
	nanosleep(&(struct timespec){ .tv_nsec = (long)ns }, NULL);
}

/* What the witnesses of a request say of something that takes a while. */
static struct sb_wire_sample witnessed(const struct sb_wire_request *request, void (*body)(uint64_t ns),
				       uint64_t ns)
{
	struct sb_wire_sample sample = { 0 };
	struct sb_reading before = { 0 }, after = { 0 };
	struct sb_witness witness;

	sb_witness_open(&witness, request, SB_WIRE_WITNESS_FD);
	sb_witness_before(&witness, &before);
	body(ns);
	sb_witness_after(&witness, &after);
	sb_witness_close(&witness);
	sb_witness_compare(&before, &after, &sample);
	return sample;
}

START_TEST(cpu_time_is_that_of_the_thread)
{
	const struct sb_wire_request request = { .witnesses = 0 };
	struct sb_wire_sample sample = witnessed(&request, burn, 3000000);

	ck_assert_uint_ge(sample.cpu_ns, 3000000);
	ck_assert_uint_gt(sample.begin_ns, 0);
	sample = witnessed(&request, sleep_a_little, 20000000);
	ck_assert_uint_lt(sample.cpu_ns, 20000000);
	ck_assert_uint_ge(sample.voluntary_switches, 1);
}
END_TEST

static bool kernel_keeps_waits(void)
{
	FILE *file = fopen("/proc/thread-self/schedstat", "re");
	unsigned long long run = 0, wait = 0;
	bool has_both = file && fscanf(file, "%llu %llu", &run, &wait) == 2 && run > 0;

	if (file)
		fclose(file);
	return has_both;
}

/* Beside another that never sleeps, on one CPU. */
static struct sb_wire_sample witnessed_beside(const struct sb_wire_request *request, void (*body)(uint64_t))
{
	struct sb_wire_sample sample;
	cpu_set_t one, all;
	int status;
	pid_t other;

	sched_getaffinity(0, sizeof all, &all);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
	other = fork();
	if (other == 0) {
		burn(1000000000);
		_exit(0);
	}
	sample = witnessed(request, body, 60000000);
	ck_assert_int_eq(kill(other, SIGKILL), 0);
	waitpid(other, &status, 0);
	sched_setaffinity(0, sizeof all, &all);
	return sample;
}

START_TEST(waiting_for_the_cpu_is_seen)
{
	const struct sb_wire_request request = { .witnesses = 0 };
	struct sb_wire_sample sample;

	if (!kernel_keeps_waits()) {
		puts("the kernel keeps no scheduling statistics: waits are not looked for");
		return;
	}
	sample = witnessed_beside(&request, burn);
	ck_assert_uint_gt(sample.wait_ns, 0);
	ck_assert_uint_gt(sample.involuntary_switches, 0);
	ck_assert(wire_sample_causes(&request, &sample, sample.cpu) & SB_WIRE_CAUSE_WAITED);
}
END_TEST

/* The memory of thefts, as the kernel's programs would write it. */
static struct sb_wire_theft_slot *slots;

static uint32_t open_slots(void)
{
	const uint32_t cpus = (uint32_t)sysconf(_SC_NPROCESSORS_CONF);
	const int memory = memfd_create("thefts", MFD_CLOEXEC);

	ck_assert_int_eq(ftruncate(memory, (off_t)(cpus * sizeof *slots)), 0);
	ck_assert_int_eq(dup2(memory, SB_WIRE_THEFT_FD), SB_WIRE_THEFT_FD);
	slots = mmap(NULL, cpus * sizeof *slots, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	ck_assert_ptr_ne(slots, MAP_FAILED);
	return cpus;
}

static void burn_and_lose_once(uint64_t ns)
{
	burn(ns);
	slots[sched_getcpu()].own_switches++;
}

static void burn_and_lose_often(uint64_t ns)
{
	burn(ns);
	slots[sched_getcpu()].own_switches += 1000000;
}

START_TEST(switches_to_one_s_own_are_some_of_those_that_were)
{
	const struct sb_wire_request request = { .theft_cpus = open_slots() };
	struct sb_wire_sample sample = witnessed_beside(&request, burn);

	ck_assert_uint_gt(sample.involuntary_switches, 1);
	ck_assert_uint_eq(sample.own_switches, 0);
	sample = witnessed_beside(&request, burn_and_lose_once);
	ck_assert_uint_gt(sample.involuntary_switches, 1);
	ck_assert_uint_eq(sample.own_switches, 1);
	sample = witnessed_beside(&request, burn_and_lose_often);
	ck_assert_uint_eq(sample.own_switches, sample.involuntary_switches);
}
END_TEST

/* Page faults and CPU time at the places of a group of two witnesses. False where the kernel allows none. */
static bool open_group(bool is_enabled)
{
	struct perf_event_attr attr = { .size = sizeof attr,
					.type = PERF_TYPE_SOFTWARE,
					.config = PERF_COUNT_SW_PAGE_FAULTS_MIN,
					.disabled = 1,
					.exclude_kernel = 1,
					.exclude_hv = 1,
					.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
						       PERF_FORMAT_TOTAL_TIME_RUNNING };
	const int leader = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	if (leader < 0) {
		puts("the kernel allows no events: a group of witnesses is not looked at");
		return false;
	}
	ck_assert_int_eq(dup2(leader, SB_WIRE_WITNESS_FD), SB_WIRE_WITNESS_FD);
	attr.config = PERF_COUNT_SW_TASK_CLOCK;
	attr.disabled = 0;
	const int member = (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, 0);
	ck_assert_int_eq(dup2(member, SB_WIRE_MEMBER_FD), SB_WIRE_MEMBER_FD);
	return !is_enabled || ioctl(SB_WIRE_WITNESS_FD, PERF_EVENT_IOC_ENABLE, 0) == 0;
}

static void fault(uint64_t pages)
{
	char *fresh = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(fresh, pages * 4096, MADV_NOHUGEPAGE);
	for (uint64_t i = 0; i < pages; i++)
		*(volatile char *)(fresh + i * 4096) = 1;
	munmap(fresh, pages * 4096);
}

START_TEST(a_group_of_witnesses_tells_its_differences_and_makes_the_thread_s_own_needless)
{
	const struct sb_wire_request request = { .witnesses = 2 };
	struct sb_wire_sample sample;

	if (!open_group(true))
		return;
	fault(100);
	sample = witnessed(&request, fault, 37);
	ck_assert_uint_ge(sample.witnesses[0], 37);
	ck_assert_uint_lt(sample.witnesses[0], 37 + 20);
	ck_assert_uint_gt(sample.witnesses[1], 0);
	ck_assert_uint_eq(sample.witnesses[2], 0);
	ck_assert_uint_eq(sample.cpu_ns, 0);
}
END_TEST

START_TEST(a_group_that_stands_still_is_none)
{
	const struct sb_wire_request request = { .witnesses = 2 };
	struct sb_wire_sample sample;

	if (!open_group(false))
		return;
	sample = witnessed(&request, burn, 3000000);
	ck_assert_uint_eq(sample.witnesses[0], 0);
	ck_assert_uint_ge(sample.cpu_ns, 3000000);
}
END_TEST

START_TEST(none_are_read_where_none_are_wanted)
{
	const struct sb_wire_request none = { .unwitnessed = 1 };
	struct sb_wire_sample sample = witnessed(NULL, sleep_a_little, 1000);

	ck_assert_uint_eq(sample.cpu_ns, 0);
	ck_assert_uint_ge(sample.voluntary_switches, 1);
	sample = witnessed(&none, sleep_a_little, 1000);
	ck_assert_uint_eq(sample.begin_ns, 0);
	ck_assert_uint_eq(sample.cpu_ns, 0);
	ck_assert_uint_eq(sample.voluntary_switches, 0);
}
END_TEST

START_TEST(what_a_child_worked_is_no_work_of_the_thread)
{
	const uint64_t before = sb_witness_others_ns(0);
	const pid_t child = fork();

	if (child == 0) {
		burn(20000000);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	ck_assert_uint_ge(sb_witness_others_ns(before), 19000000);
	const uint64_t later = sb_witness_others_ns(0);
	burn(20000000);
	ck_assert_uint_lt(sb_witness_others_ns(later), 1000000);
}
END_TEST

/* The body may have closed a descriptor that is not its own. */
START_TEST(a_lost_descriptor_is_no_wait)
{
	struct sb_wire_sample sample = { 0 };
	struct sb_reading before = { 0 }, after = { 0 };
	struct sb_witness witness;

	sb_witness_open(&witness, &(struct sb_wire_request){ 0 }, -1);
	sb_witness_before(&witness, &before);
	close(witness.schedstat);
	sb_witness_after(&witness, &after);
	sb_witness_compare(&before, &after, &sample);
	ck_assert_uint_eq(sample.wait_ns, 0);
	witness.schedstat = -1;
	sb_witness_close(&witness);
}
END_TEST

UNIT_MAIN("lib/witness", cpu_time_is_that_of_the_thread, waiting_for_the_cpu_is_seen,
	  switches_to_one_s_own_are_some_of_those_that_were,
	  a_group_of_witnesses_tells_its_differences_and_makes_the_thread_s_own_needless,
	  what_a_child_worked_is_no_work_of_the_thread, a_group_that_stands_still_is_none,
	  none_are_read_where_none_are_wanted, a_lost_descriptor_is_no_wait)
