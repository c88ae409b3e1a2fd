#!/bin/bash
# boot_chart.sh: `firsthop boot` of a real PID 1: what it says, and the picture, which a real browser draws.
# shellcheck disable=SC2034,SC2154 # what tests/ns/lib.sh reads and gives
cd "$(dirname "$0")/../.." || exit
. tests/ns/lib.sh

# Three of which one waits for another, and one that prepares itself.
three() {
	config <<-END
		[service a]
		command = @ACTOR@ await @DIR@/a newline 3 pause
		ready = notify-fd
		[service b]
		command = @ACTOR@ await @DIR@/b newline 3 pause
		ready = notify-fd
		needs = a
		[service c]
		prepare = @ACTOR@ await @DIR@/c
		command = @ACTOR@ pause
	END
	boot
	want moved c preparing
	: >"$dir/c"
	want moved c ready
	: >"$dir/a"
	want moved b starting
}
all_ready() {
	: >"$dir/b"
	want wait_log '^READY'
}

# fact EXPRESSION: of the JSON, as python sees it.
fact() {
	in_node "$FIRSTHOP" boot --json | python3 -c 'import json, sys
boot = json.load(sys.stdin)
assert boot["version"] == 1
of = {service["name"]: service for service in boot["services"]}
step = {step["name"]: step for step in boot["steps"]}
print(eval(sys.argv[1]))' "$1"
}

test_json() {
	three
	want is True fact 'boot["ready_us"] is None and of["b"]["outcome"] == "under-way"'
	all_ready
	want is True fact '0 < boot["ready_us"] == boot["until_us"]'
	want is a fact 'of["b"]["waited_for"]'
	want is True fact 'of["a"]["there_us"] <= of["b"]["released_us"] <= of["b"]["there_us"] <= boot["ready_us"]'
	want is True fact 'of["c"]["released_us"] < of["c"]["started_us"] <= of["c"]["there_us"]'
	want is "['b', 'a']" fact 'boot["chain"]'
	want is True fact 'all(s["end_us"] is not None and s["begin_us"] <= s["end_us"] for s in boot["steps"])'
	want is True fact '{"configuration", "sysctl", "interfaces", "limit"} <= set(step)'
	want is True fact 'step["interfaces"]["end_us"] <= of["a"]["released_us"]'
	stop
}

# What comes after the boot does not change its record.
test_is_frozen() {
	three
	all_ready
	in_node "$FIRSTHOP" boot --json >"$dir/before"
	want in_node kill -KILL "$(started_pid b)"
	want moved b ready 2
	want cmp "$dir/before" <(in_node "$FIRSTHOP" boot --json)
	stop
}

test_text() {
	three
	want grep -q 'not all ready in' <(in_node "$FIRSTHOP" boot)
	want grep -qE '^\* b .* starting$' <(in_node "$FIRSTHOP" boot)
	all_ready
	in_node "$FIRSTHOP" boot >"$dir/text"
	want grep -qE ': all ready in [0-9.]+ m?s$' "$dir/text"
	want grep -qE '^\* b  +\.+#+-* +ready in ' "$dir/text"
	want grep -qE '^  c  .*=.* ready in ' "$dir/text"
	want grep -qE '^`-b @[0-9.]+ m?s: ready in .*, waited .* for a$' "$dir/text"
	want grep -qE '^  `-a @' "$dir/text"
	unwanted grep -qP '[^\x00-\x7f]' "$dir/text"
	unwanted grep -qE '.{101}' "$dir/text"
	stop
}

# In a terminal of 60 columns, in UTF-8.
test_terminal() {
	three
	all_ready
	want in_node env LC_ALL=C.UTF-8 COLUMNS=60 TERM=xterm NO_COLOR=1 \
		script -qec "$FIRSTHOP boot" /dev/null >"$dir/text" </dev/null
	want grep -q '█' "$dir/text"
	want grep -q '└─b @' "$dir/text"
	stop
}

test_usage() {
	three
	all_ready
	unwanted in_node "$FIRSTHOP" boot --json --svg
	unwanted in_node "$FIRSTHOP" boot more
	stop
}

# shot FILE PNG [FLAG]: what a browser makes of it.
shot() {
	timeout 60 chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars \
		--user-data-dir="$dir/browser" --window-size=960,400 ${3:+"$3"} --screenshot="$2" "file://$1" >"$dir/said" 2>&1 ||
		{ cat "$dir/said" && return 1; }
}

# What is in a picture: its size, and how many of its points have each of these colours.
points() {
	python3 - "$@" <<-'END'
		import struct, sys, zlib
		data = open(sys.argv[1], "rb").read()
		assert data[:8] == b"\x89PNG\r\n\x1a\n"
		at, packed = 8, b""
		while at < len(data):
		    size, kind = struct.unpack(">I4s", data[at:at + 8])
		    body = data[at + 8:at + 8 + size]
		    if kind == b"IHDR": width, height, depth, colour = struct.unpack(">IIBB", body[:10])
		    if kind == b"IDAT": packed += body
		    at += 12 + size
		assert depth == 8 and colour in (2, 6), (depth, colour)
		step = 3 if colour == 2 else 4
		raw, before, counts = zlib.decompress(packed), bytes(width * step), {}
		for y in range(height):
		    kind = raw[y * (width * step + 1)]
		    line = bytearray(raw[y * (width * step + 1) + 1:(y + 1) * (width * step + 1)])
		    for i in range(len(line)):
		        a = line[i - step] if i >= step else 0
		        b, c = before[i], before[i - step] if i >= step else 0
		        p = a + b - c
		        near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
		        line[i] = (line[i] + [0, a, b, (a + b) // 2, near][kind]) & 255
		    before = bytes(line)
		    for i in range(0, len(line), step):
		        point = before[i:i + 3].hex()
		        counts[point] = counts.get(point, 0) + 1
		print(width, height, *[counts.get(point, 0) for point in sys.argv[2:]])
	END
}
# drawn PNG GROUND STARTS PREPARES CHAIN: of that size, mostly ground, with a bar and a chain.
drawn() {
	local width height ground starts prepares chain
	read -r width height ground starts prepares chain < <(points "$@")
	echo "$1: $width x $height, $ground $starts $prepares $chain"
	[ "$width" = 960 ] && [ "$height" = 400 ] && [ "$ground" -gt 100000 ] && [ "$starts" -gt 500 ] &&
		[ "$prepares" -gt 50 ] && [ "$chain" -gt 20 ]
}

test_picture() {
	three
	all_ready
	in_node "$FIRSTHOP" boot --svg >"$dir/boot.svg"
	want python3 -c 'import sys, xml.dom.minidom as dom
svg = dom.parse(sys.argv[1]).documentElement
assert svg.tagName == "svg" and svg.getAttribute("role") == "img"
assert svg.getElementsByTagName("title")[0].firstChild.data.startswith(sys.argv[2])
assert "waited for b, which waited for a." in svg.getElementsByTagName("desc")[0].firstChild.data
assert not svg.getElementsByTagName("script") and not svg.getElementsByTagName("image")' \
		"$dir/boot.svg" "$(in_node hostname): all ready in "
	if command -v chromium >/dev/null; then
		want shot "$dir/boot.svg" "$dir/light.png"
		want drawn "$dir/light.png" ffffff 0969da 9a6700 bc4c00
		want shot "$dir/boot.svg" "$dir/dark.png" --blink-settings=preferredColorScheme=0
		want drawn "$dir/dark.png" 0d1117 4493f8 d29922 f0883e
	fi
	stop
}

command -v chromium >/dev/null || echo 'skip picture_in_a_browser: no chromium'
run_tests "$@"
