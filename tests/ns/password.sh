#!/bin/bash
# password.sh: root_password, in an /etc/shadow of the test's own: a directory that is mounted over /etc
# lets it be replaced, a single file that is mounted does not.
# shellcheck disable=SC2034,SC2154 # what tests/ns/lib.sh reads and gives
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

hash='$6$salt$0123456789./abc'

# with_password VALUE: a node that shows what it has.
with_password() {
	config <<-END
		[node]
		root_password = $1
		[service a]
		command = /bin/cat /etc/shadow
		type = oneshot
	END
}
# shadow_is TEXT [MODE]: a file of the test's own is mounted in its place.
mounts_file() {
	printf '%s' "$1" >"$dir/shadow"
	chmod "${2:-0640}" "$dir/shadow"
	[ "$FIRSTHOP_BACKEND" != user ] || chown 65534:65534 "$dir/shadow"
	node_setup="mount --bind $dir/shadow /etc/shadow"
}
# An /etc with the file in it, so that it can be replaced.
mounts_directory() {
	mkdir "$dir/etc"
	printf '%s' "$1" >"$dir/etc/shadow"
	chmod 0640 "$dir/etc/shadow"
	cp /etc/passwd /etc/group "$dir/etc"
	[ "$FIRSTHOP_BACKEND" != user ] || chown -R 65534:65534 "$dir/etc"
	touch "$dir/etc/hosts" "$dir/etc/hostname"
	node_setup="mount --bind $dir/etc /etc"
}
file_is() { cmp "$1" <(printf '%s' "$2"); }

test_password_replaces_the_file() {
	local before
	mounts_directory $'a:*:1\nroot:*:20000:0:99999:7:::\n'
	before=$(stat -c '%u:%g %a' "$dir/etc/shadow")
	inode=$(stat -c %i "$dir/etc/shadow")
	with_password "hash:$hash"
	boot
	want moved a 'done'
	want file_is "$dir/etc/shadow" $'a:*:1\nroot:'"$hash"$':20000:0:99999:7:::\n'
	want is "$before" stat -c '%u:%g %a' "$dir/etc/shadow"
	unwanted is "$inode" stat -c %i "$dir/etc/shadow"
	want is '' find "$dir/etc" -name '.shadow*'
	# The service has shown the file; nothing else may.
	unwanted grep -v '^a: root:' <(grep -F "$hash" "$dir/log")
	want is 0 count_hash in_node "$FIRSTHOP" show -c "$dir/node.ini"
	want is 0 count_hash in_node "$FIRSTHOP" doctor -c "$dir/node.ini"
	stop
}
count_hash() { "$@" 2>&1 | grep -cF "$hash"; }

# Somebody's own way to keep it elsewhere.
test_password_behind_a_link() {
	mounts_directory $'root:*:1:\n'
	mv "$dir/etc/shadow" "$dir/etc/kept"
	ln -s kept "$dir/etc/shadow"
	with_password empty
	boot
	want moved a 'done'
	want file_is "$dir/etc/kept" $'root::1:\n'
	want test -L "$dir/etc/shadow"
	stop
}

test_password_into_a_mounted_file() {
	mounts_file $'root:$1$a$b:1:\nb::2:\n'
	inode=$(stat -c %i "$dir/shadow")
	with_password locked
	boot
	want moved a 'done'
	want file_is "$dir/shadow" $'root:*:1:\nb::2:\n'
	want is "$inode" stat -c %i "$dir/shadow"
	want is 640 stat -c %a "$dir/shadow"
	unwanted log_has warning
	stop
}

test_password_empty_is_warned_of() {
	mounts_file $'root:*:1:\n'
	with_password empty
	boot
	want moved a 'done'
	want file_is "$dir/shadow" $'root::1:\n'
	want log_has 'warning: .*:2: root_password = empty: whoever reaches a login of this node is root'
	want_doctor 'root password +ok +already so'
	stop
}
want_doctor() { want grep -qE "$1" <(in_node "$FIRSTHOP" doctor -c "$dir/node.ini"); }

test_password_keep_looks_at_nothing() {
	mounts_file $'root::1:\n'
	with_password keep
	boot
	want moved a 'done'
	want file_is "$dir/shadow" $'root::1:\n'
	unwanted grep -q 'root password' <(in_node "$FIRSTHOP" doctor -c "$dir/node.ini")
	stop
}

test_password_read_only() {
	mounts_file $'root:*:1:\n'
	node_setup+=" && mount -o remount,bind,ro /etc/shadow"
	with_password "hash:$hash"
	boot
	want moved a 'done'
	want file_is "$dir/shadow" $'root:*:1:\n'
	want log_has 'warning: root password: /etc/shadow is on a read-only file system; set the password in the image'
	want_doctor 'root password +missing +read-only'
	want grep -q 'root password' <(in_node "$FIRSTHOP" status)
	unwanted grep -F "$hash" "$dir/log"
	stop
}

# What is so already needs no writing.
test_password_read_only_but_so() {
	mounts_file $'root:!:1:\n'
	node_setup+=" && mount -o remount,bind,ro /etc/shadow"
	with_password locked
	boot
	want moved a 'done'
	unwanted log_has warning
	stop
}

test_password_required() {
	mounts_file $'nobody:*:1:\n'
	with_password locked
	sed -i 's/^root_password/required = password\n&/' "$dir/node.ini"
	boot
	want is 101 end_status
	want log_has 'required, but not so: root password: /etc/shadow is not there, or has no entry of root; make it'
}

run_tests "$@"
