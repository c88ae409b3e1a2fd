#!/bin/bash
# console.sh: the terminal belongs to the console, and to nobody else.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# on_terminal own|shared: the node gets a terminal, as `docker run -it` gives it (own: PID 1 leads its
# session), or as under `docker run --init -it` and script(1) (shared: another does). type_keys TEXT
# types on it; what it shows is the log.
on_terminal() {
	mkfifo "$dir/keys"
	chmod 0666 "$dir/keys"
	exec 8<>"$dir/keys"
	node_stdin=$dir/keys
	node_host=("$PTYHOST" "$1")
	node_lead=()
	[ "$1" = shared ] || node_lead=("$PTYHOST" lead)
}
type_keys() { printf '%b' "$1" >&8; }

plain_console() {
	config <<-END
		[service console]
		type = console
		command = @ACTOR@ tell 2 tell 20 tty shell PROMPT
		[service other]
		command = @ACTOR@ tell 2 tell 20 file @DIR@/other-runs pause pause pause
		log = file:@DIR@/other.log
	END
	on_terminal "$1"
	boot
	want wait_log '^PROMPT'
	want log_has '^tty=yes foreground=yes leads-group=yes'
}

console_works() {
	plain_console "$1"
	type_keys 'hello\n'
	want wait_log '^read: hello'
	type_keys 'exit\n'
	want wait_log '^PROMPT' 2
	want log_count 'tty=yes foreground=yes' 2
	type_keys 'again\n'
	want wait_log '^read: again'
	stop
}

test_console() { console_works own; }
test_console_in_a_shared_session() { console_works shared; }

keys_reach_only_it() {
	plain_console "$1"
	want wait_until test -e "$dir/other-runs"
	type_keys '\003'
	want wait_log 'got signal 02'
	type_keys '\032'
	want wait_log 'got signal 20'
	type_keys 'still here\n'
	want wait_log '^read: still here'
	unwanted test -s "$dir/other.log"
	unwanted log_has 'stopping all services'
	stop
}

test_keys_reach_only_it() { keys_reach_only_it own; }
test_keys_reach_only_it_in_a_shared_session() { keys_reach_only_it shared; }

# Typed between the end of one console and the start of the next.
test_interrupt_between_consoles() {
	config <<-END
		[service console]
		type = console
		command = @ACTOR@ say PROMPT
		restart_delay = 5ms .. 5ms
	END
	on_terminal own
	boot
	want wait_log '^PROMPT'
	for _ in $(seq 40); do
		type_keys '\003'
		sleep 0.01
	done
	want wait_log '^PROMPT' 5
	want in_node "$FIRSTHOP" health
	unwanted log_has 'stopping all services'
	stop
}

test_others_do_not_scribble() {
	config <<-END
		[service console]
		type = console
		command = @ACTOR@ shell PROMPT
		[service other]
		command = @ACTOR@ await @DIR@/go say scribble exit 1
		restart_delay = 1ms .. 1ms
		give_up = 3 in 60s
	END
	on_terminal own
	boot
	want wait_log '^PROMPT'
	: >"$dir/go"
	want wait_until has_failed other
	type_keys 'hello\n'
	want wait_log '^read: hello'
	unwanted log_has 'scribble|given up'
	want in_node sh -c "'$FIRSTHOP' logs other | grep -q scribble"
	stop
	# From then on the terminal is ours again.
	want log_order '^read: hello' 'lines of services came while the console had the terminal' \
		'ended, exit code 0'
}
has_failed() { in_node "$FIRSTHOP" status "$1" | grep -q failed; }

test_settings_are_restored() {
	config <<-END
		[service console]
		type = console
		command = @ACTOR@ echo-state raw shell PROMPT
	END
	on_terminal own
	boot
	want wait_log '^PROMPT'
	want in_node sh -c 'for p in /proc/[0-9]*; do
		grep -q "^actor$" $p/comm && kill -KILL ${p#/proc/}; done; true'
	want wait_log '^PROMPT' 2
	want is 2 log_count '^echo=on'
	stop
}

test_no_terminal() {
	config <<-END
		[service console]
		type = console
		command = @ACTOR@ say PROMPT pause
		[service other]
		command = @ACTOR@ pause
	END
	boot
	want wait_log 'no terminal: console services are not started'
	want wait_log 'all ready in'
	unwanted log_has 'service=console .* to=starting'
	send_signal HUP
	want wait_log 'reloaded'
	want is 1 log_count 'no terminal'
	stop
}

# Without a console, ^C is an order to stop, as for any program.
test_interrupt_without_a_console() {
	config <<-END
		[service other]
		command = @ACTOR@ pause
	END
	on_terminal own
	boot
	want moved other ready
	type_keys '\003'
	want is 0 end_status
	want log_has 'signal INT: stopping all services'
}

foreground_on_terminal() {
	config <<-END
		[service console]
		type = console
		command = @ACTOR@ say never pause
		[service other]
		command = @ACTOR@ pause
	END
	on_terminal "$1"
	boot -- "$ACTOR" tell 2 tty shell PROMPT exit 7
	want wait_log '^PROMPT'
	want log_has '^tty=yes foreground=yes leads-group=yes'
	type_keys '\003'
	want wait_log 'got signal 02'
	type_keys 'exit\n'
	want is 7 end_status
	unwanted log_has '^never'
}

test_foreground_on_terminal() { foreground_on_terminal own; }
test_foreground_on_terminal_in_a_shared_session() { foreground_on_terminal shared; }

run_tests "$@"
