#!/bin/bash
# modules.sh [TEST…]: modules that are there to be loaded, and what keeps them from it. A module that
# is loaded may stay, and one test forbids loading for good: so each has its own module or its place
# in the order at the end, and one runs at a time.
cd "$(dirname "$0")/../../.." || exit
# shellcheck source-path=SCRIPTDIR/../../..
. tests/ns/lib.sh

loaded() { [ -e "/sys/module/$1" ]; }

# doctor_says REGEX: a line of its table. Its exit status tells only what is missing.
doctor_says() { grep -qE -e "$1" <<<"$(in_node "$FIRSTHOP" doctor -c "$dir/node.ini")"; }

# modprobe_is PATH: what the kernel runs to load a module; empty: nothing.
modprobe_is() { printf '%s\n' "$1" >/proc/sys/kernel/modprobe; }

# boot_bounded SET: with a bounding set of capabilities, as of setpriv(1).
boot_bounded() { boot_program setpriv --bounding-set "$1" "$FIRSTHOP" init -v -c "$dir/node.ini"; }

test_none_can_be_loaded() {
	modprobe_is ''
	config <<-END
		[module vrf]
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want wait_log 'warning: .*vrf.*modprobe vrf'
	want wait_log 'service=a .* to=(up|ready) |a started'
	want log_has '/etc/modules-load\.d'
	want doctor_says '^(module )?vrf +degraded|^degraded .*vrf'
	unwanted loaded vrf
	stop
}

test_none_can_be_loaded_but_must() {
	modprobe_is ''
	config <<-END
		[module vrf]
		need = required
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want is 101 end_status
	want log_has 'vrf.*modprobe vrf'
	unwanted log_has 'a started'
}

test_without_net_admin() {
	modprobe_is /sbin/modprobe
	config <<-END
		[module vrf]
	END
	boot_bounded -net_admin
	want wait_log 'warning: .*vrf.*--cap-add[ =]NET_ADMIN'
	unwanted loaded vrf
	stop
}

# The one capability that an engine has to give.
test_with_net_admin_alone() {
	unwanted loaded vrf
	config <<-END
		[module vrf]
		need = required
	END
	boot_bounded -all,+net_admin
	want wait_log READY
	want loaded vrf
	unwanted log_has 'warning: .*vrf'
	# Asked for, but not made.
	want is '' in_node ip -br link show type vrf
	send_signal TERM
	want is 0 end_status
}

# Loaded, it is there for a node that may not load it.
test_loaded_by_another() {
	want modprobe vrf
	config <<-END
		[module vrf]
		need = required
	END
	boot_bounded -net_admin
	want wait_log READY
	unwanted log_has 'warning: .*vrf'
	stop
}

test_off_is_not_asked_for() {
	config <<-END
		[module mpls]
		need = off
	END
	boot
	want wait_log READY
	unwanted loaded mpls_router
	stop
}

test_mpls() {
	unwanted loaded mpls_router
	node_setup='ip link add eth1 type veth peer name eth2'
	config <<-END
		[module mpls]
		need = required
		[sysctl]
		net.mpls.platform_labels = 1000
		[interface eth*]
		sysctl net.mpls.conf.%i.input = 1
	END
	boot
	want wait_log READY
	want loaded mpls_router
	want loaded mpls_iptunnel
	want is 1000 in_node cat /proc/sys/net/mpls/platform_labels
	want is 1 in_node cat /proc/sys/net/mpls/conf/eth1/input
	want is 1 in_node cat /proc/sys/net/mpls/conf/eth2/input
	# One that comes later.
	want in_node ip link add eth7 type veth peer name other
	want wait_until is 1 in_node cat /proc/sys/net/mpls/conf/eth7/input
	# Nothing is left of the asking.
	want is '' in_node ip route show table all type unicast 192.0.2.254
	unwanted log_has warning
	want in_node ip -f mpls route add 100 dev lo
	stop
}

test_seg6() {
	config <<-END
		[module seg6]
		need = required
		[sysctl]
		net.ipv6.conf.all.seg6_enabled = 1
		net.ipv6.conf.default.seg6_enabled = 1
		?net.ipv6.seg6_flowlabel = 1
	END
	boot
	want wait_log READY
	want is 1 in_node cat /proc/sys/net/ipv6/conf/all/seg6_enabled
	want is 1 in_node cat /proc/sys/net/ipv6/seg6_flowlabel
	unwanted log_has warning
	stop
}

# An ordinary user's own namespaces are enough to have the machine load one.
test_of_an_ordinary_user() {
	FIRSTHOP_BACKEND=user
	unwanted loaded vxlan
	config <<-END
		[module vxlan]
		need = required
	END
	boot
	want wait_log READY
	want loaded vxlan
	unwanted log_has 'warning: .*vxlan'
	stop
}

# The last: this cannot be taken back.
test_loading_is_forbidden() {
	unwanted loaded dummy
	want modprobe vrf
	want eval 'echo 1 >/proc/sys/kernel/modules_disabled'
	config <<-END
		[module dummy]
		[module vrf]
	END
	boot
	want wait_log 'warning: .*dummy.*modprobe dummy'
	want wait_log READY
	unwanted log_has 'warning: .*vrf'
	stop
}

export FIRSTHOP_BACKENDS=ns
failed=0
[ $# -gt 0 ] || set -- none_can_be_loaded none_can_be_loaded_but_must without_net_admin with_net_admin_alone \
	loaded_by_another off_is_not_asked_for of_an_ordinary_user mpls seg6 loading_is_forbidden
for name in "$@"; do run_tests "$name" || failed=1; done
exit "$failed"
