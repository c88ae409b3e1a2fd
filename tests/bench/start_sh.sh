# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of run
# start_sh.sh: a whole router with firsthop as PID 1, and with the start.sh of today's images
# (tests/bench/start-sh): the same container with a terminal, the same root tree, daemons, host keys and
# configuration. Part start-sh: from boot to READY, of the lab's router and of a wider one. Part faults:
# a killed and a hung bgpd; the stop, as an engine does it. Sourced by run.

start_sh_names='firsthop start.sh'
engine_patience=10 # seconds, of `docker stop`
watchfrr_pause=65  # seconds from one start of a daemon in which watchfrr does not start it again
hung_patience=120  # seconds for a daemon that hangs; watchfrr notices it after 90
# What becomes PID 1.
declare -A start_sh_program=([firsthop]='/usr/sbin/firsthop init' [start.sh]=/bench/start-sh)
declare -A start_sh_job start_sh_pid

# What the wider router is asked, see router_checks.
wide_checks=(
	'mgmtd:echo PING=PING'
	'staticd:echo PING=PING'
	'zebra:show ip route=192.0.2.0/24'
	'zebra:show ipv6 route=2001:db8:bad::/48'
	'isisd:show running-config=net 49.0001.0102.5500.0001.00'
	'fabricd:show running-config=net 49.0002.0102.5500.0001.00'
	'bgpd:show running-config=network 192.0.2.0/24'
)

