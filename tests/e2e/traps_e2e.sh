#!/usr/bin/env bash
# Lists without an end, and links with a session of their own: a crawl of such a market
# ends, has all that there is, and tells what was left out.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# Listings link to one another, and lists name their next page.
sed 's/^  detail:$/&\n    links: [{ find: "a.related::attr(href)", page: detail }]/
	s/^      var: page$/      next: "a[rel=next]::attr(href)"/
	/^      more: /d' "$root/etc/sources/market-html.yaml" >"$work/market-html.yaml"
sed "s/^rate: /scope: { prefix-jobs: 300 }\n&/" "$work/market-html.yaml" >"$work/budget.yaml"
counted=$root/etc/sources/market-html.yaml

# crawled FAULT SOURCE: all of it
crawled() {
	rm -rf "$state" "$work/requests"
	sources=("$2")
	start_market --html-count 60 --fault "$1"
	write_config "$fast_hosts"
	crawl_all
	stop_market
	is "listings, with $1" "$(count listing)" 60
	"$PIPECTL" refused --json >"$work/refused"
	stop_piped
	asked=$(wc -l <"$work/requests")
}
refused_for() { jq "[.refused[] | select(.reason == \"$1\") | .times] | add // 0" "$work/refused"; }

crawled "endless:path=/list" "$counted"
# Six lists, of which fifty pages in a row show nothing: and no more.
at_least "lists that are left" "$(refused_for endless)" 6
at_most "requests to lists without an end" "$asked" 400

crawled "session:path=/" "$work/market-html.yaml"
# A session makes no other page.
at_most "requests to a market with sessions" "$asked" 75

crawled "tracked:path=/" "$work/budget.yaml"
at_least "links past the budget of their folder" "$(refused_for budget)" 1
at_most "requests to a market with a parameter that is always new" "$asked" 320
passed
