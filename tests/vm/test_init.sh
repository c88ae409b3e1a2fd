#!/bin/bash
# test_init.sh [TEST…]: firsthop as the kernel's own init, in a machine that holds nothing but it,
# busybox, and what a test adds.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source-path=SCRIPTDIR/../..
. tests/vm/lib.sh

applets='sh cat echo kill ls mkdir modprobe mount ps sleep stty tty umount'

# The root tree, $tree; stdin is its configuration.
make_tree() {
	local applet
	tree=$dir/tree
	mkdir -p "$tree"/{bin,sbin,etc}
	cp -L "$FIRSTHOP" "$tree/sbin/firsthop"
	ln -s sbin/firsthop "$tree/init"
	ln -s firsthop "$tree/sbin/reboot"
	ln -s ../bin/busybox "$tree/sbin/modprobe"
	cp -L "$(type -P busybox)" "$tree/bin/busybox"
	for applet in $applets; do ln -s busybox "$tree/bin/$applet"; done
	cat >"$tree/etc/firsthop.ini"
}

# script NAME: stdin as a program of the tree.
script() {
	{ echo '#!/bin/sh' && cat; } >"$tree/bin/$1"
	chmod +x "$tree/bin/$1"
}

on_disk() { debugfs -R "$1" "$B/vm/disk.ext4" 2>/dev/null; }

# add_modules NAME…: of the kernel, with those that they need.
add_modules() {
	local version modules name file
	version=$(on_disk 'ls -p /usr/lib/modules' | cut -d/ -f6 | grep -F amd64)
	modules=lib/modules/$version
	on_disk "cat /usr/$modules/modules.dep" >"$dir/modules.dep"
	for name in "$@"; do
		for file in $(grep "/$name.ko:" "$dir/modules.dep" | tr -d :); do
			mkdir -p "$(dirname "$tree/$modules/$file")"
			on_disk "dump /usr/$modules/$file $tree/$modules/$file"
			want test -s "$tree/$modules/$file"
		done
	done
	depmod -b "$tree" "$version" 2>/dev/null # there are not all that it expects
}

# boot [WORD…]: with words for the kernel's command line; $disk may name a disk.
boot() {
	pack_tree "$tree" >"$dir/initramfs"
	qemu node "$dir/initramfs" "$*" ${disk:+-drive "file=$disk,format=raw,if=virtio"}
}

results_have() { results | grep -qE -e "$1"; }

test_everything_is_mounted() {
	local line
	make_tree <<-END
		[service facts]
		type = oneshot
		command = /bin/facts
		[service end]
		type = oneshot
		after = facts
		command = /sbin/reboot
	END
	script facts <<-'END'
		exec >/dev/ttyS1
		cat /proc/mounts
		cat /proc/self/limits
		cat /dev/fd/0 </proc/1/comm
		echo "console: $(ls -l /proc/1/fd/0)"
		echo "session: $(ps -o pid,sid,comm)"
	END
	boot
	want rebooted
	for line in '^proc /proc proc .*nosuid,nodev,noexec' '^sysfs /sys sysfs ' '^devtmpfs /dev devtmpfs .*nosuid' \
		'^devpts /dev/pts devpts .*gid=5,mode=620,ptmxmode=666' '^tmpfs /dev/shm tmpfs .*nosuid,nodev' \
		'^tmpfs /run tmpfs .*mode=755' '^cgroup2 /sys/fs/cgroup cgroup2 ' \
		'^Max open files +[0-9]+ +524288 ' '^(init|firsthop)$' '^console: .*/dev/console$' '^ +1 +1 (init|firsthop)$'; do
		want results_have "$line"
	done
	want log_has 'shutdown requested: stopping all services'
	unwanted log_has 'warning'
}

# What the kernel does not know it hands on: no verb, no command, but options are taken.
test_words_of_the_kernels_command_line() {
	make_tree </dev/null
	cat >"$tree/etc/other.ini" <<-END
		[node]
		ready_message = ANOTHER
		[service end]
		type = oneshot
		command = /bin/kill -s PWR 1
	END
	boot splash status other=value -- single -c /etc/other.ini
	want powered_off
	for word in splash status single; do want log_has "^firsthop: \"$word\" of the kernel.* ignored"; done
	unwanted log_has '"(-c|/etc/other.ini|other)'
	want log_has '^firsthop: signal PWR: stopping all services'
}

# Only what some other program has started firsthop with can have "--" in it.
test_foreground_command() {
	make_tree </dev/null
	script start <<-'END'
		exec /sbin/firsthop -- /bin/sh -c 'echo it runs; exit 7'
	END
	boot rdinit=/bin/start
	want powered_off
	want log_has 'it runs'
	want log_has 'exit code 7'
}

# prompts N: so many lines begin with the shell's prompt.
prompts() { at_least "$1" log_count '^/ # '; }

