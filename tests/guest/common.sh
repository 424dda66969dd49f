# SPDX-License-Identifier: GPL-2.0-or-later
# common.sh - what the scripts that make a guest share: where things are kept, and how a missing one is named.

guest_packages="qemu-system-x86 seabios ipxe-qemu acpica-tools busybox-static cpio kmod xz-utils zstd libelf1 gcc make
	qemu-system-arm device-tree-compiler gcc-aarch64-linux-gnu"

guest_cache() {
	echo "${STABLEBENCH_GUEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/stablebench}/guest"
}

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

# apt_for ARCHITECTURE DIR: sets apt_options, for apt to act as on a machine of that architecture on which nothing is
# installed, with the sources of this one. What it fetches is left in DIR/cache/archives.
apt_for() {
	mkdir -p "$2/lists/partial" "$2/cache/archives/partial" || skip "cannot make '$2'"
	: >"$2/status"
	# apt's own sandbox user could not write into a cache below somebody's home
	apt_options="-o APT::Sandbox::User=root -o Debug::NoLocking=1 -o APT::Architecture=$1 -o APT::Architectures=$1
		-o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o Dir::State::status=$2/status -o Dir::Cache=$2/cache"
	[ "$1" != "$(dpkg --print-architecture)" ] || return 0
	apt_options="$apt_options -o Dir::State::lists=$2/lists"
	# shellcheck disable=SC2086 # a list of options
	apt-get $apt_options update -qq >&2 || skip "apt-get cannot reach the packages of $1; is there a network?"
}

# debian_root ARCHITECTURE: prints where that small Debian lies, fetched by the first who asks (fetch-root). One of
# another architecture than amd64 also holds what cross-build needs: the libraries that debian/control names.
debian_root() {
	packages=
	[ "$1" = amd64 ] || packages="libc6-dev $(sed -n '/^Build-Depends:/,/^$/ { /nocheck/d; s/^ \([a-z0-9.+-]*-dev\)\>.*/\1/p }' \
		"$here/../../debian/control")"
	place=$(guest_cache)/debian-$1-$({ cat "$here/fetch-root" && echo "$packages"; } | cksum | cut -d ' ' -f 1)
	need_program flock
	mkdir -p "$place" 2>/dev/null || skip "cannot make '$place'; set STABLEBENCH_GUEST_CACHE"
	exec 8>"$place/lock"
	flock 8
	if [ ! -s "$place/release" ]; then
		# shellcheck disable=SC2086 # a list of package names
		"$here/fetch-root" "$1" "$place" $packages >&2 || exit
		# of other versions of that script and list: what nobody has asked for in a week
		find "$(guest_cache)" -maxdepth 1 -name "debian-$1-*" -mtime +7 -exec rm -rf {} +
	fi
	touch "$place"
	exec 8>&-
	echo "$place/root"
}

# The new file appears complete or not at all, also when two test runs make it at once.
make_file() {
	target=$1
	shift
	"$@" "$target.$$" && mv -f "$target.$$" "$target" && return
	rm -f "$target.$$"
	return 1
}
