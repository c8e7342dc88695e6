#!/usr/bin/env bash
# A person's decisions: made by keys, kept in a log that only grows, undone, and
# never overwritten by rules or models.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

start_market --count 900 --html-count 0 --seed 4
write_config "$fast_hosts" "train-min-rows: 5" "review-margin: 0.5"
crawl_all
"$PIPECTL" train --wait >/dev/null || die "training failed"
wait_idle
queue=$(status_of .review_queue)
at_least "listings that wait for review" "$queue" 20
is "queue in the database" "$queue" "$(sql "SELECT COUNT(*) FROM standing WHERE reviewed = 0 AND review_score > 0")"

# The five most urgent, in the order in which they will be shown.
mapfile -t shown < <(sql "SELECT s.listing FROM standing AS s JOIN vote AS v ON v.listing = s.listing
	AND v.rule = 'source-category' WHERE s.reviewed = 0 AND s.review_score > 0
	ORDER BY s.review_score DESC, s.listing LIMIT 6")
top() { sql "SELECT category$2 FROM standing WHERE listing = $1"; }
seller() { sql "SELECT category FROM vote WHERE listing = $1 AND rule = 'source-category'"; }
current() { sql "SELECT category || ' ' || made_by FROM current_label WHERE listing = $1"; }
labels_before=$(count label)
accepted=$(top "${shown[0]}" 1)
second=$(top "${shown[1]}" 2)
kept=$(seller "${shown[2]}")
fourth=$(current "${shown[4]}")

# 1: the first suggestion; 2: the second; 0: the seller's; a search, one of its
# answers; s: skip; 9: nothing; q: the end.
printf '%s\n' 1 2 0 '/boots' 1 s 9 q | "$PIPECTL" review --who anna >"$work/out" ||
	die "review failed"
has "review" "$(out)" "4 decided"
is "accepted" "$(current "${shown[0]}")" "$accepted person"
is "the second accepted" "$(current "${shown[1]}")" "$second person"
is "kept" "$(current "${shown[2]}")" "$kept person"
chosen=$(current "${shown[3]}")
has "chosen" "$chosen" "boots"
has "chosen" "$chosen" "person"
is "skipped" "$(current "${shown[4]}")" "$fourth"
is "events" "$(sql "SELECT action FROM review WHERE who = 'anna' ORDER BY id" | tr '\n' ' ')" \
	"accept accept keep choose skip "
is "what was shown is kept" "$(sql "SELECT json_extract(shown, '$.suggestions[0].category') FROM review
	WHERE listing = ${shown[0]}")" "$accepted"
is "labels in the log" "$(count label)" $((labels_before + 4))
is "queue: what is skipped waits for others" "$(status_of .review_queue)" $((queue - 4))
is "reviewed in the tally" "$(status_of .tallies.reviewed)" 4
has "listings shown" "$(out)" "$(sql "SELECT title FROM listing WHERE id = ${shown[0]}")"
has_not "listings shown" "$(out)" $'\033'

# Undo: the newest decision of the one who asks, as often as asked.
exits "undo of one who decided nothing" 0 sh -c "printf 'u\nq\n' | '$PIPECTL' review --who ben"
is "events of another" "$(sql "SELECT COUNT(*) FROM review WHERE who = 'ben'")" 0
printf 'u\nu\nq\n' | "$PIPECTL" review --who anna >"$work/out" || die "undo failed"
has_not "chosen, undone" "$(current "${shown[3]}")" "person"
is "accepted, still" "$(current "${shown[0]}")" "$accepted person"
is "labels in the log after undo" "$(count label)" $((labels_before + 4))
is "undone labels" "$(count label_undo)" 1
is "queue after undo" "$(status_of .review_queue)" $((queue - 3))
is "reviewed after undo" "$(status_of .tallies.reviewed)" 3

# Against a person neither a new model nor new rules have a say.
"$PIPECTL" train --wait >/dev/null || die "training failed"
wait_idle
sed '/^mappings:/,$ s/: [a-z.-]*$/: bags/' "$root/etc/taxonomy/fashion.yaml" >"$work/taxonomy.yaml"
grep -q '": bags$' "$work/taxonomy.yaml" || die "the test's own taxonomy maps nothing to bags"
sed -i "s|^taxonomy:.*|taxonomy: $work/taxonomy.yaml|" "$work/piped.yaml"
exits "reload" 0 "$PIPECTL" reload
wait_idle
at_least "labels that changed with the mapping" "$(sql "SELECT COUNT(*) FROM current_label
	WHERE made_by = 'rules' AND category = 'bags'")" 300
is "accepted, after all" "$(current "${shown[0]}")" "$accepted person"
is "kept, after all" "$(current "${shown[2]}")" "$kept person"
"$PIPECTL" run >/dev/null
wait_idle
is "accepted, seen again" "$(current "${shown[0]}")" "$accepted person"

# A decision is there when it was said: kill -9 right after.
mapfile -t shown < <(sql "SELECT listing FROM standing WHERE reviewed = 0 AND review_score > 0
	ORDER BY review_score DESC, listing LIMIT 1")
printf '1\n' | "$PIPECTL" review --who anna >"$work/out" || die "review failed"
kill_piped
has "decided before kill -9" "$(current "${shown[0]}")" "person"
start_piped
exits "export" 0 "$PIPECTL" export --out "$work/dataset"
at_least "rows labeled by a person" "$(cat "$work"/dataset/*.jsonl | jq -r .label_source | grep -c person)" 2
stop_piped
passed
