#!/usr/bin/env bash
# The archive: listed, read, verified, indexed; damage is found; another state takes it
# in by import and has the same listings; an extractor that changed reads it again. The
# market is not asked for any of it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
sources+=("$root/etc/sources/market-html.yaml")
start_market --count 400 --html-count 20 --seed 5 --ads 3
write_config "$fast_hosts" "segment-size: 64KiB"
crawl_all

# --- list and cat

pages=$(sql "SELECT COUNT(*) FROM page WHERE state = 'extracted'")
exits "list" 0 "$PIPECTL" archive list --json --url '*find_v2*' --limit 1000
is "pages listed" "$(out | jq '.pages | length')" \
	"$(sql "SELECT COUNT(*) FROM page WHERE url LIKE '%find_v2%'")"
is "pages since tomorrow" "$("$PIPECTL" archive list --json --since 2999-01-01 | jq '.pages | length')" 0
exits "a time that is none" 2 "$PIPECTL" archive list --since yesterday
page=$(sql "SELECT MAX(id) FROM page WHERE page_kind = 'search'")
IFS='|' read -r url file offset bytes <<<"$(sql "SELECT url, record_file, record_offset, body_bytes FROM page WHERE id = $page")"
"$PIPECTL" archive cat "$page" --headers >"$work/head"
has "HTTP head" "$(head -1 "$work/head")" "HTTP/"
"$PIPECTL" archive cat "$page" --decoded >"$work/body"
is "bytes of the decoded body" "$(wc -c <"$work/body")" "$bytes"
jq -e .list "$work/body" >/dev/null || fail "the decoded body is no page of the API"
"$PIPECTL" archive cat "$url" --decoded | cmp -s - "$work/body" || fail "cat by address differs"
"$PIPECTL" archive cat "$file:$offset" --decoded | cmp -s - "$work/body" || fail "cat by place differs"
exits "cat of what is not there" 4 "$PIPECTL" archive cat https://nowhere.example/

# --- verify and index

