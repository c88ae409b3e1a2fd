#!/bin/bash
# What the Makefile promises: `make install` brings one file that runs alone; a build directory has one name.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

make -s B="$B" install DESTDIR="$TMPDIR/image" >&2
program=$TMPDIR/image/usr/sbin/firsthop
if [ -x "$program" ] && ! ldd "$program" >/dev/null 2>&1 && chroot "$TMPDIR/image" /usr/sbin/firsthop --help >&2; then
	echo 'ok install_is_one_file_that_runs_alone'
else
	echo 'not ok install_is_one_file_that_runs_alone'
fi

# Else what `make` has built would be taken for up to date by `make test`, whatever header has changed.
named() { make -np B="$1" 2>/dev/null | sed -n 's/^O := //p'; }
if [ -n "$(named build)" ] && [ "$(named build)" = "$(named "$PWD/build")" ]; then
	echo 'ok build_directory_has_one_name'
else
	echo 'not ok build_directory_has_one_name'
fi
