#!/bin/bash
# destinations.sh: where lines go: stdout in its forms, files that are rotated, syslog. Whatever is the
# matter there, PID 1 goes on, and counts what is lost.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

dropped() { in_node "$FIRSTHOP" status --json a | grep -oE '"lines_dropped":[0-9]+' | cut -d: -f2; }
# After each word of $dir/go the writer writes on.
go() { : >"$dir/$1"; }

# ---- stdout ------------------------------------------------------------------------------------

test_json_on_stdout() {
	config <<-END
		[node]
		log_format = json
		[service a]
		command = @ACTOR@ say 'a "line"' pause
		[service b]
		command = @ACTOR@ say '{"own":1}' pause
		log = raw
		[service c]
		command = @ACTOR@ say other pause
		log = file:@DIR@/c.log
	END
	boot
	want wait_log 'all ready'
	want wait_log 'own'
	want wait_log 'line'
	want wait_until test -s "$dir/c.log"
	want python3 - "$dir/log" "$dir/c.log" <<-'END'
		import json, sys
		lines = [json.loads(line) for line in open(sys.argv[1]) if line != "READY\n"]
		assert {"own": 1} in lines
		lines.remove({"own": 1})
		assert all({"time", "service", "pid", "text"} <= set(line) for line in lines)
		assert [l["text"] for l in lines if l["service"] == "a"] == ['a "line"'], lines
		assert all("level" in line for line in lines if line["service"] == "firsthop")
		# What --verbose says stays keys and values.
		assert any(l["level"] == "debug" and "service=a attempt=" in l["text"] for l in lines)
		other = [json.loads(line) for line in open(sys.argv[2])]
		assert len(other) == 1 and other[0]["text"] == "other" and other[0]["service"] == "c"
	END
	stop
}

test_timestamps_on_stdout() {
	local time='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z'
	config <<-END
		[node]
		log_timestamps = yes
		[service a]
		command = @ACTOR@ say one pause
		[service b]
		command = @ACTOR@ say two pause
		log = raw
		[service c]
		command = @ACTOR@ say three pause
		log = file:@DIR@/c.log
	END
	boot
	want wait_log "^$time a: one$"
	want wait_log "^$time firsthop: all ready in "
	want wait_log '^two$'
	want wait_until grep -qE "^$time three$" "$dir/c.log"
	sed -i 's/log_timestamps = yes/log_timestamps = no/' "$dir/node.ini"
	want in_node "$FIRSTHOP" reload
	want in_node "$FIRSTHOP" restart a
	want wait_log '^a: one$'
	stop
}

# ---- files -------------------------------------------------------------------------------------

# Every line is in one of them, once and in order; none is larger than it may be.
test_rotation() {
	mkdir -m 0777 "$dir/logs"
	config <<-END
		[service a]
		command = @ACTOR@ lines 3000 say end pause
		log = file:@DIR@/logs/a
		log_max_size = 16k
		log_keep = 3
	END
	boot
	want wait_until grep -qx end "$dir/logs/a"
	want is 'a a.1 a.2 a.3' files
	for file in a a.1 a.2 a.3; do want test "$(wc -c <"$dir/logs/$file")" -le 16384; done
	cat "$dir"/logs/a.3 "$dir"/logs/a.2 "$dir"/logs/a.1 "$dir"/logs/a >"$dir/all"
	want awk 'NR > 1 && $0 != "end" && $2 != last + 1 { exit 1 } { last = $2 }' "$dir/all"
	want is end tail -n 1 "$dir/all"
	want test "$(wc -c <"$dir/all")" -gt 49152
	want is 0 dropped
	# A restart of PID 1 goes on with the same files.
	stop
	before=$(cat "$dir/logs/a" | wc -l)
	boot
	want wait_until is 2 ends
	stop
}
files() { (cd "$dir/logs" && echo *); }
ends() { cat "$dir"/logs/a* | grep -cx end; }

