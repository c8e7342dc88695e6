# shellcheck shell=bash disable=SC2034,SC2119,SC2120
# What the end-to-end tests share: a market, a daemon, waiting, asserting, and
# clearing up. Sourced first; the programs come from ctest's environment.
set -euo pipefail
: "${PIPED:?run this through ctest}" "${PIPECTL:?}" "${PIPECLASS:?}" "${MARKET:?}" "${E2E_TLS:?}" "${E2E_RECORDS:?}"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
test_name=$(basename "$0" .sh)
# Not below the build: a Unix socket's path is short.
work=$(mktemp -d "${TMPDIR:-/tmp}/piped-e2e.XXXXXX")
state=$work/state
socket=$work/s
db=$state/piped.db
export PIPED_SOCKET=$socket NO_COLOR=1
unset NOTIFY_SOCKET STATE_DIRECTORY RUNTIME_DIRECTORY WATCHDOG_USEC WATCHDOG_PID

market_pid='' piped_pid='' port='' failed=0

# --- ends

kill_pid() {
	[ -n "$1" ] || return 0
	kill "-$2" "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

finish() {
	local code=$?
	trap - EXIT
	kill_pid "$piped_pid" KILL
	kill_pid "$market_pid" TERM
	if [ "$code" -ne 0 ] && [ "$code" -ne 77 ]; then
		echo "--- $test_name failed (exit $code); the end of piped.log:" >&2
		tail -n 25 "$work/piped.log" >&2 2>/dev/null || true
	fi
	type -t clean_up >/dev/null && clean_up
	if [ -n "${E2E_KEEP:-}" ]; then
		echo "kept: $work" >&2
	else
		rm -rf "$work"
	fi
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Ends the test now.
die() {
	echo "$test_name: $*" >&2
	exit 1
}

skip() {
	echo "skipped: $*"
	exit 77
}

# Counts; `passed` at the end tells.
fail() {
	echo "FAIL: $*" >&2
	failed=$((failed + 1))
}

passed() {
	[ "$failed" -eq 0 ] || die "$failed checks failed"
	echo "$test_name: passed in $SECONDS s"
}

# --- asserting

# is WHAT GOT WANTED
is() { [ "$2" = "$3" ] || fail "$1: got '$2', wanted '$3'"; }
# at_least WHAT GOT LEAST
at_least() { [ "$2" -ge "$3" ] || fail "$1: got $2, wanted at least $3"; }
at_most() { [ "$2" -le "$3" ] || fail "$1: got $2, wanted at most $3"; }
# has WHAT TEXT PART
has() {
	case $2 in
	*"$3"*) ;;
	*) fail "$1: no '$3' in: $(head -c 600 <<<"$2")" ;;
	esac
}
has_not() {
	case $2 in
	*"$3"*) fail "$1: '$3' in: $(head -c 600 <<<"$2")" ;;
	esac
}
# same WHAT FILE WANTED: the first differences are shown.
same() {
	if ! cmp -s "$2" "$3"; then
		fail "$1: $2 is not $3"
		diff "$3" "$2" | head -n 12 >&2 || true
	fi
}
# exits WHAT CODE COMMAND...: output goes to $work/out and $work/err.
exits() {
	local what=$1 code=$2 got=0
	shift 2
	"$@" >"$work/out" 2>"$work/err" || got=$?
	[ "$got" -eq "$code" ] || fail "$what: exit $got, wanted $code: $(head -c 600 "$work/err")"
}
out() { cat "$work/out"; }
err() { cat "$work/err"; }

sql() { sqlite3 -readonly -cmd '.timeout 5000' "$db" "$@"; }
# A number, 0 while there is no database.
count() { sql "SELECT COUNT(*) FROM $1" 2>/dev/null || echo 0; }

# --- waiting

