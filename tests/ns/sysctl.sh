#!/bin/bash
# sysctl.sh: what becomes of the keys in [sysctl], and what is said of those that cannot be set.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# The configuration: [node] lines in $node_lines, stdin for [sysctl].
sysctls() {
	{
		printf '[node]\n%s\n[sysctl]\n' "${node_lines:-}"
		cat
		printf '[service a]\ncommand = @ACTOR@ pause\n'
	} | config
}

# up [SETUP]: boots, after a shell command inside.
up() {
	node_setup=${1:-true}
	boot
	want moved a ready
}

value() { in_node cat "/proc/sys/$1"; }

links='ip link add eth0 type veth peer name eth0.100 && ip link add other type veth peer name away'
read_only='mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys'
# shellcheck disable=SC2016 # for the shell inside
without_sys_admin='set -- setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$@"'

test_each_verdict_of_what_is_so() {
	sysctls <<-END
		net.ipv4.ip_default_ttl = 64
		net.ipv4.ip_forward = 1
		net.ipv4.ip_local_port_range = 2000   3000
	END
	up 'echo 0 >/proc/sys/net/ipv4/ip_forward'
	want log_has 'sysctl net.ipv4.ip_default_ttl: already so$'
	want log_has 'sysctl net.ipv4.ip_forward: written$'
	want log_has 'sysctl net.ipv4.ip_local_port_range: written$'
	want is 1 value net/ipv4/ip_forward
	unwanted log_has 'warning: sysctl'
	stop
}

# What a later key changes behind the back of an earlier one is set again.
test_keys_that_change_each_other() {
	sysctls <<-END
		net.ipv4.conf.eth0.rp_filter = 0
		net.ipv4.conf.default.rp_filter = 2
		net.ipv4.conf.default.forwarding = 0
		net.ipv4.ip_forward = 1
	END
	up "$links && echo 0 >/proc/sys/net/ipv4/ip_forward"
	want is 2 value net/ipv4/conf/default/rp_filter
	want is 0 value net/ipv4/conf/eth0/rp_filter
	want is 1 value net/ipv4/ip_forward
	want is 0 value net/ipv4/conf/default/forwarding
	unwanted log_has 'warning: sysctl'
	stop
}

# A line of its own beats a pattern, wherever it stands.
test_patterns() {
	sysctls <<-END
		net.ipv4.conf.eth0/100.rp_filter = 0
		net.ipv4.conf.*.rp_filter = 2
		net.ipv4.conf.eth*.arp_[hi]* = 1
		?net.ipv4.conf.nosuch*.rp_filter = 1
		net.ipv4.conf.*.nosuch = 1
	END
	up "$links"
	want is 2 value net/ipv4/conf/eth0/rp_filter
	want is 2 value net/ipv4/conf/default/rp_filter
	want is 0 value net/ipv4/conf/eth0.100/rp_filter
	want is 1 value net/ipv4/conf/eth0.100/arp_ignore
	want is 0 value net/ipv4/conf/eth0/arp_notify
	want is 0 value net/ipv4/conf/other/arp_ignore
	want log_has 'sysctl net.ipv4.conf.\*.rp_filter: applied$'
	want log_has 'warning: sysctl net.ipv4.conf.\*.nosuch: no key matches; write \?net'
	unwanted log_has 'warning: sysctl .*(rp_filter|arp_)'
	stop
}

# Only the keys of a pattern that cannot be set are told one by one.
test_pattern_that_is_refused() {
	sysctls <<-END
		net.ipv4.neigh.*.gc_stale_time = nonsense
	END
	up "$links"
	want log_has 'warning: sysctl net.ipv4.neigh.eth0/100.gc_stale_time: the kernel refuses the value: asked for "nonsense", it is "60"'
	want log_has 'warning: sysctl net.ipv4.neigh.other.gc_stale_time: '
	stop
}

test_dots_in_names() {
	sysctls <<-END
		net.ipv4.conf.eth0/100.forwarding = 1
		net/ipv4/conf/eth0.100/rp_filter = 2
		net.ipv4.conf.eth0.100.arp_ignore = 1
	END
	up "$links && echo 0 >/proc/sys/net/ipv4/ip_forward"
	want is 1 value net/ipv4/conf/eth0.100/forwarding
	want is 0 value net/ipv4/conf/eth0/forwarding
	want is 2 value net/ipv4/conf/eth0.100/rp_filter
	want log_has 'sysctl net.ipv4.conf.eth0/100.rp_filter: written$'
	want log_has 'warning: sysctl net.ipv4.conf.eth0.100.arp_ignore: no such key here: a dot .*; write net.ipv4.conf.eth0/100.arp_ignore$'
	stop
}

