#!/usr/bin/env bash
# pipectl rules: a file tried on titles, what would change if it went live, how the rules do, and
# what is missing; and a daemon that finds its compiled rules again.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$work/rules"
cat >"$work/rules/coats.yaml" <<'YAML'
lists:
  furs: {file: furs.txt}
rules:
  coat: {taxon: men.outer.coat, family: coats, priority: 1, any: [코트, {regex: '체스터 ?필드'}], none: [{list: furs}]}
  dear: {taxon: men.outer.coat, any: [{list: furs}], price-min: 100000}
YAML
printf '# furs\n무스탕\n' >"$work/rules/furs.txt"

small_pages
start_market --count 600 --seed 5
write_config "$fast_hosts" "train-min-rows: 5"
exits "no daemon" 3 "$PIPECTL" rules test "$work/rules/coats.yaml" 코트
crawl_all
rules() { "$PIPECTL" rules "$@"; }
rule() { jq -r ".titles[0].rules[] | select(.rule == \"$1\") | $2" "$work/out"; }

# --- test

exits "a title" 0 rules test "$work/rules/coats.yaml" '나이키 롱코트 95' --json
is "the rule holds" "$(rule coat .holds)" true
is "by which word" "$(rule coat '.hits[0].text')" 코트
is "where" "$(rule coat '[.hits[0].from, .hits[0].bytes] | join(" ")')" "13 6"
is "its family" "$(rule coat '.family + (.priority | tostring)')" coats1
is "the label" "$(jq -r '.titles[0].label.category' "$work/out")" men.outer.coat
is "what of a fur" "$(rules test "$work/rules/coats.yaml" '무스탕 코트' --all --json |
	jq -c '[.titles[0].rules[] | [.rule, .holds, .against, .term]]')" '[["coat",false,"none","furs"],["dear",false,"price",null]]'
exits "a dear fur" 0 rules test "$work/rules/coats.yaml" '무스탕 코트' --price 200000 --all
has "its rule" "$(out)" "+ dear"
has "and what is excepted" "$(out)" "- coat"
has "and why" "$(out)" "not by none furs"
has "the words, marked" "$(out)" "[무스탕] 코트"
printf '체스터필드 울\n\n청바지\n' >"$work/titles"
exits "titles on standard input" 0 rules test "$work/rules/coats.yaml" --all --json <"$work/titles"
is "each with its rules" "$(jq -c '[.titles[] | [.title, (.rules | length)]]' "$work/out")" '[["체스터필드 울",1],["청바지",0]]'
exits "the rules of now" 0 rules test - '나이키 자켓 삽니다' --json
is "a flag" "$(jq -r '.titles[0].flags[0]' "$work/out")" wanted
is "with fields" "$(rules test - '울 코트' --source bunjang --category 320100 --json | jq -r '.titles[0].votes[] | .rule' | tr '\n' ' ')" "source-category men-coat "
printf 'rules:\n  bad: {taxon: men.outer.coat, any: [{regex: "("}]}\n' >"$work/bad.yaml"
exits "a fault" 2 rules test "$work/bad.yaml" x
has "where it is" "$(err)" "bad.yaml:2:46: no regular expression"
exits "a fault in JSON" 2 rules test "$work/bad.yaml" x --json
is "its place" "$(jq -c '.problems[0] | [.line, .column]' "$work/out")" '[2,46]'
exits "no file" 2 rules test "$work/absent.yaml" x
exits "no such thing" 2 rules tset

# --- stats

exits "stats" 0 rules stats
at_least "rules in it" "$(wc -l <"$work/out")" 60
exits "stats" 0 rules stats --json
is "listings" "$(jq .listings "$work/out")" "$(sql "SELECT COUNT(*) FROM listing")"
is "votes of one rule" "$(jq '.rules[] | select(.rule == "men-puffer") | .fired' "$work/out")" \
	"$(sql "SELECT COUNT(*) FROM vote WHERE rule = 'men-puffer'")"
is "shares" "$(jq '[.rules[].share] | add | . * 1000 | round' "$work/out")" 1000
is "one that never fired" "$(jq -c '[.rules[] | select(.rule == "golf-shoes") | [.fired, .last]]' "$work/out")" '[[0,null]]'

# --- diff

sed 's/men-puffer:/men-padded:/; s/taxon: men.outer.puffer/taxon: men.outer.coat/' "$root/etc/rules/fashion.yaml" >"$work/fashion.yaml"
before=$(sql "SELECT COUNT(*), SUM(weight) FROM vote")
exits "the same" 0 rules diff "$root/etc/rules/fashion.yaml" --json
is "nothing" "$(jq -c '[.changed, .moves, .rules, .flags]' "$work/out")" '[0,[],[],[]]'
exits "another" 0 rules diff "$work/fashion.yaml" --json
is "all of a rule" "$(jq -c '[.rules[] | select(.rule == "men-puffer" or .rule == "men-padded") | [.was, .now]]' "$work/out")" \
	"$(sql "SELECT '[[null,' || COUNT(*) || '],[' || COUNT(*) || ',null]]' FROM vote WHERE rule = 'men-puffer'")"
at_least "moves" "$(jq .changed "$work/out")" 1
exits "in words" 0 rules diff "$work/fashion.yaml"
has "in words" "$(out)" "RULE THAT FIRES OTHERWISE"
exits "a folder in place of all" 0 rules diff "$work/rules" --json
is "what is left" "$(jq .now.rules "$work/out")" 2
is "nothing was changed" "$(sql "SELECT COUNT(*), SUM(weight) FROM vote")" "$before"
exits "faulty" 2 rules diff "$work/bad.yaml"

# --- suggest

exits "no model" 1 rules suggest
"$PIPECTL" train >/dev/null
wait_idle
cp "$root/etc/rules/fashion.yaml" "$work/few.yaml"
sed -i '/^  men-puffer:/,/^$/d' "$work/few.yaml"
stop_piped
sed -i "s|^rules:.*|rules: [$work/few.yaml]|" "$work/piped.yaml"
crawl_all
exits "suggest" 0 rules suggest --json
is "listings looked at" "$(jq .listings "$work/out")" "$(sql "SELECT COUNT(*) FROM listing")"
has "the words of the rule that is gone" "$(jq -r '.words[] | select(.category == "men.outer.puffer") | .word' "$work/out")" 푸퍼
exits "suggest" 0 rules suggest
"$PIPECTL" rules suggest | sed -n '/^rules:/,$p' >"$work/suggested.yaml"
exits "what it suggests is a file" 0 rules test "$work/suggested.yaml" '푸퍼 95' --all --json
has "that finds them" "$(jq -r '.titles[0].label.category' "$work/out")" men.outer.puffer

# --- what was compiled

is "compiled rules" "$(find "$state/cache" -name '*.hsdb' | wc -l)" 2
stop_piped
for f in "$state"/cache/*.hsdb; do
	printf 'x' | dd of="$f" bs=1 seek=300 conv=notrunc status=none
done
sum=$(cat "$state"/cache/*.hsdb | sha256sum)
start_piped
is "with a damaged cache" "$(rules test - '나이키 자켓 삽니다' --json | jq -r '.titles[0].flags[0]')" wanted
[ "$(cat "$state"/cache/*.hsdb | sha256sum)" != "$sum" ] || fail "the damaged cache was left"
stop_piped
passed