# A rename over a mount is EBUSY: copied, and emptied.
test_bind_mounted_file() {
	mkdir -m 0777 "$dir/logs"
	touch "$dir/logs/a" "$dir/other"
	chmod 0666 "$dir/logs/a" "$dir/other"
	node_setup="mount --bind \"\$0/other\" \"\$0/logs/a\""
	config <<-END
		[service a]
		command = @ACTOR@ lines 2000 say end pause
		log = file:@DIR@/logs/a
		log_max_size = 16k
		log_keep = 2
	END
	boot
	want wait_until grep -qx end "$dir/other"
	want wait_log 'a: log file .*/logs/a cannot be renamed .*: when it is full, it is copied and emptied'
	want is 1 log_count 'cannot be renamed'
	want test "$(wc -c <"$dir/other")" -le 16384
	want test "$(wc -c <"$dir/logs/a.1")" -gt 16000
	cat "$dir"/logs/a.2 "$dir"/logs/a.1 "$dir"/other >"$dir/all"
	want awk 'NR > 1 && $0 != "end" && $2 != last + 1 { exit 1 } { last = $2 }' "$dir/all"
	stop
}

# What somebody else has renamed is his: it is not emptied, and a reload opens a new one.
test_renamed_by_others() {
	mkdir -m 0777 "$dir/logs"
	config <<-END
		[service a]
		command = @ACTOR@ say one await @DIR@/two say two await @DIR@/more lines 3000 say end pause
		log = file:@DIR@/logs/a
		log_max_size = 16k
		log_keep = 0
	END
	boot
	want wait_until grep -qx one "$dir/logs/a"
	mv "$dir/logs/a" "$dir/logs/theirs"
	go two
	want wait_until grep -qx two "$dir/logs/theirs"
	go more
	want wait_until grep -qx end "$dir/logs/a"
	want grep -qx one "$dir/logs/theirs"
	want is 'a theirs' files
	mv "$dir/logs/a" "$dir/logs/more"
	want in_node "$FIRSTHOP" reload
	want wait_until test -e "$dir/logs/a"
	stop
}

test_full_disk() {
	mkdir -m 0777 "$dir/logs"
	node_setup="mount -t tmpfs -o size=64k,mode=0777 none \"\$0/logs\""
	config <<-END
		[service a]
		command = @ACTOR@ lines 20000 file @DIR@/written await @DIR@/two say after pause
		log = file:@DIR@/logs/a
	END
	boot
	want wait_until test -e "$dir/written"
	want wait_log 'warning: a: log file .* cannot be written to: No space left on device'
	want in_node "$FIRSTHOP" health
	want wait_until some_dropped
	want is 1 log_count 'No space left'
	in_node sh -c "cp $dir/logs/a $dir/first && : >$dir/logs/a"
	go two
	want wait_log 'firsthop: a: log file .* is written to again; [0-9]+ lines are not in it'
	lost=$(log | sed -nE 's/.* written to again; ([0-9]+) lines.*/\1/p')
	want test "$(dropped)" = "$lost"
	# What is there is whole lines but for the torn one, which is counted as lost.
	want test "$(grep -cE '^line [0-9]+ of 20000$' "$dir/first")" -ge $((20000 - lost - 1))
	want test "$(grep -cE '^line [0-9]+ of 20000$' "$dir/first")" -le $((20000 - lost))
	want in_node grep -qx after "$dir/logs/a"
	want is 'after' last_line
	stop
}
some_dropped() { [ "$(dropped)" -gt 0 ]; }
last_line() { in_node "$FIRSTHOP" logs -n 1 a; }

# A place that comes later, or can be written to later.
test_place_that_is_not_there() {
	config <<-END
		[service a]
		command = @ACTOR@ say one await @DIR@/two say two await @DIR@/three say three pause
		log = file:@DIR@/logs/a
	END
	boot
	want wait_log 'warning: a: log file .* cannot be opened: No such file or directory'
	want wait_until kept one
	mkdir -m 0777 "$dir/logs"
	go two
	want wait_until kept two
	# It is tried again once a second at most, when a line comes.
	until [ -s "$dir/logs/a" ]; do
		want in_node "$FIRSTHOP" restart a
		want node_runs
	done
	want wait_log 'is written to again'
	want is 1 log_count 'cannot be opened'
	stop
}
kept() { in_node "$FIRSTHOP" logs a | grep -qx "$1"; }

# ---- syslog ------------------------------------------------------------------------------------

# receiver PATH|ADDRESS:PORT [COUNT [FILE]]: starts the COUNTth of the test in the node, its lines go to
# $dir/syslog. With FILE it reads nothing until that is there.
receiver() {
	in_node "$SYSLOGD" "$1" ${3:+"$3"} >>"$dir/syslog" &
	want wait_until at_least "${2:-1}" listening
}
listening() { grep -c '^listening$' "$dir/syslog"; }
syslog_has() { grep -qE -e "$1" "$dir/syslog"; }
SYSLOGD=$HELPERS/syslogd

