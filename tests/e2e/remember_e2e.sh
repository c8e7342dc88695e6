#!/usr/bin/env bash
# What a host told us survives kill -9: it is not asked before the time it named,
# and not for its robots.txt again. That answer is in the archive, too. What it asked for
# is on disk at once, though pages would wait for others: those of a slow host.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

sources+=("$root/etc/sources/market-html.yaml")
start_market --count 200 --html-count 0 --fault "429:after=600,every=3,path=/api" \
	--fault "slow:ms=40000,host=market.example"
write_config "hosts: { api.bunjang.co.kr: { rate: 20/s } }" "batch-time: 60s"
host='.hosts[] | select(.host == "api.bunjang.co.kr")'
asked() { grep -c bunjang "$work/requests"; }
saved() { [ "$(sql "SELECT COUNT(*) FROM site WHERE hold_ms > 0")" -eq 1 ]; }

start_piped
wait_until 20 "a pause" status_is "$host | .why" retry-after
wait_until 20 "the pause in the database" saved
kill_piped
before=$(asked)
at_least "requests before the kill" "$before" 2
is "questions for robots.txt" "$(cut -f 3 "$work/requests" | grep -c '^/robots')" 1
until_ms=$(sql "SELECT hold_ms FROM site")

start_piped
wait_until 20 "the pause after the kill" status_is "$host | .why" retry-after
is "till when" "$(status_of "$host | .until_ms")" "$until_ms"
is "pace, halved by the answer" "$(status_of "$host | .factor")" 0.5
has "status" "$("$PIPECTL" status)" "at 50% of its rate: it answered 429 or 503"
stop_piped
is "requests after the kill" "$(asked)" "$before"
gzip -dc "$state"/archive/*.warc.gz >"$work/archive"
has "the archive" "$(grep -a 'WARC-Target-URI' "$work/archive")" "https://api.bunjang.co.kr/robots.txt"
check_archive
passed
