#!/usr/bin/env bash
# A market that turns hostile halfway, in every way at once: bounded tries, bounded
# memory and database, each failure stored with its reason and counted; and all is
# fetched when it is kind again.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

market=(--count 500 --html-count 40 --seed 12)
retries=3
small_pages
sources+=("$root/etc/sources/market-html.yaml")
settings=("timeout: 2s" "idle-timeout: 1s" "backoff-first: 20ms" "backoff-max: 100ms" "retries: $retries"
	"max-body: 1MiB" "max-wire: 1MiB" "adaptive: false")
slow="hosts: { api.bunjang.co.kr: { rate: 20/s, concurrency: 2 }, market.example: { rate: 20/s, concurrency: 2 } }"

# By the hash of a URL: each kind has a share of its own, the rest is served.
hostile=() share=0
for kind in 429 redirect bomb:mb=50 trickle:ms=400,bytes=64 truncate:at=60 reset:at=60 length:by=100 huge:mb=8 badjson empty close 500; do
	share=$((share + 6))
	hostile+=(--fault "$kind$([[ $kind == *:* ]] && echo , || echo :)share=$share")
done

listed() { [ "$(count listing)" -gt "$1" ]; }

"$MARKET" "${market[@]}" --dump "$work/truth.tsv" >/dev/null
start_market "${market[@]}"
write_config "$slow" "${settings[@]}"
start_piped
wait_until 60 "the first listings" listed 20
stop_market
kind=$(wc -l <"$work/requests")
start_market "${market[@]}" "${hostile[@]}"
write_config "$fast_hosts" "${settings[@]}"
exits "reload" 0 "$PIPECTL" reload
wait_idle 120

# --- bounded

tail -n +$((kind + 1)) "$work/requests" >"$work/hostile"
at_least "spoilt answers" "$(cut -f 6 "$work/hostile" | grep -vc '^-$')" 50
# libcurl asks once more, without telling, when a kept connection turns out to be closed:
# up to once for each of the four that there may be.
at_most "most requests for one URL" "$(grep -v '/_market/' "$work/hostile" | cut -f 2,3 | sort | uniq -c |
	sort -rn | awk 'NR == 1 { print $1 }')" $(((retries + 1) * 5))
at_most "pages stored" "$(count page)" "$(grep -vc '/_market/' "$work/requests")"
# The sanitizers' own memory among it.
at_most "MiB of memory" "$(($(status_of .cost.memory_peak_bytes) >> 20))" 1024
at_most "MiB of database" "$(($(status_of .disk.database_bytes) >> 20))" 16

# --- told

at_least "failed jobs" "$(count "job WHERE state = 'failed'")" 5
is "failures without a reason" "$(count "job WHERE state = 'failed' AND reason = ''")" 0
is "stored failures without a reason" "$(count "page WHERE state IN ('error', 'unparsable') AND reason = ''")" 0
check_database
for kind in cut redirects; do
	at_least "requests that ended so: $kind" "$(sql "SELECT COALESCE(SUM(value), 0) FROM tally WHERE name = 'ends-$kind'")" 1
done
has "status" "$("$PIPECTL" status)" "Last troubles"

# --- kind again

stop_market
start_market "${market[@]}"
for source in bunjang market-html; do
	"$PIPECTL" retry "$source" --state failed >/dev/null
done
wait_idle 60
is "jobs that are not done" "$(sql "SELECT state, reason, url FROM job WHERE state <> 'done' LIMIT 3")" ""
tail -n +2 "$work/truth.tsv" | cut -f 1,2,3,5 | LC_ALL=C sort >"$work/wanted"
sql -tabs "SELECT ext_id, title, category, price FROM listing WHERE source = 'bunjang'" |
	LC_ALL=C sort >"$work/stored"
same "listings" "$work/stored" "$work/wanted"
check_database
check_archive
stop_piped
passed
