#!/bin/bash
# preparation.sh: what is common to all steps of the preparation: what is required, what is shown, what
# a reload does, and that nothing is forked for it.
# shellcheck disable=SC2034,SC2154 # what tests/ns/lib.sh reads and gives
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

one_service() {
	cat
	printf '[service a]\ncommand = @ACTOR@ pause\n'
}

test_required_ends_the_boot() {
	one_service <<-END | config
		[sysctl]
		!net.nosuch.key = 1
	END
	boot
	want is 101 end_status
	want log_has 'error: required, but not so: sysctl net.nosuch.key: .*Nothing was started'
	unwanted log_has '^firsthop: a started'
}

test_required_step_ends_the_boot() {
	one_service <<-END | config
		[node]
		required = sysctl
		[sysctl]
		?net.nosuch.key = 1
		net.ipv4.ip_default_ttl = 70000
	END
	boot
	want is 101 end_status
	want log_has 'error: required, but not so: sysctl net.ipv4.ip_default_ttl: .*asked for "70000"'
}

test_required_and_so() {
	one_service <<-END | config
		[node]
		required = sysctl hostname loopback
		hostname_from = r3
		[sysctl]
		!net.ipv4.ip_forward = 1
	END
	boot
	want moved a ready
	stop
}

# A key of an interface that comes is judged when the wait for it is over.
test_required_key_of_a_late_interface() {
	one_service <<-END | config
		[node]
		interfaces = eth1
		[sysctl]
		!net.ipv4.conf.eth1.rp_filter = 2
	END
	boot
	want wait_log 'waiting for interfaces'
	want in_node ip link add eth1 type veth peer name eth2
	want moved a ready
	want is 2 in_node cat /proc/sys/net/ipv4/conf/eth1/rp_filter
	stop
}

# And if it does not come, the boot ends then.
test_required_key_of_no_interface() {
	one_service <<-END | config
		[sysctl]
		!net.ipv4.conf.eth1.rp_filter = 2
	END
	boot
	want is 101 end_status
	want log_has 'required, but not so: sysctl net.ipv4.conf.eth1.rp_filter: there is no interface eth1'
}

# What was not as asked for is in the status, the worst first, and goes when a reload no longer asks.
test_status_shows_it() {
	one_service <<-END | config
		[sysctl]
		net.nosuch.key = 1
		[module nosuch]
	END
	boot
	want moved a ready
	in_node "$FIRSTHOP" status >"$dir/status.txt"
	want grep -A1 '^missing: sysctl net.nosuch.key: no such key' "$dir/status.txt"
	want grep '^degraded: module nosuch: ' "$dir/status.txt"
	unwanted grep '^problem' "$dir/status.txt"
	in_node "$FIRSTHOP" status --json >"$dir/status.json"
	want grep -q '"preparation":\[{"step":"sysctl","subject":"net.nosuch.key","state":"missing","verdict":"absent"' \
		"$dir/status.json"
	one_service <<-END | config
		[sysctl]
		net.ipv4.ip_default_ttl = 99
	END
	want in_node "$FIRSTHOP" reload
	in_node "$FIRSTHOP" status >"$dir/status.txt"
	unwanted grep -E '^(missing|degraded)' "$dir/status.txt"
	want is 99 in_node cat /proc/sys/net/ipv4/ip_default_ttl
	stop
}

# A stop needs no interface.
test_stop_while_waiting() {
	one_service <<-END | config
		[node]
		interfaces = eth9
		interfaces_timeout = infinity
	END
	boot
	want wait_log 'waiting for interfaces: 0 of 1: missing eth9$'
	in_node "$FIRSTHOP" status >"$dir/status.txt"
	want grep -E '^a +waiting .*waiting for interfaces' "$dir/status.txt"
	unwanted in_node "$FIRSTHOP" health
	unwanted log_has '^READY'
	stop
	unwanted log_has 'a started'
}

# A pattern leaves alone what [interface] sets, or the two would be at odds at each reload.
test_pattern_spares_what_interface_sets() {
	one_service <<-END | config
		[node]
		interfaces = eth1
		[sysctl]
		net.ipv6.conf.*.dad_transmits = 3
		[interface eth1]
		sysctl net.ipv6.conf.%i.dad_transmits = 2
	END
	node_setup='ip link add eth1 type veth peer name eth2'
	boot_program strace -y -o "$dir/trace" -e 'trace=write' "$FIRSTHOP" init -v -c "$dir/node.ini"
	want moved a ready
	want grep -q 'conf/eth2/dad_transmits>, "3"' "$dir/trace"
	want is 2 in_node cat /proc/sys/net/ipv6/conf/eth1/dad_transmits
	unwanted grep -q 'conf/eth1/dad_transmits>, "3"' "$dir/trace"
	send_signal KILL
	want end_status
}

# What a reload says of the wait holds for the one that is on.
test_reload_while_waiting() {
	one_service <<-END | config
		[node]
		interfaces = eth9
		interfaces_timeout = infinity
	END
	boot
	want wait_log 'waiting for interfaces: 0 of 1: missing eth9$'
	one_service <<-END | config
		[node]
		interfaces = eth9
		interfaces_timeout = 1ms
	END
	want in_node "$FIRSTHOP" reload
	want moved a ready
	want log_has 'warning: interfaces: 0 of 1: missing eth9'
	stop
}

# The first process that PID 1 makes is the service, whatever there was to prepare.
test_nothing_is_forked() {
	one_service <<-END | config
		[node]
		hostname_from = /nonexistent r5
		interfaces = eth1
		[module vrf]
		[module dummy]
		[vrf CE]
		table = 7
		[sysctl]
		net.ipv4.conf.*.rp_filter = 0
		net.nosuch.key = 1
		[interface eth1]
		mtu = 1400
		address = 192.0.2.1/24
	END
	node_setup='ip link add eth1 type veth peer name eth2'
	boot_program strace -f -o "$dir/trace" -e 'trace=%process' "$FIRSTHOP" init -v -c "$dir/node.ini"
	want moved a ready
	want is 1 grep -cE '(clone3?|v?fork)\(' "$dir/trace"
	want is 2 grep -cE 'execve\("' "$dir/trace"
	send_signal KILL
	want end_status
}

run_tests "$@"
