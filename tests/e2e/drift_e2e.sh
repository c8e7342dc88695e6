#!/usr/bin/env bash
# A market whose pages change under a crawl: noticed within 30 pages, told in status, log and
# metrics with the page that shows it, remembered over a kill, over when the pages are as before.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
sources+=("$root/etc/sources/market-html.yaml")
start_market --count 6000 --html-count 3000 --seed 3
write_config "$fast_hosts" "drift-pages: 1000000" "backoff-first: 1h" "backoff-max: 1h"

fault() { curl -sf --cacert "$E2E_TLS/ca.pem" --resolve "market.example:$port:127.0.0.1" \
	"https://market.example:$port/_market/fault?$1" >/dev/null; }
pages_of() { sql "SELECT COUNT(*) FROM page AS p JOIN job AS j ON j.id = p.job WHERE j.source = '$1'
	AND p.page_kind = '$2'"; }
# pages_past SOURCE KIND N
pages_past() { [ "$(pages_of "$1" "$2")" -ge "$3" ]; }
alarms() { status_of ".alarms | map(select(.source == \"$1\")) | length"; }
some_alarm() { [ "$(alarms "$1")" -ge 1 ]; }

# --- all is well

start_piped
wait_until 60 "a good start" pages_past market-html detail 600
is "alarms while all is well" "$(status_of '.alarms | length')" 0

# --- the markup changes

before=$(sql "SELECT MAX(id) FROM page")
fault "add=markup:host=market.example,path=/item/"
wait_until 60 "an alarm" some_alarm market-html
status >"$work/status"
jq '.alarms[0]' "$work/status" >"$work/alarm"
first=$(jq .page "$work/alarm")
at_least "the page that shows it" "$first" "$((before - 60))"
is "its address is one of the pages that changed" "$(jq -r .url "$work/alarm" | grep -c '/item/')" 1
at_least "lines of the log" "$(grep -c 'warn .*source=market-html page-kind=detail drift=' "$work/piped.log")" 1
at_most "changed pages till the alarm" "$(awk '/source=market-html.* rejected=1/ { n++ }
	/page-kind=detail drift=/ { print n; exit }' "$work/piped.log")" 30
has "status" "$("$PIPECTL" status)" "Pages have changed"
has "drift" "$("$PIPECTL" drift market-html)" "alarm"
has "metrics" "$("$PIPECTL" metrics)" 'piped_drift_alarms{source="market-html"} '
has "metrics of another source" "$("$PIPECTL" metrics)" 'piped_drift_alarms{source="bunjang"} 0'

# --- it is remembered

kill_piped
start_piped
at_least "alarms after a kill" "$(alarms market-html)" 1

# --- a person says that it is right so

exits "accept without a source" 2 "$PIPECTL" drift --accept
exits "accept of no source" 4 "$PIPECTL" drift --accept nobody
exits "accept" 0 "$PIPECTL" drift market-html detail --accept
wait_until 10 "no alarm" status_is ".alarms | length" 0
has "ended alarms" "$("$PIPECTL" drift)" "accepted"
stop_piped
passed
