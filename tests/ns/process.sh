#!/bin/bash
# process.sh: what a service finds when it is started, and who is reaped.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

test_orphans_are_reaped() {
	config <<-END
		[service a]
		command = @ACTOR@ orphans 500 say made pause
	END
	boot
	want wait_log '^a: made'
	want wait_until is 0 count_zombies
	unwanted log_has 'got an orphan'
	stop
}

test_plain_surroundings() {
	config <<-END
		[service a]
		command = @ACTOR@ fds session status SigBlk status SigIgn status SigPnd cwd umask cat say end pause
	END
	node_stdin=$dir/input
	echo 'not for services' >"$dir/input"
	boot
	want wait_log '^a: end'
	want log_has '^a: fds=0,1,2,$'
	want log_has '^a: leads-session=yes leads-group=yes$'
	want log_has '^a: SigBlk:.0000000000000000$'
	want log_has '^a: SigIgn:.0000000000000000$'
	want log_has '^a: cwd=/$'
	want log_has '^a: umask=022$'
	unwanted log_has 'not for services'
	stop
}

# What PID 1 was started with must not show either.
test_ignored_signals_and_descriptors_are_not_inherited() {
	config <<-END
		[service a]
		command = @ACTOR@ fds status SigIgn status SigBlk env NOTIFY_SOCKET env KEPT pause
	END
	# shellcheck disable=SC2016 # for the shell inside
	node_lead=(env --ignore-signal=PIPE --ignore-signal=HUP --ignore-signal=USR2 NOTIFY_SOCKET=/x KEPT=yes
		sh -c 'exec 7</dev/null 8</dev/null; exec "$@"' sh)
	boot
	want wait_log '^a: KEPT=yes$'
	want log_has '^a: fds=0,1,2,$'
	want log_has '^a: SigIgn:.0000000000000000$'
	want log_has '^a: NOTIFY_SOCKET=.unset.$'
	stop
}

test_notify_descriptor_is_the_only_other() {
	config <<-END
		[service a]
		command = @ACTOR@ fds newline 7 pause
		ready = notify-fd:7
		[service b]
		command = @ACTOR@ fds newline 3 pause
		ready = notify-fd:3
	END
	boot
	want moved a ready
	want moved b ready
	want wait_log '^a: fds=0,1,2,7,$'
	want wait_log '^b: fds=0,1,2,3,$'
	stop
}

test_environment() {
	cat >"$dir/file" <<-END
		# a comment
		FROM_FILE="two words"
		BOTH=file
	END
	config <<-END
		[service a]
		command = @ACTOR@ env FROM_FILE env BOTH env OWN env PATH pause
		environment_file = @DIR@/file
		environment = BOTH=own OWN=1
	END
	node_lead=(env -i BOTH=outside PATH=/usr/bin:/bin)
	boot
	want wait_log '^a: PATH=/usr/bin:/bin$'
	want log_has '^a: FROM_FILE=two words$'
	want log_has '^a: BOTH=own$'
	want log_has '^a: OWN=1$'
	stop
}

test_limits_and_places() {
	config <<-END
		[service a]
		command = @ACTOR@ nofile cwd umask nice pause
		limit_nofile = 100:200
		directory = /tmp
		umask = 077
		nice = 5
		[service b]
		command = @ACTOR@ nofile pause
	END
	node_lead=(prlimit --nofile=512:4000)
	boot
	want wait_log '^a: nice=5$'
	want log_has '^a: nofile=100:200$'
	want log_has '^a: cwd=/tmp$'
	want log_has '^a: umask=077$'
	want wait_log '^b: nofile=512:4000$'
	want log_has 'debug: limit open files: services get 512, or up to 4000$'
	stop
}

# So few descriptors that what is done before the program runs would not do with them.
test_tiny_limit() {
	config <<-END
		[service a]
		command = @ACTOR@ nofile newline 30 pause
		limit_nofile = 4
		oom_score_adj = 7
		ready = notify-fd:30
	END
	boot
	want moved a ready
	want wait_log '^a: nofile=4:4$'
	want is 7 in_node cat "/proc/$(started_pid a)/oom_score_adj"
	unwanted log_has 'not set as asked'
	stop
}

# There is no such thing for open files: as many as may be, and nothing to be told.
test_limit_without_end() {
	config <<-END
		[service a]
		command = @ACTOR@ nofile pause
		[service b]
		command = @ACTOR@ nofile pause
		limit_nofile = infinity
	END
	node_lead=(prlimit --nofile=9000)
	boot
	want wait_log '^a: nofile=9000:9000$'
	want wait_log '^b: nofile=9000:9000$'
	unwanted log_has 'not set as asked'
	stop
}

# More than there may be: as near as it goes, told, and the service runs.
test_limit_that_cannot_be() {
	config <<-END
		[service a]
		command = @ACTOR@ nofile pause
		limit_nofile = 100000
	END
	node_lead=(prlimit --nofile=512:4000 setpriv --bounding-set -sys_resource --inh-caps -sys_resource)
	boot
	want wait_log '^a: nofile=4000:4000$'
	want log_has 'warning: a: limits not set as asked for: Operation not permitted; continuing without'
	want log_has 'warning: limit open files: a asks for 100000, the hard limit is 4000; start the container with --ulimit nofile=100000:100000$'
	stop
}

# A link in the place of the directory leads its owner and mode nowhere.
test_runtime_directory_that_is_a_link() {
	mkdir -m 0700 "$dir/victim"
	config <<-END
		[service a]
		command = @ACTOR@ pause
		runtime_directory = /run/link 0777 root
	END
	node_setup='ln -s "$0/victim" /run/link'
	boot
	want moved a ready
	want log_has 'warning: a: cannot .* runtime directory /run/link: '
	want is 700 stat -c %a "$dir/victim"
	stop
}

test_runtime_directory() {
	config <<-END
		[service a]
		command = /usr/bin/stat -c %a:%u:%F /run/deep/er
		type = oneshot
		runtime_directory = /run/deep/er 0751 root
	END
	boot
	want wait_log '^a: 751:0:directory$'
	stop
}

test_no_new_privileges() {
	config <<-END
		[service a]
		command = @ACTOR@ status NoNewPrivs pause
		no_new_privs = yes
		[service b]
		command = @ACTOR@ status NoNewPrivs pause
	END
	boot
	want wait_log '^a: NoNewPrivs:.1$'
	want wait_log '^b: NoNewPrivs:.0$'
	stop
}

run_tests "$@"
