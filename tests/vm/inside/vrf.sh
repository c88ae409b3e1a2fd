#!/bin/bash
# vrf.sh [TEST…]: vrfs, made and filled.
cd "$(dirname "$0")/../../.." || exit
# shellcheck source-path=SCRIPTDIR/../../..
. tests/ns/lib.sh

# vrf_of LINK: "1001 UP". master_of LINK: "CE".
vrf_of() { in_node ip -d -o link show "$1" | sed -nE 's/^.* state ([A-Z]+) .* vrf table ([0-9]+) .*$/\2 \1/p'; }
master_of() { in_node ip -o link show "$1" | sed -nE 's/^.* master ([^ ]+) .*$/\1/p'; }
count_vrfs() { in_node ip -br link show type vrf | wc -l; }
doctor_says() { grep -qE -e "$1" <<<"$(in_node "$FIRSTHOP" doctor -c "$dir/node.ini")"; }

configure_ce() {
	config <<-END
		[module vrf]
		need = required
		[sysctl]
		net.vrf.strict_mode = 1
		[vrf CE]
		table = 1001
		need = required
		interfaces = eth2 eth3*
	END
}

# The first to ask for vrf in this machine: nothing had loaded it.
test_made_and_filled() {
	configure_ce
	node_setup='ip link add eth2 type dummy && ip link add eth9 type dummy'
	boot
	want wait_log READY
	want is 1 in_node cat /proc/sys/net/vrf/strict_mode
	want is '1001 UP' vrf_of CE
	want wait_until is CE master_of eth2
	want is '' master_of eth9
	# Those that come later, also by a change of their name.
	want in_node ip link add eth30 type veth peer name other
	want wait_until is CE master_of eth30
	want in_node ip link set other name eth31
	want wait_until is CE master_of eth31
	want is '' master_of eth9
	unwanted log_has warning
	stop
}

# A second start in the same network: what is there is left as it is.
test_made_already() {
	configure_ce
	node_setup="ip link add eth2 type dummy && '$FIRSTHOP' init -c '$dir/node.ini' -- true &&
		ip -o link show CE | cut -d: -f1 >'$dir/index'"
	boot
	want wait_log READY
	want is "$(cat "$dir/index")" eval 'in_node ip -o link show CE | cut -d: -f1'
	want is '1001 UP' vrf_of CE
	want is CE master_of eth2
	want is 1 count_vrfs
	unwanted log_has warning
	stop
}

test_of_another_table() {
	configure_ce
	node_setup='ip link add CE type vrf table 7'
	boot
	want is 101 end_status
	want log_has 'CE.*\b7\b.*1001|CE.*1001.*\b7\b'
}

# Not one of ours: it stays what it is.
test_of_another_kind() {
	configure_ce
	node_setup='ip link add CE type dummy'
	boot
	want is 101 end_status
	want log_has 'CE.*(dummy|not a vrf)'
}

test_two_that_want_the_same() {
	config <<-END
		[vrf one]
		table = 1
		interfaces = eth1
		[vrf two]
		table = 2
		interfaces = eth2
	END
	node_setup='ip link add eth1 type veth peer name eth2'
	boot
	want wait_log READY
	want wait_until is one master_of eth1
	want wait_until is two master_of eth2
	want is 2 count_vrfs
	stop
}

test_doctor() {
	configure_ce
	node_setup='ip link add eth2 type dummy'
	boot
	want wait_log READY
	want wait_until is CE master_of eth2
	want in_node "$FIRSTHOP" doctor --strict -c "$dir/node.ini"
	want doctor_says '^vrf CE +ok +already so'
	# It looks, and makes nothing.
	want in_node ip link del CE
	want doctor_says '^vrf CE +ok +can be made'
	unwanted in_node ip link show CE
	stop
}

# An ordinary user's own namespaces are enough for all of it; seen once, since it takes its time.
run_tests "${@:-made_and_filled}" || exit
export FIRSTHOP_BACKENDS=ns
[ $# -gt 0 ] || run_tests made_already of_another_table of_another_kind two_that_want_the_same doctor
