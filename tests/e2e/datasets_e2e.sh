#!/usr/bin/env bash
# Datasets as their user asks for them: filters, columns, and what the manifest says of them.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

start_market --count 400 --html-count 0 --seed 4
write_config "$fast_hosts" "train-min-rows: 5" "review-margin: 0.5"
crawl_all
"$PIPECTL" train --wait >/dev/null || die "training failed"
wait_idle

# Two people decide the same listings: the first is agreed on, the second is not.
mapfile -t shown < <(sql "SELECT listing FROM standing WHERE reviewed = 0 AND review_score > 0
	ORDER BY review_score DESC, listing LIMIT 3")
decide() { curl -sf --unix-socket "$socket" -d "{\"listing\": $1, \"action\": \"choose\",
	\"category\": \"$2\", \"who\": \"$3\"}" http://piped/api/review >/dev/null || die "a decision failed"; }
decide "${shown[0]}" women.outer.coat anna
decide "${shown[0]}" women.outer.coat ben
decide "${shown[1]}" women.outer.coat anna
decide "${shown[1]}" bags ben
decide "${shown[2]}" bags anna

# export_to NAME OPTION...
export_to() {
	local to=$work/$1
	shift
	"$PIPECTL" export --out "$to" "$@" >"$work/out" 2>"$work/err" || fail "export $*: $(err)"
}
rows() { cat "$work/$1"/{train,validation,test}.jsonl; }
# manifest NAME FILTER
manifest() { jq -r "$2" "$work/$1/manifest.json"; }

export_to usual
is "rows as usual" "$(rows usual | wc -l)" "$(manifest usual .rows)"
is "columns as usual" "$(rows usual | head -n 1 | jq -r 'keys | length')" 33
is "filters as usual" "$(manifest usual '.filters | length')" 0

export_to reviewed --labels reviewed --columns id,category,label_source,label_who,opinions,reviewers,family
is "reviewed" "$(rows reviewed | wc -l)" 3
is "of people" "$(rows reviewed | jq -r .label_source | sort -u)" person
is "who said so" "$(rows reviewed | jq -r .label_who | sort | tr '\n' ' ')" "anna ben ben "
is "how many did" "$(rows reviewed | jq -c .reviewers | sort | tr '\n' ' ')" "1 2 2 "
is "what they said" "$(rows reviewed | jq -c 'select(.category == "bags" and .reviewers == 2) |
	[.opinions[] | .who + " " + .category]')" '["anna women.outer.coat","ben bags"]'
has "what is left out is told" "$(out)" "unlabeled"

export_to agreed --agree reviewers
is "agreed" "$(rows agreed | jq -r .category)" women.outer.coat
is "left out as people differ" "$(manifest agreed .left_out.agreement)" "$(($(manifest usual .rows) - 1))"
export_to undisputed --labels reviewed --agree undisputed
is "undisputed" "$(rows undisputed | wc -l)" 2

export_to weak --labels weak --min-confidence 0.95 --columns default,soft_labels,votes
is "weak" "$(rows weak | jq -r .label_source | sort -u)" rules
is "least confidence" "$(rows weak | jq -r 'select(.confidence < 0.95) | .id')" ""
is "what the manifest was asked for" "$(manifest weak '.filters | [.labels, .min_confidence] | join(" ")')" "weak 0.95"
is "soft labels of votes sum to 1" "$(rows weak | jq -r '[.soft_labels[] | select(.source == "votes") | .p] |
	add | . > 0.999 and . < 1.001' | sort -u)" true

export_to seller --labels seller --columns id,category,label_source,seller_label
is "sellers'" "$(rows seller | jq -r .label_source | sort -u)" seller
is "theirs is the label" "$(rows seller | jq -r 'select(.category != .seller_label) | .id')" ""
export_to sellers --all --labels seller --columns id
is "mapped" "$(rows sellers | wc -l)" "$(sql "SELECT COUNT(*) FROM vote WHERE rule = 'source-category'")"

export_to women --category women
is "below women" "$(rows women | jq -r .category | grep -vc '^women')" 0
at_least "women" "$(rows women | wc -l)" 10
export_to early --seen-until 2001-01-01
is "seen before there was a daemon" "$(rows early | wc -l)" 0
export_to late --seen-since 2001-01-01 --labeled-since 2001-01-01
is "seen since" "$(rows late | wc -l)" "$(manifest usual .rows)"

# No family is on two sides, whatever is asked for.
for name in usual weak seller reviewed women; do
	is "families on two sides of $name" "$(manifest $name .checks.families_on_two_sides)" 0
done
for name in usual weak women; do
	is "families of $name" "$(for s in train validation test; do
		jq -r .family "$work/$name/$s.jsonl" | sort -u
	done | sort | uniq -d)" ""
done

# Each format by readers that are not ours, with and without all columns.
if type -p python3 >/dev/null; then
	for format in jsonl csv huggingface croissant labelstudio; do
		export_to "as-$format" --format "$format"
		python3 "$here/dataset_check.py" "$work/as-$format" >"$work/out" || fail "$format: $(out)"
		export_to "all-$format" --format "$format" --all --columns default,provenance
		python3 "$here/dataset_check.py" "$work/all-$format" >"$work/out" || fail "all of $format: $(out)"
	done
	is "people's annotations" "$(jq -s '[.[][] | .annotations[]] | length' "$work"/as-labelstudio/{train,validation,test}.json)" 5
else
	echo "not checked by other readers: python3 is not there"
fi
exits "a format that is not compressed" 2 "$PIPECTL" export --out "$work/no" --format croissant --gzip

# Two datasets compared: the same; then a decision, a listing less, a column more.
"$PIPECTL" export --out "$work/a" >/dev/null
exits "the same" 0 "$PIPECTL" export diff "$work/a" "$work/usual"
has "the same" "$(out)" "0 added, 0 removed, 0 changed"
relabeled=$(sql "SELECT s.listing FROM standing AS s JOIN label AS b ON b.id = s.label JOIN listing AS l
	ON l.id = s.listing WHERE b.made_by = 'rules' AND b.category <> 'bags' AND l.flags = 0 LIMIT 1")
decide "$relabeled" bags anna
"$PIPECTL" export --out "$work/b" --columns default,listing --gzip >/dev/null
exits "a label" 1 "$PIPECTL" export diff "$work/a" "$work/b"
has "a label" "$(out)" "0 added, 0 removed, 1 changed (label 1, side 0"
has "whose" "$(out)" "~ $(sql "SELECT source || '/' || ext_id FROM listing WHERE id = $relabeled")  label "
has "to which" "$(out)" "-> bags"
has "by category" "$(out)" "bags "
has "columns" "$(out)" "columns only in the second: listing"
"$PIPECTL" export --out "$work/c" --category women >/dev/null
exits "fewer" 1 "$PIPECTL" export diff "$work/a" "$work/c" --json
is "fewer" "$(out | jq '[.added, .removed, .changed] | join(" ")')" \
	"\"0 $(($(manifest a .rows) - $(manifest c .rows))) 0\""
is "rows of it" "$(out | jq '.differences | length')" "$(($(manifest a .rows) - $(manifest c .rows)))"
is "by category" "$(out | jq '[.categories[].removed] | add')" "$(($(manifest a .rows) - $(manifest c .rows)))"
exits "and back" 1 "$PIPECTL" export diff "$work/c" "$work/a" --json --summary
is "and back" "$(out | jq '[.added, .removed, (.differences | length)] | join(" ")')" \
	"\"$(($(manifest a .rows) - $(manifest c .rows))) 0 0\""
exits "another format" 2 "$PIPECTL" export diff "$work/a" "$work/all-csv"
exits "no dataset" 2 "$PIPECTL" export diff "$work/a" "$work/nowhere"
exits "half of it" 2 "$PIPECTL" export diff "$work/a"

# Labels that were made elsewhere: by id, row number, address, name; and what is not taken.
mapfile -t there < <(sql "SELECT l.id || '|' || l.source || '|' || l.ext_id || '|' || l.url FROM listing AS l
	JOIN standing AS s ON s.listing = l.id JOIN label AS b ON b.id = s.label WHERE b.made_by = 'rules'
	AND l.flags = 0 AND l.url <> '' ORDER BY l.id LIMIT 5")
part() { cut -d '|' -f "$2" <<<"${there[$1]}"; }
{
	printf 'source,id,listing,url,category,who,when,note,colour\r\n'
	printf '%s,%s,,,bags,clara,2020-01-01T10:00:00+09:00,"seen, twice",red\r\n' "$(part 0 2)" "$(part 0 3)"
	printf ',,%s,,women.outer.coat,clara,,,\r\n' "$(part 1 1)"
	printf ',,,%s,"women'"'"'s coats",,2020-01-03,,\r\n' "$(part 2 4)"
	printf ',,%s/%s,,none,clara,2020-01-04,,\r\n' "$(part 3 2)" "$(part 3 3)"
	printf ',,0,,bags,clara,,,\r\n'
	printf 'bunjang,no such,,,bags,clara,,,\r\n'
	printf ',,%s,,부츠,clara,,,\r\n' "$(part 4 1)"
	printf ',,%s,,nowhere,clara,,,\r\n' "$(part 4 1)"
	printf ',,%s,,bags,clara,yesterday,,\r\n' "$(part 4 1)"
	printf ',,%s,,bags,clara,2020-01-01,,,,\r\n' "$(part 4 1)"
	printf ',,%s,,bags,clara,2020-01-01T00:00:00Z,,\r\n' "${shown[0]}"
} >"$work/labels.csv"
exits "an import" 1 "$PIPECTL" label import "$work/labels.csv" --who dora
has "an import" "$(out)" "11 rows: 4 labels stored, 0 known already, 7 not taken"
current_of() { sql "SELECT COALESCE(b.category, 'none') || ' ' || b.made_by || ' ' || b.who || ' ' || b.why FROM
	standing AS s JOIN label AS b ON b.id = s.label WHERE s.listing = $1"; }
is "by id" "$(current_of "$(part 0 1)")" "bags person clara import:labels.csv"
is "when" "$(sql "SELECT b.made_ms FROM standing AS s JOIN label AS b ON b.id = s.label
	WHERE s.listing = $(part 0 1)")" 1577840400000
is "by row number" "$(current_of "$(part 1 1)")" "women.outer.coat person clara import:labels.csv"
is "by address and name" "$(current_of "$(part 2 1)")" "women.outer.coat person dora import:labels.csv"
is "none of them" "$(current_of "$(part 3 1)")" "none person clara import:labels.csv"
is "lines that are not taken" "$(cut -f 1 "$work/labels.csv.rejects.tsv" | tr '\n' ' ')" "line 6 7 8 9 10 11 12 "
has "a listing that is not there" "$(sed -n 3p "$work/labels.csv.rejects.tsv")" "no listing bunjang/no such"
has "a name of several" "$(sed -n 4p "$work/labels.csv.rejects.tsv")" "names several categories"
has "a later word" "$(sed -n 8p "$work/labels.csv.rejects.tsv")" "a person has said something since"
before=$(count label)
exits "the same file again" 1 "$PIPECTL" label import "$work/labels.csv" --who dora --json
is "the same file again" "$(out | jq -r '[.rows, .stored, .known, .rejected] | join(" ")')" "11 0 4 7"
is "labels in the log" "$(count label)" "$before"
is "reviewed" "$(status_of .tallies.reviewed)" "$(sql "SELECT COUNT(*) FROM current_label WHERE made_by = 'person'")"
export_to imported --labels reviewed --columns default,label_who,label_made
is "who and when in the dataset" "$(rows imported | jq -r 'select(.id == "'"$(part 0 3)"'") |
	[.category, .label_who, .label_made, .label_why] | join(" ")')" \
	"bags clara 2020-01-01T01:00:00Z import:labels.csv"
exits "no such file" 1 "$PIPECTL" label import "$work/nowhere.csv"
printf 'title\tcategory\n' >"$work/titles.tsv"
exits "nothing that names a listing" 2 "$PIPECTL" label import "$work/titles.tsv"
exits "no such format" 2 "$PIPECTL" label import "$work/labels.csv" --format xlsx

# Label Studio and back: what was exported is known as ours, what was decided there is taken.
export_to tasks --format labelstudio
jq -s '[.[][]] | (map(select(.annotations == []))[0].data.piped) as $first | map(
	if .data.piped == $first then .annotations = [{id: 7, completed_by: {email: "eva@team.example"},
		updated_at: "2024-05-06T07:08:09.123456Z", was_cancelled: false, result: [{id: "x", from_name: "category",
		to_name: "title", type: "choices", value: {choices: ["bags"]}}]}] else . end)' \
	"$work"/tasks/{train,validation,test}.json >"$work/project.json"
first=$(jq -r '.[] | select(.annotations[0].id? == 7) | .data.piped' "$work/project.json")
exits "Label Studio's" 0 "$PIPECTL" label import "$work/project.json"
has "Label Studio's" "$(out)" "1 rows: 1 labels stored, 0 known already, 0 not taken"
has "ours" "$(out)" "annotations were exported from here"
is "Label Studio's, as a person's" "$(current_of "(SELECT id FROM listing WHERE source || '/' || ext_id = '$first')")" \
	"bags person eva@team.example import:project.json"
exits "again" 0 "$PIPECTL" label import "$work/project.json"
has "again" "$(out)" "1 rows: 0 labels stored, 1 known already"
printf '[{"data": {}, "annotations"' >"$work/torn.json"
exits "a torn file" 1 "$PIPECTL" label import "$work/torn.json"
check_database

# What cannot be asked for.
exits "an unknown column" 2 "$PIPECTL" export --out "$work/no" --columns titel
has "an unknown column" "$(err)" 'did you mean'
exits "an unknown source" 2 "$PIPECTL" export --out "$work/no" --source bunjan
has "an unknown source" "$(err)" 'bunjan'
exits "an unknown category" 2 "$PIPECTL" export --out "$work/no" --category womens
exits "no confidence" 2 "$PIPECTL" export --out "$work/no" --min-confidence much
exits "no time" 2 "$PIPECTL" export --out "$work/no" --seen-since yesterday
is "and nothing is begun" "$(curl -s --unix-socket "$socket" -d '{"agree": "everybody"}' http://piped/api/export |
	jq -r .error.code)" bad
stop_piped
passed
