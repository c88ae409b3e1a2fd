#!/bin/bash
# `make run ROUTERS=2`: two routers, one cable, an adjacency, and packets from loopback to loopback;
# each daemon of r1 killed in turn, and one that hangs.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lab/test_lib.sh

lab_begin
LAB_KILL=yes tests/lab/run 2 >"$lab_out" 2>&1 </dev/null
status=$?
check lab_two_exits_0 test "$status" = 0
check lab_two_are_adjacent shown '^10\.255\.0\.2 .* Full/'
check lab_two_learn_the_loopback shown '^O>\* 10\.255\.0\.2/32 .* via 10\.0\.12\.2, eth1'
check lab_two_ping_from_loopback_to_loopback shown '3 packets transmitted, 3 received, 0% packet loss'
for daemon in bgpd ospfd zebra staticd; do
	check "lab_two_${daemon}_comes_back_whole" shown "^killed $daemon: its routes and its configuration are back"
done
check lab_two_bgpd_that_hangs_comes_back_whole shown '^stopped bgpd: its routes and its configuration are back'
[ ! -e "$B/root-${SUITE:-trixie}/usr/lib/frr/mgmtd" ] ||
	check lab_two_mgmtd_comes_back_whole shown '^killed mgmtd: its routes and its configuration are back'
check lab_two_stop_both shown '^  r2 stopped: .*exit code 0'
lab_end lab_two
