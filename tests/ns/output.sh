#!/bin/bash
# output.sh: what services write comes out whole, and never holds up PID 1.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

test_prefix_and_raw_and_none() {
	config <<-END
		[service a]
		command = @ACTOR@ say one complain two pause
		[service b]
		command = @ACTOR@ say three pause
		log = raw
		[service c]
		command = @ACTOR@ say four pause
		log = none
		[service d]
		command = @ACTOR@ say five pause
		log = file:@DIR@/d.log
	END
	boot
	want wait_log '^a: one$'
	want wait_log '^a: two$'
	want wait_log '^three$'
	want wait_until grep -qx five "$dir/d.log"
	want wait_until kept c four
	want kept d five
	unwanted log_has 'four|five'
	stop
}
kept() { in_node "$FIRSTHOP" logs "$1" | grep -q "$2"; }

test_whole_lines() {
	config <<-END
		[service a]
		command = @ACTOR@ print first- await @DIR@/go say half pause
		[service b]
		command = @ACTOR@ lines 3 print 'no end'
		type = oneshot
	END
	boot
	want moved b 'done'
	want wait_log '^b: line 3 of 3$'
	want wait_log '^b: no end$'
	unwanted log_has 'first-'
	: >"$dir/go"
	want wait_log '^a: first-half$'
	stop
}

test_long_lines_are_cut() {
	config <<-END
		[service a]
		command = @ACTOR@ long 20000 say after pause
	END
	boot
	want wait_log '^a: after$'
	want is 2 log_count '^a: x{8192} \[\.\.\.\]$'
	want is 1 log_count '^a: x{3616}$'
	stop
}

test_many_lines_all_come() {
	config <<-END
		[service a]
		command = @ACTOR@ lines 20000 say end pause
		[service b]
		command = @ACTOR@ lines 20000 say end pause
	END
	boot
	want wait_log '^a: end$'
	want wait_log '^b: end$'
	want is 20000 log_count '^a: line'
	want is 20000 log_count '^b: line'
	stop
}

# Only the newest are kept, and no more than the ring holds.
kept_has() { in_node "$FIRSTHOP" logs -n 10000 a >"$dir/kept" && grep -qx "$1" "$dir/kept"; }
test_ring_is_bounded() {
	config <<-END
		[service a]
		command = @ACTOR@ lines 20000 say end pause
	END
	boot
	# Not the log: who reads it may be slower than the lines come, and lose some.
	want wait_until kept_has end
	unwanted grep -qx 'line 1 of 20000' "$dir/kept"
	want test "$(wc -c <"$dir/kept")" -le 16384
	stop
}

# Nobody reads stdout: PID 1 goes on, counts what it drops, and says so once somebody does.
test_reader_that_sleeps() {
	mkfifo "$dir/fifo"
	config <<-END
		[service a]
		command = @ACTOR@ lines 100000 file @DIR@/written pause
		[service b]
		command = @ACTOR@ await @DIR@/written newline 3 pause
		ready = notify-fd
	END
	exec 8<>"$dir/fifo"
	node_stdout=$dir/fifo
	boot
	want wait_until test -e "$dir/written"
	want wait_until in_node "$FIRSTHOP" health
	cat <&8 >>"$dir/log" 2>/dev/null &
	want wait_log 'warning: a: [0-9]+ lines dropped'
	want wait_log 'service=b .* to=ready|b ready in|all ready'
	stop
	kill %% 2>/dev/null
	# What came is whole lines; with those dropped, it is all.
	dropped=$(log | sed -nE 's/.*warning: a: ([0-9]+) lines dropped.*/\1/p' | paste -sd+ | bc)
	want is 0 log_count '^a: (line [0-9]* of 10000|line [0-9]*|li)$'
	want is $((100000 - dropped)) log_count '^a: line [0-9]+ of 100000$'
}

test_closed_stdout() {
	config <<-END
		[service a]
		command = @ACTOR@ lines 1000 newline 3 pause
		ready = notify-fd
	END
	node_lead=("$(type -P bash)" -c 'exec "$@" >&-' bash)
	boot
	want wait_until in_node "$FIRSTHOP" health
	stop
}

test_reader_that_left() {
	config <<-END
		[service a]
		command = @ACTOR@ lines 10000 newline 3 await @DIR@/go lines 1000 file @DIR@/again pause
		ready = notify-fd
	END
	# shellcheck disable=SC2016 # for the shell inside
	node_lead=("$(type -P bash)" -c 'exec > >(read -r line); exec "$@"' bash)
	boot
	want wait_until in_node "$FIRSTHOP" health
	: >"$dir/go"
	want wait_until test -e "$dir/again"
	want in_node "$FIRSTHOP" health
	stop
}

test_restart_keeps_the_pipe() {
	config <<-END
		[service a]
		command = @ACTOR@ say hello exit 1
		restart_delay = 1ms .. 1ms
	END
	boot
	want wait_log '^a: hello' 20
	before=$(in_node sh -c 'ls /proc/1/fd | wc -l')
	want wait_log '^a: hello' 40
	want test "$(in_node sh -c 'ls /proc/1/fd | wc -l')" -le $((before + 1))
	stop
}

run_tests "$@"
