# SPDX-License-Identifier: GPL-2.0-or-later
# traced.sh - runs a program under strace and holds it to writing nothing on the host. For scripts that have sourced
# claims.sh and have a folder $work.
traced_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# "?": not every architecture has it
traced_calls=?open,openat,openat2,?creat,write,writev,pwrite64,pwritev,?mkdir,mkdirat,?rmdir,?unlink,unlinkat
traced_calls+=,?rename,?renameat,renameat2,?chmod,fchmodat,?chown,fchownat,truncate,mount

# traced COMMAND...: sets status. A leak check of program or bench would trace its process, which strace already does.
traced() {
	ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS:-} STABLEBENCH_ENV=ASAN_OPTIONS \
		strace -f -qq -y -s 64 -o "$work/trace" -e signal=none -e trace="$traced_calls" "$@" \
		>"$work/traced.out" 2>"$work/traced.err" </dev/null
	status=$?
}

nothing_written() {
	"$traced_directory/host-writes" "$work/trace"
}

# One line of each kind that must not pass.
control_is_caught() {
	local line
	while read -r line; do
		printf '1 openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY) = 3</etc/passwd>\n%s\n' "$line" >"$work/trace"
		[ "$(nothing_written)" = "$line" ] || { echo "not caught: $line"; return 1; }
	done <<-'EOF'
	1 openat(AT_FDCWD</tmp>, "/sys/devices/system/cpu/cpufreq/boost", O_WRONLY) = 3</sys/devices/system/cpu/cpufreq/boost>
	1 openat2(4</>, "proc/sys/vm/swappiness", {flags=O_RDWR|O_CLOEXEC, resolve=RESOLVE_IN_ROOT}, 24) = -1 EACCES (Permission denied)
	1 write(5</proc/irq/7/smp_affinity>, "1", 1) = 1
	1 pwrite64(5</sys/fs/cgroup/x/cgroup.procs>, "1", 1, 0) = 1
	1 mkdir("/sys/fs/cgroup/stablebench", 0755) = 0
	EOF
	echo '1 write(1, "x", 1) = 1' >"$work/trace"
	! nothing_written || { echo "a trace without any open passes"; return 1; }
}
