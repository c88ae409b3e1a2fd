#!/bin/bash
# reload.sh: a changed configuration touches only what has changed.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

first_configuration() {
	config <<-END
		[service same]
		command = @ACTOR@ pause
		[service changed]
		command = @ACTOR@ say one pause
		[service removed]
		command = @ACTOR@ pause
	END
	boot
	want moved same ready
	want moved changed ready
	want moved removed ready
}

test_only_what_changed() {
	first_configuration
	config <<-END
		[service same]
		command = @ACTOR@ pause
		restart_delay = 5s .. 5s
		[service changed]
		command = @ACTOR@ say two pause
		[service added]
		command = @ACTOR@ pause
	END
	want in_node "$FIRSTHOP" reload
	want moved added ready
	want wait_log '^changed: two$'
	want moved removed down
	want is 1 log_count 'service=same .* to=starting'
	want is 1 log_count 'service=removed .* to=starting'
	want in_node "$FIRSTHOP" status same
	unwanted in_node "$FIRSTHOP" status removed
	stop
}

test_bad_one_changes_nothing() {
	first_configuration
	config <<-END
		[service same]
		comand = x
	END
	local code=0
	in_node "$FIRSTHOP" reload >"$dir/said" 2>&1 || code=$?
	want test "$code" = 100
	want grep -q 'node.ini:2: error: unknown key "comand"' "$dir/said"
	want grep -q 'node.ini has errors, nothing was changed$' "$dir/said"
	want wait_log 'error: .*node.ini:2: '
	want wait_log 'the configuration is as before'
	want is 0 log_count 'to=stopping'
	want in_node "$FIRSTHOP" health
	stop
}

# What a dry run says is what the reload then says and does.
test_dry_run_changes_nothing() {
	first_configuration
	config <<-END
		[service same]
		command = @ACTOR@ pause
		restart_delay = 5s .. 5s
		[service changed]
		command = @ACTOR@ say two pause
		[service added]
		command = @ACTOR@ pause
	END
	want in_node "$FIRSTHOP" reload --dry-run >"$dir/dry"
	want grep -q 'node.ini: what would change, were it reloaded:$' "$dir/dry"
	want grep -qx '  change  \[service same\]' "$dir/dry"
	want grep -qx '      restart_delay: 200ms .. 30s -> 5s' "$dir/dry"
	want grep -qx '  restart \[service changed\]' "$dir/dry"
	want grep -qx '  start   \[service added\]' "$dir/dry"
	want grep -qx '  stop    \[service removed\]' "$dir/dry"
	want in_node "$FIRSTHOP" reload -n --json >"$dir/json"
	want grep -q '^{"version":1,"ok":true,"applied":false,' "$dir/json"
	unwanted log_has 'reloaded|service=added|to=stopping'
	want in_node "$FIRSTHOP" reload >"$dir/done"
	want grep -q '^reloaded .*node.ini: what has changed:$' "$dir/done"
	want diff <(tail -n +2 "$dir/dry") <(tail -n +2 "$dir/done")
	want moved added ready
	want moved removed down
	want in_node "$FIRSTHOP" reload -n >"$dir/again"
	want grep -q 'nothing in it has changed$' "$dir/again"
	stop
}

test_dry_run_of_a_bad_one() {
	first_configuration
	config <<-END
		[service same]
		comand = x
		[service b]
	END
	local code=0
	in_node "$FIRSTHOP" reload -n >"$dir/said" 2>&1 || code=$?
	want test "$code" = 100
	want grep -q 'node.ini:2: error: unknown key "comand"' "$dir/said"
	want grep -q 'node.ini:3: error: service b has no command' "$dir/said"
	unwanted log_has ' error: '
	stop
}

test_again_and_again() {
	first_configuration
	for round in $(seq 20); do
		config <<-END
			[service same]
			command = @ACTOR@ pause
			[service s$round]
			command = @ACTOR@ say $round pause
		END
		want in_node "$FIRSTHOP" reload
		want moved "s$round" ready
	done
	want moved s19 down
	want is 1 log_count 'service=same .* to=starting'
	want wait_until is 2 count_running actor
	stop
}

test_log_file_is_opened_anew() {
	config <<-END
		[service a]
		command = @ACTOR@ say one await @DIR@/go say two pause
		log = file:@DIR@/a.log
	END
	boot
	want wait_until grep -qx one "$dir/a.log"
	mv "$dir/a.log" "$dir/a.log.1"
	want in_node "$FIRSTHOP" reload
	: >"$dir/go"
	want wait_until grep -qx two "$dir/a.log"
	unwanted grep -qx two "$dir/a.log.1"
	stop
}

test_from_fallback_to_good() {
	config <<-END
		[service a]
		comand = x
	END
	boot
	want wait_log 'running the built-in one'
	config <<-END
		[service a]
		command = @ACTOR@ pause
	END
	want in_node "$FIRSTHOP" reload
	want moved a ready
	want in_node "$FIRSTHOP" status a
	stop
}

run_tests "$@"
