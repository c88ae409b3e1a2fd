#!/bin/bash
# persist_crash.sh: firsthop is killed at every system call of a save, and of a boot, as by `docker rm
# -f`. Each time the next boot of a new container must find what was kept before or what was being
# kept, never less.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

export KILLAT=$HELPERS/killat
FIRSTHOP_BACKENDS=${FIRSTHOP_BACKENDS:-ns} # what happens on the disk is the same for an ordinary user
export ASAN_OPTIONS=detect_leaks=0	   # it cannot look for them under ptrace(2)

# persist_config [LINE…]: one kept file, $dir/etc/f.
persist_config() {
	mkdir -p "$dir/etc" "$dir/config" "$dir/scene"
	boot_program /bin/true # for the files that each node needs
	want is 0 end_status
	config <<-END
		[persist f]
		path = @DIR@/etc/f
		store = @DIR@/config/f
		keep = 2
		$(printf '%s\n' "$@")
	END
}
write() { printf '%s\n' "$2" >"$dir/$1"; }
persist_save() { ns_enter "$FIRSTHOP" persist -c "$dir/node.ini" save >/dev/null; }
boot_once() { ns_enter "$FIRSTHOP" init -c "$dir/node.ini" -- /bin/true >>"$dir/log" 2>&1; }

# The scene is what each attempt begins with.
keep_scene() {
	cp -a "$dir/etc" "$dir/config" "$dir/scene" || return
	[ ! -e "$dir/host" ] || cp "$dir/host" "$dir/scene/config/f"
}

# In a node, in $dir: kills a command at its first system call, its second, and so on until it ends by
# itself. Each state of the disk that was not seen before is put aside, as states/NUMBER. How it is
# done is a function of this shell.
# shellcheck disable=SC2016 # another shell's
attempts='
	cd "$1" && shift || exit
	shopt -s dotglob
	run() { "$KILLAT" "$@" >killat.log 2>&1; }
	# A PID 1 sees the file change. Calls count from then on.
	save() {
		local at=$1 pid
		shift
		: >killat.log
		"$KILLAT" -u "$at" "$@" >killat.log 2>&1 &
		pid=$!
		until grep -q "all ready" killat.log; do sleep 0.01; done
		kill -USR1 "$pid"
		echo new >etc/f
		while kill -0 "$pid" 2>/dev/null && ! grep -q "kept in" killat.log; do sleep 0.01; done
		! kill -KILL "$pid" 2>/dev/null || return 1
		wait "$pid"
	}
	attempt=$1
	shift
	declare -A seen=()
	at=0 status=0
	while [ "$status" = 0 ]; do
		at=$((at + 1))
		rm -rf etc/* config/f.generations
		cp -a scene/. .
		"$attempt" "$at" "$@"
		status=$?
		state=$(echo etc/* config/* config/f.generations/*; cat etc/f config/f config/f.generations/* 2>/dev/null)
		[ -z "${seen[$state]:-}" ] || continue
		seen[$state]=$at
		mkdir -p "states/$at"
		cp -a etc config "states/$at"
	done
	echo "$at system calls, status $status" >&2
	[ "$status" = 1 ]'

# walk HOW COMMAND…: the attempts, and then a boot of a new container with each state. What it has then
# is a key of $outcomes.
walk() {
	local state
	declare -gA outcomes=() stores=()
	states=0
	mkdir -p "$dir/states"
	want ns_enter bash -c "$attempts" bash "$dir" "$@"
	for state in "$dir"/states/*; do
		rm -rf "${dir:?}/etc" "$dir/config"
		cp -a "$state/etc" "$state/config" "$dir"
		if [ -e "$dir/host" ]; then
			cp "$dir/config/f" "$dir/host"
		else # where it can be replaced, also who looks from outside sees a whole file
			stores["is $(cat "$dir/config/f")"]=1
		fi
		new_container
		want boot_once
		outcomes["$(cat "$dir/etc/f" || echo nothing)"]+="${state##*/} "
		states=$((states + 1))
	done
}
new_container() { write etc/f image; }

