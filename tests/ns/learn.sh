#!/bin/bash
# learn.sh: a program runs under the list that was learned of it, and not under less.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

TEMPT=$HELPERS/tempt
must=(file thread child tcp unix netlink loop memory signal)

learned() { sed -n 's/^seccomp = //p' "$dir/learned"; }
is_reported() { grep -q '^; seen:' "$dir/learned" 2>/dev/null; }

test_what_was_learned_is_enough() {
	local each
	timeout 60 "$FIRSTHOP" learn --for 2s --output "$dir/learned" "$TEMPT" must >"$dir/said" 2>&1
	want is_reported
	want grep -q '^tempted' "$dir/said"
	for each in "${must[@]}"; do want grep -q "^$each done" "$dir/said"; done
	config <<-END
		[service a]
		command = $TEMPT must
		seccomp = $(learned)
		seccomp_action = kill
		no_new_privs = yes
		[service b]
		command = $TEMPT must
		seccomp = $(learned) -socket
		no_new_privs = yes
	END
	want "$FIRSTHOP" check -c "$dir/node.ini"
	boot
	want wait_log '^a: tempted$'
	for each in "${must[@]}"; do want log_has "^a: $each done\$"; done
	want wait_log '^b: tempted$'
	want log_has '^b: tcp Operation not permitted$'
	stop
}

# As the command of a service, it learns in place, and passes the end on.
test_learns_in_place() {
	config <<-END
		[service a]
		command = $FIRSTHOP learn --output @DIR@/learned @ACTOR@ catch 15 say up pause
	END
	boot
	want wait_log '^a: up$'
	stop
	want log_has '^a: got signal 15$'
	want is_reported
	want grep -q '^\[service actor\]$' "$dir/learned"
	want grep -qE '^; seen:.* (ppoll|pause|rt_sigsuspend)' "$dir/learned"
}

test_a_service_by_its_name() {
	config <<-END
		[service a]
		command = @ACTOR@ ids exit 3
		user = nobody
		seccomp = @mount
		environment = A=1
	END
	want "$FIRSTHOP" learn -c "$dir/node.ini" a >"$dir/learned"
	want grep -q '^uid=65534' "$dir/learned"
	want is_reported
	unwanted "$FIRSTHOP" learn -c "$dir/node.ini" nosuch
	unwanted "$FIRSTHOP" learn -c "$dir/node.ini" a argument
	unwanted "$FIRSTHOP" learn /nonexistent/program
	unwanted "$FIRSTHOP" learn --for soon /bin/true
}

FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns}
run_tests "$@"
