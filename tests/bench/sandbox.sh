# shellcheck shell=bash
# sandbox.sh: what it costs a service to be confined as bgpd is: capabilities, no_new_privs, seccomp.
# The same services with and without, in turns; for one service the making of the filter is in it.
# Sourced by run.

sandbox_settings='capabilities = setuid setgid net_admin net_raw\nseccomp = frr-daemon\nno_new_privs = yes\n'

# sandbox_of COUNT ROUNDS
sandbox_of() {
	local round settings metric
	for ((round = 1; round <= $2; round++)); do
		ui_progress "sandbox-$1" "round $round of $2"
		for metric in plain confined; do
			settings=''
			[ "$metric" = plain ] || settings=$sandbox_settings
			firsthop_settings=$settings once "sandbox-$1-$metric" firsthop "$1" stamp
		done
	done
	# Round by round the difference, for each service.
	awk -v count="$1" '
		$1 == "sandbox-" count "-plain-start" { plain[++p] = $3 }
		$1 == "sandbox-" count "-confined-start" { confined[++c] = $3 }
		END {
			for (i = 1; i <= p && i <= c; i++)
				print "sandbox-" count "-each", "firsthop", (confined[i] - plain[i]) / count
		}' "$samples" >"$work/each"
	cat "$work/each" >>"$samples"
	ui_done "sandbox-$1" "$2 rounds with and without"
}

part_sandbox() {
	sandbox_of 1 "$(rounds 41 5)"
	sandbox_of 10 "$(rounds 41 5)"
}
