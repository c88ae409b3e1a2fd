#!/bin/bash
# rest.sh: at rest PID 1 does not wake up. No clock is needed to see it: it sleeps in one place, and there
# it says for how long.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# The trace of PID 1 from before one request until it sleeps again: each of its sleeps, also the one that
# the request has ended, was without an end.
sleeps_for_ever() {
	local pid tracer
	pid=$(firsthop_pid)
	strace -q -p "$pid" -o "$dir/trace" 2>/dev/null &
	tracer=$!
	wait_until traced "$pid" && in_node "$FIRSTHOP" status >/dev/null && wait_until grep -q accept4 "$dir/trace" &&
		wait_until asleep "$pid"
	kill "$tracer"
	wait "$tracer"
	grep -E '^epoll_p?wait.* = ' "$dir/trace" >"$dir/sleeps"
	[ -s "$dir/sleeps" ] && ! grep -vqE ', -1(, NULL, [0-9]+)?\) = ' "$dir/sleeps"
}
traced() { grep -qE '^TracerPid:	[1-9]' "/proc/$1/status"; }
asleep() { tail -n 1 "$dir/trace" | grep -qE '^epoll_p?wait\([^=]*$'; }

test_no_wake_up() {
	config <<-END
		[service a]
		command = @ACTOR@ say one newline 3 pause
		ready = notify-fd
		[service b]
		command = @ACTOR@ say two pause
		log = file:@DIR@/b.log
		[service c]
		command = @ACTOR@ say three pause
		log = syslog:@DIR@/nobody
		[service d]
		command = @ACTOR@ exit 1
		restart = never
	END
	boot
	want wait_log 'syslog at'
	want moved d failed
	# Shortly after the boot it tidies up, once.
	want wait_until sleeps_for_ever
	# And there is no other clock that could wake it.
	unwanted grep -q . "/proc/$(firsthop_pid)/timers"
	unwanted has_timer
	stop
}
has_timer() { in_node sh -c 'ls -l /proc/1/fd' | grep -q timerfd; }

# So that one knows that it would be seen.
test_health_checks_wake_it_up() {
	config <<-END
		[service a]
		command = @ACTOR@ listen-unix @DIR@/socket pause
		ready = unix:@DIR@/socket
		health = unix:@DIR@/socket
		health_period = 1h
	END
	boot
	want wait_log 'all ready'
	unwanted sleeps_for_ever
	want test -s "$dir/sleeps"
	stop
}

run_tests "$@"
