#!/bin/bash
# burst.sh: a service that writes as fast as it can is neither blocked for good, nor does it make PID 1
# grow, nor do the others wait; what is dropped is counted and told.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

GUSH=$HELPERS/gush
pss() { awk '/^Pss:/ { print $2 }' "/proc/$(firsthop_pid)/smaps_rollup"; }
# AddressSanitizer keeps what was freed, to watch it.
memory_is_its_own() { ! grep -q __asan_init "$FIRSTHOP"; }
status_of() { in_node "$FIRSTHOP" status --json "$1"; }
dropped() { status_of a | grep -oE '"lines_dropped":[0-9]+' | cut -d: -f2; }

# 100 MB, and nobody reads stdout until they are written.
test_100_megabytes() {
	mkfifo "$dir/fifo"
	config <<-END
		[service a]
		type = oneshot
		command = $GUSH 100
		[service b]
		command = @ACTOR@ pause
	END
	exec 9<>"$dir/fifo"
	node_stdout=$dir/fifo
	boot
	want wait_until is_done
	after=$(pss)
	want wait_until in_node "$FIRSTHOP" health
	want test "$(dropped)" -gt 900000
	# As much as the queue, the ring and one read need, and what the program is without them.
	! memory_is_its_own || want test "$after" -le 3072
	# A failure waits for all that was begun here.
	timeout $((2 * DEADLINE)) cat <&9 >>"$dir/log" 9>&- &
	local reader=$!
	want wait_log 'firsthop: warning: a: [0-9]+ lines dropped'
	want is 1 log_count 'lines dropped'
	want log_has "a: $(dropped) lines dropped"
	want in_node "$FIRSTHOP" status >"$dir/table"
	want grep -q "$(dropped) lines of output dropped" "$dir/table"
	want wait_until is $((1000000 - $(dropped))) log_count '^a: 2026/11/30 .* from 10$'
	stop
	kill "$reader"
}
is_done() { status_of a | grep -q '"state":"done"'; }

# Without an end: the others become ready, are asked, are started and stopped all the same.
test_others_go_on() {
	config <<-END
		[service a]
		command = $GUSH 1000000
		[service b]
		command = @ACTOR@ await @DIR@/go say ready newline 3 await @DIR@/die exit 1
		ready = notify-fd
		restart_delay = 1ms .. 1ms
		[service c]
		command = @ACTOR@ listen-unix @DIR@/socket pause
		ready = unix:@DIR@/socket
		health = exec:@ACTOR@ file @DIR@/asked
		health_period = 10ms
	END
	node_stdout=/dev/null
	boot
	want wait_until is_ready a
	: >"$dir/go"
	want wait_until in_node "$FIRSTHOP" health
	want wait_until test -e "$dir/asked"
	rm -f "$dir/asked"
	want wait_until test -e "$dir/asked"
	: >"$dir/die"
	want wait_until restarted b
	rm -f "$dir/die"
	want in_node "$FIRSTHOP" logs -n 1 b >"$dir/seen"
	want grep -qx ready "$dir/seen"
	before=$(pss)
	in_node "$FIRSTHOP" logs -n 10 a >"$dir/seen"
	want is 10 seen
	want in_node "$FIRSTHOP" stop a
	! memory_is_its_own || want test "$before" -le 3072
	stop
}
is_ready() { status_of "$1" | grep -q '"state":"ready"'; }
seen() { grep -cE '^2026/11/30 .* from 10$' "$dir/seen"; }
restarted() { status_of "$1" | grep -qE '"restarts":[1-9]'; }

run_tests "$@"
