#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A knob that is not shown as unproven is looked at in a guest, by something else than the program (`look` of
# tests/guest/lib.sh), and one that is shown so is not: docs/evidence.sh tells whether what is looked at also holds.
. "$(dirname "$0")/../claims.sh"
: "${abs_top_builddir:=$PWD}"
stablebench=$abs_top_builddir/stablebench
need_built "$stablebench"
guests=$(dirname "$0")/../guest

# settings of test_kernel_work.sh are looked at in a loop: the last word of each row
looked_at=$(sed -nE 's/^[[:space:]]*look ([a-z0-9,-]+) .*/\1/p; s/^[[:space:]]*boost_look .*/boost/p' "$guests"/test_*.sh | tr , '\n'
	sed -nE 's/^[[:space:]]*(settings\+=\()?"[/$].* ([a-z-]+)"\)?$/\2/p' "$guests/test_kernel_work.sh")

is_looked_at() {
	grep -qx "$1" <<<"$looked_at"
}
is_not_looked_at() {
	! is_looked_at "$1" || { echo "a guest test looks at it: drop its mark"; return 1; }
}

name=
while read -r word value; do
	value=${value//[\",]/}
	case $word in
	'"name":') name=$value ;;
	'"unproven":')
		if [ "$value" = true ]; then
			claim "$name is unproven, and no guest has it" is_not_looked_at "$name"
		else
			claim "$name is looked at in a guest" is_looked_at "$name"
		fi
		;;
	esac
done < <("$stablebench" knobs --no-config --format json)
for knob in $looked_at; do
	claim "a look at $knob is at a knob" grep -q "\"name\": \"$knob\"" <("$stablebench" knobs --no-config --format json)
done
finish
