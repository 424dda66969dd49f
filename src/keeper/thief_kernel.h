/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thief_kernel.h - the little of the kernel's types that thief.bpf.c looks at.
 *
 * Instead of a vmlinux.h made from the kernel of the build machine, which may publish no types at all: where
 * a field stands is found when the program is loaded, by the types of the kernel that runs (CO-RE,
 * Documentation/bpf/libbpf), so only names count here, and order and what lies between do not.
 */
#ifndef KEEPER_THIEF_KERNEL_H
#define KEEPER_THIEF_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* what bpf/bpf_helper_defs.h is written in */
typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef int32_t __s32;
typedef int64_t __s64;
typedef uint16_t __be16;
typedef uint32_t __be32;
typedef uint32_t __wsum;

/* of linux/bpf.h, which needs the headers of one processor */
enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2 };
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_MMAPABLE = 1 << 10 };

enum { TASK_DEAD = 0x80 }; /* of linux/sched.h, since Linux 4.14 */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live; /* threads of a process that have not begun to end */
};

struct task_struct {
	int pid, tgid;
	unsigned int __state; /* since Linux 5.14 */
	struct signal_struct *signal;
	char comm[16];
};

struct task_struct___before_5_14 {
	long state;
};

struct irqaction {
	const char *name;
};

#pragma clang attribute pop

#endif
