#!/usr/bin/env bash
# Pages that are asked again: by what they were known by, archived once, and gone
# when they are gone.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

sed 's/^    format: html$/&\n    revisit: 1s\n    revisit-max: 2s/' "$root/etc/sources/market-html.yaml" >"$work/again.yaml"
sources=("$work/again.yaml")
start_market --count 400 --html-count 40
write_config "$fast_hosts"
start_piped

# sql_is_least N SQL
sql_is_least() { [ "$(sql "$2")" -ge "$1" ]; }
wait_until 60 "pages that had not changed" sql_is_least 100 "SELECT COUNT(*) FROM page WHERE state = 'unchanged'"
at_least "304s of the market" "$(cut -f 4 "$work/requests" | grep -c '^304$')" 100
is "listings" "$(count listing)" 40
is "sold ones asked again" "$(sql "SELECT COUNT(*) FROM job JOIN visit ON visit.job = job.id
	JOIN listing AS l ON l.id = visit.listing WHERE l.state = 'sold' AND (job.state <> 'done' OR visits > 1)")" 0
at_least "sold ones" "$(count "listing WHERE state = 'sold'")" 3
is "changes where nothing changed" "$(sql "SELECT SUM(changes) FROM visit")" 0

# --- the archive has the body once, and says where

page=$(sql "SELECT id FROM page WHERE status = 304 ORDER BY id LIMIT 1")
of=$(sql "SELECT same_as FROM page WHERE id = $page")
record=$("$PIPECTL" trace page "$page" --raw | tr -d '\0\r')
original=$("$PIPECTL" trace page "$of" --raw | tr -d '\0\r')
field() { sed -n "s/^$2: //p" <<<"$1" | head -n 1; }
is "type of its record" "$(field "$record" WARC-Type)" revisit
has "profile of its record" "$(field "$record" WARC-Profile)" server-not-modified
is "type of the original" "$(field "$original" WARC-Type)" response
is "what it refers to" "$(field "$record" WARC-Refers-To)" "$(field "$original" WARC-Record-ID)"
is "address it refers to" "$(field "$record" WARC-Refers-To-Target-URI)" "$(field "$original" WARC-Target-URI)"
has "pipectl trace page" "$("$PIPECTL" trace page "$page")" "unchanged, status 304"
has "pipectl trace page" "$("$PIPECTL" trace page "$page")" "page $of"
job=$(sql "SELECT job FROM page WHERE id = $page")
has "pipectl trace job" "$("$PIPECTL" trace job "$job")" "changed at 0 of them"
has "pipectl status" "$("$PIPECTL" status)" "unchanged"

# --- gone

# Seen in a page that had not changed is seen.
seen=$(sql "SELECT MAX(seen_ms) FROM visit WHERE listing IS NOT NULL")
listing=$(sql "SELECT listing FROM visit WHERE seen_ms = $seen LIMIT 1")
told=$("$PIPECTL" trace listing "$listing" --json | jq '.listing.last_seen | fromdate')
at_least "last seen" "$told" $((seen / 1000))
stop_market
start_market --count 400 --html-count 40 --fault 404:path=/item/
wait_until 60 "gone ones" sql_is_least 1 "SELECT COUNT(*) = 0 FROM listing WHERE state NOT IN ('gone', 'sold')"
gone=$(count "listing WHERE state = 'gone'")
at_least "gone ones" "$gone" 20
at_least "sold ones stay sold" "$(count "listing WHERE state = 'sold'")" 3
is "histories of the gone" "$(sql "SELECT COUNT(*) FROM history JOIN listing ON listing.id = listing
	WHERE field = 'state' AND now = 'gone' AND state = 'gone' AND seen_ms = state_ms")" "$gone"
is "gone in status" "$(status_of .tallies.gone)" "$gone"
one=$(sql "SELECT id FROM listing WHERE state = 'gone' LIMIT 1")
has "pipectl trace listing" "$("$PIPECTL" trace listing "$one")" "gone since 20"
has "pipectl trace listing" "$("$PIPECTL" trace listing "$one")" "-> gone (page"
has "pipectl listings" "$("$PIPECTL" listings --state gone)" "gone"
asked=$(grep -c /item/ "$work/requests")
lists=$(sql "SELECT SUM(visits) FROM visit")
wait_until 30 "more visits of lists" sql_is_least $((lists + 6)) "SELECT SUM(visits) FROM visit"
is "requests for what is gone" "$(grep -c /item/ "$work/requests")" "$asked"
stop_piped
check_warcio
[ ! -s "$work/warcio" ] || at_least "revisit records" "$(grep -c '"warc-type":"revisit"' "$work/warcio")" 1
passed
