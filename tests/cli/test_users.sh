#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who is who: under which user the front and the benches run, what they may and what they are given. As root every
# way is gone; as a user only that user's own.
. "$(dirname "$0")/lib.sh"
unset STABLEBENCH_ENV # the environment itself is looked at
unset SUDO_UID SUDO_GID SUDO_USER
cp "$abs_top_builddir/tests/cli/bench_who" "$work/bench_who" || exit 1
chmod 755 "$work" "$work/bench_who"
"$work/bench_who" --list >/dev/null || skip "'$work' does not let programs run"

# reason CASE: what the case said of itself
reason() {
	record "next(c['reason'] for c in r['cases'] if c['name'] == 'who/$1')"
}

# who OPTION...: a run of all cases
who() {
	run run "${quick[@]}" "$@" "$work/bench_who"
}

# The same where only the numbers are asked for: nothing is measured.
who_ids() {
	who --filter ids "$@"
}

owner() {
	stat -c '%u:%g' "$1"
}

# Claims about a run that any user can make: the environment, the descriptors, the CPUs.
check_given() {
	claim "$1: the environment is the minimal one" \
		matches "^PATH=/usr/local/bin:/usr/bin:/bin;HOME=$2;USER=$3;LOGNAME=$3;LANG=C.UTF-8;$" "$(reason environment)"
	# from 4 to 24 stand the events that the bench is counted by (lib/wire.h)
	claim "$1: no descriptor but the three of every program, and its counters, is open" \
		matches '^fds 0 1 2( ([4-9]|1[0-9]|2[0-4]))*$' "$(reason descriptors)"
	claim "$1: the bench runs on the CPUs of the record" \
		equal "$(record "r['cpus']['bench']")" "$(reason cpus | sed 's/^cpus //; s/ /,/g')"
	claim "$1: it gains nothing by what it starts" matches "NoNewPrivs: 1" "$(reason powers)"
}

# A run under limits that are too small for a keeper; no file can be written, not even the record.
check_limits() {
	(
		ulimit -S -f 0 -n 16
		exec "$stablebench" run "${quick[@]}" --filter "limits|measured" "$work/bench_who" 2>&1 </dev/null
	) | cat >"$work/out"
	status=${PIPESTATUS[0]}
	claim "$1: a run under small limits ends well" equal 0 "$status" || cat "$work/out"
	claim "$1: and the benches have them as they were" prints "who/limits +skipped: files 16 size 0$"
}

without_powers="CapPrm: 0000000000000000 CapEff: 0000000000000000"

check_plain_user() {
	claim "as a user: a run ends well" exits 0
	claim "as a user: benches are that user" matches "^uid $1/$1/$1 gid $2/$2/$2 " "$(reason ids)"
	claim "as a user: the record says nothing that only root can know" equal "" "$(record "r['machine'].get('counter_users', '')")"
	claim "as a user: affinity is had" equal applied "$(outcome affinity)"
	for knob in governor boost dma-latency; do
		claim "as a user: $knob is not had, with the reason" \
			matches "^(denied|unsupported) .+" "$(outcome $knob) $(record "next(c['reason'] for c in r['conditions'] if c['knob'] == '$knob')")"
	done
}
outcome() {
	record "next(c['outcome'] for c in r['conditions'] if c['knob'] == '$1')"
}

# One number is all that such a namespace has, so nobody else can be become.
check_alone() {
	if ! unshare -rm true 2>"$work/err"; then
		echo "skipped: a container without root, since user namespaces are refused here: $(cat "$work/err")"
		return
	fi
	alone() {
		STABLEBENCH_RUN_DIR=$work/alone unshare -rm "$stablebench" "$@" >"$work/out" 2>"$work/err" </dev/null
		status=$?
	}
	mkdir -p -m 700 "$work/alone"
	alone run "${quick[@]}" --filter ids "$work/bench_who"
	claim "in a container without root: no bench becomes nobody" exits 1
	claim "in a container without root: that says what to try" \
		says "nobody else can be become, as in a container without root: --allow-root"
	alone shield -- true
	claim "in a container without root: and so does shield" exits 125
	claim "in a container without root: by the same words" says "nobody else can be become, .*: --allow-root"
	alone run "${quick[@]}" --allow-root --filter ids "$work/bench_who"
	claim "in a container without root: benches run as its root" matches "^uid 0/0/0 " "$(reason ids)"
}
check_alone

