#!/bin/bash
# reason.sh: what the container leaves behind when it ends because of a failure: one line of JSON in the
# run directory and in /dev/termination-log. For each exit code one.
# shellcheck disable=SC2016,SC2034,SC2154 # what tests/ns/lib.sh reads and gives
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# kept [COMMAND]: the run directory is one that outlives the node; and, as in Kubernetes, a file is mounted
# at /dev/termination-log, in a /dev of the node's own; or COMMAND makes something else of it.
kept() {
	mkdir -m 0777 -p "$dir/run" "$dir/dev"
	printf 'what was in it before, and is longer than nothing\n' >"$dir/termination"
	chmod 0666 "$dir/termination"
	node_setup='mkdir /run/firsthop /run/dev && mount --bind "$0/run" /run/firsthop &&
		mount --bind "$0/dev" /run/dev &&
		for device in null zero urandom tty; do
			: >/run/dev/$device && mount --bind /dev/$device /run/dev/$device; done &&
		'"${1:-: >/run/dev/termination-log && mount --bind \"\$0/termination\" /run/dev/termination-log}"' &&
		ln -s /proc/self/fd /run/dev/fd && mount --rbind /run/dev /dev'
}

# configured TEXT: its lines may be indented.
configured() { sed 's/^\t*//' <<<"$1" | config; }

# reason FIELD: its value in the file; null is empty.
reason() {
	python3 -c 'import json, sys
text = open(sys.argv[1]).read()
assert text.count("\n") == 1 and text.endswith("\n"), text
reason = json.loads(text)
assert reason["version"] == 1, text
value = reason[sys.argv[2]]
print("" if value is None else value)' "$dir/run/reason" "$1"
}
# says FIELD REGEX
says() { grep -qE -e "$2" <<<"$(reason "$1")"; }
# ended CODE KIND: so it did, and says so in both places.
ended() {
	want is "$1" end_status
	want is "$1" reason exit_code
	want is "$2" reason kind
	want says time '^20[0-9-]{8}T[0-9:]{8}Z$'
	want cmp "$dir/run/reason" "$dir/termination"
}

test_bad_configuration() {
	kept
	configured '[service a]
	command = /bin/true
	comand = /bin/true'
	boot --strict
	ended 100 configuration
	want says text '^/.*/node\.ini:3: .*comand'
	want says cure 'firsthop check'
}

test_bad_command_line() {
	kept
	boot_program "$FIRSTHOP" init --no-such-option
	ended 100 usage
	want says text -- '--no-such-option'
}

# Who mistypes in `docker exec` ends nothing.
test_command_line_of_another() {
	kept
	configured "[service a]
	command = $ACTOR pause"
	boot
	want moved a ready
	unwanted in_node "$FIRSTHOP" init --no-such-option
	unwanted test -e "$dir/run/reason"
	stop
}

test_preparation() {
	kept
	configured "[sysctl]
	!net.nosuch.key = 1
	[service a]
	command = $ACTOR pause"
	boot
	ended 101 preparation
	want is sysctl reason step
	want is net.nosuch.key reason subject
	want says text '^sysctl net.nosuch.key: '
}

test_preparation_of_interfaces() {
	kept
	configured "[node]
	required = interfaces
	interfaces = eth7
	interfaces_timeout = 100ms
	[service a]
	command = $ACTOR pause"
	boot
	ended 101 preparation
	want is interfaces reason step
	want says text 'eth7'
}

test_critical() {
	kept
	configured "[service a]
	command = $ACTOR say hello say \"the end\" kill 11
	restart = never
	critical = yes"
	boot
	ended 102 critical
	want is a reason service
	want says text '^a killed by signal 11 \(SEGV\)'
	want says last '^killed by signal 11'
	want says output '^hello'
	want says output '^the end'
	want says crash '^/var/lib/firsthop/crashes/000001\.a$'
}

test_critical_that_cannot_start() {
	kept
	configured '[service a]
	command = /no/such/program
	restart = never
	critical = yes'
	boot
	ended 102 critical
	want says last 'could not be started: exec /no/such/program: No such file'
	want says cure 'command'
}

test_not_ready() {
	kept
	configured "[service a]
	command = $ACTOR pause
	ready = tcp:9
	start_timeout = 100ms
	restart = never
	critical = yes"
	boot
	ended 103 not-ready
	want is a reason service
	want is 'not ready after 100 ms' reason last
	want says cure 'waiting for tcp .* port 9.*start_timeout'
}

test_no_descriptors() {
	kept
	configured "[service a]
	command = $ACTOR pause"
	node_setup+=' && ulimit -n 6'
	boot
	ended 111 system
	want says text 'cannot begin: descriptors for services: '
}

test_command() {
	kept
	configured ''
	boot -- "$ACTOR" exit 7
	ended 7 command
	want is 'exited 7' reason last
}

# An ordered stop has no reason, and what an earlier life has left is taken away at the start.
test_ordered_stop() {
	kept
	echo old >"$dir/run/reason"
	chmod 0666 "$dir/run/reason"
	configured "[service a]
	command = $ACTOR pause"
	boot
	want moved a ready
	unwanted test -e "$dir/run/reason"
	stop
	unwanted test -e "$dir/run/reason"
	want grep -q '^what was in it before' "$dir/termination"
}

test_command_that_ends_well() {
	kept
	configured ''
	boot -- "$ACTOR" exit 0
	want is 0 end_status
	unwanted test -e "$dir/run/reason"
}

# A link may lead anywhere: it is not followed. And where there is nothing, nothing is made.
test_termination_log_that_is_a_link() {
	kept 'ln -s "$0/termination" /run/dev/termination-log'
	configured "[service a]
	command = $ACTOR exit 1
	restart = never
	critical = yes"
	boot
	want is 102 end_status
	want is critical reason kind
	want grep -q '^what was in it before' "$dir/termination"
}

test_no_termination_log() {
	kept true
	configured "[service a]
	command = $ACTOR exit 1
	restart = never
	critical = yes"
	boot
	want is 102 end_status
	want is critical reason kind
	want test -e "$dir/dev/null"
	unwanted test -e "$dir/dev/termination-log"
}

run_tests "$@"
