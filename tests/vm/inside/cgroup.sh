#!/bin/bash
# cgroup.sh: control groups of version 2, whose controllers this machine's kernel may have elsewhere.
cd "$(dirname "$0")/../../.." || exit
# shellcheck source-path=SCRIPTDIR/../../..
. tests/ns/lib.sh

# PID 1 alone in a group, as in a container.
in_a_group() {
	group=/sys/fs/cgroup/test-${dir##*.}
	echo '+memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
	mkdir "$group"
	node_setup="echo 0 >$group/cgroup.procs"
}

test_limits_hold_for_all_processes() {
	in_a_group
	config <<-END
		[service memory]
		command = /bin/sh -c 'head -c 64M /dev/zero | tail >/dev/null; echo over; exec sleep 1000'
		memory_max = 16M
		[service tasks]
		command = /bin/sh -c 'for i in 1 2 3 4 5 6; do sleep 100 & done; echo over'
		tasks_max = 4
		restart = never
		[service free]
		command = /bin/sh -c 'for i in 1 2 3 4 5 6; do sleep 1 & done; echo over; exec sleep 1000'
	END
	boot
	want wait_log '^free: over$'
	want wait_log '^tasks: .*[Cc]annot fork|^tasks: .*temporarily unavailable'
	# The hog is killed; either it alone, or the shell with it.
	want wait_log '^memory: (Killed|over)|memory killed by signal 9'
	want is 16777216 cat "$group/firsthop-memory/memory.max"
	want is 4 cat "$group/firsthop-tasks/pids.max"
	want grep -qE '^oom_kill [1-9]' "$group/firsthop-memory/memory.events"
	unwanted log_has 'continuing without'
	stop
}

FIRSTHOP_BACKENDS=ns
run_tests "$@"
