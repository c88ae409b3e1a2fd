#!/bin/bash
# containerlab.sh [TEST…]: platforms/containerlab/routers.clab.yml, followed as containerlab does it: a
# container with a terminal and $CLAB_INTFS for each node, links moved in once it runs, `exec` then, and
# a node that waits for another's health. Its nodes are privileged; what of that matters here, a /proc/sys
# that can be written, is given by itself, because not each machine lets an engine give all.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

topology=$PWD/platforms/containerlab/routers.clab.yml

# read_topology: for each node a file args.NODE, of `docker create`, and exec.NODE; links; waits.
read_topology() {
	python3 - "$topology" <<-'END'
		import os, sys, yaml
		topology = yaml.safe_load(open(sys.argv[1]))["topology"]
		beside = os.path.dirname(sys.argv[1]) + "/"
		links = [[end.split(":") for end in link["endpoints"]] for link in topology["links"]]
		def words(name, list):
		    open(name, "w").write("".join(word + "\0" for word in list))
		for name, node in topology["nodes"].items():
		    count = sum(end[0] == name for link in links for end in link)
		    args = ["--env", "CLAB_INTFS=%d" % count, "--env", "CLAB_LABEL_CLAB_NODE_NAME=" + name]
		    for bind in node.get("binds", []):
		        args += ["--volume", beside + bind]
		    check = node.get("healthcheck", {})
		    if check:
		        assert check["test"][0] == "CMD"
		        args += ["--health-cmd", " ".join(check["test"][1:])]
		    for key in ("interval", "timeout", "start-period"):
		        if key in check:
		            args += ["--health-%s=%ds" % (key, check[key])]
		    words("args." + name, args)
		    open("exec." + name, "w").write("".join(line + "\n" for line in node.get("exec", [])))
		    for wait in node.get("stages", {}).get("create", {}).get("wait-for", []):
		        assert wait["stage"] == "healthy"
		        open("wait." + name, "a").write(wait["node"] + "\n")
		open("links", "w").write("".join("%s %s %s %s\n" % (*a, *b) for a, b in links))
	END
}

lab_node() { echo "$node-$1"; }
in_lab() { docker exec "$(lab_node "$1")" "${@:2}"; }
create() {
	local args
	mapfile -d '' args <"args.$1"
	want docker create --name "$(lab_node "$1")" --hostname "$1" --network none --tty --interactive \
		"${router_caps[@]}" --security-opt systempaths=unconfined --stop-signal KILL --restart always \
		--sysctl net.ipv6.conf.all.disable_ipv6=0 "${args[@]}" router >/dev/null
	want docker start "$(lab_node "$1")" >/dev/null
}
# plug NODE: its end of each of its links; the other end, whose node need not be there, is parked.
plug() {
	local a if_a b if_b at=0 here other name parked
	here=$(pid_of "$(lab_node "$1")")
	while read -r a if_a b if_b; do
		at=$((at + 1)) parked=wire$at
		case $1 in
		"$a") name=$if_a ;;
		"$b") name=$if_b ;;
		*) continue ;;
		esac
		if net_ns "$(lab_node park)" ip link set "$parked" netns "$here" name "$name" 2>/dev/null; then
			want net_ns "$(lab_node "$1")" ip link set "$name" up
			continue
		fi
		other=$(pid_of "$(lab_node park)")
		want engine_ns ip link add "$name" netns "$here" type veth peer name "$parked" netns "$other"
		want net_ns "$(lab_node "$1")" ip link set "$name" up
	done <links
}
run_exec() {
	local line
	while read -r line; do
		# shellcheck disable=SC2086 # words of a command
		want in_lab "$1" $line </dev/null
	done <"exec.$1"
}
pings() { in_lab "$1" ping -q -c 1 -W 1 "$2"; }
healthy() { is healthy docker inspect -f '{{.State.Health.Status}}' "$(lab_node "$1")"; }
# Not before its links are there: the daemons wait.
waits_for_links() {
	want wait_until in_lab "$1" firsthop status
	unwanted in_lab "$1" firsthop health
	want_text 'interfaces: 0 of 2' in_lab "$1" firsthop status
}

test_containerlab_topology() {
	local before
	cd "$(mktemp -d "$DOCKER_CONFIG/clab.XXXXXX")" || exit
	want read_topology
	want is r1 cat wait.pc
	want docker run -d --network none --name "$(lab_node park)" --entrypoint sleep base infinity >/dev/null
	create r1
	create r2
	waits_for_links r1
	plug r1
	want in_lab r1 firsthop health --wait=30s
	# It runs, but nothing is routed: the cable ends nowhere.
	unwanted in_lab r1 firsthop health --level converged
	plug r2
	want wait_until healthy r1
	want_text 'Full/' in_lab r1 vtysh -c 'show ip ospf neighbor'
	create pc
	plug pc
	want in_lab pc firsthop health --wait=30s
	run_exec pc
	# Full is when they know the same; the routes are worked out after it.
	want wait_until pings pc 10.255.0.2
	# What fails is brought back inside: with a new container the links would be gone.
	before=$(pid_of "$(lab_node r1)")
	want of_node r1 kill_zebra
	want wait_until of_node r1 is_back
	want is "$before" pid_of "$(lab_node r1)"
	want wait_until pings pc 10.255.0.2
}
of_node() { (node=$(lab_node "$1") && "${@:2}"); }
kill_zebra() { in_node kill -KILL "$(status_of zebra pid)" "$(status_of ospfd pid)"; }
is_back() { is 1 status_of zebra restarts && in_node firsthop health --level converged; }

run_tests "$@"
