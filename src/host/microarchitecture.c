/* SPDX-License-Identifier: GPL-2.0-or-later */
/* microarchitecture.c - see microarchitecture.h. */
#include "host/microarchitecture.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/cpuinfo.h"
#include "host/field.h"

#define MODELS	8
#define ARM_LTD 0x41
#define AMPERE	0xc0
#define ANY	0xffff

/* One processor: as vendor, family and model say (x86), or implementer, part, variant and revision (Arm). */
struct identity {
	char vendor[32];
	unsigned family, models[MODELS][2]; /* ranges; a zeroed one, after the first, ends them */
};

struct row {
	struct identity identity;
	const char *pmu; /* of the small cores of a hybrid processor; NULL: any other */
	struct microarchitecture is;
};

/* Of Arm: every variant and revision of a part; 0xd4903 is r0p3 of 0xd49. */
#define PART(part)                                                                                           \
	{                                                                                                    \
		(part) << 8, (part) << 8 | 0xff                                                              \
	}
#define ANY_PART 0xfffff

#define INTEL	 "GenuineIntel", 6
#define AMD	 "AuthenticAMD"
#define ONE(model)                                                                                           \
	{                                                                                                    \
		model, model                                                                                 \
	}

/* Models after arch/x86/include/asm/intel-family.h and libpfm4's lib/pfmlib_*.c; families of AMD after
 * arch/x86/kernel/cpu/amd.c; Arm parts after arch/arm64/include/asm/cputype.h. A row stands before those it
 * is an exception from. Where libpfm4 may be too old for a processor, the table of an older one with the same
 * codes follows. */