if [ "$(id -u)" != 0 ]; then
	echo "# not root: only the ways of a user are gone"
	who --profile standard
	check_plain_user "$(id -u)" "$(id -g)"
	check_given "as a user" "$HOME" "$(id -un)"
	check_limits "as a user"
	who --user nobody
	claim "as a user: --user is a usage error" exits 2
	who --allow-root
	claim "as a user: --allow-root is one too" exits 2
	finish
fi

nobody=$(id -u nobody) nobody_group=$(id -g nobody)
who
claim "root: a run ends well" exits 0
claim "root: benches are nobody" \
	equal "uid $nobody/$nobody/$nobody gid $nobody_group/$nobody_group/$nobody_group groups $(id -G nobody)" "$(reason ids)"
claim "root: benches have no powers" matches "$without_powers" "$(reason powers)"
claim "root: the record says who ran them" equal nobody "$(record "r['machine']['bench_user']")"
claim "root: the record is root's" equal 0:0 "$(owner "$XDG_STATE_HOME/stablebench/last.json")"
check_given root "$(getent passwd nobody | cut -d: -f6)" nobody
check_limits root

SECRET=hidden GIVEN=shown who --env GIVEN --env MADE=here
claim "--env passes what it names, and nothing else" matches "^GIVEN=shown;MADE=here;PATH=[^;]*;HOME=[^;]*;USER=nobody;LOGNAME=nobody;LANG=C.UTF-8;$" "$(reason environment)"

mkdir -m 700 "$work/private"
cp "$work/bench_who" "$work/private"
run run "${quick[@]}" --filter "ids|measured" "$work/private/bench_who"
claim "a bench in a folder that only root may enter runs by its descriptor" exits 0
claim "as nobody still" matches "^uid $nobody/" "$(reason ids)"

who_ids --user daemon
claim "--user: benches are that user" matches "^uid $(id -u daemon)/$(id -u daemon)/" "$(reason ids)"
who --user root
claim "--user root is refused" exits 2
claim "with what would allow it" says "--allow-root"
who_ids --allow-root
claim "--allow-root: benches are root" matches "^uid 0/0/0 gid 0/0/0 " "$(reason ids)"
claim "--allow-root: the record says so" equal root "$(record "r['machine']['bench_user']")"

# a command of another user on root's own terminal
typing='
import fcntl, termios
try:
    fcntl.ioctl(0, termios.TIOCSTI, b"x")
except OSError as error:
    print(error.errno)
'
for profile in none gentle; do
	run shield --profile $profile --user daemon -- python3 -c "$typing"
	claim "root: a command of shield types nothing, with profile $profile" equal 1 "$(cat "$work/out")"
	run shield --profile $profile --user daemon -- sh -c 'cat <&9' 9</etc/hostname
	claim "root: what root has open is closed for it, with profile $profile" matches "." "$(cat "$work/err")"
	claim "root: and gives it nothing, with profile $profile" equal "" "$(cat "$work/out")"
done
run shield --profile none --allow-root --user root -- sh -c 'cat <&9 >/dev/null' 9</etc/hostname
claim "root: a command of root's own keeps what is open" exits 0

# sudo by a user: everything of the user's is done as that user
uid=$(id -u daemon) gid=$(id -g daemon) root_state=$XDG_STATE_HOME
export SUDO_UID=$uid SUDO_GID=$gid XDG_STATE_HOME=$work/daemon
install -d -m 700 -o "$uid" -g "$gid" "$XDG_STATE_HOME"
who --json "$XDG_STATE_HOME/record.json"
claim "sudo: a run ends well" exits 0
claim "sudo: benches are the user who called" \
	equal "uid $uid/$uid/$uid gid $gid/$gid/$gid groups $(id -G daemon)" "$(reason ids)"
