#!/bin/bash
# podman.sh [RUNTIME/]NAME…: other files here with podman instead of Docker, over runc and over crun, or over
# the one named. A NAME is FILE or FILE/TEST of here, ns/FILE one of tests/ns, "all" is all of both. "list"
# prints what `run` runs: of what an engine decides a part over runc, of what the runtime below it does over crun.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

# Never run, each for its reason.
declare -A left_out=(
	[dockerfiles]='builds packages for minutes; that podman builds the same is in doc/platforms.md'
	[frr]='compiles FRR for many minutes'
	[linuxkit]='runs runc and crun themselves'
	[podman]='is this'
	[scenarios]='is ns/FILE here'
)
engine_decides=(router/router_builtin_configuration router/router_stops_in_order
	router/router_under_docker_init router/router_neighbour_over_a_late_link
	run_args/run_args_of_the_example_are_pasted persist/persist_mounted_file console
	ns/foreground ns/identity ns/node ns/signals)
runtime_decides=(prepare restricted small ns/console ns/foreground ns/process ns/sandbox)

# crun lets nobody in any more once PID 1 is in a user namespace that it has made itself.
crun_cannot='remount_in_place'

list_all() {
	local file name
	for file in tests/docker/*.sh; do
		name=$(basename "$file" .sh)
		[ ! -x "$file" ] || [ -n "${left_out[$name]:-}" ] || echo "$name"
	done
	for file in tests/ns/*.sh; do
		[ ! -x "$file" ] || echo "ns/$(basename "$file" .sh)"
	done
}

# make_images: once for an engine; all runtimes share them.
make_images() (
	exec 8>"$DOCKER_CONFIG/podman.lock"
	flock 8
	[ ! -e "$DOCKER_CONFIG/podman.made" ] || return 0
	export PODMAN_RUNTIME=runc
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

# over RUNTIME NAME
over() {
	local failed=0
	export PODMAN_RUNTIME=$1
	[ "$1" != crun ] || export LEFT_OUT=$crun_cannot
	[ "$1" != crun ] || hide_control_groups || { echo "not ok $2: cannot hide control groups" && return 1; }
	case $2 in
	ns/*) tests/docker/scenarios.sh "${2#ns/}" || failed=1 ;;
	*/*) "tests/docker/${2%%/*}.sh" "${2#*/}" || failed=1 ;;
	*) "tests/docker/$2.sh" || failed=1 ;;
	esac
	[ -z "${PODMAN_MOUNTS:-}" ] || engine_ns kill "$PODMAN_MOUNTS"
	return "$failed"
}
over_each() {
	local runtime failed=0 label
	for runtime in $1; do
		label="podman over $runtime"
		(over "$runtime" "$2") | sed -u -E "s/ \(docker(-init)?\)$/ ($label\1)/; t; s/$/ ($label)/" || failed=1
	done
	return "$failed"
}

if [ "${1:-}" = list ]; then
	printf 'runc/%s\n' "${engine_decides[@]}"
	printf 'crun/%s\n' "${runtime_decides[@]}"
	exit
fi
export PATH=$PWD/tests/docker/podman:$PATH
make_images || exit
failed=0
for asked in "$@"; do
	runtimes='runc crun' name=$asked
	[[ $asked != runc/* && $asked != crun/* ]] || runtimes=${asked%%/*} name=${asked#*/}
	# What is below --init is in router.sh and console.sh as well.
	names=("$name") BELOW_INIT=''
	[ "$name" != all ] || { mapfile -t names < <(list_all) && unset BELOW_INIT; }
	export BELOW_INIT
	for each in "${names[@]}"; do over_each "$runtimes" "$each" || failed=1; done
done
exit "$failed"
