/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtual.c - guests and containers; see virtual.h. */
#include "host/virtual.h"

#include <stdio.h>
#include <string.h>
#include "host/cpuinfo.h"

#define DMI "sys/class/dmi/id/"

/* What firmware tables of virtual machines say; the order is that of asking. */
static const struct {
	const char *path;
	const char *part;
	const char *name;
} firmwares[] = {
	{ DMI "sys_vendor", "QEMU", "QEMU" },
	{ DMI "sys_vendor", "VMware", "VMware" },
	{ DMI "sys_vendor", "innotek", "VirtualBox" },
	{ DMI "sys_vendor", "Xen", "Xen" },
	{ DMI "sys_vendor", "Parallels", "Parallels" },
	{ DMI "sys_vendor", "Google", "Google Compute Engine" },
	{ DMI "sys_vendor", "Amazon EC2", "Amazon EC2" },
	{ DMI "sys_vendor", "DigitalOcean", "DigitalOcean" },
	{ DMI "sys_vendor", "Hetzner", "Hetzner" },
	{ DMI "product_name", "Virtual Machine", "Hyper-V" },
	{ DMI "product_name", "KVM", "KVM" },
	{ DMI "bios_vendor", "EDK II", "an EDK II guest" },
	{ "proc/device-tree/hypervisor/compatible", "", "a device-tree guest" },
	{ "proc/device-tree/compatible", "linux,dummy-virt", "QEMU virt" },
};

static const char *firmware_name(const struct path_root *root)
{
	char text[256];

	for (size_t i = 0; i < sizeof firmwares / sizeof firmwares[0]; i++)
		if (path_read(root, firmwares[i].path, text, sizeof text, NULL) >= 0 &&
		    strstr(text, firmwares[i].part))
			return firmwares[i].name;
	return NULL;
}

/* EC2 and other clouds sell bare machines under the same vendor name: on x86 the CPU flag decides. */
const char *virtual_hypervisor(const struct path_root *root, char *text, size_t size)
{
	const char *name = firmware_name(root);
	char type[64], cpuinfo[CPUINFO_SIZE];

	cpuinfo_read(root, cpuinfo);
	if (path_read(root, "sys/hypervisor/type", type, sizeof type, NULL) > 0)
		snprintf(text, size, "%s", type);
	else if (cpuinfo_has_flag(cpuinfo, "hypervisor"))
		snprintf(text, size, "%s", name ? name : "a hypervisor that hides its name");
	else if (cpuinfo_has_flag(cpuinfo, "tsc"))
		snprintf(text, size, "none");
	else if (name)
		snprintf(text, size, "%s", name);
	else
		return NULL;
	return text;
}

bool virtual_is_guest(const struct path_root *root)
{
	char name[128];

	return virtual_hypervisor(root, name, sizeof name) && strcmp(name, "none") != 0;
}

const char *virtual_container(const struct path_root *root, char *text, size_t size)
{
	if (path_read(root, "run/systemd/container", text, size, NULL) > 0)
		return text;
	if (path_exists(root, ".dockerenv"))
		snprintf(text, size, "docker");
	else if (path_exists(root, "run/.containerenv"))
		snprintf(text, size, "podman");
	else if (path_exists(root, "proc/vz") && !path_exists(root, "proc/bc"))
		snprintf(text, size, "openvz");
	else
		snprintf(text, size, "none");
	return text;
}
