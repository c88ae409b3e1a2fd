#!/bin/bash
# restricted.sh [TEST…]: containers that lack something, and configurations that are wrong: the node
# stays up, does what can be done, and says what is missing.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

test_read_only_root_with_run() {
	want boot_router --read-only --tmpfs /run router
	want wait_until is ready status_of bgpd state
	want_text '192\.0\.2\.0/24' in_node vtysh -c 'show ip route'
	want_text '^zebra ' in_node firsthop status
	stops_well
}

# Not even /run: the control socket is somewhere else, and found there.
test_read_only_root() {
	want boot_router --read-only router
	want wait_until in_node firsthop status
	want runs
	stops_well
}

test_no_capabilities() {
	want boot "${router_files[@]}" --cap-drop ALL router
	# FRR's daemons end at once, with their own message; they are tried again, and told of.
	want wait_log 'CAP_|cap-add|Operation not permitted'
	want_text 'zebra' in_node firsthop status
	unwanted in_node firsthop health
	want runs
	stops_well
}

test_plain_user() {
	configure $'[service one]\ncommand = /bin/sleep infinity'
	want boot_configured --user 65534:65534 router
	want wait_log '^READY'
	want is ready status_of one state
	want_text 65534 in_node ps -o uid= -p "$(status_of one pid)"
	stops_well
}

test_bad_configuration_falls_back() {
	configure $'[service sshd]\ncommand = /usr/sbin/sshd -D\nrestart = sometimes'
	want boot_configured "${router_caps[@]}" "${router_files[@]}" router
	want wait_log '/etc/firsthop\.ini:3: '
	want wait_log 'built-in'
	want wait_log '^READY'
	want_text '"fallback":true' in_node firsthop status --json
	want is ready status_of bgpd state
	stops_well
}

test_bad_configuration_last_good() {
	configure $'[service one]\ncommand = /bin/sleep infinity'
	want boot_configured router
	want wait_ready
	want stop_node
	echo 'nonsense = yes' >>"$ini"
	want docker start "$node" >/dev/null
	want wait_log '/etc/firsthop\.ini:3: '
	want wait_log '^READY' 2
	want_text '"fallback":true' in_node firsthop status --json
	want is ready status_of one state
	stops_well
}

test_bad_configuration_strict() {
	configure $'[service one]\ncommand = /bin/sleep infinity\nrestart = sometimes'
	want boot_configured router --strict
	want is 100 exit_code
	want log_has '/etc/firsthop\.ini:3: '
	unwanted log_has '^READY'
}

# What the engine has set already is fine, what nobody may set is told with its cure.
test_sysctl() {
	configure '
[sysctl]
net.ipv4.conf.default.rp_filter = 2
net.ipv4.conf.all.log_martians = 1
[service one]
command = /bin/sleep infinity'
	want boot_configured --sysctl net.ipv4.conf.default.rp_filter=2 router
	want wait_log '^READY'
	want log_has '--sysctl net\.ipv4\.conf\.all\.log_martians=1'
	unwanted log_has 'rp_filter'
	stops_well
}

test_hostname_is_kept_without_the_right_to_change_it() {
	configure $'[node]\nhostname_from = other\n[service one]\ncommand = /bin/sleep infinity'
	want boot_configured router
	want wait_log '^READY'
	want log_has 'host name "other".*--hostname other'
	want_text '^r1$' in_node uname -n
	stops_well
}

run_tests "$@"
