#!/usr/bin/env bash
# Queues by purpose, decisions in bulk, two people, and a blind audit, by keys.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

start_market --count 600 --html-count 0 --seed 7
write_config "$fast_hosts" "train-min-rows: 5" "review-margin: 0.5" "review-double: 1"
crawl_all
"$PIPECTL" train --wait >/dev/null || die "training failed"
wait_idle
keys() { printf '%b' "$1" | "$PIPECTL" review "${@:2}" >"$work/out" 2>&1 || die "review failed: $(out)"; }
sql_write() { sqlite3 -cmd '.timeout 5000' "$db" "$1"; }
top() { sql "SELECT category$2 FROM standing WHERE listing = $1"; }
current() { sql "SELECT COALESCE(category, 'none') || ' ' || made_by FROM current_label WHERE listing = $1"; }
events() { sql "SELECT group_concat(action, ' ') FROM (SELECT action FROM review WHERE $1 ORDER BY id)"; }

# What queues go by is made with the suggestions.
at_least "likely errors" "$(sql "SELECT COUNT(*) FROM standing WHERE errors > 0")" 1
at_least "uncertain ones" "$(sql "SELECT COUNT(*) FROM standing WHERE uncertain > 0")" 5

# Enter takes the first suggestion; n, x, f and s; what is undone is shown again, as often as wished.
mapfile -t shown < <(sql "SELECT listing FROM standing WHERE reviewed = 0 AND review_score > 0
	ORDER BY review_score DESC, listing LIMIT 5")
keys '\r2nxf1\nuuf a lamp\nsq' --who anna
is "events" "$(events "who = 'anna'")" "accept accept none unsure flag undo undo flag skip"
is "their listings" "$(sql "SELECT group_concat(listing, ' ') FROM (SELECT listing FROM review WHERE who = 'anna' ORDER BY id)")" \
	"${shown[0]} ${shown[1]} ${shown[2]} ${shown[3]} ${shown[4]} ${shown[4]} ${shown[3]} ${shown[3]} ${shown[4]}"
is "enter" "$(current "${shown[0]}")" "$(top "${shown[0]}" 1) person"
is "none fits" "$(current "${shown[2]}")" "none person"
is "a flag's reason" "$(sql "SELECT reason FROM review WHERE action = 'flag' ORDER BY id DESC LIMIT 1")" "a lamp"
is "a reason by its number" "$(sql "SELECT reason FROM review WHERE action = 'flag' ORDER BY id LIMIT 1")" advertisement
is "keys" "$(sql "SELECT group_concat(key, ' ') FROM (SELECT key FROM review WHERE who = 'anna' ORDER BY id LIMIT 5)")" "enter 2 n x f"
is "events without a version, a queue, an id or a time" "$(sql "SELECT COUNT(*) FROM review WHERE action <> 'undo' AND
	(taxonomy = 0 OR rules = 0 OR model IS NULL OR queue <> 'all' OR client IS NULL OR place = 0 OR took_ms > 60000)")" 0
has "decided" "$(out)" "4 decided"

# A second person is asked first what one has decided, without the first one's word.
before=$(count label)
keys 'q' --who ben
has "a second person" "$(out)" "for a second person"
has_not "the first one's word" "$("$PIPECTL" review --who ben --json)" '"by": "person"'
second=$(printf '%s\n' "${shown[@]:0:4}" | sort -n | head -1)
keys 'nq' --who ben
is "what two people say" "$(sql "SELECT COUNT(DISTINCT who) FROM review WHERE listing = $second AND action NOT IN ('undo', 'unsure')")" 2
is "a label in the log" "$(count label)" $((before + 1))

# They disagree, or not; a third has the last word by the number of what one said.
disputed=$(sql "SELECT listing FROM standing WHERE disputed = 1")
if [ -n "$disputed" ]; then
	was=$(sql "SELECT COALESCE(category, 'none') FROM review WHERE listing = $disputed AND who = 'anna' AND action <> 'undo' ORDER BY id DESC LIMIT 1")
	n=$(sql "SELECT (category1 IS NOT NULL) + (category2 IS NOT NULL) + (category3 IS NOT NULL) + 1 FROM standing WHERE listing = $disputed")
	keys "${n}q" --queue adjudicate --who cleo
	has "what anna said" "$(out)" "anna says"
	is "the last word" "$(current "$disputed")" "$was person"
	is "why" "$(sql "SELECT why FROM label WHERE listing = $disputed ORDER BY id DESC LIMIT 1")" adjudicate
fi
is "nobody disagrees any more" "$(sql "SELECT COUNT(*) FROM standing WHERE disputed = 1")" 0

"$PIPECTL" review agreement >"$work/out" || die "no agreement"
has "who shares listings" "$(out)" "ben: 1 listings decided, 1 with others"
has "measures" "$(out)" "alpha"
exits "an argument" 2 "$PIPECTL" review agrement

# Sellers' categories that are likely wrong, the likeliest first; a search by first consonants.
first=$(sql "SELECT listing FROM standing WHERE reviewed = 0 AND errors > 0 ORDER BY errors DESC, listing LIMIT 1")
keys '/ㅈ켓\n\rq' --queue errors --who dan
is "chosen by ㅈ켓" "$(current "$first" | grep -c 'jacket person')" 1
is "its queue" "$(sql "SELECT queue FROM review WHERE who = 'dan'")" errors
for queue in uncertain rules new; do
	keys 'q' --queue "$queue"
	has "queue $queue" "$(out)" "decided"
done
exits "no such queue" 2 "$PIPECTL" review --queue odd

# A whole family by +, undone at once.
family=$(sql "SELECT l.id FROM listing AS l JOIN standing AS s ON s.listing = l.id JOIN family AS f ON f.id = l.family
	WHERE f.size > 1 AND s.reviewed = 0 AND s.category1 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM listing AS o JOIN standing AS t
	ON t.listing = o.id WHERE o.family = l.family AND t.reviewed = 1) ORDER BY l.id LIMIT 1")
if [ -n "$family" ]; then
	name=$(sql "SELECT family FROM listing WHERE id = $family")
	sql_write "UPDATE standing SET uncertain = 99 WHERE listing = $family"
	keys '+\rq' --queue uncertain --who finn
	is "the family" "$(sql "SELECT COUNT(*) FROM listing AS l JOIN standing AS s ON s.listing = l.id WHERE l.family = $name AND s.reviewed = 0")" 0
	keys 'uq' --queue uncertain --who finn
	is "the family, undone" "$(sql "SELECT COUNT(*) FROM listing AS l JOIN standing AS s ON s.listing = l.id WHERE l.family = $name AND s.reviewed = 1")" 0
fi

# A page of titles: all but the second and the fourth, undone as one, and again.
category=$(sql "SELECT guess FROM standing WHERE reviewed = 0 AND guess IS NOT NULL GROUP BY guess ORDER BY COUNT(*) DESC LIMIT 1")
mapfile -t grid < <(sql "SELECT listing FROM standing WHERE reviewed = 0 AND guess = '$category' ORDER BY guess_p DESC, listing LIMIT 6")
at_least "listings of $category" "${#grid[@]}" 6
of_grid() { sql "SELECT COUNT(*) FROM current_label WHERE listing IN ($(IFS=,; echo "${grid[*]}")) AND made_by = 'person' AND category = '$category'"; }
before=$(sql "SELECT COUNT(*) FROM review")
keys '2 4\nq\n' --grid "$category" --limit 6 --who gus
is "accepted at once" "$(of_grid)" 4
is "left out" "$(sql "SELECT COUNT(*) FROM standing WHERE reviewed = 1 AND listing IN (${grid[1]}, ${grid[3]})")" 0
has "accepted" "$(out)" "accepted: 4 listings"
keys 'u\nq\n' --grid "$category" --limit 6 --who gus
is "undone at once" "$(of_grid)" 0
is "events of the page" "$(sql "SELECT COUNT(*) FROM review")" $((before + 5))
keys '9\nx\nq\n' --grid "$category" --limit 6 --who gus
has "what no page has" "$(out)" "numbers of this page"
is "nothing happened" "$(of_grid)" 0
exits "no such category" 2 "$PIPECTL" review --grid no.such

# An audit of a stored draw: blind, and what was drawn how is in its events.
mapfile -t drawn < <(sql "SELECT listing FROM standing WHERE reviewed = 0 AND guess IS NOT NULL ORDER BY listing DESC LIMIT 2")
exits "nothing was drawn" 4 "$PIPECTL" review --queue audit
sql_write "INSERT INTO draw (id, name, who, made_ms, population, seed, taxonomy, rules, plan) VALUES (1, 'spring', 'ada', 1, 600, 1, 1, 1, '{}');
	INSERT INTO draw_item VALUES (1, 1, ${drawn[0]}, 'sure', 0.25, 2, '{}'), (1, 2, ${drawn[1]}, 'doubt', 0.5, 1, '{}')"
keys '10/ㅈ켓\n1nuxq' --queue audit --who ada
for opinion in "%" "rule " "reviewed:" "bunjang/" "keep   " "$(sql "SELECT url FROM listing WHERE id = ${drawn[0]}")"; do
	is "no opinion ($opinion)" "$(grep -c "$opinion" "$work/out")" 0
done
has "its title" "$(out)" "$(sql "SELECT title FROM listing WHERE id = ${drawn[0]}")"
is "events of the audit" "$(events "draw = 1")" "choose none unsure"
is "how it was drawn" "$(sql "SELECT place || ' ' || drawn_p || ' ' || wants || ' ' || shown FROM review WHERE draw = 1 AND listing = ${drawn[0]}")" \
	'1 0.25 2 {"blind":true}'
keys 'q' --queue audit --who bea
has "the first, for two" "$(out)" "$(sql "SELECT title FROM listing WHERE id = ${drawn[0]}")"
stop_piped
passed