# Old is kept, new is what is there now: shorter, so that one over the other is neither.
old='old, and longer than what comes'
old_and_new() {
	for content in oldest "$old"; do
		write etc/f "$content"
		want persist_save
	done
	write etc/f new
}
# The walk has met both, and nothing else.
old_or_new() {
	want [ -n "${outcomes[$old]:-}" ]
	want [ -n "${outcomes[new]:-}" ]
	want [ "${#outcomes[@]}" = 2 ]
	[ -e "$dir/host" ] || want [ "${#stores[@]}" = 2 ]
	# One that renames has fewer moments; but there are some.
	want [ "$states" -ge 5 ]
}

test_save() {
	persist_config
	old_and_new
	keep_scene
	walk run "$FIRSTHOP" persist -c "$dir/node.ini" save
	old_or_new
}

test_save_of_pid_1() {
	persist_config
	old_and_new
	write etc/f "$old"
	keep_scene
	walk save "$FIRSTHOP" init -c "$dir/node.ini"
	old_or_new
}

test_save_in_place() {
	persist_config
	node_setup='mount --bind "$0/host" "$0/config/f"'
	write host older
	write config/f 'below the mount'
	old_and_new
	keep_scene
	walk run "$FIRSTHOP" persist -c "$dir/node.ini" save
	old_or_new
}

# What a power cut leaves cannot be tried here; but what it may leave is said by the order of what is
# synced and what is renamed. synced COMMAND…: that order, with the files relative to $dir.
synced() {
	ns_enter strace -f -y -e trace=fsync,rename -o "$dir/trace" "$FIRSTHOP" persist -c "$dir/node.ini" save >&2
	sed -nE -e "s|$dir/||g" -e 's/.*fsync\([0-9]+<([^>]*)>\) .*/sync \1/p' \
		-e 's/.*rename\("([^"]*)", "([^"]*)"\).*/rename \1 \2/p' "$dir/trace"
}

test_syncs() {
	persist_config
	write etc/f new
	want is "$(printf '%s\n' 'sync config/.f.firsthop' 'rename config/.f.firsthop config/f' 'sync config' \
		'sync config/f.generations/.000001.firsthop' \
		'rename config/f.generations/.000001.firsthop config/f.generations/000001' \
		'sync config/f.generations')" synced
}

test_syncs_in_place() {
	persist_config
	node_setup='mount --bind "$0/host" "$0/config/f"'
	write host older
	write config/f 'below the mount'
	write etc/f new
	want is "$(printf '%s\n' 'sync config/f.generations/.edited.firsthop' \
		'rename config/f.generations/.edited.firsthop config/f.generations/edited' \
		'sync config/f.generations' 'sync config/.f.firsthop' 'rename config/.f.firsthop config/f' \
		'sync config/f.generations/.000001.to-store.firsthop' \
		'rename config/f.generations/.000001.to-store.firsthop config/f.generations/000001.to-store' \
		'sync config/f.generations' 'sync config' 'sync config/f' \
		'rename config/f.generations/000001.to-store config/f.generations/000001' \
		'sync config/f.generations')" synced
}

test_rollback() {
	persist_config
	old_and_new
	want persist_save
	write etc/f new
	keep_scene
	walk run "$FIRSTHOP" persist -c "$dir/node.ini" rollback
	old_or_new
}

# A changed day-0 is never forgotten, whenever the boot that takes it ends.
test_boot_with_a_changed_day0() {
	persist_config 'day0 = @DIR@/config/day0' 'prefer = newest'
	write config/day0 'day 0'
	want boot_once
	write etc/f old
	want persist_save
	write config/day0 'new day'
	write etc/f image
	keep_scene
	walk run "$FIRSTHOP" init -c "$dir/node.ini" -- /bin/true
	want [ -n "${outcomes['new day']:-}" ]
	want [ "${#outcomes[@]}" = 1 ]
	want [ "$states" -ge 5 ]
}

run_tests "$@"
