#!/bin/bash
# A daemon of FRR's that lacks a capability: it is told which, and not started over and over.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

lab_open
lab_prepare r1
echo 'bgpd_wrap="/usr/bin/setpriv --bounding-set=-sys_admin"' >>"$LAB/r1/layer/etc/frr/daemons"
said='firsthop: error: bgpd exited 1, for it lacks the capability SYS_ADMIN; it is not restarted'

# look: what there is to see from then on, once what does not need bgpd is there.
cat >"$LAB/look" <<'END'
. tests/lib/ui.sh
. tests/lab/lib.sh
configured() { lab_in "$CONTAIN_PID" firsthop status frr-config | grep -q ', done for'; }
lab_wait 60 'the other daemons to be configured' configured
lab_in "$CONTAIN_PID" firsthop status bgpd
lab_in "$CONTAIN_PID" firsthop health
lab_in "$CONTAIN_PID" vtysh -c 'write memory' 2>&1
kill -TERM "$CONTAIN_PID"
END
lab_boot r1 -m "$said" -k "bash $LAB/look >$LAB/seen 2>&1" >>"$lab_out" 2>&1 </dev/null
status=$?
cat "$LAB/seen" >>"$lab_out"

check lacks_names_the_capability shown "^$said\$"
check lacks_tries_once shown '^  restarts  *0$'
check lacks_fails_for_good shown '^bgpd: daemon, failed for'
check lacks_says_the_cure shown '^  reason  *not tried again; start the container with --cap-add SYS_ADMIN$'
check lacks_starts_the_others shown '^firsthop: frr-config done'
check lacks_is_not_healthy shown 'bgpd is failed'
check lacks_does_not_save shown '^% Not all daemons are up, cannot write config\.$'
check lacks_stops_in_order test "$status" = 0
lab_clean
trap - EXIT
lab_end lacks
