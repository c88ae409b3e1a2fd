#!/bin/bash
# The test runner is the one judge of all others: here it is shown what must not pass.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

# verdict SKIPS_ALLOWED COMMAND…: the last line of a run of these programs.
verdict() {
	local allowed=$1
	shift
	(
		export CI='' UI_TTY=''
		. tests/lib/ui.sh
		. tests/lib/pool.sh
		patterns=()
		pool_begin
		for command in "$@"; do pool_add "program" 2 "$command"; done
		pool_run
		pool_report "$allowed" || echo "and status $?"
	) 2>/dev/null | tr '\n' ';'
}

failures=0
expect() {
	local name=$1 want=$2 got
	got=$(verdict "${@:3}")
	if [ "$got" = "$want" ]; then
		echo "ok $name"
	else
		echo "not ok $name"
		printf '%s: got "%s", expected "%s"\n' "$name" "$got" "$want" >&2
		failures=1
	fi
}

bad='1 passed, 1 failed;and status 1;'
expect pool_counts_lines '3 passed, 0 failed;' '' 'echo "ok a"; echo "ok b"' 'echo "ok c"'
expect pool_counts_not_ok "$bad" '' 'echo "ok a"; echo "not ok b"; exit 1'
expect pool_counts_not_ok_with_status_0 "$bad" '' 'echo "ok a"; echo "not ok b"'
expect pool_sees_a_crash "$bad" '' 'echo "ok a"; kill -SEGV $$'
expect pool_sees_a_bad_status "$bad" '' 'echo "ok a"; exit 3'
expect pool_sees_a_program_without_lines "$bad" '' 'echo "ok a"' 'true'
expect pool_ends_what_hangs "$bad" '' 'echo "ok a"; sleep 60'
expect pool_has_to_pass_something '0 passed, 0 failed, 1 skipped;and status 1;' '' 'echo "skip a: no b"'
expect pool_allows_a_skip '1 passed, 0 failed, 1 skipped;' 'kernel has no' \
	'echo "ok a"; echo "skip b: the kernel has no vrf"'
expect pool_refuses_a_skip "$bad" 'kernel has no' 'echo "ok a"; echo "skip b: no dockerd"'
exit "$failures"
