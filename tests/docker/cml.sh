#!/bin/bash
# cml.sh [TEST…]: what `make cml` packs is unpacked, and its node definition followed as Cisco Modeling
# Labs does it: the files of the lab in a directory, `docker create` with what config.json says, links
# that come later, `day0cmd` once it runs, the first serial line at its terminal.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh
. tests/docker/terminal.sh

packed=$DOCKER_CONFIG/cml

# unfold FILE DIRECTORY: the definition's files, each where the lab has it, and words NUL-terminated:
# args, those of `docker create`; day0, those of day0cmd.
unfold() {
	mkdir -p "$2/cfg"
	python3 - "$1" "$2" <<-'END'
		import json, os, sys, yaml
		node, to = yaml.safe_load(open(sys.argv[1])), sys.argv[2] + "/"
		for file in node["configuration"]["provisioning"]["files"]:
		    open(to + "cfg/" + file["name"], "w").write(file["content"])
		config = json.load(open(to + "cfg/config.json"))
		docker = config["docker"]
		args = ["--cap-drop=ALL"] + ["--cap-add=" + name for name in docker["caps"]]
		for mount in docker["mounts"]:
		    args += ["--mount", mount.replace("source=", "source=" + to, 1)]
		for value in docker.get("env", []):
		    args += ["--env", value]
		args += docker.get("misc_args", []) + docker["run_args"]
		words = lambda name, list: open(to + name, "w").write("".join(word + "\0" for word in list))
		words("args", args)
		words("day0", config["day0cmd"])
		assert node["boot"]["completed"] == ["READY"]
		assert node["device"]["interfaces"]["serial_ports"] == 2 and config["shell"]
	END
}

# in_lab: goes to $lab, a directory of a lab whose node has the definition.
in_lab() {
	lab=$(mktemp -d "$DOCKER_CONFIG/lab.XXXXXX")
	want unfold "$packed/firsthop-frr.yaml" "$lab"
	chmod -R go+rX "$lab"
	cd "$lab" || exit
}
tag() { sed -n 's/^docker_tag: //p' "$packed"/firsthop-frr-*.yaml; }

# create: the node's container.
docker_create() { docker create --name "$node" --network none -it "$@"; }
create() {
	local args
	mapfile -d '' args <args
	want docker_create "${args[@]}" "$(tag)" >/dev/null
}
# start: at the first serial line; links come while it starts.
start() {
	local net
	want open_terminal docker start -ai "$node"
	want wait_until runs
	net=$(pid_of "$node")
	want engine_ns ip link add eth1 netns "$net" type veth peer name wire netns "$net"
	want net_ns "$node" ip link set wire up
}
run_day0() {
	local words
	mapfile -d '' words <day0
	want in_node "${words[@]}"
}
# wipe: the container goes, the lab's files stay.
wipe() {
	want docker rm -f "$node" >/dev/null
	exec 6<&- 7>&-
	screen=''
}
# save: an operator at the console.
save() {
	want type_keys 'configure terminal\r'
	want see '(config)# '
	want type_keys 'ip route 198.51.100.0/24 blackhole\r'
	want see '(config)# '
	want type_keys 'end\r'
	want see '# '
	want type_keys 'write memory\r'
	want see '[OK]'
}
saved_in() { grep -q '^ip route 198\.51\.100\.0/24 blackhole' "$1"; }
has_route() { in_node vtysh -c 'show ip route' | grep -q '198\.51\.100\.0/24'; }

test_cml_definitions_fit() {
	local image=$packed/firsthop-frr-9.9.9
	want_text '^node_definition_id: firsthop-frr$' cat "$image.yaml"
	want_text '^disk_image: firsthop-frr-9\.9\.9\.tar\.gz$' cat "$image.yaml"
	want_text "^sha256: $(docker image inspect -f '{{.Id}}' "$(tag)" | cut -d: -f2)$" cat "$image.yaml"
	want is firsthop-frr:9.9.9 tag
	unwanted grep -E '@[A-Z0-9]+@' "$image.yaml" "$packed/firsthop-frr.yaml"
	# Each file that is mounted is one of the definition's.
	in_lab
	tr '\0' '\n' <args | sed -nE 's/.*,source=([^,]*),.*/\1/p' >sources
	want test "$(wc -l <sources)" -ge 3
	while read -r file; do want test -f "$file"; done <sources
}

