#!/bin/bash
# `make install DESTDIR=`: the one file that an image needs, and the examples.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

make -s B="$B" install DESTDIR="$TMPDIR/image" >&2
program=$TMPDIR/image/usr/sbin/firsthop
if [ -x "$program" ] && ! ldd "$program" >/dev/null 2>&1 && chroot "$TMPDIR/image" /usr/sbin/firsthop --help >&2; then
	echo 'ok install_is_one_file_that_runs_alone'
else
	echo 'not ok install_is_one_file_that_runs_alone'
fi
