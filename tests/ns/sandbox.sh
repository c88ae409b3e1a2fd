#!/bin/bash
# sandbox.sh: what confined services can and cannot do, tried by doing it (tempt.c).
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

TEMPT=$HELPERS/tempt

# tempted SERVICE: waits until it has tried all.
tempted() { wait_log "^$1: tempted\$"; }
# outcomes SERVICE OUTCOME: the attempts that came to that, in a line.
outcomes() { log | sed -nE "s/^$1: ([a-z0-9_]+) $2\$/\1/p" | sort | tr '\n' ' '; }
has() { [[ " $1 " == *" $2 "* ]]; }
# Can it be reached in this node at all? A container may deny it by itself.
is_open() {
	[ -s "$dir/open" ] || in_node timeout 5 "$TEMPT" all >"$dir/open.new" || mv "$dir/open.new" "$dir/open"
	grep -q "^$1 reached\$" "$dir/open"
}
# each_is SERVICE OUTCOME ATTEMPT…: what is to be reached must be so only where it can.
each_is() {
	local service=$1 outcome=$2 attempt
	shift 2
	for attempt; do
		log_has "^$service: $attempt $outcome\$" && continue
		[ "$outcome" != reached ] || is_open "$attempt" || continue
		echo "$service: $attempt is not $outcome: $(log | grep "^$service: $attempt ")" >&2
		return 1
	done
}
# What everything must go on doing.
must=(file thread child tcp unix netlink loop memory signal)

# The probe can fail: without a sandbox, what the kernel has is reached.
test_nothing_is_denied_without() {
	config <<-END
		[service free]
		command = $TEMPT all
	END
	boot
	want tempted free
	want each_is free reached mount reboot ptrace unshare_user clone_user keyctl bpf swapon \
		perf_event_open write_usr read_shadow socket_raw clock_settime
	stop
}

test_an_allow_list() {
	config <<-END
		[service deny]
		command = $TEMPT all
		seccomp = @system-service -@keyring -io_uring_setup
		[service must]
		command = $TEMPT must
		seccomp = @system-service
	END
	boot
	want tempted deny
	want each_is deny denied mount umount2 pivot_root chroot fsopen open_tree move_mount init_module \
		delete_module kexec_load reboot swapon swapoff clock_settime settimeofday adjtimex bpf \
		perf_event_open userfaultfd add_key request_key keyctl acct quotactl sethostname syslog \
		fanotify_init open_by_handle_at pidfd_getfd kcmp process_vm_readv ptrace ptrace_traceme \
		unshare_user unshare_net setns clone_user clone3_user io_uring_setup
	# What the list has is left alone.
	want each_is deny reached kill_init chown mlockall personality io_setup
	want tempted must
	want each_is must 'done' "${must[@]}"
	stop
}

test_a_deny_list() {
	config <<-END
		[service a]
		command = $TEMPT all
		seccomp = -@mount -@namespace -ptrace
	END
	boot
	want tempted a
	want each_is a denied mount umount2 chroot fsopen unshare_user clone_user clone3_user setns ptrace
	want each_is a reached reboot keyctl bpf swapon
	stop
}

test_kill() {
	config <<-END
		[service a]
		command = $TEMPT all
		seccomp = @system-service
		seccomp_action = kill
	END
	boot
	want tempted a
	want each_is a killed mount reboot bpf unshare_user clone_user
	want each_is a denied clone3_user
	want each_is a reached kill_init
	stop
}

# Nothing is denied; it is the kernel's log that tells.
test_log() {
	config <<-END
		[service a]
		command = $TEMPT all
		seccomp = @default @basic-io @process @signal
		seccomp_action = log
	END
	boot
	want tempted a
	want each_is a reached mount reboot keyctl
	stop
}

# The calls of other machines' programs, which the numbers of the filter are not for.
test_compat_calls_are_killed() {
	[ "$(uname -m)" = x86_64 ] || return 0
	config <<-END
		[service a]
		command = $TEMPT all
		seccomp = -@swap
	END
	boot
	want tempted a
	want each_is a killed i386 x32
	stop
}

