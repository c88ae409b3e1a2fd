#!/bin/bash
# interfaces.sh: interfaces that come when they like, as engines bring them: what is done for each,
# and the services' wait for them.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# plug NAME…: for each a pair of links, made outside and moved in: NAME and NAME-far.
plug() {
	local pid name
	pid=$(node_pid) || return
	for name; do
		unshare --net sh -c "ip link add near type veth peer name far &&
			ip link set far netns $pid name $name-far && ip link set near netns $pid name $name" || return
	done
}
in_network() { nsenter -t "$(node_pid)" -n -- "$@"; }
# shows NAME REGEX: does `ip address` say so of the interface?
shows() { in_network ip address show dev "$1" | grep -qE -e "$2"; }
sysctl_of() { in_network cat "/proc/sys/net/ipv4/conf/$1/rp_filter"; }

service='[service a]
command = @ACTOR@ pause'
rules='[interface eth*]
up = yes
mtu = 1400
sysctl net.ipv4.conf.%i.rp_filter = 2
sysctl net.ipv6.conf.%i.disable_ipv6 = 0
[interface eth1]
address = 192.0.2.1/24 2001:db8::1/64'

set_up() {
	want wait_log "interface $1: set up\$"
	want shows "$1" 'mtu 1400 '
	want shows "$1" '[<,]UP[,>]'
	want is 2 sysctl_of "$1"
}

# Also long after the services are ready.
test_late_interfaces_are_set_up() {
	config <<<"$rules"$'\n'"$service"
	boot
	want moved a ready
	plug eth1
	set_up eth1
	want shows eth1 'inet 192\.0\.2\.1/24 '
	want shows eth1 'inet6 2001:db8::1/64 '
	plug eth2
	set_up eth2
	unwanted shows eth2 192.0.2
	unwanted log_has warning
	stop
}

# One that is there when the node begins; engines that are done in time do so.
test_early_interfaces_are_set_up() {
	config <<<"$rules"$'\n'"$service"
	node_setup='ip link add eth1 type veth peer name far'
	boot
	set_up eth1
	want log_order 'interface eth1: set up' 'a started'
	stop
}

test_renamed_interfaces_are_set_up() {
	config <<<"$rules"$'\n'"$service"
	boot
	want moved a ready
	plug tmp1
	in_network ip link set tmp1 name eth1
	set_up eth1
	unwanted log_has 'interface tmp1'
	in_network ip link set eth1 down
	in_network ip link set eth1 name eth2
	set_up eth2
	stop
}

# A pair that goes takes all with it; the next one of that name gets it all again.
test_interfaces_that_come_again() {
	config <<<"$rules"$'\n'"$service"
	boot
	want moved a ready
	plug eth1
	set_up eth1
	in_network ip link delete eth1
	plug eth1
	want wait_log 'interface eth1: set up$' 2
	want shows eth1 'inet 192\.0\.2\.1/24 '
	stop
}

test_reload_reaches_those_that_are_there() {
	config <<<"$service"
	boot
	want moved a ready
	plug eth1
	config <<<"$rules"$'\n'"$service"
	send_signal HUP
	set_up eth1
	stop
}

test_what_fails_is_told_with_the_cure() {
	config <<-END
		[interface eth1]
		sysctl net.ipv4.conf.%i.no_such = 1
		sysctl net.ipv6.conf.%i.disable_ipv6 = 1
		address = 192.0.2.1/24 2001:db8::1/64
		$service
	END
	boot
	want moved a ready
	plug eth1
	want wait_log 'warning: interface eth1: sysctl net.ipv4.conf.eth1.no_such: .*, address 2001:db8::1/64: '
	want shows eth1 'inet 192\.0\.2\.1/24 '
	stop
}

test_without_net_admin() {
	config <<<"$rules"$'\n'"$service"
	# shellcheck disable=SC2034 # for boot
	node_lead=(setpriv --bounding-set -net_admin --inh-caps -net_admin)
	boot
	want moved a ready
	plug eth1
	want wait_log 'warning: interface eth1: .*NET_ADMIN lacks for mtu 1400, up, address 192\.0\.2\.1/24, .*; start the container with --cap-add NET_ADMIN$'
	stop
}

test_wait_for_names() {
	config <<-END
		[node]
		interfaces = eth1 eth[23]
		$service
	END
	boot
	want wait_log 'waiting for interfaces: 0 of 2: missing eth1, eth\[23\]; going on without them in 30 s$'
	plug eth1
	want wait_log 'waiting for interfaces: 1 of 2: missing eth\[23\]; going on'
	unwanted log_has 'a started'
	plug eth3
	want moved a ready
	want log_order 'waiting for interfaces: 1 of 2' 'interfaces: all 2 are there$' 'a started'
	unwanted log_has warning
	stop
}

# Both ends of a pair are Ethernet links from outside; what is made inside is none.
test_wait_for_a_number() {
	config <<-END
		[node]
		interfaces = 4
		[interface br*]
		up = yes
		$service
	END
	boot
	want wait_log 'waiting for interfaces: 0 of 4; '
	plug eth1
	want wait_log 'waiting for interfaces: 2 of 4; '
	in_network ip link add br0 type bridge
	in_network ip link add br1 type bridge
	want wait_log 'interface br1: set up$'
	unwanted log_has 'a started'
	plug eth2
	want moved a ready
	stop
}

test_wait_for_containerlab() {
	config <<<"$service"
	# shellcheck disable=SC2034 # for boot
	node_lead=(env CLAB_INTFS=2)
	boot
	want wait_log 'waiting for interfaces: 0 of 2; '
	plug x1
	plug e1-1
	# The pair's far ends count as well, as what they are called.
	want moved a ready
	want log_order 'waiting for interfaces: 0 of 2' 'interfaces: all 2 are there$' 'a started'
	stop
}

test_wait_that_is_over_goes_on() {
	config <<-END
		[node]
		interfaces = eth1
		interfaces_timeout = 100ms
		$service
	END
	boot
	want moved a ready
	want log_order 'waiting for interfaces: 0 of 1: missing eth1; going on without them in ' \
		'warning: interfaces: 0 of 1: missing eth1; attach what is missing' 'a started'
	plug eth1
	want wait_log 'interfaces: it is there$'
	stop
}

test_wait_that_is_over_ends_the_boot() {
	config <<-END
		[node]
		interfaces = eth1
		interfaces_timeout = 100ms
		required = interfaces
		$service
	END
	boot
	want is 101 end_status
	want log_has 'interfaces: 0 of 1: missing eth1'
	unwanted log_has 'a started'
}

# The wait does not keep PID 1 from its other duties.
test_wait_that_is_ended() {
	config <<-END
		[node]
		interfaces = eth1
		interfaces_timeout = infinity
		$service
	END
	boot
	want wait_log 'waiting for interfaces: 0 of 1: missing eth1$'
	stop
	unwanted log_has 'a started'
}

test_modules_that_are_not_there() {
	config <<-END
		[module no-such-module]
		need = optional
		[module no-such-other]
		need = required
		[module no-such-third]
		need = off
		$service
	END
	boot
	want is 101 end_status
	want log_has 'warning: module no-such-module: the kernel has it not, and could not load it \(.*\); on the host, .modprobe no-such-module'
	want log_has 'module no-such-other: the kernel has it not'
	unwanted log_has 'no-such-third'
	unwanted log_has 'a started'
}

run_tests "$@"
