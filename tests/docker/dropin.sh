#!/bin/bash
# dropin.sh [TEST…]: an image as labs have it, with a start.sh of the usual kind, gets the binary and
# another ENTRYPOINT, and nothing else. It must start what the script started, by the built-in
# configuration, and do better where the script is known to fail.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

context=$(mktemp -d "$DOCKER_CONFIG/dropin.XXXXXX")
cp -L "$FIRSTHOP" "$context/firsthop"
cp "$docker_lab/snmpd.conf" "$context"
cat >"$context/start.sh" <<'END'
#!/bin/bash
sysctl -w net.ipv4.ip_forward=1 2>/dev/null
/usr/sbin/snmpd -LS 5 d
mkdir -p /run/sshd
ssh-keygen -A
/usr/sbin/sshd
while read -r daemon; do
	[[ $daemon =~ ^[a-z0-9]+$ ]] && sed -i "s/^$daemon=no/$daemon=yes/" /etc/frr/daemons
done </config/protocols
hostname "$(awk '/^hostname/ {print $2}' /etc/frr/frr.conf)"
/usr/lib/frr/frrinit.sh start
[ -c /dev/console ] && echo READY >/dev/console || echo READY
trap '' INT TSTP
while true; do
	if [ -t 0 ]; then /usr/bin/vtysh; else sleep 1; fi
done
END
printf 'bgpd\n# ripd\nospfd\n' >"$context/protocols"
printf 'hostname lab-3\n!\nip route 192.0.2.0/24 blackhole\n' >"$context/frr.conf"
chmod 755 "$context/start.sh"

# image NAME LINE…: from a Dockerfile of these lines.
image() {
	local name=$1 said
	shift
	printf '%s\n' "$@" >"$context/Dockerfile"
	said=$(docker build -t "$name" "$context" 2>&1) || { echo "$said" >&2 && return 1; }
}
image seed 'FROM base' 'COPY snmpd.conf /etc/snmp/' 'COPY protocols /config/' \
	'COPY frr.conf /etc/frr/' 'RUN chown frr:frr /etc/frr/frr.conf && mkdir -p /var/agentx' \
	"RUN sed -i 's/^\\(zebra\\|ospfd\\|bgpd\\)_options=\"/&-M snmp /' /etc/frr/daemons" \
	'COPY start.sh /' 'ENTRYPOINT ["/start.sh"]' || exit
image dropin 'FROM seed' 'COPY firsthop /usr/sbin/' 'ENTRYPOINT ["/usr/sbin/firsthop"]' || exit

# The daemons that run: names, sorted; not the script's own and its shells.
daemons() { in_node ps -eo comm= | grep -E '^(zebra|mgmtd|[a-z0-9]+d)$' | grep -v firsthop | sort -u; }
of() { (node=$node-$1 && "${@:2}"); }
check_router() {
	want is lab-3 in_node uname -n
	want_text '192\.0\.2\.0/24' in_node vtysh -c 'show ip route'
	want_text 'STRING: "lab-3"' net_ns "$node" snmpwalk -m '' -On -v 2c -c public 127.0.0.1 .1.3.6.1.2.1.1.5
}

test_dropin_starts_what_the_script_started() {
	want of script boot "${router_caps[@]}" seed
	want of script wait_log '^READY'
	want of script wait_until has_all
	want of binary boot "${router_caps[@]}" dropin
	want of binary wait_ready
	want is "$(of script daemons)" of binary daemons
	want of binary check_router
	want_text '"built-in"' of binary in_node firsthop status --json
	want of binary wait_log '^READY'
}
has_all() { in_node pgrep bgpd && in_node pgrep ospfd && in_node pgrep sshd && in_node pgrep snmpd; }

# What the script does not: bring a daemon back, and stop at once.
test_dropin_does_better() {
	want boot "${router_caps[@]}" dropin
	want wait_ready
	want in_node kill -KILL "$(status_of sshd pid)" "$(status_of snmpd pid)"
	want wait_until is 1 status_of sshd restarts
	want wait_until is 1 status_of snmpd restarts
	want wait_until is ready status_of sshd state
	stops_well
}

run_tests "$@"
