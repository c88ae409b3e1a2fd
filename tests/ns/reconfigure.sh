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

# As mgmtd of FRR 10 does it when another daemon comes back to it in the midst.
loses() {
	mkdir -p "$dir/frr"
	chmod 0777 "$dir/frr"
	cat >"$dir/load" <<-'END'
		echo "$2" >>"$1/loads"
		[ "$(grep -c . "$1/loads")" -gt "$2" ] || echo 'Current configuration object was deleted by another process.'
		exit 2
	END
	config <<-END
		[service link]
		type = oneshot
		command = /bin/ln -s @DIR@/frr /run/frr
		[service a]
		needs = link
		command = @ACTOR@ vty @DIR@/frr/a.vty
		ready = frr-vty:a
		restart_delay = 0s .. 1s
		reconfigure = /bin/sh @DIR@/load @DIR@ $1
		reconfigure_exit_status = 0 2
	END
	boot
	want moved a ready
	want kill_a
}

# The same when all daemons are given theirs at boot: mgmtd is not told when zebra's connection is there.
test_what_is_lost_at_boot_is_given_again() {
	cat >"$dir/load" <<-'END'
		echo load >>"$1/loads"
		[ "$(grep -c . "$1/loads")" -gt 2 ] || echo 'Current configuration object was deleted by another process.'
		exit 2
	END
	config <<-END
		[service frr-config]
		type = oneshot
		command = /bin/sh @DIR@/load @DIR@
		success_exit_status = 0 2
		restart = on-failure
		[service after]
		type = oneshot
		needs = frr-config
		command = /bin/cp @DIR@/loads @DIR@/loads-before
	END
	boot
	want wait_log 'all ready in'
	want is 2 log_count 'frr-config: a part of the configuration was lost while it was given; once more'
	want is 3 grep -c . "$dir/loads-before"
	stop
}

test_what_is_lost_is_given_again() {
	loses 2
	want wait_log 'a has its configuration back'
	want is 2 log_count 'a lost a part of its configuration while it was given it; once more'
	want is 3 grep -c . "$dir/loads"
	stop
}

test_what_is_always_lost_has_failed() {
	loses 100
	want wait_log 'warning: a could not be given its configuration back'
	want is 6 grep -c . "$dir/loads"
	want wait_until says 'reason  *could not be given its configuration back'
	stop
}

run_tests "$@"
