#!/bin/bash
# prepare.sh [TEST…]: what the preparation can do in a container, and what it says where the engine has
# not given it enough: the exact flag, at the boot, in `status` and by the doctor.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

one_service='[service one]
command = /bin/sleep infinity'
two_sysctls='[sysctl]
net.ipv6.conf.all.forwarding = 1
?net.ipv4.conf.default.rp_filter = 2'

sysctl_of() { in_node cat "/proc/sys/${1//.//}"; }
# said TEXT: the log has just that.
said() { grep -qF -e "$1" <<<"$(log)"; }
# preparation: what `status` says is not as asked, a finding each line.
preparation() { in_node firsthop status | sed -nE 's/^(missing|degraded): //p'; }
# doctor_says CODE REGEX [ARG…]: its exit code, and what it prints.
doctor_says() {
	local got code=0
	got=$(in_node firsthop doctor "${@:3}" 2>&1) || code=$?
	[ "$code" = "$1" ] && grep -qE -e "$2" <<<"$got" && return
	printf 'exit code %s\n%s\n' "$code" "$got" >&2
	return 1
}

test_prepare_with_sysctls() {
	configure "$two_sysctls
$one_service"
	want boot_configured --sysctl net.ipv6.conf.all.forwarding=1 \
		--sysctl net.ipv4.conf.default.rp_filter=2 router
	want wait_log '^READY'
	unwanted log_has 'sysctl'
	want is '' preparation
	want doctor_says 0 '^sysctl net\.ipv6\.conf\.all\.forwarding +ok +already so$'
	want doctor_says 0 '^0 missing'
	stops_well
}

# Each key that differs is said with its flag, also when it was one that may be absent; nothing is
# changed; and the doctor is a gate.
test_prepare_without_sysctls() {
	local forwarding='sysctl net.ipv6.conf.all.forwarding: /proc/sys is read-only; start the container '
	forwarding+='with --sysctl net.ipv6.conf.all.forwarding=1'
	configure "$two_sysctls
net.ipv4.ip_forward = 1
$one_service"
	want boot_configured --sysctl net.ipv4.ip_forward=1 router
	want wait_log '^READY'
	want said "firsthop: warning: $forwarding"
	want said '--sysctl net.ipv4.conf.default.rp_filter=2'
	want is 2 grep -c . < <(preparation)
	want is "$forwarding" preparation_about forwarding
	want is 0 sysctl_of net.ipv6.conf.all.forwarding
	want doctor_says 101 '^sysctl net\.ipv6\.conf\.all\.forwarding +missing +read-only$'
	want doctor_says 101 '^sysctl net\.ipv4\.conf\.default\.rp_filter +missing +read-only$'
	want doctor_says 101 '^2 missing'
	want runs
	stops_well
}
preparation_about() { preparation | grep -F -e "$1"; }

# Who needs it, what happens without it, and the flag: before the daemons start and fail.
test_prepare_without_one_capability() {
	want boot_router --cap-drop NET_RAW router
	want wait_log 'capability NET_RAW: needed by .*zebra.*; start the container with --cap-add NET_RAW'
	unwanted log_has 'capability (NET_ADMIN|SYS_ADMIN)'
	want wait_until log_has 'zebra exited'
	want log_order 'capability NET_RAW' 'zebra exited'
	want doctor_says 101 '^capability NET_RAW +missing'
	want doctor_says 101 '^capability NET_ADMIN +ok'
	want runs
}

test_prepare_without_capabilities() {
	local name
	want boot "${router_files[@]}" --cap-drop ALL router
	want wait_log 'zebra exited'
	for name in NET_ADMIN SYS_ADMIN NET_RAW SETUID SYS_CHROOT AUDIT_WRITE; do
		want said "; start the container with --cap-add $name"
	done
	want runs
}

# Before any configuration, as the command of a container, and as an ordinary user.
test_prepare_doctor_alone() {
	want_text '^[0-9]+ missing, [0-9]+ degraded, [0-9]+ ok$' docker run --rm --name "$node" router doctor
	want_text '^[0-9]+ missing, [0-9]+ degraded, [0-9]+ ok$' \
		docker run --rm --name "$node" --user 65534:65534 --cap-drop ALL --read-only router doctor
	want_text '"version":1,"ok":' docker run --rm --name "$node" router doctor --json
	unwanted docker run --rm --name "$node" router doctor --strict >/dev/null
}

