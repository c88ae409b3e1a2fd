# shellcheck shell=bash
# lib.sh: for scenarios where the machine itself is what is under test. They are written as those of
# tests/ns; the node is a virtual machine, and its log what it says on its first serial line, the
# console. Sourced from the top of the tree.
# shellcheck source-path=SCRIPTDIR/../..
. tests/ns/lib.sh
export FIRSTHOP_BACKENDS=machine
DEADLINE=${VM_DEADLINE:-90} # an emulated processor, perhaps on a machine with other work to do

why_not() {
	if [ "$(uname -m)" != x86_64 ] || ! grep -q '^ID=debian$' /etc/os-release 2>/dev/null; then
		echo 'this machine has no packages of the kernel that these tests boot'
	elif ! type -P qemu-system-x86_64 >/dev/null; then
		echo 'needs qemu-system-x86_64'
	fi
}

# What all of them boot.
[ -n "$(why_not)" ] || tests/vm/run >&2 || exit

# pack_tree DIR: a directory as an archive that the kernel unpacks over what it has.
pack_tree() { (cd "$1" && find . | cpio --quiet -o -H newc -R 0:0); }

# The emulated timer may stand still for longer than the kernel is willing to look at it, on a machine
# with other work to do: no_timer_check.
# qemu NAME INITRAMFS WORDS [OPTION…]: boots a machine in the background; its files are $dir/NAME.…:
# what it says on its lines (console, results), what is typed there (line.in) and to qemu (monitor.in),
# and, when it has ended, the exit status of qemu. WORDS are for the kernel's command line.
qemu() {
	local name=$1 initramfs=$2 words=$3 line
	shift 3
	for line in line monitor; do mkfifo "$dir/$name.$line.in" "$dir/$name.$line.out"; done
	touch "$dir/$name."{console,results}
	# What is written there is in the log as well; but somebody must take it.
	for line in line monitor; do cat "$dir/$name.$line.out" >/dev/null & done
	{
		setpriv --pdeathsig KILL qemu-system-x86_64 -accel tcg -m "${MEMORY:-160}" \
			-nodefaults -no-user-config -display none -no-reboot -nic none \
			-kernel "$B/vm/vmlinuz" -initrd "$initramfs" -append "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check $words" \
			-chardev "pipe,id=line,path=$dir/$name.line,logfile=$dir/$name.console" -serial chardev:line \
			-serial "file:$dir/$name.results" \
			-chardev "pipe,id=monitor,path=$dir/$name.monitor" -mon chardev=monitor "$@" \
			</dev/null >>"$dir/$name.qemu" 2>&1
		echo $? >"$dir/$name.end.new"
		mv "$dir/$name.end.new" "$dir/$name.end"
	} &
}

# For tests with one machine, called "node".
log() { tr -d '\r' <"$dir/node.console"; }
results() { tr -d '\r' <"$dir/node.results"; }
node_runs() { [ ! -e "$dir/node.end" ]; }
end_status() { wait_until test -e "$dir/node.end" && cat "$dir/node.end"; }
# Opened so that one that has ended is not waited for.
monitor() { echo "$*" 1<>"$dir/node.monitor.in"; }
press_ctrl_alt_del() { monitor sendkey ctrl-alt-delete; }
# type_line TEXT: at the console.
type_line() { printf '%s\n' "$1" >"$dir/node.line.in"; }
remove_node() {
	local line
	[ ! -e "$dir/node.qemu" ] || ! node_runs || monitor quit
	# Should it not have come to open them, there are readers that wait.
	for line in "$dir"/*.out; do [ ! -p "$line" ] || : <>"$line"; done
	jobs -p | xargs -r kill 2>/dev/null
	wait
}

# ended HOW: by itself, in that way, and the kernel had nothing to complain about.
powered_off() { ended 'Power down'; }
rebooted() { ended 'Restarting system'; }
ended() {
	[ "$(end_status)" = 0 ] && log_has "reboot: $1" && ! log_has 'Kernel panic|Oops|BUG:'
}
