#!/usr/bin/env bash
# pipectl: every command of its table, with --json, with --help, its exit codes,
# and what it steers.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

ctl() { "$PIPECTL" "$@"; }

# --- without a daemon

exits "no daemon" 3 ctl status
has "no daemon" "$(err)" "no daemon answers on $socket"
exits "no daemon for train" 3 ctl train --wait
exits "no command" 2 ctl
exits "an unknown command" 2 ctl stauts
has "an unknown command" "$(err)" "did you mean 'status'"
exits "an unknown option" 2 ctl status --wach
has "an unknown option" "$(err)" "--watch"
exits "too many arguments" 2 ctl train now
exits "too few arguments" 2 ctl trace listing
exits "a wrong number" 2 ctl listings --limit 0
exits "--version" 0 ctl --version

mapfile -t commands < <(ctl --help | sed -n '/^Commands:/,/^$/ { s/^  \([a-z]*\) .*/\1/p }')
at_least "commands" "${#commands[@]}" 18
manual=$(ctl help --format mdoc)
completion=$(ctl help --format bash)
for c in "${commands[@]}"; do
	exits "$c --help" 0 ctl "$c" --help
	has "$c --help" "$(out)" "Usage: pipectl $c"
	exits "help $c" 0 ctl help "$c"
	has "manual" "$manual" "$c"
	has "completion" "$completion" "$c"
done

# --- a crawl to look at; one title wants to write on the terminal

"$MARKET" --count 400 --seed 2 --dump "$work/plain.tsv" >/dev/null
awk -F'\t' -v OFS='\t' 'NR == 2 { $2 = "나이키 \033]0;owned\007\033[31m자켓 \xc2\x9b2J \xe2\x80\xaeend" } { print }' \
	"$work/plain.tsv" >"$work/sold.tsv"
evil=$(sed -n '2s/\t.*//p' "$work/sold.tsv")
start_market --listings "$work/sold.tsv" --html-count 20 --fault "status:code=403,path=/item/,first=1" \
	--fault "404:path=/item/,first=2"
sources+=("$root/etc/sources/market-html.yaml")
suggest_port=$((20000 + RANDOM % 10000))
write_config "$fast_hosts" "train-min-rows: 5" "suggest-address: 127.0.0.1:$suggest_port"

# A first start that asks nothing.
start_piped --paused
is "paused" "$(status_of .crawl.paused)" true
has "status when paused" "$(ctl status)" "paused"
exits "suggest without a model" 1 ctl suggest 자켓
has "suggest without a model" "$(err)" "model"
exits "models without one" 0 ctl model list
has "models without one" "$(out)" "pipectl train"
exits "training without labels" 1 ctl train --wait
is "requests while paused" "$(wc -l <"$work/requests")" 0
ctl resume >/dev/null
wait_idle
exits "train" 0 ctl train --wait
has "train" "$(out)" "top-1"
wait_idle

# --- what status says

exits "status" 0 ctl status
for part in "piped 0.1.0" "pid $piped_pid" "idle" "pages fetched" "unparsable" "listings" "duplicates" \
	"labeled" "suggested" "waiting for review" "Queue" "Flow" "Hosts" "api.bunjang.co.kr" "Model" "Disk" \
	"Cost" "Last troubles"; do
	has "status" "$(out)" "$part"
done
exits "status --json" 0 ctl status --json
is "members of status --json that are missing" "$(jq -r '[ "pid", "uptime_ms", "idle", "crawl", "hosts",
	"sweep", "train", "model", "disk", "cost", "jobs", "tallies", "review_queue", "links_refused", "rejected", "sources", "troubles",
	"versions" ] - keys | .[]' "$work/out")" ""
is "jobs of status" "$(jq .jobs.gone "$work/out")" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'gone'")"

# --- every command prints JSON

page=$(sql "SELECT page FROM listing WHERE ext_id = '$evil'")
job=$(sql "SELECT job FROM page WHERE id = $page")
listing=$(sql "SELECT id FROM listing WHERE ext_id = '$evil'")
json() {
	exits "$*" 0 ctl "$@" --json
	jq -e . "$work/out" >/dev/null || fail "$* --json is no JSON"
}
json sources
json refused
json rejected
json rejected bunjang --field price --reason min --limit 5
json windows
json drift
json drift bunjang --accept
json listings
json listings 자켓 --state selling --limit 5
json trace listing "$listing"
json trace listing "bunjang/$evil"
json trace page "$page"
json source test bunjang "bunjang/$evil"
json trace job "$job"
json family show "$listing"
is "a family's first member" "$(jq '.members[0].id' "$work/out")" "$(sql "SELECT MIN(id) FROM listing WHERE family =
	(SELECT family FROM listing WHERE id = $listing)")"
