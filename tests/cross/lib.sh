# shellcheck shell=bash
# lib.sh: what tests/cross/musl and tests/cross/arm64 share: a package manager beside the machine's,
# whose sources, lists and state lie below $prefix, and whose settings for the network are the
# machine's. A suite's mirror need not have all files of all packages: each package is taken from the
# first of $suites that gives it whole. The older suite comes first: its static libraries go with a
# newer C library, and not the other way round.

. tests/lib/mirror.sh

suites=${SUITES:-bookworm trixie}

apt_beside() {
	apt-get -q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$prefix/apt/sources.list.d" \
		-o "Dir::State=$prefix/apt/state" -o "Dir::State::Status=$prefix/apt/status" \
		-o "Dir::Cache=$prefix/apt/cache" -o APT::Sandbox::User=root "${apt_options[@]}" "$@"
}

# apt_begin TYPE: deb or deb-src.
apt_begin() {
	mkdir -p "$prefix/apt"/{sources.list.d,state/lists/partial,cache/archives/partial}
	: >"$prefix/apt/status"
	cat >"$prefix/apt/sources.list.d/beside.sources" <<-END
		Types: $1
		URIs: $(debian_mirror_or_default)
		Suites: $suites
		Components: main
		Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
	END
	apt_beside update
}

# apt_get PACKAGE COMMAND…: in an empty directory, $prefix/work, with the name in that suite behind it.
apt_get() {
	local suite
	for suite in $suites; do
		rm -rf "$prefix/work"
		mkdir "$prefix/work"
		! (cd "$prefix/work" && apt_beside "${@:2}" "$1/$suite") || return 0
	done
	echo "no suite of these gives all of $1: $suites"
	return 1
}

# libraries_once: makes them with "$0 make" unless they are there; two at once wait for each other.
libraries_once() {
	mkdir -p "$prefix"
	exec 9>"$prefix/lock"
	flock 9
	[ -e "$prefix/made" ] || ui_step "${prefix##*/}" "libraries for ${prefix##*/}" "$0" make
}
libraries_made() {
	rm -rf "$prefix/apt" "$prefix/work"
	touch "$prefix/made"
}
