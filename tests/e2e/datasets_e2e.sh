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

# The same by hand, by the API; and what cannot be.
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
