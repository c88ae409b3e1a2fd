#!/bin/bash
# `make run` without a terminal: one real router, shown and stopped in order.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lab/test_lib.sh

lab_begin
tests/lab/run >"$lab_out" 2>&1 </dev/null
status=$?
check lab_one_exits_0 test "$status" = 0
check lab_one_is_ready shown '^READY$'
for service in mgmtd zebra staticd ospfd bgpd sshd snmpd; do
	check "lab_one_${service}_is_ready" shown "^$service +ready "
done
check lab_one_has_a_static_route shown '^S>\* 192\.0\.2\.0/24 .*blackhole'
check lab_one_has_a_connected_route shown '^C>\* 10\.0\.12\.0/30 .*eth1'
check lab_one_is_true_when_it_says_ready in_order '^firsthop: frr-config done' '^READY$'
check lab_one_stops_zebra_after_its_clients in_order '^READY$' 'ospfd stopped' 'zebra stopped' 'exit code 0'
check lab_one_stops_bgpd_before_zebra in_order '^READY$' 'bgpd stopped' 'zebra stopped'
lab_end lab_one
