# SPDX-License-Identifier: GPL-2.0-or-later
# common.sh - what the scripts that make a guest share: where things are kept, and how a missing one is named.

guest_packages="qemu-system-x86 seabios ipxe-qemu acpica-tools busybox-static cpio kmod xz-utils zstd libelf1 gcc make"

guest_cache() {
	echo "${STABLEBENCH_GUEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/stablebench}/guest"
}

# apt's own sandbox user could not write into a cache below somebody's home
apt_options="-o APT::Sandbox::User=root -o APT::Architecture=amd64 -o Acquire::Retries=1 -o Acquire::http::Timeout=15"

skip() {
	echo "skipped: $*" >&2
	exit 77
}

need_program() {
	for program in "$@"; do
		command -v "$program" >/dev/null || [ -x "/sbin/$program" ] || [ -x "/usr/sbin/$program" ] ||
			skip "'$program' is not installed; apt-get install --no-install-recommends $guest_packages"
	done
}

# The new file appears complete or not at all, also when two test runs make it at once.
make_file() {
	target=$1
	shift
	"$@" "$target.$$" && mv -f "$target.$$" "$target" && return
	rm -f "$target.$$"
	return 1
}
