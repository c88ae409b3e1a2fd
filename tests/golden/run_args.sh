#!/bin/bash
# run_args.sh: a shell, and parsers of JSON and YAML that are not ours, read what `firsthop run-args`
# prints, and read the same from all of its platforms.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
FIRSTHOP=${FIRSTHOP:-build/firsthop}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/nasty.ini" <<'END'
[node]
hostname_from = /config/node.cfg no
[sysctl]
net.ipv4.ip_local_port_range = 2000 3000
net.ipv4.conf.*.rp_filter = 0
net.ipv4.tcp_congestion_control = "it's $HOME `x` \"y\" \\"
kernel.msgmax = 65536
[frr]
config = "/etc/frr/my $conf.conf"
END

# What an image with FRR holds, as far as it matters.
mkdir -p "$work"/root/{usr/lib/frr,etc/frr}
install -m 755 /dev/null "$work/root/usr/lib/frr/zebra"
echo 'bgpd=no' >"$work/root/etc/frr/daemons"

# print PLATFORM INI: into $work/PLATFORM.
print() { "$FIRSTHOP" run-args --root "$work/root" --for "$1" -c "$2" image:1 >"$work/$1" 2>/dev/null; }

# words ENGINE: those of its line, as a shell makes them, less the first two.
words() {
	local line=$work/$1
	# shellcheck source=/dev/null
	(cd /tmp && set -- && docker() { printf '%s\0' "${@:2}"; } && podman() { docker "$@"; } && . "$line") >"$line.words"
}

for ini in config/examples/router.ini "$work/nasty.ini"; do
	name=run_args_are_read_alike_${ini##*/}
	for platform in docker podman compose cml containerlab k8s; do
		print "$platform" "$ini" || echo "$platform: exit code $?" >&2
	done
	words docker
	words podman
	if ! python3 -c 'import yaml' 2>/dev/null; then
		echo "skip ${name%.ini}: no python3-yaml"
	elif python3 - "$work" <<'END'; then
import json, sys, yaml

work = sys.argv[1] + "/"
words = open(work + "docker.words").read().split("\0")[:-1]
sysctls = dict(words[i + 1].split("=", 1) for i in range(len(words)) if words[i] == "--sysctl")
added = [words[i + 1] for i in range(len(words)) if words[i] == "--cap-add"]
mounts = [words[i + 1] for i in range(len(words)) if words[i] == "--mount"]
assert sysctls and mounts and words[-1] == "image:1", words

# podman's own capabilities are fewer.
podman = open(work + "podman.words").read().split("\0")[:-1]
asked = [podman[i + 1] for i in range(len(podman)) if podman[i] == "--cap-add"]
more = set(asked) - set(added)
assert "NET_RAW" in more and more <= {"AUDIT_WRITE", "MKNOD", "NET_RAW"}, asked
assert [word for word in podman if word not in asked and word != "--cap-add"] == \
    [word for word in words if word not in added and word != "--cap-add"], podman

service = yaml.safe_load(open(work + "compose"))["services"]["router"]
undollar = lambda text: text.replace("$$", "$")
assert {key: undollar(value) for key, value in service["sysctls"].items()} == sysctls
assert service.get("cap_add", []) == added
assert service["image"] == "image:1"
assert ["type=bind,source=/tmp/%s,target=%s" % (undollar(m["source"])[2:], undollar(m["target"]))
        for m in service["volumes"]] == mounts, mounts

nodes = yaml.safe_load(open(work + "containerlab"))["topology"]["nodes"]
(name, node), = nodes.items()
assert isinstance(name, str) and node["kind"] == "linux"
assert {key: undollar(value) for key, value in node["sysctls"].items()} == sysctls
assert len(node["binds"]) == len(mounts)

pod = yaml.safe_load(open(work + "k8s"))["spec"]
assert {s["name"]: s["value"] for s in pod["securityContext"]["sysctls"]} == sysctls
assert all(isinstance(s["value"], str) for s in pod["securityContext"]["sysctls"])

docker = json.load(open(work + "cml"))["docker"]
pairs = list(zip(docker["run_args"][::2], docker["run_args"][1::2]))
assert dict(value.split("=", 1) for flag, value in pairs if flag == "--sysctl") == sysctls
assert set(added) <= set(docker["caps"]) and "AUDIT_WRITE" in docker["caps"]
END
		echo "ok ${name%.ini}"
	else
		echo "not ok ${name%.ini}"
		failed=1
	fi
done
exit "${failed:-0}"
