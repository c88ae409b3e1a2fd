#!/bin/bash
# router.sh [TEST…]: a router image with real FRR, sshd and snmpd, run by a Docker engine.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

frr_daemons=(zebra mgmtd staticd bgpd ospfd)
all_services=("${frr_daemons[@]}" sshd snmpd)

# check_router: everything runs, and what FRR was given is in effect.
check_router() {
	local service
	for service in "${all_services[@]}"; do want is ready status_of "$service" state; done
	want_text '"ready":true' in_node firsthop status --json
	want in_node firsthop health --level ready
	want_text 'neighbor 10\.0\.12\.2 remote-as 65002' in_node vtysh -c 'show running-config'
	want_text '^S>\* 192\.0\.2\.0/24 ' in_node vtysh -c 'show ip route'
	want no_zombies
}

# READY is a line of its own, printed once, after the last service is ready.
check_ready_line() {
	want wait_log '^READY'
	want is 1 log_count '^READY'
	check_router
	want is 1 log_count '^READY'
}

test_router_builtin_configuration() {
	want boot_router router
	check_ready_line
	want_text 'built-in' in_node firsthop status --json
}

test_router_example_configuration() {
	want boot_router -v "$PWD/config/examples/router.ini:/etc/firsthop.ini:ro" router
	check_ready_line
	want_text '/etc/firsthop.ini' in_node firsthop status --json
}

# revive SERVICE: KILL to its main process; it must come back as another, and be ready.
revived() { is ready status_of "$1" state && [ "$(status_of "$1" pid)" != "$2" ]; }
revive() {
	local pid
	pid=$(status_of "$1" pid)
	want in_node kill -KILL "$pid"
	want wait_until revived "$1" "$pid"
	want is 1 status_of "$1" restarts
}

test_router_kill_each() {
	local service
	want boot_router router
	want wait_ready
	for service in sshd snmpd bgpd zebra; do revive "$service"; done
	want runs
	want wait_until in_node firsthop health
	want wait_until grep -q '192\.0\.2\.0/24' <(in_node vtysh -c 'show ip route')
	want no_zombies
	want is 1 log_count '^READY'
}

# A daemon that ends leaves its children to PID 1.
test_router_reaps_orphans() {
	want boot_router router
	want wait_ready
	want in_node sh -c 'for i in 1 2 3 4 5 6 7 8; do (sleep 0.01 &) ; done'
	want wait_until is '' in_node pgrep sleep
	want no_zombies
}

# Who needs another stops before it; nothing needs to be killed; the exit code is 0.
test_router_stops_in_order() {
	local service
	want boot_router router
	want wait_ready
	want stop_node
	want is 0 exit_code
	# Between zebra and mgmtd there is no order: they start, and so they stop, at once.
	for service in staticd bgpd ospfd; do
		want log_order "^firsthop: $service stopped" '^firsthop: zebra stopped'
		want log_order "^firsthop: $service stopped" '^firsthop: mgmtd stopped'
	done
	unwanted log_has 'did not stop|killing it|had to be killed'
}

test_router_under_docker_init() {
	want boot_router --init router
	check_ready_line
	unwanted is 1 in_node pgrep -o -f '^/usr/sbin/firsthop'
	revive bgpd
	want stop_node
	want is 0 exit_code
}

# What a service leaves behind comes to firsthop, not to docker-init.
test_router_adopts_under_docker_init() {
	local firsthop orphan
	want boot --init router sh -c '(sleep 1000 &); exec sleep 2000'
	want wait_until in_node pgrep -f 'sleep 1000'
	firsthop=$(in_node pgrep -o -f '^/usr/sbin/firsthop')
	orphan=$(in_node pgrep -f '^sleep 1000')
	unwanted is 1 echo "$firsthop"
	want is "$firsthop" in_node ps -o ppid:1= -p "$orphan"
	want in_node kill "$orphan"
	want no_zombies
	want runs
}

test_router_foreground_exit_code() {
	want boot_router router -- sh -c 'firsthop health --wait && exit 7'
	want is 7 exit_code
	want log_has '^READY'
}

test_router_foreground_signal() {
	want boot router sh -c 'kill -TERM $$'
	want is 143 exit_code
}

test_router_foreground_cannot_start() {
	want boot router /no/such/command
	want is 127 exit_code
	want log_has '/no/such/command'
}

# As containerlab does it: the link comes long after the routers are up.
learned() { in_node vtysh -c 'show ip route ospf' | grep -q '10\.255\.0\.2/32'; }
test_router_neighbour_over_a_late_link() {
	local peer=$node-peer
	want boot_router router
	want docker run -d --pull never --name "$peer" --hostname r2 --network none "${router_caps[@]}" \
		-v "$docker_lab/r2.conf:/etc/frr/frr.conf:ro" "${router_files[@]:2}" router >/dev/null
	want wait_ready
	want engine_ns ip link add eth1 netns "$(pid_of "$node")" type veth \
		peer name eth1 netns "$(pid_of "$peer")"
	want net_ns "$node" ip link set eth1 up
	want net_ns "$peer" ip link set eth1 up
	want wait_until learned
	want_text '^10\.255\.0\.2 .* Full/' in_node vtysh -c 'show ip ospf neighbor'
	want in_node ping -q -c 1 -W 5 -I 10.255.0.1 10.255.0.2
}

run_tests "$@"
