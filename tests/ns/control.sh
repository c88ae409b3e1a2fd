#!/bin/bash
# control.sh: who may talk to firsthop, and what those can do to it who mean no good.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

STORM=$HELPERS/storm

# as GROUPS VERB…: firsthop in the node as nobody, with these supplementary groups.
as() { in_node setpriv --reuid 65534 --regid 65534 --groups "$1" "$FIRSTHOP" "${@:2}" >"$dir/said" 2>&1; }
said() { grep -qE -e "$1" "$dir/said" || { cat "$dir/said" >&2 && return 1; }; }

test_readers_look_and_do_not_act() {
	[ "$FIRSTHOP_BACKEND" = ns ] || return 0 # in a user namespace there are no other users
	config <<-END
		[node]
		control_group = 4711
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want wait_log 'all ready'
	want as 5,4711 status a
	want as 4711 health
	want as 4711 logs
	unwanted as 4711 stop a
	want said '^firsthop stop: you may look, being in \[node\] control_group; only root may do that$'
	unwanted as 4711 reload
	unwanted as 4711 shutdown
	unwanted as 5 status
	want said 'only root, and to look the members of \[node\] control_group, may talk to firsthop'
	unwanted log_has 'to=stopping|reloaded'
	sed -i 's/4711/5/' "$dir/node.ini"
	want in_node "$FIRSTHOP" reload
	unwanted as 4711 status
	want as 5 status
	sed -i '/control_group/d' "$dir/node.ini"
	want in_node "$FIRSTHOP" reload
	unwanted as 5 status
	want in_node "$FIRSTHOP" status
	stop
}

descriptors() { in_node sh -c 'ls /proc/1/fd' | wc -l; }
resident_kib() { in_node sed -nE 's/^VmRSS:\s+([0-9]+) kB/\1/p' /proc/1/status; }

# 200 idle clients and 50 that do harm, while services start, are killed and restarted: the services
# do not notice, and those who mean well get their answers.
test_a_storm_of_clients() {
	config <<-END
		[service steady]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		[service killed]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		restart_delay = 0s .. 0s
		[service restarted]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		needs = killed
		[service late]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		start = manual
	END
	boot
	want wait_log 'all ready'
	in_node "$STORM" /run/firsthop/control >"$dir/storm" 2>&1 &
	want wait_until grep -q 'storm is up' "$dir/storm"
	want in_node "$FIRSTHOP" start late
	for count in 2 3 4 5 6; do
		want in_node kill -KILL "$(started_pid killed)"
		want moved killed ready "$count"
		want in_node "$FIRSTHOP" restart restarted
		want moved restarted ready "$count"
		want in_node "$FIRSTHOP" status killed
		want in_node "$FIRSTHOP" health
	done
	want test "$(descriptors)" -lt 100
	# A sanitizer keeps what was freed.
	grep -q __asan_init "$FIRSTHOP" || want test "$(resident_kib)" -lt 32768
	want in_node kill "$(sed -n 's/storm is up, pid //p' "$dir/storm")"
	want wait_until grep -q 'storm has connected' "$dir/storm"
	want is 1 log_count 'service=steady .* to=starting'
	want is 6 log_count 'service=killed .* to=starting'
	want is 6 log_count 'service=restarted .* to=starting'
	want is 1 log_count 'service=late .* to=starting'
	few_descriptors() { [ "$(descriptors)" -lt 60 ]; }
	want wait_until few_descriptors
	want in_node "$FIRSTHOP" status
	stop
}

run_tests "$@"
