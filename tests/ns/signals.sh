#!/bin/bash
# signals.sh: what PID 1 does with the signals that it gets.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

stops_by() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	send_signal "$1"
	want is 0 end_status
	want log_order 'stopping all services' 'service=a .* to=down'
}

test_interrupt_stops() { stops_by INT; }
test_rtmin_3_stops() { stops_by RTMIN+3; }

test_hangup_reloads() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	config <<-END
		[service a]
		command = @ACTOR@ pause
		[service b]
		command = @ACTOR@ pause
	END
	send_signal HUP
	want moved b ready
	want is 1 log_count 'service=a .* to=starting'
	stop
}

test_usr1_shows_the_status() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	send_signal USR1
	want wait_log '^SERVICE .*STATE'
	want wait_log '^a .*ready'
	stop
}

# Signals that would end another process are nothing to PID 1.
test_others_do_no_harm() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	for signal in USR2 ALRM PIPE QUIT WINCH TSTP CONT PWR IO; do send_signal "$signal"; done
	want in_node "$FIRSTHOP" health
	stop
}

test_rules() {
	config <<-END
		[signals]
		USR1 = HUP a
		USR2 = stop
		TERM = ignore
		QUIT = status
		WINCH = USR2 a b
		[service a]
		command = @ACTOR@ tell 1 tell 12 say up pause pause
		[service b]
		command = @ACTOR@ tell 12 say up pause
	END
	boot
	want wait_log '^a: up'
	want wait_log '^b: up'
	send_signal TERM
	send_signal USR1
	want wait_log '^a: got signal 01'
	send_signal WINCH
	want wait_log '^a: got signal 12'
	want wait_log '^b: got signal 12'
	send_signal QUIT
	want wait_log '^SERVICE .*STATE'
	send_signal USR2
	want is 0 end_status
}

run_tests "$@"
