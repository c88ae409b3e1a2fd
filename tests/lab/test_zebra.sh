#!/bin/bash
# zebra is away for some seconds, and a neighbour announces something meanwhile: it has to be in the
# kernel once zebra is back, and all that was there before.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

inside() { lab_in "${pid[$1]}" "${@:2}"; }
state() { inside r1 firsthop status "$1" | grep -q ", $2 for"; }
# has PREFIX PROTOCOL: in the kernel of r1, as zebra puts it there.
has() { inside r1 ip -4 route show "$1" proto "$2" | grep -q .; }
has_ospf_and_bgp() { has 10.255.0.2 ospf && has 198.51.100.0/24 bgp; }
# bgpd knows of it, or does not run, in which case it will ask.
knows() { ! state bgpd ready || inside r1 vtysh -c 'show bgp ipv4 unicast' | grep -qF "$1"; }

declare -A pid job
lab_open
{
	cat config/examples/router.ini
	printf '\n[service zebra]\nrestart_delay = 1h\n'
} >"$LAB/zebra.ini"
for router in r1 r2; do
	lab_prepare "$router" "$LAB/zebra.ini"
	lab_boot "$router" -m READY -k "echo \$CONTAIN_PID >$LAB/$router.up" >"$LAB/$router.log" 2>&1 </dev/null &
	job[$router]=$!
done
for router in r1 r2; do
	lab_wait 60 "$router to be ready" test -s "$LAB/$router.up" || { cat "$LAB/$router.log" >&2 && exit 1; }
	pid[$router]=$(cat "$LAB/$router.up")
done

check zebra_has_routes_of_both lab_wait 60 'routes of OSPF and BGP' has_ospf_and_bgp
inside r1 sh -c 'kill -KILL "$(cat /run/frr/zebra.pid)"'
lab_wait 20 'zebra to be away' state zebra backoff
inside r2 vtysh -c 'configure terminal' -c 'ip route 203.0.113.0/24 blackhole' -c 'router bgp 65002' \
	-c 'address-family ipv4 unicast' -c 'network 203.0.113.0/24' >>"$lab_out" 2>&1
check zebra_is_missed lab_wait 30 'bgpd to know of it' knows 203.0.113.0/24
inside r1 firsthop start zebra >>"$lab_out" 2>&1
check zebra_learns_what_was_known lab_wait 30 'routes of OSPF and BGP' has_ospf_and_bgp
check zebra_learns_what_came_meanwhile lab_wait 30 'the new route' has 203.0.113.0/24 bgp
check zebra_leaves_the_router_whole lab_wait 30 'r1 to be healthy' inside r1 firsthop health

for router in r1 r2; do
	kill -TERM "${pid[$router]}"
	wait "${job[$router]}"
	check "zebra_${router}_stops_in_order" test $? = 0
	cat "$LAB/$router.log" >>"$lab_out"
done
lab_clean
trap - EXIT
lab_end zebra
