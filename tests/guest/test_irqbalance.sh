#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The irqbalance daemon is told to keep off the bench's core, and hears of its old list again, whatever happens meanwhile.
. "$(dirname "$0")/lib.sh"
in_guest -R systemd

# ask REQUEST: what the daemon answers, without the program
ask() {
	perl -MSocket -e '
		socket(my $daemon, AF_UNIX, SOCK_STREAM, 0) or die;
		connect($daemon, pack_sockaddr_un($ARGV[0])) or die "$ARGV[0]: $!\n";
		syswrite($daemon, $ARGV[1]);
		print <$daemon>' "$irqbalance_socket" "$1"
}

bans() {
	[ "$(ask setup | sed 's/.*BANNED 0*//')" = "$1" ]
}

# Numbers of the interrupts that may come to CPU 2 or 3.
irqs_at_bench() {
	local folder mask
	found=
	for folder in /proc/irq/[0-9]*; do
		read -r mask <"$folder/smp_affinity"
		[ $((0x$mask & 0xc)) = 0 ] || found="$found ${folder##*/}"
	done
	echo $found
}

only_these_at_bench() {
	[ "$(irqs_at_bench)" = "$1" ]
}

masks() {
	cat /proc/irq/[0-9]*/smp_affinity
}

# are_moved: irqbalance, which looks when there are interrupts, has moved some since $left was taken
are_moved() {
	cause_interrupts
	[ "$(masks)" != "$left" ]
}

# start_anew: another daemon, which bans CPU 1 by its configuration
start_anew() {
	systemctl restart irqbalance
	irqbalance_socket=/run/irqbalance/irqbalance$(systemctl show -P MainPID irqbalance).sock
	wait_for 20 test -S "$irqbalance_socket"
}

set_odd_values 1
claim "irqbalance starts and has its socket" start_irqbalance || finish
echo IRQBALANCE_BANNED_CPULIST=1 >>/etc/default/irqbalance
start_anew
claim "it bans what its configuration says" wait_for 20 bans 2

echo "# held"
claim "a run starts" start_run || finish
left=$(masks)
look irqbalance "irqbalance is told of the bench's core, beside what it banned" wait_for 20 bans e
pause 3
wait_for 1 are_moved && echo "# it moved interrupts"
claim "after its next looks no interrupt that can be moved may come to that core" wait_for 20 only_these_at_bench "0 2"
interrupt
end_run
claim "what irqbalance moved meanwhile is no conflict" equal 130 "$status"
put_back "its old list is in effect when the run has ended" bans 2

echo "# shorter than irqbalance's pause"
"${measure_short[@]}" --profile standard --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "the run ends with 0" equal 0 $?
claim "the record says irqbalance applied" matches '"knob": ?"irqbalance", *"outcome": ?"applied"' \
	"$(tr -d '\n' <"$work/record.json")"
claim "the old list is in effect" bans 2
pause 3
claim "and stays so" bans 2

echo "# all is killed"
claim "a run starts" start_run || finish
claim "the core is banned" wait_for 20 bans e
kill -KILL "$front" "$keeper"
end_run
wait_for 20 none_of "$selftest" >"$work/none"
"$stablebench" restore >"$work/out" 2>&1
claim "restore ends with 0" equal 0 $?
claim "the old list is in effect" wait_for 20 bans 2

echo "# somebody else bans other CPUs"
claim "a run starts" start_run || finish
claim "the core is banned" wait_for 20 bans e
ask "settings cpus 0"
claim "the stranger's list is in effect" wait_for 20 bans 1
interrupt
end_run
claim "the run ends with 6" equal 6 "$status"
claim "it names the list, and none of the interrupts" grep -q "left alone: 1: ./irqbalance/banned-cpus" "$work/err"
claim "the stranger's list stays" bans 1
"$stablebench" restore --force >"$work/out" 2>&1
claim "restore --force ends with 0" equal 0 $?
claim "the old list is in effect" bans 2

echo "# irqbalance is not told"
claim "a run starts" start_run --without irqbalance || finish
# whoever did it: where irqbalance runs a mask does not stay
echo 4 >"/proc/irq/$(job_irq)/smp_affinity"
interrupt
end_run
claim "an interrupt that was moved is no conflict" equal 130 "$status"

echo "# irqbalance is started anew"
claim "a run starts" start_run || finish
claim "the core is banned" wait_for 20 bans e
start_anew
wait_for 20 bans 2
interrupt
end_run
claim "a new daemon is no conflict" equal 130 "$status"
claim "it is told" grep -q "banned-cpus.*is not there any more" "$work/err"
claim "and is left alone" bans 2

echo "# without the folder for its socket irqbalance makes an abstract one"
systemctl stop irqbalance
rm -rf /run/irqbalance
IRQBALANCE_BANNED_CPULIST=1 irqbalance --foreground --interval=1 >"$work/irqbalance" 2>&1 &
balancer=$!
wait_for 20 grep -q '@@@@' /proc/net/unix
"${measure_short[@]}" --profile standard --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "the run ends with 0" equal 0 $?
claim "the record says irqbalance applied" matches '"knob": ?"irqbalance", *"outcome": ?"applied"' \
	"$(tr -d '\n' <"$work/record.json")"
kill "$balancer"

echo "# it does not run"
wait "$balancer"
"${measure_short[@]}" --profile standard --json "$work/record.json" "$selftest" >"$work/out" 2>"$work/err"
claim "the record says so" matches 'irqbalance does not run; nothing moves interrupts back' \
	"$(tr -d '\n' <"$work/record.json")"
finish
