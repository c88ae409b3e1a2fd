#!/bin/bash
# health.sh: a service that falls silent is noticed, killed and restarted; one that answers is not.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# falls_silent STATE: the service a is stopped by a signal, and comes back.
falls_silent() {
	want moved a ready
	want in_node kill -STOP "$(started_pid a)"
	want wait_log 'a did not answer 2 health checks: .*; pid [0-9]+ is in state T \(stopped'
	want moved a "$1"
	want moved a ready 2
	unwanted log_has 'service=a .* on=force'
}

# checked KIND STEP…: such a service with quick checks.
checked() {
	local kind=$1
	shift
	config <<-END
		[service a]
		command = @ACTOR@ $*
		ready = $kind
		health = $kind
		health_period = 100ms
		health_timeout = 1s
		restart_delay = 0s .. 1s
	END
}

test_unix() {
	checked unix:@DIR@/socket accept-unix @DIR@/socket
	boot
	falls_silent killing
	stop
}

test_exec() {
	checked "exec:@ACTOR@ ask-vty @DIR@/socket" vty @DIR@/socket
	boot
	falls_silent killing
	stop
}

test_frr_vty() {
	mkdir -p "$dir/frr"
	chmod 0777 "$dir/frr"
	checked frr-vty:zebra vty @DIR@/frr/zebra.vty
	sed -i "/^health = /a needs = link" "$dir/node.ini"
	cat >>"$dir/node.ini" <<-END
		[service link]
		type = oneshot
		command = /bin/ln -s $dir/frr /run/frr
	END
	boot
	falls_silent killing
	stop
}

# It continues only to die of the signal.
test_signal_for_a_core() {
	checked unix:@DIR@/socket accept-unix @DIR@/socket
	echo 'health_signal = ABRT' >>"$dir/node.ini"
	boot
	falls_silent stopping
	want log_has 'sending it ABRT'
	unwanted log_has 'service=a .* to=killing'
	stop
}

test_signal_that_is_ignored() {
	checked unix:@DIR@/socket ignore 6 accept-unix @DIR@/socket
	echo 'health_signal = ABRT' >>"$dir/node.ini"
	boot
	want moved a ready
	want in_node kill -STOP "$(started_pid a)"
	want moved a ready 2
	want log_order 'sending it ABRT' 'a still runs; killing it' 'service=a .* to=backoff'
	stop
}

# As long as it answers in time; here in 300 ms, ten times.
test_slow() {
	mkdir -p "$dir/frr"
	chmod 0777 "$dir/frr"
	config <<-END
		[service link]
		type = oneshot
		command = /bin/ln -s @DIR@/frr /run/frr
		[service a]
		needs = link
		command = @ACTOR@ slow-vty @DIR@/frr/zebra.vty
		health = frr-vty:zebra
		health_period = 100ms
		health_timeout = 20s
	END
	boot
	want wait_log '^a: answered' 10
	unwanted log_has 'did not answer'
	unwanted log_has 'service=a .* from=ready'
	stop
}

# What status says meanwhile; and a reload without health lets it be silent.
test_status_and_reload() {
	checked file:@DIR@/alive file @DIR@/alive pause
	sed -i 's/^health_period.*/&\nhealth_failures = 100/' "$dir/node.ini"
	boot
	want moved a ready
	want in_node rm "$dir/alive"
	want wait_until says_failed
	sed -i 's/^health.*//' "$dir/node.ini"
	send_signal HUP
	want wait_log 'reload'
	want wait_until says_nothing
	unwanted log_has 'service=a .* from=ready'
	stop
}
says_failed() { in_node "$FIRSTHOP" status a | grep -qE '[1-9][0-9]* of 100 health checks failed'; }
says_nothing() { ! in_node "$FIRSTHOP" status a | grep -q 'health checks failed'; }

run_tests "$@"
