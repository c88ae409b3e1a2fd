#!/bin/bash
# identity.sh: as whom a service runs. Only root may change that.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

test_user_and_groups() {
	config <<-END
		[service a]
		command = @ACTOR@ ids env HOME env USER pause
		user = nobody
		[service b]
		command = @ACTOR@ ids pause
		user = 4711
		group = daemon
		[service c]
		command = @ACTOR@ ids pause
		group = daemon
		[service d]
		command = @ACTOR@ pause
		user = nosuchuser
		restart = never
	END
	boot
	want wait_log "^a: uid=65534 gid=$(id -g nobody) groups=$(id -G nobody | tr ' ' ,)\$"
	want wait_log '^a: USER=nobody$'
	want log_has '^a: HOME=/nonexistent$'
	want wait_log '^b: uid=4711 gid=1 groups=1$'
	want wait_log '^c: uid=0 gid=1 groups=1$'
	want wait_log 'd could not be started: user.*: No such file'
	stop
}

# A child that changes its user makes PID 1's memory undumpable for a moment, not for good: without
# CAP_SYS_PTRACE, as in a container, nobody could look at PID 1 then.
test_pid_1_can_be_looked_at() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
		user = nobody
		[service b]
		needs = a
		command = /bin/readlink /proc/1/exe
		type = oneshot
	END
	node_lead=(setpriv --bounding-set -sys_ptrace)
	boot
	want moved a ready
	want moved b "done"
	want log_has '^b: /.*firsthop'
	stop
}

test_capabilities() {
	config <<-END
		[service a]
		command = @ACTOR@ status Cap pause
		user = nobody
		capabilities = net_bind_service net_raw
		[service b]
		command = @ACTOR@ status Cap pause
		capabilities = net_raw
	END
	boot
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		want wait_log "^a: $set:.0000000000002400\$"
	done
	want wait_log '^b: CapAmb:.0000000000002000$'
	want log_has '^b: CapEff:.0000000000002000$'
	stop
}

FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns}
run_tests "$@"