test_kinds_of_absence() {
	sysctls <<-END
		net.ipv4.neigh.default.gc_thresh3 = 8192
		net.vrf.strict_mode = 1
		net.ipv4.conf.eth9.forwarding = 1
		net.ipv4.conf.eth9.100.forwarding = 1
		net.ipv4.conf.lo.100.forwarding = 1
		net.ipv4.conf.al.forwarding = 1
		net.ipv4.ip_forwrad = 1
		net.ipv4.conf.all.rp_fliter = 1
		net.ipv4.conf = 1
		net.ipv4.ip_forward.more = 1
		?net.mpls.platform_labels = 1000
		?net.nosuch = 1
	END
	up
	want log_has 'warning: sysctl net.ipv4.neigh.default.gc_thresh3: it belongs to the host, .*sysctl -w net.ipv4.neigh.default.gc_thresh3=8192'
	want log_has 'warning: sysctl net.vrf.strict_mode: the kernel module vrf is not loaded; .*modprobe vrf'
	want log_has 'warning: sysctl net.ipv4.conf.eth9.forwarding: there is no interface eth9; it is set when that arrives$'
	want log_has 'warning: sysctl net.ipv4.conf.eth9.100.forwarding: .*; write net.ipv4.conf.eth9/100.forwarding$'
	want log_has 'warning: sysctl net.ipv4.conf.lo.100.forwarding: .*; write net.ipv4.conf.lo/100.forwarding$'
	want log_has 'warning: sysctl net.ipv4.conf.al.forwarding: no such key here; did you mean net.ipv4.conf.all.forwarding\?$'
	want log_has 'warning: sysctl net.ipv4.ip_forwrad: no such key here; did you mean net.ipv4.ip_forward\?$'
	want log_has 'warning: sysctl net.ipv4.conf.all.rp_fliter: no such key here; did you mean net.ipv4.conf.all.rp_filter\?$'
	want log_has 'warning: sysctl net.ipv4.conf: it holds keys'
	want log_has 'warning: sysctl net.ipv4.ip_forward.more: no such key here'
	want log_has 'debug: sysctl net.mpls.platform_labels: the kernel module mpls_router is not loaded$'
	unwanted log_has 'warning: sysctl net.(mpls|nosuch)'
	stop
}

test_read_only() {
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
		net.ipv4.ip_no_pmtu_disc = 0
		net.ipv4.ip_local_port_range = 2000 3000
		net.ipv4.conf.eth0/100.rp_filter = 2
		?net.ipv4.tcp_ecn = 0
		kernel.pid_max = 4000000
	END
	up "$links && $read_only"
	want log_has 'warning: sysctl net.ipv4.ip_default_ttl: /proc/sys is read-only; start the container with --sysctl net.ipv4.ip_default_ttl=65$'
	want log_has "warning: sysctl net.ipv4.ip_local_port_range: .* with --sysctl 'net.ipv4.ip_local_port_range=2000 3000'$"
	want log_has 'warning: sysctl net.ipv4.conf.eth0/100.rp_filter: /proc/sys is read-only; engines cannot set it.* proc_sys = remount'
	want log_has 'warning: sysctl net.ipv4.tcp_ecn: /proc/sys is read-only'
	want log_has 'warning: sysctl kernel.pid_max: .*; set it on the host: sysctl -w kernel.pid_max=4000000$'
	# What is right already needs no right.
	want log_has 'debug: sysctl net.ipv4.ip_no_pmtu_disc: already so$'
	want is 64 value net/ipv4/ip_default_ttl
	stop
}

# Services see it read-only after it as before.
test_remount() {
	local node_lines='proc_sys = remount'
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
		net.ipv4.conf.eth0/100.rp_filter = 2
	END
	up "$links && $read_only"
	want is 65 value net/ipv4/ip_default_ttl
	want is 2 value net/ipv4/conf/eth0.100/rp_filter
	unwanted in_node sh -c 'echo 66 >/proc/sys/net/ipv4/ip_default_ttl'
	want log_has '^firsthop: /proc/sys: it is read-only; keys are written by a mount of our own$'
	unwanted log_has 'warning: sysctl'
	stop
}

# In a user namespace that does not own the others, a procfs of our own is not to be had.
test_remount_in_place() {
	local node_lines='proc_sys = remount'
	local node_lead=(unshare --user --map-root-user --mount)
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
		net.ipv4.ip_no_pmtu_disc = 1
	END
	up "$read_only"
	if [ "$FIRSTHOP_BACKEND" = user ]; then # whose root may not even then write net/
		want log_has 'warning: sysctl /proc/sys: .* is denied, by a security profile'
		stop
		return
	fi
	want log_has '^firsthop: /proc/sys: it is made writable for each write'
	want is 65 value net/ipv4/ip_default_ttl
	want is 1 value net/ipv4/ip_no_pmtu_disc
	unwanted log_has 'warning: sysctl'
	want grep -qE ' /proc/sys ro[, ]' "/proc/$(node_pid)/mountinfo"
	stop
}

