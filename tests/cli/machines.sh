# SPDX-License-Identifier: GPL-2.0-or-later
# machines.sh - recorded machines for tests in shell; after lib.sh.
machine_folder=$(cd "$cli_directory/../machines" && pwd)
command -v python3 >/dev/null || skip "python3 is not installed, which lays recorded machines out"
trap 'chmod -R u+w "$work"; rm -rf "$work" "$claims_output"' EXIT

# machine_names: one to a line
machine_names() {
	for archive in "$machine_folder"/*.machine; do
		basename "$archive" .machine
	done
}

# machine_unpack NAME: its tree, new and unchanged, is in $tree
machine_unpack() {
	tree=$work/$1
	[ ! -e "$tree" ] || { chmod -R u+w "$tree" && rm -rf "$tree"; }
	"$machine_folder/unpack" "$machine_folder/$1.machine" "$tree" || exit 1
}

# machine_knobs: every knob that no profile has, as --with takes them
machine_knobs() {
	"$stablebench" knobs --format json | python3 -c '
import json, sys
print(",".join(knob["name"] for knob in json.load(sys.stdin)["knobs"] if knob["profile"] == "by name"))'
}

# machine_print: all of $tree but the run folder: names, kinds, modes, targets of links, contents
machine_print() {
	(
		cd "$tree" || exit 1
		find . -path ./run/stablebench -prune -o -printf '%p %y %m %l\n' | LC_ALL=C sort
		find . -path ./run/stablebench -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
	)
}

# machine_values: the same for what commands may write to. The kernel adds a newline to what it is given, a file does
# not; the latency request ends with the process that holds it, and in a file it stays. A journal is nobody's setting.
machine_values() {
	python3 - "$tree" <<-'EOF'
	import os, sys
	os.chdir(sys.argv[1])
	for folder, folders, files in os.walk("."):
	    folders[:] = sorted(name for name in folders if (folder, name) != (".", "run"))
	    print(folder)
	    for name in sorted(files):
	        path = os.path.join(folder, name)
	        if os.path.islink(path):
	            print(path, os.readlink(path))
	        elif path != "./dev/cpu_dma_latency":
	            print(path, oct(os.stat(path).st_mode), open(path, "rb").read().rstrip(b"\n"))
	EOF
}

# machine_expected NAME: "CONDITION STANDING" for each line of the table that is about it; a line of its own counts more than
# one of all machines
machine_expected() {
	awk -v machine="$1" '
		/^#/ || NF < 3 { next }
		$1 == "*" && !($2 in own) { standing[$2] = $3 }
		$1 == machine { standing[$2] = $3; own[$2] }
		END { for (name in standing) print name, standing[name] }' "$machine_folder/expected.txt" | LC_ALL=C sort
}

# machine_found: the same from the JSON of doctor, given as standard input. Of what root could not write either, a user
# is told that he is not root.
machine_found() {
	python3 -c '
import json, sys
for condition in json.load(sys.stdin)["conditions"]:
    print(condition["knob"], condition["standing"].replace("root", "locked"))' | LC_ALL=C sort
}
