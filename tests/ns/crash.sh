#!/bin/bash
# crash.sh: what is kept of the end of a service that was a failure: which ends, what of them, how much,
# and that nothing of it stands in the way of the service's restart.
# shellcheck disable=SC2016,SC2034,SC2154 # what tests/ns/lib.sh reads and gives
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# configured TEXT: its lines may be indented.
configured() { sed 's/^\t*//' <<<"$1" | config; }

# bundles: their names; bundle [N]: the path of the Nth, or of the newest.
bundles() { (cd "$dir/var-lib/firsthop/crashes" 2>/dev/null && ls -d [0-9]*); }
bundle_count() { bundles | wc -l; }
bundle() { echo "$dir/var-lib/firsthop/crashes/$(bundles | sed -n "${1:-\$}p")"; }
# fact FIELD[.FIELD] [N]: a value of crash.json; null is empty, a list is in words.
fact() {
	python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
assert value["version"] == 1
for key in sys.argv[2].split("."):
    value = value[key]
print("" if value is None else " ".join(value) if isinstance(value, list) else value)' \
		"$(bundle "${2:-}")/crash.json" "$1"
}
tells() { grep -qE -e "$2" <<<"$(fact "$1")"; }

test_signal() {
	configured "[service a]
	command = $ACTOR say \"the last words\" kill 11
	restart = never
	limit_nofile = 1000:2000
	limit_core = 0
	environment = SECRET=hunter2 PLAIN=visible"
	boot
	want moved a failed
	want wait_log 'firsthop: a: what is known of its end is in /var/lib/firsthop/crashes/000001.a$'
	want is a fact service
	want is 11 fact signal
	want is SEGV fact signal_name
	want is '' fact exit_code
	want is False fact core_dumped
	want is "$(cat /proc/sys/kernel/core_pattern)" fact core_pattern
	want is "$ACTOR say the last words kill 11" fact command
	want is 1000 fact limits.nofile.soft
	want is 2000 fact limits.nofile.hard
	want is 0 fact limits.core.soft
	want tells usage.memory_max_kib '^[1-9]'
	want tells ran_ms '^[0-9]'
	want tells time '^20[0-9-]{8}T[0-9:]{8}Z$'
	want tells environment '(^| )SECRET( |$)'
	want tells environment '(^| )PATH( |$)'
	want grep -q '^the last words$' "$(bundle)/output.log"
	want grep -q 'killed by signal 11' "$(bundle)/crash.txt"
	unwanted grep -rqE 'hunter2|visible' "$dir/var-lib/firsthop/crashes"
	want is '700 700' echo "$(stat -c %a -- "$(bundle)/.." "$(bundle)" | xargs)"
	stop
}

# A core lands where the machine says; that it was dumped is known here, if it says a file.
test_core() {
	configured "[service a]
	command = $ACTOR kill 6
	directory = $dir
	restart = never
	limit_core = infinity"
	boot
	want moved a failed
	want is 6 fact signal
	case $(cat /proc/sys/kernel/core_pattern) in
	core*)
		want is True fact core_dumped
		want is 'killed by signal 6 (ABRT), core dumped' fact text
		;;
	esac
	stop
}

test_exit_code() {
	configured "[service a]
	command = $ACTOR say one exit 3
	restart_delay = 1ms .. 1ms
	give_up = 2 in 60s"
	boot
	want moved a failed
	want is 2 bundle_count
	want is 3 fact exit_code
	want is 'exited 3' fact text
	want is '1 0 1' echo "$(fact attempt 1) $(fact restarts 1) $(fact failures 1)"
	want is '2 1 2' echo "$(fact attempt) $(fact restarts) $(fact failures)"
	want is one cat "$(bundle)/output.log"
	stop
}

test_cannot_start() {
	configured '[service a]
	command = /no/such/program
	restart = never'
	boot
	want moved a failed
	want tells text 'could not be started: exec /no/such/program: No such file'
	want is '' fact pid
	want is '' fact usage
	unwanted test -e "$(bundle)/output.log"
	stop
}

test_prepare() {
	configured "[service a]
	prepare = $ACTOR say preparing exit 5
	command = $ACTOR pause
	restart = never"
	boot
	want moved a failed
	want is prepare fact role
	want is 5 fact exit_code
	want is "$ACTOR say preparing exit 5" fact command
	want grep -q '^preparing$' "$(bundle)/output.log"
	stop
}