/* clang-format off */
static const struct row rows[] = {
	{ { INTEL, { ONE(0x97), ONE(0x9a), ONE(0xb7), ONE(0xba), ONE(0xbf), ONE(0xbe) } }, "cpu_atom", { MICROARCHITECTURE_GRT, "Intel Gracemont", { "adl_grt" }, 5 } },
	{ { INTEL, { ONE(0xaa), ONE(0xac), ONE(0xb5), ONE(0xc5), ONE(0xc6), ONE(0xbd) } }, "cpu_atom", { MICROARCHITECTURE_GENERIC, "an Intel small core", { NULL }, 0 } },
	{ { INTEL, { ONE(0xaa), ONE(0xac), ONE(0xb5), ONE(0xc5), ONE(0xc6), ONE(0xbd) } }, "cpu_lowpower", { MICROARCHITECTURE_GENERIC, "an Intel small core", { NULL }, 0 } },
	{ { INTEL, { ONE(0x3c), ONE(0x45), ONE(0x46) } }, NULL, { MICROARCHITECTURE_HSW, "Intel Haswell", { "hsw" }, 4 } },
	{ { INTEL, { ONE(0x3f) } }, NULL, { MICROARCHITECTURE_HSW, "Intel Haswell EP", { "hsw_ep", "hsw" }, 4 } },
	{ { INTEL, { ONE(0x3d), ONE(0x47) } }, NULL, { MICROARCHITECTURE_HSW, "Intel Broadwell", { "bdw" }, 4 } },
	{ { INTEL, { ONE(0x4f), ONE(0x56) } }, NULL, { MICROARCHITECTURE_HSW, "Intel Broadwell EP", { "bdw_ep", "bdw" }, 4 } },
	{ { INTEL, { ONE(0x4e), ONE(0x5e), ONE(0x8e), ONE(0x9e), ONE(0xa5), ONE(0xa6) } }, NULL, { MICROARCHITECTURE_SKL, "Intel Skylake", { "skl" }, 4 } },
	{ { INTEL, { ONE(0x55) } }, NULL, { MICROARCHITECTURE_SKL, "Intel Skylake X or Cascade Lake X", { "skx", "clx" }, 4 } },
	{ { INTEL, { ONE(0x7d), ONE(0x7e), ONE(0x8c), ONE(0x8d), ONE(0xa7) } }, NULL, { MICROARCHITECTURE_ICL, "Intel Ice Lake", { "icl" }, 5 } },
	{ { INTEL, { ONE(0x6a), ONE(0x6c) } }, NULL, { MICROARCHITECTURE_ICL, "Intel Ice Lake X", { "icx", "icl" }, 5 } },
	{ { INTEL, { ONE(0x8f) } }, NULL, { MICROARCHITECTURE_SPR, "Intel Sapphire Rapids", { "spr" }, 6 } },
	{ { INTEL, { ONE(0xcf) } }, NULL, { MICROARCHITECTURE_SPR, "Intel Emerald Rapids", { "emr", "spr" }, 6 } },
	{ { INTEL, { ONE(0xad), ONE(0xae) } }, NULL, { MICROARCHITECTURE_SPR, "Intel Granite Rapids", { "gnr", "spr" }, 6 } },
	{ { INTEL, { ONE(0x97), ONE(0x9a), ONE(0xb7), ONE(0xba), ONE(0xbf) } }, NULL, { MICROARCHITECTURE_SPR, "Intel Golden Cove", { "adl_glc", "spr" }, 6 } },
	{ { INTEL, { ONE(0xbe) } }, NULL, { MICROARCHITECTURE_GRT, "Intel Gracemont", { "adl_grt" }, 5 } },
	{ { AMD, 0x17, { { 0x00, 0x2f }, { 0x50, 0x5f } } }, NULL, { MICROARCHITECTURE_ZEN1, "AMD Zen", { "amd64_fam17h_zen1" }, 0 } },
	{ { AMD, 0x17, { { 0x30, 0xff } } }, NULL, { MICROARCHITECTURE_ZEN2, "AMD Zen 2", { "amd64_fam17h_zen2" }, 0 } },
	{ { "HygonGenuine", 0x18, { { 0x00, 0xff } } }, NULL, { MICROARCHITECTURE_ZEN1, "Hygon Dhyana", { "amd64_fam17h_zen1" }, 0 } },
	{ { AMD, 0x19, { { 0x10, 0x1f }, { 0x60, 0xaf } } }, NULL, { MICROARCHITECTURE_ZEN4, "AMD Zen 4", { "amd64_fam19h_zen4" }, 6 } },
	{ { AMD, 0x19, { { 0x00, 0xff } } }, NULL, { MICROARCHITECTURE_ZEN3, "AMD Zen 3", { "amd64_fam19h_zen3" }, 0 } },
	{ { AMD, 0x1a, { { 0x00, 0xff } } }, NULL, { MICROARCHITECTURE_ZEN5, "AMD Zen 5", { "amd64_fam1ah_zen5" }, 8 } },
	{ { "arm", ARM_LTD, { PART(0xd0c) } }, NULL, { MICROARCHITECTURE_ARM, "Arm Neoverse N1", { "arm_n1" }, 0 } },
	{ { "arm", ARM_LTD, { { 0xd4900, 0xd4902 } } }, NULL, { MICROARCHITECTURE_NEOVERSE_N2, "Arm Neoverse N2 before r0p3", { "arm_n2" }, 5 } },
	{ { "arm", ARM_LTD, { PART(0xd49) } }, NULL, { MICROARCHITECTURE_NEOVERSE_V2, "Arm Neoverse N2", { "arm_n2" }, 5 } },
	{ { "arm", ARM_LTD, { PART(0xd40) } }, NULL, { MICROARCHITECTURE_NEOVERSE_V1, "Arm Neoverse V1", { "arm_v1" }, 8 } },
	{ { "arm", ARM_LTD, { PART(0xd4f) } }, NULL, { MICROARCHITECTURE_NEOVERSE_V2, "Arm Neoverse V2", { "arm_v2" }, 8 } },
	{ { "arm", ARM_LTD, { PART(0xd03) } }, NULL, { MICROARCHITECTURE_ARM, "Arm Cortex-A53", { "arm_ac53" }, 0 } },
	{ { "arm", ARM_LTD, { PART(0xd07) } }, NULL, { MICROARCHITECTURE_ARM, "Arm Cortex-A57", { "arm_ac57" }, 0 } },
	{ { "arm", ARM_LTD, { PART(0xd08) } }, NULL, { MICROARCHITECTURE_ARM, "Arm Cortex-A72", { "arm_ac72" }, 0 } },
	{ { "arm", ARM_LTD, { PART(0xd0b) } }, NULL, { MICROARCHITECTURE_ARM, "Arm Cortex-A76", { "arm_ac76" }, 0 } },
	{ { "arm", AMPERE, { PART(0xac3) } }, NULL, { MICROARCHITECTURE_ARM, "AmpereOne", { NULL }, 0 } },
	{ { "arm", ANY, { { 0, ANY_PART } } }, NULL, { MICROARCHITECTURE_ARM, "an Arm core", { NULL }, 0 } },
};
/* clang-format on */

