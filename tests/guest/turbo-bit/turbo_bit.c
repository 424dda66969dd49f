/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * turbo_bit.c - claims the CPU feature "ida" (Intel turbo), which QEMU's processors do not offer without KVM,
 * so that acpi-cpufreq, loaded after it, has a boost file. Only for test guests: from kernel 6.15 on the boot
 * parameter setcpuid=ida does the same.
 */
#include <linux/module.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>

static int __init turbo_bit_init(void)
{
	int cpu;

	set_cpu_cap(&boot_cpu_data, X86_FEATURE_IDA);
	for_each_present_cpu(cpu) set_cpu_cap(&cpu_data(cpu), X86_FEATURE_IDA);
	return 0;
}
module_init(turbo_bit_init);
MODULE_DESCRIPTION("claims CPU feature ida in a test guest");
MODULE_LICENSE("GPL");