# With another user, with and without no_new_privs; a setuid program gains only without.
test_a_filter_and_another_user() {
	cp "$TEMPT" "$dir/suid" && chmod 4755 "$dir/suid"
	config <<-END
		[service a]
		command = $TEMPT all $dir/suid
		user = nobody
		seccomp = @system-service
		[service b]
		command = $TEMPT all $dir/suid
		user = nobody
		seccomp = @system-service
		no_new_privs = yes
		[service c]
		command = @ACTOR@ status Cap status Seccomp status NoNew pause
		user = nobody
		seccomp = @system-service
		capabilities = net_raw
	END
	boot
	want tempted a
	want tempted b
	for service in a b; do want each_is $service denied mount setuid_root read_shadow link_change; done
	want each_is a reached setuid_program
	want each_is b denied setuid_program
	# CAP_SYS_ADMIN, by whose right the filter was set, is gone.
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		want wait_log "^c: $set:.0000000000002000\$"
	done
	want log_has '^c: Seccomp:.2$'
	want log_has '^c: NoNewPrivs:.0$'
	stop
}

# No service runs with more than it should have: it does not start, and it is said why.
test_what_cannot_be_confined_does_not_run() {
	config <<-END
		[service a]
		command = @ACTOR@ say ran pause
		capabilities = net_raw sys_time
		[service b]
		command = @ACTOR@ say ran pause
		seccomp = @system-service
		[service c]
		command = @ACTOR@ status Seccomp pause
		seccomp = @system-service
		no_new_privs = yes
	END
	node_setup='set -- setpriv --bounding-set -sys_time,-sys_admin "$@"'
	boot
	want wait_log 'a could not be started: capabilities: the container lacks the capability SYS_TIME; it is not restarted'
	want wait_log 'b could not be started: seccomp without no_new_privs: the container lacks the capability SYS_ADMIN; it'
	want wait_log '^c: Seccomp:.2$'
	unwanted log_has 'ran$'
	want in_node "$FIRSTHOP" status a
	stop
}

test_capabilities_are_taken_away() {
	config <<-END
		[service a]
		command = @ACTOR@ status Cap pause
		capabilities = -net_raw -sys_admin
		[service b]
		command = @ACTOR@ status Cap pause
		user = nobody
		capabilities = none
		[service c]
		command = @ACTOR@ status Cap pause
		securebits = noroot noroot-locked
		capabilities = net_raw
	END
	boot
	want wait_log '^a: CapAmb:'
	bounding=$(log | sed -n 's/^a: CapBnd:.//p')
	want [ $((0x$bounding & 0x202000)) = 0 ]
	want [ $((0x$bounding & 0x1000)) != 0 ]
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		want wait_log "^b: $set:.0000000000000000\$"
		want wait_log "^c: $set:.0000000000002000\$"
	done
	stop
}

# leaves PRESET ATTEMPT…: of all attempts these are left to root under the preset, and no other; those
# before "--" are what it is there for, and must be reached.
leaves() {
	local preset=$1 needed=() attempt
	shift
	while [ "$1" != -- ]; do needed+=("$1") && shift; done
	shift
	want tempted "$preset"
	want each_is "$preset" reached ${needed[@]+"${needed[@]}"}
	for attempt in $(outcomes "$preset" reached); do
		want has "${needed[*]} $*" "$attempt"
	done
	want tempted "$preset-must"
	want each_is "$preset-must" 'done' "${must[@]}"
}

test_presets() {
	local preset presets=(zebra frr-daemon mgmtd staticd sshd snmpd vtysh)
	# Whose user and files it is; more than that is a matter of read_only and so on.
	local own=(setuid_root setgroups kill_init chown read_shadow write_passwd write_usr write_proc_sys
		write_sysrq read_kcore bind_low) # Docker lets everybody have low ports
	local net=(bind_low link_change socket_raw socket_packet)
	for preset in "${presets[@]}"; do
		printf '[service %s]\ncommand = %s all\nsandbox = %s\n' "$preset" "$TEMPT" "$preset"
		printf '[service %s-must]\ncommand = %s must\nsandbox = %s\n' "$preset" "$TEMPT" "$preset"
	done | config
	boot
	# CAP_SYS_ADMIN, without which FRR's daemons exit, includes a look at the environment of others.
	leaves zebra "${net[@]}" setns -- "${own[@]}" environ_of_init
	leaves frr-daemon "${net[@]}" -- "${own[@]}" environ_of_init
	leaves mgmtd "${net[@]}" -- "${own[@]}" environ_of_init
	leaves staticd -- "${own[@]}"
	leaves snmpd bind_low -- "${own[@]}"
	leaves vtysh socket_raw socket_packet -- "${own[@]}"
	# A session may do what does not leave the container.
	leaves sshd "${net[@]}" setuid_root chroot -- "${own[@]}" execveat vhangup nice fifo mlockall \
		personality move_pages keyctl add_key request_key io_setup
	stop
}

