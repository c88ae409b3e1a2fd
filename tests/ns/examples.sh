#!/bin/bash
# examples.sh: the examples for other programs. Kubernetes, containerlab and compose are not here: so that
# the files are YAML, that their keys are those that these document, and that each command in them does
# what it is there for, with a real PID 1.
# shellcheck disable=SC2016,SC2034,SC2154 # what tests/ns/lib.sh reads and gives
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# checked FILE SCHEMA: its keys. A schema is python: a dict of keys to schemas ("?" before those that may
# be absent, "*" for any name), a list with the schema of its elements, or a type.
checked() {
	python3 -c 'import sys, yaml
def check(value, schema, at):
    if isinstance(schema, dict):
        assert isinstance(value, dict), f"{at}: not a map"
        for key in schema:
            assert key[0] in "?*" or key in value, f"{at}: lacks {key}"
        for key, child in value.items():
            inner = next((schema[k] for k in (key, "?" + key, "*") if k in schema), None)
            assert inner is not None, f"{at}: unknown key {key}"
            check(child, inner, f"{at}.{key}")
    elif isinstance(schema, list):
        assert isinstance(value, list) and value, f"{at}: not a list"
        for item in value:
            check(item, schema[0], at)
    else:
        assert isinstance(value, schema) and not (schema is int and value is True), f"{at}: not {schema}"
check(yaml.safe_load(open(sys.argv[1])), eval(sys.argv[2]), sys.argv[1])' "config/examples/$1" "$2"
}

test_kubernetes_keys() {
	local probe='{"exec": {"command": [str]}, "?periodSeconds": int, "?timeoutSeconds": int, "?failureThreshold": int, "?initialDelaySeconds": int}'
	want checked kubernetes.yaml '{"apiVersion": str, "kind": str, "metadata": {"name": str, "?labels": {"*": str}}, "spec": {
		"?hostname": str, "?terminationGracePeriodSeconds": int,
		"?securityContext": {"?sysctls": [{"name": str, "value": str}]},
		"containers": [{"name": str, "image": str,
			"?securityContext": {"?capabilities": {"?add": [str], "?drop": [str]}, "?privileged": bool},
			"?terminationMessagePath": str, "?terminationMessagePolicy": str,
			"?startupProbe": '"$probe"', "?readinessProbe": '"$probe"', "?livenessProbe": '"$probe"',
			"?volumeMounts": [{"name": str, "mountPath": str, "?subPath": str, "?readOnly": bool}]}],
		"?volumes": [{"name": str, "?configMap": {"name": str}, "?emptyDir": dict}]}}'
}

test_containerlab_keys() {
	want checked routers.clab.yml '{"name": str, "topology": {"?defaults": {"*": str}, "nodes": {"*": {
		"?binds": [str], "?cap-add": [str], "?sysctls": {"*": int},
		"?healthcheck": {"test": [str], "?start-period": int, "?interval": int, "?timeout": int, "?retries": int},
		"?stages": {"?create": {"?wait-for": [{"node": str, "stage": str}]}}}},
		"links": [{"endpoints": [str]}]}}'
}

test_compose_keys() {
	want checked compose.yaml '{"services": {"*": {"image": str, "?hostname": str, "?cap_add": [str], "?sysctls": {"*": str},
		"?stop_grace_period": str, "?restart": str, "?volumes": [str], "?command": [str],
		"?healthcheck": {"test": [str], "?start_period": str, "?interval": str, "?timeout": str, "?retries": int},
		"?depends_on": {"*": {"condition": str}}}}}'
}

# The check finds what is wrong.
test_wrong_keys() {
	unwanted checked compose.yaml '{"services": {"*": {"image": str}}}' 2>/dev/null
	unwanted checked kubernetes.yaml '{"apiVersion": int}' 2>/dev/null
}

# commands FILE: each command of a probe or health check, its words with a blank between them.
commands() {
	python3 -c 'import sys, yaml
def walk(value):
    if isinstance(value, dict):
        for key, child in value.items():
            if key in ("command", "test") and "/usr/sbin/firsthop" in child:
                print(*[word for word in child if word != "CMD"])
            walk(child)
    elif isinstance(value, list):
        for child in value:
            walk(child)
walk(yaml.safe_load(open(sys.argv[1])))' "config/examples/$1" | sort -u
}

# each_command STATUS: all of them, with the firsthop under test, end so.
each_command() {
	local file line words count=0
	for file in kubernetes.yaml routers.clab.yml compose.yaml; do
		while read -r line; do
			read -ra words <<<"${line/\/usr\/sbin\/firsthop/$FIRSTHOP}"
			in_node "${words[@]}" >/dev/null </dev/null
			[ $? = "$1" ] || { echo "$file: $line" && return 1; }
			count=$((count + 1))
		done < <(commands "$file")
	done
	[ "$count" -ge 4 ]
}

test_commands() {
	config <<-END
		[service a]
		command = @ACTOR@ await @DIR@/go newline 3 pause
		ready = notify-fd
		needs = b
		[service b]
		command = @ACTOR@ await @DIR@/go newline 3 pause
		ready = notify-fd
	END
	boot
	want wait_until in_node "$FIRSTHOP" status
	want each_command 1
	: >"$dir/go"
	want wait_log '^READY'
	want each_command 0
	stop
}

# The service of metrics.ini writes the file; it is whole, and a new one takes its place.
test_metrics_file() {
	sed 's/sleep 15/sleep 0.1/' config/examples/metrics.ini | config
	node_lead=(env "PATH=$(dirname "$FIRSTHOP"):$PATH")
	local file=$dir/var-lib/node_exporter/firsthop.prom first
	boot
	want wait_until test -s "$file"
	want grep -qx 'firsthop_service_up{service="metrics"} 1' "$file"
	first=$(stat -c %i "$file")
	want wait_until unlike "$first" stat -c %i "$file"
	stop
}
unlike() { [ "$("${@:2}")" != "$1" ]; }

run_tests "$@"
