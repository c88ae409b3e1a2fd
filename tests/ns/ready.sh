#!/bin/bash
# ready.sh: each way to show that a service is ready, and what must not pass for it.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# held KIND STEP…: a service that waits for $dir/go, then does the steps; not ready before.
held() {
	local kind=$1
	shift
	config <<-END
		[service a]
		command = @ACTOR@ await @DIR@/go $* pause
		ready = $kind
		[service b]
		command = @ACTOR@ pause
		needs = a
	END
	boot
	want moved a starting
	unwanted log_has 'service=b .* to=starting'
	: >"$dir/go"
	want moved a ready
	want moved b ready
	stop
}

test_notify_fd() { held notify-fd:5 newline 5; }
test_sd_notify() { held sd_notify notify READY=1; }
test_pidfile() { held pidfile:@DIR@/pid pidfile @DIR@/pid; }
test_file() { held file:@DIR@/file file @DIR@/file; }
test_unix() { held unix:@DIR@/socket listen-unix @DIR@/socket; }
test_tcp() { held tcp:4711 listen-tcp 4711; }

test_exec() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
		ready = exec:/usr/bin/test -e @DIR@/go
	END
	boot
	want moved a starting
	: >"$dir/go"
	want moved a ready
	stop
}

test_frr_vty() {
	mkdir -p "$dir/frr"
	chmod 0777 "$dir/frr"
	config <<-END
		[service a]
		type = oneshot
		command = /bin/ln -s @DIR@/frr /run/frr
		[service zebra]
		needs = a
		command = @ACTOR@ await @DIR@/go vty @DIR@/frr/zebra.vty
		ready = frr-vty:zebra
	END
	boot
	want moved zebra starting
	: >"$dir/go"
	want moved zebra ready
	stop
}

# A daemon that was not there yet when it was asked first is asked again, also while nothing else
# happens that would wake us up.
test_frr_vty_is_asked_again() {
	mkdir -p "$dir/frr"
	chmod 0777 "$dir/frr"
	config <<-END
		[service a]
		type = oneshot
		command = /bin/ln -s @DIR@/frr /run/frr
		[service zebra]
		needs = a
		command = @ACTOR@ listen-unix @DIR@/frr/zebra.vty await @DIR@/go vty @DIR@/frr/zebra.vty
		ready = frr-vty:zebra
		start_timeout = infinity
	END
	boot
	want moved zebra starting
	want wait_until deaf "$dir/frr/zebra.vty"
	: >"$dir/go"
	want moved zebra ready
	stop
}
# Has a client, which nobody answers.
deaf() { at_least 2 in_node grep -c "$1" /proc/net/unix; }

# Something that accepts and never answers is no FRR daemon; and asking again and again leaves no
# descriptor behind.
test_frr_vty_that_hangs() {
	mkdir -p "$dir/frr"
	chmod 0777 "$dir/frr"
	config <<-END
		[service a]
		type = oneshot
		command = /bin/ln -s @DIR@/frr /run/frr
		[service zebra]
		needs = a
		command = @ACTOR@ listen-unix @DIR@/frr/zebra.vty say listening pause
		ready = frr-vty:zebra
		start_timeout = 500ms
		restart = never
	END
	boot
	want wait_log '^zebra: listening'
	want wait_log 'zebra not ready after 500 ms'
	stop
}

# A file of an earlier life names a process that is there, but another one.
test_stale_pidfile() {
	echo 1 >"$dir/pid"
	config <<-END
		[service a]
		command = @ACTOR@ say up pause
		ready = pidfile:@DIR@/pid
		start_timeout = 300ms
		restart = never
	END
	boot
	want wait_log 'a not ready after 300 ms'
	unwanted log_has 'service=a .* to=ready'
	stop
}

# Nobody but the service may say so.
test_sd_notify_by_another() {
	config <<-END
		[service a]
		command = @ACTOR@ say up await @DIR@/go notify STATUS=waiting await @DIR@/go2 notify READY=1 pause
		ready = sd_notify
		[service b]
		type = oneshot
		command = @ACTOR@ notify READY=1 file @DIR@/go
		environment = NOTIFY_SOCKET=/run/firsthop/notify/a
	END
	boot
	want moved b 'done'
	want moved a starting
	unwanted log_has 'service=a .* to=ready'
	: >"$dir/go2"
	want moved a ready
	stop
}

# It may say so and end at once: then it was ready, and its end is another thing.
test_ready_then_gone() {
	config <<-END
		[service a]
		command = @ACTOR@ newline 3 exit 4
		ready = notify-fd
		restart = never
		[service b]
		command = @ACTOR@ notify READY=1 exit 4
		ready = sd_notify
		restart = never
	END
	boot
	want moved a failed
	want moved b failed
	want log_order 'service=a .* to=ready' 'service=a .* to=failed'
	want log_order 'service=b .* to=ready' 'service=b .* to=failed'
	stop
}

# A service that goes on to write to the descriptor is not killed by it.
test_notify_twice() {
	config <<-END
		[service a]
		command = @ACTOR@ newline 3 await @DIR@/go newline 3 newline 3 say alive pause
		ready = notify-fd
	END
	boot
	want moved a ready
	: >"$dir/go"
	want wait_log '^a: alive'
	stop
}

test_ready_again_after_restart() {
	config <<-END
		[service a]
		command = @ACTOR@ notify READY=1 newline 1 pause
		ready = sd_notify
		restart_delay = 0s .. 1s
		[service b]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		restart_delay = 0s .. 1s
	END
	boot
	want moved a ready
	want moved b ready
	want in_node kill -KILL "$(started_pid a)" "$(started_pid b)"
	want moved a ready 2
	want moved b ready 2
	stop
}

run_tests "$@"
