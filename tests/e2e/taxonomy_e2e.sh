#!/usr/bin/env bash
# A taxonomy that changes: old labels are read as what they are now, split ones go back to review,
# and a file that would make labels mean something else is refused.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

start_market --count 400 --html-count 0 --seed 4
write_config "$fast_hosts"
first=$root/etc/taxonomy/fashion.yaml
# version N: the file's next version with what is read from the standard input as its changes.
version() {
	sed "s/^version: .*/version: $1/" "$work/taxonomy.yaml" | sed '/^history:/,/^taxa:/{/^taxa:/!d;}' >"$work/next.yaml"
	printf '%s' "$history" >"$work/history"
	{
		printf -- '- version: %s\n  date: 2026-0%s-01\n  changes:\n' "$1" "$1"
		cat
	} >>"$work/history"
	history=$(cat "$work/history")$'\n'
	awk -v h="$work/history" '/^taxa:/ { print "history:"; while ((getline line < h) > 0) print line } { print }' \
		"$work/next.yaml" >"$work/taxonomy.yaml"
}
history=''
cp "$first" "$work/taxonomy.yaml"
sed -i "s|^taxonomy:.*|taxonomy: $work/taxonomy.yaml|" "$work/piped.yaml"
crawl_all
is "versions in force" "$(sql "SELECT version || ' ' || name FROM taxonomy")" "1 fashion"
is "labels know theirs" "$(sql "SELECT DISTINCT taxonomy FROM label")" 1

# A person labels two listings each as three categories.
mapfile -t ids < <(sql "SELECT id FROM listing ORDER BY id LIMIT 6")
label() {
	curl -sf --unix-socket "$socket" http://piped/api/review -d \
		"{\"action\": \"choose\", \"listing\": $1, \"category\": \"$2\", \"who\": \"anna\"}" >/dev/null || die "review failed"
}
label "${ids[0]}" watches.men.metal && label "${ids[1]}" watches.men.metal
label "${ids[2]}" bags.wallet && label "${ids[3]}" bags.wallet
label "${ids[4]}" shoes.sport.baseball && label "${ids[5]}" shoes.sport.baseball
labels=$(count label)
current() { sql "SELECT COALESCE(category, '-') || ' ' || made_by FROM current_label WHERE listing = $1"; }

# One file that says nothing of what became of a category with labels.
sed '/^  shoes.sport.baseball:/d; s/: shoes.sport.baseball$/: shoes.sport.other/' "$first" >"$work/taxonomy.yaml"
exits "reload without a word" 2 "$PIPECTL" reload
has "why" "$(status_of .reload.error)" "category \`shoes.sport.baseball\` of taxonomy fashion is gone, and 2 labels"
is "the old stays" "$(current "${ids[4]}")" "shoes.sport.baseball person"

# The same, said: renamed, split with its group kept, retired.
cp "$first" "$work/taxonomy.yaml"
sed -i '/^  shoes.sport.baseball:/d; s/: shoes.sport.baseball$/: shoes.sport.other/
	s/^  watches.men.metal:/  watches.men.steel:/; s/: watches.men.metal$/: watches.men.steel/' "$work/taxonomy.yaml"
version 2 <<'END'
  - { rename: watches.men.metal, to: watches.men.steel, was: { ko: 메탈 } }
  - { split: bags.wallet, into: [bags.wallet.women, bags.wallet.men, bags.wallet.other] }
  - { retire: shoes.sport.baseball }
END
exits "check" 0 "$PIPED" --config "$work/piped.yaml" --check
# What it would do, before it does: the file itself, and beside the one in force.
exits "taxonomy check" 0 "$PIPECTL" taxonomy check "$work/taxonomy.yaml"
has "labels" "$(out)" "2 become another category, 2 go back to review, 2 become none"
has "of which category" "$(out)" "bags.wallet                      split into bags.wallet.women, bags.wallet.men"
exits "taxonomy diff" 0 "$PIPECTL" taxonomy diff "$first" "$work/taxonomy.yaml"
has "what the newer says" "$(out)" "version 2: watches.men.metal renamed to watches.men.steel"
exits "taxonomy check of a lossy file" 1 "$PIPECTL" taxonomy check <(sed '/^  shoes.sport.baseball:/d; s/: shoes.sport.baseball$/: shoes.sport.other/' "$first")
has "lost" "$(out)" "LOST: 2"
has "why" "$(err)" "it would be refused: category \`shoes.sport.baseball\` of taxonomy fashion is gone"
exits "taxonomy check of a faulty file" 2 "$PIPECTL" taxonomy check <(sed 's/{ rename:/{ renam:/' "$work/taxonomy.yaml")
has "where" "$(err)" "did you mean \`rename\`?"
exits "reload" 0 "$PIPECTL" reload
wait_until 20 "version 2" status_is .versions.taxonomy 2
wait_idle
is "renamed" "$(current "${ids[0]}") $(current "${ids[1]}")" "watches.men.steel person watches.men.steel person"
is "split" "$(current "${ids[2]}")" "- person"
is "retired" "$(current "${ids[4]}")" "- person"
is "rows of the log are as they were" "$(sql "SELECT COUNT(*) FROM label WHERE made_by = 'person' AND taxonomy = 1
	AND category IN ('watches.men.metal', 'bags.wallet', 'shoes.sport.baseball')")" 6
