#!/bin/bash
# logs.sh: `firsthop logs`, also while lines come: nothing twice, nothing missed, nobody slowed down.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# logs ARG…: `firsthop logs`; its lines. follow FILE ARG…: the same with -f, into FILE, until the test
# ends; tell_follower SIGNAL.
logs() { in_node "$FIRSTHOP" logs "$@"; }
follow() {
	local into=$1
	shift
	rm -f "$dir/follower"
	# shellcheck disable=SC2016 # for the shell inside
	in_node sh -c 'echo $$ >"$0" && exec "$@"' "$dir/follower" "$FIRSTHOP" logs -f "$@" \
		>"$into" 2>>"$dir/errors" 9>&- &
	want wait_until test -s "$dir/follower"
}
tell_follower() { in_node sh -c "kill -s $1 $(cat "$dir/follower")"; }
seen() { cat "$dir/seen"; }
seen_has() { grep -qE -e "$1" "$dir/seen"; }
seen_count() { grep -cE -e "$1" "$dir/seen"; }

# TIME of RFC 3339 in UTC, as `firsthop logs -t` prints it.
time_re='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z'

test_in_order_of_time() {
	config <<-END
		[service b]
		command = @ACTOR@ say one await @DIR@/three say three pause
		[service a]
		command = @ACTOR@ await @DIR@/two say two await @DIR@/four say four pause
	END
	boot
	want wait_log '^b: one$'
	: >"$dir/two"
	want wait_log '^a: two$'
	: >"$dir/three"
	want wait_log '^b: three$'
	: >"$dir/four"
	want wait_log '^a: four$'
	logs >"$dir/seen"
	want is 'b: one a: two b: three a: four' four_lines
	want seen_has '^firsthop: all ready in '
	# So many of all, not of each.
	want is 2 count_of -n 2 a b
	want is 0 count_of -n 0
	want is 4 count_of a b
	# One alone has no name in front; two have.
	want is 'two four' joined -n 10 a
	logs -n 10 firsthop >"$dir/seen"
	want seen_has '^all ready in '
	unwanted seen_has '^firsthop: '
	stop
}
four_lines() { grep -E '^[ab]: ' "$dir/seen" | paste -sd' '; }
joined() { logs "$@" | paste -sd' '; }
count_of() { logs "$@" | wc -l; }

test_times() {
	config <<-END
		[service a]
		command = @ACTOR@ say early await @DIR@/go say late pause
	END
	boot
	want wait_log '^a: early$'
	# A clock that is read to be a microsecond later: nothing else lies between.
	since=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)
	: >"$dir/go"
	want wait_log '^a: late$'
	want is 'late' joined --since "$since" a
	want is 'early late' joined --since 1d a
	want is 'early late' joined --since 2000-01-01T00:00:00+01:00 a
	want is '' joined --since 2100-01-01T00:00:00Z a
	logs -t a >"$dir/seen"
	want is 2 seen_count "^$time_re (early|late)$"
	logs -t >"$dir/seen"
	want seen_has "^$time_re a: late$"
	stop
}

test_wrong_usage() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	want refuses 100 'no service of that name' nobody
	want refuses 100 'no service of that name' a nobody
	want refuses 100 'a time such as' --since yesterday
	want refuses 100 'from 0 to 10000' -n 10001
	want refuses 100 'from 0 to 10000' -n x
	want refuses 100 'no service has so long a name' "$(printf 'x%.0s' {1..60})"
	stop
}
refuses() {
	local code=$1 text=$2
	shift 2
	logs "$@" >"$dir/out" 2>"$dir/err"
	[ $? = "$code" ] && grep -q "$text" "$dir/err" && [ ! -s "$dir/out" ]
}

test_json() {
	config <<-END
		[service a]
		command = @ACTOR@ say 'quote " and back \\ slash' pause
	END
	boot
	want wait_log '^a: quote'
	logs --json >"$dir/seen"
	want python3 - "$dir/seen" "$(date -u +%Y)" <<-'END'
		import json, sys
		lines = [json.loads(line) for line in open(sys.argv[1])]
		service = [l for l in lines if l["service"] == "a"]
		own = [l for l in lines if l["service"] == "firsthop"]
		assert len(service) == 1 and len(own) + 1 == len(lines), lines
		assert service[0]["text"] == 'quote " and back \\ slash', service
		assert set(service[0]) == {"time", "service", "pid", "text"} and service[0]["pid"] > 1
		assert all(set(l) == {"time", "service", "level", "pid", "text"} for l in own)
		assert any(l["level"] == "note" and l["text"].startswith("all ready") for l in own)
		assert all(l["time"][:2] == "20" and l["time"][-1] == "Z" for l in lines)
		assert lines == sorted(lines, key=lambda l: l["time"])
	END
	stop
}