json family show "bunjang/$evil"
other=$(sql "SELECT MIN(id) FROM listing WHERE family <> (SELECT family FROM listing WHERE id = $listing)")
json family merge "$listing" "$other"
is "families after a merge" "$(sql "SELECT COUNT(DISTINCT family) FROM listing WHERE id IN ($listing, $other)")" 1
json family split "$listing"
is "families after a split" "$(sql "SELECT COUNT(DISTINCT family) FROM listing WHERE id IN ($listing, $other)")" 2
exits "a split of one that is alone" 2 ctl family split "$(sql "SELECT MIN(id) FROM listing WHERE family NOT IN (SELECT id FROM family)")"
exits "a family without a verb" 2 ctl family "$listing" "$other"
json suggest 나이키 바람막이 자켓
is "suggestions" "$(jq '.suggestions | length' "$work/out")" 3
is "a category's path ends in it" "$(jq '[.suggestions[] | select(.path[-1].category != .category)] | length' "$work/out")" 0
exits "suggest" 0 ctl suggest -k 2 나이키 바람막이 자켓
is "lines of suggest" "$(wc -l <"$work/out")" 2
has "suggest" "$(out)" "자켓 +"
printf '나이키 바람막이 자켓\n\n리바이스 청바지\n' >"$work/titles"
exits "suggest from standard input" 0 ctl suggest -k 1 <"$work/titles"
is "titles and suggestions" "$(wc -l <"$work/out")" 4
exits "suggest from standard input, JSON" 0 ctl suggest --json - <"$work/titles"
is "titles in JSON" "$(jq -r .title "$work/out")" "$(grep . "$work/titles")"
seq -f '자켓 %g' 600 >"$work/many"
exits "suggest many" 0 ctl suggest --json <"$work/many"
is "titles in their order" "$(jq -r .title "$work/out")" "$(cat "$work/many")"
printf '자켓\n\xff\n자켓\n' >"$work/broken"
exits "suggest what is no text" 2 ctl suggest <"$work/broken"
has "the line that is none" "$(err)" "line 2 of standard input"
has "what came before it" "$(out)" "자켓"
exits "suggest with what the model does not know" 2 ctl suggest --brand 나이키 자켓
has "what it knows" "$(err)" "beside a title it knows nothing"
exits "the same from standard input" 2 ctl suggest --price 5000 <"$work/titles"
has "which title" "$(err)" 'items[0]'
# over TCP: suggestions alone
tcp() { curl -s -o "$work/out" -w '%{http_code}' "http://127.0.0.1:$suggest_port$1"; }
is "suggest by TCP" "$(tcp /api/suggest?title=jacket)" 200
is "the live model" "$(jq .model "$work/out")" "$(ctl model list --json | jq '.models[] | select(.in_use) | .id')"
is "health by TCP" "$(tcp /health)" 200
is "status by TCP" "$(tcp /api/status)" 404
json review
json rules
json taxonomy
json taxonomy 자켓
json log
json images
json images --collect
json config
json metrics
is "a metric in JSON" "$(jq -r '.metrics[] | select(.name == "piped_jobs" and .labels.source == "bunjang" and
	.labels.state == "failed") | .value' "$work/out")" 0
json archive list
json archive verify
json archive index
json reprocess
json import "$state/archive/piped-000001.warc.gz"
json reload
json pause bunjang
json resume bunjang
json run bunjang
wait_idle
json retry bunjang
json why "$(sql "SELECT url FROM job WHERE id = $job")"
json crawl "$(sql "SELECT url FROM job WHERE id = $job")" --wait
wait_idle
json train
wait_idle
json model list
json model show 1
json model use 1
json evaluate
wait_idle
printf 'listing,category\n1,bags\n' >"$work/labels.csv"
json label import "$work/labels.csv" --who anna
json export --out "$work/dataset"
is "rows of the export" "$(jq .rows "$work/out")" "$(cat "$work"/dataset/{train,validation,test}.jsonl | wc -l)"
for c in "${commands[@]}"; do
	case $c in
	status | source | sources | windows | refused | rejected | drift | listings | trace | family | model | evaluate | suggest | review | rules | taxonomy | log | images | metrics | config | reload | \
		pause | resume | run | retry | crawl | why | train | label | export | archive | import | reprocess | help) ;;
	*) fail "no test asks $c for JSON" ;;
	esac
done

# --- and text

exits "a model" 0 ctl model show 1
has "a model" "$(out)" "verdict"
for c in sources windows listings rules taxonomy log config; do
	exits "$c" 0 ctl "$c"
	at_least "lines of $c" "$(wc -l <"$work/out")" 2
