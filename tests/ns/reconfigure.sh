#!/bin/bash
# reconfigure.sh: what comes back without its configuration is given it again.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# again COMMAND…: the service a, with that for `reconfigure`.
again() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
		restart_delay = 0s .. 1s
		reconfigure = $*
	END
	boot
	want moved a ready
	unwanted log_has 'a: again|configuration back'
}
kill_a() { in_node kill -KILL "$(started_pid a)"; }
says() { in_node "$FIRSTHOP" status a | grep -q "$1"; }

test_after_each_restart() {
	again @ACTOR@ say again
	want kill_a
	want wait_log '^firsthop: a has its configuration back'
	want kill_a
	want wait_log '^firsthop: a has its configuration back' 2
	want is 2 log_count '^a: again'
	stop
}

test_failure() {
	again @ACTOR@ exit 7
	want kill_a
	want wait_log 'warning: a could not be given its configuration back: .*actor exited 7'
	want wait_until says 'reason  *could not be given its configuration back'
	unwanted log_has 'attempt=2 from=ready'
	stop
}

test_missing_command() {
	again /no/such/command
	want kill_a
	want wait_log 'a could not be given its configuration back: /no/such/command could not be started: exec: No such file'
	unwanted log_has 'attempt=2 from=ready'
	stop
}

# It goes with the service, and holds up no stop.
test_hanging_command() {
	again @ACTOR@ ignore 15 say hanging pause
	want kill_a
	want wait_log '^a: hanging'
	want wait_until says 'reason  *gets its configuration back'
	want kill_a
	want wait_log '^a: hanging' 2
	send_signal TERM
	want is 0 end_status
	unwanted log_has 'did not stop|configuration back'
}

run_tests "$@"
