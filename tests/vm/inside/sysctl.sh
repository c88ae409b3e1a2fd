#!/bin/bash
# sysctl.sh [TEST…]: what another kernel than this machine's does with sysctls.
cd "$(dirname "$0")/../../.." || exit
# shellcheck source-path=SCRIPTDIR/../../..
. tests/ns/lib.sh

linkdown=net/ipv6/conf/all/ignore_routes_with_linkdown

# Of what a shell writes to this key Linux 6.1 takes the number alone, and calls the rest an error; it
# is set all the same.
test_an_error_that_is_none() {
	unwanted unshare --net sh -c "echo 1 2>/dev/null >/proc/sys/$linkdown"
	config <<-END
		[sysctl]
		net.ipv6.conf.all.ignore_routes_with_linkdown = 1
	END
	boot
	want wait_log READY
	want is 1 in_node cat "/proc/sys/$linkdown"
	unwanted log_has warning
	stop
}

run_tests "$@"
