#!/usr/bin/env bash
# The disk is full: fetching waits, status says so, the daemon lives; with room
# again it goes on, and nothing is missing. A file system of its own when we may
# mount one, else a limit on the size of files.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

market=(--count 1500 --html-count 0 --seed 9)
mounted=''
clean_up() { [ -z "$mounted" ] || umount "$state"; }

mkdir "$state"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=2600k piped-e2e "$state" 2>/dev/null; then
	mounted=1
else
	echo "no file system could be mounted: a limit on the size of files instead"
fi

small_pages
"$MARKET" "${market[@]}" --dump "$work/truth.tsv" >/dev/null
start_market "${market[@]}"
write_config "$fast_hosts" "segment-size: 64KiB"
if [ -n "$mounted" ]; then
	start_piped
else
	# 700 KiB: in blocks of 1,024.
	(
		ulimit -S -f 700
		exec "$PIPED" --config "$work/piped.yaml" 2>>"$work/piped.log"
	) &
	piped_pid=$!
	wait_until 60 "piped" ready
fi
wait_until 60 "a full disk" status_is '.crawl.held != null' true
has "status" "$("$PIPECTL" status)" "fetching waits: "
before=$(count listing)
at_least "listings before it was full" "$before" 50
at_most "listings before it was full" "$before" 1400
is "idle" "$(status_of .idle)" false
lives || die "piped ended"

# Killed while it is full, too: nothing is torn.
if [ -n "$mounted" ]; then
	kill_piped
	start_piped
	wait_until 60 "a full disk again" status_is '.crawl.held != null' true
	at_least "listings after kill -9" "$(count listing)" "$before"
	mount -o remount,size=64m "$state"
else
	prlimit --pid "$piped_pid" --fsize=unlimited
fi
wait_until 90 "going on" status_is '.crawl.held' null
wait_idle
is "listings" "$(count listing)" 1500
is "jobs that are not done" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
tail -n +2 "$work/truth.tsv" | cut -f 1,2,5 | LC_ALL=C sort >"$work/wanted"
sql -tabs "SELECT ext_id, title, price FROM listing" | LC_ALL=C sort >"$work/stored"
same "listings" "$work/stored" "$work/wanted"
check_database
check_archive

# --- the archive's disk is not there: no page is to blame, none is given up

mv "$state/archive" "$state/away"
"$PIPECTL" retry bunjang --state "done" >/dev/null
wait_until 60 "waiting for the archive" status_is '.crawl.held != null' true
# What was open there is seen to be gone, or what comes next finds no folder.
status_of .crawl.held | grep -qE 'No such file or directory|moved or deleted' ||
	fail "status does not say why: $(status_of .crawl.held)"
is "jobs that failed" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'failed'")" 0
mv "$state/away" "$state/archive"
wait_until 90 "going on" status_is '.crawl.held' null
wait_idle
is "jobs that are not done" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
check_database
check_archive

# --- nearly full is enough

free=$(status_of .disk.free_bytes)
sed -i 's/^min-free:.*/min-free: 1TiB/' "$work/piped.yaml"
exits "reload" 0 "$PIPECTL" reload
wait_until 20 "holding" status_is '.crawl.held != null' true
has "status" "$("$PIPECTL" status)" "disk nearly full"
at_least "free bytes" "$free" 1
"$PIPECTL" run >/dev/null
write_config "$fast_hosts"
asked=$(wc -l <"$work/requests")
exits "reload" 0 "$PIPECTL" reload
wait_until 20 "going on" status_is '.crawl.held' null
wait_idle
at_least "requests after it" "$(wc -l <"$work/requests")" $((asked + 50))
stop_piped
passed
