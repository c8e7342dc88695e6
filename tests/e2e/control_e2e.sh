#!/usr/bin/env bash
# A person steers a running crawl: one address now, why another is not asked, and
# what failed once more.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

ctl() { "$PIPECTL" "$@"; }
why() { ctl why "$@" --json; }
code_of() { why "$@" | jq -r '.sources[0].code'; }
answer_of() { why "$@" | jq -r .answer; }

# The second source shares the first one's host, at a pace that lets people look.
sed 's/^name: .*/name: other/' "$root/etc/sources/market-html.yaml" >"$work/other.yaml"
sed 's/^rate:.*/rate: 20\/s/' "$root/etc/sources/market-html.yaml" >"$work/market-html.yaml"
sources=("$work/market-html.yaml" "$root/etc/sources/bunjang.yaml")
start_market --count 300 --html-count 40 --fault "404:path=/item/,first=1" --fault "status:code=403,path=/item/,first=1"
write_config "$fast_hosts" "retries: 1" "backoff-first: 100ms"
start_piped --paused
ctl pause bunjang >/dev/null

# --- before anything is asked

list='https://market.example/list?category=320300&page=0'
is "why, when all is paused" "$(code_of "$list")" held
has "why, when all is paused" "$(answer_of "$list")" "all sources are paused"
is "why of a page that nobody named" "$(code_of https://market.example/item/none)" unknown
has "why of a page that nobody named" "$(answer_of https://market.example/item/none)" \
	"No page known so far linked to it"
is "sources that a foreign address is told of" "$(why https://elsewhere.example/ | jq '.sources | length')" 2
has "why of a foreign address" "$(answer_of https://elsewhere.example/)" "elsewhere.example"
exits "why of no address" 2 ctl why "not an address"
exits "why for no source" 4 ctl why "$list" --source nobody
is "why of a paused source" "$(code_of 'https://api.bunjang.co.kr/api/1/find_v2.json' --source bunjang)" unknown

# --- what cannot be crawled says why

exits "crawl in no scope" 4 ctl crawl https://elsewhere.example/
has "crawl in no scope" "$(err)" "in the scope of no source"
exits "crawl for no source" 4 ctl crawl "$list" --source nobody
exits "crawl for another source" 4 ctl crawl "$list" --source bunjang
has "crawl for another source" "$(err)" "market.example is not one"
exits "crawl of no page kind" 2 ctl crawl https://market.example/item/none --page nothing
has "crawl of no page kind" "$(err)" "list, detail"
exits "crawl of another kind" 2 ctl crawl "$list" --page detail
has "crawl of another kind" "$(err)" "known as a page of kind list"
is "jobs made by that" "$(sql "SELECT COUNT(*) FROM job WHERE url LIKE '%none%'")" 0

# --- once, now

ctl resume market-html >/dev/null
wait_idle
gone=$(sql "SELECT url FROM job WHERE state = 'gone'")
broken=$(sql "SELECT url FROM job WHERE state = 'failed'")
item=$(sql "SELECT url FROM job WHERE page_kind = 'detail' AND state = 'done' LIMIT 1")
pages=$(count page)
listings=$(count listing)
is "why of what is done" "$(code_of "$item")" "done"
has "why of what is done" "$(answer_of "$item")" "HTTP status 200"
is "why of what is gone" "$(code_of "$gone")" gone
is "why of what failed" "$(code_of "$broken")" failed
has "why of what failed" "$(answer_of "$broken")" "pipectl retry --job"
exits "crawl --wait" 0 ctl crawl --wait "$item" "$list"
is "lines of crawl --wait" "$(grep -c 'done, status 200' "$work/out")" 2
is "pages after it" "$(count page)" $((pages + 2))
is "listings after it" "$(count listing)" "$listings"
is "priority of what was asked" "$(sql "SELECT priority FROM job WHERE url = '$item'")" 0
exits "crawl --wait of what was gone" 0 ctl crawl --wait "$gone"
exits "crawl of an address that is not there" 4 ctl crawl --wait https://market.example/item/999999999
has "crawl of an address that is not there" "$(out)" "gone, status 404"
exits "crawl --json" 0 ctl crawl --wait "$item" --json
is "the end in JSON" "$(jq -r '.jobs[0].end.job.state' "$work/out")" "done"
is "it is stored under its own source" "$(sql "SELECT DISTINCT source FROM job WHERE url LIKE '%/item/%'")" market-html

# --- retry, narrowed down

retried() { ctl retry "$@" --json | jq .jobs; }
is "retry of another host" "$(retried --host nowhere.example)" 0
is "retry of another reason" "$(retried --reason 'no such reason')" 0
is "retry of another source" "$(retried bunjang)" 0
exits "retry of an address without a job" 4 ctl retry --url https://market.example/item/none
is "retry by host and reason" "$(retried --host market.example --reason 403)" 1
wait_idle
is "what failed" "$(sql "SELECT state FROM job WHERE url = '$broken'")" "done"
has "retry of an address" "$(ctl retry --url "$item")" "1 job of all sources is due again"
wait_idle
is "pages of that address" "$(sql "SELECT COUNT(*) FROM page JOIN job ON job.id = page.job WHERE job.url = '$item'")" 4

# --- two sources at one host; a source that is removed, or switched off

sources=("$work/market-html.yaml" "$work/other.yaml")
write_config "$fast_hosts"
exits "reload with a second source" 0 ctl reload
wait_idle
exits "crawl in two scopes" 2 ctl crawl "$item"
has "crawl in two scopes" "$(err)" "market-html, other"
exits "crawl with --source" 0 ctl crawl --wait "$item" --source other
is "sources that why tells of" "$(why "$item" | jq -r '[.sources[].source] | sort | join(" ")')" "market-html other"
ctl pause >/dev/null
ctl retry other --url "$item" >/dev/null
sources=("$work/market-html.yaml")
write_config "$fast_hosts"
exits "reload without the second source" 0 ctl reload
is "why of a removed source" "$(code_of "$item" --source other)" removed
has "why of a removed source" "$(answer_of "$item" --source other)" "no longer names its source other"
sed -i 's/^name: market-html/&\nenabled: false/' "$work/market-html.yaml"
exits "reload with the source switched off" 0 ctl reload
is "why of a source that is switched off" "$(code_of https://market.example/item/none)" disabled
exits "crawl at a source that is switched off" 4 ctl crawl "$item"
has "crawl at a source that is switched off" "$(err)" "disabled"

stop_piped
passed
