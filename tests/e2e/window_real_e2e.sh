#!/usr/bin/env bash
# The shipped source of Bunjang against 226,865 real listings of which a query shows the
# first 10,000, as Bunjang's interface does.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

listings=${PIPED_SHARED:-$root/../shared}/data/bunjang/listings.tsv.gz
[ -s "$listings" ] || skip "no real listings at $listings"

start_market --window 10000 --ads 0 --listings "$listings"
write_config "$fast_hosts"
start_piped
wait_idle 280
windows=$("$PIPECTL" windows bunjang --json)
zcat "$listings" | awk -F'\t' 'NR > 1 { print $1 }' | sort -u >"$work/want"
sql "SELECT ext_id FROM listing" | sort >"$work/got"
missed=$(comm -13 "$work/got" "$work/want" | wc -l)
pages=$(count page)
echo "$(wc -l <"$work/got") listings, $missed missed, $pages requests, $(jq -c 'del(.shown)' <<<"$windows")"
# What is missed is told.
at_most "listings that are missed" "$missed" "$(jq .unreachable <<<"$windows")"
is "missed" "$missed" 0
is "waiting" "$(jq .waiting <<<"$windows")" 0
# 2,269 pages of 100 are the fewest.
at_most "requests" "$pages" 2450
stop_piped
passed
