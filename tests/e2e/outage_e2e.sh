#!/usr/bin/env bash
# The market goes away in every way that a network knows, and comes back; then it
# turns hostile halfway, and kind again. What waits says why, few requests are made,
# the processor rests, and in the end nothing is missing.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

market=(--count 400 --html-count 60 --seed 11)
small_pages
sources+=("$root/etc/sources/market-html.yaml")
settings=("timeout: 2s" "idle-timeout: 1s" "connect-timeout: 1s" "backoff-first: 50ms" "backoff-max: 400ms"
	"max-body: 1MiB" "max-wire: 1MiB" "adaptive: false")
slow="hosts: { api.bunjang.co.kr: { rate: 5/s, concurrency: 2 }, market.example: { rate: 5/s, concurrency: 2 } }"

# Lines of the log: asking the daemon would keep it busy.
tries() { grep -c 'job=.* reason="' "$work/piped.log" || true; }
tried() { [ "$(tries)" -ge "$1" ]; }
ticks() { awk '{ print $14 + $15 }' "/proc/$piped_pid/stat"; }
now_ms() { date +%s%3N; }
# in_trouble HOST REASON: so long that its pauses are at their longest.
in_trouble() {
	status_of ".hosts[] | select(.host == \"$1\" and .troubles >= 6) | .trouble" | grep -q "$2"
}
listed() { [ "$(count listing)" -gt "$1" ]; }
well() { status_is '[.hosts[] | select(.troubles > 0)] | length' 0; }

# outage WHAT REASON HOST...
outage() {
	local what=$1 reason=$2 from used begun ms hosts
	shift 2
	hosts=$#
	for host in "$@"; do
		wait_until 60 "$what: trouble of $host" in_trouble "$host" "$reason"
	done
	has "$what: status" "$("$PIPECTL" status)" "$reason"
	is "$what: idle" "$(status_of .idle)" false
	from=$(tries) used=$(ticks) begun=$(now_ms)
	wait_until 60 "$what: more tries" tried $((from + 4))
	ms=$(($(now_ms) - begun))
	# Half of backoff-max is the least pause; two run at once at most.
	at_most "$what: requests in $ms ms" $(($(tries) - from)) $((hosts * (ms / 200 + 3)))
	at_most "$what: ticks of the processor in $ms ms" $(($(ticks) - used)) $((20 + ms / 25))
}

"$MARKET" "${market[@]}" --dump "$work/truth.tsv" >/dev/null
start_market "${market[@]}"
write_config "$slow" "${settings[@]}" "retries: 30"
start_piped
wait_until 60 "the first listings" listed 20

# --- nobody listens

stop_market
outage "refused" unreachable api.bunjang.co.kr market.example
before=$(count listing)
start_market "${market[@]}"
wait_until 60 "going on after refusals" listed "$before"
wait_until 60 "both being well" well

# --- somebody listens, and says nothing

kill -STOP "$market_pid"
outage "silence" timeout api.bunjang.co.kr market.example
before=$(count listing)
kill -CONT "$market_pid"
wait_until 60 "going on after silence" listed "$before"
wait_until 60 "both being well" well

# --- hung up on

stop_market
start_market "${market[@]}" --fault close
outage "hung up" unreachable api.bunjang.co.kr market.example
before=$(count listing)
stop_market
start_market "${market[@]}"
wait_until 60 "going on after that" listed "$before"

# --- a name that nobody knows

sed -i 's/market.example:443:127.0.0.1:/market.example:443:nowhere.invalid:/' "$work/piped.yaml"
exits "reload" 0 "$PIPECTL" reload
wait_until 20 "the reload" status_is .reload.state ok
outage "no such name" unreachable market.example
write_config "$fast_hosts" "${settings[@]}" "retries: 30"
exits "reload" 0 "$PIPECTL" reload
wait_until 60 "both being well" well
wait_idle 60
is "jobs that are not done after outages" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
check_database

passed
