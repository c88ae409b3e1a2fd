#!/bin/bash
# node.sh: what is prepared before any service runs, and what is said when it cannot be.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

test_hostname_from_a_file() {
	printf 'frr version 10.3\nhostname r7\n!\nrouter bgp 1\n' >"$dir/frr.conf"
	config <<-END
		[node]
		hostname_from = /nonexistent @DIR@/frr.conf other
		[service a]
		command = /usr/bin/uname -n
		type = oneshot
	END
	boot
	want wait_log '^a: r7$'
	unwanted log_has warning
	stop
}

test_hostname_by_itself() {
	config <<-END
		[node]
		hostname_from = edge-1.example.net
		[service a]
		command = /usr/bin/uname -n
		type = oneshot
	END
	boot
	want wait_log '^a: edge-1.example.net$'
	stop
}

# What is no name is told, and the next source is tried; one that is not there says nothing.
test_hostname_that_is_none() {
	printf 'hostname -rm-rf\n' >"$dir/node.cfg"
	config <<-END
		[node]
		hostname_from = /nonexistent @DIR@/node.cfg \$NODE_NAME \$NOBODY_SET_IT r8
		[service a]
		command = /usr/bin/uname -n
		type = oneshot
	END
	NODE_NAME='not a name' boot
	want wait_log '^a: r8$'
	want log_has "warning: host name $dir/node.cfg: \"-rm-rf\" is no host name, so it is not taken; write letters"
	want log_has 'warning: host name \$NODE_NAME: "not a name" is no host name'
	unwanted log_has 'NOBODY|nonexistent'
	stop
}

test_hostname_from_the_environment() {
	config <<-END
		[node]
		hostname_from = /nonexistent \$NODE_NAME other
		[service a]
		command = /usr/bin/uname -n
		type = oneshot
	END
	NODE_NAME=r9.lab boot
	want wait_log '^a: r9.lab$'
	unwanted log_has warning
	stop
}

test_hostname_from_junos_and_plain_files() {
	local file count=0
	printf 'system {\n    host-name vmx1;\n}\n' >"$dir/juniper.conf"
	printf 'set system host-name vmx2\n' >"$dir/juniper.set"
	printf '# whose\nvmx3\n' >"$dir/plain"
	for file in juniper.conf juniper.set plain; do
		config <<-END
			[node]
			hostname_from = @DIR@/$file
			[service a]
			command = /usr/bin/uname -n
			type = oneshot
		END
		boot
		want wait_log '^a: vmx[1-3]$' $((++count))
		stop
	done
	want log_order '^a: vmx1$' '^a: vmx2$' '^a: vmx3$'
}

# In place, because an engine's mounts cannot be renamed over; and only when something changes.
test_hostname_files_follow() {
	local inode
	printf '127.0.0.1\tlocalhost\n10.0.0.2\told-name alias\n' >"$dir/etc-hosts"
	printf 'old-name-that-is-longer\n' >"$dir/etc-hostname"
	inode=$(stat -c %i "$dir/etc-hosts")
	config <<-END
		[node]
		hostname_from = r7
		[service a]
		command = @ACTOR@ pause
	END
	node_setup='hostname old-name'
	boot
	want moved a ready
	want is r7 cat "$dir/etc-hostname"
	want is $'127.0.0.1\tlocalhost\n10.0.0.2\tr7 alias' cat "$dir/etc-hosts"
	want is "$inode" stat -c %i "$dir/etc-hosts"
	unwanted log_has warning
	stop
	touch -d '2001-01-01' "$dir/etc-hosts" "$dir/etc-hostname"
	node_setup='hostname r7'
	boot
	want moved a ready 2
	want log_has 'debug: host name "r7": already so'
	want is 2001 date -r "$dir/etc-hosts" +%Y
	want is 2001 date -r "$dir/etc-hostname" +%Y
	stop
}

test_hostname_files_that_are_read_only() {
	config <<-END
		[node]
		hostname_from = r7
		[service a]
		command = @ACTOR@ pause
	END
	node_setup='for f in /etc/hosts /etc/hostname; do mount -o remount,bind,ro $f; done'
	boot
	want moved a ready
	want is r7 in_node uname -n
	want log_has 'warning: host name /etc/hosts: it does not say r7: Read-only file system; start the container with --hostname r7$'
	stop
}

