#!/bin/bash
# status.sh: what a person in front of the node is told.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# fh VERB…: firsthop in the node; what it says is in $dir/said.
fh() { in_node "$FIRSTHOP" "$@" >"$dir/said" 2>&1; }
said() { grep -qE -e "$1" "$dir/said" || { cat "$dir/said" >&2 && return 1; }; }

test_memory_and_processor_time() {
	config <<-END
		[service busy]
		command = /bin/sh -c 'while :; do :; done'
		[service idle]
		command = @ACTOR@ pause
	END
	boot
	want wait_log 'all ready'
	has_used() { fh status --json busy && grep -qE '"cpu_ms":[1-9][0-9]*' "$dir/said"; }
	want wait_until has_used
	want fh status --json
	want said '"name":"idle".*"memory_bytes":[1-9][0-9]{4,},"cpu_ms":[0-9]+'
	want fh status
	want said '^SERVICE +STATE +PID +UPTIME +RESTARTS +MEMORY +CPU'
	want said '^idle +ready .* [0-9.]+ [KM]iB +[0-9]+ ms'
	want fh health --json
	want said '^\{"version":1,"level":"ready","ok":true,"text":"2 of 2 services ready"\}$'
	want fh stop idle
	want fh health --json --level started
	want fh stop --json busy
	want said '^\{"version":1,"verb":"stop","ok":true,.*"state":"down","pid":null'
	stop
}

test_a_page_about_one() {
	config <<-END
		[service zebra]
		description = routes of all
		command = @ACTOR@ fail-once @DIR@/failed newline 3 pause
		ready = notify-fd
		restart_delay = 0s .. 1s
		limit_nofile = 512
		health = exec:/bin/true
		[service bgpd]
		command = @ACTOR@ pause
		needs = zebra
	END
	boot
	want wait_log 'all ready'
	want fh status zebra
	want said '^zebra: daemon, ready for '
	want said '^  process +pid [0-9]+, up .*, ready after '
	want said '^  uses +.* of memory \(resident\), .* of processor time$'
	want said '^  health +answers$'
	want said '^  restarts +1$'
	want said '^  needed by +bgpd$'
	want said '^  ended +.* ago: exited [0-9]+$'
	want said '^    limit_nofile +512$'
	want fh status --json zebra
	want said '"configuration":\{"description":"routes of all",.*"needed_by":\["bgpd"\],"ends":\[\{"text":"exited'
	unwanted fh status zebr
	want said 'there is no service "zebr"; did you mean zebra\?'
	stop
}

# What is wrong comes first, with what it said last.
test_what_is_wrong_comes_first() {
	config <<-END
		[service good]
		command = @ACTOR@ pause
		[service bad]
		command = @ACTOR@ say 'cannot open libfrr.so' kill 11
		ready = notify-fd
		restart_delay = 1ms .. 1ms
		give_up = 2 in 60s
		[service after]
		command = @ACTOR@ pause
		needs = bad
		[service later]
		command = @ACTOR@ exit 3
		ready = notify-fd
		restart_delay = 1h .. 1h
	END
	boot
	want moved bad failed
	want moved later backoff
	want fh status
	want test "$(sed -nE 's/^(bad|later|after|good) +(failed|backoff|waiting|ready) .*/\1/p' "$dir/said" | tr '\n' ' ')" = 'bad later after good '
	want said '^bad +failed .* gave up after 2 failures in 60 s; killed by signal 11 \(SEGV\)'
	want said '^later +backoff .* backing off 1 h after 1 failure'
	want said '^after +waiting .* waiting for bad \(failed\)$'
	want said '^    cannot open libfrr.so$'
	stop
}

run_tests "$@"
