#!/usr/bin/env bash
# kill -9 at random moments of a crawl: what was committed stays, whole and counted,
# and what stands in the end is what an undisturbed crawl leaves.
# PIPED_KILL_ROUNDS rounds (20; 200 take some minutes), PIPED_KILL_SEED (1).
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

rounds=${PIPED_KILL_ROUNDS:-20}
seed=${PIPED_KILL_SEED:-1}
faults=${faults:-}
small_pages
sources+=("$root/etc/sources/market-html.yaml")
# Each start asks at once: many rounds need a market that they don't exhaust.
scale=$((rounds > 50 ? rounds / 50 : 1))
market=(--count $((700 * scale)) --html-count $((200 * scale)) --seed 3)
echo "$rounds rounds, seed $seed: PIPED_KILL_ROUNDS=$rounds PIPED_KILL_SEED=$seed repeats them"
settings=("backoff-first: 20ms" "backoff-max: 100ms" "retries: 8" "segment-size: 64KiB" "train-min-rows: 5")

# look FOLDER: what must not depend on how often the daemon died.
look() {
	local a="l.source || '/' || l.ext_id"
	mkdir -p "$1"
	sql "SELECT $a, l.state, l.price, l.price_digits, l.posted_ms, l.family, l.flags, l.title,
		l.title_clean, l.title_marks, l.title_core, l.flag_reason, l.currency, l.category, l.url, l.image, l.brand, l.condition,
		l.location, l.description, l.images, l.category_path, l.attributes, l.updated_ms FROM listing AS l ORDER BY 1" >"$1/listings"
	sql "SELECT $a, c.category, c.made_by, c.who, c.confidence, c.version, c.why FROM label AS c
		JOIN listing AS l ON l.id = c.listing ORDER BY 1, c.id" >"$1/labels"
	sql "SELECT $a, v.place, v.rule, v.category, v.weight FROM vote AS v
		JOIN listing AS l ON l.id = v.listing ORDER BY 1, 2" >"$1/votes"
	sql "SELECT $a, s.clean_version, s.label_version, s.review_score FROM standing AS s
		JOIN listing AS l ON l.id = s.listing ORDER BY 1" >"$1/standings"
	sql "SELECT source, key, state, url, depth FROM job ORDER BY 1, 2" >"$1/jobs"
	sql "SELECT id, size FROM family ORDER BY 1" >"$1/families"
	sql "SELECT j.source, j.key, p.items, p.skipped, p.rejected, p.listings, p.body_hash FROM page AS p
		JOIN job AS j ON j.id = p.job WHERE p.state = 'extracted' ORDER BY 1, 2" >"$1/pages"
	# Which of a family was first depends on the order of arrival, and so does
	# whose duplicate it is.
	sql "SELECT CASE name WHEN 'duplicates' THEN '' ELSE source END AS of, name, SUM(value) FROM tally
		WHERE name NOT IN ('pages', 'pages-error', 'bytes', 'retries')
		AND name NOT LIKE 'ends-%' GROUP BY 1, 2" >"$1/tallies"
	sql "SELECT * FROM history" >"$1/history"
}

# kept FILE: rows that, once there, stay as they are.
kept() {
	sql "SELECT 'page', id, url, state, body_hash, record_file, record_offset, record_bytes FROM page
		UNION ALL SELECT 'listing', id, source, ext_id, first_seen_ms, '', '', '' FROM listing
		UNION ALL SELECT 'job', id, source, key, state, '', '', '' FROM job WHERE state = 'done'
		UNION ALL SELECT 'label', id, listing, category, made_by, made_ms, '', '' FROM label
		UNION ALL SELECT 'history', id, listing, field, was, now, '', '' FROM history" 2>/dev/null |
		LC_ALL=C sort >"$1" || true
}

# known FILE: what is answered for, as the market's log writes it.
known() {
	sql "SELECT substr(url, 9) FROM job WHERE state = 'done'" 2>/dev/null | LC_ALL=C sort -u >"$1" || true
}

