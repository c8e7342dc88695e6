#!/usr/bin/env bash
# A market that fails in every way it knows, but not for ever: in the end nothing
# is missing, each failure stands in the database with its reason, and whoever
# said when to come back was left alone until then.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
sources+=("$root/etc/sources/market-html.yaml")
market=(--count 900 --html-count 60 --seed 5)
api="/api/1/find_v2.json?f_category_id=320&order=date&page"

# what STATE REASON: of the pages or, without an answer, the jobs.
faults=()
# fault KIND[:KEY=VALUE...] PAGE: of the list of men's clothing.
fault() { faults+=(--fault "$1$([[ $1 == *:* ]] && echo , || echo :)path=$api=$2&"); }
fault 429:after=2,first=1 1
fault 429:after=3,date=1,first=1 2
fault 500:first=2 3
fault slow:ms=2500,first=1 4
fault trickle:ms=400,bytes=64,first=1 5
fault truncate:first=1,at=50 6
fault length:first=1,by=100 7
fault redirect:first=1 8
fault huge:first=1,mb=8 9
fault bomb:first=2,mb=200 10
fault badjson:first=1 11
fault markup:first=1 12
fault empty:first=1 13
fault close:first=2 14
fault 503:first=1 15
fault 404:first=1 16
fault status:code=403,first=1 17
fault reset:first=1,at=50 18
faults+=(--fault "euckr:host=market.example")
faults+=(--fault "500:host=market.example,path=/item/,share=30,each=1")

"$MARKET" "${market[@]}" --dump "$work/truth.tsv" >/dev/null
start_market "${market[@]}" "${faults[@]}"
# One request at a time, so that the log shows who waited for whom.
write_config "hosts: { api.bunjang.co.kr: { rate: 1000/s, concurrency: 1 }, market.example: { rate: 1000/s } }" \
	"timeout: 2s" "idle-timeout: 1s" "connect-timeout: 2s" "retries: 6" "backoff-first: 20ms" \
	"backoff-max: 100ms" "max-wire: 2MiB" "max-body: 4MiB"
begun=$SECONDS
crawl_all

# --- what became of each

# page_said PAGE STATE PART: a stored answer of that page of the list.
page_said() {
	[ "$(sql "SELECT COUNT(*) FROM page AS p JOIN job AS j ON j.id = p.job
		WHERE j.url LIKE '%f_category_id=320&%&page=$1&%' AND p.state = '$2'
		AND p.reason LIKE '%$3%'")" -ge 1 ] ||
		fail "page $1: no $2 '$3' but $(sql "SELECT p.state, p.status, p.reason FROM page AS p
		JOIN job AS j ON j.id = p.job WHERE j.url LIKE '%f_category_id=320&%&page=$1&%'")"
}
# job_is PAGE STATE PART
job_is() {
	local got
	got=$(sql "SELECT state || ' ' || reason FROM job WHERE url LIKE '%f_category_id=320&%&page=$1&%'")
	case $got in
	"$2 "*"$3"*) ;;
	*) fail "job of page $1: '$got', wanted $2 '$3'" ;;
	esac
}
log_said() { grep -q "$1" "$work/piped.log" || fail "the log does not say: $1"; }

page_said 1 error "HTTP status 429"
page_said 2 error "HTTP status 429"
page_said 3 error "HTTP status 500"
log_said 'job=.*reason="timeout: '
page_said 5 error "timeout"
page_said 6 error "cut"
page_said 7 error "cut"
page_said 18 error "cut: "
page_said 18 error "reset"
job_is 8 failed "redirect"
job_is 9 failed "too-big"
page_said 10 unparsable ""
page_said 11 unparsable ""
page_said 12 unparsable ""
page_said 13 unparsable ""
page_said 15 error "HTTP status 503"
job_is 16 gone "HTTP status 404"
job_is 17 failed "HTTP status 403"
for page in 1 2 3 4 5 6 7 10 11 12 13 14 15 18; do
	job_is "$page" "done" ""
	page_said "$page" extracted ""
done
# A market that is slow has no one left to answer to.
for kind in 429 500 trickle truncate reset length redirect huge bomb badjson markup empty close 503 404 status euckr; do
	cut -f 6 "$work/requests" | grep -qx "$kind" || fail "the market never did $kind"
done
is "jobs by state" "$(sql "SELECT state, COUNT(*) FROM job WHERE state <> 'done' GROUP BY 1")" \
	$'failed|3\ngone|1'
at_most "seconds for all that" $((SECONDS - begun)) 60

# --- Retry-After was respected

# After each answer with it, the host's next request, in milliseconds.
awk -F'\t' '$2 ~ /bunjang/ {
		if (told != "") { print told, $1 - told; told = "" }
		if ($6 == "429") told = $1
	}' "$work/requests" >"$work/waits"
is "answers with Retry-After" "$(wc -l <"$work/waits")" 2
at_least "milliseconds of quiet after Retry-After: 2" "$(awk 'NR == 1 { print $2 }' "$work/waits")" 1990
# A date has whole seconds: up to one of the three is already gone.
at_least "milliseconds of quiet after a date" "$(awk 'NR == 2 { print $2 }' "$work/waits")" 1990

# --- looked at

text=$("$PIPECTL" status)
has "status" "$text" "failed 3"
has "status" "$text" "Last troubles"
has "status" "$text" "HTTP status 403"
check_archive
check_warcio

# --- mended

stop_market
start_market "${market[@]}" --fault euckr:host=market.example
"$PIPECTL" retry bunjang --state failed >/dev/null
"$PIPECTL" retry bunjang --state gone >/dev/null
wait_idle
is "jobs that are not done" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
tail -n +2 "$work/truth.tsv" | cut -f 1,2,3,5 | LC_ALL=C sort >"$work/wanted"
sql -tabs "SELECT ext_id, title, category, price FROM listing WHERE source = 'bunjang'" |
	LC_ALL=C sort >"$work/stored"
same "listings" "$work/stored" "$work/wanted"
sql -tabs "SELECT substr(ext_id, 2), title, price FROM listing WHERE source = 'market-html'" |
	LC_ALL=C sort >"$work/html"
at_least "listings in EUC-KR" "$(wc -l <"$work/html")" 30
is "titles of EUC-KR pages that are wrong" \
	"$(cut -f 1,2,4 "$work/wanted" | LC_ALL=C comm -23 "$work/html" -)" ""
stop_piped
passed
