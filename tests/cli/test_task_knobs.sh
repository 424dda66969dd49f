#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a launch does to itself before it becomes the bench: asked of the bench, and of the conditions.
. "$(dirname "$0")/lib.sh"
cp "$abs_top_builddir/tests/cli/bench_who" "$work/bench_who" || exit 1
chmod 755 "$work" "$work/bench_who"

# task OPTION...: a run, and what the bench said of itself
task() {
	run run "${quick[@]}" --filter 'task|measured' "$@" "$work/bench_who"
	said=$(record "next(c['reason'] for c in r['cases'] if c['name'] == 'who/task')")
}
outcome() {
	record "next(c['outcome'] for c in r['conditions'] if c['knob'] == '$1')"
}
said() {
	matches "$1" "$said"
}

task --profile none
claim "nothing set: ordinary scheduling" said '^policy 0 '
claim "nothing set: shuffled addresses" said 'persona 0 '
claim "nothing set: no padding" said 'padding 0 '
claim "nothing set: the record has none either" equal 0 "$(record "max(l['padding'] for c in r['cases'] for l in c.get('launches', []))")"
claim "nothing set: layout is refused" equal refused "$(outcome layout)"
claim "nothing set: huge pages as the kernel likes" said 'huge 1 '
claim "nothing set: no memory policy" said 'memory 0 '
claim "nothing set: fifo is refused, not unsupported" equal refused "$(outcome fifo)"

task --profile gentle --with small-pages,fixed-layout
claim "small pages" said 'huge 0 '
claim "are applied" equal applied "$(outcome small-pages)"
claim "fixed layout" said 'persona 40000 '
claim "with no padding" said 'padding 0 '
claim "is applied" equal applied "$(outcome fixed-layout)"
claim "and layout is what it left out" equal refused "$(outcome layout)"
claim "the record's padding says so" equal 0 "$(record "max(l['padding'] for c in r['cases'] for l in c.get('launches', []))")"
first=$said
task --profile gentle --with small-pages,fixed-layout --seed 7
claim "the same addresses in another session" equal "$first" "$said"
task --profile gentle
second=$said
task --profile gentle
claim "without it other ones in each" test "$said" != "$second"
claim "layout is applied" equal applied "$(outcome layout)"
claim "the program is read before it runs" equal applied "$(outcome warm-cache)"

if [ "$(cat /sys/devices/system/node/online 2>/dev/null)" = 0 ]; then
	claim "with one memory node there is nothing to bind to" equal already "$(outcome memory-binding)"
fi

task --profile gentle --with fifo
case $(outcome fifo) in
applied) claim "real-time scheduling, reset on fork" said "^policy $((1 | 0x40000000)) " ;;
*) claim "where it cannot be had, ordinary scheduling goes on" said '^policy 0 ' ;;
esac
run shield --with fifo --quiet -- chrt -p 0
claim "an unknown command never gets it" prints 'SCHED_OTHER'
if [ "$(id -u)" = 0 ] && [ "$(nproc)" -gt 1 ]; then
	claim "root has it, or is told why not" matches '^(applied|denied)$' "$(outcome fifo)"
	export XDG_STATE_HOME=$work/as STABLEBENCH_RUN_DIR=$work/as/run
	install -d -m 700 -o 65534 -g 65534 "$XDG_STATE_HOME"
	(ulimit -r 0; cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$stablebench" run "${quick[@]}" --with fifo \
		--filter 'task|measured' "$work/bench_who") >"$work/out" 2>"$work/err" </dev/null
	claim "without root it is denied" equal denied "$(outcome fifo)"
fi
finish
