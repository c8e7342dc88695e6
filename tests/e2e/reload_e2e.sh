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

stop_piped
passed
