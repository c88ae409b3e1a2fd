# shellcheck shell=bash
# terminal.sh: a person at a container's terminal; sourced behind lib.sh. script(1) is the terminal, and
# what is typed goes through a pipe.

screen='' # all that was shown and not yet waited for

# open_terminal COMMAND…: the command, joined to a terminal.
open_terminal() {
	local command
	command=$(printf '%q ' "$@")
	coproc TERMINAL { exec env TERM=dumb script -qefc "$command" /dev/null 2>&1; }
	eval "exec 6<&${TERMINAL[0]} 7>&${TERMINAL[1]}"
}

# type_keys TEXT: with escapes as in printf(1); Return is \r.
type_keys() { printf '%b' "$1" >&7; }

# see TEXT: until the screen shows it; forgets what came before and the text itself. What was skipped
# is left in $skipped.
see() {
	local deadline=$((SECONDS + DEADLINE)) chunk
	until [[ $screen == *"$1"* ]]; do
		if [ "$SECONDS" -ge "$deadline" ]; then
			printf 'not seen: %s; but:\n%s\n' "$1" "$(cat -v <<<"$screen")"
			return 1
		fi
		IFS= read -r -N 4096 -t 0.2 -u 6 chunk
		screen+=$chunk
	done
	skipped=${screen%%"$1"*}
	screen=${screen#*"$1"}
}

# The shell of the console service answers, and the node runs on.
check_vtysh() {
	want type_keys 'show version\r'
	want see 'FRRouting 10.'
	want see "${1:-r1}# "
}

# check_keys [NAME]: ^C and ^Z belong to the console; its end is the beginning of the next.
check_keys() {
	local pid prompt=${1:-r1}
	want see 'READY'
	want see "$prompt# "
	check_vtysh "$prompt"
	want type_keys '\003'
	want see "$prompt# "
	want type_keys '\032'
	want see "$prompt# "
	check_vtysh "$prompt"
	pid=$(status_of console pid)
	want type_keys 'exit\r'
	want see "$prompt# "
	check_vtysh "$prompt"
	unwanted is "$pid" status_of console pid
	want is ready status_of zebra state
	want runs
}
