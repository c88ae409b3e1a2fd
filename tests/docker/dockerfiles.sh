#!/bin/bash
# dockerfiles.sh [TEST…]: Dockerfile.ubuntu is built with the legacy builder, from sources and packages,
# on Debian 13 and on Debian 12, and its image booted. With another FRR: frr.sh.
# Dockerfile.alpine cannot be built without an Alpine image and its packages; what is shown of it is
# only that the builder takes its syntax, up to the first `apk`. tests/docker/small.sh has its binary.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh
. tests/docker/debian.sh

has_no_secret() {
	want_text '^root:[*!]' in_node cat /etc/shadow
	want is '' docker run --rm --network none --entrypoint find "$1" /etc/ssh -name 'ssh_host_*'
}

test_dockerfile_ubuntu() {
	want base trixie
	want build_quietly Dockerfile.ubuntu trixie -t ubuntu-router
	check_router 10 ubuntu-router
	has_no_secret ubuntu-router
	want_text SIGTERM docker inspect -f '{{.Config.StopSignal}}' ubuntu-router
	want_text 'MIT' docker inspect -f '{{index .Config.Labels "org.opencontainers.image.licenses"}}' ubuntu-router
	stops_well
}

test_dockerfile_ubuntu_on_debian_12() {
	want base bookworm
	want build_quietly Dockerfile.ubuntu bookworm -t bookworm-router
	check_router 8 bookworm-router
	stops_well
}

# The layers are those of the first.
test_dockerfile_ubuntu_keeps() {
	want base trixie
	want build_quietly Dockerfile.ubuntu trixie --target keeping -t keeping-router
	want docker volume create "$node" >/dev/null
	for _ in first second; do
		check_router 10 -v "$node:/config" keeping-router
		want in_node vtysh -c 'configure terminal' -c 'ip route 198.51.100.0/24 blackhole' -c 'do write memory' >/dev/null
		stops_well
		want docker rm "$node" >/dev/null
	done
	want boot "${router_caps[@]}" -v "$node:/config" keeping-router
	want wait_ready
	want wait_log 'persist frr.conf: restored from the store /config/frr.conf$'
	want_text '198\.51\.100\.0/24' in_node vtysh -c 'show ip route'
	want docker rm -f "$node" >/dev/null
	want docker volume rm "$node" >/dev/null
}

test_dockerfile_ubuntu_for_a_lab() {
	want base trixie
	want build_quietly Dockerfile.ubuntu trixie --build-arg LAB=yes -t lab-router
	check_router 10 lab-router
	want_text '^root::' in_node cat /etc/shadow
	want is '' net_ns "$node" setsid ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-o NumberOfPasswordPrompts=0 root@127.0.0.1 true
}

test_dockerfile_alpine_parses() {
	want base trixie
	want_text 'Step 3/[0-9]+ : RUN apk add' build Dockerfile.alpine trixie
	want_text 'apk: not found' build Dockerfile.alpine trixie
}

run_tests "$@"