# With SYS_ADMIN, and where AppArmor does not refuse it, firsthop mounts a /proc/sys that it can write.
test_prepare_remounts_proc_sys() {
	configure "[node]
proc_sys = remount
$two_sysctls
$one_service"
	want boot_configured --cap-add SYS_ADMIN --cap-add NET_ADMIN router
	want wait_log '^READY'
	want is 1 sysctl_of net.ipv6.conf.all.forwarding
	want is 2 sysctl_of net.ipv4.conf.default.rp_filter
	want is '' preparation
	# It is our own: what else runs in the container finds it as the engine made it.
	unwanted in_node sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding'
	want doctor_says 0 '^sysctl net\.ipv6\.conf\.all\.forwarding +ok +already so$'
	stops_well
}

test_prepare_remount_is_refused() {
	configure "[node]
proc_sys = remount
$two_sysctls
$one_service"
	want boot_configured router
	want wait_log '^READY'
	want said '--sysctl net.ipv6.conf.all.forwarding=1'
	want is 0 sysctl_of net.ipv6.conf.all.forwarding
	stops_well
}

test_prepare_host_name() {
	configure "[node]
hostname_from = other
$one_service"
	want boot_configured --cap-add SYS_ADMIN router
	want wait_log '^READY'
	want is other in_node uname -n
	want is other in_node cat /etc/hostname
	# podman's line has the container's name as well.
	want_text '[[:space:]]other( |$)' in_node cat /etc/hosts
	want is '' preparation
	want doctor_says 0 '^host name "other" +ok +already so$'
	stops_well
}

# A read-only root: the engine's own /etc/hostname and /etc/hosts are read-only, too.
test_prepare_read_only_root() {
	configure "[node]
hostname_from = other
$one_service"
	want boot_configured --cap-add SYS_ADMIN --read-only router
	want wait_log '^READY'
	want is other in_node uname -n
	want doctor_says 101 '^/run +missing +read-only$'
	want doctor_says 101 '/run: .*; start the container with --tmpfs /run$'
	want runs
	stops_well
}

test_prepare_required_ends_the_boot() {
	configure "[sysctl]
!net.ipv6.conf.all.forwarding = 1
$one_service"
	want boot_configured router
	want is 101 exit_code
	want said 'sysctl net.ipv6.conf.all.forwarding'
	want said 'start the container with --sysctl net.ipv6.conf.all.forwarding=1'
	unwanted log_has '^READY'
	unwanted log_has 'one started'
}

# late_link: a link comes into the running container as eth1, as containerlab and CML add it.
late_link() {
	engine_ns ip link add "$1" netns "$(pid_of "$node")" type veth peer name "$1-peer" \
		netns "$(pid_of "$node")"
}

test_prepare_late_interface() {
	configure "[node]
proc_sys = remount
[interface eth1]
up = yes
mtu = 1400
address = 192.0.2.1/24 2001:db8::1/64
sysctl net.ipv4.conf.%i.rp_filter = 2
[sysctl]
?net.ipv6.conf.all.disable_ipv6 = 0
?net.ipv6.conf.default.disable_ipv6 = 0
$one_service"
	want boot_configured "${router_caps[@]}" router
	want wait_log '^READY'
	want late_link eth1
	want wait_until is 2 sysctl_of net.ipv4.conf.eth1.rp_filter
	want wait_until has_address 2001:db8::1/64
	want has_address 192.0.2.1/24
	want_text 'mtu 1400 ' in_node ip link show eth1
	want_text '[<,]UP[,>]' in_node ip link show eth1
	want is '' preparation
	want doctor_says 0 '^0 missing'
	stops_well
}
has_address() { grep -qF " $1 " <<<"$(in_node ip address show eth1)"; }

# Where it cannot be done, it is said of that interface.
test_prepare_late_interface_without_rights() {
	configure "[interface eth1]
sysctl net.ipv4.conf.%i.rp_filter = 2
[interface eth2]
mtu = 1400
$one_service"
	want boot_configured router
	want wait_log '^READY'
	want doctor_says 0 '^/proc/sys +degraded +read-only$'
	want late_link eth1
	want wait_log 'interface eth1: sysctl net\.ipv4\.conf\.eth1\.rp_filter: .*read-only.*proc_sys = remount'
	want late_link eth2
	want wait_log 'interface eth2: .*mtu 1400; .*--cap-add NET_ADMIN'
	want_text 'mtu 1500 ' in_node ip link show eth2
	want doctor_says 101 '^interface eth1 +missing'
	want doctor_says 101 '^interface eth2 +missing'
	want runs
	stops_well
}

# Services wait for the interfaces that there must be.
test_prepare_waits_for_interfaces() {
	configure "[node]
interfaces = eth1 eth2
interfaces_timeout = 60s
$one_service"
	want boot_configured router
	want wait_log 'waiting for interfaces: .*eth1'
	want late_link eth1
	want wait_log '1 of 2.*missing eth2'
	unwanted log_has 'one started'
	want late_link eth2
	want wait_log '^READY'
	want doctor_says 0 '^interfaces +ok'
	stops_well
}

run_tests "$@"
