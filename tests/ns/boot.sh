#!/bin/bash
# boot.sh: a node comes up in order, and goes down in the reverse of it.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

test_boot_and_stop_in_order() {
	config <<-END
		[node]
		ready_message = NODE IS READY
		[service third]
		command = @ACTOR@ file @DIR@/third pause
		needs = second
		ready = file:@DIR@/third
		[service second]
		command = @ACTOR@ file @DIR@/second pause
		needs = first
		ready = file:@DIR@/second
		[service first]
		command = @ACTOR@ newline 3 pause
		ready = notify-fd
		[service once]
		type = oneshot
		command = @ACTOR@ say 'did it'
		after = second
	END
	boot
	want wait_log '^NODE IS READY$'
	want log_order 'service=first .* to=ready' 'service=second .* to=starting' \
		'service=second .* to=ready' 'service=third .* to=starting' 'service=third .* to=ready' \
		'all ready in .* .4 services' '^NODE IS READY$'
	want log_has '^once: did it$'
	want in_node "$FIRSTHOP" health
	stop
	want log_order 'service=third .* to=stopping' 'service=third .* to=down' \
		'service=second .* to=stopping' 'service=second .* to=down' \
		'service=first .* to=stopping' 'service=first .* to=down' 'ended, exit code 0'
	unwanted log_has 'WARNING|ERROR'
}

test_ready_is_not_said_before_all_are() {
	config <<-END
		[node]
		ready_message = READY
		[service slow]
		command = @ACTOR@ await @DIR@/go newline 3 pause
		ready = notify-fd:3
		[service fast]
		command = @ACTOR@ pause
	END
	boot
	want moved fast ready
	want moved slow starting
	unwanted in_node "$FIRSTHOP" health
	unwanted log_has '^READY$'
	touch "$dir/go"
	want wait_log '^READY$'
	stop
}

test_prepare_runs_before_the_command() {
	config <<-END
		[service a]
		prepare = @ACTOR@ say preparing file @DIR@/prepared
		command = @ACTOR@ await @DIR@/prepared say running pause
	END
	boot
	want wait_log '^a: running'
	want log_order '^a: preparing' '^a: running'
	stop
}

test_many_services() {
	for i in $(seq 150); do
		printf '[service s%s]\ncommand = @ACTOR@ say here pause\n' "$i"
	done | config
	boot
	want wait_log 'all ready in .* .150 services'
	want wait_log '^s[0-9]+: here' 150
	stop
	want is 150 log_count 'service=s.* to=down'
}

test_nothing_to_do() {
	config <<-END
		[node]
		stop_budget = 2s
	END
	boot
	want wait_log 'all ready in'
	stop
}

test_last_good_configuration() {
	config <<-END
		[service good]
		command = @ACTOR@ pause
	END
	boot
	want wait_until test -s "$dir/var-lib/firsthop/last-good.ini"
	stop
	: >"$dir/log"
	config <<-END
		[service bad]
		command = not absolute
	END
	boot
	want wait_log 'error: .*node.ini:2: '
	want wait_log 'error: .*running the last good one'
	want moved good ready
	unwanted log_has 'service=bad'
	want in_node "$FIRSTHOP" status
	stop
}

test_bad_configuration_falls_back() {
	config <<-END
		[service a]
		comand = @ACTOR@ pause
		[servce b]
	END
	boot --builtin
	want wait_log 'all ready in'
	stop
	: >"$dir/log"
	boot
	want wait_log 'node.ini:2: .*comand'
	want wait_log 'node.ini:3: .*servce'
	want wait_log 'error: .*running the built-in one'
	stop
}

test_strict_refuses_a_bad_configuration() {
	config <<-END
		[service a]
		comand = @ACTOR@ pause
		[service b]
		command = @ACTOR@ say started pause
	END
	boot --strict
	want is 100 end_status
	want log_has 'node.ini:2: .*comand'
	unwanted log_has started
}

test_no_such_file() {
	boot --strict -c "$dir/none.ini"
	want is 100 end_status
	want log_has 'none.ini'
}

test_bad_option() {
	boot --nonsense
	want is 100 end_status
}

FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns user sub}
# Before there is anything that could say so in the usual way.
test_no_dev_null() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	node_setup='mount -t tmpfs none /dev'
	boot
	want is 111 end_status
	want log_has '^firsthop: error: cannot begin: /dev/null and the process itself: No such file or directory$'
}

run_tests "$@"
