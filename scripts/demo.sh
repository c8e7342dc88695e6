#!/usr/bin/env bash
# The main job on a bundled market: crawl until idle, train, export, report.
# Run through ./dev demo, which builds what it needs.
set -euo pipefail
caller=${DEV_CALLER:-$PWD}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
bin=$root/build/release
state=$root/demo
listings=
count=20000
keep=
started=$SECONDS

usage() {
	cat <<-'TEXT'
	Usage: ./dev demo [OPTION]...
	Starts the bundled market on 127.0.0.1, crawls it with piped, trains a classifier,
	exports a labeled dataset, and prints a report.

	      --listings FILE  serve these real listings (tab-separated, .gz) in the shape of
	                       Bunjang's search API instead of generated ones
	      --count N        how many listings are generated (default 20000)
	      --state DIR      where everything is kept (default demo/); made anew each time
	      --keep           leave the daemon and the market running at the end
	      --bin DIR        the build to run (default build/release)
	  -h, --help           this text
	TEXT
}

# The caller's path, whole.
whole() {
	case $1 in
	/*) echo "$1" ;;
	*) echo "$caller/$1" ;;
	esac
}
fail() { echo "demo: $*" >&2; exit 1; }
wrong() { echo "demo: $*; see ./dev demo --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--listings) listings=$(whole "${2:?--listings wants a file}"); shift ;;
	--count) count=${2:?--count wants a number}; shift ;;
	--state) state=$(whole "${2:?--state wants a folder}"); shift ;;
	--keep) keep=1 ;;
	--bin) bin=$(realpath "$(whole "${2:?--bin wants a folder}")"); shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
[[ $count =~ ^[0-9]+$ ]] || wrong "--count wants a number, not '$count'"
if [ -n "$listings" ]; then
	[ -r "$listings" ] || fail "cannot read $listings"
	listings=$(realpath "$listings")
fi

market_pid='' piped_pid=''
# Ends what this script started, and waits for it.
end() {
	local pid
	for pid in $piped_pid $market_pid; do
		kill "$pid" 2>/dev/null || continue
		wait "$pid" 2>/dev/null || true
	done
}
trap 'end' EXIT
trap 'exit 130' INT TERM HUP

new_state() {
	mkdir -p "$state"
	state=$(realpath "$state")
	if [ -e "$state/.piped-demo" ]; then
		if [ -s "$state/piped.pid" ] && kill -0 "$(cat "$state/piped.pid")" 2>/dev/null &&
			grep -qs piped "/proc/$(cat "$state/piped.pid")/comm"; then
			fail "a demo is still running in $state (pid $(cat "$state/piped.pid")); stop it with: kill \$(cat $state/piped.pid $state/market.pid)"
		fi
		find "$state" -mindepth 1 -delete
	elif [ -n "$(ls -A "$state")" ]; then
		fail "$state holds something else than a demo; name another folder with --state"
	fi
	touch "$state/.piped-demo"
}

# A Unix socket's path is short.
socket_path() {
	if [ ${#state} -lt 90 ]; then
		echo "$state/piped.sock"
	else
		echo "$(mktemp -d)/piped.sock"
	fi
}

wait_for() {
	local what=$1 pid=$2 i
	shift 2
	for ((i = 0; i < 300; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.1
	done
	fail "$what did not become ready in 30 s; see $state"
}

start_market() {
	local input=(--count "$count")
	[ -z "$listings" ] || input=(--listings "$listings")
	"$root/tests/market/make-ca.sh" "$state/tls" api.bunjang.co.kr market.example
	# In a session of its own: what --keep leaves outlives the terminal.
	setsid "$bin/tests/market/market" --port 0 --port-file "$state/market.port" \
		--tls-cert "$state/tls/cert.pem" --tls-key "$state/tls/key.pem" "${input[@]}" \
		>"$state/market.log" 2>&1 </dev/null &
	market_pid=$!
	echo "$market_pid" >"$state/market.pid"
	wait_for "the market" "$market_pid" test -s "$state/market.port" ||
		{ cat "$state/market.log" >&2; fail "the market ended"; }
}

write_config() {
	local port
	port=$(cat "$state/market.port")
	cat >"$state/piped.yaml" <<-YAML
	# Made by ./dev demo: the shipped sources, redirected to the market on loopback.
	state-dir: $state
	socket: $socket
	ca-file: $state/tls/ca.pem
	connect-to:
	  - api.bunjang.co.kr:443:127.0.0.1:$port
	  - market.example:443:127.0.0.1:$port
	allow-networks: [127.0.0.0/8]
	sources: [$root/etc/sources/bunjang.yaml, $root/etc/sources/market-html.yaml]
	taxonomy: $root/etc/taxonomy/fashion.yaml
	rules: [$root/etc/rules/fashion.yaml]
	words: $root/etc/words
	# The market is ours and stands beside us: no need to be slow.
	address-rate: 10000/s
	hosts:
	  api.bunjang.co.kr: { rate: 1000/s, concurrency: 4 }
	  market.example: { rate: 1000/s, concurrency: 4 }
	YAML
}

start_piped() {
	setsid "$bin/piped" --config "$state/piped.yaml" >"$state/piped.log" 2>&1 </dev/null &
	piped_pid=$!
	echo "$piped_pid" >"$state/piped.pid"
	wait_for "piped" "$piped_pid" "$bin/pipectl" --socket "$socket" status --json ||
		{ tail -20 "$state/piped.log" >&2; fail "piped ended"; }
}

ctl() { "$bin/pipectl" --socket "$socket" "$@"; }
status() { ctl status --json; }
# What has been spent by the end of a step; ./dev bench pipeline reads these.
note() { status >"$state/status-$1.json"; }

# One line that is written over on a terminal, a line now and then elsewhere.
last_line=-10
progress() {
	if [ -t 1 ]; then
		printf '\r\033[K   %s' "$1"
	elif ((SECONDS - last_line >= 5)); then
		last_line=$SECONDS
		printf '   %s\n' "$1"
	fi
}
progress_end() { [ ! -t 1 ] || printf '\n'; }

# Waits until the daemon says that it is idle, showing what it does.
wait_idle() {
	local s
	while :; do
		kill -0 "$piped_pid" 2>/dev/null || { tail -20 "$state/piped.log" >&2; fail "piped ended"; }
		s=$(status) || { sleep 0.3; continue; }
		progress "$(jq -r '"\(.tallies.pages) pages, \(.tallies.listings) listings, \(.tallies.duplicates) duplicates, \(.tallies.labeled) labeled, \(.tallies.suggested) suggested, \(.jobs.due) due"' <<<"$s")"
		[ "$(jq -r .idle <<<"$s")" = true ] && break
		sleep 0.3
	done
	progress_end
}

report() {
	local s=$1 model=$2 took=$((SECONDS - started))
	jq -rn --argjson s "$s" --argjson m "$model" --arg state "$state" --arg took "$took" '
	def pct: (. * 1000 | round) / 10 | tostring + "%";
	"",
	"piped demo: done in \($took) s, \($s.cost.cpu_s | floor) s of CPU, peak memory \($s.cost.memory_peak_bytes / 1048576 | floor) MiB",
	"",
	"  pages        \($s.tallies.pages) fetched, \($s.tallies["pages-unparsable"]) unparsable",
	"  listings     \($s.tallies.listings), \($s.tallies.skipped) promoted rows skipped",
	"  duplicates   \($s.tallies.duplicates)",
	"  flagged      \($s.tallies.flagged)",
	"  labeled      \($s.tallies.labeled)",
	"  suggested    \($s.tallies.suggested)",
	"  to review    \($s.review_queue)",
	"  accuracy     top-1 \($m.metrics.top1 | pct), top-3 \($m.metrics.top3 | pct) on \($m.metrics.test_rows) held-out listings (\($m.metrics.classes) categories)",
	"",
	"  dataset      \($state)/dataset",
	"  database     \($state)/piped.db",
	"  archive      \($state)/archive"'
}

new_state
socket=$(socket_path)
echo "1. starting the market on 127.0.0.1"
start_market
sed 's/^/   /' "$state/market.log"
write_config
echo "2. crawling it with piped until nothing is due"
start_piped
wait_idle
note crawl
echo "3. training on the labeled listings"
ctl train --wait >"$state/train.log" || { cat "$state/train.log" >&2; fail "training failed"; }
note train
echo "4. suggesting categories for every listing"
wait_idle
note suggest
echo "5. exporting the dataset"
ctl export --format jsonl --out "$state/dataset" >"$state/export.log" 2>&1 ||
	{ cat "$state/export.log" >&2; fail "the export failed"; }
note export
final=$(<"$state/status-export.json")
model=$(ctl model list --json | jq '[.models[] | select(.state == "live")][0]')
report "$final" "$model"

if [ -n "$keep" ]; then
	trap - EXIT
	cat <<-TEXT

	piped (pid $piped_pid) and the market (pid $market_pid) go on running. Look in:
	  $bin/pipectl --socket $socket status
	  $bin/pipectl --socket $socket suggest "나이키 바람막이 자켓"
	  $bin/pipectl --socket $socket review
	Stop both:
	  kill $piped_pid $market_pid
	TEXT
else
	cat <<-TEXT

	What to type next:
	  ./dev demo --keep                      the same, and look in while it runs
	  head -1 $state/dataset/train.jsonl | jq .
	  build/release/piped --config $state/piped.yaml --paused &
	  build/release/pipectl --socket $socket status
	TEXT
fi