test_not_ready() {
	configured "[service a]
	command = $ACTOR pause
	ready = notify-fd
	start_timeout = 50ms
	restart = never"
	boot
	want moved a failed
	want is 'not ready after 50 ms' fact text
	want is 15 fact signal
	want tells cure 'notify-fd.*start_timeout'
	stop
}

# Who is stopped, who ends as it may, and what a user types leave nothing.
test_no_failure() {
	configured "[service stopped]
	command = $ACTOR pause
	[service ends]
	command = $ACTOR exit 0
	success_exit_status = 0
	restart = on-failure
	[service once]
	type = oneshot
	command = $ACTOR exit 0"
	boot -- "$ACTOR" await "$dir/go" exit 9
	want moved ends 'done'
	: >"$dir/go"
	want is 9 end_status
	want is 0 bundle_count
}

test_off() {
	configured "[node]
	crash_dir = off
	[service a]
	command = $ACTOR exit 1
	restart = never"
	boot
	want moved a failed
	stop
	want is 0 bundle_count
	unwanted log_has 'what is known of its end|its end is kept nowhere'
}

test_directory_of_its_own() {
	mkdir -m 0777 "$dir/elsewhere"
	configured "[node]
	crash_dir = $dir/elsewhere/crashes
	[service a]
	command = $ACTOR exit 1
	restart = never"
	boot
	want moved a failed
	want test -s "$dir/elsewhere/crashes/000001.a/crash.json"
	want is 0 bundle_count
	stop
}

# 40 failures leave those of 1, 2, 3, 4, 8, 16, 32; of these the quota keeps four.
test_loop_and_quota() {
	configured "[node]
	crash_keep = 4
	[service a]
	command = /bin/sh -c 'echo >>$dir/starts; test \$(wc -l <$dir/starts) -gt 40 && exec $ACTOR pause; exit 1'
	restart_delay = 1ms .. 1ms"
	boot
	want moved a ready 41
	want is '000004.a 000005.a 000006.a 000007.a' echo "$(bundles | xargs)"
	want is '4 8 16 32' echo "$(for n in 1 2 3 4; do fact failures "$n"; done | xargs)"
	stop
}

test_bytes_of_the_quota() {
	configured "[node]
	crash_max_size = 64k
	[service a]
	command = $ACTOR long 6000 long 6000 exit 1
	restart_delay = 1ms .. 1ms
	log = none
	give_up = 8 in 10m"
	boot
	want moved a failed
	want is 5 wc -l < <(log | grep 'what is known of its end')
	want test "$(du -sb "$dir/var-lib/firsthop/crashes" | cut -f 1)" -lt 90000
	want test "$(bundle_count)" -lt 5
	stop
}

# Nowhere to write: told once, and the service comes back all the same.
test_no_place() {
	configured "[service a]
	command = $ACTOR fail-once $dir/one exit 1
	restart_delay = 1ms .. 1ms
	give_up = 3 in 60s"
	node_setup='mount -t tmpfs -o size=4k,nr_inodes=2 none /var/lib && mkdir /run/firsthop &&
		mount -t tmpfs -o size=16k,nr_inodes=4 none /run/firsthop'
	boot
	want moved a failed
	want is 1 log_count 'warning: a: its end is kept nowhere: /var/lib/firsthop/crashes: No space left'
	want is 3 log_count 'service=a .* to=starting'
	stop
}

# A read-only place is passed over for the next.
test_read_only_place() {
	configured "[service a]
	command = $ACTOR exit 1
	restart = never"
	node_setup='mount -t tmpfs -o ro none /var/lib'
	boot
	want moved a failed
	want log_has 'what is known of its end is in /run/firsthop/crashes/000001.a$'
	want in_node test -s /run/firsthop/crashes/000001.a/crash.json
	stop
}

test_status_names_it() {
	configured "[service a]
	command = $ACTOR exit 1
	restart = never"
	boot
	want moved a failed
	want grep -q '/var/lib/firsthop/crashes/000001.a' <(in_node "$FIRSTHOP" status)
	want grep -q '^  crash  */var/lib/firsthop/crashes/000001.a' <(in_node "$FIRSTHOP" status a)
	want grep -q '"crash":"/var/lib/firsthop/crashes/000001.a"' <(in_node "$FIRSTHOP" status --json)
	stop
}

run_tests "$@"
