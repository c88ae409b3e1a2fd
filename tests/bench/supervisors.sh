# shellcheck shell=bash
# supervisors.sh: how each supervisor is told to run COUNT services, and how it is started and
# stopped. Each as its own manual says and as lean as it can be: the services are the program itself,
# with no shell in between (a script's first line names it). Sourced by run.
#
# prepare_NAME DIR COUNT PROGRAM makes in DIR what is needed, once; PROGRAM gets FILE:SLOT as its word.
# begin_NAME DIR COUNT PROGRAM sets `command`, and makes anew what the supervisor itself changes.

slots=$work/slots
declare -A stop_signal=([floor]=15 [firsthop]=15 [s6]=15 [runit]=1 [supervisord]=15)

prepare_floor() { :; }
begin_floor() { command=("$work/floor" "$2" "$3" "$slots"); }

# $firsthop_settings: lines for each service.
prepare_firsthop() {
	local i
	for ((i = 0; i < $2; i++)); do
		printf '[service s%d]\ncommand = %s %s:%d\n%b' "$i" "$3" "$slots" "$i" "${firsthop_settings:-}"
	done >"$1/firsthop.ini"
}
begin_firsthop() { command=("$work/firsthop" init -c "$1/firsthop.ini"); }

# Both: a directory for each service, with the program in it as `run`.
make_run_directories() {
	local i
	for ((i = 0; i < $2; i++)); do
		mkdir -p "$1/pristine/s$i"
		printf '#!%s %s:%d\n' "$3" "$slots" "$i" >"$1/pristine/s$i/run"
		chmod +x "$1/pristine/s$i/run"
	done
}
copy_pristine() {
	rm -rf "$1/live"
	cp -a "$1/pristine" "$1/live"
}

prepare_s6() { make_run_directories "$@"; }
begin_s6() {
	copy_pristine "$1"
	command=(/usr/bin/s6-svscan -c 1100 -t 0 "$1/live")
}

prepare_runit() { make_run_directories "$@"; }
begin_runit() {
	copy_pristine "$1"
	command=(/usr/bin/runsvdir "$1/live")
}

prepare_supervisord() {
	cat >"$1/supervisord.conf" <<-END
		[supervisord]
		nodaemon=true
		user=root
		logfile=/dev/null
		logfile_maxbytes=0
		pidfile=$1/pid
		[program:s]
		process_name=s%(process_num)d
		numprocs=$2
		command=$3 $slots:%(process_num)d
		startsecs=0
		autorestart=true
		stdout_logfile=NONE
		stderr_logfile=NONE
	END
}
begin_supervisord() { command=(/usr/bin/python3 /usr/bin/supervisord -c "$1/supervisord.conf"); }
