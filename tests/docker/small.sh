#!/bin/bash
# small.sh [TEST…]: images from scratch, with what tests/cross/build makes for musl: beside a busybox,
# and with nothing at all.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/docker/lib.sh

small=$B/musl/firsthop
MOST_BYTES=$((600 * 1024))

# scratch NAME DOCKERFILE FILE…: an image of these files; the Dockerfile's text says where they go.
scratch() {
	local name=$1 text=$2 context said
	shift 2
	context=$(mktemp -d)
	cp -L "$@" "$context" && printf 'FROM scratch\n%s\n' "$text" >"$context/Dockerfile" || return
	said=$(docker build -t "$name" "$context" 2>&1) || { echo "$said" && return 1; }
	rm -rf "$context"
}

test_small_binary_is_small() {
	want_text 'statically linked' file -b "$small"
	want test "$(stat -c %s "$small")" -le "$MOST_BYTES"
}

# The file is all there is: no shell, no library, no /etc, no directory that Docker does not make.
test_small_binary_is_the_image() {
	want scratch alone 'COPY firsthop /
		ENTRYPOINT ["/firsthop"]' "$small"
	want boot alone
	want wait_log '^READY'
	want_text 'ready, up .*; 0 of 0 services' in_node /firsthop status
	want in_node /firsthop health
	want_text '^\[node\]' docker run --rm --network none alone show
	want_text '^CHECK +STATE' docker run --rm --network none alone doctor
	unwanted log_has 'error:'
	stops_well
}

# A whole small machine: services that depend on each other, users by name, a probe, a restart.
test_small_beside_busybox() {
	local files
	files=$(mktemp -d "$DOCKER_CONFIG/small.XXXXXX")
	printf 'root:x:0:0::/:/bin/sh\nweb:x:70:70::/:/bin/false\n' >"$files/passwd"
	printf 'root:x:0:\nweb:x:70:\n' >"$files/group"
	cat >"$files/firsthop.ini" <<-'END'
		[service site]
		type = oneshot
		command = /bin/busybox mkdir -p /run/site
		[service web]
		needs = site
		command = /bin/busybox httpd -f -p 8080 -h /run/site
		user = web
		capabilities =
		ready = tcp:8080
		[service log]
		command = /bin/busybox syslogd -n -O -
	END
	want scratch busybox 'COPY busybox /bin/
		COPY firsthop /sbin/
		COPY passwd group firsthop.ini /etc/
		RUN ["/sbin/firsthop", "check"]
		ENTRYPOINT ["/sbin/firsthop"]' \
		"$(type -P busybox)" "$small" "$files"/{passwd,group,firsthop.ini}
	want boot busybox
	want wait_log '^READY'
	want is ready status_of web state
	want_text '^Uid:	70	70	70	70$' busybox cat "/proc/$(status_of web pid)/status"
	want busybox kill -KILL "$(status_of web pid)"
	want wait_log 'web ready in' 2
	want runs
	stops_well
	want log_order '^firsthop: web stopped' '^firsthop: ended, exit code 0'
}
busybox() { in_node busybox "$@"; }

run_tests "$@"
