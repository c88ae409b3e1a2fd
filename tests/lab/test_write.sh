#!/bin/bash
# `write memory` with FRR's own vtysh: saves all of a router that is whole, and nothing of one that is not.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

conf=/etc/frr/frr.conf
store=/var/lib/kept/frr.conf

# inside COMMAND…: in r1.  file: a file of r1's, as this machine sees it.
inside() { lab_in "$pid" "$@"; }
file() { printf '/proc/%s/root%s' "$pid" "$1"; }

# vty COMMAND…: one after the other, what they say in $said, the exit code in $status.
vty() {
	local arguments=()
	for command in "$@"; do arguments+=(-c "$command"); done
	said=$(inside vtysh "${arguments[@]}" 2>&1 </dev/null)
	status=$?
	printf '# %s: %s\n%s\n' "$*" "$status" "$said" >>"$lab_out"
}
says() { grep -qE -e "$1" <<<"$said"; }
exits() { [ "$status" = "$1" ]; }
has() { for line in "$@"; do grep -qxF -e "$line" "$(file "$conf")" || { echo "$conf has not: $line" >&2 && return 1; }; done; }
owned() { [ "$(inside stat -c '%U:%G %a' "$1")" = "$2" ]; }
keep() { cp "$(file "$conf")" "$TMPDIR/kept"; }
is_stored() { cmp "$(file "$store")" "$(file "$conf")"; }
is_kept() { cmp "$TMPDIR/kept" "$(file "$conf")"; }
state() { inside firsthop status "$1" | grep -q ", $2 for"; }
is_bare() { inside firsthop status "$1" | grep -q 'gets its configuration back'; }
is_whole() { state "$1" ready && ! is_bare "$1"; }
pid_of() { inside cat "/run/frr/$1.pid"; }

lab_open
{
	cat config/examples/router.ini
	printf '\n[service bgpd]\nrestart_delay = 1h\n'
	printf '[service ospfd]\nreconfigure = /usr/local/bin/giver\n'
	printf '[persist frr.conf]\npath = %s\nstore = %s\ncheck = vtysh -C -f %%f\n' "$conf" "$store"
} >"$LAB/write.ini"
lab_prepare r1 "$LAB/write.ini"
# Gives ospfd its configuration back when it is told to.
mkdir -p "$LAB/r1/layer/usr/local/bin"
mkfifo "$LAB/r1/layer/usr/local/bin/give"
cat >"$LAB/r1/layer/usr/local/bin/giver" <<'END'
#!/bin/sh
read -r _ </usr/local/bin/give
exec /usr/bin/vtysh -b -d ospfd
END
chmod 0755 "$LAB"/r1/layer/usr/{local,local/bin,local/bin/giver}
lab_boot r1 -m READY -k "echo \$CONTAIN_PID >$LAB/up" >"$LAB/log" 2>&1 </dev/null &
router=$!
lab_wait 60 'r1 to be ready' test -s "$LAB/up" || { cat "$LAB/log" >&2 && exit 1; }
pid=$(cat "$LAB/up")

check write_listens_for_the_group owned /run/frr/watchfrr.vty 'root:frrvty 770'

vty 'configure terminal' 'ip route 198.51.100.0/24 blackhole' 'end' 'write memory'
check write_saves exits 0
check write_says_ok says '^\[OK\]$'
check write_says_where says "^Integrated configuration saved to $conf$"
check write_has_every_section has 'hostname r1' 'router ospf' 'router bgp 65001' 'interface eth1' \
	'ip route 192.0.2.0/24 blackhole' 'ip route 198.51.100.0/24 blackhole'
check write_is_owned_by_frr owned $conf 'frr:frr 640'
check write_is_no_service_of_the_router inside firsthop health
check write_does_not_clutter_the_status test -z "$(inside firsthop status | grep frr-write)"

vty 'show watchfrr'
check write_shows_the_daemons says '^zebra +ready '
check write_shows_no_other_service test -z "$(grep -E '^(sshd|snmpd|frr-write) ' <<<"$said")"

# Two at once: one at least is saved, and who is refused is told.
keep
for i in 1 2; do inside vtysh -c 'write memory' >"$TMPDIR/said.$i" 2>&1 </dev/null & savers[i]=$!; done
saved=0
for i in 1 2; do wait "${savers[i]}" && saved=$((saved + 1)); done
refused=$(cat "$TMPDIR"/said.[12] | grep -c '^% The configuration is being written already')
check write_tells_who_is_refused test $((saved + refused)) = 2
check write_saves_one_of_two test "$saved" -ge 1
check write_is_the_same_again is_kept

# A file that is mounted by itself cannot be renamed, so vtysh writes into it.
inside mount --bind $conf $conf
inode=$(inside stat -c %i $conf)
vty 'configure terminal' 'ip route 203.0.113.0/24 blackhole' 'end' 'write memory'
check write_saves_a_mounted_file exits 0
check write_has_the_new_route has 'router bgp 65001' 'ip route 203.0.113.0/24 blackhole'
check write_keeps_a_mounted_file_in_its_place test "$(inside stat -c %i $conf)" = "$inode"
check write_keeps_its_owner owned $conf 'frr:frr 640'