static const struct microarchitecture unknown = { MICROARCHITECTURE_GENERIC, "this processor", { NULL }, 0 };

struct found {
	char vendor[32];
	unsigned family, model;
};

static unsigned number_of(const char *text, const char *word)
{
	char value[32];

	return field_line(text, word, value, sizeof value) ? (unsigned)strtoul(value, NULL, 0) : 0;
}

static unsigned arm_model(unsigned part, unsigned variant, unsigned revision)
{
	return (part & 0xfff) << 8 | (variant & 0xf) << 4 | (revision & 0xf);
}

/* MIDR_EL1: implementer in bits 31-24, variant in 23-20, part number in 15-4, revision in 3-0 (Arm
 * architecture, D19). */
static bool read_midr(const struct path_root *root, unsigned cpu, struct found *found)
{
	char path[96], text[32];
	unsigned midr;

	snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%u/regs/identification/midr_el1", cpu);
	if (path_read(root, path, text, sizeof text, NULL) < 0)
		return false;
	midr = (unsigned)strtoul(text, NULL, 16);
	*found = (struct found){ "arm", midr >> 24 & 0xff, arm_model(midr >> 4, midr >> 20, midr) };
	return true;
}

static void identify(const struct path_root *root, unsigned cpu, struct found *found)
{
	char text[CPUINFO_SIZE];

	*found = (struct found){ .vendor = "" };
	if (read_midr(root, cpu, found))
		return;
	cpuinfo_read(root, text);
	if (field_line(text, "vendor_id", found->vendor, sizeof found->vendor)) {
		found->family = number_of(text, "cpu family");
		found->model = number_of(text, "model");
		return;
	}
	found->family = number_of(text, "CPU implementer");
	found->model = arm_model(number_of(text, "CPU part"), number_of(text, "CPU variant"),
				 number_of(text, "CPU revision"));
	if (found->family)
		strcpy(found->vendor, "arm");
}

static bool matches(const struct identity *identity, const struct found *found)
{
	if (strcmp(identity->vendor, found->vendor) != 0 ||
	    (identity->family != ANY && identity->family != found->family))
		return false;
	for (int i = 0; i < MODELS && (i == 0 || identity->models[i][1]); i++)
		if (found->model >= identity->models[i][0] && found->model <= identity->models[i][1])
			return true;
	return false;
}

const struct microarchitecture *microarchitecture_find(const struct path_root *root, unsigned cpu,
						       const char *pmu)
{
	struct found found;

	identify(root, cpu, &found);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (matches(&rows[i].identity, &found) && (!rows[i].pmu || strcmp(rows[i].pmu, pmu) == 0))
			return &rows[i].is;
	return &unknown;
}

const struct microarchitecture *microarchitecture_get(size_t i)
{
	return i < sizeof rows / sizeof rows[0] ? &rows[i].is : NULL;
}
