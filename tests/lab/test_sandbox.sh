#!/bin/bash
# Every service of a router under its preset does all that it is there for: FRR 10.3 and 8.4, sshd with
# and without PAM. LAB_TRACE names a directory: then strace(1) writes there what each process calls.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

# The users of the sessions, and whether PAM asks for them.
prepare_ssh() {
	local layer=$LAB/r1/layer hash pam=$1
	hash=$(openssl passwd -6 secret)
	mkdir -p "$layer"/etc/{ssh/sshd_config.d,pam.d} "$layer/home/op" "$layer/root"
	{
		cat "$lab_root/etc/passwd"
		echo 'op:x:1000:1000::/home/op:/bin/bash'
	} >"$layer/etc/passwd"
	{
		sed "s|^root:[^:]*:|root:$hash:|" "$lab_root/etc/shadow"
		echo "op:$hash:19000:0:99999:7:::"
	} >"$layer/etc/shadow"
	chown --reference="$lab_root/etc/shadow" "$layer/etc/shadow"
	chmod 0640 "$layer/etc/shadow"
	chown 1000:1000 "$layer/home/op"
	chmod 0755 "$layer/home" "$layer/home/op"
	chmod 0700 "$layer/root"
	install -D -m 4755 "$lab_root/usr/bin/id" "$layer/usr/local/bin/suid-id"
	printf 'PermitRootLogin yes\nUsePAM %s\n' "$pam" >"$layer/etc/ssh/sshd_config.d/lab.conf"
}

# What makes each daemon do what it is for. SUITE's FRR may lack some of them.
prepare_frr() {
	local layer=$LAB/r1/layer daemon
	for daemon in ospf6d isisd bfdd ripd ripngd eigrpd pimd pim6d ldpd nhrpd babeld pathd pbrd sharpd vrrpd fabricd; do
		[ -x "$lab_root/usr/lib/frr/$daemon" ] || continue
		sed -i "/^$daemon=/d" "$layer/etc/frr/daemons"
		echo "$daemon=yes" >>"$layer/etc/frr/daemons"
		local module=''
		[ ! -e "$(echo "$lab_root"/usr/lib/*/frr/modules/"${daemon}_snmp.so")" ] || module=' -M snmp'
		echo "${daemon}_options=\"-A 127.0.0.1$module\"" >>"$layer/etc/frr/daemons"
	done
	cat >>"$layer/etc/frr/frr.conf" <<-CONF
		interface eth1
		 ip router isis 1
		 ipv6 ospf6 area 0
		 ip pim
		 ip igmp
		 ipv6 pim
		!
		router ospf6
		 ospf6 router-id 10.255.0.1
		!
		router isis 1
		 net 49.0001.0100.0000.0001.00
		!
		router rip
		 network eth1
		!
		router ripng
		 network eth1
		!
		router babel
		 network eth1
		!
		bfd
		 peer 10.0.12.2
		 !
		!
		router bgp 65001
		 neighbor 10.0.12.2 bfd
		!
	CONF
}

boot_router() { # NAME PAM INI
	LAB=$(mktemp -d "$TMPDIR/firsthop-lab.XXXXXX")
	lab_cable
	cp config/examples/router.ini "$LAB/firsthop.ini"
	sed -i "s/^sandbox = none\$/$3/" "$LAB/firsthop.ini"
	lab_prepare r1 "$LAB/firsthop.ini"
	prepare_ssh "$2"
	prepare_frr
	local trace=()
	[ -z "${LAB_TRACE:-}" ] || { mkdir -p "$LAB_TRACE/$1" && trace=(strace -f -ff -qq -s 48 -o "$LAB_TRACE/$1/t"); }
	nsenter -t "${lab_net[r1]}" -n ${trace[@]+"${trace[@]}"} "$lab_built/helpers/contain" -N -h r1 -m READY \
		-k "tests/lab/sandbox_tour >$LAB/tour 2>$LAB/tour.err" "$LAB/r1/work" "$LAB/r1/layer:$lab_root" -- \
		/usr/sbin/firsthop >"$LAB/out" 2>&1 </dev/null
	lab_status=$?
	cat "$LAB/out" "$LAB/tour" "$LAB/tour.err" >"$lab_out"
	lab_clean
	lab_net=()
}

lab_begin
export LAB
trap lab_clean EXIT
# Out of time: how far it came.
trap 'cat "$LAB"/{out,tour,tour.err} >&2; exit 1' TERM
tests/lab/deps build run test >/dev/null 2>&1
lab_build >/dev/null 2>&1
tests/lab/mkroot >/dev/null 2>&1
for pam in ${LAB_PAM:-yes no}; do
	boot_router "$pam" "$pam" "${LAB_NODE-sandbox = auto}"
	while read -r line; do check "sandbox_pam_${pam}_can_$(tr -c 'a-zA-Z0-9\n' _ <<<"${line#did }")" true; done \
		< <(grep '^did ' "$lab_out")
	check "sandbox_pam_${pam}_fails_nowhere" test -z "$(grep -E '^FAILED|could not be started|not restarted' "$lab_out")"
	check "sandbox_pam_${pam}_confines_bgpd" shown '^process bgpd .*NoNewPrivs: 1 Seccomp: 2 '
	check "sandbox_pam_${pam}_confines_sshd" shown '^process sshd .*Seccomp: 2 '
	check "sandbox_pam_${pam}_stops_in_order" test "$lab_status" = 0
	[ "$lab_failures" = 0 ] || cat "$lab_out" >&2
	[ -z "${LAB_KEEP:-}" ] || cp "$lab_out" "$LAB_KEEP/${SUITE:-trixie}.$pam"
done
trap - EXIT
lab_end sandbox
