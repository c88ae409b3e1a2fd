# shellcheck shell=bash
# mirror.sh: where Debian's packages come from: MIRROR=URL, else what this machine's own package
# manager uses, when that is a Debian one.
debian_mirror() {
	[ -z "${MIRROR:-}" ] || { echo "$MIRROR" && return; }
	grep -q '^ID=debian' /etc/os-release || return 0
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -nE 's/^(URIs:|deb( \[[^]]*\])?)[[:space:]]+([^ ]+\/debian)\/?([[:space:]].*)?$/\3/p' | head -n 1
}

# The same where there must be one: elsewhere it is what mmdebstrap takes by itself.
debian_mirror_or_default() {
	local mirror
	mirror=$(debian_mirror)
	[ -n "$mirror" ] || mirror=$(grep -oE 'https?://[^"'\'' ;]*/debian' "$(command -v mmdebstrap)" | head -n 1)
	echo "$mirror"
}
