#!/bin/bash
# doctor.sh: firsthop doctor looks, and changes nothing; its exit codes; its JSON as another parser
# reads it. In namespaces of its own, with copies of the files that a boot would write: if it did change
# something, that must not be this machine.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
FIRSTHOP=$(realpath "${FIRSTHOP:-build/firsthop}")
export FIRSTHOP
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

touch "$work"/{hostname,hosts}
cp /etc/hostname /etc/hosts "$work" 2>/dev/null
export work
# shellcheck disable=SC2016
apart() {
	unshare --map-root-user --user --mount --net --uts --ipc -- bash -c '
		for file in hostname hosts; do
			[ ! -e "/etc/$file" ] || mount --bind "$work/$file" "/etc/$file" || exit
		done
		exec "$@"' - "$@"
}
if ! apart true 2>/dev/null; then
	for name in changes_nothing exit_codes json; do
		echo "skip doctor_$name: the machine does not let ordinary users unshare"
	done
	exit 0
fi

cat >"$work/asks.ini" <<'END'
[node]
hostname_from = another-name
[sysctl]
net.ipv4.conf.all.log_martians = 1
net.ipv4.conf.*.rp_filter = 2
[vrf CE]
table = 1001
[interface lo]
up = yes
mtu = 1400
address = 192.0.2.1/32
sysctl net.ipv4.conf.%i.accept_local = 1
END
printf '[sysctl]\nnet.ipv4.no_such_key = 1\n' >"$work/missing.ini"
printf '[sysctl]\n?net.ipv4.conf.all.log_martians = 0\n[module %s]\n' no_such_module >"$work/degraded.ini"
printf '[sysctl\n' >"$work/bad.ini"

# verdict NAME STATUS
verdict() {
	[ "$2" = 0 ] && echo "ok doctor_$1" && return
	echo "not ok doctor_$1"
	failed=1
}

# What a boot with asks.ini would change.
# shellcheck disable=SC2016
apart bash -c '
	state() {
		uname -n
		cat /etc/hostname /etc/hosts 2>/dev/null
		ip -d link show
		ip address show
		grep -rs . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf | grep -v stable_secret
	}
	before=$(state)
	"$FIRSTHOP" doctor -c "$1" >"$2"
	[ "$before" = "$(state)" ] || { diff <(echo "$before") <(state) >&2; exit 1; }
	grep -q "^host name \"another-name\" *ok *can be set$" "$2" && grep -q "can be" "$2"
' - "$work/asks.ini" "$work/out"
verdict changes_nothing $?

# expect CODE ARG…
expect() {
	local code=0
	apart "$FIRSTHOP" doctor "${@:2}" >"$work/out" 2>&1 || code=$?
	[ "$code" = "$1" ] && return
	printf 'doctor %s: exit code %s instead of %s\n' "${*:2}" "$code" "$1" >&2
	cat "$work/out" >&2
	return 1
}
expect 101 -c "$work/missing.ini" && expect 0 -c "$work/degraded.ini" &&
	expect 101 -c "$work/degraded.ini" --strict && expect 100 -c "$work/bad.ini" &&
	expect 100 -c "$work/no-such-file" && expect 100 --no-such-option && expect 0 --help
verdict exit_codes $?

if ! command -v python3 >/dev/null; then
	echo 'skip doctor_json: no python3'
else
	apart "$FIRSTHOP" doctor --json -c "$work/missing.ini" >"$work/json"
	python3 - "$work/json" <<'END'
import collections, json, sys

report = json.load(open(sys.argv[1]))
assert report["version"] == 1 and report["ok"] is False
assert collections.Counter(check["state"] for check in report["checks"]) == \
    {state: count for state, count in report["counts"].items() if count}
wrong, = (check for check in report["checks"] if check["state"] == "missing")
assert (wrong["step"], wrong["subject"]) == ("sysctl", "net.ipv4.no_such_key"), wrong
assert wrong["cure"] and not wrong["required"]
assert len({(check["step"], check["subject"]) for check in report["checks"]}) == len(report["checks"])
END
	verdict json $?
fi
exit "$failed"
