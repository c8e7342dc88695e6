#!/usr/bin/env bash
# Models: the first is live, a worse one is kept, a person decides otherwise, old files
# go, and what is missing or damaged is said.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

ctl() { "$PIPECTL" "$@"; }
models=$state/models
live() { sql "SELECT name FROM model WHERE state = 'live'"; }
file_of() { sql "SELECT file FROM model WHERE id = $1"; }
reloaded_twice() { [ "$(grep -c reloaded "$work/piped.log")" -ge 2 ]; }

start_market --count 800 --seed 3
write_config "$fast_hosts" "train-min-rows: 5" "models-keep: 1"
start_piped
wait_idle

# --- the first, then a worse one

exits "the first training" 0 ctl train --wait
has "the first verdict" "$(out)" "live: not compared: no model was live"
wait_idle
first=$(live)
is "listings that carry it" "$(ctl model show "$first" --json | jq .suggestions)" \
	"$(sql "SELECT COUNT(*) FROM standing WHERE model = 1")"
has "what it was measured on" "$(ctl model show 1)" "(labels: all)"
is "rows by label" "$(ctl model show 1 --json | jq '.metrics.sources.rules > 100')" true

# Most categories have fewer rows than this: they are not learned.
write_config "$fast_hosts" "train-min-rows: 25" "models-keep: 1"
ctl reload >/dev/null
wait_until 10 "the reload" grep -q reloaded "$work/piped.log"
exits "a worse training" 0 ctl train --wait
has "its verdict" "$(out)" "kept, not live: worse than the live model on"
wait_idle
is "live after a worse one" "$(live)" "$first"
has "status" "$(ctl status)" "kept, not live: worse"
has "the log" "$(cat "$work/piped.log")" "kept, not live: worse"
has "the list" "$(ctl model list)" "kept"
is "listings that carry the worse one" "$(sql "SELECT COUNT(*) FROM standing WHERE model = 2")" 0

# --- a person decides

second=$(sql "SELECT name FROM model WHERE id = 2")
exits "use" 0 ctl model use "$second"
wait_until 10 "the switch" status_is .model.name "$second"
is "live" "$(live)" "$second"
wait_idle
is "rate of the suggestions made again" "$(status_of '.sweep.per_s > 0')" true
is "listings made again" "$(status_of .sweep.done)" "$(sql "SELECT COUNT(*) FROM standing WHERE model = 2")"
is "listings that carry the old one" "$(sql "SELECT COUNT(*) FROM standing WHERE model = 1")" 0
exits "back again" 0 ctl model use 1
wait_until 10 "the switch back" status_is .model.name "$first"
wait_idle
is "listings that carry it again" "$(sql "SELECT COUNT(*) FROM standing WHERE model = 2")" 0

# --- how good they are

exits "a report" 0 ctl evaluate
has "a report" "$(out)" "labels: all"
exits "a page" 0 ctl evaluate "$second" --source seller --html "$work/report.html" --json
is "its labels" "$(jq -r .labels "$work/out")" seller
is "its model" "$(jq -r .model "$work/out")" "$second"
is "its rows" "$(jq '.rows > 20 and (.report | type == "object")' "$work/out")" true
has "the page" "$(head -c 300 "$work/report.html" | tr '[:upper:]' '[:lower:]')" "<!doctype html>"
is "parts of the report" "$(jq '[.report | .. | strings] | any(. == "bunjang")' "$work/out")" true
exits "nobody's labels" 1 ctl evaluate --source reviewed
has "nobody's labels" "$(err)" "no held-out listing"
exits "a report of no model" 4 ctl evaluate 99

# --- one is kept: the older goes

write_config "$fast_hosts" "train-min-rows: 5" "models-keep: 1"
ctl reload >/dev/null
wait_until 10 "the second reload" reloaded_twice
exits "a third training" 0 ctl train --wait
wait_idle
is "the third" "$(live)" "$(sql "SELECT name FROM model WHERE id = 3")"

# --- missing, damaged, nobody's

stop_piped
rm "$models/$(file_of 2)"
truncate -s 1000 "$models/$(file_of 3)"
touch "$models/mine.bin"
start_piped
wait_idle
is "states" "$(sql "SELECT group_concat(state, ' ') FROM (SELECT state FROM model ORDER BY id)")" "retired kept live"
[ ! -e "$models/$(file_of 1)" ] || fail "the retired model's file is still there"
exits "a retired one" 5 ctl model use "$first"
has "a retired one" "$(err)" "retired"
has "the log of a missing file" "$(cat "$work/piped.log")" "model=2 name=$second state=kept cannot be used"
has "the log of a stranger" "$(cat "$work/piped.log")" "mine.bin"
has "status of a damaged live one" "$(ctl status)" "cannot be used"
exits "list of damaged ones" 0 ctl model list
exits "one that is missing" 5 ctl model use 2
exits "a training after that" 0 ctl train --wait
has "its verdict" "$(out)" "live: not compared: no model was live"
wait_idle
is "trouble is over" "$(status_of .model_trouble)" null
passed
