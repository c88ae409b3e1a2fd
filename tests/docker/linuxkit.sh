#!/bin/bash
# linuxkit.sh [TEST…]: the service of platforms/linuxkit/router.yml as LinuxKit starts it, by runc and by
# crun: an OCI bundle without a terminal, a /dev without console, stdin that is /dev/null, /proc/sys that
# can be written, all capabilities, a PID namespace of its own and the network and host name of the
# machine around it. That machine is a pair of namespaces here, whose rp_filter is 1 as LinuxKit's
# sysctl image leaves it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

# bundle SERVICE DIRECTORY: config.json as LinuxKit makes it of the YAML and the image.
bundle() {
	python3 - platforms/linuxkit/router.yml "$1" "$2" "${DOCKER_CONFIG##*.}" <<-'END'
		import json, sys, yaml
		file, name, to, group = sys.argv[1:]
		service, = [s for s in yaml.safe_load(open(file))["services"] if s["name"] == name]
		assert service["net"] == "host" and service["capabilities"] == ["all"]
		have = int([l.split()[1] for l in open("/proc/self/status") if l.startswith("CapBnd:")][0], 16)
		names = """CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
		    NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT
		    SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE
		    AUDIT_WRITE AUDIT_CONTROL SETFCAP""".split()
		caps = ["CAP_" + name for bit, name in enumerate(names) if have >> bit & 1]
		def mount(to, kind, *options):
		    return {"destination": to, "type": kind, "source": kind, "options": list(options)}
		json.dump({
		    "ociVersion": "1.0.0",
		    "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "cwd": "/",
		        "args": service.get("command", ["/usr/sbin/firsthop"]),
		        "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
		        "capabilities": {set: caps for set in ("bounding", "effective", "inheritable", "permitted")}},
		    "root": {"path": "rootfs"},
		    "mounts": [mount("/proc", "proc", "nosuid", "noexec", "nodev"),
		        mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
		        mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
		        mount("/sys", "sysfs", "nosuid", "noexec", "nodev")] +
		        [{"destination": bind.split(":")[1], "type": "bind", "source": to + bind.split(":")[0],
		          "options": ["bind", "rw"]} for bind in service.get("binds", [])],
		    "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}],
		        "cgroupsPath": "/firsthop-%s/%s" % (group, to.rsplit("/", 1)[1])},
		}, open(to + "/config.json", "w"))
	END
}

# machine: the namespaces around the service, held by a process; and its files.
machine() {
	local layer=$DOCKER_CONFIG/$node/layer
	mkdir -p "$layer"/{usr/sbin,etc/firsthop.d} "$at"/{rootfs,changes} "$at/var/router"
	cp -L "$FIRSTHOP" "$layer/usr/sbin/firsthop"
	cp config/examples/router.ini "$layer/etc/firsthop.ini"
	cp config/examples/persist.ini "$layer/etc/firsthop.d/"
	cp platforms/linuxkit/node.cfg "$at/var/router"
	chmod -R go+rX "$DOCKER_CONFIG/$node"
	# shellcheck disable=SC2016
	engine_ns sh -c 'mount -t tmpfs none "$1/changes" && mkdir "$1/changes/upper" "$1/changes/work" &&
		mount -t overlay none "$1/rootfs" -o "lowerdir=$2,upperdir=$1/changes/upper,workdir=$1/changes/work"' \
		sh "$at" "$layer:$(realpath "$B/root-trixie")" || return
	# shellcheck disable=SC2016
	exec 5< <(engine_ns unshare --net --uts --mount sh -c 'echo $$; exec sleep infinity' 2>/dev/null)
	read -r holder <&5
	on_machine sh -c "${cgroups:-true}" && on_machine hostname linuxkit &&
		on_machine sh -c 'ip link set lo up && for name in all default; do
			echo 1 >/proc/sys/net/ipv4/conf/$name/rp_filter; done'
}
on_machine() { engine_ns nsenter -t "$holder" -n -u -m -- "$@"; }
oci() { on_machine "$runtime" "${options[@]}" --root "$at/state" "$@"; }
in_node() { oci exec "$node" "$@"; }
log() { cat "$at/out.log"; }
ready() { grep -q '^READY' "$at/out.log"; }
start() {
	(oci run --bundle "$at" "$node" </dev/null >"$at/out.log" 2>&1; echo $? >"$at/status") &
	want wait_until ready
}
remove_node() { oci delete --force "$node" >/dev/null 2>&1; engine_ns kill "$holder"; }

check_service() {
	local zebra
	command -v "$runtime" >/dev/null || { echo "no $runtime" && exit 1; }
	at=$DOCKER_CONFIG/$node/bundle
	want machine
	want bundle router "$at"
	start
	want in_node firsthop health
	# The machine's name and sysctls are the router's.
	want is linuxkit-1 on_machine uname -n
	want is 0 on_machine cat /proc/sys/net/ipv4/conf/all/rp_filter
	want is 1 on_machine cat /proc/sys/net/ipv6/conf/all/forwarding
	want_text 'blackhole 192\.0\.2\.0/24' on_machine ip route
	# There is no console, and none was made.
	unwanted in_node test -e /dev/console
	want_text 'no terminal: console services are not started' log
	# Who exits is brought back: nobody else would.
	zebra=$(status_of zebra pid)
	want in_node kill -KILL "$zebra"
	want wait_until is 1 status_of zebra restarts
	want wait_until in_node firsthop health
	# What is saved is there after the KILL that LinuxKit stops with.
	want in_node vtysh -c 'configure terminal' -c 'ip route 198.51.100.0/24 blackhole' -c 'do write memory'
	want wait_until grep -q 198.51.100.0/24 "$at/var/router/frr.conf"
	want oci kill "$node" KILL
	want wait_until test -s "$at/status"
	oci delete --force "$node"
	rm "$at/status"
	start
	want_text '198\.51\.100\.0/24' in_node vtysh -c 'show ip route'
	# With TERM, in order.
	want oci kill "$node" TERM
	want wait_until test -s "$at/status"
	want is 0 cat "$at/status"
	want_text 'ended, exit code 0' log
	want is '' on_machine ip route
}
test_linuxkit_service_by_runc() {
	runtime=runc options=()
	check_service
}
# crun starts nothing where control groups are of both versions, as on some machines; it sees one here.
test_linuxkit_service_by_crun() {
	runtime=crun options=(--cgroup-manager=disabled)
	cgroups='umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup'
	check_service
}

run_tests "$@"
