#!/bin/bash
# frr.sh [TEST…]: Dockerfile.ubuntu with another FRR than the distribution's: FRR=stable/10.4, compiled from
# FRR_SOURCE (a URL, or the path of a git repository, which is then served to the builds), and FRR=frr-10.4 from
# a package repository. FRR's own cannot be reached here: one like it is made of what was compiled. FRR_REF
# names another branch or tag. Without FRR_SOURCE nothing of this is done, for it takes many minutes.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh
. tests/docker/debian.sh

[ -n "${FRR_SOURCE:-}" ] || exit 0
tests/lab/deps frr test >&2 || exit
ref=${FRR_REF:-stable/10.4}
version=$(grep -oE '[0-9.]+$' <<<"$ref")
component=frr-$(cut -d. -f1-2 <<<"$version")

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# serve_git: $source is the URL of FRR_SOURCE, for as long as this script runs: one URL for all tests, for it is
# part of what the builder knows a layer by.
serve_git() {
	local port
	source=$FRR_SOURCE
	[ -d "$FRR_SOURCE" ] || return 0
	port=$(free_port)
	# Not as `git daemon`, which would leave it behind when it is killed.
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' \
		setpriv --pdeathsig KILL "$(git --exec-path)/git-daemon" --listen=127.0.0.1 --port="$port" --export-all \
		--base-path="$(realpath "$FRR_SOURCE")" >/dev/null 2>&1 &
	disown
	source=git://127.0.0.1:$port/
	wait_until git ls-remote "$source" HEAD
}
from_source() { build_quietly Dockerfile.ubuntu "$1" --build-arg FRR="$2" --build-arg FRR_SOURCE="$source" "${@:3}"; }

# boot_with_bgp IMAGE: with r1's configuration, which it may change, and the daemons that it needs.
boot_with_bgp() {
	printf 'bgpd\nospfd\n' >"$DOCKER_CONFIG/protocols"
	docker create --pull never --name "$node" --hostname r1 --network none "${router_caps[@]}" --health-interval 1s \
		-v "$DOCKER_CONFIG/protocols:/config/protocols:ro" "$1" >/dev/null &&
		docker cp tests/lab/r1.conf "$node:/etc/frr/frr.conf" && docker start "$node" >/dev/null
}
# bgpLocalAs, which only bgpd knows; it joins snmpd within 15 s.
walks_bgp() { grep -q '\.1\.3\.6\.1\.2\.1\.15\.2\.0 = INTEGER: 65001' <(net_ns "$node" snmpwalk -v 2c -c public -On 127.0.0.1 .1.3.6.1.2.1.15); }
logs_in() {
	net_ns "$node" setsid ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-o NumberOfPasswordPrompts=0 root@127.0.0.1 vtysh -c "'show version'"
}

# check_frr IMAGE: all that an image with the distribution's FRR does.
check_frr() {
	want boot_with_bgp "$1"
	want wait_ready
	want wait_until is healthy docker inspect -f '{{.State.Health.Status}}' "$node"
	want_text "^FRRouting $version" in_node vtysh -c 'show version'
	want_text '^zebra_options="-M snmp' in_node cat /etc/frr/daemons
	want_text '^frr:frr 640$' in_node stat -c '%U:%G %a' /etc/frr/vtysh.conf
	want_text 'root:frrvty 770' in_node stat -c '%U:%G %a' /run/frr/watchfrr.vty
	want in_node test -x /usr/lib/frr/frrinit.sh
	want wait_until walks_bgp
	want_text "^FRRouting $version" logs_in
	want_text '^\[OK\]$' in_node vtysh -c 'configure terminal' -c 'ip route 198.51.100.0/24 blackhole' -c 'do write memory'
	want_text '^ip route 198\.51\.100\.0/24 blackhole$' in_node cat /etc/frr/frr.conf
	want_text '^router bgp 65001$' in_node cat /etc/frr/frr.conf
	stops_well
}

test_frr_from_source() {
	want base trixie
	want from_source trixie "$ref" --build-arg LAB=yes -t source-router
	check_frr source-router
}

# What is said before anything is compiled.
test_frr_from_source_needs_a_later_libyang() {
	want base bookworm
	want_text "frr-packages: FRR $ref needs libyang 2\.1\.128 or later, and this distribution has 2\.1\.30" \
		from_source bookworm "$ref"
}
test_frr_from_source_needs_a_branch() {
	want base trixie
	want_text 'frr-packages: git://.* has no branch or tag stable/99$' from_source trixie stable/99
}

# packages_into DIR: those that the lab has, or compiled here.
packages_into() {
	[ ! -d "$B/$component" ] || { cp "$B/$component"/*.deb "$1" && return; }
	from_source trixie "$ref" --target frr -t packages &&
		docker run --rm --network none --entrypoint tar packages -C /packages -c . | tar -C "$1" -x
}
# serve_repository: $repository is the URL of a package repository like FRR's, of what was compiled.
serve_repository() {
	local dir=$DOCKER_CONFIG/repository part port
	part=dists/trixie/$component/binary-$(dpkg --print-architecture)
	mkdir -p "$dir/pool" "$dir/$part" "$dir/key"
	packages_into "$dir/pool" || return
	chmod 700 "$dir/key"
	(
		export GNUPGHOME=$dir/key
		cd "$dir" && gpg -q --batch --passphrase '' --quick-generate-key 'a repository of the test' &&
			gpg --export >keys.gpg && apt-ftparchive packages pool >"$part/Packages" &&
			apt-ftparchive -o APT::FTPArchive::Release::Suite=trixie -o APT::FTPArchive::Release::Codename=trixie \
				-o APT::FTPArchive::Release::Components="$component" release dists/trixie >Release &&
			mv Release dists/trixie && gpg -q --batch --clearsign -o dists/trixie/InRelease dists/trixie/Release
	) || return
	port=$(free_port)
	setpriv --pdeathsig KILL python3 -m http.server --bind 127.0.0.1 --directory "$dir" "$port" >/dev/null 2>&1 &
	repository=http://127.0.0.1:$port
	wait_until curl -fsS "$repository/keys.gpg"
}
from_repository() { build_quietly Dockerfile.ubuntu trixie --build-arg FRR="$1" --build-arg FRR_REPOSITORY="$repository" "${@:2}"; }

test_frr_from_a_repository() {
	want base trixie
	want serve_repository
	want from_repository "$component" --build-arg LAB=yes -t repository-router
	check_frr repository-router
	want_text "frr-repository: $repository has no part frr-9 for trixie$" from_repository frr-9
}

serve_git || { echo 'not ok frr_source_is_served' && exit 1; }
run_tests "$@"