# wait_until SECONDS WHAT COMMAND...
wait_until() {
	# What takes so long is late, what takes four times as long won't come: the machine may be busy.
	local end=$((SECONDS + $1 * 4)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || die "$what did not come about in time"
		sleep 0.05
	done
}

lives() { kill -0 "$piped_pid" 2>/dev/null; }

# --- the market

# start_market [OPTION]...: again on the same port when it has run before.
start_market() {
	[ -n "$port" ] || port=0
	rm -f "$work/port"
	"$MARKET" --port "$port" --port-file "$work/port" --tls-cert "$E2E_TLS/cert.pem" \
		--tls-key "$E2E_TLS/key.pem" --log "$work/requests" --quiet "$@" \
		>"$work/market.log" 2>&1 &
	market_pid=$!
	wait_until 30 "the market" test -s "$work/port"
	port=$(cat "$work/port")
}

stop_market() {
	kill_pid "$market_pid" TERM
	market_pid=''
}

# --- the daemon

sources=("$root/etc/sources/bunjang.yaml")

# The shipped source with pages of 20, so that a small market takes many requests.
small_pages() {
	sed 's/&n=100&/\&n=20\&/; s|/ 100 |/ 20 |' "$root/etc/sources/bunjang.yaml" >"$work/bunjang.yaml"
	sources=("$work/bunjang.yaml")
}

# write_config [LINE]...: lines are added at the end.
write_config() {
	local line
	{
		echo "state-dir: $state"
		echo "socket: $socket"
		echo "ca-file: $E2E_TLS/ca.pem"
		echo "connect-to: ['api.bunjang.co.kr:443:127.0.0.1:$port', 'market.example:443:127.0.0.1:$port', 'search-api.joongna.com:443:127.0.0.1:$port']"
		echo "allow-networks: [127.0.0.0/8]"
		echo "address-rate: ${address_rate:-10000/s}"
		echo "sources: [$(
			IFS=,
			echo "${sources[*]}"
		)]"
		echo "taxonomy: $root/etc/taxonomy/fashion.yaml"
		echo "rules: [$root/etc/rules/fashion.yaml]"
		echo "words: $root/etc/words"
		echo "min-free: 0"
		for line in "$@"; do
			echo "$line"
		done
	} >"$work/piped.yaml"
}

fast_hosts="hosts: { api.bunjang.co.kr: { rate: 1000/s, concurrency: 4 }, market.example: { rate: 1000/s, concurrency: 4 } }"

# Does not wait.
launch_piped() {
	"$PIPED" --config "$work/piped.yaml" "$@" 2>>"$work/piped.log" &
	piped_pid=$!
}

