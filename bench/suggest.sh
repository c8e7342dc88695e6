#!/usr/bin/env bash
# Suggestions over HTTP while a crawl runs: latency, throughput, CPU a request, beside /health.
# Run through ./dev bench suggest, which builds what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
rate=2000
seconds=10
connections=16
pages=10/s
bin=build/release

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench suggest [OPTION]...
	Crawls part of the bundled market, trains, then asks for suggestions over TCP: first
	while nothing is crawled, then while pages of 100 listings come in at --pages. Requests
	go out at a steady rate over kept connections whether or not those before them are
	answered (open loop); `due` counts from when a request was to go out, `sent` from when
	it went. /health, the cheapest route, is asked in turn with it. wrk, where installed,
	asks as fast as it is answered (closed loop) and says how many that is.

	      --rate N         requests a second (2000)
	      --seconds N      of each measurement (10)
	      --connections N  kept open (16)
	      --pages RATE     pages a second that are crawled meanwhile (10/s)
	      --bin DIR        the build to run (default build/release)
	  -h, --help           this text
	TEXT
}

fail() { echo "suggest: $*" >&2; exit 1; }
wrong() { echo "suggest: $*; see ./dev bench suggest --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--rate) rate=${2:?--rate wants a number}; shift ;;
	--seconds) seconds=${2:?--seconds wants a number}; shift ;;
	--connections) connections=${2:?--connections wants a number}; shift ;;
	--pages) pages=${2:?--pages wants a rate}; shift ;;
	--bin) bin=${2:?--bin wants a folder}; shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
for n in "$rate" "$seconds" "$connections"; do
	[[ $n =~ ^[1-9][0-9]*$ ]] || wrong "a number is wanted, not '$n'"
done
cmake --build "$bin" --target piped pipectl_program market suggest_load >/dev/null

work=$(mktemp -d "${TMPDIR:-/tmp}/piped-bench.XXXXXX")
market_pid='' piped_pid=''
end() {
	local pid
	for pid in $piped_pid $market_pid; do
		kill "$pid" 2>/dev/null || continue
		wait "$pid" || true
	done
	rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

ctl() { "$bin/pipectl" --socket "$work/s" "$@"; }
wait_for() {
	local what=$1 i
	shift
	for ((i = 0; i < 600; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	tail -5 "$work/log" >&2
	fail "$what does not come"
}

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
market_pid=$!
wait_for "the market" test -s "$work/port"
market_port=$(cat "$work/port")
port=$((20000 + RANDOM % 20000))
write_config 1000/s
"$bin/piped" --config "$work/piped.yaml" >"$work/log" 2>&1 &
piped_pid=$!
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
listings() { ctl status --json | jq .tallies.listings; }

printf '\n%-22s %-18s %8s %24s %24s %9s\n' 'while' 'asked' 'req/s' 'us from due: p50 p99 p99.9' 'from sent: p50 p99 p99.9' 'CPU us'
# measure WHILE NAME: CPU is the whole process's, so it is told only while nothing else is done.
measure() {
	local before after used=-
	before=$(cpu)
	"$bin/bench/suggest_load" "$port" "$work/$2" "$rate" "$seconds" "$connections" >"$work/row"
	after=$(cpu)
	[ "$1" != idle ] || used=$(((after - before) * 1000000 / ticks / (rate * seconds)))
	IFS=$'\t' read -r _ failed got due50 due99 due999 _ sent50 sent99 sent999 _ <"$work/row"
	[ "$failed" = 0 ] || fail "$failed answers were no suggestions"
	printf '%-22s %-18s %8s %24s %24s %9s\n' "$1" "$2" "$got" "$due50 $due99 $due999" \
		"$sent50 $sent99 $sent999" "$used"
	echo "$2 $sent99 $used" >>"$work/rows-${1%% *}"
}
for name in health suggest suggest-why-false health suggest suggest-why-false; do
	measure idle "$name"
done
write_config "$pages"
ctl reload >/dev/null
ctl resume >/dev/null
begun=$SECONDS before=$(listings)
for name in health suggest health suggest; do
	measure "crawling $pages" "$name"
done
echo "crawled meanwhile: $((($(listings) - before) / (SECONDS - begun))) listings a second"

# least ROWS NAME COLUMN: of the repeats the one that was disturbed least.
least() { awk -v n="$2" -v c="$3" '$1 == n && (m == "" || $c + 0 < m) { m = $c } END { print m }' "$work/rows-$1"; }
echo
awk -v a="$(least idle suggest 3)" -v b="$(least idle health 3)" \
	'BEGIN { if (b > 0) printf "CPU of a suggestion / of /health: %.2f\n", a / b }'
p99=$(least crawling suggest 2)
echo "p99 while crawling at $rate a second, from sent: $p99 us; target < 1000: $([ "$p99" -lt 1000 ] && echo met || echo MISSED)"
echo "load of this machine: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors, which the market and the client share"

if ! command -v wrk >/dev/null; then
	echo "wrk is left out: install the package wrk"
	exit 0
fi
ctl pause >/dev/null
path=$(head -1 "$work/suggest")
for p in /health "$path"; do
	echo
	echo "wrk, closed loop, ${p%%\?*}:"
	wrk -t 1 -c "$connections" -d "${seconds}s" --latency "http://127.0.0.1:$port$p" |
		grep -E '50%|99%|Requests/sec|Non-2xx' || true
done
