# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # variables of run; what a shell inside expands
# prepare.sh: what the preparation adds to a boot: 50 sysctls, the host name, a look for vrf and 8
# interfaces with an address, an MTU and up, until the first service runs. With firsthop, and with a
# shell script that calls sysctl, hostname, modprobe and ip for the same. Sourced by run.

prepare_interfaces=8

# 50 keys that a network namespace has, each with a value that it does not have at first.
prepare_keys() {
	local key
	for key in accept_redirects accept_source_route arp_accept arp_announce arp_ignore arp_notify \
		bc_forwarding forwarding ignore_routes_with_linkdown log_martians medium_id rp_filter \
		secure_redirects send_redirects shared_media; do
		printf 'net.ipv4.conf.%s.%s\n' all "$key" default "$key" lo "$key"
	done
	printf 'net.ipv4.%s\n' ip_default_ttl ip_no_pmtu_disc fib_multipath_use_neigh \
		igmp_max_memberships tcp_fin_timeout
}

# The values that they have, one more or, of a switch, the other one.
prepare_values() {
	prepare_keys | unshare --net sh -c '
		ip link set lo up
		while read -r key; do
			value=$(cat "/proc/sys/$(echo "$key" | tr . /)")
			case $key:$value in
			*.conf.*:0) value=1 ;;
			*.conf.*) value=0 ;;
			*fib_multipath*) value=$((1 - value)) ;;
			*) value=$((value + 1)) ;;
			esac
			echo "$key = $value"
		done'
}

prepare_names() { seq -f eth%g -s ' ' 0 $((prepare_interfaces - 1)); }

# What runs then is the program that tells the time.
prepare_files() {
	local i
	prepare_values >"$work/sysctl.conf"
	[ "$(wc -l <"$work/sysctl.conf")" = 50 ] || { ui_fail 'not 50 sysctls' && return 1; }
	printf '[node]\ninterfaces = none\n' >"$work/none.ini"
	{
		printf '[node]\nhostname_from = r9\ninterfaces = %s\n[module vrf]\n[sysctl]\n' "$(prepare_names)"
		cat "$work/sysctl.conf"
		for ((i = 0; i < prepare_interfaces; i++)); do
			printf '[interface eth%d]\naddress = 192.0.2.%d/30\nmtu = 1400\nup = yes\n' $i $((4 * i + 1))
		done
	} >"$work/all.ini"
	printf '#!/bin/sh\nexec %s/begin /bin/true\n' "$work" >"$work/none.sh"
	{
		printf '#!/bin/sh\nsysctl -q -p %s/sysctl.conf\nhostname r9\nmodprobe -q vrf\nip link set lo up\n' "$work"
		for ((i = 0; i < prepare_interfaces; i++)); do
			printf 'ip link set eth%d mtu 1400 up\nip address add 192.0.2.%d/30 dev eth%d\n' $i $((4 * i + 1)) $i
		done
		printf 'exec %s/begin /bin/true\n' "$work"
	} >"$work/all.sh"
	chmod 0755 "$work"/*.sh
}

# prepare_once PROGRAM…: ms from its execve as PID 1 to the service. One end of each veth pair
# stands for an interface; they are there before.
prepare_once() {
	"${bound[@]}" timeout -k 1 20 "${turns[@]}" unshare --pid --fork --kill-child --mount-proc --uts --ipc --net --mount sh -c '
		mount -t tmpfs none /run && mount --bind /dev/null /dev/console || exit
		for file in /etc/hostname /etc/hosts; do
			[ ! -e "$file" ] || mount --bind "$(mktemp -p /run)" "$file" || exit
		done
		i=0
		while [ $i -lt '$prepare_interfaces' ]; do
			ip link add eth$i type veth peer name peer$i || exit
			i=$((i + 1))
		done
		exec "$0" "$@"' "$work/begin" "$@" </dev/null 2>>"$work/errors" |
		awk '/BEGIN [0-9]/ { sub(/.*BEGIN /, ""); at[++n] = $1 } n == 2 { printf "%.3f\n", (at[2] - at[1]) / 1e6; exit }'
}

part_prepare() {
	local round count name none all
	local -A command=([firsthop]="$work/firsthop init -c $work/%s.ini $work/begin /bin/true" [script]="$work/%s.sh")
	count=$(rounds 21 3)
	prepare_files
	for ((round = 0; round <= count; round++)); do
		for name in firsthop script; do
			ui_progress prepare "round $round of $count: $name"
			# shellcheck disable=SC2059,SC2046 # a command line
			none=$(prepare_once $(printf "${command[$name]}" none))
			# shellcheck disable=SC2059,SC2046
			all=$(prepare_once $(printf "${command[$name]}" all))
			if [ -z "$none" ] || [ -z "$all" ]; then
				failed "prepare, $name" "$work/errors"
				return
			fi
			[ "$round" -gt 0 ] || continue # cold caches
			printf 'prepare-all %s %s\n' "$name" "$all" >>"$samples"
			awk -v name="$name" -v all="$all" -v none="$none" \
				'BEGIN { print "prepare-added", name, all - none }' >>"$samples"
		done
	done
	ui_done prepare "$count rounds of firsthop and a script"
}
