# shellcheck shell=bash
# lib.sh: what the scenarios with a real PID 1 are written with. A scenario is a function test_NAME;
# run_tests runs them all, a few at a time, each in its own subshell with its own directory, $dir, and
# its own node. Nothing sleeps for a guessed time: one waits for a line of the log, with a deadline.
#
# Where the node runs is the backend's affair ($FIRSTHOP_BACKEND, a word; each test runs under each
# word of $FIRSTHOP_BACKENDS): it offers boot, send_signal, in_node, end_status, log and remove_node.
#	ns	PID 1 of new namespaces, as root
#	user	the same as an ordinary user, uid 65534, who is root in a user namespace of its own
#	sub	no PID 1 at all: a child of the test, in a PID namespace, so a subreaper

DEADLINE=${DEADLINE:-30} # seconds; only a test that fails waits so long
B=${B:-build}
FIRSTHOP=$(realpath "${FIRSTHOP:-$B/firsthop}")
HELPERS=$(realpath "${HELPERS:-$B/helpers}")
ACTOR=$HELPERS/actor
PTYHOST=$HELPERS/ptyhost
SUBINIT=$HELPERS/subinit

# ---- backends: namespaces ----------------------------------------------------------------------

# Inside, before firsthop: nothing of this machine's /run, /var/lib and host name's files is written to
# (all but /run stay from one boot of a test to the next), and it has no console, as in a container
# without a terminal.
ns_inside='mount -t tmpfs none /run && mount --bind "$0/var-lib" /var/lib &&
	mount --bind "$0/no-console" /dev/console &&
	{ [ ! -e /etc/hosts ] || mount --bind "$0/etc-hosts" /etc/hosts; } &&
	{ [ ! -e /etc/hostname ] || mount --bind "$0/etc-hostname" /etc/hostname; }'

# as_node COMMAND…: as whom the node belongs to.
as_node() {
	[ "$FIRSTHOP_BACKEND" != user ] || set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	"$@"
}

ns_enter() {
	local space=(unshare --pid --fork --kill-child --mount-proc --uts --ipc --net --mount)
	[ "$FIRSTHOP_BACKEND" != user ] || space+=(--user --map-root-user)
	as_node ${node_host:+"${node_host[@]}"} "${space[@]}" ${node_lead:+"${node_lead[@]}"} \
		sh -c "$ns_inside && ${node_setup:-true} && exec \"\$@\"" "$dir" "$@"
}

# boot [ARG…]: starts $node with the configuration $dir/node.ini; returns at once. $node_host and
# $node_lead may name programs that run outside and inside of the namespaces before it, $node_setup a
# shell command inside.
boot() {
	local program=("$FIRSTHOP" init -v)
	[ ! -e "$dir/node.ini" ] || program+=(-c "$dir/node.ini")
	[ "$FIRSTHOP_BACKEND" != sub ] || program=("$SUBINIT" "${program[@]}")
	boot_program "${program[@]}" "$@"
}

# boot_program COMMAND…: the same with another command line.
boot_program() {
	mkdir -p -m 0777 "$dir/var-lib"
	: >"$dir/no-console"
	[ -e "$dir/etc-hosts" ] || printf '127.0.0.1\tlocalhost\n' >"$dir/etc-hosts"
	[ -e "$dir/etc-hostname" ] || hostname >"$dir/etc-hostname"
	chmod 0666 "$dir/etc-hosts" "$dir/etc-hostname"
	rm -f "$dir/status"
	{
		(ns_enter "$@") <"${node_stdin:-/dev/null}" >>"${node_stdout:-$dir/log}" 2>&1
		echo $? >"$dir/status.new"
		mv "$dir/status.new" "$dir/status"
	} &
	node_job=$!
}

# ns_first PID: the first process below it that is PID 1 of a namespace.
ns_first() {
	local child
	if grep -qE '^NSpid:.*[0-9]	1$' "/proc/$1/status" 2>/dev/null; then
		echo "$1"
		return 0 # not the bare one, which in a trap means the status from before it
	fi
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		ns_first "$child" && return 0
	done
	return 1
}
node_pid() { ns_first "$node_job"; }

# The firsthop in it.
firsthop_pid() {
	local pid
	pid=$(node_pid) || return
	[ "$FIRSTHOP_BACKEND" != sub ] || read -r pid _ <"/proc/$pid/task/$pid/children"
	echo "$pid"
}

send_signal() { kill -s "$1" "$(firsthop_pid)"; }
in_node() {
	local pid user=()
	pid=$(node_pid) || return
	[ "$FIRSTHOP_BACKEND" != user ] || user=(-U --preserve-credentials)
	as_node nsenter -t "$pid" "${user[@]}" -p -m -u -i -n -- "$@"
}
log() { cat "$dir/log"; }
# end_status: waits for the end; its exit code.
end_status() {
	wait_until test -e "$dir/status" && cat "$dir/status"
}
node_runs() { [ ! -e "$dir/status" ]; }
remove_node() {
	local pid
	pid=$(node_pid) && kill -KILL "$pid"
	wait
}

