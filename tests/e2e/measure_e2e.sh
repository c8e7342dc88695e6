#!/usr/bin/env bash
# What people decide becomes what rules vote with: listings are labeled again by it, once, and it
# holds over a restart.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

start_market --count 300 --html-count 0 --seed 4
write_config "$fast_hosts" "measure-time: 0s"
crawl_all
weights() { sql "SELECT DISTINCT weight FROM vote WHERE rule = 'source-category'"; }
versions() { sql "SELECT COUNT(DISTINCT label_version) FROM standing"; }
is "as configured" "$(weights)" 0.9

# Twelve listings stand elsewhere.
mapfile -t wrong < <(sql "SELECT listing FROM vote WHERE rule = 'source-category' AND category NOT LIKE 'bags%'
	ORDER BY listing LIMIT 12")
for id in "${wrong[@]}"; do
	curl -sf --unix-socket "$socket" \
		-d "{\"listing\": $id, \"action\": \"choose\", \"category\": \"bags\", \"who\": \"anna\"}" \
		http://piped/api/review >/dev/null || die "listing $id not decided"
done
is "measured while nobody asked" "$(count rule_measure)" 0
count_each() {
	sed -i "s/^measure-time:.*/measure-time: $1/" "$work/piped.yaml"
	exits "reload" 0 "$PIPECTL" reload
}
count_each 1s
# (0 + 4 * .9) / (12 + 4)
measured() { [ "$(weights)" = 0.225 ] && status_is .idle true; }
wait_until 30 "the measured weight" measured
is "stored" "$(sql "SELECT fires || ' ' || hits FROM rule_measure WHERE rule = 'source-category'")" "12.0 0.0"
is "all by the same labeler" "$(versions)" 1
has "told" "$(cat "$work/piped.log")" "a weight moved by"
exits "rules" 0 "$PIPECTL" rules
has "their list" "$(out)" "0.23"

# Nothing is labeled again when it is counted again, or after a restart.
version=$(sql "SELECT label_version FROM standing LIMIT 1")
stop_piped
: >"$work/piped.log"
crawl_all
is "the labeler after a restart" "$(sql "SELECT DISTINCT label_version FROM standing")" "$version"
has_not "after a restart" "$(cat "$work/piped.log")" "labeled again"

# Off: as configured, whatever was measured.
count_each 0s
configured() { [ "$(weights)" = 0.9 ] && status_is .idle true; }
wait_until 30 "the configured weight" configured
stop_piped
passed
