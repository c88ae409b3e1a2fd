# shellcheck shell=bash
# shellcheck disable=SC2154 # $dir is the test's, made by tests/ns/lib.sh
# backend.sh: runs the scenarios of tests/ns with Docker containers as nodes. tests/ns/lib.sh sources
# it last when $FIRSTHOP_BACKEND_LIB names it; it replaces what differs. Its words for $FIRSTHOP_BACKENDS:
#	docker		firsthop is PID 1
#	docker-init	`docker run --init`: docker-init is, and firsthop a subreaper below it
#
# The image is a plain root tree; the binary, the helpers and the test's directory are mounted into it
# at the paths that they have here, so that a configuration needs no change. `docker run` stays in
# the foreground: its output is the log and its exit code the node's.

node_name() { echo "node-${dir##*.}"; }

# node_setup runs inside before firsthop, as in a bare namespace. node_host, a terminal, goes before the engine's client; the engine itself makes firsthop its owner.
ns_enter() {
	local options=(--rm --name "$(node_name)" --pull never --network none --log-driver none
		--cap-add NET_ADMIN --cap-add SYS_ADMIN --cap-add SYS_NICE --stop-timeout 30
		--security-opt systempaths=unconfined --env NODE_NAME
		-v "$dir:$dir" -v "$dir/var-lib:/var/lib" -v "$dir/etc-hosts:/etc/hosts"
		-v "$dir/etc-hostname:/etc/hostname" -v "$FIRSTHOP:$FIRSTHOP:ro" -v "${ACTOR%/*}:${ACTOR%/*}:ro")
	[ -z "${node_host:-}" ] || options+=(--tty)
	[ -z "${node_host:-}${node_stdin:-}" ] || options+=(--interactive)
	[ "$FIRSTHOP_BACKEND" != docker-init ] || options+=(--init)
	# shellcheck disable=SC2016 # for the shell inside
	[ -z "${node_setup:-}" ] || set -- sh -c "$node_setup"' && exec "$@"' "$dir" "$@"
	[ "${node_lead[0]:-}" = "$PTYHOST" ] || set -- "${node_lead[@]}" "$@"
	exec "${node_host[@]}" docker run "${options[@]}" --entrypoint "$1" base "${@:2}"
}

# As seen from here: the engine tells pids of its own namespace.
node_pid() {
	local pid
	pid=$(docker inspect -f '{{.State.Pid}}' "$(node_name)" 2>/dev/null) && [ "$pid" != 0 ] || return
	grep -lE "^NSpid:	[0-9]+	$pid	1\$" /proc/[0-9]*/status 2>/dev/null | cut -d/ -f3 | grep .
}
firsthop_pid() {
	local pid
	pid=$(node_pid) || return
	[ "$FIRSTHOP_BACKEND" != docker-init ] || read -r pid _ <"/proc/$pid/task/$pid/children"
	echo "$pid"
}
in_node() { docker exec "$(node_name)" "$@"; }
remove_node() {
	docker rm -f "$(node_name)" >/dev/null 2>&1
	# A client of a test that has failed may be writing to a reader that sleeps: us.
	# shellcheck disable=SC2046 # a list
	kill $(jobs -p) 2>/dev/null
	wait
}
why_not() { :; }
