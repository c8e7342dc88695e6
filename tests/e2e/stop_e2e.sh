#!/usr/bin/env bash
# What systemd relies on: READY=1, the watchdog, a stop within seconds amid a
# crawl that loses nothing and leaves no file behind, --once.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
market=(--count 700 --html-count 0 --seed 6)
told=$work/told

start_notified() {
	rm -f "$work/n"
	"$E2E_NOTIFY" "$work/n" "$told" "$PIPED" --config "$work/piped.yaml" 2>>"$work/piped.log" &
	piped_pid=$!
	wait_until 60 "piped" ready
	lives || die "piped ended at once"
}

# --- amid a crawl, with answers that take their time

start_market "${market[@]}" --fault slow:ms=20000,every=10,path=/api
write_config "$fast_hosts"
start_notified
wait_until 20 "some listings" sh -c "[ \$(sqlite3 -readonly '$db' 'SELECT COUNT(*) FROM listing') -ge 60 ]"
wait_until 20 "READY=1" grep -qx 'READY=1' "$told"
wait_until 20 "a sign of life" grep -qx 'WATCHDOG=1' "$told"
has "what systemd is told" "$(grep '^STATUS=' "$told")" "listings="
wait_until 20 "a slow request" status_is '.crawl.fetching > 0' true
kill -HUP "$piped_pid"
wait_until 20 "RELOADING=1" grep -qx 'RELOADING=1' "$told"
wait_until 20 "READY=1 after the reload" sh -c "[ \$(grep -cx 'READY=1' '$told') -ge 2 ]"
stop_piped
grep -qx 'STOPPING=1' "$told" || fail "systemd was not told of the stop"
has "the log's last line" "$(tail -n 1 "$work/piped.log")" "stopped"
left=$(find "$state" "$socket" -maxdepth 1 \( -name 'piped.db-*' -o -type s \) -printf '%f ' 2>/dev/null || true)
is "files left by a clean stop" "$left" ""
at_least "due jobs" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'due'")" 1
check_archive

# --- a test that dies early leaves no daemon behind: kill_pid reaches the one in between

start_notified
inner=$(status_of .pid)
kill_piped
wait_until 10 "the end of the daemon itself" sh -c "! kill -0 $inner 2>/dev/null"

# --- --once goes on from there and ends by itself

stop_market
start_market "${market[@]}"
exits "--once" 0 timeout 100 "$PIPED" --once --config "$work/piped.yaml"
has "--once" "$(err)" "nothing is due: done"
is "listings" "$(count listing)" 700
is "jobs that are not done" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
check_archive

# --- stopped while it trains and exports; SIGINT, and two signals at once

start_piped
"$PIPECTL" train >/dev/null
"$PIPECTL" export --out "$work/dataset" >/dev/null 2>&1 &
stop_piped
wait $! 2>/dev/null || true
start_piped
kill -INT "$piped_pid"
kill -TERM "$piped_pid"
code=0
wait "$piped_pid" || code=$?
piped_pid=''
is "exit code after SIGINT" "$code" 0

# --- stopped before it is up

for wait in 00 02 05 10 20; do
	launch_piped
	sleep "0.$wait"
	code=0
	kill -TERM "$piped_pid"
	wait "$piped_pid" || code=$?
	# 143: the signal came before anyone listened for it.
	[ "$code" -eq 0 ] || [ "$code" -eq 143 ] || fail "stopped 0.$wait s after its start: exit $code"
	piped_pid=''
done
is "integrity" "$(sql "PRAGMA integrity_check")" ok
start_piped
is "listings after all" "$(status_of .tallies.listings)" 700
stop_piped
passed
