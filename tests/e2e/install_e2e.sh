#!/usr/bin/env bash
# cmake --install: everything is in its place, and what is there is sound: unit,
# manual pages, completion, configuration.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

DESTDIR=$work/root cmake --install "$E2E_BUILD" >"$work/install.log" 2>&1 ||
	{ cat "$work/install.log" >&2; die "cmake --install failed"; }
prefix=$work/root$(sed -n 's/^CMAKE_INSTALL_PREFIX:[A-Z]*=//p' "$E2E_BUILD/CMakeCache.txt")
# On Debian a prefix of /usr means /etc.
etc=$prefix/etc
[ -d "$etc" ] || etc=$work/root/etc

for f in bin/piped bin/pipectl bin/pipeclass; do
	[ -x "$prefix/$f" ] || fail "no program $f"
done
for f in lib/systemd/system/piped.service lib/sysusers.d/piped.conf share/man/man1/pipectl.1 \
	share/man/man1/pipeclass.1 share/man/man5/piped.yaml.5 share/man/man8/piped.8 \
	share/bash-completion/completions/pipectl include/piped/classifier/classifier.h; do
	[ -s "$prefix/$f" ] || fail "no $f"
done
for f in piped.yaml sources/bunjang.yaml taxonomy/fashion.yaml rules/fashion.yaml words/offer.yaml; do
	[ -s "$etc/piped/$f" ] || fail "no $f below etc/piped"
done
is "sources of tests that were installed" "$(find "$etc" -name 'market*')" ""
exits "the installed configuration" 0 "$prefix/bin/piped" --check --config "$etc/piped/piped.yaml"
# Shipped as polite as it says.
has "the shipped pace" "$("$prefix/bin/piped" --print-config --config "$etc/piped/piped.yaml")" "rate: 1/s"

# --- the classifier as a library: the example of the manual, built as its first lines say

cached() { sed -n "s/^$1:[A-Z]*=//p" "$E2E_BUILD/CMakeCache.txt"; }
cp "$root/docs/example/suggest.c" "$work"
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR=$work/root
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name pipeclass.pc)")
read -ra flags <<<"$(pkg-config --cflags --libs pipeclass) $(cached CMAKE_C_FLAGS)"
"$(cached CMAKE_C_COMPILER)" "$work/suggest.c" "${flags[@]}" -o "$work/suggest" >"$work/log" 2>&1 ||
	{ cat "$work/log" >&2; die "the example does not compile"; }
(cd "$work" && LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH") exits "the example" 0 ./suggest "wool coat")
has "what the example says" "$(head -n 1 "$work/out")" "wool coat: coats "
is "functions that the library shows and its headers don't name" "$(nm -D --defined-only \
	"$(find "$prefix" -name 'libpipeclass.so.0')" | awk '$2 == "T" { print $3 }' |
	while read -r f; do grep -rqw "$f" "$prefix/include" || echo "$f"; done |
	grep -v '^mem_free$')" ""

# --- the unit

if command -v systemd-analyze >/dev/null; then
	# The programs are not where the unit says, which is no fault of the unit.
	sed "s|^ExecStart=[^ ]*|ExecStart=$prefix/bin/piped|; s|^ExecStartPre=[^ ]*|ExecStartPre=$prefix/bin/piped|" \
		"$prefix/lib/systemd/system/piped.service" >"$work/piped.service"
	systemd-analyze verify --man=no "$work/piped.service" >"$work/verify" 2>&1 || true
	is "what systemd-analyze says of the unit" "$(grep 'piped\.service' "$work/verify" || true)" ""
else
	echo "systemd-analyze is not there: the unit was not verified"
fi
for line in Type=notify WatchdogSec= StateDirectory=piped RuntimeDirectory=piped NoNewPrivileges=yes \
	ProtectSystem=strict; do
	grep -q "^$line" "$prefix/lib/systemd/system/piped.service" || fail "the unit lacks $line"
done

# --- the manual pages

find "$prefix/share/man" -type f >"$work/pages"
is "manual pages" "$(wc -l <"$work/pages")" 4
while read -r page; do
	mandoc -Tlint -Wwarning "$page" >"$work/lint" 2>&1 ||
		fail "$(basename "$page"): $(head -n 5 "$work/lint")"
	at_least "$page: lines" "$(mandoc -Tutf8 "$page" | wc -l)" 40
done <"$work/pages"
text=$(mandoc -Tutf8 "$prefix/share/man/man1/pipectl.1" | LC_ALL=C.UTF-8 sed 's/.\x08//g')
for c in status trace review export; do
	has "pipectl(1)" "$text" "$c"
done

has "pipectl(1)" "$text" 'suggest "나이키'

# --- completion

# It asks the daemon for the names of sources.
port=1
write_config
start_piped --paused
PATH=$prefix/bin:$PATH

# completes LINE WANTED
completes() {
	local got
	got=$(bash -c '
		. "$1"
		read -ra COMP_WORDS <<<"$2"
		case $2 in *" ") COMP_WORDS+=("") ;; esac
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$2 COMP_POINT=${#2}
		by=$(complete -p pipectl | sed "s/.*-F \([^ ]*\).*/\1/")
		"$by" pipectl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		echo "${COMPREPLY[*]}"' - "$prefix/share/bash-completion/completions/pipectl" "$1")
	has "completion of '$1'" " $got " " $2 "
}
completes "pipectl sta" status
completes "pipectl re" review
completes "pipectl export --fo" --format
completes "pipectl status --w" --watch
completes "pipectl pause " bunjang
stop_piped
passed