# ^C is for what runs at the console; ctrl-alt-del is for PID 1, which reboots in order.
test_console_and_ctrl_alt_del() {
	make_tree <<-END
		[service a]
		command = /bin/sleep 1000
		[service console]
		type = console
		command = /bin/sh
	END
	boot
	want wait_log '^READY$'
	want wait_until prompts 1
	type_line 'sh -c "tty; sleep 1000; echo not interrupted"'
	want wait_log '^/dev/console$'
	printf '\003' >"$dir/node.line.in"
	want wait_until prompts 2
	# shellcheck disable=SC2016 # the shell in the machine expands it
	type_line 'echo "and on: $((6 * 7))"'
	want wait_log '^and on: 42'
	unwanted log_has '^not interrupted'
	unwanted log_has 'signal INT'
	want press_ctrl_alt_del
	want rebooted
	want log_order 'firsthop: a stopped' 'ended, exit code 0'
}

# The module is asked for by its name, with those that it needs; a file system is unmounted.
test_module_and_file_system() {
	disk=$dir/disk
	make_tree <<-END
		[module virtio_pci]
		need = required
		[module virtio_blk]
		need = required
		[service mounts]
		type = oneshot
		command = /bin/mount -t ext4 /dev/vda /mnt
		[service work]
		needs = mounts
		prepare = /bin/sh -c "echo kept >/mnt/file"
		command = /bin/sleep 1000
		[service end]
		type = oneshot
		after = work
		command = /bin/kill -TERM 1
	END
	mkdir "$tree/mnt"
	add_modules virtio_pci virtio_blk
	mke2fs -q -t ext4 "$disk" 16M 2>/dev/null >&2
	want test -s "$disk"
	boot
	want powered_off
	unwanted log_has 'warning|killing'
	want grep -q 'Filesystem state: *clean$' <(dumpe2fs -h "$disk" 2>/dev/null)
	unwanted grep -q needs_recovery <(dumpe2fs -h "$disk" 2>/dev/null)
	want is kept debugfs -R 'cat /file' "$disk"
}

# It stays; nothing panics; somebody looks after it.
test_critical_failure() {
	make_tree <<-END
		[service broken]
		command = /bin/false
		critical = yes
		restart = never
	END
	boot
	want wait_log '^firsthop: the machine stays up'
	want log_has 'ended because of broken, exit code 102'
	want press_ctrl_alt_del
	want rebooted
}

test_critical_failure_that_halts() {
	make_tree <<-END
		[node]
		on_failure = halt
		[service broken]
		command = /bin/false
		critical = yes
		restart = never
	END
	boot
	want wait_log 'reboot: System halted'
	unwanted log_has 'the machine stays up|Kernel panic'
}

# A shell for root's password, where the image has that program.
test_rescue_with_a_login() {
	make_tree <<-END
		[service a]
		frobnicate = yes
	END
	script ../sbin/sulogin <<-'END'
		tty
		echo "a shell of $(ps -o pid,ppid,comm | grep -c sulogin)"
	END
	boot -- --strict
	want rebooted
	want log_order 'frobnicate' '^firsthop: the machine stays up' '^/dev/console' 'a shell of'
}

# Everything stops, the machine stays.
test_rescue_on_request() {
	make_tree <<-END
		[service a]
		command = /bin/sleep 1000
		[service b]
		type = oneshot
		command = /sbin/firsthop shutdown --rescue
		after = a
	END
	boot
	want wait_log '^firsthop: the machine stays up'
	want log_has '^firsthop: a stopped'
	want press_ctrl_alt_del
	want rebooted
}

# Then the other program is the machine's init, and its end is that one's affair.
test_handover() {
	make_tree <<-END
		[node]
		handover = /bin/other one
		[service a]
		command = /bin/sleep 1000
	END
	script other <<-'END'
		echo "other: pid $$ with $*"
		until firsthop health --level ready; do sleep 1; done
		firsthop shutdown --reboot
		firsthop shutdown
		while firsthop status; do sleep 1; done >/dev/null 2>&1
		exec busybox poweroff -f
	END
	boot
	want powered_off
	want log_has '^other: pid 1 with one'
	want log_has 'this machine is not ours to end'
	want log_has '^firsthop: a stopped'
}

# What a hypervisor sends to have a machine shut down; busybox's acpid hears it.
test_power_button() {
	make_tree <<-END
		[module button]
		[module evdev]
		[service acpid]
		command = /bin/busybox acpid -d
		ready = exec:/bin/sh -c "ls -l /proc/[0-9]*/fd | busybox grep -q /dev/input/event"
	END
	add_modules button evdev
	mkdir -p "$tree/etc/acpi/PWRF"
	script ../etc/acpi/PWRF/00000080 <<-'END'
		exec /sbin/firsthop shutdown
	END
	boot
	want wait_log '^READY'
	want monitor system_powerdown
	want powered_off
	want log_has 'shutdown requested'
}

# PID 1 with a fault of its own: what runs goes on, the kernel does not panic, and it still obeys.
test_fault() {
	make_tree <<-END
		[service a]
		command = /bin/sh -c "kill -SEGV 1; while kill -0 1; do echo alive >/dev/ttyS1; sleep 1; done"
	END
	boot
	want wait_log '^firsthop: error: a fault in firsthop itself'
	want wait_until results_have alive
	want press_ctrl_alt_del
	want rebooted
}

run_tests "$@"
