#!/bin/bash
# foreground.sh: a command beside the services, as with tini: its end is the node's.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# boot_command COMMAND…: with one service besides.
boot_command() {
	config <<-END
		[service beside]
		command = @ACTOR@ pause
	END
	boot -- "$@"
}

test_exit_code() {
	boot_command "$ACTOR" exit 42
	want is 42 end_status
	want log_has 'service=beside .* to=down'
}

test_exit_code_zero() {
	boot_command "$ACTOR" exit 0
	want is 0 end_status
}

test_death_by_signal() {
	boot_command "$ACTOR" kill 9
	want is 137 end_status
}

test_not_found() {
	node_lead=(env PATH=/usr/bin:/bin)
	boot_command nosuchcommand
	want is 127 end_status
	want log_has 'could not be started: exec.*: No such file'
}

# A slip of the fingers boots nothing.
test_mistyped_verb() {
	boot_program "$FIRSTHOP" statsu
	want is 100 end_status
	want log_has 'statsu is no verb and no program; did you mean status\?'
	unwanted log_has 'all ready'
}

# Unless it is said to be a command.
test_command_like_a_verb() {
	node_lead=(env PATH=/usr/bin:/bin)
	boot_program "$FIRSTHOP" -- statsu
	want is 127 end_status
}

test_not_permitted() {
	: >"$dir/file"
	boot_command "$dir/file"
	want is 126 end_status
}

test_search_in_path() {
	boot_command true
	want is 0 end_status
}

# WORKDIR and docker run -w are the command's, as with tini; services are in "/".
test_directory_is_kept() {
	ln -s "$ACTOR" "$dir/actor"
	node_lead=(env -C "$dir")
	config <<-END
		[service beside]
		command = @ACTOR@ cwd pause
	END
	boot -- ./actor cwd
	want is 0 end_status
	want log_has "^cwd=$dir\$"
}

# -c FILE is seen from there, too, also by a reload.
test_relative_configuration() {
	config <<-END
		[service beside]
		command = @ACTOR@ pause
	END
	node_lead=(env -C "$dir")
	boot --strict -c node.ini
	want moved beside ready
	send_signal HUP
	want wait_log "^firsthop: reloaded $dir/node.ini"
	stop
}

test_stdio_is_untouched() {
	echo 'from outside' >"$dir/input"
	node_stdin=$dir/input
	boot_command "$ACTOR" cat
	want is 0 end_status
	want log_has '^from outside$'
}

test_signals_are_forwarded() {
	boot_command "$ACTOR" tell 12 tell 28 say up pause pause pause
	want wait_log '^up$'
	send_signal USR2
	want wait_log '^got signal 12$'
	send_signal WINCH
	want wait_log '^got signal 28$'
	send_signal TERM
	want is 143 end_status
}

# Without any configuration, and without "init": as the entry point of any image.
test_plain_command_line() {
	boot_program "$FIRSTHOP" --builtin "$ACTOR" say hello exit 5
	want is 5 end_status
	want log_has '^hello$'
}

FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns user sub}
run_tests "$@"