done
is "a title on the terminal" "$({ ctl listings --limit 1000; ctl trace listing "$listing"
	ctl family show "$listing"; ctl source test bunjang "bunjang/$evil"; ctl review </dev/null; ctl status; ctl log --limit 512; } | LC_ALL=C grep -cE $'[\033\007]|\xc2\x9b|\xe2\x80\xae' || true)" 0
has "the stored title" "$(sql "SELECT title FROM listing WHERE id = $listing")" $'\033['
is "the title in JSON" "$(ctl listings --json --limit 1000 | jq -r ".listings[] | select(.id == $listing) | .title")" \
	"$(sql "SELECT title FROM listing WHERE id = $listing")"
is "listings found by a word" "$(ctl listings 자켓 --limit 1000 --json | jq '.listings | length')" \
	"$(sql "SELECT COUNT(*) FROM listing WHERE title LIKE '%자켓%' OR title_clean LIKE '%자켓%'")"
category=$(sql "SELECT category FROM current_label GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1")
is "listings of a category" "$(ctl listings --category "$category" --limit 1000 --json | jq '.listings | length')" \
	"$(sql "SELECT COUNT(*) FROM current_label WHERE category = '$category'")"
first=$(ctl listings --limit 150 --json)
next=$(jq .next <<<"$first")
all=$(jq '.listings | length' <<<"$first")
while [ "$next" != null ]; do
	first=$(ctl listings --limit 150 --after "$next" --json)
	next=$(jq .next <<<"$first")
	all=$((all + $(jq '.listings | length' <<<"$first")))
done
is "listings page by page" "$all" "$(count listing)"

# --- trace, down to the bytes

page=$(sql "SELECT page FROM listing WHERE id = $listing")
job=$(sql "SELECT job FROM page WHERE id = $page")
trace=$(ctl trace listing "bunjang/$evil")
for part in "listing $listing" "votes" "labels" "source-category" "suggestions" "page $page" "WARC record" \
	"piped-000001.warc.gz" "job " "configured at" "bunjang.yaml:"; do
	has "trace listing" "$trace" "$part"
done
ctl trace page "$page" --raw >"$work/raw"
is "trace --raw" "$(head -c 8 "$work/raw")" "WARC/1.1"
sql "SELECT record_file, record_offset, record_bytes FROM page WHERE id = $page" | (
	IFS='|' read -r file offset bytes
	record "$file" "$offset" "$bytes"
) | cmp - "$work/raw" || fail "trace --raw is not what lies in the archive"
exits "--raw of a listing" 2 ctl trace listing 1 --raw
has "trace job" "$(ctl trace job "$job")" "job $job"

# --- metrics: well formed, each family once, sources and hosts labelled

exits "metrics" 0 ctl metrics
check_metrics() { awk -f "$here/metrics_check.awk" "$@"; }
is "what is wrong with metrics" "$(check_metrics "$work/out")" ""
is "untyped metrics" "$(grep -c untyped "$work/out" || true)" 0
has "a tally that only grows" "$(out)" "# TYPE piped_pages_total counter"
has "one that may fall" "$(out)" "# TYPE piped_listings gauge"
# The check can fail.
head='# HELP a A.\n# TYPE a gauge\n'
for text in 'a 1\n' "${head}b 1\n" "${head}a{x=\"\\\\t\"} 1\n" "${head}a{x=\"\"\"} 1\n" "${head}a{x=\"1\",} 1\n" \
	"${head}a 1\na 2\n" "$head${head}a 1\n" "${head}a x\n" '# HELP a A.\n# TYPE a counter\na 1\n' \
	'# TYPE a gauge\na 1\n' "${head}" '# HELP a_total A.\n# TYPE a_total counter\na_total -1\n'; do
	# shellcheck disable=SC2059
	[ -n "$(printf "$text" | check_metrics)" ] || fail "the check of metrics lets pass: $text"
done
has "metrics of a host" "$(out)" 'piped_host_requests_total{source="market-html",host="market.example"} '
has "metrics of a source" "$(out)" 'piped_jobs{source="bunjang",state="done"} '
is "requests in metrics" "$(awk '$1 == "piped_requests_total" { print $2 }' "$work/out")" \
	"$(wc -l <"$work/requests")"

# --- exit codes