at_least "and none is gone" "$(count label)" "$labels"
is "back in review" "$(sql "SELECT listing FROM standing WHERE recheck = 1 AND reviewed = 0 AND review_score > 2 ORDER BY 1" | tr '\n' ' ')" "${ids[2]} ${ids[3]} "
item=$(curl -sf --unix-socket "$socket" "http://piped/api/review/next?n=1&who=ben")
is "first of all, and why" "$(echo "$item" | jq -c '.items[0] | [.label, .recheck.written, .recheck.why]')" \
	'[null,"bags.wallet","split into bags.wallet.women, bags.wallet.men, bags.wallet.other (version 2)"]'
printf 'q\n' | "$PIPECTL" review --who ben >"$work/out" || die "review failed"
has "a person reads why" "$(out)" "labeled bags.wallet, which was split into bags.wallet.women"
is "reviewed in the tally" "$(status_of .tallies.reviewed)" 4
is "the listing's own page" "$(curl -sf --unix-socket "$socket" "http://piped/api/listings/${ids[0]}" |
	jq -c '.listing.label | [.category, .taxonomy, .recoded.written]')" '["watches.men.steel",1,"watches.men.metal"]'
exits "taxonomy log" 0 "$PIPECTL" taxonomy log
has "log" "$(out)" "2 listings wait for review"
has "log" "$(out)" "watches.men.metal renamed to watches.men.steel  (2 labels)"
exits "taxonomy show" 0 "$PIPECTL" taxonomy show bags.wallet
has "show" "$(out)" "bags.wallet.women"
has_not "show" "$(out)" "bags.women.tote"
exits "taxonomy show of none" 4 "$PIPECTL" taxonomy show bags.nothing
is "found by its former name" "$(curl -sf --unix-socket "$socket" -G http://piped/api/taxonomy/search --data-urlencode text=메탈 |
	jq -r '.categories[].code' | grep -c '^watches.men.steel$')" 1
exits "export" 0 "$PIPECTL" export --out "$work/dataset"
is "rows of the dataset" "$(cat "$work"/dataset/*.jsonl | jq -r 'select(.label_source == "person") | .category' | sort | uniq -c | tr -s ' ')" \
	" 2 watches.men.steel"
label "${ids[2]}" bags.wallet.men
is "decided" "$(current "${ids[2]}")" "bags.wallet.men person"

# Mapped, and what is said of it.
exits "taxonomy mapping" 0 "$PIPECTL" taxonomy mapping bunjang
has "mapping" "$(out)" "categories are mapped"
is "coverage" "$("$PIPECTL" taxonomy mapping bunjang --json | jq '.sources[0] | .listings > 300 and .mapped <= .listings and .categories_mapped <= .categories')" true

# Another site's categories: a taxonomy, a mapping, what changed between two of its trees.
printf '1\tWomen\t9\n11\tWomen>Coats\n12\tWomen>Skirts/Dresses\n' >"$work/was.tsv"
printf '{"categories": [{"id": "1", "title": "Women", "count": 9, "categories": [{"id": "11", "title": "Coats"},
	{"id": "13", "title": "Skirts"}, {"id": "14", "title": "Dresses"}]}]}' >"$work/now.json"
exits "import" 0 "$PIPECTL" taxonomy import "$work/now.json" --name site -o "$work/site.yaml"
exits "a taxonomy, but not of this database" 1 "$PIPECTL" taxonomy check --json "$work/site.yaml"
is "with its categories" "$(jq -c '[.good, .name, .categories, .leaves]' "$work/out")" '[true,"site",4,3]'
exits "diff of two trees" 0 "$PIPECTL" taxonomy diff "$work/was.tsv" "$work/now.json" -o "$work/history.yaml"
has "what it proposes" "$(out)" '{ split: "12", into: ["13", "14"] }'
exits "nor is the draft" 1 "$PIPECTL" taxonomy check --json "$work/history.yaml"
is "which would be read" "$(jq -c '[.good, .version, .categories]' "$work/out")" '[true,2,4]'
exits "mapping drafted" 0 "$PIPECTL" taxonomy import "$work/now.json" --source market-html
has "mapping" "$(out)" "mappings:"
has "by its name" "$(out)" '"14": '
exits "a file that is none" 2 "$PIPECTL" taxonomy import <(echo "nothing at all")

# An older file, while it runs and at a start.
cp "$work/taxonomy.yaml" "$work/second.yaml"
cp "$first" "$work/taxonomy.yaml"
exits "reload of an older file" 2 "$PIPECTL" reload
has "why" "$(status_of .reload.error)" "taxonomy fashion is version 1, but version 2 has been in force since"
stop_piped
exits "a start with an older file" 1 "$PIPED" --config "$work/piped.yaml"
has "why" "$(out)$(cat "$work/piped.log")" "To undo what it did, raise"
sed 's/^name: fashion/name: other/' "$work/second.yaml" >"$work/taxonomy.yaml"
exits "a start with another taxonomy" 1 "$PIPED" --config "$work/piped.yaml"

# Undone by a version of its own: the old word stands again.
cp "$work/second.yaml" "$work/taxonomy.yaml"
sed -i 's/^  watches.men.steel:/  watches.men.metal:/; s/: watches.men.steel$/: watches.men.metal/' "$work/taxonomy.yaml"
version 3 <<'END'
  - { rename: watches.men.steel, to: watches.men.metal }
END
start_piped
wait_idle
is "renamed back" "$(current "${ids[0]}")" "watches.men.metal person"
is "what was decided since" "$(current "${ids[2]}")" "bags.wallet.men person"
is "what waits" "$(sql "SELECT COUNT(*) FROM standing WHERE recheck = 1")" 1
stop_piped
passed