# ---- the node's configuration --------------------------------------------------------------------

# config: stdin, with @ACTOR@ and @DIR@ replaced, becomes the configuration.
config() {
	sed -e "s|@ACTOR@|$ACTOR|g" -e "s|@DIR@|$dir|g" >"$dir/node.ini.new"
	mv "$dir/node.ini.new" "$dir/node.ini"
}

# ---- waiting -------------------------------------------------------------------------------------

log_count() { log | grep -cE -e "$1"; }
log_has() { log | grep -qE -e "$1"; }

# wait_until COMMAND…: until it succeeds; an error at the deadline.
wait_until() {
	local deadline=$((SECONDS + DEADLINE))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.02
	done
}

at_least() { [ "$("${@:2}")" -ge "$1" ]; }
# An end of the node also ends the waiting: no more lines will come.
log_reached() { ! node_runs || at_least "$2" log_count "$1"; }
# wait_log REGEX [COUNT]: until so many lines of the log match.
wait_log() {
	wait_until log_reached "$1" "${2:-1}"
	at_least "${2:-1}" log_count "$1"
}

# moved SERVICE STATE [COUNT]: until it has come into that state so often.
moved() { wait_log "service=$1 .* to=$2 " "${3:-1}"; }

# log_order A B…: each regular expression matches a line after the line that the one before matched.
log_order() {
	local at=0 next text
	text=$(log)
	for next in "$@"; do
		next=$(tail -n +$((at + 1)) <<<"$text" | grep -nE -m 1 -e "$next" | cut -d: -f1)
		[ -n "$next" ] || return 1
		at=$((at + next))
	done
}

is() { [ "$("${@:2}")" = "$1" ]; }
# In the node: zombies; processes of that name that are none.
stats() { in_node sh -c 'cat /proc/[0-9]*/stat 2>/dev/null'; }
count_zombies() { stats | grep -c ') Z '; }
count_running() { stats | grep -v ') Z ' | grep -c "($1) "; }
# started_pid SERVICE: of its newest main process, as the log tells.
started_pid() { log | sed -nE "s/^firsthop: $1 (started|ready in .*) \(pid ([0-9]+)\)$/\2/p" | tail -n 1; }

# stop: an ordered stop, and its exit code must be 0.
stop() {
	send_signal TERM
	want is 0 end_status
}

# ---- tests ---------------------------------------------------------------------------------------

# want COMMAND…: the test fails, and ends, unless the command succeeds. unwanted: … if it succeeds.
want() {
	"$@" && return
	printf '%s:%s: %s\n' "${BASH_SOURCE[1]##*/}" "${BASH_LINENO[0]}" "$*" >&2
	exit 1
}
unwanted() {
	"$@" || return 0
	printf '%s:%s: succeeded, but must not: %s\n' "${BASH_SOURCE[1]##*/}" "${BASH_LINENO[0]}" "$*" >&2
	exit 1
}

# run_test FUNCTION: its line, and what is known when it failed.
run_test() {
	local name="${1#test_} ($FIRSTHOP_BACKEND)" output result=ok
	dir=$(mktemp -d "${TMPDIR:-/tmp}/node.XXXXXX")
	chmod 0777 "$dir"
	touch "$dir/log"
	output=$(
		trap '[ $? = 0 ] || { echo "--- the log of $name"; log | tail -n 80; }; remove_node' EXIT
		"$1" 2>&1
	) || result='not ok'
	[ "$result" = ok ] || printf '%s\n' "$output" >&2
	printf '%s %s\n' "$result" "$name"
	rm -rf "$dir"
	[ "$result" = ok ]
}

# why_not BACKEND: what is missing for it; nothing when it can be used.
why_not() {
	[ "$(id -u)" = 0 ] || { echo 'needs root' && return; }
	[ "$1" != user ] || setpriv --reuid 65534 --regid 65534 --clear-groups \
		unshare --user --map-root-user true 2>/dev/null ||
		echo 'the machine has no user namespaces for ordinary users'
}

# run_tests [NAME…]: all test_* functions of the script, or those named, under each backend.
run_tests() {
	local test failed=0 missing
	local tests=("${@/#/test_}")
	[ $# -gt 0 ] || mapfile -t tests < <(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p')
	for FIRSTHOP_BACKEND in ${FIRSTHOP_BACKENDS:-ns user}; do
		missing=$(why_not "$FIRSTHOP_BACKEND")
		for test in "${tests[@]}"; do
			[ -z "$missing" ] || { echo "skip ${test#test_} ($FIRSTHOP_BACKEND): $missing" && continue; }
			while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || failed=1; done
			run_test "$test" &
		done
	done
	while [ -n "$(jobs -p)" ]; do wait -n || failed=1; done
	return "$failed"
}

# Another backend replaces what differs, see tests/docker/backend.sh.
# shellcheck source=/dev/null
[ -z "${FIRSTHOP_BACKEND_LIB:-}" ] || . "$FIRSTHOP_BACKEND_LIB"
