#!/usr/bin/env bash
# Records that fail the checks of their page kind: kept and told with the reason, over a restart,
# until other checks let them pass, when the archived pages are read again.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# checks TEXT: the source with these checks, or without any
checks() { sed "${1:+/^    fields:/i \    checks: $1}" "$root/etc/sources/bunjang.yaml" >"$work/bunjang.yaml"; }
cheap="{ price: { max: 20000 }, title: { pattern: \"^.{2,}\" } }"
sources=("$work/bunjang.yaml")
checks "$cheap"
start_market --count 300 --html-count 0
write_config "$fast_hosts" "rejected-keep: 50"
start_piped
wait_idle
listings=$(count listing)
rejected=$(status_of .tallies.rejected)
at_least "listings" "$listings" 10
at_least "rejected records" "$rejected" 51
is "dear listings" "$(sql "SELECT COUNT(*) FROM listing WHERE price > 20000")" 0
is "records that are kept" "$(count rejected)" 50
is "counts by reason" "$(status_of '[.rejected[].times] | add')" "$rejected"
exits "rejected" 0 "$PIPECTL" rejected bunjang --field price -n 3
has "rejected" "$(out)" "is above max 20000"
has "rejected" "$(out)" "max price bunjang/$(sql "SELECT ext_id FROM rejected ORDER BY id DESC LIMIT 1")  page"
exits "rejected --json" 0 "$PIPECTL" rejected --reason max --json --limit 1000
is "records told" "$(jq '.rejected | length' "$work/out")" 50
is "the first one's reason" "$(jq -r '.rejected[0].reason' "$work/out")" max
page=$(jq '.rejected[0].page' "$work/out")
exits "rejected of no field" 2 "$PIPECTL" rejected --field prize
has "trace of its page" "$("$PIPECTL" trace page "$page")" "is above max 20000"
has "status" "$("$PIPECTL" status)" "Rejected bunjang "
has "metrics" "$("$PIPECTL" metrics)" 'piped_rejected_records{source="bunjang",reason="max"} '

# --- a check that is none is refused

checks "{ title: { pattern: '(' } }"
exits "a bad pattern" 2 "$PIPECTL" reload
has "a bad pattern" "$(err)" "bunjang.yaml:"
has "a bad pattern" "$(err)" "check of title"

# --- without checks all are listings, and no request was made for them

kill_piped
asked=$(wc -l <"$work/requests")
checks ""
start_piped
none_kept() { [ "$(count rejected)" -eq 0 ]; }
wait_until 60 "pages read again" none_kept
wait_until 20 "all read" status_is .tallies.rejected 0
at_least "listings without checks" "$(count listing)" "$((listings + 50))"
is "requests for them" "$(wc -l <"$work/requests")" "$asked"
is "counts" "$(status_of '.rejected | length')" 0
stop_piped
passed
