# shellcheck shell=bash
# test_lib.sh: what the tests of `make run` share. Sourced from the top of the tree.

if [ "$(id -u)" != 0 ]; then
	echo 'skip lab: needs root'
	exit 0
fi
lab_failures=0
lab_out=$TMPDIR/out

# check NAME COMMAND…: one test; what was on the screen is shown once when something failed.
check() {
	local name=$1${SUITE:+ ($SUITE)}
	shift
	if "$@" >/dev/null 2>>"$TMPDIR/err"; then
		echo "ok $name"
	else
		echo "not ok $name"
		echo "$name: $*" >&2
		lab_failures=1
	fi
}

# shown REGEX: a line of the screen matches. in_order REGEX…: each after the one before.
shown() { grep -qE -e "$1" "$lab_out"; }
in_order() {
	local at=0 next regex
	for regex in "$@"; do
		next=$(tail -n +$((at + 1)) "$lab_out" | grep -nE -m 1 -e "$regex" | cut -d: -f1)
		[ -n "$next" ] || { echo "missing: $regex" >&2 && return 1; }
		at=$((at + next))
	done
}

# What of this machine a lab could disturb.
machine() {
	ip -o link
	ip -4 -o address
	ls -d /etc/frr /etc/firsthop.ini /run/frr /run/firsthop /var/agentx 2>/dev/null
	hostname
	cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/all/rp_filter
	ls /run/netns 2>/dev/null
}

# The root tree is shared by all labs, and each must find it as it was made.
tree_state() { find "$B/root-${SUITE:-trixie}" -xdev \( -type f -o -type d \) -newer "$TMPDIR/before" | head; }

lab_begin() {
	: >"$TMPDIR/before"
	machine >"$TMPDIR/machine.before"
}
# lab_open [PACKAGES…]: lab_begin, and a lab in $LAB with all that routers need, its cable laid; after
# lab.sh was sourced. PACKAGES as of tests/lab/deps.
lab_open() {
	lab_begin
	LAB=$(mktemp -d "$TMPDIR/firsthop-lab.XXXXXX")
	export LAB
	trap lab_clean EXIT
	{
		tests/lab/deps build run "$@"
		lab_build
		tests/lab/mkroot
	} >>"$lab_out" 2>&1
	lab_cable
}
lab_end() {
	machine >"$TMPDIR/machine.after"
	check "$1_leaves_the_machine_as_it_was" cmp "$TMPDIR/machine.before" "$TMPDIR/machine.after"
	check "$1_leaves_the_root_tree_as_it_was" test -z "$(tree_state)"
	check "$1_leaves_no_file" test -z "$(find "$TMPDIR" -name 'firsthop-lab.*')"
	[ "$lab_failures" = 0 ] || cat "$TMPDIR/err" "$lab_out" >&2
	exit "$lab_failures"
}
