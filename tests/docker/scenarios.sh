#!/bin/bash
# scenarios.sh [FILE…]: the scenarios of tests/ns, or those named, with containers instead of bare
# namespaces. Below the engine's own init run those in which it matters who PID 1 is ($BELOW_INIT).
# $LEFT_OUT names single tests that an engine cannot.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
export FIRSTHOP_BACKEND_LIB=$PWD/tests/docker/backend.sh

below_init=${BELOW_INIT-' console foreground signals supervise '}
left_out=(
	# They look at system calls by strace, which is not in the image; no engine changes what they see.
	a_kernel_without_landlock landlock_turned_off nothing_is_forked pattern_spares_what_interface_sets
	syncs syncs_in_place
	# Each line must be in the log: an engine takes them more slowly than they come, so some are dropped.
	many_lines_all_come many_slow_readers slow_reader_loses_lines
	# Nobody is to read until all is written; an engine does.
	100_megabytes
)
read -r -a more <<<"${LEFT_OUT:-}"
left_out+=("${more[@]}")

# tests_of FILE: without those left out.
tests_of() {
	sed -nE 's/^test_([a-z0-9_]+)\(\).*/\1/p' "tests/ns/$1.sh" |
		grep -vxF "$(printf '%s\n' "${left_out[@]}")"
}

failed=0
[ $# -gt 0 ] || mapfile -t -O 1 files < <(cd tests/ns && printf '%s\n' *.sh | grep -vx 'lib\.sh')
for file in "${@:-${files[@]}}"; do
	name=${file%.sh}
	mapfile -t tests < <(tests_of "$name")
	FIRSTHOP_BACKENDS=docker
	[[ $below_init != *" $name "* ]] || FIRSTHOP_BACKENDS+=' docker-init'
	export FIRSTHOP_BACKENDS
	"tests/ns/$name.sh" "${tests[@]}" || failed=1
done
exit "$failed"
