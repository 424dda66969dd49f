/* SPDX-License-Identifier: MIT */
/* counter.c - see counter.h. Reading without a system call follows the comments of struct
 * perf_event_mmap_page in linux/perf_event.h. */
#include "counter.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "clock.h"

#define ALIVE_PATIENCE_NS 20000000 /* longer than any tick: the kernel's clock may be that coarse */

/* --- by system call ------------------------------------------------------------------------------------- */

bool sb_group_read(int leader, struct sb_group *group)
{
	return read(leader, group, sizeof *group) > 0;
}

/* The first words are count and time of a group, or value and time of an event that is read by itself. */
bool sb_group_is_alive(int leader)
{
	const uint64_t deadline = sb_clock_monotonic_ns() + ALIVE_PATIENCE_NS;
	struct sb_group first = { 0 }, second = { 0 };

	if (!sb_group_read(leader, &first))
		return false;
	do
		if (!sb_group_read(leader, &second))
			return false;
	while (second.enabled == first.enabled && sb_clock_monotonic_ns() < deadline);
	return second.enabled != first.enabled;
}

static bool read_group(struct sb_counters *counters, struct sb_count *count)
{
	struct sb_group group;

	count->is_lost = !sb_group_read(counters->fds[0], &group);
	if (count->is_lost)
		return false;
	for (uint32_t i = 0; i < counters->count; i++)
		count->values[i] = group.values[i];
	count->enabled = group.enabled;
	count->running = group.running;
	return false;
}

/* An event that follows threads and children: its value, then its times. */
static bool read_each(struct sb_counters *counters, struct sb_count *count)
{
	uint64_t words[3];

	*count = (struct sb_count){ 0 };
	for (uint32_t i = 0; i < counters->count; i++) {
		if (read(counters->fds[i], words, sizeof words) != sizeof words) {
			count->is_lost = true;
			return false;
		}
		count->values[i] = words[0];
		count->enabled += words[1];
		count->running += words[2];
	}
	return false;
}

/* --- by instruction ---------------------------------------------------------------------------------------
 */

#if defined(__x86_64__)
#define INDEX_LAST UINT32_MAX

/* What was begun before is not to be counted in the sample. */
static inline void wait_for_all(void)
{
	__asm__ volatile("lfence" : : : "memory");
}

static inline uint64_t hardware_read(uint32_t index)
{
	uint32_t low, high;

	__asm__ volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(index - 1) : "memory");
	return (uint64_t)high << 32 | low;
}
#elif defined(__aarch64__)
#define INDEX_LAST   32
#define INDEX_CYCLES 32

static inline void wait_for_all(void)
{
	__asm__ volatile("isb" : : : "memory");
}

