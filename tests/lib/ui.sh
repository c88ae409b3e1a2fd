# shellcheck shell=bash
# ui.sh: what the scripts say to a person, in one style. Sourced, never run.
# Colours only on a terminal. A long step shows a line that is replaced when the step ends; without
# a terminal (CI, a pipe) each step is one plain line.

if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
	UI_TTY=1 UI_BOLD=$'\e[1m' UI_DIM=$'\e[2m' UI_RED=$'\e[31m' UI_GREEN=$'\e[32m'
	UI_YELLOW=$'\e[33m' UI_OFF=$'\e[0m' UI_CLEAR=$'\r\e[K'
else
	UI_TTY='' UI_BOLD='' UI_DIM='' UI_RED='' UI_GREEN='' UI_YELLOW='' UI_OFF='' UI_CLEAR=''
fi

ui_title() { printf '%s%s%s\n' "$UI_BOLD" "$*" "$UI_OFF" >&2; }
ui_note() { printf '  %s%s%s\n' "$UI_DIM" "$*" "$UI_OFF" >&2; }
ui_fail() { printf '%s%s%s\n' "$UI_RED" "$*" "$UI_OFF" >&2; }

# ui_done NAME RESULT: one finished step.
ui_done() { printf '%s  %s✓%s %-12s %s\n' "$UI_CLEAR" "$UI_GREEN" "$UI_OFF" "$1" "$2" >&2; }

# ui_progress NAME TEXT: how far a step is; shown only where it can be replaced.
ui_progress() {
	[ -z "$UI_TTY" ] || printf '%s  %s…%s %-12s %.60s' "$UI_CLEAR" "$UI_YELLOW" "$UI_OFF" "$1" "$2" >&2
}

# ui_step NAME RESULT COMMAND…: runs a command with its output kept; each of its lines shows as
# progress. When it fails, the end of the output is shown and 1 returned.
ui_step() {
	local name=$1 result=$2 log line started
	shift 2
	log=$(mktemp)
	started=$SECONDS
	[ -n "$UI_TTY" ] || printf '  … %-12s\n' "$name" >&2
	if "$@" 2>&1 </dev/null | while IFS= read -r line; do
		printf '%s\n' "$line" >>"$log"
		ui_progress "$name" "$((SECONDS - started)) s  $line"
	done && [ "${PIPESTATUS[0]}" = 0 ]; then
		ui_done "$name" "$result ($((SECONDS - started)) s)"
		rm -f "$log"
		return 0
	fi
	printf '%s  %s✗ %s failed%s; the end of what it said:\n' "$UI_CLEAR" "$UI_RED" "$name" "$UI_OFF" >&2
	tail -n 20 "$log" | sed 's/^/    /' >&2
	rm -f "$log"
	return 1
}
