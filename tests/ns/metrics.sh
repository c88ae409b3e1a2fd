#!/bin/bash
# metrics.sh: `firsthop metrics` of a real PID 1, as the parser of the OpenMetrics format reads it that
# Prometheus' own library has; and what the parser does not look at.
# shellcheck disable=SC2034,SC2154 # what tests/ns/lib.sh reads and gives
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# The package is for the distribution's own python, which need not be the first in $PATH.
python=/usr/bin/python3
if ! "$python" -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
	echo 'skip metrics: no python3-prometheus-client'
	exit 0
fi

# The samples of stdin, a line each, sorted labels: NAME{LABEL=VALUE,…} VALUE. An error when it is not
# OpenMetrics: names, types, units, order, escapes, the end.
parsed() {
	"$python" -c 'import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
text = sys.stdin.read()
assert text.endswith("# EOF\n")
seen = set()
for family in text_string_to_metric_families(text):
    assert family.name.startswith("firsthop_") and family.name not in seen, family.name
    assert family.documentation and family.samples, family.name
    assert not family.unit or family.name.endswith("_" + family.unit), family.name
    assert family.type in ("gauge", "counter", "stateset", "info"), family.type
    seen.add(family.name)
    for sample in family.samples:
        labels = ",".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))
        print(f"{sample.name}{{{labels}}} {sample.value:g}")'
}
metrics() { in_node "$FIRSTHOP" metrics | parsed; }
# sample LINE: it is there.
sample() { grep -qxE -e "$1" <<<"$(metrics)"; }

test_values() {
	config <<-END
		[service a]
		command = @ACTOR@ say one say two pause
		ready = notify-fd
		[service b]
		command = @ACTOR@ say hello exit 1
		ready = notify-fd
		restart_delay = 1ms .. 1ms
		give_up = 3 in 60s
		[service c]
		type = oneshot
		command = @ACTOR@ exit 0
		[sysctl]
		net.nosuch.key = 1
	END
	sed -i 's/pause$/newline 3 pause/' "$dir/node.ini"
	boot
	want moved b failed
	want moved a ready
	metrics >"$dir/samples"
	want test "$(wc -l <"$dir/samples")" -gt 50
	want sample 'firsthop_build_info\{hostname=.*,version=[0-9.]+\} 1'
	want sample 'firsthop_phase\{firsthop_phase=running\} 1'
	want sample 'firsthop_ready\{\} 0'
	want sample 'firsthop_services_failed\{\} 1'
	want sample 'firsthop_preparation_findings\{state=missing\} 1'
	want sample 'firsthop_uptime_seconds\{\} [0-9.e-]+'
	want sample 'firsthop_service_state\{firsthop_service_state=failed,service=b\} 1'
	want sample 'firsthop_service_state\{firsthop_service_state=ready,service=b\} 0'
	want sample 'firsthop_service_up\{service=a\} 1'
	want sample 'firsthop_service_up\{service=b\} 0'
	want sample 'firsthop_service_up\{service=c\} 1'
	want sample 'firsthop_service_restarts_total\{service=b\} 2'
	want sample 'firsthop_service_log_lines_total\{service=a\} 2'
	want sample 'firsthop_service_log_lines_total\{service=b\} 3'
	want sample 'firsthop_service_log_dropped_lines_total\{service=b\} 0'
	want sample 'firsthop_service_memory_bytes\{service=a\} [1-9][0-9.e+]*'
	want sample 'firsthop_service_cpu_seconds_total\{service=a\} [0-9.e-]+'
	want sample 'firsthop_service_ready_seconds\{service=a\} [0-9.e-]+'
	unwanted grep -q 'boot_ready_seconds' "$dir/samples"
	stop
}

test_health_and_stop() {
	config <<-END
		[service a]
		command = @ACTOR@ listen-tcp 7 pause
		ready = tcp:7
		health = exec:/bin/test -e @DIR@/well
		health_period = 50ms
		health_failures = 100
		[service b]
		command = @ACTOR@ ignore 15 await @DIR@/go exit 0
		stop_timeout = 60s
		[node]
		stop_budget = 90s
	END
	: >"$dir/well"
	boot
	want wait_log '^READY'
	want sample 'firsthop_boot_ready_seconds\{\} [0-9.e-]+'
	want wait_until sample 'firsthop_service_healthy\{service=a\} 1'
	rm "$dir/well"
	want wait_until sample 'firsthop_service_health_failures_total\{service=a\} [1-9].*'
	want sample 'firsthop_service_healthy\{service=a\} 0'
	send_signal TERM
	want moved b stopping
	want sample 'firsthop_phase\{firsthop_phase=stopping\} 1'
	want sample 'firsthop_stop_left_seconds\{\} [0-9.]+'
	: >"$dir/go"
	want is 0 end_status
}

# The older format: of the same samples, by the parser for that.
test_older_format() {
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	boot
	want wait_log '^READY'
	in_node "$FIRSTHOP" metrics --prometheus >"$dir/older"
	want "$python" -c 'import sys
from prometheus_client.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(open(sys.argv[1]).read()))
assert {family.type for family in families} == {"gauge", "counter"}, families
assert len({family.name for family in families}) == len(families) > 15' "$dir/older"
	names() { sed -nE 's/^([a-z_]+).*/\1/p' | sort -u; }
	want cmp <(names <"$dir/older") <(in_node "$FIRSTHOP" metrics | names)
	stop
}

# The parser does take offence.
test_the_parser_is_strict() {
	unwanted parsed <<<'firsthop_x 1'
	unwanted parsed <<<$'# TYPE firsthop_x_total counter\n# HELP firsthop_x_total x\nfirsthop_x_total 1\n# EOF'
	unwanted parsed <<<$'# TYPE firsthop_x gauge\n# UNIT firsthop_x seconds\n# HELP firsthop_x x\nfirsthop_x 1\n# EOF'
}

run_tests "$@"
