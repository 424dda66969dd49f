#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Configuration files in the whole program: who wins over whom, what the record says of it, and what the system may
# forbid. Its file is tried below an /etc of its own, in a mount namespace that nobody else sees.
. "$(dirname "$0")/lib.sh"
unset STABLEBENCH_NO_CONFIG STABLEBENCH_ENV
manual=$cli_directory/../../man/stablebench.conf.5
export XDG_CONFIG_HOME=$work/config
mkdir -p "$XDG_CONFIG_HOME/stablebench"

# example NUMBER: the file in that block of the manual's EXAMPLES
example() {
	sed -n '/^\.SH EXAMPLES/,/^\.SH SEE/p' "$manual" | awk -v wanted="$1" '
		/^\.EE$/ { inside = 0 }
		inside { gsub(/\\-/, "-"); print }
		/^\.EX$/ { inside = ++count == wanted }'
}

# of_user, of_system: the file of that level, from standard input
of_user() { cat >"$XDG_CONFIG_HOME/stablebench/stablebench.conf"; }
of_system() { cat >/etc/stablebench/stablebench.conf; }

option() {
	record "r['plan'].get('$1')"
}

# The claims about the system's file; this runs as root below an /etc that may be written.
check_system() {
	example 2 | of_system
	run list "$selftest"
	claim "the manual's example of a system's file is taken" exits 0
	run list --user daemon "$selftest"
	claim "where it forbids --user, that is a usage error" exits 2
	claim "that names file, line and rule" says "--user is forbidden by /etc/stablebench/stablebench.conf:[0-9]+ \(forbid-user\)"
	STABLEBENCH_ALLOW_ROOT=1 run run "${quick[@]}" "$selftest"
	claim "the environment gets round it no more" exits 2
	run list --no-config --allow-root "$selftest"
	claim "nor does --no-config" exits 2
	printf 'user = daemon\n[security]\nforbid-user = 1\n' | of_system
	run run "${quick[@]}" --exact --filter selftest/truth/recorded "$selftest"
	claim "a user whom the system's file itself names is allowed" exits 0
	claim "and runs the benches" equal daemon "$(record "r['machine']['bench_user']")"
	printf 'format = json\n' | of_system
	chmod 666 /etc/stablebench/stablebench.conf
	run list "$selftest"
	claim "a system's file that everyone may write is refused" exits 2
	claim "with what mends it" says "chown root:root '/etc/stablebench/stablebench.conf'"
	chmod 644 /etc/stablebench/stablebench.conf
	run list "$selftest"
	claim "one that is in order counts" prints '^\{$'
	echo 'format = text' | of_user
	run list "$selftest"
	claim "the user's wins over it" prints '^selftest/'
	chmod 755 "$work"
	chown -R daemon "$XDG_CONFIG_HOME"
	chmod 600 "$XDG_CONFIG_HOME/stablebench/stablebench.conf"
	SUDO_UID=$(id -u daemon) run list "$selftest"
	claim "under sudo, too, as that user" prints '^selftest/'
	echo 'allow-root = 1' | of_user
	SUDO_UID=$(id -u daemon) run list "$selftest"
	claim "but nothing that root's part needs" exits 2
	claim "and the place for it is named" says "root's part needs 'allow-root' .* put it into '/etc/stablebench/stablebench.conf'"
}

if [ "${1:-}" = --below-own-etc ]; then
	check_system
	finish
fi

example 1 | of_user
run list "$selftest"
claim "the manual's example of a user's file is taken" exits 0
printf '[run]\nlaunches = 1\nsamples = 7\nsample-time = 100us\nquiet = 1\nenv = SECRET=1\n' | of_user
STABLEBENCH_SAMPLES=6 run run --samples 5 --exact --filter selftest/truth/recorded "$selftest"
claim "a run takes its options from the user's file" exits 0
claim "the record has the launches of the file" equal 1:1 "$(option launches)"
claim "the samples of the command line" equal 5 "$(option samples)"
claim "and of a value that may be secret the name only" equal SECRET "$(option env)"
claim "a flag of the file counts" equal "" "$(cat "$work/err")"
STABLEBENCH_QUIET=0 run run --exact --filter selftest/truth/recorded "$selftest"
claim "and the environment switches it off" says "selftest/truth/recorded"
claim "the environment is not asked again where it says nothing" equal 7 "$(option samples)"
echo "presicion = 1%" | of_user
run list "$selftest"
claim "an unknown key is a usage error" exits 2
claim "with place and nearest name" says "config/stablebench/stablebench.conf:1: unknown key 'presicion'; did you mean 'precision'"
run list --help
claim "help is given all the same" exits 0
run list --no-config "$selftest"
claim "--no-config goes on without it" exits 0
echo "format = json" >"$work/other.conf"
run list --config "$work/other.conf" "$selftest"
claim "--config takes another file instead" prints '^\{$'
run list --config "$work" "$selftest"
claim "a folder is no configuration" exits 2
mkfifo "$work/fifo"
run list --config "$work/fifo" "$selftest"
claim "nor is a pipe, and nobody waits for it" exits 2
run list --config "$stablebench" "$selftest"
claim "nor is a program" exits 2
claim "whose bytes do not reach the terminal" equal "" "$(tr -d '[:print:]\n' <"$work/err")"

# what names need, and no more
own_etc() {
	mkdir -p "$work/etc/stablebench"
	cp -a /etc/alternatives /etc/passwd /etc/group /etc/nsswitch.conf /etc/ld.so.cache "$work/etc" 2>"$work/err"
	rm -f "$XDG_CONFIG_HOME/stablebench/stablebench.conf"
}
if [ "$(id -u)" != 0 ]; then
	echo "# not root: the system's file is not tried"
elif ! unshare --mount --propagation private true 2>"$work/err"; then
	echo "# no mount namespace here ($(cat "$work/err")): the system's file is not tried"
else
	own_etc
	# shellcheck disable=SC2016 # words of the inner shell
	inner=$(unshare --mount --propagation private bash -c 'mount --bind "$1" /etc && exec bash "$2" --below-own-etc' - "$work/etc" "$0")
	claim "the claims about the system's file hold" equal 0 "$?"
	echo "$inner"
	claim "they were made" matches "claims, 0 of them broken" "$inner"
fi
finish
