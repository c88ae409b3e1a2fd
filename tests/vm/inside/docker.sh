#!/bin/bash
# docker.sh [TEST…]: containers on a machine with AppArmor, and privileged ones. The first test finds
# the machine as it came up, without vrf; the others come after it.
set -uo pipefail
cd "$(dirname "$0")/../../.." || exit
[ -n "${ENGINE_PID:-}" ] || exec tests/docker/engine "$0" "$@"
# shellcheck source-path=SCRIPTDIR/../../..
. tests/docker/lib.sh

# The smallest image that the scenarios can look into.
make_image() {
	local tree applet
	tree=$(mktemp -d)
	mkdir -p "$tree"/{bin,etc,proc,sys,dev,run,tmp}
	cp /usr/bin/busybox "$tree/bin"
	for applet in sh cat test true uname; do ln -s busybox "$tree/bin/$applet"; done
	cp "$FIRSTHOP" "$tree/bin/firsthop"
	image_import node "$tree"
}

# configure: stdin is the configuration file of $node.
configure() {
	ini=$(mktemp)
	chmod 644 "$ini"
	cat >"$ini"
}
boot_node() { boot -v "$ini:/etc/firsthop.ini:ro" "$@" node firsthop; }
stops_well() {
	want stop_node
	want is 0 exit_code
}
read_sysctl() { in_node cat "/proc/sys/${1//./\/}"; }

# Why `run-args` leaves such keys out: an engine that is told one before the module is there fails.
# NET_ADMIN alone, confined, is enough to have it loaded; then the engine may be told.
test_vrf_from_nothing() {
	unwanted test -e /sys/module/vrf
	unwanted docker run --rm --pull never --network none --sysctl net.vrf.strict_mode=1 node /bin/true
	configure <<-END
		[module vrf]
		need = required
		[sysctl]
		net.vrf.strict_mode = 1
		[vrf CE]
		table = 1001
		need = required
	END
	want boot_node --cap-add NET_ADMIN
	want wait_log '^READY'
	want_text '^docker-default \(enforce\)' in_node cat /proc/1/attr/current
	want in_node test -e /sys/class/net/CE
	want is 0 read_sysctl net.vrf.strict_mode
	want log_has 'strict_mode: /proc/sys is read-only; .*--sysctl net\.vrf\.strict_mode=1'
	unwanted log_has 'warning: (module|vrf)'
	stops_well
}

test_confined_without_net_admin() {
	configure <<-END
		[module vxlan]
		need = required
	END
	want boot_node
	want is 101 exit_code
	want log_has 'vxlan.*--cap-add NET_ADMIN'
	unwanted test -e /sys/module/vxlan
}

test_confined_sysctls() {
	configure <<-END
		[sysctl]
		net.ipv4.ip_forward = 1
		net.ipv4.conf.all.log_martians = 1
		net.vrf.strict_mode = 1
	END
	want boot_node --cap-add NET_ADMIN --sysctl net.ipv4.ip_forward=1 --sysctl net.vrf.strict_mode=1
	want wait_log '^READY'
	want_text '^docker-default \(enforce\)' in_node cat /proc/1/attr/current
	want log_has 'log_martians: /proc/sys is read-only; .*--sysctl net\.ipv4\.conf\.all\.log_martians=1'
	unwanted log_has 'ip_forward|strict_mode'
	want is 0 read_sysctl net.ipv4.conf.all.log_martians
	stops_well
}

# SYS_ADMIN is enough for the host name, and not for a mount.
test_confined_remount() {
	configure <<-END
		[node]
		hostname_from = edge
		proc_sys = remount
		[sysctl]
		net.ipv4.conf.all.log_martians = 1
	END
	want boot_node --cap-add SYS_ADMIN
	want wait_log '^READY'
	want log_has '/proc/sys: .*AppArmor.*--security-opt apparmor=unconfined'
	want log_has 'log_martians: .*--sysctl net\.ipv4\.conf\.all\.log_martians=1'
	want is 0 read_sysctl net.ipv4.conf.all.log_martians
	want is edge in_node uname -n
	stops_well
}

test_privileged() {
	configure <<-END
		[node]
		hostname_from = edge
		[module mpls]
		need = required
		[sysctl]
		net.ipv4.ip_forward = 1
		net.ipv6.conf.all.forwarding = 1
		net.ipv6.conf.all.keep_addr_on_down = 1
		net.mpls.platform_labels = 1000
		[vrf CE]
		table = 1001
	END
	want boot_node --privileged
	want wait_log '^READY'
	want_text '^unconfined' in_node cat /proc/1/attr/current
	unwanted log_has warning
	want is edge in_node uname -n
	want is 1 read_sysctl net.ipv4.ip_forward
	want is 1 read_sysctl net.ipv6.conf.all.keep_addr_on_down
	want is 1000 read_sysctl net.mpls.platform_labels
	want in_node test -e /sys/class/net/CE
	want in_node firsthop doctor --strict
	stops_well
}

make_image || exit
if [ $# -gt 0 ]; then
	run_tests "$@"
	exit
fi
failed=0
run_tests vrf_from_nothing || failed=1
run_tests confined_without_net_admin confined_sysctls confined_remount privileged || failed=1
exit "$failed"
