#!/bin/bash
# test_two.sh [TEST…]: two virtual routers, real FRR under firsthop as the kernel's init, joined by two
# cables: OSPF over eth1, and for a customer in a vrf over eth2, which takes a kernel with the vrf module.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/vm/lib.sh
. tests/lib/ui.sh
# FRR 8.4: that of 10.3 has a mgmtd, which loses parts of the configuration on so slow a processor.
export SUITE=${SUITE:-bookworm}
. tests/lab/lib.sh

# The root tree as a disk, which is only ever read: made once.
router_disk=$B/vm/router-$SUITE.ext4
make_disk() {
	exec 9>"$router_disk.lock"
	flock 9
	if [ ! -e "$router_disk" ] || [ "$lab_root" -nt "$router_disk" ]; then
		mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$lab_root" "$router_disk.part" 600M 2>/dev/null >&2 &&
			mv "$router_disk.part" "$router_disk"
	fi
	exec 9>&-
}

# What a router does by itself, as its last service: each line of what it has seen goes to the second
# serial line. N is its number, O the other's.
tour() {
	cat <<-'END'
		exec >/dev/ttyS1
		until_is() {
			local tries=600
			until "${@:2}" 2>/dev/null | grep -qE -e "$1"; do
				[ $((tries -= 1)) -gt 0 ] || { echo "in vain: $1 of ${*:2}"; return 1; }
				sleep 0.2
			done
			echo "seen: $1"
		}
		until_is '^10\.255\.0\.O .* Full/' vtysh -c 'show ip ospf neighbor'
		until_is '^O>\* 10\.255\.0\.O/32 .* eth1' vtysh -c 'show ip route ospf'
		until_is ' 0% packet loss' ping -q -c 2 -W 10 -I 10.255.0.N 10.255.0.O
		until_is ' 0% packet loss' ping -q -c 2 -W 10 2001:db8:12::O
		until_is '^ *1$' cat /proc/sys/net/vrf/strict_mode
		until_is 'eth2.* master CE ' ip link show eth2
		until_is 'via 10\.1\.2\.O dev eth2' ip route show vrf CE 10.255.1.O/32
		until_is ' 0% packet loss' ping -q -c 2 -W 10 -I CE 10.255.1.O
		echo "outside of the vrf: $(ip route show 10.255.1.O/32)."
		firsthop status
		echo done
	END
}

# An emulated processor is slow, and the machine may be busy: nothing that is not needed here runs, and
# nothing is late.
patient() {
	local service
	for service in zebra mgmtd staticd ospfd; do
		[ -e "$lab_root/usr/lib/frr/$service" ] || continue
		printf '[service %s]\nhealth_timeout = 60s\n' "$service"
	done
	printf '[service %s]\nstart = manual\n' sshd snmpd
}

# prepare N O COMMAND: the files of router rN, and its archive. The command comes after the tour.
prepare() {
	local layer=$dir/r$1/layer
	LAB=$dir lab_prepare "r$1"
	sed -i 's/^bgpd=yes/bgpd=no/' "$layer/etc/frr/daemons"
	sed -i -e '/^router bgp/,$d' -e 's/dead-interval .*/dead-interval 40/' -e "/^agentx/r /dev/stdin" "$layer/etc/frr/frr.conf" <<-END
		!
		interface eth2
		 ip address 10.1.2.$1/30
		 ip ospf area 0
		 ip ospf hello-interval 1
		 ip ospf dead-interval 40
		 ip ospf network point-to-point
		!
		interface CE
		 ip address 10.255.1.$1/32
		 ip ospf area 0
		!
		router ospf vrf CE
		 ospf router-id 10.255.1.$1
	END
	mkdir -p "$layer/etc/firsthop.d"
	cp config/examples/vm.ini "$layer/etc/firsthop.d/10-vm.ini"
	cp config/examples/vrf.ini "$layer/etc/firsthop.d/20-vrf.ini"
	tour | sed "s/10\.255\.0\.N/10.255.0.$1/g; s/O\b/$2/g; s/\^$2>/^O>/" >"$layer/tour"
	cat >"$layer/etc/firsthop.d/30-tour.ini" <<-END
		[service tour]
		type = oneshot
		wants = frr-config
		command = /bin/bash /tour
		start_timeout = infinity
		[service after]
		type = oneshot
		needs = tour
		command = /bin/bash -c "$3"
		start_timeout = infinity
	END
	patient >"$layer/etc/firsthop.d/40-patient.ini"
	mkdir "$dir/r$1/archive"
	mv "$layer" "$dir/r$1/archive/layer"
	cp -p tests/vm/router-init "$dir/r$1/archive/init"
	{ cat "$B/vm/initramfs.cpio" && (cd "$dir/r$1/archive" && find . | cpio --quiet -o -H newc); } >"$dir/r$1.initramfs"
}

