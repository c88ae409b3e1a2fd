#!/bin/bash
# json.sh: what --json prints of a configuration, as a parser that is not ours reads it: each object
# is on one line, has a version, and says the same as the configuration that it was made of.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
FIRSTHOP=${FIRSTHOP:-build/firsthop}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

cat >"$work/node.ini" <<END
[node]
stop_budget = 9s
[sysctl]
?net.ipv4.ip_forward = 1
[service base]
description = "FRR's \"best\"; \\\\ friend"
command = /bin/true 'a b' "q\\"q"
[service user]
command = /bin/true
needs = base
start = manual
[persist a]
path = $work/path
store = $work/store
END
echo one >"$work/path"
cp "$work/path" "$work/store"

# check NAME COMMAND…: what the command prints is one line of JSON, of which stdin's Python, which calls
# it d, asserts what has to hold.
check() {
	"$FIRSTHOP" "${@:2}" >"$work/out" 2>"$work/err"
	{
		cat <<-'END'
			import json, sys
			work = sys.argv[1]
			text = open(work + "/out").read()
			assert text.count("\n") == 1 and text.endswith("\n"), text
			d = json.loads(text)
			assert d["version"] == 1
		END
		cat
	} >"$work/test.py"
	if python3 "$work/test.py" "$work"; then
		echo "ok json_$1"
	else
		cat "$work/err" "$work/out" >&2
		echo "not ok json_$1"
		failed=1
	fi
}

check show show --json -c "$work/node.ini" <<'END'
base = [s for s in d["sections"] if s["section"] == "service"][0]
assert base["name"] == "base"
assert base["keys"][0]["key"] == "description" and "best" in base["keys"][0]["value"]
assert base["keys"][1] == {"key": "command", "value": """/bin/true 'a b' 'q"q'""",
                           "file": work + "/node.ini", "line": 7}
assert d["sections"][1]["keys"] == [{"key": "net.ipv4.ip_forward", "value": "1 (may be absent)",
                                     "file": work + "/node.ini", "line": 4}]
END
check show_built_in show --json --built-in --root "$work" <<'END'
assert d["source"] == "built-in" and d["sections"][0]["section"] == "node"
END
check plan plan --json -c "$work/node.ini" <<'END'
base, user = d["services"]
assert d["waves"] == 1 and base["wave"] == 1
assert base["command"] == ["/bin/true", "a b", 'q"q']
assert user["started"] is False and user["wave"] is None and user["needs"] == ["base"]
END
check run_args run-args --json --for compose --no-mounts -c "$work/node.ini" i <<'END'
assert d["platform"] == "compose" and d["image"] == "i" and d["mounts"] == []
assert d["stop_timeout_s"] >= 9 and d["sysctls"][0]["key"] == "net.ipv4.ip_forward"
END
check persist_list persist --json list -c "$work/node.ini" <<'END'
kept = d["files"][0]
assert kept["name"] == "a" and kept["path"] == work + "/path"
assert [(g["generation"], g["bytes"]) for g in kept["generations"]] == [("store", 4), ("path", 4)]
assert kept["generations"][0]["written"] > 1500000000
END
exit "$failed"
