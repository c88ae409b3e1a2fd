# shellcheck shell=bash
# pool.sh: runs test programs in parallel and counts what they print. Sourced by tests/run and
# tests/check/run after ui.sh.
#
#	pool_begin; pool_add NAME SECONDS COMMAND …; pool_run; pool_report [SKIPS_ALLOWED]
#
# `patterns` (an array of regular expressions; empty: all) chooses by name.

pool_begin() {
	pool_names=() pool_limits=() pool_commands=()
	pool_dir=$(mktemp -d "${TMPDIR:-/tmp}/fh.XXXXXX")
	chmod 0755 "$pool_dir" # some programs run as another user
	trap pool_end EXIT
	trap 'exit 130' INT TERM HUP
}

# Each program is a process group; those still running end with us.
pool_end() {
	local job
	for job in $(jobs -rp); do kill -TERM "$job" 2>/dev/null; done
	wait
	rm -rf "$pool_dir"
}

pool_add() {
	local pattern wanted=''
	# shellcheck disable=SC2154 # the caller's
	for pattern in "${patterns[@]}"; do [[ $1 =~ $pattern ]] && wanted=yes; done
	[ ${#patterns[@]} = 0 ] || [ -n "$wanted" ] || return 0
	pool_names+=("$1") pool_limits+=("$2") pool_commands+=("$3")
}

# pool_wants REGEX: is a program of that name to be run?
pool_wants() {
	local name
	for name in "${pool_names[@]}"; do [[ $name =~ $1 ]] && return; done
	return 1
}

# One program: its lines in N.out, the rest in N.err, its exit status in N.status.
pool_one() {
	local at=$pool_dir/$1 status=0
	mkdir "$at"
	TMPDIR=$at timeout --kill-after=10 "${pool_limits[$1]}" \
		bash -c "${pool_commands[$1]}" >"$at.out" 2>"$at.err" </dev/null &
	# timeout(1) leads a process group, and passes a TERM on to all of it.
	# shellcheck disable=SC2064 # now, not later
	trap "kill -TERM $! 2>/dev/null" TERM
	wait $! || status=$?
	echo "$status" >"$at.status"
	rm -rf "$at"
}

pool_run() {
	local next=0 running=0 finished=0 total=${#pool_names[@]} width=${JOBS:-$(($(nproc) + 1))}
	while [ "$finished" -lt "$total" ]; do
		while [ "$next" -lt "$total" ] && [ "$running" -lt "$width" ]; do
			pool_one "$next" &
			next=$((next + 1)) running=$((running + 1))
		done
		wait -n
		running=$((running - 1)) finished=$((finished + 1))
		ui_progress tests "$finished of $total done, ${SECONDS} s"
	done
	ui_done tests "$total programs, ${SECONDS} s"
}

# Why a program as a whole has failed; nothing when it has not.
pool_verdict() {
	local at=$pool_dir/$1 status
	status=$(cat "$at.status")
	if [ "$status" = 124 ] || [ "$status" = 137 ]; then
		echo "ran out of time (${pool_limits[$1]} s), or was killed"
	elif [ "$status" -gt 128 ]; then
		echo "died of signal $((status - 128))"
	elif ! grep -qE '^(ok|not ok|skip) ' "$at.out"; then
		echo "printed no result, exit status $status"
	elif [ "$status" != 0 ] && ! grep -q '^not ok ' "$at.out"; then
		echo "exit status $status, though no test of it failed"
	fi
}

# pool_report [SKIPS_ALLOWED]: shows what failed, names what was skipped, counts. With
# SKIPS_ALLOWED, a skip whose reason does not match has failed. Returns 0 when nothing failed.
pool_report() {
	local passed=0 failed=0 skipped=0 i at verdict bad line
	for i in "${!pool_names[@]}"; do
		at=$pool_dir/$i
		verdict=$(pool_verdict "$i")
		passed=$((passed + $(grep -c '^ok ' "$at.out")))
		bad=$(grep -c '^not ok ' "$at.out")
		[ -z "$verdict" ] || bad=$((bad + 1))
		while IFS= read -r line; do
			if [ -n "${1:-}" ] && ! [[ ${line#*:} =~ $1 ]]; then
				verdict="skipped what can be had: $line" bad=$((bad + 1))
			else
				skipped=$((skipped + 1))
				ui_note "skipped: $line"
			fi
		done < <(sed -n 's/^skip //p' "$at.out")
		failed=$((failed + bad))
		[ "$bad" = 0 ] || pool_show "$i" "$verdict"
	done
	printf '%d passed, %d failed' "$passed" "$failed"
	[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
	printf '\n'
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

pool_show() {
	local at=$pool_dir/$1
	printf '%s✗ %s%s\n' "$UI_RED" "${pool_names[$1]}${2:+: $2}" "$UI_OFF"
	grep '^not ok ' "$at.out" | head -n 40 | sed 's/^/    /'
	tail -n "${LINES_SHOWN:-60}" "$at.err" | sed 's/^/    /'
} >&2
