#!/bin/bash
# bars.sh [TEST…]: what a router promises beside a start.sh (tests/bench/start-sh), where it takes no
# clock to see it: Docker's own patience decides. The figures are the bench's.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

# Killed after a second, the container would end with 137.
test_bars_stop_takes_no_second() {
	want boot_router router
	want wait_ready
	want is ready status_of bgpd state
	want is ready status_of ospfd state
	want docker stop --time 1 "$node" >/dev/null
	want is 0 exit_code
	want log_has '^firsthop: zebra stopped'
}

# The same router by a script, which as PID 1 does not even hear of it.
test_bars_start_sh_is_killed() {
	local protocols
	protocols=$(mktemp "$DOCKER_CONFIG/protocols.XXXXXX")
	printf '# none but those of the file\n' >"$protocols"
	want boot_router -t -v "$protocols:/config/protocols:ro" \
		-v "$PWD/tests/bench/start-sh:/start.sh:ro" --entrypoint /start.sh router
	want wait_log '^READY'
	want in_node vtysh -c 'show ip route' >/dev/null
	want docker stop --time 1 "$node" >/dev/null
	want is 137 exit_code
}

# The file itself is what is kept; vtysh cannot replace it, and writes into it.
test_bars_write_memory_into_a_mounted_file() {
	local file
	file=$(mktemp "$DOCKER_CONFIG/frr.XXXXXX")
	printf 'hostname r1\nrouter ospf\n ospf router-id 10.255.0.1\n!\n' >"$file"
	want boot "${router_caps[@]}" "${router_files[@]:2}" -v "$file:/etc/frr/frr.conf" router
	want wait_ready
	want in_node vtysh -c 'configure terminal' -c 'ip route 198.51.100.0/24 blackhole' >/dev/null
	want_text 'OK' in_node vtysh -c 'write memory'
	want docker rm -f "$node" >/dev/null
	want boot "${router_caps[@]}" "${router_files[@]:2}" -v "$file:/etc/frr/frr.conf" router
	want wait_ready
	want_text '^ip route 198\.51\.100\.0/24 blackhole' in_node vtysh -c 'show running-config'
	want_text '^ ospf router-id 10\.255\.0\.1' in_node vtysh -c 'show running-config'
}

run_tests "$@"
