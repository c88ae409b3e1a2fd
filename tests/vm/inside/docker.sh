#!/bin/bash
# docker.sh [TEST…]: containers on a machine with AppArmor, and privileged ones. The first test finds
# the machine as it came up, without vrf; the others may be in any order.
set -uo pipefail
cd "$(dirname "$0")/../../.." || exit
[ -n "${ENGINE_PID:-}" ] || exec tests/docker/engine "$0" "$@"
# shellcheck source-path=SCRIPTDIR/../../..
. tests/docker/lib.sh

# The smallest image that the scenarios can look into.
make_image() {
	local tree applet
	tree=$(mktemp -d)
	mkdir -p "$tree"/{bin,sbin,etc,proc,sys,dev,run,tmp}
	cp /usr/bin/busybox "$tree/bin"
	for applet in sh cat uname sleep; do ln -s busybox "$tree/bin/$applet"; done
	cp "$FIRSTHOP" "$tree/sbin/firsthop"
	image_import node "$tree"
}

# configure: stdin is the configuration file of $node.
configure() {
	ini=$(mktemp)
	chmod 644 "$ini"
	cat >"$ini"
}
boot_node() { boot -v "$ini:/etc/firsthop.ini:ro" "$@" node /sbin/firsthop; }
stops_well() {
	want stop_node
	want is 0 exit_code
}
read_sysctl() { in_node cat "/proc/sys/${1//./\/}"; }

test_confined_sysctls() {
	configure <<-END
		[sysctl]
		net.ipv4.ip_forward = 1
		net.ipv4.conf.all.log_martians = 1
	END
	want boot_node --cap-add NET_ADMIN --cap-add SYS_ADMIN --sysctl net.ipv4.ip_forward=1
	want wait_log '^READY'
	want_text '^docker-default \(enforce\)' in_node cat /proc/1/attr/current
	want log_has 'log_martians: /proc/sys is read-only; .*--sysctl net\.ipv4\.conf\.all\.log_martians=1'
	unwanted log_has ip_forward
	want is 0 read_sysctl net.ipv4.conf.all.log_martians
	stops_well
}

test_confined_hostname() {
	configure <<-END
		[node]
		hostname_from = edge
	END
	want boot_node --cap-add NET_ADMIN --cap-add SYS_ADMIN
	want wait_log '^READY'
	want is edge in_node uname -n
	unwanted log_has warning
	stops_well
}

test_privileged_sysctls() {
	configure <<-END
		[sysctl]
		net.ipv4.ip_forward = 1
		net.ipv6.conf.all.forwarding = 1
		net.ipv6.conf.all.keep_addr_on_down = 1
	END
	want boot_node --privileged
	want wait_log '^READY'
	want_text '^unconfined' in_node cat /proc/1/attr/current
	unwanted log_has warning
	want is 1 read_sysctl net.ipv4.ip_forward
	want is 1 read_sysctl net.ipv6.conf.all.keep_addr_on_down
	stops_well
}

# Why `run-args` leaves such keys out: an engine that is told one before the module is there fails.
vrf_is_not_there_for_the_engine() {
	unwanted docker run --rm --pull never --network none --sysctl net.vrf.strict_mode=1 node /bin/true
}

make_image || exit
run_tests "$@"
