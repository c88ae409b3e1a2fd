#!/bin/bash
# persist.sh [TEST…]: what an operator saves is there in the next container: with a volume, and with a
# single mounted file, which vtysh cannot replace.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

# boot_kept OPTION…: a router with the shipped examples, whose volume is the node's own.
boot_kept() {
	boot "${router_caps[@]}" -v "$node-config:/config" -v "$docker_lab/daemons:/etc/frr/daemons:ro" \
		-v "$PWD/config/examples/router.ini:/etc/firsthop.ini:ro" \
		-v "$PWD/config/examples/persist.ini:/etc/firsthop.d/persist.ini:ro" "$@" router
}
vtysh() { in_node vtysh "$@"; }
# What a client sees, of all kinds of keys.
host_keys() { in_node ssh-keyscan 127.0.0.1 2>/dev/null | grep -v '^#' | sort; }
# operate: as somebody at the console does it.
operate() {
	want vtysh -c 'configure terminal' -c 'ip route 198.51.100.0/24 blackhole' >/dev/null
	want_text 'OK' vtysh -c 'write memory' 2>/dev/null
}
# lose: the container has no time to say goodbye. renew OPTION…: another with the same volume.
lose() { want docker rm -f "$node" >/dev/null; }
renew() {
	want boot_kept "$@"
	want wait_ready
}
is_back() {
	want wait_log 'persist frr.conf: restored from the store /config/frr.conf$'
	want_text '^ip route 198\.51\.100\.0/24 blackhole' in_node cat /etc/frr/frr.conf
	want_text '^ip route 198\.51\.100\.0/24 blackhole' vtysh -c 'show running-config'
	want is '640 frr frr' in_node stat -c '%a %U %G' /etc/frr/frr.conf
}
forget_volume() { docker rm -f "$node" && docker volume rm "$node-config"; }

test_persist_volume() {
	local keys
	want boot_kept
	want wait_ready
	want wait_log 'persist host-key: /etc/ssh/ssh_host_ed25519_key kept'
	keys=$(host_keys)
	want grep -q 'ssh-ed25519' <<<"$keys"
	operate
	lose
	renew
	is_back
	want is "$keys" host_keys
	want forget_volume >/dev/null
}

test_persist_mounted_file() {
	local file
	file=$(mktemp "$DOCKER_CONFIG/frr.XXXXXX")
	printf 'hostname r1\n!\n' >"$file"
	want boot_kept -v "$file:/etc/frr/frr.conf"
	want wait_ready
	operate
	want grep -q 198.51.100.0/24 "$file"
	# The lab puts the file back as it was, or lost it: what was saved is there.
	lose
	printf 'hostname r1\n!\n' >"$file"
	renew -v "$file:/etc/frr/frr.conf"
	is_back
	lose
	: >"$file"
	renew -v "$file:/etc/frr/frr.conf"
	is_back
	want forget_volume >/dev/null
}

run_tests "$@"
