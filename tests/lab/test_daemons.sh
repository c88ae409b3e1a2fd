#!/bin/bash
# Which daemons run, and as what: FRR's `daemons` as a script, CML's `protocols`, an instance; and that
# the host keys of sshd hold none of them back; and what is known of one that hangs.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
. tests/lib/ui.sh
. tests/lab/test_lib.sh
. tests/lab/lib.sh

inside() { lab_in "$pid" "$@"; }
file() { printf '/proc/%s/root%s' "$pid" "$1"; }
state() { inside firsthop status "$1" | grep -q ", $2 for"; }
# A line of the log may be on its way.
logged() { lab_wait 10 "a line: $1" grep -qE -e "$1" "$LAB/log"; }
pid_of() { inside firsthop status --json "$1" | sed -nE 's/.*"pid":([0-9]+).*/\1/p'; }
command_of() { inside sh -c "tr '\\0' ' ' </proc/$(pid_of "$1")/cmdline"; }
limit_of() { awk '/^Max open files/ {print $4}' "$(file "/proc/$(pid_of "$1")/limits")"; }
is() { [ "$("${@:2}")" = "$1" ]; }

lab_open
{
	sed 's/^daemons = .*/&\ndaemons_shell = yes/; s/^root_password = .*/root_password = locked/; s|^prepare = .*keygen.*|prepare = /usr/local/bin/keygen|' config/examples/router.ini
	printf '\n[service bgpd]\nhealth_signal = ABRT\nhealth_period = 500ms\nhealth_timeout = 1s\n'
	printf '[service mark]\ntype = oneshot\nneeds = frr-config\ncommand = /bin/echo configured\n'
} >"$LAB/daemons.ini"
lab_prepare r1 "$LAB/daemons.ini"
layer=$LAB/r1/layer
cat >"$layer/etc/frr/daemons" <<'END'
# Not to be understood without a shell.
for name in bgpd ospfd; do
	declare "$name=yes"
done
ospfd_instances="1,2"
[ "$CLAB_INTFS" = 1 ] && zebra_options="-A 127.0.0.1 --daemon -M snmp"
bgpd_options="-d -A 127.0.0.1"
MAX_FDS=${MAX_FDS:-1000}
vtysh_enable=no
END
mkdir -p "$layer/config" "$layer/usr/local/bin"
printf '# more\nbfdd\nisisd # this, too\n' >"$layer/config/protocols"
# Takes as long as it is let.
mkfifo "$layer/usr/local/bin/go"
printf '#!/bin/sh\nread -r _ </usr/local/bin/go\nexec /usr/bin/ssh-keygen -A\n' >"$layer/usr/local/bin/keygen"
chmod 0755 "$layer/config" "$layer"/usr/{local,local/bin,local/bin/keygen}
sed -i 's/^router ospf$/router ospf 1/; s/^ ip ospf area/ ip ospf 1 area/' "$layer/etc/frr/frr.conf"
lab_boot r1 -e MAX_FDS=2000 -m 'mark: configured' -k "echo \$CONTAIN_PID >$LAB/up" >"$LAB/log" 2>&1 </dev/null &
router=$!
lab_wait 60 'the configuration to be loaded' test -s "$LAB/up" || { cat "$LAB/log" >&2 && exit 1; }
pid=$(cat "$LAB/up")

check daemons_do_not_wait_for_host_keys state sshd preparing
check daemons_are_configured_meanwhile state frr-config 'done'
for daemon in bgpd bfdd isisd ospfd-1 ospfd-2 staticd zebra; do
	check "daemons_has_$daemon" state "$daemon" ready
done
check daemons_know_the_environment is '/usr/lib/frr/zebra -A 127.0.0.1 -M snmp ' command_of zebra
check daemons_stay_in_the_foreground is '/usr/lib/frr/bgpd -A 127.0.0.1 ' command_of bgpd
check daemons_have_their_instance is '/usr/lib/frr/ospfd -n 2 ' command_of ospfd-2
check daemons_have_as_many_files is 2000 limit_of bgpd
check daemons_say_what_is_left_out logged '/etc/frr/daemons: zebra_options: --daemon is left out'
check daemons_lock_the_password inside grep -q '^root:\*:' /etc/shadow
for what in show plan; do
	check "daemons_show_the_command_lines ($what)" inside env CLAB_INTFS=1 sh -c \
		"firsthop $what | grep -qE '/usr/lib/frr/zebra -A 127.0.0.1 -M snmp'"
done

# A script that hangs: the lines that are understood count, and nobody notices but who reads the log.
before=$(pid_of zebra)
printf 'bgpd=yes\nbgpd_options="-A 127.0.0.1"\nzebra_options="-A 127.0.0.1 -M snmp"\nospfd=yes\nospfd_instances=1,2\nMAX_FDS=2000\nsleep 1000\n' >"$(file /etc/frr/daemons)"
check daemons_reload_ends inside firsthop reload
check daemons_say_that_bash_hangs logged 'warning: /etc/frr/daemons: bash could not evaluate it: it had not ended after 3 s; going on'
check daemons_that_are_the_same_stay is "$before" pid_of zebra
check daemons_leave_no_bash test -z "$(inside pgrep -x 'bash|sleep')"
mv "$(file /usr/bin/bash)" "$(file /usr/bin/no-bash)"
check daemons_reload_without_bash inside firsthop reload
check daemons_say_that_there_is_no_bash logged 'bash could not evaluate it: there is no bash'
check daemons_that_are_the_same_stay_again is "$before" pid_of zebra

# One that hangs, and is to tell where: no core, since the kernel makes none of who has changed its user,
# but FRR's own account of it.
hung=$(pid_of bgpd)
inside kill -STOP "$hung"
is_another() { [ "$(pid_of bgpd)" != "$hung" ] && state bgpd ready; }
lab_wait 30 'another bgpd' is_another
check daemons_are_asked_where_they_hang logged "pid $hung is in state T .stopped.; sending it ABRT"
check daemons_say_where_they_hung inside grep -q 'Received signal 6' "/var/tmp/frr/bgpd.$hung/crashlog"
check daemons_end_of_that_by_themselves test -z "$(grep 'bgpd still runs' "$LAB/log")"

echo >"$(file /usr/local/bin/go)"
lab_wait 30 'sshd to be ready' state sshd ready
check daemons_are_joined_by_sshd logged '^READY$'
kill -TERM "$pid"
wait "$router"
check daemons_stop_in_order test $? = 0
cat "$LAB/log" >>"$lab_out"
lab_clean
trap - EXIT
lab_end daemons