# Files by Landlock, under root, who may otherwise do all of this.
test_paths() {
	mkdir -p "$dir/open" "$dir/closed/secret" "$dir/closed/open"
	echo text | tee "$dir/open/file" "$dir/closed/file" "$dir/closed/secret/file" >"$dir/closed/open/file"
	cat >"$dir/look" <<-'END'
		cd "$1" || exit
		for d in open closed closed/secret closed/open; do
			cat $d/file >/dev/null && echo "read $d"
			echo x >>$d/file && echo "wrote $d"
		done
		echo looked
		exec sleep 1000
	END
	config <<-END
		[service a]
		command = /bin/sh @DIR@/look @DIR@
		read_only = /
		read_write = @DIR@/open /tmp/nosuch
		no_access = @DIR@/closed/secret
		no_new_privs = yes
		[service b]
		command = /bin/sh @DIR@/look @DIR@
		read_only = @DIR@/closed
		read_write = @DIR@/closed/open
		no_access = @DIR@/closed/secret
		[service c]
		command = $TEMPT all
		read_only = /
		no_access = /etc/shadow
		no_new_privs = yes
		[service d]
		command = $TEMPT must
		read_only = /
		read_write = /tmp
	END
	boot
	want wait_log '^a: looked$'
	want wait_log '^b: looked$'
	for service in a b; do
		for what in 'read open' 'wrote open' 'read closed' ; do want log_has "^$service: $what\$"; done
		for what in 'wrote closed' 'read closed/secret' 'wrote closed/secret'; do unwanted log_has "^$service: $what\$"; done
	done
	want log_has '^a: read closed/open$'
	unwanted log_has '^a: wrote closed/open$'
	want log_has '^b: wrote closed/open$'
	want tempted c
	want each_is c denied write_passwd write_usr read_shadow mem_of_init
	want tempted d
	want each_is d 'done' "${must[@]}"
	stop
}

# It runs all the same, and that it is held to no paths is said.
kernel_without_landlock() { # ERRNO WHAT-IS-SAID
	config <<-END
		[service a]
		command = @ACTOR@ pause
		read_only = /
		no_new_privs = yes
	END
	boot_program strace -q -o "$dir/trace" -e trace=landlock_create_ruleset \
		-e "inject=landlock_create_ruleset:error=$1" "$FIRSTHOP" init -v -c "$dir/node.ini"
	want moved a ready
	want grep -q 'landlock_create_ruleset(.* (INJECTED)' "$dir/trace"
	want wait_log "warning: a: .*$2"
	send_signal KILL
	want end_status
}
test_a_kernel_without_landlock() { kernel_without_landlock ENOSYS 'has no Landlock'; }
test_landlock_turned_off() { kernel_without_landlock EOPNOTSUPP 'has Landlock turned off'; }

test_a_private_tmp() {
	touch /tmp/seen.$$
	config <<-END
		[service a]
		command = /bin/sh -c 'ls -A /tmp; echo mine >/tmp/own.$$; ls /tmp; echo listed; exec sleep 1000'
		private_tmp = yes
		user = nobody
	END
	boot
	want wait_log '^a: listed$'
	rm -f /tmp/seen.$$
	want log_has "^a: own.$$\$"
	unwanted log_has '^a: seen'
	want [ ! -e /tmp/own.$$ ]
	stop
}

test_further_groups() {
	config <<-END
		[service a]
		command = @ACTOR@ ids pause
		user = nobody
		groups = daemon 4711
		[service b]
		command = @ACTOR@ ids pause
		groups = daemon
		[service c]
		command = @ACTOR@ ids pause
		groups = nosuchgroup
	END
	boot
	want wait_log "^a: uid=65534 gid=$(id -g nobody) groups=1,4711,65534\$"
	want wait_log '^b: uid=0 gid=0 groups=0,1$'
	want wait_log 'c could not be started: groups.*No such file'
	stop
}

