#!/usr/bin/env bash
# SIGHUP, and a site that cannot be reached: the old configuration stays when the
# new one is wrong, and status says why nothing moves.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# --- nobody answers there

# Without robots.txt, which would be asked, and waited for, before any job.
sed '/^rate:/i robots: false' "$root/etc/sources/bunjang.yaml" >"$work/bunjang.yaml"
sources=("$work/bunjang.yaml")
start_market --count 300 --html-count 0
stop_market
write_config "$fast_hosts" "backoff-first: 200ms" "backoff-max: 500ms" "connect-timeout: 1s" "retries: 50"
start_piped
host='.hosts[] | select(.host == "api.bunjang.co.kr")'
wait_until 20 "tries" sh -c "[ \$(sqlite3 -readonly '$db' 'SELECT MAX(attempts) FROM job') -ge 2 ]"
wait_until 20 "the circuit breaker" status_is "$host | .breaker + \" \" + .why" "open breaker"
is "jobs that are not due" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'due'")" 0
has "a job's reason" "$(sql "SELECT reason FROM job WHERE attempts > 0 LIMIT 1")" "unreachable: "
has "status" "$("$PIPECTL" status)" "breaker open"
has "status" "$("$PIPECTL" status)" "unreachable: "
has "log" "$("$PIPECTL" log)" "unreachable: "
is "idle" "$(status_of .idle)" false
start_market --count 300 --html-count 0
wait_idle
is "listings once it answers" "$(count listing)" 300
is "trouble once it answers" "$(status_of "$host | .trouble")" null
is "failed jobs" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0

# --- reload

rate() { status_of "$host | .rate"; }
# hup: sends SIGHUP and waits until it was dealt with.
hup() {
	local was
	was=$(status_of .reload.at_ms)
	kill -HUP "$piped_pid"
	wait_until 20 "a reload" sh -c "[ \"\$('$PIPECTL' status --json | jq .reload.at_ms)\" != '$was' ]"
}
is "rate" "$(rate)" 1000
write_config "hosts: { api.bunjang.co.kr: { rate: 7/s } }"
hup
is "state of a good reload" "$(status_of .reload.state)" ok
is "rate after a reload" "$(rate)" 7

write_config "hosts: { api.bunjang.co.kr: { rate: 9/s } }" "retrys: 3"
hup
is "state of a bad reload" "$(status_of .reload.state)" failed
is "rate after a bad reload" "$(rate)" 7
has "log of a bad reload" "$(cat "$work/piped.log")" "$work/piped.yaml:$(wc -l <"$work/piped.yaml"):1: "
exits "pipectl reload of a bad file" 2 "$PIPECTL" reload
has "pipectl reload of a bad file" "$(err)" "the old configuration stays"

# A rule that flags: listings are judged again without a request.
sed 's/^rules:$/rules:\n  e2e-flag:\n    flag: wanted\n    any: [자켓]/' "$root/etc/rules/fashion.yaml" >"$work/rules.yaml"
jackets=$(sql "SELECT COUNT(*) FROM listing WHERE title LIKE '%자켓%'")
at_least "jackets" "$jackets" 5
asked=$(wc -l <"$work/requests")
write_config "$fast_hosts"
sed -i "s|^rules:.*|rules: [$work/rules.yaml]|" "$work/piped.yaml"
exits "pipectl reload" 0 "$PIPECTL" reload
wait_idle
at_least "jackets flagged as wanted" "$(sql "SELECT COUNT(*) FROM listing WHERE title LIKE '%자켓%' AND flags & 4 <> 0")" "$jackets"
is "requests for that" "$(wc -l <"$work/requests")" "$asked"
# And back.
write_config "$fast_hosts"
exits "pipectl reload" 0 "$PIPECTL" reload
wait_idle
at_most "jackets flagged as wanted afterwards" "$(sql "SELECT COUNT(*) FROM listing WHERE title LIKE '%자켓%' AND flags & 4 <> 0")" $((jackets / 3))

# A source that is no longer named is not asked, and comes back.
sources=("$root/etc/sources/market-html.yaml")
write_config "$fast_hosts"
exits "reload without the source" 0 "$PIPECTL" reload
wait_idle
is "the source's state" "$("$PIPECTL" sources --json | jq -r '.sources[] | select(.source == "bunjang") | .configured')" false
is "listings of the source that is gone" "$(count "listing WHERE source = 'bunjang'")" 300

# --- reloads while requests are under way: what they bring is kept, nothing is asked twice

stop_piped
stop_market
rm -rf "$state" "$work/requests"
start_market --count 300 --html-count 70 --fault "slow:ms=800,path=/item/"
html() { sed "$1" "$root/etc/sources/market-html.yaml" >"$work/market-html.yaml"; }
html ''
sources=("$work/market-html.yaml")
write_config "hosts: { market.example: { rate: 100/s, concurrency: 2 } }"
start_piped
under_way() {
	wait_until 20 "items under way" status_is '.crawl.fetching == 2' true
	before=$(count "page WHERE page_kind = 'detail'")
}
reloaded() { exits "$1" 0 "$PIPECTL" reload; }

under_way
sources+=("$root/etc/sources/bunjang.yaml")
write_config "hosts: { market.example: { rate: 100/s, concurrency: 2 }, api.bunjang.co.kr: { rate: 1000/s } }"
reloaded "reload that adds a source"
wait_until 20 "the source that was added" sh -c "[ \$(sqlite3 -readonly '$db' \"SELECT COUNT(*) FROM listing WHERE source = 'bunjang'\") -eq 300 ]"
under_way
"$PIPECTL" pause market-html >/dev/null
wait_until 20 "what was under way at the pause" status_is '.crawl.fetching == 0' true
paused=$(wc -l <"$work/requests")
html 's/^rate: .*/rate: 30\/s/'
reloaded "reload with a paused source"
is "requests of a paused source after a reload" "$(wc -l <"$work/requests")" "$paused"
"$PIPECTL" resume market-html >/dev/null
under_way
html 's/^name: .*/&\nenabled: false/'
reloaded "reload that switches a source off"
wait_idle
at_least "pages that were under way when it was switched off" "$(count "page WHERE page_kind = 'detail'")" $((before + 1))
at_least "jobs that wait for it" "$(count "job WHERE state = 'due'")" 1
html ''
reloaded "reload that switches it on"
under_way
sources=("$root/etc/sources/bunjang.yaml")
write_config "$fast_hosts"
reloaded "reload that removes it"
wait_idle
at_least "pages that were under way when it was removed" "$(count "page WHERE page_kind = 'detail'")" $((before + 1))
waits=$(sql "SELECT url FROM job WHERE state = 'due' LIMIT 1")
has "why a job of it waits" "$("$PIPECTL" why "$waits")" "no longer names its source market-html"
sources+=("$work/market-html.yaml")
html "s/^      title: .*/      title: 'h1.title::attr(id)'/"
write_config "hosts: { market.example: { rate: 100/s, concurrency: 8 } }"
reloaded "reload that brings it back, with a selector that finds nothing"
wait_idle
# (It is also what archived pages are read with again.)
at_least "pages that the new selector did not fit" "$(sql "SELECT SUM(rejected) FROM page WHERE page_kind = 'detail'")" 1
is "jobs that are not done" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
is "answers kept twice" "$(sql "SELECT job FROM page GROUP BY job HAVING COUNT(*) > 1")" ""
is "answers that were lost" "$(count page)" "$(grep -vc robots.txt "$work/requests")"

stop_piped
passed
