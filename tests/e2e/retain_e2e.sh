#!/usr/bin/env bash
# The archive is kept within a size: the oldest segments go, killed and started again meanwhile,
# nothing calls that damage, and what was made of the pages stays.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
start_market --count 1000 --html-count 0 --seed 9
write_config "$fast_hosts" "segment-size: 64KiB"
crawl_all
listings=$(count listing) pages=$(count page)
segments() { find "$state/archive" -name '*.warc.gz' | wc -l; }
at_least "segments" "$(segments)" 4
exits "what would go" 0 "$PIPECTL" archive size --max 128KiB
has "what would go" "$(out)" "piped-000001.warc.gz"
has "what would go" "$(out)" "by archive-max"
is "segments that went without being told to" "$(status_of .disk.archive_removed_segments)" 0

write_config "$fast_hosts" "segment-size: 64KiB" "archive-max: 100KiB"
exits "a bound that cannot be held" 2 "$PIPECTL" reload
has "a bound that cannot be held" "$(err)" "piped.yaml:14:14: \`archive-max\` is 0, or at least twice"
write_config "$fast_hosts" "segment-size: 64KiB" "archive-max: 128KiB"
exits "reload" 0 "$PIPECTL" reload
some_removed() { [ "$(count "segment WHERE removed_ms > 0")" -ge 1 ]; }
wait_until 60 "the first removal" some_removed
kill_piped
# What is not marked is there.
while read -r file; do
	[ -e "$state/archive/$file" ] || fail "$file is gone, and not marked"
done < <(sql "SELECT DISTINCT record_file FROM page WHERE record_file NOT IN
	(SELECT file FROM segment WHERE removed_ms > 0)")
start_piped
fits() { [ "$("$PIPECTL" archive size --json | jq '.bytes <= 131072 and (.would_remove | length) == 0')" = true ]; }
wait_until 60 "an archive that fits" fits
is "removals that are not done" "$(count "segment WHERE removed_ms > 0 AND is_done = 0")" 0
is "files of removed segments" "$(sql "SELECT file FROM segment WHERE removed_ms > 0" |
	while read -r file; do find "$state/archive" -name "$file*"; done)" ""

# --- what is said of it

wait_idle
exits "verify" 0 "$PIPECTL" archive verify --json
is "problems" "$(out | jq .problems)" 0
is "pages, and those that were removed" "$(out | jq '.pages + .pages_removed')" "$pages"
at_least "pages that were removed" "$(out | jq .pages_removed)" 20
page=$(sql "SELECT MIN(id) FROM page WHERE listings > 0")
said="page $page was removed from the archive on "
exits "cat" 4 "$PIPECTL" archive cat "$page"
has "cat" "$(err)" "$said"
has "trace" "$("$PIPECTL" trace page "$page")" "removed from the archive on"
has "list" "$("$PIPECTL" archive list --limit 1)" "removed piped-000001.warc.gz"
url=$(sql "SELECT url FROM page WHERE id = $page")
exits "source test" 4 "$PIPECTL" source test bunjang "$url"
has "source test" "$(err)" "$said"
exits "source test, fetched again" 0 "$PIPECTL" source test bunjang "$url" --fetch
exits "reprocess" 0 "$PIPECTL" reprocess --json
is "pages without a record" "$(out | jq .lost)" 0
at_least "pages left out" "$(out | jq .removed)" 20
has "status" "$("$PIPECTL" status)" "removed from the archive: "
has "log" "$(cat "$work/piped.log")" "archive=piped-000001.warc.gz removed by=archive-max bytes="
has_not "log" "$(grep 'archive=' "$work/piped.log")" " warn "
is "listings" "$(count listing)" "$listings"
check_database
stop_piped
passed