# start_sh_prepare DAEMON…: what is in /config/protocols, beside zebra, mgmtd and staticd.
start_sh_prepare() {
	local router layer
	mkdir -p "$LAB/keys/etc/ssh"
	ssh-keygen -A -f "$LAB/keys" >/dev/null
	for router in r1 r2; do
		layer=$LAB/$router/layer
		rm -rf "${LAB:?}/$router"
		lab_prepare "$router"
		mkdir -p "$layer"/{bench,config,etc/ssh}
		cp "$LAB/begin" tests/bench/start-sh "$layer/bench"
		cp "$LAB"/keys/etc/ssh/* "$layer/etc/ssh"
		sed -i 's/^\([a-z]*d\)=yes/\1=no/; $ a fabricd=no' "$layer/etc/frr/daemons"
		printf '%s\n' '# what this node runs' "$@" >"$layer/config/protocols"
		chmod 0755 "$layer"/{bench,config,etc/ssh}
	done
}

# start_sh_boots METRIC: up to READY, and to when that is true. The bar is about the first for a
# start.sh, which says READY whatever the daemons do, and about the second for firsthop.
start_sh_boots() {
	local metric=$1 name round count router_terminal=-t
	count=$(rounds 11 3)
	# The first boot of each finds cold caches, and is not counted.
	for ((round = 0; round <= count; round++)); do
		for name in $start_sh_names; do
			ui_progress "$metric" "boot $round of $count: $name"
			# shellcheck disable=SC2086 # a command line
			router_boot "$metric" "$name" -r -- ${start_sh_program[$name]}
		done
		[ "$round" -gt 0 ] || sed -i "/^$metric-/d" "$samples"
	done
	# Under the script each daemon forks once it is set up, and the time of its first half is lost.
	sed -i "/^$metric-least start.sh /d" "$samples"
	awk -v metric="$metric-" '
		$1 == metric ($2 == "firsthop" ? "up" : "ready") { print metric "boot", $2, $3 }' "$samples" >"$LAB/boots"
	cat "$LAB/boots" >>"$samples"
	ui_done "$metric" "$count boots of firsthop and of a start.sh"
}

now_ms() { echo "$((${EPOCHREALTIME/[.,]/} / 1000))"; }
# keep_since METRIC NAME MS: from that time until now.
keep_since() { printf 'startsh-%s %s %s\n' "$1" "$2" "$(($(now_ms) - $3))" >>"$samples"; }

# start_sh_node ROUTER PROGRAM [ARG…]: in the background.
start_sh_node() {
	local router=$1
	shift
	rm -f "$LAB/$router.up"
	nsenter -t "${lab_net[$router]}" -n "$lab_built/helpers/contain" -t -N -h "$router" -e CLAB_INTFS=1 \
		-m READY -k "echo \$CONTAIN_PID >$LAB/$router.up" "$LAB/$router/work" \
		"$LAB/$router/layer:$lab_root" -- "$@" >"$LAB/$router.log" 2>&1 </dev/null 8>&- &
	start_sh_job[$router]=$!
}
start_sh_is_up() {
	lab_wait 60 "$1 to be ready" test -s "$LAB/$1.up" && start_sh_pid[$1]=$(cat "$LAB/$1.up")
}

# A bgpd that hangs takes connections, and answers none: hence the time limit.
in_r1() { timeout 1 nsenter -t "${start_sh_pid[r1]}" -m -u -i -n -p -r -w -- "$@"; }
bgpd_pid() { in_r1 cat /run/frr/bgpd.pid; }
says() {
	local said
	said=$(in_r1 vtysh -d bgpd -c "$1" 2>&1) && grep -qF -e "$2" <<<"$said"
}
established() { says 'show bgp neighbors 10.0.12.2 json' '"bgpState":"Established"'; }
# back OLD: it is another bgpd, and has its configuration.
back() { [ "$(bgpd_pid)" != "$1" ] && says 'show running-config' 'network 192.0.2.0/24'; }

# start_sh_killed NAME: until a new bgpd has its session again. start_sh_hung NAME: until it is there;
# all of the patience when it is not.
start_sh_killed() {
	local began
	lab_wait 60 'the session of bgpd' established || return
	began=$(now_ms)
	in_r1 sh -c 'kill -KILL "$(cat /run/frr/bgpd.pid)"'
	lab_wait 100 "$1: a session of bgpd after a kill" established && keep_since killed "$1" "$began"
}
start_sh_hung() {
	local began old
	old=$(bgpd_pid)
	began=$(now_ms)
	in_r1 kill -STOP "$old"
	lab_wait "$hung_patience" "$1: another bgpd for one that hangs" back "$old" || true
	keep_since hung "$1" "$began"
}

# start_sh_stopped NAME: as an engine does it: TERM, and KILL when its patience is over.
start_sh_stopped() {
	local began status=0 patience
	began=$(now_ms)
	kill -TERM "${start_sh_pid[r1]}"
	setpriv --pdeathsig TERM sh -c "sleep $engine_patience && kill -KILL ${start_sh_pid[r1]}" 8>&- &
	patience=$!
	wait "${start_sh_job[r1]}" || status=$?
	keep_since stop "$1" "$began"
	printf 'startsh-exit %s %s\n' "$1" "$status" >>"$samples"
	kill "$patience" 2>/dev/null || true
}

# start_sh_life NAME: r1 by its program, and its neighbour r2 by firsthop.
start_sh_life() {
	local name=$1 holder
	lab_cable
	start_sh_node r2 /usr/sbin/firsthop init
	# shellcheck disable=SC2086 # a command line
	start_sh_node r1 ${start_sh_program[$name]}
	if ! { start_sh_is_up r2 && start_sh_is_up r1; }; then
		failed "faults, $name" "$LAB/r1.log" "$LAB/r2.log"
	else
		ui_progress faults "$name: waits until watchfrr would act"
		[ "$name" = firsthop ] || sleep "$watchfrr_pause"
		ui_progress faults "$name: bgpd is killed"
		start_sh_killed "$name" || failed "faults, $name killed" "$LAB/r1.log"
		if [ "$name" = firsthop ] || [ -z "$quick" ]; then
			ui_progress faults "$name: bgpd hangs"
			start_sh_hung "$name"
		fi
		start_sh_stopped "$name"
		kill -TERM "${start_sh_pid[r2]}" && wait "${start_sh_job[r2]}"
	fi
	for holder in "${lab_net[@]}"; do kill "$holder"; done
	lab_net=()
}

part_start-sh() {
	local router_checks=("${router_checks[@]}")
	tests/lab/mkroot
	start_sh_prepare bgpd ospfd
	start_sh_boots startsh
	start_sh_prepare bgpd isisd fabricd
	cp tests/bench/wide.conf "$LAB/r1/layer/etc/frr/frr.conf"
	router_checks=("${wide_checks[@]}")
	start_sh_boots wide
}

part_faults() {
	local round count
	count=$(rounds 3 1)
	tests/lab/mkroot
	start_sh_prepare bgpd ospfd
	for ((round = 1; round <= count; round++)); do start_sh_life firsthop; done
	start_sh_life start.sh
	ui_done faults "$count lives of firsthop, one of a start.sh"
}