# The bound of what is asked again: never what was committed. What was under way when it died
# is: fetched, and not yet stored. How much that is depends on how long a commit takes.
check_asked() {
	tail -n +$((asked + 1)) "$work/requests" | cut -f 2,3 | tr -d '\t' | LC_ALL=C sort -u >"$work/life"
	asked=$(wc -l <"$work/requests")
	is "asked again in round $round, and committed before it" \
		"$(LC_ALL=C comm -12 "$work/known" "$work/life" | head -n 4)" ""
}

# What stood when it was killed stands; what came since the last look is whole.
check_kill() {
	kept "$work/after"
	is "rows lost in round $round" "$(LC_ALL=C comm -23 "$work/before" "$work/after" | head -n 4)" ""
	[ -s "$work/after" ] || return 0
	check_database quick
	check_records "$checked"
	checked=$(sql "SELECT COALESCE(MAX(id), 0) FROM page")
}

# --- undisturbed

start_market "${market[@]}"
write_config "$fast_hosts" "${settings[@]}"
crawl_all
stop_piped
look "$work/wanted"
pages=$(count page)
at_least "pages of an undisturbed crawl" "$pages" 150
rm -r "$state"
stop_market

# --- killed

# So slow that the crawl outlasts most rounds, which live for a quarter of a second.
rate=$((pages * 4 / rounds / 2 + 1))
: >"$work/requests"
# shellcheck disable=SC2086
start_market "${market[@]}" $faults
write_config "hosts: { api.bunjang.co.kr: { rate: $rate/s, concurrency: 4 }, market.example: { rate: $rate/s, concurrency: 4 } }" "${settings[@]}"
RANDOM=$seed
midway=0 checked=0
asked=0
for ((round = 1; round <= rounds; round++)); do
	known "$work/known"
	launch_piped
	# Some die while they start.
	[ $((RANDOM % 5)) -eq 0 ] || wait_until 60 "piped" ready
	lives || die "piped did not come up again in round $round"
	sleep "0.$(printf '%03d' $((RANDOM % 500)))"
	kept "$work/before"
	kill_piped
	check_kill
	check_asked
	[ "$failed" -eq 0 ] || die "round $round of seed $seed"
	now=$(count "page WHERE state = 'extracted'")
	[ "$now" -eq 0 ] || [ "$now" -ge "$pages" ] || midway=$((midway + 1))
done
at_least "rounds that ended amid the crawl" "$midway" $((rounds / 2))
write_config "$fast_hosts" "${settings[@]}"
crawl_all
look "$work/got"
for what in listings labels votes standings jobs families pages tallies history; do
	same "$what after $rounds kills (seed $seed)" "$work/got/$what" "$work/wanted/$what"
done
check_database
check_archive
known "$work/known"
at_least "answers that are compared with what is asked" "$(wc -l <"$work/known")" 150
if [ -n "$faults" ]; then
	at_least "answers that were spoilt" "$(cut -f 6 "$work/requests" | grep -vc '^-$')" 50
fi

# --- killed while it trains, suggests and exports

for ((round = 1; round <= 3; round++)); do
	"$PIPECTL" train >/dev/null 2>&1 || true
	[ "$round" -eq 1 ] || "$PIPECTL" export --out "$work/dataset" >/dev/null 2>&1 &
	sleep "0.$(printf '%03d' $((RANDOM % 1000)))"
	kill_piped
	start_piped
done
wait_idle
check_database
"$PIPECTL" train --wait >/dev/null || die "training failed after kills"
wait_idle
is "listings without a suggestion of the live model" "$(sql "SELECT COUNT(*) FROM standing
	JOIN listing AS l ON l.id = listing WHERE l.flags & 1 = 0
	AND model IS NOT (SELECT id FROM model WHERE state = 'live')")" 0
"$PIPECTL" export --out "$work/dataset" >/dev/null || die "the export failed after kills"
for what in listings labels votes jobs families pages; do
	look "$work/trained"
	same "$what after training" "$work/trained/$what" "$work/wanted/$what"
done
stop_piped
is "files beside the database after a clean stop" \
	"$(find "$state" -maxdepth 1 -name 'piped.db-*' -printf '%f ')" ""
for f in "$state"/archive/*.warc.gz; do
	gzip -t "$f" || fail "$f is torn"
done
passed
