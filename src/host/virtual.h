/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtual.h - whether this host is somebody's guest, by what the kernel shows; no program is started to find
 * out. */
#ifndef HOST_VIRTUAL_H
#define HOST_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include "base/path.h"

/* The hypervisor by the best name there is, "none" on bare metal. Gives text back, NULL when it cannot be
 * told. */
const char *virtual_hypervisor(const struct path_root *root, char *text, size_t size);

/* Whether it can be told, and there is one. */
bool virtual_is_guest(const struct path_root *root);

/* "docker", "podman", "lxc", ... or "none". */
const char *virtual_container(const struct path_root *root, char *text, size_t size);

#endif
