#!/bin/bash
# crpd.sh [TEST…]: firsthop in a Juniper cRPD image. Nobody may hand out that image, so this is a
# stand-in: the same runit as PID 1 with a service tree, the same files, and a netconf that says hello.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

packages=$B/crpd-packages
download() { (mkdir -p "$packages" && cd "$packages" && apt-get -q download runit runit-init) >&2; }
fetch() {
	compgen -G "$packages/runit-init_*.deb" >/dev/null || download || { apt-get -q update >&2 && download; }
}

# What runs as PID 1 there and what it starts.
make_runit() {
	local tree=$1 package
	for package in "$packages"/*.deb; do dpkg --fsys-tarfile "$package" | tar -C "$tree" -x --keep-directory-symlink; done
	ln -sf ../lib/runit/runit-init "$tree/sbin/runit-init"
	rm -rf "$tree"/etc/runit/[123] "$tree/etc/service"
	install -d "$tree"/etc/service/rpd
	install /dev/stdin "$tree/sbin/runit-init.sh" <<-'END'
		#!/bin/sh
		echo "runit-init.sh: pid $$"
		exec /sbin/runit-init 0
	END
	install /dev/stdin "$tree/etc/runit/1" <<-'END'
		#!/bin/sh
		# SIGCONT to PID 1 means the end, if this may be executed.
		install -m 0100 /dev/null /run/runit.stopit
	END
	install /dev/stdin "$tree/etc/runit/2" <<-'END'
		#!/bin/sh
		exec /usr/bin/runsvdir -P /etc/service
	END
	# What has to be added to it: firsthop stops its services, too.
	install /dev/stdin "$tree/etc/runit/3" <<-'END'
		#!/bin/sh
		sv -w 5 force-stop /etc/service/*
		firsthop shutdown
		while firsthop status >/dev/null 2>&1; do sleep 0.1; done
		echo "runit: stage 3 is over"
	END
	install /dev/stdin "$tree/etc/service/rpd/run" <<-'END'
		#!/bin/sh
		echo "rpd: pid $$"
		trap 'echo "rpd: told to stop"; exit' TERM
		while :; do sleep 1000 & wait; done
	END
}

make_image() {
	local context tree
	context=$(mktemp -d "$DOCKER_CONFIG/crpd.XXXXXX")
	tree=$context/tree
	mkdir -p "$tree"/{config,etc/firsthop,etc/ssh,usr/bin,usr/lib,usr/sbin,root/.ssh,run}
	ln -s usr/lib "$tree/lib"
	ln -s usr/sbin "$tree/sbin"
	make_runit "$tree"
	cp config/examples/crpd.ini "$tree/etc/firsthop.ini"
	cp -L "$FIRSTHOP" "$tree/usr/sbin/firsthop"
	printf 'system {\n    host-name edge7;\n}\n' >"$tree/etc/firsthop/juniper.conf"
	printf '%s\n' 'Port 22' 'Port 830' 'PermitRootLogin yes' 'Subsystem netconf /usr/bin/netconf' \
		'HostKey /etc/ssh/ssh_host_ed25519_key' >"$tree/etc/firsthop/sshd_config"
	install /dev/stdin "$tree/usr/bin/netconf" <<-'END'
		#!/bin/sh
		echo '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>'
		echo '<capability>urn:ietf:params:netconf:base:1.0</capability>'
		echo '</capabilities><session-id>1</session-id></hello>]]>]]>'
	END
	tar -C "$tree" -c . >"$context/crpd.tar" && rm -rf "$tree"
	printf '%s\n' 'FROM base' 'ADD crpd.tar /' 'ENTRYPOINT ["/usr/sbin/firsthop"]' >"$context/Dockerfile"
	docker build -t crpd "$context" >&2
}

boot_crpd() { boot --hostname unnamed "${router_caps[@]}" "$@" crpd; }

# ssh_from PORT COMMAND…: as its own user root, without a password.
authorize() {
	in_node sh -c 'mkdir -p -m 700 /root/.ssh && ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/id &&
		cp /root/.ssh/id.pub /root/.ssh/authorized_keys'
}
ssh_from() {
	in_node ssh -i /root/.ssh/id -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes \
		-p "$1" root@127.0.0.1 "${@:2}"
}

check_crpd() {
	want wait_log '^READY'
	want is edge7 in_node uname -n
	want in_node cmp /etc/firsthop/juniper.conf /config/juniper.conf
	want authorize
	want is here ssh_from 22 echo here
	want_text '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1\.0">' ssh_from 830 -s netconf
	want is ready status_of sshd state
	want no_zombies
}
name_of_pid_1() { in_node cat /proc/1/comm; }
side() { log | sed -nE 's/.*supervising beside it as pid ([0-9]+).*/\1/p'; }
revived() { is ready status_of sshd state && [ "$(status_of sshd pid)" != "$1" ]; }
check_revival() {
	local old
	old=$(status_of sshd pid)
	want in_node kill -KILL "$old"
	want wait_until revived "$old"
}

# runit is PID 1, and its services run; firsthop is beside it and looks after sshd.
test_crpd_handover() {
	want boot_crpd
	check_crpd
	want wait_log '^runit-init\.sh: pid 1$'
	want wait_log '^rpd: pid '
	want is runit name_of_pid_1
	want is "$(side)" in_node ps -o ppid:1= -p "$(status_of sshd pid)"
	check_revival
	want in_node sv status /etc/service/rpd
}

# The stop that runit knows: SIGCONT. Its stage 3 tells firsthop, which stops in order. With SYS_BOOT
# runit then ends the container, which without it Docker has to do.
test_crpd_handover_stops_in_order() {
	want boot_crpd --cap-add SYS_BOOT --stop-signal CONT
	want wait_log '^READY'
	want wait_log '^rpd: pid '
	want in_node ln -sf /run/runit.stopit /etc/runit/stopit
	want stop_node
	want log_order '^rpd: told to stop' 'shutdown requested: stopping all services' 'sshd stopped' \
		'ended, exit code 0' 'stage 3 is over'
}

# TERM, which Docker sends by default, is nothing to runit: all are killed, as in cRPD without firsthop.
test_crpd_handover_and_a_plain_stop() {
	want boot_crpd
	want wait_log '^READY'
	want docker stop --time 2 "$node"
	want is 137 exit_code
	unwanted log_has 'stopping all services'
}

# Before that firsthop may be told: its services stop in order, and runit's go on.
test_crpd_handover_shutdown() {
	want boot_crpd
	want wait_log '^READY'
	want wait_log '^rpd: pid '
	want in_node firsthop shutdown
	want wait_log 'ended, exit code 0'
	want log_has 'sshd stopped'
	want runs
	want wait_until no_zombies
	unwanted log_has 'rpd: told'
}

# The other way: firsthop stays PID 1, runit's supervisor is one of its services, and docker stop does all.
test_crpd_runsvdir_as_a_service() {
	configure "$(sed '/^handover/d' config/examples/crpd.ini && cat <<-'END'
		[service runsvdir]
		command = /usr/bin/runsvdir -P /etc/service
		stop_signal = HUP
		success_exit_status = 111
	END
	)"
	want boot_crpd -v "$ini:/etc/firsthop.ini:ro"
	check_crpd
	want wait_log '^runsvdir: rpd: pid |^rpd: pid '
	want is firsthop name_of_pid_1
	check_revival
	want in_node sv status /etc/service/rpd
	want stop_node
	want is 0 exit_code
	want log_has 'rpd: told to stop'
	unwanted log_has 'had to be killed|killing it'
}

fetch && make_image || exit
run_tests "$@"