test_cml_node() {
	in_lab
	sed -i 's/^hostname .*/hostname frr-7/' cfg/node.cfg
	printf '#bgpd\nospfd\n' >cfg/protocols
	printf 'ip address add dev eth1 10.0.0.1/24\nip link set eth1 up\n' >cfg/boot.sh
	create
	start
	check_keys frr-7
	run_day0
	want_text 'inet 10\.0\.0\.1/24' net_ns "$node" ip -4 addr show dev eth1
	want_text '10\.0\.0\.0/24 is directly connected, eth1' in_node vtysh -c 'show ip route'
	want is frr-7 in_node uname -n
	want is ready status_of ospfd state
	unwanted status_of bgpd state | grep -q .
	want is 1 in_node cat /proc/sys/net/ipv6/conf/all/forwarding
	want in_node firsthop doctor >/dev/null # fails if anything is missing
}

# The first container has no time to say goodbye; the third starts from what the second had.
test_cml_node_keeps_what_is_saved() {
	in_lab
	create
	start
	want see 'READY'
	want see 'frr-0# '
	save
	want wait_until saved_in cfg/node.cfg
	for _ in second third; do
		wipe
		create
		start
		want see 'READY'
		want has_route
		want saved_in cfg/node.cfg
	done
	# The same container again, as after a stop in the lab.
	want docker stop "$node" >/dev/null
	want is 0 exit_code
	want docker start "$node" >/dev/null
	want wait_ready
	want has_route
}

# The user edits the file while the node is wiped.
test_cml_node_takes_what_was_edited() {
	in_lab
	create
	start
	want see 'READY'
	save
	want wait_until saved_in cfg/node.cfg
	wipe
	printf 'hostname edited\n!\nip route 203.0.113.0/24 blackhole\n' >cfg/node.cfg
	create
	start
	want see 'READY'
	want see 'edited# '
	want_text '203\.0\.113\.0/24' in_node vtysh -c 'show ip route'
	unwanted has_route
}

# A definition that mounts frr.conf itself, where vtysh cannot rename it.
test_cml_node_with_frr_conf_mounted() {
	in_lab
	mv cfg/node.cfg cfg/frr.conf
	sed -i 's|cfg/node.cfg,target=/config/node.cfg|cfg/frr.conf,target=/etc/frr/frr.conf|' args
	want grep -qz 'target=/etc/frr/frr.conf' args
	create
	start
	want see 'READY'
	want see 'frr-0# '
	save
	want wait_until saved_in cfg/frr.conf
	for _ in second third; do
		wipe
		create
		start
		want see 'READY'
		want has_route
		want saved_in cfg/frr.conf
	done
}

# From the network: with what CML leaves of the capabilities, and the agent that knows FRR's routes.
test_cml_node_is_managed() {
	in_lab
	create
	start
	want see 'READY'
	want net_ns "$node" ip link set lo up
	want_text '^\.1\.3\.6\.1\.2\.1\.1\.5\.0 = STRING: "frr-0"$' \
		net_ns "$node" snmpwalk -m '' -On -v 2c -c public 127.0.0.1 .1.3.6.1.2.1.1.5
	ssh-keygen -q -t ed25519 -N '' -f key
	want in_node sh -c 'mkdir -p -m 700 /root/.ssh && cat >/root/.ssh/authorized_keys' <key.pub
	want docker cp key.pub "$node:/root/.ssh/authorized_keys"
	want in_node chown root:root /root/.ssh/authorized_keys
	want is frr-0 net_ns "$node" ssh -i "$lab/key" -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@127.0.0.1 uname -n
}

# Packed by the first engine that comes here, loaded into each.
pack() {
	exec 8>"$packed.lock"
	flock 8
	[ -d "$packed" ] || {
		platforms/cml/pack router 9.9.9 "$packed.part" >/dev/null && docker rmi firsthop-frr:9.9.9 >/dev/null &&
			mv "$packed.part" "$packed"
	} || return
	exec 8>&-
}
pack && docker load <"$packed/firsthop-frr-9.9.9.tar.gz" >/dev/null || exit
run_tests "$@"
