#!/bin/bash
# supervise.sh: what becomes of services that end.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

test_restart_after_kill() {
	config <<-END
		[service a]
		command = @ACTOR@ say up pause
		restart = always
		restart_delay = 0s .. 1s
	END
	boot
	for count in 1 2 3; do
		want wait_log '^a: up' "$count"
		want moved a ready "$count"
		want in_node kill -KILL "$(started_pid a)"
	done
	want wait_log '^a: up' 4
	want log_has 'warning: a killed by signal 9 .KILL.; restarting now'
	stop
}

test_delay_doubles() {
	config <<-END
		[service a]
		command = @ACTOR@ exit 3
		restart_delay = 10ms .. 40ms
	END
	boot
	want wait_log 'a exited 3; restarting' 4
	want log_order 'a exited 3; restarting in 10 ms' 'a exited 3; restarting in 20 ms' \
		'a exited 3; restarting in 40 ms' 'a exited 3; restarting in 40 ms'
	stop
}

test_give_up_leaves_the_rest_alone() {
	config <<-END
		[service a]
		command = @ACTOR@ exit 1
		ready = notify-fd
		restart_delay = 1ms .. 1ms
		give_up = 3 in 60s
		[service b]
		command = @ACTOR@ pause
	END
	boot
	want moved a failed
	want log_has 'error: a exited 1; given up after 3 failures in 60 s'
	want is 3 log_count 'service=a .* to=starting'
	want moved b ready
	unwanted in_node "$FIRSTHOP" health
	unwanted log_has 'all ready'
	stop
}

test_give_up_may_stop_the_node() {
	config <<-END
		[service a]
		command = @ACTOR@ exit 1
		restart_delay = 1ms .. 1ms
		give_up = 2 in 60s
		on_give_up = stop
	END
	boot
	want is 102 end_status
	want log_has 'ended because of a, exit code 102'
}

test_critical_stops_the_node() {
	config <<-END
		[service a]
		command = @ACTOR@ kill 11
		restart = never
		critical = yes
		[service b]
		command = @ACTOR@ pause
	END
	boot
	want is 102 end_status
	want log_has 'error: a killed by signal 11 .SEGV.'
	want log_order 'service=a .* to=failed' 'service=b .* to=down' 'ended because of a'
}

test_daemon_that_ends_well_has_failed() {
	config <<-END
		[service a]
		command = @ACTOR@ fail-once @DIR@/once exit 0
		restart_delay = 1ms .. 1ms
		[service b]
		command = @ACTOR@ exit 0
		success_exit_status = 0
		restart = on-failure
	END
	boot
	want moved b 'done'
	want moved a backoff 3
	stop
}

test_restart_never() {
	config <<-END
		[service a]
		command = @ACTOR@ exit 7
		restart = never
	END
	boot
	want moved a failed
	want log_has 'error: a exited 7; it is not restarted'
	stop
	want is 1 log_count 'service=a .* to=starting'
}

test_prepare_that_fails() {
	config <<-END
		[service a]
		prepare = @ACTOR@ fail-once @DIR@/once say prepared
		command = @ACTOR@ say running pause
		restart_delay = 1ms .. 1ms
	END
	boot
	want wait_log '^a: running'
	want is 1 log_count 'service=a .* from=preparing on=retry'
	want is 1 log_count '^a: prepared'
	stop
}

test_not_ready_in_time() {
	config <<-END
		[service a]
		command = @ACTOR@ fail-once @DIR@/one newline 3 pause
		ready = notify-fd
		restart_delay = 1ms .. 1ms
		[service b]
		command = @ACTOR@ pause
		ready = notify-fd
		start_timeout = 100ms
		restart = never
	END
	boot
	want moved a ready
	want moved b failed
	want log_has 'b not ready after 100 ms'
	stop
}

# starved DESCRIPTORS: none or one is left when all run. Who asks then is answered or sent away: he keeps
# PID 1 neither busy for ever, nor waits for it.
starved() {
	local i
	config < <(for i in {1..30}; do printf '[service s%d]\ncommand = @ACTOR@ pause\n' "$i"; done)
	node_lead=(prlimit "--nofile=$1:$1")
	boot
	want wait_log 's30: no pipe for its output, which is lost: (Too many open files|No file descriptors available)'
	want wait_log 'all ready in'
	want ask
	want ask
	stop
}
ask() {
	in_node timeout "$DEADLINE" "$FIRSTHOP" status >"$dir/answer" 2>&1
	[ $? != 124 ] && grep -qE '30 of 30|ended before it answered' "$dir/answer"
}
test_no_descriptor_left_even() { starved 40; }
test_no_descriptor_left_odd() { starved 41; }

test_spawn_failures() {
	: >"$dir/no-program"
	mkfifo -m 0666 "$dir/fifo" # to wait for its writer would be the end of PID 1's work
	config <<-END
		[service no-program]
		command = /nonexistent
		restart = never
		[service no-right]
		command = @DIR@/no-program
		restart = never
		[service no-directory]
		command = @ACTOR@ pause
		directory = /nonexistent
		restart = never
		[service no-environment]
		command = @ACTOR@ pause
		environment_file = /nonexistent
		restart = never
		[service no-file]
		command = @ACTOR@ pause
		environment_file = @DIR@/fifo
		restart = never
		[service good]
		command = @ACTOR@ pause
	END
	boot
	want moved good ready
	want wait_log 'no-program could not be started: exec.*: No such file'
	want wait_log 'no-right could not be started: exec.*: Permission denied'
	want wait_log 'no-directory could not be started: directory.*: No such file'
	want wait_log 'no-environment could not be started: environment_file.*: No such file'
	want wait_log 'no-file could not be started: environment_file.*: Invalid argument'
	want is 0 count_zombies
	stop
}

test_group_is_killed_with_its_leader() {
	config <<-END
		[service a]
		command = @ACTOR@ child straggler await @DIR@/go exit 1
		restart = never
	END
	boot
	want wait_log '^a: straggler is'
	: >"$dir/go"
	want moved a failed
	want wait_until is 0 count_running actor
	stop
}

FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns user sub}
run_tests "$@"
