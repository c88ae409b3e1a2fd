#!/bin/bash
# `firsthop health --level converged` between two real routers: with all neighbours, one that is not
# there, a cable that is cut, and more neighbours asked for than there are.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

# health [OPTION…]: of r1; its line in $said, its exit code in $status.
health() {
	said=$(lab_in "$r1" firsthop health --level converged "$@" 2>&1 </dev/null)
	status=$?
	printf '# health %s: %s: %s\n' "$*" "$status" "$said" >>"$lab_out"
}
exits() { [ "$status" = "$1" ]; }
says() { grep -qE -e "$1" <<<"$said"; }
lacks() { health && exits 1 && says "$1"; }
vty() {
	local arguments=()
	for command in "$@"; do arguments+=(-c "$command"); done
	lab_in "$r1" vtysh "${arguments[@]}" >>"$lab_out" 2>&1 </dev/null
}
counts() { lab_in "$r1" sed -i "/^converged_/d; s/^\[frr\]/&\n$1/" /etc/firsthop.ini && lab_in "$r1" firsthop reload >>"$lab_out"; }

lab_open
for router in r1 r2; do
	lab_prepare "$router"
	layer=$LAB/$router/layer/etc/frr
	sed -i 's/^ospf6d=no/ospf6d=yes/; s/^isisd=no/isisd=yes/' "$layer/daemons"
	cat >>"$layer/frr.conf" <<END
interface eth1
 ipv6 ospf6 area 0
 ipv6 ospf6 hello-interval 1
 ipv6 ospf6 dead-interval 4
 ip router isis core
 isis hello-interval 1
!
router ospf6
 ospf6 router-id 10.255.0.${router#r}
!
router isis core
 net 49.0001.0000.0000.000${router#r}.00
!
END
	lab_boot "$router" -m READY -k "echo \$CONTAIN_PID >$LAB/$router.up" >"$LAB/$router.log" 2>&1 </dev/null &
	booted[${router#r}]=$!
done
for router in r1 r2; do
	lab_wait 60 "$router to be ready" test -s "$LAB/$router.up" || { cat "$LAB/$router.log" >&2 && exit 1; }
done
r1=$(cat "$LAB/r1.up")
r2=$(cat "$LAB/r2.up")

health --wait=90s
check converged_when_all_neighbours_are_there exits 0
check converged_says_what_holds says '^bgp: 1 of 1 neighbour established; ospf: 1 of 1 neighbour adjacent; ospf6: 1 of 1 neighbour adjacent; isis: 2 of 2 neighbours up$'

vty 'configure terminal' 'router bgp 65001' 'neighbor 10.0.12.9 remote-as 65009'
check converged_needs_each_bgp_neighbour lacks '^bgp: 1 of 2 neighbours established: 10\.0\.12\.9 is (Idle|Active|Connect)$'
health --wait=1s
check converged_waits_no_longer_than_asked exits 1
vty 'configure terminal' 'router bgp 65001' 'neighbor 10.0.12.9 shutdown'
health
check converged_leaves_out_who_is_shut_down exits 0
vty 'configure terminal' 'router bgp 65001' 'no neighbor 10.0.12.9 shutdown'
check converged_reloads_counts counts 'converged_bgp = 1'
health
check converged_takes_a_number_of_bgp_neighbours exits 0
counts 'converged_bgp = 1\nconverged_ospf = 2'
check converged_wants_more_ospf_neighbours lacks '^ospf: 1 of 2 neighbours adjacent$'
counts 'converged_bgp = 0\nconverged_ospf = 0\nconverged_isis = 3'
check converged_wants_more_isis_neighbours lacks '^isis: 2 of 3 neighbours up$'

counts 'converged_bgp = 0'
lab_in "$r2" ip link set eth1 down
check converged_is_over_when_the_cable_is_cut lab_wait 30 'r1 to lose ospf' lacks '^ospf: 0 of 1 neighbour adjacent'
counts 'converged_ospf = 0\nconverged_isis = 0'
check converged_is_over_for_bgp_too lab_wait 30 'r1 to lose bgp' lacks '^bgp: 0 of 2 neighbours established: 10\.0\.12\.'
counts 'converged_bgp = 0\nconverged_ospf = 0'
check converged_is_over_for_isis_too lab_wait 30 'r1 to lose isis' lacks '^isis: 0 of 1 neighbour up'
counts 'converged_bgp = 1'
lab_in "$r2" ip link set eth1 up
health --wait=90s
check converged_again_with_the_cable exits 0
vty 'configure terminal' 'no router bgp 65001' 'no router ospf' 'no router ospf6' 'no router isis core'
health --wait=10s
check converged_without_a_routing_protocol exits 0
check converged_says_that_there_is_none says '^no routing protocol is configured$'

kill -TERM "$r1" "$r2"
wait "${booted[1]}"
check converged_stops_in_order test $? = 0
wait "${booted[2]}"
cat "$LAB/r1.log" >>"$lab_out"
lab_clean
trap - EXIT
lab_end converged
