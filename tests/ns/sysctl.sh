#!/bin/bash
# sysctl.sh: what becomes of the keys in [sysctl], and what is said of those that cannot be set.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# The configuration: [node] lines in $node_lines, stdin for [sysctl].
sysctls() {
	{
		printf '[node]\n%s\n[sysctl]\n' "${node_lines:-}"
		cat
		printf '[service a]\ncommand = @ACTOR@ pause\n'
	} | config
}

# up [SETUP]: boots, after a shell command inside.
up() {
	node_setup=${1:-true}
	boot
	want moved a ready
}

value() { in_node cat "/proc/sys/$1"; }

links='ip link add eth0 type veth peer name eth0.100 && ip link add other type veth peer name away'
read_only='mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys'

test_each_verdict_of_what_is_so() {
	sysctls <<-END
		net.ipv4.ip_default_ttl = 64
		net.ipv4.ip_forward = 1
		net.ipv4.ip_local_port_range = 2000   3000
	END
	up 'echo 0 >/proc/sys/net/ipv4/ip_forward'
	want log_has 'sysctl net.ipv4.ip_default_ttl: already so$'
	want log_has 'sysctl net.ipv4.ip_forward: written$'
	want log_has 'sysctl net.ipv4.ip_local_port_range: written$'
	want is 1 value net/ipv4/ip_forward
	unwanted log_has 'warning: sysctl'
	stop
}

# What a later key changes behind the back of an earlier one is set again.
test_keys_that_change_each_other() {
	sysctls <<-END
		net.ipv4.conf.eth0.rp_filter = 0
		net.ipv4.conf.default.rp_filter = 2
	END
	up "$links"
	want is 2 value net/ipv4/conf/default/rp_filter
	want is 0 value net/ipv4/conf/eth0/rp_filter
	unwanted log_has 'warning: sysctl'
	stop
}

test_dots_in_names() {
	sysctls <<-END
		net.ipv4.conf.eth0/100.forwarding = 1
		net/ipv4/conf/eth0.100/rp_filter = 2
		net.ipv4.conf.eth0.100.arp_ignore = 1
	END
	up "$links && echo 0 >/proc/sys/net/ipv4/ip_forward"
	want is 1 value net/ipv4/conf/eth0.100/forwarding
	want is 0 value net/ipv4/conf/eth0/forwarding
	want is 2 value net/ipv4/conf/eth0.100/rp_filter
	want log_has 'sysctl net.ipv4.conf.eth0/100.rp_filter: written$'
	want log_has 'warning: sysctl net.ipv4.conf.eth0.100.arp_ignore: no such key here: a dot .*; write net.ipv4.conf.eth0/100.arp_ignore$'
	stop
}

test_kinds_of_absence() {
	sysctls <<-END
		net.ipv4.neigh.default.gc_thresh3 = 8192
		net.vrf.strict_mode = 1
		net.ipv4.conf.eth9.forwarding = 1
		net.ipv4.ip_forwrad = 1
		net.ipv4.conf.all.rp_fliter = 1
		net.ipv4.conf = 1
		net.ipv4.ip_forward.more = 1
		?net.mpls.platform_labels = 1000
		?net.nosuch = 1
	END
	up
	want log_has 'warning: sysctl net.ipv4.neigh.default.gc_thresh3: it belongs to the host, .*sysctl -w .?net.ipv4.neigh.default.gc_thresh3=8192'
	want log_has 'warning: sysctl net.vrf.strict_mode: the kernel module vrf is not loaded; .*modprobe vrf'
	want log_has 'warning: sysctl net.ipv4.conf.eth9.forwarding: there is no interface eth9; set it in \[interface eth9\]'
	want log_has 'warning: sysctl net.ipv4.ip_forwrad: no such key here; did you mean net.ipv4.ip_forward\?$'
	want log_has 'warning: sysctl net.ipv4.conf.all.rp_fliter: no such key here; did you mean net.ipv4.conf.all.rp_filter\?$'
	want log_has 'warning: sysctl net.ipv4.conf: it holds keys'
	want log_has 'warning: sysctl net.ipv4.ip_forward.more: no such key here'
	want log_has 'debug: sysctl net.mpls.platform_labels: the kernel module mpls_router is not loaded$'
	unwanted log_has 'warning: sysctl net.(mpls|nosuch)'
	stop
}

test_read_only() {
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
		net.ipv4.ip_no_pmtu_disc = 0
		net.ipv4.ip_local_port_range = 2000 3000
		net.ipv4.conf.eth0/100.rp_filter = 2
		?net.ipv4.tcp_ecn = 0
		kernel.pid_max = 4000000
	END
	up "$links && $read_only"
	want log_has 'warning: sysctl net.ipv4.ip_default_ttl: /proc/sys is read-only; start the container with --sysctl net.ipv4.ip_default_ttl=65$'
	want log_has "warning: sysctl net.ipv4.ip_local_port_range: .* with --sysctl 'net.ipv4.ip_local_port_range=2000 3000'$"
	want log_has 'warning: sysctl net.ipv4.conf.eth0/100.rp_filter: /proc/sys is read-only; engines cannot set it.* proc_sys = remount'
	want log_has 'warning: sysctl net.ipv4.tcp_ecn: /proc/sys is read-only'
	want log_has 'warning: sysctl kernel.pid_max: .*; set it on the host: sysctl -w kernel.pid_max=4000000$'
	# What is right already needs no right.
	want log_has 'debug: sysctl net.ipv4.ip_no_pmtu_disc: already so$'
	want is 64 value net/ipv4/ip_default_ttl
	stop
}

test_ordinary_user() {
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
		net.ipv4.ip_no_pmtu_disc = 0
	END
	local who='--clear-groups --regid 65534 --reuid 65534'
	[ "$FIRSTHOP_BACKEND" = ns ] || who='' # is one
	up "chmod 0777 /run && set -- setpriv --bounding-set -all --inh-caps -all $who \"\$@\""
	want log_has 'warning: sysctl net.ipv4.ip_default_ttl: .*; start the container with --sysctl net.ipv4.ip_default_ttl=65$'
	unwanted log_has 'warning: .*ip_no_pmtu_disc'
	stop
}

run_tests "$@"
