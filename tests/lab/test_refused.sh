#!/bin/bash
# One value of frr.conf that FRR refuses: with FRR 10 it takes with it all that mgmtd was given, addresses
# and static routes. Whatever becomes of it, a save must not take them out of the file.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

conf=/etc/frr/frr.conf
inside() { lab_in "$pid" "$@"; }
has() { for line in "$@"; do inside grep -qxF -e "$line" "$conf" || return; done; }
settled() { inside firsthop status frr-config | grep -qE ', (done|failed) for'; }
# refused_or_whole: the router says that it is not as its file has it, or has all but the bad line.
refused_or_whole() {
	said=$(inside vtysh -c 'write memory' 2>&1 </dev/null)
	printf '%s\n' "$said" >>"$lab_out"
	grep -q '^% frr-config: failed; ' <<<"$said" || inside vtysh -c 'show running-config' | grep -qF 'ip route 192.0.2.0/24 blackhole'
}
saves() { inside vtysh -c 'write memory' 2>&1 </dev/null | tee -a "$lab_out" | grep -qxF '[OK]'; }

lab_open
lab_prepare r1
sed -i 's|^ ip address 10\.255\.0\.1/32|&\n ip address 0.0.0.5/32|' "$LAB/r1/layer/etc/frr/frr.conf"
lab_boot r1 -k "echo \$CONTAIN_PID >$LAB/up" >"$LAB/log" 2>&1 </dev/null &
router=$!
lab_wait 60 'r1 to be there' test -s "$LAB/up" || { cat "$LAB/log" >&2 && exit 1; }
pid=$(cat "$LAB/up")

check refused_comes_to_an_end lab_wait 60 'the loader to have ended' settled
check refused_is_not_taken_for_whole refused_or_whole
check refused_leaves_the_file has ' ip address 10.0.12.1/30' 'ip route 192.0.2.0/24 blackhole'
# Mended, it is taken, by an mgmtd that does not remember.
inside sed -i '/0\.0\.0\.5/d' "$conf"
! inside test -e /usr/lib/frr/mgmtd || inside firsthop restart mgmtd >>"$lab_out" 2>&1
inside firsthop start frr-config >>"$lab_out" 2>&1
check refused_no_more lab_wait 30 'the loader to be content' inside firsthop health
check refused_no_save lab_wait 30 'a save' saves
check refused_has_all has ' ip address 10.0.12.1/30' 'ip route 192.0.2.0/24 blackhole' 'router bgp 65001'

kill -TERM "$pid"
wait "$router"
check refused_stops_in_order test $? = 0
cat "$LAB/log" >>"$lab_out"
lab_clean
trap - EXIT
lab_end refused
