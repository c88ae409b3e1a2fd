#!/bin/bash
# scenarios.sh [FILE…]: the scenarios of tests/ns, or those named, with containers instead of bare
# namespaces.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
export FIRSTHOP_BACKEND_LIB=$PWD/tests/docker/backend.sh FIRSTHOP_BACKENDS='docker docker-init'

failed=0
[ $# -gt 0 ] || set -- $(cd tests/ns && printf '%s\n' *.sh | grep -v '^lib')
for name in "$@"; do
	"tests/ns/${name%.sh}.sh" || failed=1
done
exit "$failed"
