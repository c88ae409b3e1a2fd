#!/bin/bash
# stop.sh: the end of a node, whatever its services do against it.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# stop_within MS: an ordered stop that takes no longer; its exit code is 0.
stop_within() {
	local begin end
	begin=$(date +%s%N)
	stop
	end=$(date +%s%N)
	[ $(((end - begin) / 1000000)) -le "$1" ]
}

test_stop_timeout() {
	config <<-END
		[node]
		stop_budget = 20s
		[service stubborn]
		command = @ACTOR@ ignore 15 say up pause
		stop_timeout = 200ms
		[service good]
		command = @ACTOR@ pause
	END
	boot
	want wait_log '^stubborn: up'
	stop
	want log_has 'warning: stubborn did not stop in 200 ms; killing it'
	want log_has 'warning: did not stop in time and had to be killed: stubborn$'
}

# Two in a row, each of whom would take 10 s.
test_budget_holds_for_all() {
	config <<-END
		[node]
		stop_budget = 1s
		[service one]
		command = @ACTOR@ ignore 15 say up pause
		stop_timeout = 10s
		[service two]
		command = @ACTOR@ ignore 15 say up pause
		stop_timeout = 10s
		needs = one
	END
	boot
	want wait_log '^one: up'
	want wait_log '^two: up'
	want stop_within 5000
	want log_has 'had to be killed:.* one'
	want log_has 'had to be killed:.* two'
}

test_stop_signal_and_command() {
	config <<-END
		[service a]
		command = @ACTOR@ ignore 15 catch 3 say up pause
		stop_signal = QUIT
		[service b]
		command = @ACTOR@ ignore 15 await @DIR@/go say leaving
		stop_command = @ACTOR@ say stopping file @DIR@/go
	END
	boot
	want wait_log '^a: up'
	stop
	want log_has '^a: got signal 03'
	want log_order '^b: stopping' '^b: leaving'
	unwanted log_has 'had to be killed'
}

test_stopped_process_is_woken() {
	config <<-END
		[service a]
		command = @ACTOR@ catch 15 say up pause
	END
	boot
	want wait_log '^a: up'
	want in_node kill -STOP "$(started_pid a)"
	stop
	want log_has '^a: got signal 15'
	unwanted log_has 'had to be killed'
}

# What left its service's session, and outlives it.
test_orphans_go_too() {
	config <<-END
		[node]
		stop_budget = 10s
		[service a]
		command = @ACTOR@ daemon 0 daemon 0 say up pause
	END
	boot
	want wait_log '^a: up'
	want wait_until is 3 count_running actor
	stop
}

test_stubborn_orphans_are_killed() {
	config <<-END
		[node]
		stop_budget = 3s
		[service a]
		command = @ACTOR@ daemon 1 daemon 1 say up pause
	END
	boot
	want wait_log '^a: up'
	want stop_within 6000
}

test_stop_while_starting() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
		ready = notify-fd
		[service b]
		command = @ACTOR@ say never pause
		needs = a
		[service c]
		prepare = @ACTOR@ pause
		command = @ACTOR@ say never pause
		[service d]
		command = @ACTOR@ exit 1
		restart_delay = 60s .. 60s
	END
	boot
	want moved a starting
	want moved c preparing
	want moved d backoff
	stop
	unwanted log_has never
}

test_second_signal_changes_nothing() {
	config <<-END
		[service a]
		command = @ACTOR@ ignore 15 say up pause
		stop_timeout = 300ms
	END
	boot
	want wait_log '^a: up'
	send_signal TERM
	want moved a stopping
	send_signal TERM
	send_signal INT
	want is 0 end_status
}

test_shutdown_by_command() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	in_node "$FIRSTHOP" shutdown # it may be gone, with the rest, before it can tell how it ended
	want is 0 end_status
}

FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns user sub}
run_tests "$@"
