#!/bin/bash
# SNMP of a router with a neighbour: snmpd answers for bgpd and ospfd, which are its AgentX
# subagents as zebra is, and does so again after it was killed.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

inside() { lab_in "${pid[r1]}" "$@"; }
# walk OID: with this machine's tools, in the network of r1.
walk() { nsenter -t "${lab_net[r1]}" -n snmpwalk -v 2c -c public -On -t 1 -r 0 127.0.0.1 "$1" 2>&1; }
# has OID SUFFIX VALUE: a walk of the subtree finds it.
has() { grep -qxF -e "$1$2 = $3" <<<"$(walk "$1")"; }
# BGP4-MIB (RFC 4273): bgpLocalAs, bgpPeerState established(6). OSPF-MIB (RFC 4750): ospfRouterId,
# ospfNbrState full(8).
has_bgp() { has .1.3.6.1.2.1.15 .2.0 'INTEGER: 65001' && has .1.3.6.1.2.1.15 .3.1.2.10.0.12.2 'INTEGER: 6'; }
has_ospf() { has .1.3.6.1.2.1.14 .1.1.0 'IpAddress: 10.255.0.1' && has .1.3.6.1.2.1.14 .10.1.6.10.0.12.2.0 'INTEGER: 8'; }
# zebra, bgpd and ospfd. zebra's own IP-FORWARD-MIB snmpd may answer by itself.
has_agents() { [ "$(inside ss -xHO state connected src unix:/var/agentx/master | wc -l)" = 3 ]; }
# NET-SNMP-EXTEND-MIB: nsExtendOutputFull and nsExtendResult of config/examples/snmpd-extend.conf.
has_extend() {
	local said
	said=$(walk .1.3.6.1.4.1.8072.1.3.2.3.1.2)
	grep -qE 'STRING: "([0-9]+) of \1 services ready"$' <<<"$said" && grep -q '^bgpd  *ready ' <<<"$said" &&
		grep -qxE 'firsthop_service_up[{]service=.?"bgpd.?"[}] 1' <<<"$said" &&
		[ "$(walk .1.3.6.1.4.1.8072.1.3.2.3.1.4 | grep -c '= INTEGER: 0$')" = 3 ]
}
has_all() { has_bgp && has_ospf && has_agents; }
pid_of() { inside firsthop status --json "$1" | sed -nE 's/.*"pid":([0-9]+).*/\1/p'; }
is_new() { [ "$(pid_of snmpd)" != "$1" ] && inside firsthop status snmpd | grep -q ', ready for '; }

declare -A pid job
lab_open test
for router in r1 r2; do
	lab_prepare "$router"
	cat config/examples/snmpd-extend.conf >>"$LAB/$router/layer/etc/snmp/snmpd.conf"
	lab_boot "$router" -m READY -k "echo \$CONTAIN_PID >$LAB/$router.up" >"$LAB/$router.log" 2>&1 </dev/null &
	job[$router]=$!
done
for router in r1 r2; do
	lab_wait 60 "$router to be ready" test -s "$LAB/$router.up" || { cat "$LAB/$router.log" >&2 && exit 1; }
	pid[$router]=$(cat "$LAB/$router.up")
done

lab_wait 60 'SNMP to know the neighbour' has_all
check snmp_walks_bgp has_bgp
check snmp_walks_ospf has_ospf
check snmp_has_all_agents has_agents
check snmp_tells_of_firsthop has_extend
before=$(for daemon in zebra bgpd ospfd; do pid_of $daemon; done)
old=$(pid_of snmpd)
check snmp_runs_in_the_foreground inside sh -c "tr '\\0' ' ' </proc/$old/cmdline | grep -q -- '-f -Lo'"
inside kill -KILL "$old"
lab_wait 20 'another snmpd' is_new "$old"
check snmpd_comes_back is_new "$old"
# FRR tries again every 15 s.
lab_wait 60 'the daemons to have joined it' has_all
check snmp_walks_bgp_after_a_kill has_bgp
check snmp_walks_ospf_after_a_kill has_ospf
check snmp_has_all_agents_after_a_kill has_agents
check snmp_needs_no_restart_of_the_daemons test "$before" = "$(for daemon in zebra bgpd ospfd; do pid_of $daemon; done)"

for router in r1 r2; do
	kill -TERM "${pid[$router]}"
	wait "${job[$router]}"
	check "snmp_${router}_stops_in_order" test $? = 0
	cat "$LAB/$router.log" >>"$lab_out"
done
lab_clean
trap - EXIT
lab_end snmp
