# shellcheck shell=bash
# debian.sh: images of Dockerfile.ubuntu. Sourced after lib.sh. No image can be pulled here, so BASE is a plain
# Debian made by mmdebstrap: the same package names and tools as Ubuntu's, not the same packages.

# make_tree SUITE FILE: this machine's own settings for packages go in: how it reaches a mirror is not in
# this repository.
make_tree() {
	local settings
	settings=$(mktemp)
	apt-config dump | grep -E '^Acquire::(https?|ftp|Check-|Retries|Force)' >"$settings"
	mmdebstrap --variant=minbase --format=tar --quiet \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt=force-unsafe-io \
		--customize-hook="upload $settings /etc/apt/apt.conf.d/99machine" \
		"$1" "$2.part" && mv "$2.part" "$2"
	rm -f "$settings"
}

# base SUITE: as an image of that name; its tree is made once for the build directory. Imported once as well: each
# import is another image, and the builder would begin anew with it.
base() {
	local tree=$B/base-$1.tar
	exec 8>"$tree.lock"
	flock 8
	[ -s "$tree" ] || make_tree "$1" "$tree" || return
	docker image inspect "$1" >/dev/null 2>&1 || docker import - "$1" <"$tree" >/dev/null || return
	flock -u 8
}

# build FILE BASE OPTION…: with only what belongs to the sources as context.
build() {
	tar -c Makefile config supervisor init platforms/image "$1" |
		docker build --network host --build-arg http_proxy --build-arg https_proxy \
			--build-arg BASE="$2" -f "$1" "${@:3}" -
}
# One after the other, so that the second finds the layers of the first.
build_quietly() {
	local said
	exec 8>"$DOCKER_CONFIG/build-$2.lock"
	flock 8
	said=$(build "$@" 2>&1) || { tail -n 40 <<<"$said" && return 1; }
	flock -u 8
}

healthy() { is healthy docker inspect -f '{{.State.Health.Status}}' "$node"; }

# check_router VERSION: all that the image promises.
check_router() {
	want boot "${router_caps[@]}" --health-interval 1s "${@:2}"
	want wait_ready
	want wait_until healthy
	want_text "^FRRouting $1" in_node vtysh -c 'show version'
	want is ready status_of sshd state
	want is ready status_of snmpd state
	want_text '^zebra_options="-M snmp' in_node cat /etc/frr/daemons
}