# The daemon indexes by itself, and does one such thing at a time.
wait_idle
exits "verify" 0 "$PIPECTL" archive verify --json
is "problems" "$(out | jq .problems)" 0
is "digests that are wrong" "$(out | jq .digests_wrong)" 0
is "pages that were looked at" "$(out | jq .pages)" "$(count page)"
exits "index" 0 "$PIPECTL" archive index
segments=("$state"/archive/*.warc.gz)
at_least "segments" "${#segments[@]}" 2
for f in "${segments[@]}"; do
	LC_ALL=C sort -c "$f.cdxj" || fail "$f.cdxj is not sorted"
done
# A site's robots.txt is archived, too, and is no page.
is "lines of the index" "$(cat "$state"/archive/*.cdxj | grep -vc '/robots.txt"')" "$(count page)"
is "robots.txt in the index" "$(cat "$state"/archive/*.cdxj | grep -c '/robots.txt"')" "$(count robots)"
# A line leads to its record.
line=$(head -1 "${segments[0]}.cdxj")
at=$(cut -d' ' -f3- <<<"$line")
has "the record of a line" \
	"$(record "$(jq -r .filename <<<"$at")" "$(jq -r .offset <<<"$at")" "$(jq -r .length <<<"$at")" | head -c 1500 | tr -d '\0')" \
	"WARC-Target-URI: $(jq -r .url <<<"$at")"

check_warcio

# --- read again by an extractor that changed

requests=$(wc -l <"$work/requests")
sql "SELECT source, ext_id, title, price, state, url FROM listing ORDER BY 1, 2" >"$work/before"
exits "reprocess" 0 "$PIPECTL" reprocess --json
is "pages read again" "$(out | jq .pages)" "$pages"
is "pages that changed" "$(out | jq .changed)" 0
sed -i 's/prefix: "*https:\/\/m.bunjang.co.kr\/products\/"*/prefix: "https:\/\/m.bunjang.co.kr\/other\/"/' "$work/bunjang.yaml"
grep -q m.bunjang.co.kr/other/ "$work/bunjang.yaml" || die "the source has no such prefix any more"
exits "reload" 0 "$PIPECTL" reload
reread_done() { [ "$(sql "SELECT COUNT(*) FROM listing WHERE source = 'bunjang' AND url NOT LIKE '%/other/%'")" = 0 ]; }
wait_until 10 "the pages of the changed kind" reread_done
wait_idle
is "requests for it" "$(wc -l <"$work/requests")" "$requests"
sed 's|/products/|/other/|' "$work/before" >"$work/wanted"
sql "SELECT source, ext_id, title, price, state, url FROM listing ORDER BY 1, 2" |
	sed '/^market-html/s|/products/|/other/|' >"$work/after"
same "listings after it" "$work/after" "$work/wanted"
is "changes that are none" "$(count history)" 0
exits "of a source that is not there" 4 "$PIPECTL" reprocess nobody
stop_piped

# --- import into an empty state

cat "${segments[@]}" >"$work/crawl.warc.gz"
mv "$state" "$work/first"
write_config "$fast_hosts"
start_piped --paused
exits "import" 0 "$PIPECTL" import "$work/crawl.warc.gz" --json
is "pages that came" "$(out | jq .pages)" "$pages"
sql "SELECT source, ext_id, title, price, state, url FROM listing ORDER BY 1, 2" |
	sed '/^market-html/s|/products/|/other/|' >"$work/after"
same "listings of the import" "$work/after" "$work/wanted"
is "oldest and newest" "$(sql "SELECT MIN(first_seen_ms) >= (SELECT MIN(fetched_ms) FROM page),
	MAX(last_seen_ms) <= (SELECT MAX(fetched_ms) FROM page) FROM listing")" "1|1"
exits "import again" 0 "$PIPECTL" import "$work/crawl.warc.gz" --json
is "pages that came again" "$(out | jq .pages)" 0
is "pages left out as known" "$(out | jq '.left_out["already stored"]')" "$pages"
is "pages in all" "$(count page)" "$pages"
is "requests for it" "$(wc -l <"$work/requests")" "$requests"
exits "no archive" 2 "$PIPECTL" import "$work/piped.yaml"
has "why not" "$(err)" "no WARC file"
exits "verify of what was imported" 0 "$PIPECTL" archive verify
check_warcio

# --- everybody's files are read, or refused with a reason

verified=0
for f in "${PIPED_SHARED:-$root/../shared}"/data/suites/warc-*/*; do
	case $f in
	*.warc | *.warc.gz | *.arc | *.arc.gz | *.bad) ;;
	*) continue ;;
	esac
	verified=$((verified + 1))
	"$PIPECTL" archive verify "$f" --json >"$work/out" 2>"$work/err" && code=0 || code=$?
	at_most "exit code for $f" "$code" 1
	[ "$(jq '.records > 0 or (.problem[0].what | length > 10)' "$work/out")" = true ] ||
		fail "$f: neither read nor refused with a reason: $(cat "$work/out" "$work/err")"
	case $f in
	*.arc | *.arc.gz) has "$f" "$(out)" "an ARC file" ;;
	esac
done
[ "$verified" -gt 0 ] || echo "no suites of WARC files here"

# --- damage is found

f=$state/archive/piped-000001.warc.gz
IFS='|' read -r page offset <<<"$(sql "SELECT id, record_offset FROM page ORDER BY id LIMIT 1 OFFSET 2")"
printf 'XXXX' | dd of="$f" bs=1 seek=$((offset + 40)) conv=notrunc status=none
exits "verify of a damaged archive" 1 "$PIPECTL" archive verify --json
at_least "damages" "$(out | jq .damages)" 1
is "the page that lost its record" "$(out | jq '[.problem[] | select(.page) | .page]' -c)" "[$page]"
exits "verify of a file" 1 "$PIPECTL" archive verify "$f"
exits "verify of a whole file" 0 "$PIPECTL" archive verify "$work/crawl.warc.gz"
stop_piped
passed
