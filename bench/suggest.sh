#!/usr/bin/env bash
# Suggestions over HTTP while a crawl runs: latency, throughput, CPU a request, beside /health.
# Run through ./dev bench suggest, which builds what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. bench/lib.sh
root=$PWD
rate=2000
seconds=10
connections=16
polite=1/s
full=10/s
bin=build/release

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench suggest [OPTION]...
	Crawls part of the bundled market, trains, then asks for suggestions over TCP while
	nothing is crawled, while pages come in at a polite rate, and at as much as the daemon
	takes on two processors. A page has 100 listings: one a second costs about what fifty
	pages about one thing do. Requests
	go out at a steady rate over kept connections whether or not those before them are
	answered (open loop); `due` counts from when a request was to go out, `sent` from when
	it went. /health, the cheapest route, is asked in turn with it: what it gets is the
	machine's. `wait` is how long the loop's thread waited for a processor, a request.
	wrk, where installed,
	asks as fast as it is answered (closed loop) and says how many that is.

	      --rate N         requests a second (2000)
	      --seconds N      of each measurement (10)
	      --connections N  kept open (16)
	      --polite RATE    pages a second of the polite crawl (1/s)
	      --full RATE      and of the other (10/s)
	      --bin DIR        the build to run (default build/release)
	  -h, --help           this text
	TEXT
}

while [ $# -gt 0 ]; do
	case $1 in
	--rate) rate=${2:?--rate wants a number}; shift ;;
	--seconds) seconds=${2:?--seconds wants a number}; shift ;;
	--connections) connections=${2:?--connections wants a number}; shift ;;
	--polite) polite=${2:?--polite wants a rate}; shift ;;
	--full) full=${2:?--full wants a rate}; shift ;;
	--bin) bin=${2:?--bin wants a folder}; shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
wants_numbers "$rate" "$seconds" "$connections"
cmake --build "$bin" --target piped pipectl_program market suggest_load >/dev/null

begin_work
ctl() { "$bin/pipectl" --socket "$work/s" "$@"; }

# write_config RATE
write_config() {
	cat >"$work/piped.yaml" <<-YAML
	state-dir: $work/state
	socket: $work/s
	suggest-address: 127.0.0.1:$port
	suggest-rate: 1000000/s
	ca-file: $work/tls/ca.pem
	connect-to: [api.bunjang.co.kr:443:127.0.0.1:$market_port]
	allow-networks: [127.0.0.0/8]
	sources: [$root/etc/sources/bunjang.yaml]
	taxonomy: $root/etc/taxonomy/fashion.yaml
	rules: [$root/etc/rules/fashion.yaml]
	words: $root/etc/words
	log-level: warn
	min-free: 0
	address-rate: 10000/s
	hosts: { api.bunjang.co.kr: { rate: $1, concurrency: 4 } }
	YAML
}

tests/market/make-ca.sh "$work/tls" api.bunjang.co.kr >/dev/null 2>&1
"$bin/tests/market/market" --port 0 --port-file "$work/port" --tls-cert "$work/tls/cert.pem" \
	--tls-key "$work/tls/key.pem" --count 300000 --quiet >"$work/log" 2>&1 &
started+=($!)
wait_for "the market" test -s "$work/port"
market_port=$(cat "$work/port")
port=$((20000 + RANDOM % 20000))
write_config 1000/s
"$bin/piped" --config "$work/piped.yaml" >"$work/log" 2>&1 &
piped_pid=$!
started+=("$piped_pid")
wait_for "piped" ctl status
crawled() { [ "$(ctl status --json | jq .tallies.listings)" -ge 10000 ]; }
wait_for "a crawl of 10,000 listings" crawled
ctl pause >/dev/null
echo "model: $(ctl train --wait)"

# Titles that were crawled, as paths.
ctl listings --limit 1000 --json | jq -r '.listings[] | "/api/suggest?title=" + (.title | @uri)' >"$work/suggest"
sed 's/$/\&why=false/' "$work/suggest" >"$work/suggest-why-false"
echo /health >"$work/health"

ticks=$(getconf CLK_TCK)
cpu() { awk '{ print $14 + $15 }' "/proc/$piped_pid/stat"; }
# Nanoseconds that the loop's thread, which is the process's first, could have run and did not.
waited() { cut -d' ' -f2 "/proc/$piped_pid/task/$piped_pid/schedstat"; }
listings() { ctl status --json | jq .tallies.listings; }

printf '\n%-14s %-18s %8s %24s %24s %9s %9s\n' 'while' 'asked' 'req/s' 'us from due: p50 p99 p99.9' \
	'from sent: p50 p99 p99.9' 'wait us' 'CPU us'
# measure WHILE NAME: CPU is the whole process's, so it is told only while nothing else is done.
measure() {
	local before after used=- waited
	before=$(cpu) waited=$(waited)
	"$bin/bench/suggest_load" "$port" "$work/$2" "$rate" "$seconds" "$connections" >"$work/row"
	after=$(cpu) waited=$((($(waited) - waited) / 1000 / (rate * seconds)))
	[ "$1" != idle ] || used=$(((after - before) * 1000000 / ticks / (rate * seconds)))
	IFS=$'\t' read -r _ failed got due50 due99 due999 _ sent50 sent99 sent999 _ <"$work/row"
	[ "$failed" = 0 ] || fail "$failed answers were no suggestions"
	printf '%-14s %-18s %8s %24s %24s %9s %9s\n' "$1" "$2" "$got" "$due50 $due99 $due999" \
		"$sent50 $sent99 $sent999" "$waited" "$used"
	echo "$2 $sent99 $used" >>"$work/rows-$1"
}

# crawl_and_measure WHILE RATE
crawl_and_measure() {
	local begun before name
	write_config "$2"
	ctl reload >/dev/null
	ctl resume >/dev/null
	begun=$SECONDS before=$(listings)
	for name in health suggest health suggest; do
		measure "$1" "$name"
	done
	echo "$1: $2 of 100, $((($(listings) - before) / (SECONDS - begun))) listings a second came in"
	ctl pause >/dev/null
}

for name in health suggest suggest-why-false health suggest suggest-why-false; do
	measure idle "$name"
done
crawl_and_measure polite "$polite"
crawl_and_measure full "$full"

# least ROWS NAME COLUMN: of the repeats the one that was disturbed least.
least() { awk -v n="$2" -v c="$3" '$1 == n && (m == "" || $c + 0 < m) { m = $c } END { print m }' "$work/rows-$1"; }
echo
awk -v a="$(least idle suggest 3)" -v b="$(least idle health 3)" \
	'BEGIN { if (b > 0) printf "CPU of a suggestion / of /health: %.2f\n", a / b }'
for name in idle polite full; do
	p99=$(least "$name" suggest 2)
	printf 'p99 at %s a second, %s: %s us (of /health %s); target < 1000: %s\n' "$rate" "$name" "$p99" \
		"$(least "$name" health 2)" "$([ "$p99" -lt 1000 ] && echo met || echo MISSED)"
done
echo "load of this machine: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors, which the market and the client share"

if ! command -v wrk >/dev/null; then
	echo "wrk is left out: install the package wrk"
	exit 0
fi
path=$(head -1 "$work/suggest")
for p in /health "$path"; do
	echo
	echo "wrk, closed loop, ${p%%\?*}:"
	wrk -t 1 -c "$connections" -d "${seconds}s" --latency "http://127.0.0.1:$port$p" |
		grep -E '50%|99%|Requests/sec|Non-2xx' || true
done
