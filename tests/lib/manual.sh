#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The example of stablebench(3) compiles without a warning by the command given there, and runs.
set -u
source_dir=$(cd "${srcdir:-.}" && pwd)
. "$source_dir/tests/lib/sanitizers.sh"
libraries=$PWD/lib/.libs
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if [ ! -e "$libraries/libstablebench.so" ]; then
	echo "no shared library was built"
	exit 77
fi
if [ -n "$(library_sanitizers)" ]; then
	echo "the library is built with sanitizers; only a program built so can link it"
	exit 77
fi
if ! command -v pkg-config >/dev/null || ! command -v cc >/dev/null; then
	echo "cc and pkg-config are not both installed"
	exit 77
fi

sed -n '/^\.SH EXAMPLES/,/^\.EE/p' "$source_dir/man/stablebench.3" | sed '1,2d;$d;s/\\-/-/g' >"$work/array.c"
command=$(sed -n 's/\\-/-/g; s/^\$ \(cc .*\)/\1/p' "$source_dir/man/stablebench.3")
# the library is not installed yet: the .pc file is told where it lies, by paths without blanks
ln -s "$source_dir/lib" "$work/include" && ln -s "$libraries" "$work/lib" && cp lib/stablebench.pc "$work" || exit 1
cat >"$work/pkg-config" <<END
#!/bin/sh
PKG_CONFIG_PATH=$work exec $(command -v pkg-config) --define-variable=includedir=$work/include --define-variable=libdir=$work/lib "\$@"
END
chmod +x "$work/pkg-config"
cd "$work" || exit 1
echo "$command"
PATH=$work:$PATH sh -c "$command -Wall -Wextra -Wpedantic -Werror" || exit 1
LD_LIBRARY_PATH=$libraries ./bench_array || exit 1
[ "$(LD_LIBRARY_PATH=$libraries ./bench_array --list | grep -c '^array/array/sort/size=')" = 4 ]