# cable N O WHICH: one end, as options of qemu; the packets go through two sockets.
cable() {
	echo "-netdev dgram,id=$3,local.type=unix,local.path=$dir/$3.$1,remote.type=unix,remote.path=$dir/$3.$2"
	echo "-device virtio-net-pci,netdev=$3,mac=52:54:00:00:0$1:0${3#eth}"
}

boot_router() {
	# shellcheck disable=SC2046 # words
	MEMORY=400 qemu "r$1" "$dir/r$1.initramfs" '' \
		-drive "file=$router_disk,format=raw,if=virtio,readonly=on" \
		-drive "file=$B/vm/disk.ext4,format=raw,if=virtio,readonly=on" \
		-netdev hubport,id=eth0,hubid=0 -device virtio-net-pci,netdev=eth0 \
		$(cable "$1" "$2" eth1) $(cable "$1" "$2" eth2)
}

both() { cat "$dir"/r[12]."$1" 2>/dev/null | tr -d '\r'; }
log() { both console; echo '--- results'; both results; }
node_runs() { [ ! -e "$dir/r1.end" ] || [ ! -e "$dir/r2.end" ]; }
neither_runs() { ! node_runs; }
remove_node() {
	local name line
	for name in r1 r2; do [ -e "$dir/$name.end" ] || [ ! -p "$dir/$name.monitor.in" ] || echo quit >"$dir/$name.monitor.in"; done
	for line in "$dir"/*.out; do [ ! -p "$line" ] || : <>"$line"; done
	jobs -p | xargs -r kill 2>/dev/null
	wait
}
press_ctrl_alt_del() { echo sendkey ctrl-alt-delete >"$dir/r2.monitor.in"; }
said() { tr -d '\r' <"$dir/$1" | grep -qE -e "$2"; }

test_two_routers() {
	local router other line
	# One is told to reboot from outside, the other goes when it misses its neighbour.
	prepare 1 2 'while vtysh -c \"show ip route ospf\" | grep -qF 10.255.0.2/32; do sleep 0.2; done; firsthop shutdown'
	prepare 2 1 true
	boot_router 1 2
	boot_router 2 1
	want wait_until said r1.results '^done'
	want wait_until said r2.results '^done'
	want press_ctrl_alt_del
	want wait_until neither_runs
	for router in 1 2; do
		other=$((3 - router))
		for line in "^seen: \^10.*0\\\\.$other .* Full" "^seen: \^O>" '^done$' '^outside of the vrf: \.$'; do
			want said "r$router.results" "$line"
		done
		unwanted said "r$router.results" '^in vain'
		want is 0 cat "$dir/r$router.end"
		unwanted said "r$router.console" 'Kernel panic|Oops|BUG:|firsthop: error'
	done
	want said r1.console 'reboot: Power down'
	want said r2.console 'reboot: Restarting system'
}

DEADLINE=150
missing=$(why_not)
[ -n "$missing" ] || { tests/lab/mkroot && make_disk; } || exit
run_tests "$@"
