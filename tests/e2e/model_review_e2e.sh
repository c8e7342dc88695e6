#!/usr/bin/env bash
# What people say decides: held-out reviews show a threshold, and keep a worse model from
# going live though rules' labels would not; a training goes on from the live model.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

ctl() { "$PIPECTL" "$@"; }
live() { sql "SELECT name FROM model WHERE state = 'live'"; }
metric() { ctl model show "$1" --json | jq -r ".metrics.$2"; }
post() {
	curl -sf --max-time 30 --unix-socket "$socket" -d "$2" "http://piped$1" >/dev/null ||
		die "POST $1 $2 failed"
}

start_market --count 700 --seed 3
options=("$fast_hosts" "train-epochs: 8" "test-share: 0.4" "validation-share: 0")
write_config "${options[@]}" "train-min-rows: 2"
start_piped
wait_idle
exits "the first training" 0 ctl train --wait
has "how it started" "$(out)" "started from nothing: no model is live"
wait_idle
first=$(live)

# --- nobody has reviewed anything

exits "a report" 0 ctl evaluate
has "a report without reviews" "$(out)" "threshold for a precision of 95%: not known"
has "what it takes" "$(out)" "there are 0 reviewed listings that were held out; it takes 100 at least"

# --- every held-out listing is reviewed: a person says what the source's own category does

exits "export" 0 ctl export --out "$work/dataset"
jq -r '[.source, .id] | @tsv' "$work/dataset/test.jsonl" | sort >"$work/held"
sql "SELECT l.source || x'09' || l.ext_id || x'09' || l.id || x'09' || c.category FROM listing AS l
	JOIN current_label AS c ON c.listing = l.id" | sort >"$work/all"
# Two columns of the one, joined by both.
awk -F'\t' 'NR == FNR { held[$1 "/" $2]; next } $1 "/" $2 in held { print $3, $4 }' \
	"$work/held" "$work/all" >"$work/review"
reviewed=$(wc -l <"$work/review")
at_least "held-out listings" "$reviewed" 120
while read -r id category; do
	post /api/review "{\"listing\": $id, \"action\": \"choose\", \"category\": \"$category\", \"who\": \"anna\"}"
done <"$work/review"

exits "a report of reviews" 0 ctl evaluate --precision 0.5
has "whose labels" "$(out)" "labels: reviewed"
has "the threshold" "$(out)" "threshold for a precision of 50%: 0."
has "what shows it" "$(out)" "of $reviewed reviewed listings that were held out are that sure"
exits "a page" 0 ctl evaluate --source all --precision 0.5 --html "$work/report.html" --json
is "rows that show it" "$(jq .report.threshold.rows "$work/out")" "$reviewed"
is "from where" "$(jq '.report.threshold | .p > 0 and .p < 1 and .covered >= .right' "$work/out")" true
has "the page" "$(cat "$work/report.html")" "Threshold for a precision of 50%"
exits "too few" 0 ctl evaluate --precision 0.999
has "too few" "$(out)" "it takes 5000 at least"
exits "no share" 2 ctl evaluate --precision 7
exits "all of them" 2 ctl evaluate --precision 1
has "all of them" "$(err)" "between 0 and 1"

# --- a worse one is kept, and not used

write_config "${options[@]}" "train-min-rows: 18"
ctl reload >/dev/null
wait_until 10 "the reload" grep -q reloaded "$work/piped.log"
exits "a worse training" 0 ctl train --wait
has "its verdict" "$(out)" "kept, not live: worse than the live model on $reviewed held-out rows"
has "why it started so" "$(out)" "from nothing: the live model has other fields, split, taxonomy or train-min-rows"
is "measured on" "$(metric 2 held_out)" reviewed
is "live after it" "$(live)" "$first"
is "the list: it is kept" "$(ctl model list --json | jq -r '.models[] | select(.id == 2) | .state')" kept
has "the list says why" "$(ctl model list)" "kept, not live: worse than the live model on $reviewed held-out rows"
wait_idle
is "listings that carry it" "$(ctl model show 2 --json | jq .suggestions)" 0
is "suggestions are the first one's" "$(sql "SELECT COUNT(*) FROM standing WHERE model <> 1")" 0
has "labels, as they are shown" "$(ctl model show 1)" \
	"labels    0 of persons, $(metric 1 sources.rules) of rules, taxonomy $(metric 1 taxonomy)"

# --- studies

exits "folds" 0 ctl model folds --folds 3
has "folds" "$(out)" "in $state/models/out-of-fold.folds"
at_least "rows of the file" "$(ctl model folds --json | jq .rows)" 300
is "the file" "$(head -c 8 "$state/models/out-of-fold.folds")" pipedfld
exits "a curve of few" 1 ctl model curve
has "a curve of few" "$(err)" "a curve needs 500"
exits "nothing to stop" 4 ctl model curve --stop
exits "parts of a curve" 2 ctl model curve --folds 3

# --- on from the live one, and back by name

write_config "${options[@]}" "train-min-rows: 2" "warm-starts: 1"
ctl reload >/dev/null
wait_until 10 "the second reload" sh -c "[ \$(grep -c reloaded '$work/piped.log') -ge 2 ]"
exits "a third training" 0 ctl train --wait
has "how it started" "$(out)" "started on from $first, the live model (1 of at most 1 in a row)"
has "the registry" "$(ctl model show 3)" "started   on from $first"
is "epochs" "$(metric 3 epochs)" 2
wait_idle
[ "$(live)" = "$first" ] || exits "back by name" 0 ctl model use "$first"
wait_until 10 "the switch back" status_is .model.name "$first"
wait_idle
is "all carry it again" "$(sql "SELECT COUNT(*) FROM standing WHERE model IS NOT NULL AND model <> 1")" 0
exits "afresh" 0 ctl train --wait --fresh
has "afresh" "$(out)" "started from nothing: as was asked"
passed