# By curl: pipectl with sanitizers takes ten times as long, and this is asked all the time.
api_status() { curl -sf --max-time 30 --unix-socket "$socket" http://piped/api/status; }
answers() { api_status; }

ready() { ! lives || answers; }

start_piped() {
	launch_piped "$@"
	wait_until 60 "piped" ready
	lives || die "piped ended at once"
}

# Clean: exit 0 within five seconds, which is what systemd is told to expect.
stop_piped() {
	local code=0 begun=$SECONDS
	kill -TERM "$piped_pid"
	wait "$piped_pid" || code=$?
	piped_pid=''
	is "exit code of a clean stop" "$code" 0
	at_most "seconds of a clean stop" $((SECONDS - begun)) 5
}

kill_piped() {
	kill_pid "$piped_pid" KILL
	piped_pid=''
}

status() { api_status; }
# status_of FILTER
status_of() { status | jq -r "$1"; }
status_is() { [ "$(status_of "$1")" = "$2" ]; }

idle_or_dead() { ! lives || status_is .idle true; }
wait_idle() {
	wait_until "${1:-50}" "idleness" idle_or_dead
	lives || die "piped ended"
}

# crawl_all: what most tests begin with.
crawl_all() {
	start_piped
	wait_idle
}

# --- the database

# What the rows say against what is counted beside them: lines WHAT|SOURCE|COUNTED|ROWS
# of those that differ. Not by an index: it may be what is wrong.
database_faults() {
	sql "WITH
		rows (name, source, n) AS (
			SELECT 'pages', j.source, COUNT(*) FROM page AS p JOIN job AS j ON j.id = p.job GROUP BY 2
			UNION ALL SELECT 'pages-' || p.state, j.source, COUNT(*) FROM page AS p
				JOIN job AS j ON j.id = p.job WHERE p.state <> 'extracted' GROUP BY 1, 2
			UNION ALL SELECT 'bytes', j.source, SUM(p.wire_bytes) FROM page AS p
				JOIN job AS j ON j.id = p.job GROUP BY 2
			UNION ALL SELECT 'skipped', j.source, SUM(p.skipped) FROM page AS p
				JOIN job AS j ON j.id = p.job GROUP BY 2
			UNION ALL SELECT 'rejected', j.source, SUM(p.rejected) FROM page AS p
				JOIN job AS j ON j.id = p.job GROUP BY 2
			UNION ALL SELECT 'listings', source, COUNT(*) FROM listing NOT INDEXED GROUP BY 2
			UNION ALL SELECT 'flagged', source, SUM(flags <> 0) FROM listing NOT INDEXED GROUP BY 2
			UNION ALL SELECT 'changes', l.source, COUNT(*) FROM history AS h
				JOIN listing AS l ON l.id = h.listing GROUP BY 2
			UNION ALL SELECT 'suggested', l.source, SUM(s.model IS NOT NULL) FROM standing AS s
				JOIN listing AS l ON l.id = s.listing GROUP BY 2
			UNION ALL SELECT 'jobs-' || state, source, COUNT(*) FROM job NOT INDEXED GROUP BY 1, 2
			UNION ALL SELECT 'hosts-due', source, COUNT(DISTINCT host) FROM job NOT INDEXED
				WHERE state = 'due' GROUP BY 2),
		kinds AS (SELECT DISTINCT name FROM rows
			UNION SELECT name FROM tally WHERE name LIKE 'jobs-%')
	SELECT 'tally ' || k.name, s.name, COALESCE(t.value, 0), COALESCE(r.n, 0)
		FROM kinds AS k CROSS JOIN source AS s
		LEFT JOIN tally AS t ON t.source = s.name AND t.name = k.name
		LEFT JOIN rows AS r ON r.source = s.name AND r.name = k.name
		WHERE COALESCE(t.value, 0) <> COALESCE(r.n, 0)
	UNION ALL SELECT 'tally duplicates', '', t.n, f.n
		FROM (SELECT COALESCE(SUM(value), 0) AS n FROM tally WHERE name = 'duplicates') AS t,
			(SELECT COALESCE(SUM(size - 1), 0) AS n FROM family) AS f WHERE t.n <> f.n
	UNION ALL SELECT 'due jobs of ' || host, source, SUM(counted), SUM(n) FROM (
			SELECT source, host, due AS counted, 0 AS n FROM host
			UNION ALL SELECT source, host, 0, 1 FROM job NOT INDEXED WHERE state = 'due')
		GROUP BY 1, 2 HAVING SUM(counted) <> SUM(n)
	UNION ALL SELECT 'due time of ' || h.host, h.source, h.next_ms, MIN(j.due_ms)
		FROM host AS h JOIN job AS j NOT INDEXED ON j.source = h.source AND j.host = h.host
		WHERE j.state = 'due' GROUP BY 1, 2, 3 HAVING h.next_ms > MIN(j.due_ms)
	UNION ALL SELECT 'doubled listing ' || ext_id, source, 1, COUNT(*)
		FROM listing NOT INDEXED GROUP BY ext_id, source HAVING COUNT(*) > 1
	UNION ALL SELECT 'doubled job ' || key, source, 1, COUNT(*)
		FROM job NOT INDEXED GROUP BY key, source HAVING COUNT(*) > 1
	UNION ALL SELECT 'listing without standing ' || l.ext_id, l.source, 1, 0
		FROM listing AS l LEFT JOIN standing AS s ON s.listing = l.id WHERE s.listing IS NULL"
}

# check_database [quick]: sound, and each count is that of its rows.
check_database() {
	local pragma=integrity_check
	[ "${1:-}" != quick ] || pragma=quick_check
	is "integrity" "$(sql "PRAGMA $pragma")" ok
	is "foreign keys" "$(sql "PRAGMA foreign_key_check")" ""
	is "counts" "$(database_faults | head -n 8)" ""
}

# --- the archive

# record FILE OFFSET BYTES: the member, decompressed. Fails when it is no gzip.
record() {
	dd if="$state/archive/$1" bs=64K iflag=skip_bytes,count_bytes skip="$2" count="$3" \
		status=none | gzip -dc
}

# check_records [PAGE]: the record of each page behind PAGE (0) is there, whole,
# and of that page.
check_records() {
	local after=${1:-0} n
	n=$(count "page WHERE id > $after")
	sql "SELECT id, record_file, record_offset, record_bytes, url FROM page WHERE id > $after" |
		"$E2E_RECORDS" "$state/archive" >"$work/records.found"
	is "pages whose record was read" "$(tail -n 4 "$work/records.found")" "$n records"
}

# Every page's record, and no segment is torn.
check_archive() {
	local f
	check_records
	for f in "$state"/archive/*.warc.gz; do
		gzip -t "$f" || fail "$f is torn"
	done
}

# Other people's program accepts every segment.
check_warcio() {
	local f
	if ! type -p warcio >/dev/null; then
		echo "not checked with warcio: no such command (npm install -g warcio)"
		return
	fi
	for f in "$state"/archive/*.warc.gz; do
		exits "warcio index $f" 0 timeout 60 warcio index "$f"
		has "warcio index" "$(out)" '"warc-type":"warcinfo"'
		is "records of $f" "$(wc -l <"$work/out")" "$(gzip -dc "$f" | grep -ac '^WARC/1.1')"
		cat "$work/out" >>"$work/warcio"
	done
}

# --- the certificate, made once

(
	flock 9
	if [ ! -s "$E2E_TLS/cert.pem" ] || [ -n "$(find "$E2E_TLS/cert.pem" -mtime +20)" ] ||
		! openssl x509 -in "$E2E_TLS/cert.pem" -noout -checkhost search-api.joongna.com |
		grep -q 'does match'; then
		"$root/tests/market/make-ca.sh" "$E2E_TLS" api.bunjang.co.kr media.bunjang.co.kr \
			market.example search-api.joongna.com
	fi
) 9>"$E2E_TLS.lock"