/* The register's number is part of the instruction. */
#define READ_(register_)                                                                                     \
	case register_ + 1:                                                                                  \
		__asm__ volatile("mrs %0, pmevcntr" #register_ "_el0" : "=r"(value) : : "memory");           \
		break;

static inline uint64_t hardware_read(uint32_t index)
{
	uint64_t value = 0;

	// clang-format off
	switch (index) {
	case INDEX_CYCLES:
		__asm__ volatile("mrs %0, pmccntr_el0" : "=r"(value) : : "memory");
		break;
	READ_(0) READ_(1) READ_(2) READ_(3) READ_(4) READ_(5) READ_(6) READ_(7) READ_(8) READ_(9) READ_(10)
	READ_(11) READ_(12) READ_(13) READ_(14) READ_(15) READ_(16) READ_(17) READ_(18) READ_(19) READ_(20)
	READ_(21) READ_(22) READ_(23) READ_(24) READ_(25) READ_(26) READ_(27) READ_(28) READ_(29) READ_(30)
	}
	// clang-format on
	return value;
}
#endif

#ifdef INDEX_LAST
/* The counter has `width` bits; what it holds beyond the kernel's own sum is a signed difference. */
static inline uint64_t extended(uint64_t value, unsigned width)
{
	return width == 0 || width >= 64 ? value
					 : (uint64_t)((int64_t)(value << (64 - width)) >> (64 - width));
}

/* Index 0: not on the PMU. The kernel moves `lock` whenever it changes the rest, as when the thread was
 * interrupted between two of these reads. */
static inline bool read_page(const volatile struct perf_event_mmap_page *page, uint64_t *value,
			     uint32_t *lock)
{
	uint32_t index;

	do {
		*lock = page->lock;
		__asm__ volatile("" : : : "memory");
		index = page->index;
		*value = (uint64_t)page->offset;
		if (index != 0)
			*value += extended(hardware_read(index), page->pmc_width);
		__asm__ volatile("" : : : "memory");
	} while (page->lock != *lock);
	return index != 0;
}

/* Whole turns of a counter: what the kernel takes from the sum is at times a counter's value with its sign
 * and at times without (hw.prev_count after an update, drivers/perf/arm_pmu.c), which a page does not tell
 * apart. The kernel's own reading does, and holds for as long as the page stays as it is. */
static void learn_shifts(struct sb_counters *counters, const struct sb_count *count)
{
	struct sb_group group;

	if (!sb_group_read(counters->fds[0], &group))
		return;
	for (uint32_t i = 0; i < counters->count; i++) {
		const unsigned width = counters->pages[i]->pmc_width;
		const int64_t apart = (int64_t)(group.values[i] - count->values[i]);

		counters->locks[i] = count->locks[i];
		counters->shifts[i] = 0;
		if (width != 0 && width < 63)
			counters->shifts[i] = (uint64_t)((apart + (INT64_C(1) << (width - 1))) >> width)
					      << width;
	}
}

static bool read_pages(struct sb_counters *counters, struct sb_count *count)
{
	bool is_there = true, is_known = true;

	wait_for_all();
	for (uint32_t i = 0; i < counters->count; i++) {
		is_there &= read_page(counters->pages[i], &count->values[i], &count->locks[i]);
		is_known &= count->locks[i] == counters->locks[i];
	}
	count->enabled = counters->pages[0]->time_enabled;
	count->running = counters->pages[0]->time_running;
	count->is_lost = !is_there;
	if (is_there && !is_known)
		learn_shifts(counters, count);
	for (uint32_t i = 0; i < counters->count; i++)
		count->values[i] += counters->shifts[i];
	return is_there && !is_known;
}

static bool can_read(const volatile struct perf_event_mmap_page *page)
{
	return page->cap_user_rdpmc && page->index != 0 && page->index <= INDEX_LAST;
}

/* All of them, since a launch's counters are read one way. What stays mapped of others costs nothing. */
static bool map_pages(struct sb_counters *counters)
{
	const size_t size = (size_t)sysconf(_SC_PAGESIZE);

	for (uint32_t i = 0; i < counters->count; i++) {
		void *page = mmap(NULL, size, PROT_READ, MAP_SHARED, counters->fds[i], 0);

		if (page == MAP_FAILED)
			return false;
		counters->pages[i] = page;
		counters->locks[i] = 1; /* odd while the kernel writes, so no reading is of it */
		if (!can_read(page))
			return false;
	}
	return true;
}
#endif

/* --- the best of them -------------------------------------------------------------------------------------
 */

/* The place of event i, of the counters' first. */
static int place_of(const struct sb_wire_request *request, uint32_t i)
{
	if (i < request->counters)
		return SB_WIRE_COUNTER_FD + (int)i;
	i -= request->counters;
	return i == 0 ? SB_WIRE_WITNESS_FD : SB_WIRE_MEMBER_FD + (int)i - 1;
}

uint64_t sb_events_at_places(const struct sb_wire_request *request)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < request->counters + request->witnesses; i++) {
		uint64_t id = 0;

		if (ioctl(place_of(request, i), PERF_EVENT_IOC_ID, &id) != 0)
			id = 0;
		sum = sum * 31 + id;
	}
	return sum;
}

static void keep_from_children(const struct sb_wire_request *request)
{
	for (uint32_t i = 0; i < request->counters + request->witnesses; i++)
		fcntl(place_of(request, i), F_SETFD, FD_CLOEXEC);
	if (request->by_thread)
		fcntl(SB_WIRE_TEAM_FD, F_SETFD, FD_CLOEXEC);
}

void sb_counters_use(struct sb_counters *counters, const struct sb_wire_request *request, const int *fds)
{
	*counters = (struct sb_counters){ .by = SB_WIRE_READ_NONE };
	if (request->counters == 0 || !sb_group_is_alive(fds[0]))
		return;
	for (uint32_t i = 0; i < request->counters; i++)
		counters->fds[i] = fds[i];
	counters->count = request->counters;
	counters->by = SB_WIRE_READ_CALL;
	counters->read = request->is_summed ? read_each : read_group;
#ifdef INDEX_LAST
	if (!request->is_summed && map_pages(counters)) {
		counters->by = SB_WIRE_READ_USER;
		counters->read = read_pages;
	}
#endif
}

void sb_counters_open(struct sb_counters *counters, const struct sb_wire_request *request)
{
	int fds[SB_WIRE_COUNTERS_MAX];

	keep_from_children(request);
	for (int i = 0; i < SB_WIRE_COUNTERS_MAX; i++)
		fds[i] = SB_WIRE_COUNTER_FD + i;
	sb_counters_use(counters, request, fds);
}

/* The times of a page are those of the kernel's last change to it, so only how far they lie apart is equal
 * on both sides of a sample. */
static bool was_counting(const struct sb_counters *counters, const struct sb_count *before,
			 const struct sb_count *after)
{
	if (before->is_lost || after->is_lost)
		return false;
	if (counters->by == SB_WIRE_READ_CALL && after->enabled == before->enabled)
		return false;
	if (after->enabled - before->enabled != after->running - before->running)
		return false;
	for (uint32_t i = 0; i < counters->count; i++)
		if ((int64_t)(after->values[i] - before->values[i]) < 0) /* somebody has reset it */
			return false;
	return true;
}

void sb_counters_compare(const struct sb_counters *counters, const struct sb_count *before,
			 const struct sb_count *after, struct sb_wire_sample *sample)
{
	if (!was_counting(counters, before, after)) {
		sample->flags |= SB_WIRE_SAMPLE_UNCOUNTED;
		return;
	}
	for (uint32_t i = 0; i < counters->count; i++)
		sample->counters[i] = after->values[i] - before->values[i];
}
