# SPDX-License-Identifier: GPL-2.0-or-later
# claims.sh - how a test in shell speaks: one line "ok CLAIM" or "not ok CLAIM: WHY" for each thing it holds true.

claims_made=0 claims_broken=0
claims_output=$(mktemp)
claims_epilogue=: # a command that finish runs when the last claim is made

# claim TEXT COMMAND...: COMMAND, run in this shell, holds, or prints why not. Where nothing else makes sense without:
# claim ... || finish
claim() {
	claims_made=$((claims_made + 1))
	if "${@:2}" >"$claims_output" 2>&1; then
		echo "ok $1"
		return 0
	fi
	claims_broken=$((claims_broken + 1))
	echo "not ok $1: $(head -c 4000 "$claims_output")"
	return 1
}

equal() {
	[ "$1" = "$2" ] || { echo "wanted '$1', found '$2'"; return 1; }
}

matches() {
	grep -qE -e "$1" <<<"$2" || { echo "nothing matches '$1' in: $2"; return 1; }
}

is_missing() {
	[ ! -e "$1" ] || { echo "'$1' is there"; return 1; }
}

need_built() {
	[ -x "$1" ] || { echo "'$1' is not built; run this by make check, or in the build folder"; exit 1; }
}

skip() {
	rm -f "$claims_output"
	echo "skipped: $*"
	exit 77
}

finish() {
	rm -f "$claims_output"
	"$claims_epilogue"
	echo "$claims_made claims, $claims_broken of them broken"
	[ "$claims_made" -gt 0 ] && [ "$claims_broken" = 0 ]
	exit
}
