#!/bin/bash
# podman.sh: scenarios of the other files here, with podman and runc instead of Docker.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
export PATH=$PWD/tests/docker/podman:$PATH
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

# Those in which it matters what the engine does.
scenarios=(
	'router router_builtin_configuration router_stops_in_order router_neighbour_over_a_late_link'
	'console console_keys'
	'persist persist_mounted_file'
)

image_import base "$B/root-trixie" && image_add router base "$FIRSTHOP" || exit
failed=0
for scenario in "${scenarios[@]}"; do
	read -r -a words <<<"$scenario"
	"tests/docker/${words[0]}.sh" "${words[@]:1}" > >(sed 's/$/ (podman)/') || failed=1
done
exit "$failed"