claim "sudo: without powers" matches "$without_powers" "$(reason powers)"
claim "sudo: the record says who" equal daemon "$(record "r['machine']['bench_user']")"
claim "sudo: the --json file is the user's" equal "$uid:$gid" "$(owner "$XDG_STATE_HOME/record.json")"
claim "sudo: so is the state" equal "$uid:$gid $uid:$gid" \
	"$(owner "$XDG_STATE_HOME/stablebench") $(owner "$XDG_STATE_HOME/stablebench/last.json")"
who --json "$work/private/record.json"
claim "sudo: where the user may not write, no record is written" exits 1
claim "sudo: with the reason" says "cannot write '$work/private/record.json': permission denied"
claim "sudo: really none" is_missing "$work/private/record.json"
run run "${quick[@]}" "$work/private/bench_who"
claim "sudo: what the user may not enter is not run" exits 1
claim "sudo: with that reason" says "cannot open '$work/private/bench_who': permission denied"
run show "$root_state/stablebench/last.json"
claim "sudo: what the user may not read is not shown" exits 1
claim "sudo: and that reason" says "permission denied"
who_ids --allow-root
claim "sudo: --allow-root makes benches root" matches "^uid 0/0/0 " "$(reason ids)"
claim "sudo: the record stays the user's" equal "$uid:$gid" "$(owner "$XDG_STATE_HOME/stablebench/last.json")"

# a number that no passwd knows, as in a container
SUDO_UID=54321 SUDO_GID=54321 who_ids
claim "sudo by a number: it may not write into the state of another" \
	says "cannot keep the last record in '$XDG_STATE_HOME/stablebench': permission denied"
claim "sudo by a number: whose record stays" equal "$uid:$gid" "$(owner "$XDG_STATE_HOME/stablebench/last.json")"
install -d -m 700 -o 54321 -g 54321 "$work/number"
SUDO_UID=54321 SUDO_GID=54321 XDG_STATE_HOME=$work/number who
claim "sudo by a number: a run ends well" exits 0
XDG_STATE_HOME=$work/number
claim "sudo by a number: benches are it" matches "^uid 54321/54321/54321 gid 54321/54321/54321 " "$(reason ids)"

# what sudo never writes is no user: then it is root that calls
XDG_STATE_HOME=$root_state
unset SUDO_GID
for malformed in "" 0 -1 1x " 1" 4294967295 99999999999999999999; do
	SUDO_UID=$malformed who_ids
	claim "SUDO_UID='$malformed' is no user: benches are nobody" matches "^uid $nobody/$nobody/$nobody " "$(reason ids)"
	claim "SUDO_UID='$malformed': and the record is root's" equal 0:0 "$(owner "$XDG_STATE_HOME/stablebench/last.json")"
done
unset SUDO_UID

if ! command -v setpriv >/dev/null; then
	echo "# setpriv is not installed: the ways of a user are not gone; apt-get install util-linux"
	finish
fi
as 65534 run "${quick[@]}" --profile standard "$work/bench_who"
check_plain_user 65534 65534
check_given "as a user" "$HOME" "$(id -un 65534)"
as 65534 run "${quick[@]}" --user daemon "$work/bench_who"
claim "as a user: --user is a usage error" exits 2
claim "as a user: that says what it needs" says "--user needs root; run with sudo"
as 65534 run "${quick[@]}" --allow-root "$work/bench_who"
claim "as a user: --allow-root is one too" exits 2
SUDO_UID=1 as 65534 run "${quick[@]}" --filter ids "$work/bench_who"
claim "as a user: SUDO_UID makes nobody another" matches "^uid 65534/65534/65534 " "$(reason ids)"
finish