# What is in it twice would be seen twice; what is in neither would be missing. The lines of a life fit
# into the queue of who follows, and between two lives he has time to come to the end of the first.
test_follow_has_each_line_once() {
	config <<-END
		[service a]
		command = @ACTOR@ lines 30 await @DIR@/go lines 1000 say end exit 1
		restart_delay = 500ms .. 500ms
		[service b]
		command = @ACTOR@ say other pause
	END
	boot
	want wait_log '^a: line 30 of 30$'
	follow "$dir/seen" a firsthop
	want wait_until seen_has '^a: line 30 of 30$'
	: >"$dir/go"
	want wait_until at_least 3 seen_count '^a: end$'
	# Over its restarts, as far as they go; the newest of them may not be whole.
	want is 1 follow_check
	unwanted seen_has 'other'
	want seen_has '^firsthop: warning: a exited 1; restarting'
	tell_follower TERM
	stop
}
# Lines of each life come in order, and each life has all; what was lost is told in between.
follow_check() {
	awk '/^a: end$/ { next } /lines lost/ { lost = 1; next }
		/^a: line/ { n = $3; if (n != last + 1 && n != 1 && !lost) bad = 1; lost = 0; last = n }
		END { print bad ? 0 : 1 }' "$dir/seen"
}

# It reads nothing while 100000 lines come: PID 1 takes them all, and tells what it has lost.
test_slow_reader_loses_lines() {
	config <<-END
		[service a]
		command = @ACTOR@ say waiting await @DIR@/go lines 100000 file @DIR@/written pause
	END
	boot
	want moved a ready
	mkfifo "$dir/reader"
	exec 9<>"$dir/reader"
	follow "$dir/reader" -n 1 a
	want wait_until grep -q waiting <&9
	: >"$dir/go"
	want wait_until test -e "$dir/written"
	want wait_log '^a: line 100000 of 100000$'
	want in_node "$FIRSTHOP" health
	timeout $((2 * DEADLINE)) cat <&9 >"$dir/seen" &
	want wait_until seen_has '^\[[0-9]+ lines lost'
	want wait_until seen_all
	want test "$(seen_lost)" -gt 50000
	tell_follower TERM
	kill %%
	stop
}

seen_lost() { sed -nE 's/^\[([0-9]+) lines lost.*/\1/p' "$dir/seen" | paste -sd+ | bc; }
seen_all() { is $((100000 - $(seen_lost))) seen_count '^line [0-9]+ of 100000$'; }

# 40 that read nothing, and then the status is asked for.
test_many_slow_readers() {
	config <<-END
		[service a]
		command = @ACTOR@ await @DIR@/go lines 50000 file @DIR@/written pause
	END
	boot
	want moved a ready
	before=$(pss)
	mkfifo "$dir/reader"
	exec 9<>"$dir/reader"
	for _ in $(seq 40); do
		in_node "$FIRSTHOP" logs -f a >"$dir/reader" 2>/dev/null 9>&- &
	done
	want wait_until at_least 30 followers
	: >"$dir/go"
	want wait_log '^a: line 50000 of 50000$'
	want in_node "$FIRSTHOP" status >/dev/null
	# 32 of them, each with its queue, what is being sent, and as much again for the allocator.
	# (With AddressSanitizer freed memory is kept, so that it can be watched.)
	grep -q __asan_init "$FIRSTHOP" || want test "$(($(pss) - before))" -le $((32 * 128 * 3))
	exec 9>&-
	stop
}
followers() { in_node sh -c 'grep -c control /proc/net/unix'; }
pss() { awk '/^Pss:/ { print $2 }' "/proc/$(firsthop_pid)/smaps_rollup"; }

# A terminal gets no escape sequences of services, a file gets what was written.
test_control_characters() {
	config <<-END
		[service a]
		type = oneshot
		command = /usr/bin/printf '\033[31mred\033]0;title\n'
	END
	boot
	want wait_log 'red.*title'
	logs a >"$dir/seen"
	want is 2 escapes
	in_node "$PTYHOST" shared "$FIRSTHOP" logs a </dev/null >"$dir/seen"
	want seen_has 'red.*title'
	want is 0 escapes
	stop
}
escapes() { grep -o "$(printf '\033')" "$dir/seen" | wc -l; }

run_tests "$@"
