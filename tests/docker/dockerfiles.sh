#!/bin/bash
# dockerfiles.sh [TEST…]: Dockerfile.ubuntu is built with the legacy builder, from sources and
# packages, and its image booted. No image can be pulled here, so BASE is a plain Debian 13 made by
# mmdebstrap: the same package names and tools as Ubuntu's, not the same packages.
# Dockerfile.alpine cannot be built without an Alpine image and its packages; what is shown of it is
# only that the builder takes its syntax, up to the first `apk`.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

suite=${SUITE:-trixie}
tree=$B/base-$suite.tar

# This machine's own settings for packages go in: how it reaches a mirror is not in this repository.
make_tree() {
	local settings
	settings=$(mktemp)
	apt-config dump | grep -E '^Acquire::(https?|ftp|Check-|Retries|Force)' >"$settings"
	mmdebstrap --variant=minbase --format=tar --quiet \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt=force-unsafe-io \
		--customize-hook="upload $settings /etc/apt/apt.conf.d/99machine" \
		"$suite" "$tree.part" && mv "$tree.part" "$tree"
	rm -f "$settings"
}

# build FILE OPTION…: with only what belongs to the sources as context.
build() {
	tar -c Makefile config supervisor init "$1" |
		docker build --network host --build-arg http_proxy --build-arg https_proxy \
			--build-arg BASE=minimal -f "$@" -
}

healthy() { is healthy docker inspect -f '{{.State.Health.Status}}' "$node"; }

test_dockerfile_ubuntu() {
	local built
	built=$(build Dockerfile.ubuntu -t ubuntu-router 2>&1) || { tail -n 40 <<<"$built" && exit 1; }
	want boot "${router_caps[@]}" --health-interval 1s ubuntu-router
	want wait_ready
	want wait_until healthy
	want_text '^FRRouting 10\.' in_node vtysh -c 'show version'
	want_text sshd in_node firsthop status
	want_text snmpd in_node firsthop status
	want stop_node
	want is 0 exit_code
}

test_dockerfile_alpine_parses() {
	want_text 'Step 3/[0-9]+ : RUN apk add' build Dockerfile.alpine
	want_text 'apk: not found' build Dockerfile.alpine
}

exec 8>"$tree.lock"
flock 8
[ -s "$tree" ] || make_tree || exit
flock -u 8
docker import - minimal <"$tree" >/dev/null || exit
run_tests "$@"
