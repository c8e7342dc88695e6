#!/usr/bin/env bash
# A market that shows only the first results of a query: every listing is found all the
# same, with few requests more than its pages; on generated listings, and on the real
# ones where they are.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# crawl WINDOW PAGE OPTION...: what the seeds' categories hold, and what was found.
crawl() {
	local window=$1
	shift
	start_market --window "$window" --ads 0 "$@"
	write_config "$fast_hosts"
	start_piped
	wait_idle 280
	windows=$("$PIPECTL" windows bunjang --json)
	pages=$(count page)
	found=$(count listing)
	echo "window $window: $found listings, $pages requests, $(jq -c 'del(.shown)' <<<"$windows")"
}
of() { jq -r "$1" <<<"$windows"; }

# --- generated: pages of 20, a window of 200

small_pages
sed -i 's/window: 10000/window: 200/' "$work/bunjang.yaml"
"$MARKET" --count 6000 --dump "$work/all.tsv"
# What the seven seeds ask for.
awk -F'\t' 'NR > 1 && $3 ~ /^(310|320|405|400|421|422|430)/ { print $1 }' "$work/all.tsv" | sort >"$work/want"
crawl 200 --count 6000
sql "SELECT ext_id FROM listing" | sort >"$work/got"
same "the listings" "$work/got" "$work/want"
is "unreachable" "$(of .unreachable)" 0
is "waiting" "$(of .waiting)" 0
is "results" "$(of .total)" "$(wc -l <"$work/want")"
# The fewest: a page for each 20 of a list, at most one half empty for each part.
fewest=$(($(wc -l <"$work/want") / 20))
at_most "requests" "$pages" $((fewest * 8 / 5 + 20))
has "pipectl windows" "$("$PIPECTL" windows)" bunjang

# Killed halfway, it goes on where it was.
stop_piped
rm -rf "$state"
launch_piped
some_parts() { [ "$(count part)" -gt 5 ]; }
wait_until 60 "some parts" some_parts
kill_piped
start_piped
wait_idle 120
sql "SELECT ext_id FROM listing" | sort >"$work/got"
same "the listings after a kill" "$work/got" "$work/want"
is "unreachable after a kill" "$("$PIPECTL" windows bunjang --json | jq .unreachable)" 0
stop_piped

# --- by POST: the shipped source of Joongna finds what its words find

rm -rf "$state"
sources=("$root/etc/sources/joongna.yaml")
write_config "hosts: { search-api.joongna.com: { rate: 1000/s } }"
crawl_all
grep -v '^#' "$root/etc/sources/joongna-words.txt" | grep . >"$work/words"
awk -F'\t' 'NR == FNR { w[$1]; next } FNR > 1 { for (x in w) if (index($2, x)) { print $1; next } }' \
	"$work/words" "$work/all.tsv" | sort | head -n 100000 >"$work/want"
sql "SELECT ext_id FROM listing" | sort >"$work/got"
# The market shows 200 of each word.
at_least "listings found by words" "$(wc -l <"$work/got")" 200
is "found without the words" "$(comm -23 "$work/got" "$work/want" | wc -l)" 0
has "trace" "$("$PIPECTL" trace job 1)" '"searchWord"'
stop_piped
stop_market
passed