test_syslog() {
	touch "$dir/syslog"
	chmod 0777 "$dir"
	config <<-END
		[service a]
		command = @ACTOR@ await @DIR@/go say one say '<3>two' say '<9>three' long 5000 pause
		log = syslog:@DIR@/socket
		[service b]
		command = @ACTOR@ await @DIR@/go say four pause
		log = syslog:@DIR@/socket
		syslog_facility = local7
		syslog_level = notice
	END
	boot
	want moved a ready
	receiver "$dir/socket"
	go go
	host=$(in_node hostname)
	pid=$(started_pid a)
	want wait_until syslog_has "^3\.6 $host a $pid [0-9]+\|one$"
	want wait_until syslog_has "^3\.3 $host a $pid [0-9]+\|two$"
	want wait_until syslog_has "^3\.6 $host a $pid [0-9]+\|<9>three$"
	want wait_until syslog_has "^23\.5 $host b [0-9]+ [0-9]+\|four$"
	want wait_until syslog_has "^3\.6 $host a $pid 2048\|x+ \[\.\.\.\]$"
	unwanted syslog_has '^bad'
	want is 0 log_count '^[ab]: '
	in_node pkill -x syslogd
	stop
}

# It is not there; comes, and gets what was kept; goes away, and comes again. PID 1 goes on.
test_syslog_receiver_comes_and_goes() {
	touch "$dir/syslog"
	config <<-END
		[service a]
		command = @ACTOR@ say early newline 3 await @DIR@/go lines 5000 file @DIR@/written pause
		ready = notify-fd
		log = syslog:@DIR@/socket
		[service b]
		command = @ACTOR@ await @DIR@/b pause
	END
	boot
	want wait_log 'warning: a: syslog at .*/socket: No such file or directory'
	want wait_until in_node "$FIRSTHOP" health
	want is 1 log_count 'syslog at'
	go go
	want wait_until test -e "$dir/written"
	want wait_until some_dropped
	receiver "$dir/socket"
	until syslog_has 'early'; do want in_node "$FIRSTHOP" health; done
	want wait_log 'a: syslog at .*/socket is there; [0-9]+ lines did not get to it'
	want wait_until accounted
	unwanted syslog_has '^bad'
	in_node pkill -x syslogd
	want in_node "$FIRSTHOP" restart a
	want wait_log 'warning: a: syslog at .*/socket: Connection refused'
	receiver "$dir/socket" 2
	until is 2 earlies; do want in_node "$FIRSTHOP" health; done
	in_node pkill -x syslogd
	stop
}
accounted() {
	[ "$(dropped)" = $((5000 - $(grep -c '|line ' "$dir/syslog"))) ]
}
earlies() { grep -c '|early$' "$dir/syslog"; }

# One that does not read: what does not fit is dropped, and nobody waits.
test_syslog_receiver_that_sleeps() {
	touch "$dir/syslog"
	config <<-END
		[service a]
		command = @ACTOR@ newline 3 await @DIR@/go lines 20000 file @DIR@/written pause
		ready = notify-fd
		log = syslog:@DIR@/socket
	END
	boot
	want moved a ready
	receiver "$dir/socket" 1 "$dir/read"
	go go
	want wait_until test -e "$dir/written"
	want wait_until some_dropped
	want in_node "$FIRSTHOP" health
	go read
	want wait_until is $((20000 - $(dropped))) received
	unwanted syslog_has '^bad'
	in_node pkill -x syslogd
	stop
}
received() { grep -c '|line ' "$dir/syslog"; }

test_syslog_udp() {
	touch "$dir/syslog"
	node_setup='ip link set lo up 2>/dev/null || true'
	config <<-END
		[service a]
		command = @ACTOR@ say early await @DIR@/go say one say two pause
		log = syslog:127.0.0.1:5514
	END
	boot
	want moved a ready
	receiver 127.0.0.1:5514
	go go
	want wait_until syslog_has '\|one$'
	want wait_until syslog_has '\|two$'
	unwanted syslog_has '^bad'
	in_node pkill -x syslogd
	stop
}

run_tests "$@"