# The new text does not fit; the old one must not be lost for it.
test_hostname_file_on_a_full_disk() {
	{
		printf '127.0.0.1\tlocalhost\n#'
		head -c 4060 /dev/zero | tr '\0' x
		echo
	} >"$dir/etc-hosts"
	config <<-END
		[node]
		hostname_from = a-name-of-some-length
		[service a]
		command = @ACTOR@ pause
	END
	# shellcheck disable=SC2016 # for the shell inside
	node_setup='mkdir /run/full && mount -t tmpfs -o size=4k none /run/full &&
		cp "$0/etc-hosts" /run/full/hosts && mount --bind /run/full/hosts /etc/hosts'
	boot
	want moved a ready
	want log_has 'warning: host name /etc/hosts: it does not say a-name-of-some-length: No space left on device'
	want in_node cmp /etc/hosts "$dir/etc-hosts"
	stop
}

test_hostname_by_proc() {
	config <<-END
		[node]
		hostname_from = r7
		[service a]
		command = /usr/bin/uname -n
		type = oneshot
	END
	# shellcheck disable=SC2016 # for the shell inside
	node_setup='set -- setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"'
	boot
	if [ "$FIRSTHOP_BACKEND" != user ]; then
		want wait_log '^a: r7$'
	else # there the file is another root's
		want wait_log 'warning: host name "r7": .*; start the container with --hostname r7$'
	fi
	stop
}

test_sysctls() {
	config <<-END
		[sysctl]
		net.ipv4.ip_forward = 1
		net.ipv4.ip_local_port_range = 2000 3000
		net/ipv4/conf/lo/rp_filter = 0
		?net.nosuch.key = 1
		[service a]
		command = /bin/cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_local_port_range
		type = oneshot
	END
	boot
	want wait_log '^a: 2000.3000$'
	want log_has '^a: 1$'
	unwanted log_has warning
	stop
}

# Each failing key is told with the reason and the cure; the node comes up all the same.
test_sysctls_that_cannot_be() {
	config <<-END
		[sysctl]
		net.nosuch.key = 1
		net.ipv4.ip_default_ttl = 70000
		net.ipv4.ip_forward = 1
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want moved a ready
	want log_has 'warning: sysctl net.nosuch.key: no such key here.* write \?net.nosuch.key'
	want log_has 'warning: sysctl net.ipv4.ip_default_ttl: the kernel refuses the value: asked for "70000"'
	unwanted log_has 'warning: sysctl net.ipv4.ip_forward'
	want in_node "$FIRSTHOP" status
	stop
}

test_read_only_proc_sys() {
	config <<-END
		[node]
		hostname_from = r7
		[sysctl]
		net.ipv4.ip_default_ttl = 65
		net.ipv4.ip_no_pmtu_disc = 0
		[service a]
		command = @ACTOR@ pause
	END
	node_setup='mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys &&
		set -- setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"'
	boot
	want moved a ready
	want log_has 'warning: sysctl net.ipv4.ip_default_ttl: /proc/sys is read-only; start the container with --sysctl net.ipv4.ip_default_ttl=65$'
	want log_has 'warning: host name "r7": .*; start the container with --hostname r7$'
	# What is right already needs no right.
	unwanted log_has 'warning: .*ip_no_pmtu_disc'
	stop
}

# What a service needs and the container lacks is told before it starts; what is there is not.
test_capabilities_that_lack() {
	ln -s "$ACTOR" "$dir/zebra"
	config <<-END
		[service zebra]
		command = @DIR@/zebra pause
		[service own]
		command = @ACTOR@ pause
		user = 0
		oom_score_adj = -5
	END
	# shellcheck disable=SC2016 # for the shell inside
	node_setup='set -- setpriv --bounding-set -net_raw,-sys_resource --inh-caps -net_raw,-sys_resource "$@"'
	boot
	want moved zebra ready
	want log_has 'warning: capability NET_RAW: needed by zebra; FRR.s daemons exit at once without it; start the container with --cap-add NET_RAW$'
	want log_has 'warning: capability SYS_RESOURCE: needed by own; start the container with --cap-add SYS_RESOURCE$'
	want log_has 'debug: capability SYS_ADMIN: needed by zebra'
	unwanted log_has 'warning: capability SYS_ADMIN'
	stop
}

test_loopback_is_up() {
	config <<-END
		[service a]
		command = @ACTOR@ listen-tcp 4711 pause
		ready = tcp:127.0.0.1:4711
	END
	boot
	want moved a ready
	unwanted log_has 'warning: interface lo'
	stop
}

test_read_only_root() {
	config <<-END
		[service a]
		command = @ACTOR@ notify READY=1 pause
		ready = sd_notify
	END
	# In a container /run is of its root.
	node_setup='mount -t tmpfs none /dev/shm && mount --bind /run /run && mount -o remount,bind,ro /run'
	boot
	want moved a ready
	want in_node "$FIRSTHOP" status
	stop
}

run_tests "$@"
