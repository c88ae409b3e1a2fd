# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of run
# status.sh: how long `firsthop status` takes as a whole process, with 100 services, as a table and as
# JSON; beside a program that does nothing. Sourced by run.

status_services=100

status_begin() {
	local i
	mkdir -p "$work/rundir"
	printf '[node]\ninterfaces = none\n' >"$work/status.ini"
	for ((i = 0; i < status_services; i++)); do
		printf '[service service-%d]\ncommand = /bin/sleep infinity\nhealth = exec:/bin/true\n' "$i"
		printf 'health_period = 1h\nhealth_timeout = 1s\n'
	done >>"$work/status.ini"
	FIRSTHOP_RUNDIR=$work/rundir "${bound[@]}" "${turns[@]}" unshare --pid --fork --kill-child \
		--mount-proc --uts --ipc --net --mount sh -c '
		mount -t tmpfs none /run && mount --bind /dev/null /dev/console || exit
		exec "$0" init -c "$1"' "$work/firsthop" "$work/status.ini" </dev/null >"$work/output" 2>&1 8>&- &
	status_job=$!
	FIRSTHOP_RUNDIR=$work/rundir timeout 30 "$work/firsthop" health --wait=20s >>"$work/output" 2>&1
}

# status_take NAME METRIC COMMAND…: a few runs, the first not counted.
status_take() {
	FIRSTHOP_RUNDIR=$work/rundir "${bound[@]}" timeout -k 1 60 "${turns[@]}" \
		"$work/spend" 21 "${@:3}" >"$work/values" 2>"$work/errors" 8>&- || return
	tail -n +2 "$work/values" | sed "s/^/$2 $1 /" >>"$samples"
}

# unshare itself ignores TERM; with it goes its child.
status_end() {
	kill -KILL "$status_job" 2>/dev/null
	wait "$status_job" 2>/dev/null || true # it was killed
}

part_status() {
	local round count
	count=$(rounds 10 2)
	if ! status_begin; then
		failed 'status, 100 services' "$work/output"
		status_end
		return
	fi
	for ((round = 1; round <= count; round++)); do
		ui_progress status "round $round of $count"
		if ! { status_take floor status-table "$work/spend" && status_take floor status-json "$work/spend" &&
			status_take firsthop status-table "$work/firsthop" status &&
			status_take firsthop status-json "$work/firsthop" status --json; }; then
			failed status "$work/errors" "$work/output"
			break
		fi
	done
	status_end
	ui_done status "$count rounds of 20 runs each"
}
