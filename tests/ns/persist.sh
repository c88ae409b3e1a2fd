#!/bin/bash
# persist.sh: files that outlive the container: what is put back at boot, and what is kept.
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# persist_config [LINE…]: a node with one kept file, $dir/etc/f, whose check wants the word good.
persist_config() {
	mkdir -p -m 0777 "$dir/etc" "$dir/config"
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
path() { cat "$dir/etc/f"; }
store() { cat "$dir/config/f"; }
generations() { (cd "$dir/config/f.generations" 2>/dev/null && echo [0-9]*); }
# save TEXT: as an editor does; write TEXT: as the shell does.
save() { as_node sh -c 'printf "%s\n" "$2" >"$1.new" && mv "$1.new" "$1"' sh "$dir/etc/f" "$1"; }
write() { as_node sh -c 'printf "%s\n" "$2" >"$1"' sh "$dir/etc/f" "$1"; }
put() { as_node sh -c 'mkdir -p "${1%/*}" && printf "%s\n" "$2" >"$1"' sh "$1" "$2"; }
kept() { wait_log "persist f: $dir/etc/f kept in $dir/config/f" "$1"; }
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
	want moved a ready 2
	want log_has "persist f: restored from the store $dir/config/f$"
	want is 'good 2' path
	want is 640 stat -c %a "$dir/etc/f"
	want is 640 stat -c %a "$dir/config/f"
	want is 'good image' cat "$dir/config/f.generations/replaced"
	unwanted log_has warning
	stop
	# What came from the store was not kept again.
	want is '000001 000002' generations
}

run_tests "$@"
