#!/bin/bash
# order.sh: start, stop, restart and reload of services, and whoever asks for them.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# fh VERB…: firsthop in the node; what it says, to either, is in $dir/said, its exit code is ours.
fh() { in_node "$FIRSTHOP" "$@" >"$dir/said" 2>&1; }
said() { grep -qE -e "$1" "$dir/said" || { cat "$dir/said" >&2 && return 1; }; }
# fails CODE VERB…
fails() { local code=0; fh "${@:2}" || code=$?; [ "$code" = "$1" ]; }

two_services() {
	config <<-END
		[service zebra]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		[service bgpd]
		command = @ACTOR@ pause
		needs = zebra
		[service spare]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		start = manual
	END
	boot
	want wait_log 'all ready'
}

test_verbs_wait_until_it_is_so() {
	two_services
	want fh start spare
	want said '^spare: ready in .* \(pid [0-9]+\)$'
	want fh restart bgpd spare
	want said '^bgpd: started \(pid'
	want said '^spare: ready in'
	want is 2 log_count 'service=spare .* to=ready'
	want fh stop spare bgpd
	want said '^spare: stopped$'
	want said '^bgpd: stopped$'
	want is 1 log_count 'service=zebra .* to=starting'
	want log_has '^firsthop: stop requested: spare bgpd$'
	stop
}

test_a_stop_names_who_is_affected() {
	two_services
	want fh stop zebra
	want said '^bgpd needs zebra, and goes on without it$'
	want fh stop bgpd
	want fh start bgpd
	want said '^zebra: ready in'
	want said '^bgpd: started'
	stop
}

test_a_start_that_fails_says_why() {
	config <<-END
		[service a]
		command = @ACTOR@ exit 3
		ready = notify-fd
		start = manual
		[service b]
		command = @ACTOR@ pause
		ready = notify-fd
		start = manual
		start_timeout = 100ms
		restart = never
		[service c]
		command = @ACTOR@ pause
		needs = b
		start = manual
		[service d]
		command = /nowhere/d
		start = manual
	END
	boot
	want wait_log 'all ready'
	want fails 1 start a
	want said '^firsthop start: a: exited 3; backing off'
	want fails 1 start c
	want said '^firsthop start: c: waiting for b \(failed\)'
	want fails 1 start --json d
	want said '"ok":false.*"outcome":"failed".*could not be started: exec /nowhere/d'
	stop
}

test_wrong_names_change_nothing() {
	two_services
	want fails 100 restart bgpd zebr
	want said 'there is no service "zebr"; did you mean zebra\?'
	want fails 100 restart
	want fails 100 start --wait bgpd
	want is 1 log_count 'service=bgpd .* to=starting'
	want fails 1 reload bgpd
	want said 'bgpd does not say how it is reloaded: give \[service bgpd\] a reload_signal'
	stop
}

test_a_console_needs_a_terminal() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
		[service cli]
		type = console
		command = @ACTOR@ pause
	END
	boot
	want wait_log 'all ready'
	want fails 1 start a cli
	want said '^firsthop start: cli is a console, and there is no terminal \(docker run -it gives one\)$'
	want fh stop cli
	unwanted log_has 'service=cli .* to=starting'
	stop
}

test_who_does_not_wait() {
	config <<-END
		[service slow]
		command = @ACTOR@ await @DIR@/go newline 3 pause
		ready = notify-fd
		start = manual
	END
	boot
	want wait_log 'all ready'
	want fh start --no-wait slow
	want said '^slow: is told$'
	want moved slow starting
	in_node timeout 0.2 "$FIRSTHOP" start slow
	unwanted log_has 'service=slow .* to=ready'
	: >"$dir/go"
	want fh start slow
	want said '^slow: ready in'
	stop
}

test_reload_of_a_service() {
	config <<-END
		[service hup]
		command = @ACTOR@ tell 1 pause
		reload_signal = HUP
		[service command]
		command = @ACTOR@ pause
		reload_command = @ACTOR@ say again await @DIR@/go fail-once @DIR@/failed
		[service frr]
		command = @ACTOR@ pause
		reconfigure = @ACTOR@ say configured
	END
	boot
	want wait_log 'all ready'
	want fh reload hup
	want said '^hup: was sent HUP$'
	want wait_log '^hup: got signal 01'
	want fh reload frr
	want said '^frr: reloaded$'
	want log_has '^frr: configured'
	in_node "$FIRSTHOP" reload command >"$dir/first" 2>&1 &
	local reload=$!
	want wait_log '^command: again'
	: >"$dir/go"
	unwanted wait "$reload"
	want grep -q 'reload_command exited .*; it goes on with what it has' "$dir/first"
	want fh reload --json command
	want said '^{"version":1,"verb":"reload","ok":true,"waited":true,"services":\[{"name":"command"'
	want is 1 log_count 'service=command .* to=starting'
	stop
}

test_the_stop_of_all_ends_the_wait() {
	config <<-END
		[service slow]
		command = @ACTOR@ pause
		ready = notify-fd
		start = manual
		; So that the engine of a container has the time to hand on what the client says.
		[service other]
		command = @ACTOR@ ignore 15 pause
		stop_timeout = 2s
	END
	boot
	want wait_log 'all ready'
	in_node "$FIRSTHOP" start slow >"$dir/first" 2>&1 &
	local start=$!
	want moved slow starting
	send_signal TERM
	unwanted wait "$start"
	want grep -qE 'firsthop is stopping all services|firsthop ended before it answered' "$dir/first"
	want is 0 end_status
}

run_tests "$@"
