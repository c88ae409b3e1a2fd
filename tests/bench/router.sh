# shellcheck shell=bash
# router.sh: the boot of the lab's router r1, with firsthop as PID 1 and, on the same root tree with
# the same daemons and configuration, with a script that calls FRR's own frrinit.sh. Sourced by run.

# The last thing that each daemon gets from the configuration. mgmtd and staticd show theirs in
# zebra's table only: mgmtd loses part of what it is being given when somebody reads its
# configuration in the meantime.
router_checks=(
	'mgmtd:echo PING=PING'
	'staticd:echo PING=PING'
	'zebra:show ip route=192.0.2.0/24'
	'zebra:show ipv6 route=2001:db8:bad::/48'
	'ospfd:show running-config=ospf router-id 10.255.0.1'
	'bgpd:show running-config=network 192.0.2.0/24'
)

router_prepare() {
	local layer=$LAB/r1/layer
	rm -rf "${LAB:?}/r1"
	printf '[node]\nready_message = READY\n\n[frr]\n' >"$LAB/router.ini"
	lab_prepare r1 "$LAB/router.ini"
	mkdir "$layer/bench"
	cp "$LAB/begin" "$layer/bench/begin"
	printf '#!/bin/sh\n/usr/lib/frr/frrinit.sh start\nexec sleep infinity\n' >"$layer/bench/frrinit"
	chmod 0755 "$layer/bench" "$layer/bench/frrinit"
}

# router_boot METRIC NAME [OPTION of boot] -- PROGRAM [ARG…]: PID 1 is the program; a new cable each
# time, so that no address or route of the last boot is there. $router_terminal: -t, or nothing.
router_boot() {
	local metric=$1 name=$2 options=() holder
	shift 2
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	[ -z "${broken[$metric-$name]:-}" ] || return 0
	lab_cable
	if "${bound[@]}" "${turns[@]}" "$LAB/boot" "${options[@]}" "$LAB/output" "${router_checks[@]}" -- \
		nsenter -t "${lab_net[r1]}" -n "$lab_built/helpers/contain" ${router_terminal:-} -N -h r1 -e CLAB_INTFS=1 \
		"$LAB/r1/work" "$LAB/r1/layer:$lab_root" -- /bench/begin "$@" \
		>"$LAB/values" 2>"$LAB/errors" </dev/null; then
		awk -v metric="$metric" -v name="$name" '{ print metric "-" $1, name, $2 }' "$LAB/values" >>"$samples"
	else
		broken["$metric-$name"]=yes
		failed "$metric, $name" "$LAB/errors" "$LAB/output"
	fi
	for holder in "${lab_net[@]}"; do kill "$holder"; done
	lab_net=()
}

part_router() {
	local round count
	count=$(rounds 11 3)
	tests/lab/mkroot
	router_prepare
	# The first boot of each finds cold caches, and is not counted.
	for ((round = 0; round <= count; round++)); do
		ui_progress router "round $round of $count"
		router_boot router firsthop -r -- /usr/sbin/firsthop init
		router_boot router frrinit -- /bench/frrinit
		[ "$round" -gt 0 ] || sed -i '/^router-/d' "$samples"
	done
	ui_done router "$count rounds of firsthop and frrinit.sh"
}