# Who is told [OK] may remove the container at once.
for i in 1 2 3; do
	vty 'configure terminal' "ip route 203.0.113.$i/32 blackhole" 'end' 'write memory'
	check "write_is_stored_when_it_says_ok ($i)" is_stored
	check "write_has_what_was_stored ($i)" has "ip route 203.0.113.$i/32 blackhole"
done
inside mv $store.generations $store.aside
inside touch $store.generations
vty 'configure terminal' 'ip route 203.0.113.4/32 blackhole' 'end' 'write memory'
check write_fails_when_it_is_not_stored exits 1
check write_says_that_it_is_not_stored says '^% Saved, but not kept: .* .firsthop status. says why\.$'
check write_saves_it_even_so has 'ip route 203.0.113.4/32 blackhole'
inside rm $store.generations
inside mv $store.aside $store.generations
vty 'write memory'
check write_stores_it_the_next_time is_stored

# ospfd is up again, and empty.
keep
inside kill -KILL "$(pid_of ospfd)"
lab_wait 20 'ospfd to be ready again' is_bare ospfd
vty 'write memory'
check write_waits_for_the_configuration exits 1
check write_says_for_whose says '^% ospfd: ready; gets its configuration back'
check write_leaves_the_file_of_an_empty_one is_kept
echo >"$(file /usr/local/bin/give)"
lab_wait 20 'ospfd to be configured' is_whole ospfd
vty 'write memory'
check write_saves_once_it_is_configured exits 0
check write_saves_what_was_given_back is_kept

# A save that does not end well must not be seen in the file.
cat >"$(file /usr/local/bin/saver)" <<'END'
#!/bin/sh
case $(cat /run/way) in
empty) : >/etc/frr/frr.conf && exit 3 ;;
crash) echo half >/etc/frr/frr.conf && kill -SEGV $$ ;;
hang) : >/etc/frr/frr.conf && exec sleep 1000 ;;
leave) kill -KILL "$(cat /run/frr/bgpd.pid)" && exec /usr/bin/vtysh -w ;;
esac
END
chmod +x "$(file /usr/local/bin/saver)"
printf '[service frr-write]\ncommand = /usr/local/bin/saver\nstart_timeout = 1s\nstop_timeout = 100ms\n' >>"$(file /etc/firsthop.ini)"
check write_can_be_changed inside firsthop reload
for mounted in yes no; do
	for way in empty crash hang; do
		keep
		echo "$way" >"$(file /run/way)"
		vty 'write memory'
		check "write_fails_when_vtysh_does ($way, mounted: $mounted)" exits 1
		check "write_puts_the_file_back ($way, mounted: $mounted)" is_kept
		check "write_puts_its_owner_back ($way, mounted: $mounted)" owned $conf 'frr:frr 640'
	done
	[ "$mounted" = no ] || inside umount $conf
done
check write_says_that_it_failed says '^% Not saved: vtysh .*; /etc/frr/frr\.conf is as it was\.$'

# It cannot even begin, and somebody stops it: that is an answer, too.
keep
sed -i 's/^start_timeout = 1s$/&\nneeds = never/' "$(file /etc/firsthop.ini)"
printf '[service never]\ntype = oneshot\nrestart = never\ncommand = /bin/false\n' >>"$(file /etc/firsthop.ini)"
inside firsthop reload >>"$lab_out" 2>&1
timeout 20 nsenter -t "$pid" -a vtysh -c 'write memory' >"$TMPDIR/said.stopped" 2>&1 </dev/null & stopped=$!
lab_wait 20 'the save to wait' state frr-write waiting
inside firsthop stop frr-write >>"$lab_out" 2>&1
wait "$stopped"
status=$? said=$(cat "$TMPDIR/said.stopped")
check write_ends_when_it_is_stopped exits 1
check write_says_that_it_was_not_run says '^% Not saved: vtysh was not run; '
check write_leaves_the_file_that_it_did_not_write is_kept
sed -i '/^needs = never$/d' "$(file /etc/firsthop.ini)"
inside firsthop reload >>"$lab_out" 2>&1

# bgpd leaves in the midst of it: vtysh saves the others, and is content.
keep
echo leave >"$(file /run/way)"
vty 'write memory'
check write_fails_when_a_daemon_leaves exits 1
check write_says_that_one_left says '^% Not saved: a daemon ended meanwhile'
check write_puts_back_what_lacks_a_section is_kept

# bgpd is down now: its section would be gone.
lab_wait 20 'bgpd to be down' state bgpd backoff
vty 'write memory'
check write_is_refused exits 1
check write_says_why says '^% Not all daemons are up, cannot write config\.$'
check write_names_who_is_down says '^% bgpd: backoff; .*killed by signal 9'
check write_leaves_the_file_alone is_kept
vty 'show watchfrr'
check write_shows_who_is_down says '^bgpd +backoff '

kill -TERM "$pid"
wait "$router"
check write_stops_in_order test $? = 0
cat "$LAB/log" >>"$lab_out"
lab_clean
trap - EXIT
lab_end write
