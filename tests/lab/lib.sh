# shellcheck shell=bash
# lib.sh: the pieces that the lab, its tests and the bench boot a router with. Sourced, with ui.sh,
# from the top of the tree. $LAB is a private directory of the caller's.

lab_built=${B:-build}
lab_root=$(realpath -m "$lab_built/root-${SUITE:-trixie}")
# Processes that hold a network namespace each, by router.
declare -A lab_net

# The binary and the helper programs; FIRSTHOP names another binary to boot.
lab_build() {
	if [ -n "${FIRSTHOP:-}" ]; then
		make -s B="$lab_built" helpers
	elif make -q B="$lab_built" all helpers 2>/dev/null; then
		ui_done 'build' "$lab_built/firsthop is up to date"
	else
		ui_step 'build' "$lab_built/firsthop" make -j"$(nproc)" B="$lab_built" all helpers
	fi
}

# The name of the FRR that the tree holds.
lab_version() {
	printf 'Debian %s, FRR %s' "$(cut -d. -f1 "$lab_root/etc/debian_version")" \
		"$(dpkg-query --admindir="$lab_root/var/lib/dpkg" -W -f "\${Version}" frr | cut -d- -f1)"
}

# lab_hold ROUTER: a network namespace that lives for as long as this script.
lab_hold() {
	local up
	# shellcheck disable=SC2016
	exec {up}< <(exec unshare --net setpriv --pdeathsig KILL sh -c 'echo $$; exec sleep infinity')
	read -r "lab_net[$1]" <&"$up"
}

# Two namespaces and the cable between their eth1; with one router nobody is at the other end.
lab_cable() {
	local router
	lab_hold r1
	lab_hold r2
	ip link add eth1 netns "${lab_net[r1]}" type veth peer name eth1 netns "${lab_net[r2]}"
	for router in r1 r2; do nsenter -t "${lab_net[$router]}" -n ip link set eth1 up; done
}

# lab_owned FILE USER MODE: by the tree's own users.
lab_owned() {
	local ids
	ids=$(awk -F: -v user="$2" '$1 == user {print $3 ":" $4}' "$lab_root/etc/passwd")
	chown "$ids" "$1"
	chmod "$3" "$1"
}

# lab_prepare ROUTER [INI]: its files, which lie on top of the shared root tree.
lab_prepare() {
	local router=$1 layer=$LAB/$1/layer
	mkdir -p "$LAB/$router/work" "$layer"/{etc/frr,etc/snmp,usr/sbin,var/agentx}
	cp "${FIRSTHOP:-$lab_built/firsthop}" "$layer/usr/sbin/firsthop"
	cp "${2:-config/examples/router.ini}" "$layer/etc/firsthop.ini"
	cp tests/lab/daemons "$layer/etc/frr/daemons"
	cp "tests/lab/$router.conf" "$layer/etc/frr/frr.conf"
	cp tests/lab/snmpd.conf "$layer/etc/snmp/snmpd.conf"
	echo 'service integrated-vtysh-config' >"$layer/etc/frr/vtysh.conf"
	printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "$router" >"$layer/etc/hosts"
	lab_owned "$layer/etc/frr" frr 0755
	lab_owned "$layer/etc/frr/frr.conf" frr 0640
	lab_owned "$layer/etc/frr/daemons" frr 0640
	lab_owned "$layer/etc/frr/vtysh.conf" frr 0640
	chmod 0755 "$LAB/$router" "$layer" "$layer"/{etc,etc/snmp,usr,usr/sbin,var,var/agentx}
}

# lab_boot ROUTER [OPTION of contain…]: the router in the foreground; its exit code.
# LAB_INIT: the program that is PID 1, if not firsthop.
lab_boot() {
	local router=$1
	shift
	nsenter -t "${lab_net[$router]}" -n \
		"$lab_built/helpers/contain" -N -h "$router" -e CLAB_INTFS=1 "$@" \
		"$LAB/$router/work" "$LAB/$router/layer:$lab_root" -- "${LAB_INIT:-/usr/sbin/firsthop}"
}

# lab_in PID COMMAND…: as if typed in the router whose PID 1 is PID.
lab_in() {
	local pid=$1
	shift
	nsenter -t "$pid" -m -u -i -n -p -r -w -- "$@"
}

# lab_wait SECONDS WHAT COMMAND…: until the command succeeds; says what it waited for if it never does.
lab_wait() {
	local deadline=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$deadline" ]; then
			ui_fail "waited in vain: $what"
			return 1
		fi
		ui_progress 'wait' "$what"
		sleep 0.1
	done
	printf '%s' "$UI_CLEAR" >&2
}

lab_clean() {
	local holder
	for holder in "${lab_net[@]}"; do kill "$holder" 2>/dev/null || true; done
	# Nothing of a router's is mounted in this namespace, so this is a plain directory.
	rm -rf "$LAB"
}
