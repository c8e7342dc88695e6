#!/usr/bin/env bash
# kill -9 amid an import and amid a reprocess: each goes on at the next start by itself,
# and in the end what stands is what an undisturbed one leaves: no row lost, none doubled,
# and no request for any of it. A full disk is waited for. Imported pages say of which file.
# PIPED_KILL_ROUNDS rounds (6), PIPED_KILL_SEED (1).
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

rounds=${PIPED_KILL_ROUNDS:-6}
RANDOM=${PIPED_KILL_SEED:-1}
small_pages
sources+=("$root/etc/sources/market-html.yaml")
start_market --count 700 --html-count 600 --seed 5
write_config "$fast_hosts" "segment-size: 256KiB"
crawl_all
cat "$state"/archive/*.warc.gz >"$work/crawl.warc.gz"
look() {
	sql "SELECT source, ext_id, title, price, state, url, first_seen_ms / 1000, last_seen_ms / 1000 FROM listing ORDER BY 1, 2"
}
look >"$work/wanted"
pages=$(sql "SELECT COUNT(*) FROM page WHERE state = 'extracted'")
sql "SELECT url, fetched_ms / 1000, body_hash, items, listings FROM page WHERE state = 'extracted' ORDER BY 1, 2" >"$work/wanted-pages"
stop_piped
requests=$(wc -l <"$work/requests")
mv "$state" "$work/first"

import_is() { [ "$(status_of .import.state)" = "$1" ]; }
reread_is() { [ "$(status_of .reread.state)" = "$1" ]; }
kept() {
	sql "SELECT 'page', id, url, fetched_ms, record_file, record_offset, import, import_at FROM page
		UNION ALL SELECT 'listing', id, source, ext_id, '', '', '', '' FROM listing" | LC_ALL=C sort >"$1"
}
# until_done WHAT STATE COMMAND...: killed at a random moment, again and again.
until_done() {
	local what=$1 done=$2 round checked=0
	shift 2
	for ((round = 1; round <= rounds; round++)); do
		sleep "0.$(printf '%03d' $((RANDOM % 250 + 50)))"
		"$@" "$done" || midway=$((midway + 1))
		kill_piped
		kept "$work/before"
		check_database quick
		check_records "$checked"
		checked=$(sql "SELECT COALESCE(MAX(id), 0) FROM page")
		start_piped --paused
		kept "$work/after"
		is "rows lost ($what, round $round)" "$(LC_ALL=C comm -23 "$work/before" "$work/after" | head -n 4)" ""
		[ "$failed" -eq 0 ] || die "round $round of $what"
	done
	wait_until 60 "the end of $what" "$@" "$done"
}

# --- import

midway=0
start_piped --paused
exits "import" 0 "$PIPECTL" import --background "$work/crawl.warc.gz"
until_done import "done" import_is
at_least "rounds that ended amid the import" "$midway" 2
exits "state of the import" 0 "$PIPECTL" status --json
is "pages that it counts" "$(jq .import.pages "$work/out")" "$pages"
is "left out as known" "$(jq '.import.left_out["already stored"] // 0' "$work/out")" 0
is "its share" "$(jq '.import.done_bytes == .import.bytes' "$work/out")" true
is "pages in all" "$(count page)" "$pages"
sql "SELECT url, fetched_ms / 1000, body_hash, items, listings FROM page ORDER BY 1, 2" >"$work/got-pages"
same "pages of the import" "$work/got-pages" "$work/wanted-pages"
look >"$work/got"
same "listings of the import" "$work/got" "$work/wanted"
check_database
check_archive
is "requests for it" "$(wc -l <"$work/requests")" "$requests"

# Each says where it came from: a record of that address begins there.
IFS='|' read -r page url at <<<"$(sql "SELECT id, url, import_at FROM page ORDER BY id DESC LIMIT 1")"
has "trace" "$("$PIPECTL" trace page "$page")" "$work/crawl.warc.gz at $at"
# The stream goes on behind the record, and may end amid one.
has "the record at its offset" "$(tail -c +$((at + 1)) "$work/crawl.warc.gz" | gzip -dc 2>/dev/null |
	head -c 1500 | tr -d '\0')" "WARC-Target-URI: $url"
is "pages without a file" "$(count "page WHERE import IS NULL")" 0

# --- reprocess

midway=0
exits "reprocess" 0 "$PIPECTL" reprocess --background
until_done reprocess idle reread_is
at_least "rounds that ended amid the reprocessing" "$midway" 1
is "pages not read again" "$(count "page WHERE extract_version = 0")" 0
is "pages yet to be marked" "$(count reprocess)" 0
is "pages in all" "$(count page)" "$pages"
look >"$work/got"
same "listings after it" "$work/got" "$work/wanted"
is "changes that are none" "$(count history)" 0
check_database
is "requests for it" "$(wc -l <"$work/requests")" "$requests"

# --- an import is given up, waits for a full disk, and is restarted by a clean stop

stop_piped
rm -r "$state"
start_piped --paused
exits "import" 0 "$PIPECTL" import --background "$work/crawl.warc.gz"
exits "a second import" 5 "$PIPECTL" import --background "$work/crawl.warc.gz"
exits "import --stop" 0 "$PIPECTL" import --stop
wait_until 10 "the import to be given up" import_is failed
has "its reason" "$(status_of .import.error)" "stopped by a person"
exits "import --stop of none" 4 "$PIPECTL" import --stop
sed -i 's/^min-free:.*/min-free: 1TiB/' "$work/piped.yaml"
exits "reload" 0 "$PIPECTL" reload
disk_held() { status_is '.crawl.held != null' true; }
wait_until 20 "a disk that is nearly full" disk_held
exits "import" 0 "$PIPECTL" import --background "$work/crawl.warc.gz"
waits() { status_of .import.waits | grep -q 'disk nearly full'; }
wait_until 20 "the import to wait" waits
has "status" "$("$PIPECTL" status)" "waits: disk nearly full"
stop_piped
start_piped --paused
wait_until 20 "the import to wait again" waits
sed -i 's/^min-free:.*/min-free: 0/' "$work/piped.yaml"
exits "reload" 0 "$PIPECTL" reload
wait_until 60 "the import" import_is "done"
look >"$work/got"
same "listings of that import" "$work/got" "$work/wanted"

# --- what is no file, and a file that went away

mkfifo "$work/pipe"
exits "import of a pipe" 2 "$PIPECTL" import "$work/pipe"
has "why not" "$(err)" "no regular file"
lives || die "piped ended"
cp "$work/crawl.warc.gz" "$work/other.warc.gz"
sql "SELECT 1" >/dev/null
exits "import of it again" 0 "$PIPECTL" import --background "$work/other.warc.gz"
kill_piped
rm "$work/other.warc.gz"
start_piped --paused
import_over() { import_is failed || import_is "done"; }
wait_until 10 "an end of that import" import_over
stop_piped
passed
