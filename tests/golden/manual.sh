#!/bin/bash
# manual.sh: the manual pages are good mdoc, fit a terminal, and tell of every verb; what the help says
# of options is what the parser takes; bash completes from the same tables.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
FIRSTHOP=$(realpath "${FIRSTHOP:-build/firsthop}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
verdict() { if [ "$2" = 0 ]; then echo "ok $1"; else echo "not ok $1"; fi; }

make -s B="${B:-build}" manual >&2 || { echo 'not ok manual_is_made' && exit 1; }
pages=("${B:-build}"/man/firsthop.8 "${B:-build}"/man/firsthop.ini.5)
grammar=${B:-build}/man/firsthop.bash

if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning "${pages[@]}" >&2
	verdict manual_is_good_mdoc $?
	mandoc -Tascii -Owidth=78 "${pages[@]}" | sed 's/.\x08//g' >"$work/text"
	! grep -nE '.{81}|^ *\.[A-Z][a-z] ' "$work/text" >&2
	verdict manual_fits_a_terminal $?
else
	echo 'skip manual_is_good_mdoc: no mandoc'
fi

missing=0
for verb in $("$FIRSTHOP" --help | sed -nE 's/^  ([a-z-]+)  +.*/\1/p'); do
	grep -qE "^\.It Nm Cm \"\\\\&${verb//-/\\\\-}\"" "${pages[0]}" || { echo "$verb is not there" >&2 && missing=1; }
done
[ "$(grep -c '^\.It Nm Cm' "${pages[0]}")" -gt 10 ] || missing=1
verdict manual_has_every_verb $missing

missing=0
"$FIRSTHOP" show -c config/examples/router.ini --root / >"$work/shown" 2>/dev/null
while read -r key; do
	grep -qF ".It Sy \"\\&$key\"" "${pages[1]}" || { echo "$key is not there" >&2 && missing=1; }
done < <(sed -nE 's/^([a-z_0-9]+) +=.*/\1/p' "$work/shown" | sort -u)
[ "$(grep -c '^[a-z_]* *=' "$work/shown")" -gt 5 ] || missing=1
verdict manual_has_every_key_that_show_prints $missing

# An option is taken when the parser stumbles over the next one only: so nothing is ever done.
wrong=0 count=0
while read -r verb option; do
	[ "$verb" != init ] || continue
	case $option in *=*) option=${option%%=*} value=x ;; *) value='' ;; esac
	said=$("$FIRSTHOP" "$verb" "$option" ${value:+"$value"} --no-such-option 2>&1)
	count=$((count + 1))
	[ "$option" = --help ] || [[ $said == *'--no-such-option: no such option'* ]] ||
		{ echo "$verb $option: $said" >&2 && wrong=1; }
done < <(sed -nE "s/^\t([a-z-]+)\) options='([^']*)'.*/\1 \2/p" "$grammar" |
	while read -r verb options; do for option in $options; do echo "$verb $option"; done; done)
[ "$count" -gt 20 ] || wrong=1
verdict help_and_parser_agree_about_options $wrong

# ---- completion --------------------------------------------------------------------------------

cat >"$work/firsthop" <<END
#!/bin/sh
exec "$FIRSTHOP" "\$@" -c "$work/firsthop.ini" --root "$work/root"
END
chmod +x "$work/firsthop"
mkdir -p "$work"/root/{usr/lib/frr,etc/frr}
install -m 755 /dev/null "$work/root/usr/lib/frr/zebra"
install -m 755 /dev/null "$work/root/usr/lib/frr/bgpd"
echo 'bgpd=yes' >"$work/root/etc/frr/daemons"
printf '[service web]\ncommand = /bin/true\n[frr]\n[persist keys]\npath = /a\nstore = /b\n' >"$work/firsthop.ini"
# shellcheck disable=SC1090 # was just made
. "$grammar"

# completes NAME EXPECTED WORD…: what is offered for the last word, sorted.
completes() {
	local name=$1 expected=$2 got
	shift 2
	COMP_WORDS=("$work/firsthop" "$@")
	COMP_CWORD=$#
	_firsthop
	got=$(printf '%s\n' "${COMPREPLY[@]}" | sort | xargs)
	[ "$got" = "$expected" ] || echo "${*@Q}: got \"$got\", not \"$expected\"" >&2
	[ "$got" = "$expected" ]
	verdict "completes_$name" $?
}

completes verbs 'persist plan' p
completes options '--json' status --j
completes value_behind_blank 'converged ready started' health --level ''
completes value_behind_equals 'ready' health --level = re
completes value_of_letter 'tests' check -c test
completes words 'diff list rollback save' persist ''
completes names 'keys' persist list ''
completes services 'web' status w
completes daemons 'bgpd' logs bg
completes nothing_more '' persist list keys 3 ''
completes value_is_no_operand 'cml compose containerlab' run-args --json --for c