test_remount_without_the_right() {
	local node_lines='proc_sys = remount'
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
	END
	up "$read_only && $without_sys_admin"
	want log_has 'warning: sysctl /proc/sys: .* takes CAP_SYS_ADMIN; start the container with --cap-add SYS_ADMIN'
	want log_has 'warning: sysctl net.ipv4.ip_default_ttl: /proc/sys is read-only'
	stop
}

test_remount_of_what_is_writable() {
	local node_lines='proc_sys = remount'
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
	END
	up
	want is 65 value net/ipv4/ip_default_ttl
	want log_has 'debug: sysctl /proc/sys: writable$'
	stop
}

# A key that the node cannot do without ends the boot, whatever stands in the way.
test_required_key() {
	sysctls <<-END
		net.ipv4.nosuch = 1
		!net.ipv4.ip_default_ttl = 65
		!net.ipv4.ip_no_pmtu_disc = 0
	END
	node_setup=$read_only
	boot
	want is 101 end_status
	want log_has 'sysctl net.ipv4.ip_default_ttl: /proc/sys is read-only'
	unwanted log_has ' started '
}

# What the older configuration had asked for is nobody's concern after a reload.
test_reload_forgets() {
	sysctls <<-END
		net.ipv4.ip_default_ttl = 70000
		net.ipv4.nosuch.key = 1
	END
	up
	want grep -q 'ip_default_ttl' <(in_node "$FIRSTHOP" status)
	sysctls <<-END
		net.ipv4.ip_default_ttl = 70
		net.ipv4.ip_no_pmtu_disc = 1
	END
	want in_node "$FIRSTHOP" reload
	want is 70 value net/ipv4/ip_default_ttl
	want is 1 value net/ipv4/ip_no_pmtu_disc
	unwanted grep -qE 'ip_default_ttl|nosuch' <(in_node "$FIRSTHOP" status)
	stop
}

# Keys of an interface that arrives after the boot: a line of its own beats a pattern there, too.
test_late_interface() {
	sysctls <<-END
		net.ipv4.conf.late0/7.arp_ignore = 2
		net.ipv4.conf.late*.arp_ignore = 1
		net.ipv4.conf.*.arp_notify = 1
	END
	up
	want log_has 'warning: sysctl net.ipv4.conf.late0/7.arp_ignore: there is no interface late0.7'
	want log_has 'warning: sysctl net.ipv4.conf.late\*.arp_ignore: no key matches'
	want in_node ip link add late0 type veth peer name late0.7
	want wait_until is 1 value net/ipv4/conf/late0/arp_ignore
	want wait_until is 1 value net/ipv4/conf/late0.7/arp_notify
	want is 2 value net/ipv4/conf/late0.7/arp_ignore
	unwanted grep -q 'late' <(in_node "$FIRSTHOP" status)
	stop
}

# It tells what could be done, and does none of it.
test_doctor_changes_nothing() {
	printf '' | sysctls
	up "hostname before && $links"
	cp "$dir/etc-hosts" "$dir/hosts.before"
	cat >"$dir/doctor.ini" <<-END
		[node]
		hostname_from = r7
		[sysctl]
		net.ipv4.ip_default_ttl = 65
		net.ipv4.conf.*.rp_filter = 2
		net.ipv4.neigh.*.gc_stale_time = 61
	END
	in_node "$FIRSTHOP" doctor -c "$dir/doctor.ini" >"$dir/doctor"
	want grep -q '^sysctl net.ipv4.ip_default_ttl  *ok  *writable' "$dir/doctor"
	want grep -q '^sysctl net.ipv4.conf.\*.rp_filter  *ok  *can be applied' "$dir/doctor"
	want grep -q '^host name "r7"  *ok  *can be set' "$dir/doctor"
	want is 64 value net/ipv4/ip_default_ttl
	want is 0 value net/ipv4/conf/eth0.100/rp_filter
	want is 60 value net/ipv4/neigh/eth0/gc_stale_time
	want is before in_node uname -n
	want cmp "$dir/etc-hosts" "$dir/hosts.before"
	stop
}

test_ordinary_user() {
	sysctls <<-END
		net.ipv4.ip_default_ttl = 65
		net.ipv4.ip_no_pmtu_disc = 0
	END
	local who='--clear-groups --regid 65534 --reuid 65534'
	[ "$FIRSTHOP_BACKEND" != user ] || who='' # is one
	up "chmod 0777 /run && set -- setpriv --bounding-set -all --inh-caps -all $who \"\$@\""
	want log_has 'warning: sysctl net.ipv4.ip_default_ttl: .*; start the container with --sysctl net.ipv4.ip_default_ttl=65$'
	unwanted log_has 'warning: .*ip_no_pmtu_disc'
	stop
}

run_tests "$@"
