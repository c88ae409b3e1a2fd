# shellcheck shell=bash
# lib.sh: what the Docker scenarios are written with. Sourced inside `engine`, from the top of the
# tree. A scenario is a function test_NAME; run_tests runs them all, two at a time, each in its own
# subshell with its own container, $node, which is removed afterwards. Nothing sleeps for a guessed
# time: one waits for a line of the log or for a condition, with a deadline.

docker_lab=$PWD/tests/lab
DEADLINE=60 # seconds; only a test that fails waits so long

# What a router needs beyond an engine's default capabilities.
router_caps=(--cap-add NET_ADMIN --cap-add SYS_ADMIN)
# own_files: $router_files, a configuration for real daemons, mounted file by file as CML and containerlab
# do. Each test has copies: vtysh holds a lock on frr.conf while it loads it, also against other containers.
own_files() {
	local files
	files=$(mktemp -d "$DOCKER_CONFIG/router.XXXXXX")
	cp "$docker_lab/r1.conf" "$docker_lab/daemons" "$docker_lab/snmpd.conf" "$files"
	chmod -R go+rX "$files"
	router_files=(
		-v "$files/r1.conf:/etc/frr/frr.conf:ro" -v "$files/daemons:/etc/frr/daemons:ro"
		-v "$files/snmpd.conf:/etc/snmp/snmpd.conf:ro"
	)
}

# ---- images ----------------------------------------------------------------------------------

# image_import NAME TREE: a root tree as an image. Takes 2 s, so nothing is cached.
image_import() { tar -C "$2" -c . | docker import - "$1" >/dev/null; }

# image_add NAME BASE FILE…: BASE with the files in /usr/sbin, the first as its entry point.
image_add() {
	local name=$1 base=$2 context said
	shift 2
	context=$(mktemp -d)
	cp -L "$@" "$context" || return
	{
		printf 'FROM %s\n' "$base"
		printf 'COPY %s /usr/sbin/\n' "${@##*/}"
		printf 'ENTRYPOINT ["/usr/sbin/%s"]\n' "${1##*/}"
	} >"$context/Dockerfile"
	said=$(docker build -t "$name" "$context" 2>&1) || { echo "$said" >&2 && return 1; }
	rm -rf "$context"
}

# ---- one container ---------------------------------------------------------------------------

# boot OPTION… IMAGE [ARG…]: starts $node; returns at once.
boot() { docker run -d --pull never --name "$node" --hostname r1 --network none "$@" >/dev/null; }
# configure TEXT: a configuration file for $node; $ini is its name.
configure() {
	ini=$(mktemp "$DOCKER_CONFIG/ini.XXXXXX")
	chmod 644 "$ini"
	printf '%s\n' "$1" >"$ini"
}
boot_configured() { boot -v "$ini:/etc/firsthop.ini" "$@"; }
boot_router() { boot "${router_caps[@]}" "${router_files[@]}" "$@"; }
in_node() { docker exec "$node" "$@"; }
log() { docker logs "$node" 2>&1; }
stop_node() { docker stop --time 30 "$node" >/dev/null; }
exit_code() { docker wait "$node"; }
runs() { [ "$(docker inspect -f '{{.State.Running}}' "$node")" = true ]; }

# engine_ns COMMAND…: in the engine's namespaces, where the pids that `docker inspect` tells are true.
engine_ns() { nsenter -t "$ENGINE_PID" -m -p -- "$@"; }
pid_of() { docker inspect -f '{{.State.Pid}}' "$1"; }
# net_ns CONTAINER COMMAND…: in its network namespace, with this machine's tools.
net_ns() { engine_ns nsenter -t "$(pid_of "$1")" -n -- "${@:2}"; }

# wait_log REGEX [COUNT]: until so many lines of the log match; at once an error when the log ends.
wait_log() {
	local count=${2:-1} got
	got=$(grep -E -m "$count" -c -e "$1" < <(timeout "$DEADLINE" docker logs -f "$node" 2>&1))
	[ "$got" = "$count" ]
}

# wait_until COMMAND…: until it succeeds.
wait_until() {
	local deadline=$((SECONDS + DEADLINE))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.1
	done
}

wait_ready() { in_node firsthop health --wait="${DEADLINE}s"; }

# status_of SERVICE FIELD: from `status --json`.
status_of() {
	in_node firsthop status --json | grep -oE "\{\"name\":\"$1\",[^}]*" |
		sed -nE "s/.*\"$2\":(\"([^\"]*)\"|([^,]*)).*/\2\3/p"
}
is() { [ "$("${@:2}")" = "$1" ]; }
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
log_has() { grep -qE -e "$1" <<<"$(log)"; }
log_count() { log | grep -cE -e "$1"; }
no_zombies() { ! in_node ps -eo stat=,pid=,comm= | grep '^Z' >&2; }

# ---- tests -----------------------------------------------------------------------------------

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
stops_well() {
	want stop_node
	want is 0 exit_code
}
# want_text REGEX COMMAND…: its output matches.
want_text() {
	local got
	got=$("${@:2}" 2>&1)
	grep -qE -e "$1" <<<"$got" && return
	printf '%s:%s: %s\n  printed, without "%s":\n%s\n' "${BASH_SOURCE[1]##*/}" "${BASH_LINENO[0]}" \
		"${*:2}" "$1" "$got" >&2
	exit 1
}

# Its container, and those whose names begin with the same.
remove_node() { docker ps -aq --filter "name=^/$node" | xargs -r docker rm -f >/dev/null 2>&1; }

show_log() {
	local text
	text=$(log)
	printf -- '--- the log of %s\n' "$node"
	if [ "$(wc -l <<<"$text")" -gt 70 ]; then
		head -n 30 <<<"$text"
		printf '[…]\n'
		tail -n 40 <<<"$text"
	else
		printf '%s\n' "$text"
	fi
}

# run_test FUNCTION: its line, and what is known when it failed.
run_test() {
	local name=${1#test_} output result=ok
	node=$name-$$
	own_files
	output=$(
		trap '[ $? = 0 ] || show_log; remove_node' EXIT
		"$1" 2>&1
	) || result='not ok'
	[ "$result" = ok ] || printf '%s\n' "$output" >&2
	printf '%s %s\n' "$result" "$name"
	[ "$result" = ok ]
}

# run_tests [NAME…]: all test_* functions of the script, or those named; two at once.
run_tests() {
	local test failed=0
	local tests=("${@/#/test_}")
	[ $# -gt 0 ] || mapfile -t tests < <(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p')
	for test in "${tests[@]}"; do
		while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || failed=1; done
		run_test "$test" &
	done
	while [ -n "$(jobs -p)" ]; do wait -n || failed=1; done
	return "$failed"
}
