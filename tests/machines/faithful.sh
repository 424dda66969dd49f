# SPDX-License-Identifier: GPL-2.0-or-later
# faithful.sh - whether a record of this machine shows what the machine itself shows; for scripts that have sourced
# claims.sh and know $stablebench and $work.

# What changes from one look to the next, and what only a running kernel tells
unrecorded='load|pressure|steal|tracing|hardware-counters|counter-users|tuning-daemons|upkeep|clock-drift|clock|bpf-stats'
unrecorded+='|prefetchers|turbo-msr' # registers
unrecorded+='|irqbalance|platform-profile' # daemons
unrecorded+='|drop-caches|quiet-disk' # a record has neither caches nor a disk

# standings OPTION...: "CONDITION STANDING" as doctor finds them
standings() {
	"$stablebench" doctor --profile standard --format json "$@" 2>"$work/err" | python3 -c '
import json, sys
for condition in json.load(sys.stdin)["conditions"]:
    print(condition["knob"], condition["standing"])' | grep -vE "^($unrecorded) "
}

# shows_the_same TREE: doctor finds on the record what it finds here
shows_the_same() {
	standings >"$work/here" && standings --sysroot "$1" >"$work/there" || { cat "$work/err"; return 1; }
	diff "$work/here" "$work/there"
}
