#!/bin/bash
# run_args.sh [TEST…]: what `firsthop run-args` prints is run as it is printed. The container must come
# up, with all of it in force, and `firsthop doctor` in it must find nothing missing.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

# By the name that it prints, with the engine's own defaults.
engine=${PODMAN_RUNTIME:+podman}
engine=${engine:-docker}

# image_configured NAME FILE: the router image with a configuration.
image_configured() {
	local name=$1 context said
	context=$(mktemp -d)
	cp "$2" "$context/firsthop.ini"
	printf 'FROM router\nCOPY firsthop.ini /etc/\n' >"$context/Dockerfile"
	said=$(docker build -t "$name" "$context" 2>&1) || { echo "$said" >&2 && return 1; }
	rm -rf "$context"
}

# in_files: makes $files, a directory with what the printed commands mount, and goes there.
in_files() {
	files=$(mktemp -d "$DOCKER_CONFIG/files.XXXXXX")
	cp "$docker_lab/r1.conf" "$files/frr.conf"
	mkdir "$files/config"
	echo ospfd >"$files/config/protocols"
	chmod -R go+rX "$files"
	notes=$files/notes
	cd "$files" || exit
}

# run_args ARG…: what it prints in $image. $notes has what goes to stderr.
run_args() {
	docker run --rm --network none "${image:?}" run-args --for "$engine" "$@" 2>"$notes"
}

# is_our_container ID: from now on it is $node.
is_our_container() { docker rename "$1" "$node"; }

# check_sysctls TEXT: every KEY=VALUE behind a --sysctl of it is in force.
check_sysctls() {
	local pair count=0
	while IFS= read -r pair; do
		want is "${pair#*=}" sysctl_of "${pair%%=*}"
		count=$((count + 1))
	done < <(grep -oE -e "--sysctl ('[^']*'|[^ ]*)" <<<"$1" | sed -E "s/^--sysctl '?([^']*)'?/\1/")
	[ "$count" -ge "$2" ] || want is "$2" echo "$count"
}
sysctl_of() { in_node cat "/proc/sys/${1//.//}" | tr '\t' ' '; }

# check_capabilities TEXT: every --cap-add of it is in PID 1's effective set.
check_capabilities() {
	local name have
	have=$(in_node sh -c 'grep ^CapEff: /proc/1/status | cut -f2')
	while IFS= read -r name; do
		want test "$((0x$have >> ${capability_number[$name]:?} & 1))" = 1
	done < <(sed -nE 's/.*--cap-add ([A-Z_]+).*/\1/p' <<<"$1")
}
declare -A capability_number=([NET_ADMIN]=12 [SYS_ADMIN]=21 [NET_RAW]=13 [SYS_NICE]=23 [AUDIT_WRITE]=29)

# nothing_missing: says the doctor.
nothing_missing() {
	local got
	got=$(in_node firsthop doctor) && return
	printf '%s\n' "$got" >&2
	return 1
}

# The example of a router: pasted into a shell, line by line.
test_run_args_of_the_example_are_pasted() {
	local image=example-router printed
	in_files
	want image_configured "$image" "$OLDPWD/config/examples/router.ini"
	printed=$(run_args "$image") || exit
	want is "$engine run -d \\" head -n 1 <<<"$printed"
	want is_our_container "$(bash <<<"$printed")"
	want wait_ready
	want test "$(grep -c -e --cap-add <<<"$printed")" -ge 2
	check_sysctls "$printed" 8
	check_capabilities "$printed"
	want nothing_missing
	# The files are those of this directory, and can be written.
	want in_node grep -q 'remote-as 65002' /etc/frr/frr.conf
	want is ready status_of ospfd state
	want in_node vtysh -c 'write memory'
	want is 10 docker inspect -f '{{.Config.StopTimeout}}' "$node"
	want is true docker inspect -f '{{.Config.Tty}}' "$node"
	want docker stop "$node"
	want is 0 exit_code
}

# The built-in configuration, by eval as --help says it.
test_run_args_without_a_configuration_by_eval() {
	local image=router id
	in_files
	firsthop() { docker run --rm --network none "$image" "$@" --for "$engine" 2>/dev/null; }
	id=$(eval "$engine run -d $(firsthop run-args) $image") || exit
	want is_our_container "$id"
	want wait_ready
	want nothing_missing
	check_sysctls "$(firsthop run-args)" 8
	# There was no file to mount: nothing starts, and no directory is made.
	rm frr.conf
	unwanted eval "$engine run -d --name $node-2 $(firsthop run-args) $image"
	unwanted test -e frr.conf
	want eval "$engine run -d --name $node-3 $(firsthop run-args --no-mounts) $image"
}

# Values with blanks, a literal name, a file whose name has to be quoted twice; and what no engine can
# set is left out.
test_run_args_quote_what_has_to_be_quoted() {
	local image=quoted-router printed
	in_files
	cat >quoted.ini <<-'END'
		[node]
		hostname_from = /config/node.cfg it-is.example.net
		stop_budget = 2500ms
		[sysctl]
		net.ipv4.ip_local_port_range = 2000 3000
		net/ipv4/conf/all/log_martians = 1
		net.ipv4.conf.*.rp_filter = 2
		?net.ipv4.not_here = 1
		?net.ipv4.conf.eth0.log_martians = 1
		?net.vrf.strict_mode = 1
		kernel.msgmax = 65530
		[frr]
		config = "/etc/frr/it's $my,own.conf"
	END
	mv frr.conf "it's \$my,own.conf"
	want image_configured "$image" quoted.ini
	printed=$(run_args "$image") || exit
	want is_our_container "$(bash <<<"$printed")"
	want wait_ready
	check_sysctls "$printed" 6
	want is '2000 3000' sysctl_of net.ipv4.ip_local_port_range
	want is 2 sysctl_of net.ipv4.conf.lo.rp_filter
	want is 65530 sysctl_of kernel.msgmax
	want is it-is.example.net in_node uname -n
	want in_node grep -q 'remote-as 65002' "/etc/frr/it's \$my,own.conf"
	want is 5 docker inspect -f '{{.Config.StopTimeout}}' "$node"
	want nothing_missing
	want_text '^# net\.ipv4\.not_here: left out: this kernel' cat "$notes"
	want_text '^# net\.ipv4\.conf\.eth0\.log_martians: left to firsthop: ' cat "$notes"
	want_text '^# net\.vrf\.strict_mode: left to firsthop: .* module vrf,' cat "$notes"
}

# CML hands them to `docker create` as they are; its caps are all that there is.
test_run_args_for_cml() {
	local image=example-router printed args
	in_files
	mkdir cfg
	mv frr.conf config/* cfg
	touch cfg/node.cfg cfg/boot.sh
	want image_configured "$image" "$OLDPWD/config/examples/router.ini"
	printed=$(run_args --for cml) || exit
	mapfile -d '' args < <(python3 -c '
import json, os, sys
docker = json.load(sys.stdin)["docker"]
out = ["--cap-drop=ALL"] + ["--cap-add=" + name for name in docker["caps"]] + docker["run_args"]
for mount in docker["mounts"]:
	out += ["--mount", mount.replace("source=", "source=" + os.getcwd() + "/", 1)]
sys.stdout.write("\0".join(out) + "\0")' <<<"$printed")
	want docker create --name "$node" --network none "${args[@]}" -t "$image" >/dev/null
	want docker start "$node" >/dev/null
	want wait_ready
	want is 1 sysctl_of net.ipv6.conf.all.forwarding
	want is ready status_of ospfd state
	want nothing_missing
}

run_tests "$@"
