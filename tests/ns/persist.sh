#!/bin/bash
# persist.sh: files that outlive the container: what is put back at boot, and what is kept.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# persist_config [LINE…]: a node with one kept file, $dir/etc/f, whose check wants the word good.
persist_config() {
	as_node mkdir -p "$dir/etc" "$dir/config"
	config <<-END
		[persist f]
		path = @DIR@/etc/f
		store = @DIR@/config/f
		check = grep -q good %f
		$(printf '%s\n' "$@")
		[service a]
		command = @ACTOR@ pause
	END
}
# persist VERB…: as somebody in the node, or beside one that does not run.
persist() { as_node "$FIRSTHOP" persist -c "$dir/node.ini" "$@"; }
path() { cat "$dir/etc/f"; }
store() { cat "$dir/config/f"; }
generations() { (cd "$dir/config/f.generations" 2>/dev/null && echo [0-9]*); }
generation() { cat "$dir/config/f.generations/$1"; }
# save TEXT: as an editor does; write TEXT: as the shell does.
save() { as_node sh -c 'printf "%s\n" "$2" >"$1.new" && mv "$1.new" "$1"' sh "$dir/etc/f" "$1"; }
write() { as_node sh -c 'printf "%s\n" "$2" >"$1"' sh "$dir/etc/f" "$1"; }
put() { as_node sh -c 'mkdir -p "${1%/*}" && printf "%s\n" "$2" >"$1"' sh "$1" "$2"; }
kept() { wait_log "persist f: $dir/etc/f kept in $dir/config/f" "$1"; }
restored() { wait_log "persist f: restored from $1"; }
# fresh: as in a new container, which has the image's file.
fresh() {
	as_node rm -f "$dir/etc/f"
	[ $# = 0 ] || write "$1"
}

test_what_is_kept_comes_back() {
	persist_config 'mode = 0640'
	boot
	want moved a ready
	want log_has 'persist f: nothing was kept yet$'
	save 'good 1'
	want kept 1
	write 'good 2'
	want kept 2
	want is 'good 2' store
	want is '000001 000002' generations
	stop
	fresh 'good image'
	boot
	want restored "the store $dir/config/f\$"
	want moved a ready 2
	want is 'good 2' path
	want is 640 stat -c %a "$dir/etc/f"
	want is 640 stat -c %a "$dir/config/f"
	want is 'good image' generation replaced
	unwanted log_has warning
	stop
	# What came from the store was not kept once more.
	want is '000001 000002' generations
}

# A program that never leaves the file alone for long.
test_a_file_that_never_comes_to_rest() {
	persist_config
	config <<-END
		$(cat "$dir/node.ini")
		[service writer]
		command = /bin/sh -c "while :; do echo good >@DIR@/etc/new; mv @DIR@/etc/new @DIR@/etc/f; sleep 0.02; done"
	END
	boot
	want kept 1
	want is good store
	stop
}

# Nothing is there yet that could be put back; the service makes it.
test_a_directory_that_is_not_there_yet() {
	persist_config
	as_node rmdir "$dir/etc"
	boot
	want moved a ready
	write 'good 1'
	want kept 1
	unwanted log_has warning
	stop
}

# Whoever restores a backup may put another directory in its place.
test_another_directory_in_its_place() {
	persist_config
	boot
	want moved a ready
	as_node mkdir "$dir/etc.new"
	as_node sh -c 'mv "$1" "$1.old" && mv "$1.new" "$1" && echo "good 1" >"$1/f"' sh "$dir/etc"
	want kept 1
	as_node rm -r "$dir/etc"
	want wait_log "warning: persist f: changes of $dir/etc/f are not seen: No such file or directory; .firsthop persist save f. keeps them"
	as_node mkdir "$dir/etc"
	write 'good 2'
	want kept 2
	write 'good 3'
	want kept 3
	unwanted grep degraded <(in_node "$FIRSTHOP" status)
	stop
}

# What is written in the last moment is looked at when all services are gone.
test_the_last_moment_counts() {
	persist_config
	boot
	want moved a ready
	write 'good 1'
	stop
	want is 'good 1' store
}

test_bad_files_replace_nothing() {
	persist_config
	boot
	want moved a ready
	write 'good 1'
	want kept 1
	write 'bad'
	want wait_log "warning: persist f: $dir/etc/f is invalid \\(the check ended with code 1\\), so what was kept stays"
	as_node truncate -s 0 "$dir/etc/f"
	want wait_log "warning: persist f: $dir/etc/f is empty, so what was kept stays"
	want is 'good 1' store
	as_node rm "$dir/etc/f"
	save 'good 2'
	want kept 2
	stop
	want is '000001 000002' generations
}

test_only_so_many_generations() {
	persist_config 'keep = 3'
	for i in 1 2 3 4 5; do
		write "good $i"
		want persist save
	done
	want is '000003 000004 000005' generations
	want is 'good 3' generation 000003
}

# Kept: good 1 as generation 1, good 2 as 2 and in the store.
two_kept() {
	persist_config "$@"
	for i in 1 2; do
		write "good $i"
		want persist save
	done
	fresh 'image'
}

test_what_is_no_good_is_passed_over() {
	two_kept
	put "$dir/config/f" 'bad'
	boot
	want wait_log "warning: persist f: restored from generation 2: the store $dir/config/f is invalid .*; .firsthop persist list f. shows"
	want is 'good 2' path
	stop
	# A power cut may leave NUL bytes.
	as_node truncate -s 0 "$dir/config/f"
	as_node truncate -s 4096 "$dir/config/f"
	put "$dir/config/f.generations/000002" 'bad'
	boot
	want wait_log "restored from generation 1: the store $dir/config/f is empty, generation 2 is invalid"
	want is 'good 1' path
	stop
	fresh 'image'
	put "$dir/config/f.generations/000001" 'bad'
	boot
	want wait_log "warning: persist f: left as it is: the store $dir/config/f is empty, generation 2 is invalid .*, generation 1 is invalid"
	want is 'image' path
	want moved a ready 3
	stop
}

# A good store is put back all the same.
test_generations_that_cannot_be_read() {
	two_kept
	as_node rm -r "$dir/config/f.generations"
	as_node touch "$dir/config/f.generations"
	boot
	want wait_log "warning: persist f: restored from the store $dir/config/f; cannot read $dir/config/f.generations: Not a directory"
	want is 'good 2' path
	want moved a ready
	stop
	as_node rm "$dir/config/f"
	boot
	want wait_log "warning: persist f: not restored; cannot read $dir/config/f.generations: Not a directory"
	want moved a ready 2
	stop
}

# Each is read, as far as a good one; they need not all have room at once.
test_many_large_files_that_are_no_good() {
	persist_config
	write 'good 1'
	want persist save
	for file in f f.generations/00000{2,3,4,5}; do
		as_node sh -c 'echo "$1" >"$1" && truncate -s 16M "$1"' sh "$dir/config/$file"
	done
	boot
	want wait_log "warning: persist f: restored from generation 1: the store $dir/config/f is invalid"
	unwanted log_has 'Cannot allocate memory'
	want is 'good 1' path
	stop
}

test_a_required_file_ends_the_boot() {
	persist_config
	sed -i '1i [node]\nrequired = persist' "$dir/node.ini"
	put "$dir/config/f" 'bad'
	boot
	want is 101 end_status
}

test_a_store_changed_by_hand_counts() {
	two_kept
	put "$dir/config/f" 'good by hand'
	boot
	want restored "the store"
	want is 'good by hand' path
	want is 'good by hand' generation 000003
	stop
}

# It was edited for the next boot, but a save came before that.
test_an_edited_store_is_not_lost() {
	two_kept
	boot
	want moved a ready
	put "$dir/config/f" 'good by hand'
	write 'good 3'
	want kept 1
	want is 'good by hand' generation edited
	want persist rollback edited
	want is 'good by hand' path
	stop
}

test_day0_is_for_the_first_boot() {
	persist_config 'day0 = @DIR@/config/day0'
	put "$dir/config/day0" 'good day 0'
	boot
	want restored "day-0 $dir/config/day0\$"
	want is 'good day 0' path
	write 'good 1'
	want kept 1
	stop
	put "$dir/config/day0" 'good other day'
	fresh
	boot
	want restored "the store $dir/config/f; day-0 $dir/config/day0 has changed since it was last seen, but prefer = store"
	want is 'good 1' path
	stop
	boot
	want restored "the store $dir/config/f\$"
	stop
}

test_day0_at_each_boot() {
	two_kept 'day0 = @DIR@/config/day0' 'prefer = day0'
	put "$dir/config/day0" 'good day 0'
	boot
	want restored "day-0 $dir/config/day0, as prefer = day0 asks for"
	want is 'good day 0' path
	want is 'good 2' store
	stop
	as_node rm "$dir/config/day0"
	boot
	want restored "the store $dir/config/f: day-0 $dir/config/day0 is not there"
	stop
}

test_the_newest_of_day0_and_store() {
	two_kept 'day0 = @DIR@/config/day0' 'prefer = newest'
	put "$dir/config/day0" 'good day 0'
	boot # never seen before: what was kept is worth more
	want restored "the store"
	stop
	put "$dir/config/day0" 'bad'
	boot
	want wait_log "restored from the store $dir/config/f: day-0 $dir/config/day0 is invalid"
	stop
	put "$dir/config/day0" 'good new day'
	boot
	want restored "day-0 $dir/config/day0, which has changed since it was last seen"
	want is 'good new day' path
	stop
	# It was taken once; from then on it is what is kept.
	fresh
	boot
	want wait_log 'restored from the store' 3
	want is 'good new day' path
	stop
}

test_hostname_of_the_restored_file() {
	persist_config
	sed -i '1i [node]\nhostname_from = @DIR@/etc/f' "$dir/node.ini"
	config <"$dir/node.ini"
	put "$dir/config/f" "$(printf 'hostname good-r7\n!')"
	boot
	want moved a ready
	want is good-r7 in_node uname -n
	stop
}

# One with many prefix lists is larger than what is read of other files.
test_hostname_of_a_large_file() {
	persist_config
	sed -i '1i [node]\nhostname_from = @DIR@/etc/f' "$dir/node.ini"
	config <"$dir/node.ini"
	put "$dir/config/f" 'hostname good-r8'
	seq -f 'ip prefix-list L seq %06g permit any' 50000 | as_node sh -c 'cat >>"$1"' sh "$dir/config/f"
	boot
	want moved a ready
	want is good-r8 in_node uname -n
	unwanted log_has warning
	stop
}

# A single mounted file: no rename takes its place, and its directory sees nothing.
test_a_mounted_file() {
	persist_config
	put "$dir/host" 'good host'
	put "$dir/etc/f" 'below the mount'
	put "$dir/config/f" 'good kept'
	node_setup='mount --bind "$0/host" "$0/etc/f"'
	boot
	want restored "the store"
	want is 'good kept' cat "$dir/host"
	want is 'good host' generation replaced
	# As vtysh does it.
	unwanted in_node mv "$dir/etc/f" "$dir/etc/f.sav" 2>/dev/null
	in_node sh -c 'echo "good 1" >"$1"' sh "$dir/etc/f"
	want kept 1
	want is 'good 1' cat "$dir/host"
	want is 'good 1' store
	unwanted log_has warning
	stop
	want is 'below the mount' path
}

test_a_file_mounted_read_only() {
	persist_config
	put "$dir/host" 'good host'
	put "$dir/etc/f" 'below the mount'
	put "$dir/config/f" 'good kept'
	node_setup='mount --bind "$0/host" "$0/etc/f" && mount -o remount,bind,ro "$0/etc/f"'
	boot
	want wait_log "warning: persist f: not restored; cannot write $dir/etc/f: Read-only file system\$"
	want moved a ready
	want is 'good host' cat "$dir/host"
	want is 'good kept' store
	stop
	want is 'good kept' store
}

test_a_mounted_directory() {
	persist_config
	as_node mkdir "$dir/host"
	put "$dir/config/f" 'good kept'
	node_setup='mount --bind "$0/host" "$0/etc"'
	boot
	want restored "the store"
	want is 'good kept' cat "$dir/host/f"
	in_node sh -c 'mv "$1" "$1.sav" && echo "good 1" >"$1"' sh "$dir/etc/f"
	want kept 1
	want is 'good 1' store
	stop
}

# The store itself is a single mounted file.
test_a_mounted_store() {
	persist_config
	put "$dir/host" 'good host'
	put "$dir/config/f" 'below the mount'
	node_setup='mount --bind "$0/host" "$0/config/f"'
	boot
	want restored "the store"
	want is 'good host' path
	write 'good 1, which is longer than what was there before'
	want kept 1
	write 'good 2'
	want kept 2
	want is 'good 2' cat "$dir/host"
	want is '000001 000002 000003' generations
	unwanted log_has warning
	stop
}

# It was being written in place when everything ended.
test_a_torn_store() {
	two_kept
	put "$dir/config/f" 'good 1 or so, and yet torn'
	as_node mv "$dir/config/f.generations/000002" "$dir/config/f.generations/000002.to-store"
	boot
	want wait_log "restored from generation 2: the store $dir/config/f was not written to its end"
	want is 'good 2' path
	want is 'good 2' store
	want is '000001 000002' generations
	stop
}

test_a_store_on_another_file_system() {
	persist_config
	put "$dir/etc/f" 'good image'
	node_setup='mount -t tmpfs none "$0/config"'
	boot
	want moved a ready
	in_node sh -c 'echo "good 1" >"$1"' sh "$dir/etc/f"
	want kept 1
	want is 'good 1' in_node cat "$dir/config/f"
	stop
}

test_a_read_only_store() {
	two_kept
	node_setup='mount --bind "$0/config" "$0/config" && mount -o remount,bind,ro "$0/config"'
	boot
	want wait_log "warning: persist f: restored from the store .*; $dir/config: Read-only file system, so no change is kept; mount it writable, such as with -v VOLUME:$dir/config"
	want is 'good 2' path
	want moved a ready
	write 'good 3'
	want wait_log 'warning: persist f: a change is not kept: cannot write .*: Read-only file system; what was kept stays, and it is tried again'
	write 'good 4'
	stop
	want is 'good 2' store
	want is 2 log_count 'warning: persist'
}

# The same for one that is mounted by itself.
test_a_mounted_store_that_is_read_only() {
	two_kept
	put "$dir/host" 'good 2'
	node_setup='mount --bind "$0/host" "$0/config/f" && mount -o remount,bind,ro "$0/config/f"'
	boot
	want wait_log "warning: persist f: restored from the store .*; $dir/config/f: Read-only file system, so no change is kept; mount it writable, such as with -v FILE:$dir/config/f"
	want moved a ready
	write 'good 3'
	want wait_log "warning: persist f: a change is not kept: cannot write $dir/config/f: Read-only file system"
	stop
	want is 'good 2' cat "$dir/host"
}

test_a_full_disk() {
	persist_config
	put "$dir/etc/f" 'good image'
	node_setup='mount -t tmpfs -o size=64k none "$0/config"'
	boot
	want moved a ready
	in_node sh -c 'echo "good 1" >"$1"' sh "$dir/etc/f"
	want kept 1
	in_node sh -c 'cat /dev/zero >"$1/fill" 2>/dev/null' sh "$dir/config"
	write 'good 2'
	want wait_log 'warning: persist f: a change is not kept: cannot write .*: No space left on device'
	want is 'good 1' in_node cat "$dir/config/f"
	want is 000001 in_node ls "$dir/config/f.generations"
	in_node rm "$dir/config/fill"
	write 'good 3'
	want kept 2
	want is 'good 3' in_node cat "$dir/config/f"
	stop
}

test_rollback_while_it_runs() {
	two_kept
	boot
	want restored "the store"
	want moved a ready
	want persist rollback 1
	want is 'good 1' path
	want is 'good 1' store
	want is '000001 000002 000003' generations
	want persist rollback
	want is 'good 2' path
	write 'bad'
	unwanted persist save 2>/dev/null
	unwanted persist rollback path 2>/dev/null
	want is 'good 2' store
	want persist rollback --unchecked path
	want is 'bad' store
	# What was there, and is kept nowhere, is not thrown away.
	write 'bad, but a lot of work'
	want persist rollback 1
	want is 'good 1' path
	want is 'bad, but a lot of work' generation replaced
	stop
}

# What somebody keeps by hand is not called "not kept" any more.
test_status_after_a_save_by_hand() {
	two_kept
	boot
	want moved a ready
	for do in 'save' 'rollback path'; do
		write "bad $do"
		want wait_log "warning: persist f: $dir/etc/f is invalid" "$((++refusals))"
		# shellcheck disable=SC2086 # words
		want persist $do --unchecked
		want is "bad $do" store
		want wait_log 'debug: persist f: kept$' "$refusals"
		unwanted grep degraded <(in_node "$FIRSTHOP" status)
	done
	stop
}

# A reload puts nothing back, and goes on with what has changed meanwhile.
test_reload() {
	two_kept
	boot
	want moved a ready
	write 'bad'
	want wait_log 'is invalid'
	sed -i 's/^check = .*/check = grep -q . %f/' "$dir/node.ini"
	send_signal HUP
	want wait_log 'reloaded'
	want is 'bad' path
	want kept 1
	want is 'bad' store
	write 'not good, and yet taken now: g o o d'
	want kept 2
	stop
}

# What is not kept is not called kept by a reload that changes nothing.
test_reload_does_not_make_it_good() {
	two_kept
	boot
	want moved a ready
	write 'bad'
	want wait_log 'is invalid'
	send_signal HUP
	want wait_log 'is invalid' 2
	want grep -q '^degraded: persist f: .* is invalid' <(in_node "$FIRSTHOP" status)
	stop
}

test_a_check_that_cannot_be_run() {
	two_kept
	sed -i 's/^check = .*/check = nosuchprogram %f/' "$dir/node.ini"
	put "$dir/config/f" 'by hand'
	boot
	want wait_log "warning: persist f: restored from the store $dir/config/f, which could not be checked \\(nosuchprogram: "
	want is 'by hand' path
	write 'other'
	want wait_log 'warning: persist f: kept, but it could not be checked: nosuchprogram'
	want is 'other' store
	stop
}

# Once may be chance. For want of memory it is each time, at boot too: that says nothing of the content.
test_a_check_that_is_killed() {
	two_kept
	sed -i 's/^check = .*/check = sh -c "kill -KILL \$\$" %f/' "$dir/node.ini"
	put "$dir/config/f" 'by hand'
	boot
	want wait_log "warning: persist f: restored from the store $dir/config/f, which could not be checked \\(the check was killed by signal KILL\\)"
	want is 'by hand' path
	want moved a ready
	write 'other'
	want wait_log 'warning: persist f: kept, but it could not be checked: the check was killed by signal KILL'
	want is 'other' store
	stop
}

# Its time is bounded, at boot too.
test_a_check_that_does_not_end() {
	two_kept
	sed -i 's/^check = .*/check = sh -c "sleep 1000" %f/' "$dir/node.ini"
	put "$dir/config/f" 'by hand'
	boot
	want wait_log "restored from the store $dir/config/f, which could not be checked \\(the check has not ended within 10 s\\)"
	want moved a ready
	stop
}

# Nor does it outlast the stop: the engine outside would kill us, with nothing kept.
test_a_check_that_does_not_end_at_the_stop() {
	persist_config
	sed -i -e 's/^check = .*/check = sh -c "sleep 1000" %f/' -e '1i [node]\nstop_budget = 1s' "$dir/node.ini"
	boot
	want moved a ready
	write 'good 1'
	stop
	want is 'good 1' store
	want log_has 'warning: persist f: kept, but it could not be checked: the check has not ended in the time that was left for it'
}

run_tests "$@"
