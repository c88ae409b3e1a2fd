# shellcheck shell=bash
# log.sh: the part `log` of run: what 1 GB of lines costs who takes them, in processor time of that
# process alone. What the writer needs is not counted, nor how long it takes. Sourced by run.

# log_sample METRIC NAME MEGABYTES MS: kept as for 1 GB.
log_sample() { awk -v m="$1" -v n="$2" -v b="$3" -v t="$4" 'BEGIN { print m, n, t * 1000 / b }' >>"$samples"; }

# log_pid1 METRIC NAME MEGABYTES IDLE COMMAND…: of PID 1, less what it needs without lines.
log_pid1() {
	local metric=$1 name=$2 megabytes=$3 idle=$4 used
	shift 4
	if "${bound[@]}" timeout -k 1 150 "${turns[@]}" "$work/measure" -d 100 -c -s "${stop_signal[$name]}" \
		1 "$slots" /dev/null -- "$@" >"$work/values" 2>"$work/errors" 8>&-; then
		used=$(awk '$1 == "processor" { print $2 }' "$work/values")
		log_sample "$metric" "$name" "$megabytes" $((used > idle ? used - idle : 0))
	else
		failed "$metric, $name" "$work/errors"
	fi
}

# log_firsthop METRIC MEGABYTES LINES: LINES of configuration, with \n.
log_firsthop() {
	printf '%b[service s0]\ncommand = %s %d %s:0\n%b' "$3" "$work/gush" "$2" "$slots" "${4:-}" \
		>"$work/log.ini"
	log_pid1 "$1" firsthop "$2" 0 "$work/firsthop" init -c "$work/log.ini"
}

log_s6() {
	local TIMEFORMAT='%U %S'
	"$work/gush" "$2" | { time "${turns[@]}" s6-log t 1 >/dev/null; } 2>"$work/values"
	log_sample "$1" s6 "$2" "$(awk '{ printf "%d", ($1 + $2) * 1000 }' "$work/values")"
}

# log_supervisord METRIC MEGABYTES LINES
log_supervisord() {
	cat >"$work/log.conf" <<-END
		[supervisord]
		nodaemon=true
		user=root
		logfile=/dev/null
		logfile_maxbytes=0
		pidfile=$work/log.pid
		[program:s]
		command=$work/gush $2 $slots:0
		startsecs=0
		stderr_logfile=NONE
		$(printf '%b' "$3")
	END
	log_pid1 "$1" supervisord "$2" "${log_idle:-0}" \
		/usr/bin/python3 /usr/bin/supervisord -c "$work/log.conf"
}

# What Python needs to begin is not for the lines.
log_measure_idle() {
	log_idle=0
	log_supervisord idle 1 'stdout_logfile=NONE\n'
	log_idle=$(awk '$1 == "idle" { print int($3 / 1000) }' "$samples")
}

part_log() {
	local round rounds
	rounds=$(rounds 5 1)
	log_measure_idle
	for ((round = 1; round <= rounds; round++)); do
		ui_progress log "round $round of $rounds"
		log_s6 log-prefix "$(rounds 1000 100)"
		log_firsthop log-prefix "$(rounds 1000 100)" '[node]\nlog_timestamps = yes\n'
		log_supervisord log-prefix "$(rounds 20 5)" 'stdout_logfile=NONE\nstdout_syslog=true\n'
		log_firsthop log-pass "$(rounds 1000 100)" '' 'log = raw\n'
		log_supervisord log-pass "$(rounds 1000 100)" 'stdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\n'
		log_firsthop log-json "$(rounds 1000 100)" '[node]\nlog_format = json\n'
	done
	sed -nE 's/^log-prefix (supervisord|firsthop) /log-tenth \1 /p' "$samples" >"$work/values"
	cat "$work/values" >>"$samples"
	ui_done log "$rounds rounds of s6-log, supervisord and firsthop"
	part_log_rest
}

# How often PID 1 is given a processor while nothing happens.
part_log_rest() {
	local seconds
	seconds=$(rounds 60 2)
	ui_progress rest "$seconds s"
	printf '[service s0]\ncommand = %s %s:0\n' "$work/stamp" "$slots" >"$work/log.ini"
	if "${bound[@]}" "$work/measure" -d 1500 -r "$((seconds * 1000))" 1 "$slots" /dev/null -- \
		"$work/firsthop" init -c "$work/log.ini" >"$work/values" 2>"$work/errors" 8>&-; then
		awk '$1 == "wake-ups" { print "rest", "firsthop", $2 }' "$work/values" >>"$samples"
	else
		failed "rest, firsthop" "$work/errors"
	fi
	ui_done rest "$seconds s without work"
}
