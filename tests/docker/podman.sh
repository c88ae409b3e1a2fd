#!/bin/bash
# podman.sh NAME…: other files here with podman instead of Docker, once over runc and once over crun
# ($PODMAN_RUNTIMES). A NAME is a file here, ns/FILE one of tests/ns, "all" is all of both. "list" prints what
# `run` runs: of tests/ns those in which it matters what an engine does.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

# Not run, each for its reason.
declare -A left_out=(
	[dockerfiles]='builds packages for minutes; that podman builds the same is in doc/platforms.md'
	[linuxkit]='runs runc and crun themselves'
	[podman]='is this'
	[scenarios]='is ns/FILE here'
)
engine_matters=(console foreground identity node process sandbox signals stop sysctl)

list_files() {
	local file name
	for file in tests/docker/*.sh; do
		name=$(basename "$file" .sh)
		[ ! -x "$file" ] || [ -n "${left_out[$name]:-}" ] || echo "$name"
	done
}

# make_images: once for an engine; all runtimes share them.
make_images() (
	exec 8>"$DOCKER_CONFIG/podman.lock"
	flock 8
	[ ! -e "$DOCKER_CONFIG/podman.made" ] || return 0
	PODMAN_RUNTIME=runc
	export PODMAN_RUNTIME
	image_import base "$B/root-trixie" && image_add router base "$FIRSTHOP" && touch "$DOCKER_CONFIG/podman.made"
)

# crun starts nothing where control groups of both versions are mounted. So it sees none: its podman has
# mounts of its own, those of the process $PODMAN_MOUNTS, and makes no group for a container.
hide_control_groups() {
	# shellcheck disable=SC2016 # for the shell inside
	exec 5< <(engine_ns unshare --mount sh -c 'umount -R /sys/fs/cgroup && mount -t tmpfs none /sys/fs/cgroup &&
		echo $$ && exec sleep infinity' 2>/dev/null)
	read -r PODMAN_MOUNTS <&5 && export PODMAN_MOUNTS
}

# over RUNTIME NAME…
over() {
	local name failed=0
	export PODMAN_RUNTIME=$1
	[ "$1" != crun ] || hide_control_groups || { echo "not ok podman over $1: cannot hide control groups" && return 1; }
	for name in "${@:2}"; do
		case $name in
		ns/*) tests/docker/scenarios.sh "${name#ns/}" || failed=1 ;;
		*) "tests/docker/$name.sh" || failed=1 ;;
		esac
	done
	[ -z "${PODMAN_MOUNTS:-}" ] || engine_ns kill "$PODMAN_MOUNTS"
	return "$failed"
}

names=("$@")
case ${1:-} in
list)
	list_files
	printf 'ns/%s\n' "${engine_matters[@]}"
	exit
	;;
all) mapfile -t names < <(list_files && basename -a -s .sh tests/ns/[!l]*.sh tests/ns/l[!i]*.sh | sed 's,^,ns/,') ;;
# What runs each time has --init in router.sh and console.sh.
*) export BELOW_INIT='' ;;
esac

export PATH=$PWD/tests/docker/podman:$PATH
make_images || exit
failed=0
for runtime in ${PODMAN_RUNTIMES:-runc crun}; do
	(over "$runtime" "${names[@]}") |
		sed -u -E "s/ \(docker(-init)?\)$/ (podman\1 over $runtime)/; t; s/$/ (podman over $runtime)/" || failed=1
done
exit "$failed"
