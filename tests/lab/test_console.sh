#!/bin/bash
# `make run` on a terminal: it becomes the router's vtysh, which comes back when left; ^] stops.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lab/test_lib.sh

# comes REGEX: until the screen has such a line after the last one that was waited for.
seen=0
comes() {
	local deadline=$((SECONDS + 100)) line
	until line=$(tail -n +$((seen + 1)) "$lab_out" | grep -nE -m 1 -e "$1" | cut -d: -f1) && [ -n "$line" ]; do
		[ "$SECONDS" -lt "$deadline" ] && kill -0 "$lab" 2>/dev/null || return 1
		sleep 0.1
	done
	seen=$((seen + line))
}
# Not closed before the end: that would be a hang-up.
type_keys() { printf '%b' "$1" >&"$keyboard"; }

lab_begin
mkfifo "$TMPDIR/keys"
: >"$lab_out"
"$B/helpers/ptyhost" shared tests/lab/run <"$TMPDIR/keys" >"$lab_out" 2>&1 &
lab=$!
exec {keyboard}>"$TMPDIR/keys"
check lab_console_is_ready comes '^READY'
check lab_console_shows_the_status comes '^zebra +ready '
check lab_console_is_vtysh comes '^r1# *'
type_keys 'show ip ospf\n'
check lab_console_takes_commands comes 'OSPF Routing Process, Router ID: 10\.255\.0\.1'
type_keys 'exit\n'
check lab_console_comes_back comes 'Hello, this is FRRouting'
type_keys 'show history\n'
check lab_console_takes_commands_again comes 'show history'
type_keys '\x1d'
wait "$lab"
status=$?
check lab_console_exits_0 test "$status" = 0
check lab_console_stops_in_order in_order 'ospfd stopped' 'zebra stopped' 'exit code 0'
lab_end lab_console
