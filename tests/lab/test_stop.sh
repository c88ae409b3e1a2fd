#!/bin/bash
# The stop of a router whose neighbours run on, in a network that outlives it, as in host network
# mode: they are told, no route of FRR's stays behind, and a daemon that hangs does not spoil it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

# A dead interval longer than the test: who is gone by then was told.
neighbours=$(
	cat <<'END_OF_CONF'
interface eth1
 ip ospf dead-interval 600
 ipv6 ospf6 area 0
 ipv6 ospf6 network point-to-point
 ipv6 ospf6 hello-interval 1
 ipv6 ospf6 dead-interval 600
!
router ospf6
!
END_OF_CONF
)

inside() {
	local router=$1
	shift
	lab_in "${pid[$router]}" "$@"
}
# says ROUTER REGEX COMMAND…: what vtysh of that router shows has a matching line.
says() {
	local router=$1 regex=$2
	shift 2
	inside "$router" vtysh "${@/#/-c}" 2>&1 | tee -a "$lab_out" | grep -qE -e "$regex"
}
lacks() { ! says "$@"; }
met() {
	says "$1" '"bgpState":"Established"' "show bgp neighbors 10.0.12.$2 json" &&
		says "$1" 'Full' 'show ip ospf neighbor' &&
		says "$1" "^O.* 10\.255\.0\.$2/32 .*eth1" 'show ip route ospf' &&
		says "$1" 'Full' 'show ipv6 ospf6 neighbor'
}
all_met() { met r1 2 && met r2 1; }
kernel_routes() { nsenter -t "${lab_net[$1]}" -n ip "$2" route show table all; }
of_frr() {
	local family
	for family in -4 -6; do kernel_routes "$1" "$family"; done |
		grep -E 'proto (zebra|bgp|ospf|static|196)|nhid'
}
has_routes() { of_frr "$1" | grep -q 'proto bgp'; }
has_no_routes() { [ -z "$(of_frr "$1" | tee -a "$lab_out")" ]; }
# stop ROUTER: as an engine would; its exit code in $status.
stop() {
	kill -TERM "${pid[$1]}"
	wait "${job[$1]}"
	status=$?
	cat "$LAB/$1.log" >>"$lab_out"
}
logged() { grep -qE -e "$2" "$LAB/$1.log"; }

declare -A pid job
lab_open
for router in r1 r2; do
	lab_prepare "$router"
	sed -i 's/^ospf6d=no/ospf6d=yes/' "$LAB/$router/layer/etc/frr/daemons"
	echo "$neighbours" >>"$LAB/$router/layer/etc/frr/frr.conf"
	lab_boot "$router" -m READY -k "echo \$CONTAIN_PID >$LAB/$router.up" >"$LAB/$router.log" 2>&1 </dev/null &
	job[$router]=$!
done
for router in r1 r2; do
	lab_wait 60 "$router to be ready" test -s "$LAB/$router.up" || { cat "$LAB/$router.log" >&2 && exit 1; }
	pid[$router]=$(cat "$LAB/$router.up")
done
lab_wait 60 'the neighbours of both' all_met
lab_wait 60 'the routes of r1' has_routes r1
check stop_has_something_to_clean_up has_routes r1
exec {files}<"/proc/${pid[r1]}/root/etc/frr" # outlives the router
cp "/proc/self/fd/$files/frr.conf" "$TMPDIR/frr.conf"

stop r1
check stop_exits_0 test "$status" = 0
check stop_is_told_to_the_bgp_peer says r2 '"lastNotificationReason":"Cease\\?/Administrative Shutdown' 'show bgp neighbors 10.0.12.1 json'
check stop_is_told_to_the_ospf_neighbour lacks r2 'Full' 'show ip ospf neighbor'
check stop_takes_the_route_from_the_ospf_neighbour lacks r2 '10\.255\.0\.1/32' 'show ip route ospf'
check stop_is_told_to_the_ospf6_neighbour lacks r2 'Full' 'show ipv6 ospf6 neighbor'
check stop_leaves_no_route_of_frr has_no_routes r1
check stop_does_not_save_what_it_did cmp "$TMPDIR/frr.conf" "/proc/self/fd/$files/frr.conf"
exec {files}<&-
check stop_kills_nobody test -z "$(grep -iE 'KILL|drain:' "$LAB/r1.log")"

# r2 is left, with a bgpd that hangs. CONT follows a TERM, so that it may end like the others.
inside r2 sh -c 'kill -STOP $(cat /run/frr/bgpd.pid)'
stop r2
check stop_with_one_that_hangs_exits_0 test "$status" = 0
check stop_says_who_does_not_answer logged r2 'firsthop drain: bgpd: does not answer on its vty'
check stop_with_one_that_hangs_leaves_no_route has_no_routes r2
check stop_ends_zebra_after_who_hangs test "$(grep -nE 'firsthop: (bgpd|zebra) ' "$LAB/r2.log" | tail -n 1 | grep -c zebra)" = 1
lab_clean
trap - EXIT
lab_end stop