exits "no such listing" 4 ctl trace listing bunjang/1
exits "no such row" 4 ctl trace listing 999999
exits "no such page" 4 ctl trace page 999999
exits "no such source" 4 ctl pause nobody
exits "no such category" 4 ctl taxonomy qqqqq
exits "no such model" 4 ctl model use 99
exits "a model without a verb" 2 ctl model model-1
exits "a model without a name" 2 ctl model use
exits "a wrong state" 2 ctl listings --state broken
exits "a wrong format" 2 ctl export --format xml --out "$work/xml"
exits "a wrong kind" 2 ctl trace thing 1
# The first may be over before the second is asked for.
got=0
for ((i = 0; i < 20 && got != 5; i++)); do
	ctl train >/dev/null
	got=0
	ctl train >/dev/null 2>&1 || got=$?
done
is "a second training" "$got" 5
wait_idle

# --- steering

ctl pause market-html >/dev/null
is "paused source" "$(ctl sources --json | jq -r '.sources[] | select(.source == "market-html") | .paused')" true
asked=$(grep -c market.example "$work/requests")
ctl run bunjang >/dev/null
wait_idle
is "requests to a paused source" "$(grep -c market.example "$work/requests")" "$asked"
stop_piped
start_piped
is "gone jobs" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'gone'")" 2
ctl retry market-html --state gone >/dev/null
wait_until 20 "a paused host" status_is '.hosts[] | select(.host == "market.example") | .why' paused
is "requests after a restart" "$(grep -c market.example "$work/requests")" "$asked"
ctl resume market-html >/dev/null
wait_idle
is "gone jobs after a retry" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'gone'")" 0
is "failed jobs" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'failed'")" 1
ctl retry >/dev/null
wait_idle
is "failed jobs after a retry" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
pages=$(count page)
ctl run market-html >/dev/null
wait_idle
at_least "pages after run" "$(count page)" $((pages + 10))
is "listings seen again are not doubled" "$(count listing)" "$(sql "SELECT COUNT(DISTINCT source || '/' || ext_id) FROM listing")"

# --- pipeclass, on what was exported

cut -f 2,3 "$work/plain.tsv" | tail -n +2 >"$work/train.tsv"
exits "pipeclass train" 0 "$PIPECLASS" train --data "$work/train.tsv" --model "$work/model"
exits "pipeclass test" 0 "$PIPECLASS" test --data "$work/train.tsv" --model "$work/model"
is "members of pipeclass test that are missing" "$(tail -n 1 "$work/out" |
	jq -r '["n", "top1", "top3", "macro_f1", "ece"] - keys | .[]')" ""
exits "pipeclass test as JSON" 0 "$PIPECLASS" test --data "$work/train.tsv" --model "$work/model" \
	--json --html "$work/report.html" --precision 0.9
is "members of the report that are missing" "$(jq -r '["categories", "confusions", "reliability",
	"reliability_top3", "coverage", "parts"] - keys | .[]' "$work/out")" ""
is "the page ends" "$(tail -n 1 "$work/report.html")" "</body></html>"
exits "pipeclass compare" 0 "$PIPECLASS" compare "$work/model" "$work/model" --data "$work/train.tsv" --json
is "a model beside itself" "$(jq -c '[.only_first, .only_second, .p]' "$work/out")" "[0,0,1]"
exits "pipeclass compare with one model" 2 "$PIPECLASS" compare "$work/model" --data "$work/train.tsv"
exits "pipeclass folds" 0 "$PIPECLASS" folds --data "$work/train.tsv" --folds 3 --epochs 2 --rate 0.01
is "lines of pipeclass folds" "$(jq -c . "$work/out" | wc -l)" \
	"$(($(awk -F '\t' '$2 != ""' "$work/train.tsv" | wc -l) + 1))"
echo junk >"$work/junk.tsv"
for c in train test folds curve; do
	args=(--data "$work/junk.tsv")
	case $c in train | test) args+=(--model "$work/model.junk") ;; esac
	[ $c != test ] || args=(--data "$work/junk.tsv" --model "$work/model")
	exits "pipeclass $c on a file without rows" 1 "$PIPECLASS" $c "${args[@]}"
done
exits "pipeclass compare on a file without rows" 1 "$PIPECLASS" compare "$work/model" "$work/model" \
	--data "$work/junk.tsv"
exits "pipeclass with a column too many" 1 "$PIPECLASS" test --data "$work/train.tsv" \
	--model "$work/model" --columns brand
head -n 3 "$work/train.tsv" | cut -f 1 | "$PIPECLASS" predict --model "$work/model" >"$work/out"
is "lines of pipeclass predict" "$(jq -c . "$work/out" | wc -l)" 3
exits "pipeclass without a model" 1 "$PIPECLASS" test --data "$work/train.tsv" --model "$work/none"
exits "pipeclass on rubbish" 1 "$PIPECLASS" test --data "$work/train.tsv" --model "$work/train.tsv"
exits "pipeclass without a command" 2 "$PIPECLASS"

stop_piped
passed