# A KILL reaches what has left the process group and the session. The control group of the node is one of
# its own, as a container's is.
test_a_kill_reaches_all() {
	local mount
	mount=$(sed -nE 's/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ ([^ ]+) .* - cgroup2 .*/\1/p' /proc/self/mountinfo | head -n 1)
	[ -n "$mount" ] && [ -w "$mount" ] && [ "$FIRSTHOP_BACKEND" = ns ] || return 0
	group=$mount/firsthop-test-${dir##*.}
	mkdir "$group"
	node_setup="echo 0 >$group/cgroup.procs"
	config <<-END
		[service a]
		command = /bin/sh -c 'trap "" TERM; setsid sleep 987 & echo up; while :; do wait; done'
		cgroup_kill = yes
		stop_timeout = 100ms
	END
	boot
	want wait_log '^a: up$'
	want wait_until is 1 count_running sleep
	in_node "$FIRSTHOP" stop a >/dev/null || exit 1
	want moved a down
	want wait_until is 0 count_running sleep
	stop
	wait_until rmdir "$group"/firsthop-* "$group" 2>/dev/null
	want [ ! -e "$group" ]
}

# PID 1 itself: what it needs no more is gone, and nobody looks into it. As long as one service is not
# limited, it needs all.
test_harden() {
	config <<-END
		[node]
		harden = yes
		[service a]
		command = @ACTOR@ pause
		user = nobody
		capabilities = net_raw
		[service look]
		needs = a
		command = /bin/sh -c 'grep ^Cap /proc/1/status; readlink /proc/1/exe || echo hidden; exec sleep 1000'
		capabilities = dac_override
	END
	boot
	want wait_log '^look: hidden$'
	want log_has '^look: CapPrm:.000000000[01]a031fb$'
	want log_has '^look: CapBnd:.000000000[01]a031fb$'
	# It still starts, stops and kills those of other users.
	pid=$(started_pid a)
	want in_node kill -KILL "$pid"
	want moved a ready 2
	stop
}

test_harden_keeps_what_services_have() {
	config <<-END
		[node]
		harden = yes
		[service a]
		command = @ACTOR@ status CapBnd pause
	END
	boot
	want moved a ready
	want wait_log "^a: CapBnd:.$(in_node sed -n 's/^CapBnd:.//p' /proc/self/status)\$"
	stop
}

# All that PID 1 holds open for writing is known: its own pipes, sockets, and what it says.
test_holds_nothing_open() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	pid=$(firsthop_pid)
	for fd in $(cd "/proc/$pid/fd" && echo *); do
		# The last octal digit of the flags: 0 is for reading alone.
		grep -qE '^flags:.*[^0]$' "/proc/$pid/fdinfo/$fd" || continue
		target=$(readlink "/proc/$pid/fd/$fd")
		case $target in
		pipe:* | socket:* | anon_inode:* | /dev/null | "$dir/log") ;;
		*) echo "$fd is $target" >&2 && exit 1 ;;
		esac
	done
	stop
}

# What is, not what was asked for.
test_status_tells_what_is() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
		sandbox = snmpd
		[service b]
		command = @ACTOR@ pause
		user = nobody
		needs = a
	END
	boot
	want moved b ready
	in_node "$FIRSTHOP" status --security >"$dir/table" || exit 1
	want grep -qE '^a +root +6 +[0-9]+ calls +yes +all +[0-9]+ (ok|safe)' "$dir/table"
	want grep -qE '^b +nobody +[0-9]+ +none +no +all +[0-9]+ (unsafe|exposed) +seccomp = @system-service' "$dir/table"
	in_node "$FIRSTHOP" status --security --json a >"$dir/json" || exit 1
	want python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))["services"]
assert len(s) == 1 and s[0]["name"] == "a" and s[0]["running"] and s[0]["no_new_privs"]
assert sum(p["points"] for p in s[0]["because"]) == s[0]["points"]' "$dir/json"
	"$FIRSTHOP" check --security -c "$dir/node.ini" >"$dir/checked" || exit 1
	want grep -qE '^a +root +6 +[0-9]+ calls +yes ' "$dir/checked"
	stop
}

FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns}
run_tests "$@"
