#!/bin/bash
# handover.sh: another program becomes PID 1, and firsthop goes on beside it.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# program: stdin, as the program that PID 1 is handed over to.
program() {
	{ echo '#!/bin/sh' && cat; } >"$dir/program"
	chmod 755 "$dir/program"
}
# One that says who it is, reaps, and ends when it is told to.
patient_program() {
	program <<-'END'
		echo "program: pid $$ with $*"
		trap 'echo "program: ends"; exit 7' TERM
		while :; do sleep 1000 & wait; done
	END
}

# The one that supervises; PID 1 is somebody else.
side_pid() { log | sed -nE 's/^firsthop: handed over to .* as pid ([0-9]+); supervising beside it as pid ([0-9]+)$/\2/p'; }
signal_side() { in_node kill -s "$1" "$(side_pid)"; }

ask() { in_node "$FIRSTHOP" "$@"; }
# shellcheck disable=SC2016 # the shell in the node expands it
parent_of() { in_node sh -c 'cut -d" " -f4 <"/proc/$0/stat"' "$1"; }

boot_handover() {
	patient_program
	config <<-END
		[node]
		handover = @DIR@/program one 'two three'
		[service a]
		command = @ACTOR@ pause
		[service b]
		command = @ACTOR@ pause
		needs = a
	END
	boot
	want moved b ready 1
}

count_left() { in_node ls -l /proc/1/fd | grep -v ' [012] -> ' | grep -cE 'anon_inode|socket:|pipe:|/(sys|null)$'; }

test_becomes_pid_1() {
	boot_handover
	want wait_log '^program: pid 1 with one two three$'
	# Nothing of PID 1's own is left to it.
	want is 0 count_left
	want grep -qE '^SigBlk:.0+$' <(in_node cat /proc/1/status)
	want log_order 'handed over to .*/program as pid 1' 'to=ready'
	want is "$(side_pid)" parent_of "$(started_pid a)"
	want is 1 parent_of "$(side_pid)"
	want grep -qE '^b +ready' <(ask status)
	want is 0 count_zombies
}

test_goes_on_supervising() {
	local old
	boot_handover
	old=$(started_pid a)
	want in_node kill -KILL "$old"
	want moved a ready 2
	unwanted is "$old" started_pid a
}

# What a service leaves comes to the supervisor, not to a PID 1 that may not expect it.
test_orphans_come_to_the_side() {
	boot_handover
	config <<-END
		[node]
		handover = @DIR@/program one 'two three'
		[service c]
		command = /bin/sh -c "setsid sleep 1234 & echo orphan is \$!; exec sleep 1000"
	END
	want ask reload
	want wait_log '^c: orphan is'
	want in_node kill -KILL "$(started_pid c)"
	want moved c ready 2
	want is "$(side_pid)" parent_of "$(log | sed -n 's/^c: orphan is //p' | head -n 1)"
}

# Told by a signal or by `shutdown`: in order, and PID 1 runs on.
test_told_to_stop() {
	boot_handover
	want signal_side TERM
	want wait_log 'ended, exit code 0'
	want log_order 'firsthop: b stopped' 'firsthop: a stopped'
	want wait_until is 0 count_zombies
	want node_runs
	send_signal TERM
	want is 7 end_status
}

test_shutdown() {
	boot_handover
	want ask shutdown
	want wait_log 'ended, exit code 0'
	want log_order 'firsthop: b stopped' 'firsthop: a stopped'
	want node_runs
}

# PID 1 goes, and all go with it: nobody can stop anything then.
test_pid_1_ends() {
	boot_handover
	send_signal TERM
	want is 7 end_status
	want wait_log 'program: ends'
}

# As with `docker run --init`: the program's end does not end the supervisor, so it is told.
test_program_that_is_no_pid_1() {
	mkfifo "$dir/go"
	program <<-END
		echo "program: \$\$"
		read -r _ <"$dir/go"
	END
	config <<-END
		[node]
		handover = @DIR@/program
		[service a]
		command = /bin/sh -c "trap 'echo >@DIR@/told; exit' TERM; while :; do sleep 1000 & wait; done"
	END
	# shellcheck disable=SC2016 # PID 1 of the node expands it
	boot_program sh -c '"$@"; until [ -e "$0/told" ]; do sleep 0.05; done' \
		"$dir" "$FIRSTHOP" init -v -c "$dir/node.ini"
	want wait_log '^READY'
	unwanted log_has '^program: 1$'
	echo go >"$dir/go"
	want is 0 end_status
	want log_has 'signal TERM: stopping all services'
}

test_cannot_be_executed() {
	printf '\177ELF nothing' >"$dir/program"
	chmod 755 "$dir/program"
	config <<-END
		[node]
		handover = @DIR@/program
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want wait_log 'error: cannot hand PID 1 over to .*/program: Exec format error; going on as PID 1'
	want moved a ready
	want is 1 firsthop_parent
	stop
}
firsthop_parent() { parent_of "$(started_pid a)"; }

test_foreground_command() {
	patient_program
	config <<-END
		[node]
		handover = @DIR@/program
	END
	boot -- "$ACTOR" exit 5
	want is 5 end_status
	want log_has 'PID 1 is not handed over'
	unwanted log_has '^program'
}

run_tests "$@"
