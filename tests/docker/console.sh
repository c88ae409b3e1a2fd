#!/bin/bash
# console.sh [TEST…]: a router with a terminal, as `docker run -it` gives it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh
. tests/docker/terminal.sh

open_console() {
	open_terminal docker run -it --pull never --name "$node" --hostname r1 --network none "$@"
}

test_console_keys() {
	want open_console "${router_caps[@]}" "${router_files[@]}" router
	check_keys
	want no_zombies
	want stop_node
	want is 0 exit_code
}

# The session is docker-init's: the terminal cannot change hands, only its process group.
test_console_keys_under_docker_init() {
	want open_console --init "${router_caps[@]}" "${router_files[@]}" router
	check_keys
	want stop_node
}

crashed() { is ready status_of "$1" state && unwanted is 0 status_of "$1" restarts; }

test_console_is_not_scribbled_over() {
	want open_console "${router_caps[@]}" "${router_files[@]}" router
	want see 'READY'
	want see 'r1# '
	want in_node kill -KILL "$(status_of snmpd pid)"
	want wait_until crashed snmpd
	want in_node kill -KILL "$(status_of bgpd pid)"
	want wait_until crashed bgpd
	want type_keys 'show version\r'
	want see 'FRRouting 10.'
	unwanted grep -E 'snmpd|bgpd|firsthop|zebra' <<<"$skipped"
	# It is kept, and can be read.
	want_text 'snmpd' in_node firsthop logs
}

# A command of the command line has the terminal, too, and its end is the container's.
test_console_foreground_shell() {
	want open_console "${router_caps[@]}" "${router_files[@]}" router sh
	want see '# '
	# shellcheck disable=SC2016
	want type_keys 'tty; echo $((40 + 2))\r'
	want see '/dev/'
	want see $'\n42\r'
	want type_keys 'sleep 1000\r'
	want wait_until in_node pgrep sleep
	want type_keys '\003'
	want type_keys 'echo rest $?\r'
	want see 'rest 130'
	want type_keys 'exit 5\r'
	want is 5 exit_code
}

run_tests "$@"
