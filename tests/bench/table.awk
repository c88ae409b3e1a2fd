# table.awk: samples ("METRIC SUPERVISOR VALUE" lines) to a table: medians, the middle half of the
# samples, the ratio of the medians to that of the base, and that against the bar.

# row(metric, title, unit, base, bar, kind): `bar` is for firsthop; kind "ratio" (of medians), "noisy"
# (a ratio, and what noise can make of equals is allowed on top) or "value".
function row(metric, title, unit, base, bar, kind) {
	metrics[++rows] = metric
	titles[metric] = title
	units[metric] = unit
	bases[metric] = base
	bars[metric] = bar
	kinds[metric] = kind
}

# Of a whole router, against a start.sh.
function boot_rows(metric, title) {
	row(metric "-boot", title ": true READY, against the READY of a start.sh", "ms", "start.sh", 1 / 3, "ratio")
	row(metric "-up", "the same, until it is true for both", "ms", "start.sh", "", "")
	row(metric "-answers", "of that, all daemons answer", "ms", "start.sh", "", "")
	row(metric "-least", "processor time of the daemons, spread over all processors", "ms", "start.sh", "", "")
}

BEGIN {
	row("10-start", "start of 10 services", "ms", "floor", 1.15, "ratio")
	row("200-start", "start of 200 services", "ms", "floor", 1.15, "ratio")
	row("1000-start", "start of 1000 services", "ms", "floor", 1.15, "ratio")
	row("kill-restart", "restart after SIGKILL, no delay", "ms", "floor", 1.20, "ratio")
	row("orphans-reap", "5000 orphans made and reaped", "ms", "floor", 1.00, "noisy")
	row("10-stop", "stop of 10 services", "ms", "floor", "", "")
	row("memory-10-memory", "memory of the supervisors, 10 services", "KiB", "floor", 1024, "value")
	row("memory-1000-memory", "memory of the supervisors, 1000 services", "KiB", "floor", 2560, "value")
	row("prepare-added", "50 sysctls, host name, vrf, 8 interfaces add", "ms", "script", 10, "value")
	row("prepare-all", "of a boot that takes", "ms", "script", "", "")
	row("sandbox-1-each", "a confined service, the first", "ms", "plain", 1, "value")
	row("sandbox-10-each", "a confined service, each of 10", "ms", "plain", 1, "value")
	row("status-table", "status of 100 services, the whole command", "ms", "floor", 5, "value")
	row("status-json", "the same as JSON", "ms", "floor", 5, "value")
	row("log-prefix", "1 GB of lines, name or time in front", "ms", "s6", 1.00, "ratio")
	row("log-tenth", "the same, against supervisord", "ms", "supervisord", 0.1, "ratio")
	row("log-pass", "1 GB of lines, passed on as they are", "ms", "supervisord", "", "")
	row("log-json", "1 GB of lines, as JSON", "ms", "", "", "")
	row("rest", "60 s at rest: turns of a processor", "", "", 0, "value")
	row("router-up", "router up: all daemons answer, configured", "ms", "frrinit", 1 / 3, "ratio")
	row("router-answers", "of that, all daemons answer", "ms", "frrinit", "", "")
	boot_rows("startsh", "boot of the lab's router")
	boot_rows("wide", "boot of a router with bgpd, isisd and fabricd")
	row("startsh-killed", "killed bgpd, until its session is established again", "ms", "start.sh", 1, "ratio")
	row("startsh-hung", "hung bgpd, until another one has its configuration", "ms", "start.sh", 10000, "value")
	row("startsh-stop", "stop by an engine that kills after 10 s", "ms", "start.sh", 1000, "value")
	count = split("floor frrinit script start.sh firsthop s6 runit supervisord", order, " ")
}

NF == 3 {
	key = $1 SUBSEP $2
	sample[key, ++n[key]] = $3 + 0
}

function sort(key,    i, j, value) { # by insertion: a few hundred at most
	for (i = 2; i <= n[key]; i++) {
		value = sample[key, i]
		for (j = i - 1; j > 0 && sample[key, j] > value; j--)
			sample[key, j + 1] = sample[key, j]
		sample[key, j + 1] = value
	}
}

# The value below which the part `q` of the sorted samples lies.
function quantile(key, q,    at, low) {
	at = 1 + (n[key] - 1) * q
	low = int(at)
	if (low >= n[key])
		return sample[key, n[key]]
	return sample[key, low] + (at - low) * (sample[key, low + 1] - sample[key, low])
}

# How far apart the medians of equals may be, as a part of the base: the notches of a box plot
# (McGill, Tukey, Larsen 1978), 1.57 times the interquartile range over the root of the count.
function noise(key, base,    a, b) {
	a = (quantile(key, 0.75) - quantile(key, 0.25)) / sqrt(n[key])
	b = (quantile(base, 0.75) - quantile(base, 0.25)) / sqrt(n[base])
	return 1.57 * sqrt(a * a + b * b) / quantile(base, 0.5)
}

function number(value) {
	return sprintf(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
}

function verdict(metric, key, base, ratio,    limit, allowed, value) {
	limit = bars[metric]
	value = ratio
	allowed = sprintf("<= %.2f", limit)
	if (kinds[metric] == "value") {
		value = quantile(key, 0.5)
		allowed = sprintf("<= %d %s", limit, units[metric])
	} else if (!n[base]) {
		return ""
	} else if (kinds[metric] == "noisy") {
		allowed = allowed sprintf(" +%.2f noise", noise(key, base))
		limit += noise(key, base)
	}
	if (value > limit)
		missed++
	else
		met++
	return sprintf("%-20s %s", allowed, value > limit ? "MISSED" : "met")
}

function print_row(metric, name,    key, base, ratio, note) {
	key = metric SUBSEP name
	base = metric SUBSEP bases[metric]
	if (!n[key])
		return
	sort(key)
	ratio = n[base] ? quantile(key, 0.5) / quantile(base, 0.5) : 0
	if (name == "firsthop" && bars[metric] != "")
		note = verdict(metric, key, base, ratio)
	if (metric == "10-stop" && n["10-told", name])
		note = sprintf("%d of 10 told to stop before the end", sample["10-told" SUBSEP name, 1])
	if (metric == "startsh-hung" && quantile(key, 0.5) >= 119000) # waited for in whole seconds
		note = note "not back by then"
	if (metric == "startsh-stop")
		note = note (note ? ", " : "") "exit code " sample["startsh-exit" SUBSEP name, 1]
	printf "  %-12s %9s %-3s  %9s .. %-9s %4d %9s   %s\n", name, number(quantile(key, 0.5)), \
		units[metric], number(quantile(key, 0.25)), number(quantile(key, 0.75)), n[key], \
		ratio ? sprintf("%.3f", ratio) : "-", note
}

END {
	printf "%-14s %9s      %22s %6s %9s   %s\n", "", "median", "middle half      ", "runs", "x base", "bar"
	for (r = 1; r <= rows; r++) {
		any = 0
		for (i = 1; i <= count; i++)
			any += n[metrics[r], order[i]]
		if (any)
			print titles[metrics[r]]
		for (i = 1; i <= count; i++)
			print_row(metrics[r], order[i])
	}
	printf "\n%d bars met, %d missed\n", met, missed
}
