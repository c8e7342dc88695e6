#!/usr/bin/env bash
# The real daemon against markets that write down who asked when: several sources
# on each host, hosts that share an address, crawl-delays, disallowed paths,
# Retry-After in both forms, redirects, hosts that hang up. Not one rule is broken, and the
# rate that is allowed is used. bench/politeness.sh is this at its full size.
#
# Times are those of arrival at the market, which a busy machine delays: two
# requests seem nearer by as much as the first came late. POLITE_TOLERANCE_MS is
# what is believed of one request; over n of them it stays the same, so that a
# rate that is 1% too high shows after 100 * rate * tolerance requests.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
: "${MARKET_AUDIT:?}"

hosts=${POLITE_HOSTS:-12}
seconds=${POLITE_SECONDS:-6}
tolerance=${POLITE_TOLERANCE_MS:-150}
# Here a sanitized build beside other tests is late for its turns; the bench wants 98.
least_use=${POLITE_LEAST_USE:-70}
address_rate=${POLITE_ADDRESS_RATE:-16}
addresses=$(((hosts + 5) / 6))

market_pids=()
clean_up() {
	local pid
	for pid in "${market_pids[@]}"; do kill_pid "$pid" TERM; done
}

# --- the world: host N is asked by sources `wide` and, every second one, `narrow`

name() { printf 'h%02d.example' "$1"; }
# Requests a second: 3 to 9, all of them wholes.
rate() { echo $((3 + $1 * 5 % 7)); }
narrow() { [ $(($1 % 2)) -eq 1 ]; }
# Six hosts share an address, which may take about half of what they may in sum.
address() { echo "127.0.0.$((1 + ($1 - 1) / 6))"; }
delay() { if [ $(($1 % 6)) -eq 4 ]; then echo 1; else echo 0; fi; }

# Every sixth leads some of its jobs to the one with a crawl-delay, and to what that disallows.
led() { if [ $(($1 % 6)) -eq 0 ]; then name $(($1 - 2)); fi; }

# The last group, in ways that leave it to the crawler how long it waits.
fails() { [ $((($1 - 1) / 6 + 1)) -eq "$addresses" ]; }

mkdir -p "$work/robots"
rules() {
	local i r c use
	echo "address-rate $address_rate"
	echo "tolerance $tolerance"
	echo "timeout 5000"
	for ((i = 1; i <= hosts; i++)); do
		r=$(rate "$i") c=3 use=''
		if narrow "$i"; then r=$((r - 1)) c=2; fi
		if fails "$i"; then use=' use no'; fi
		echo "host $(name "$i") rate $r concurrency $c delay $(($(delay "$i") * 1000))" \
			"address $(address "$i")$use disallow /private/"
	done
}
rules >"$work/rules"

for ((i = 1; i <= hosts; i++)); do
	{
		echo "User-agent: *"
		echo "Disallow: /private/"
		[ "$(delay "$i")" = 0 ] || echo "Crawl-delay: $(delay "$i")"
	} >"$work/robots/$(name "$i").txt"
done

# source NAME HOST RATE CONCURRENCY: of one host, so that each has its own rate.
write_source() {
	local n=$((seconds * $3)) adaptive=false
	[ "$(delay "$2")" = 0 ] || n=$seconds
	if narrow "$2"; then n=$((n / 2)); fi
	if fails "$2"; then adaptive=true n=$((n / 3 + 1)); fi
	cat >"$work/$1-$2.yaml" <<-YAML
	name: $1-$2
	hosts: [$(name "$2")]
	redirect-hosts: [$(led "$2")]
	rate: $3/s
	concurrency: $4
	adaptive: $adaptive
	seeds:
	  - page: any
	    url: http://$(name "$2")/$1/{n}
	    vars: { n: { from: 1, to: $n } }
	  - page: any
	    url: http://$(name "$2")/private/$1/{n}
	    vars: { n: { from: 1, to: $((n / 10 + 1)) } }
	pages:
	  any:
	    format: html
	    links: [{ find: { css: 'a::attr(href)' }, page: any }]
	YAML
	sources+=("$work/$1-$2.yaml")
}

sources=()
faults=()
for ((i = 1; i <= hosts; i++)); do
	write_source wide "$i" "$(rate "$i")" 3
	if narrow "$i"; then write_source narrow "$i" $(($(rate "$i") - 1)) 2; fi
	if fails "$i"; then
		case $((i % 3)) in
		0) faults+=(--fault "truncate:every=20,host=$(name "$i"),path=/w") ;;
		1) faults+=(--fault "503:every=20,host=$(name "$i"),path=/w") ;;
		2) faults+=(--fault "slow:ms=400,every=60,burst=20,host=$(name "$i"),path=/w") ;;
		esac
	elif [ $((i % 6)) -eq 2 ]; then
		faults+=(--fault "429:after=2,every=25,host=$(name "$i"),path=/w")
	elif [ $((i % 6)) -eq 5 ]; then
		faults+=(--fault "503:after=2,date=1,every=25,host=$(name "$i"),path=/w")
	elif [ $((i % 6)) -eq 1 ]; then
		faults+=(--fault "close:every=7,host=$(name "$i"),path=/w")
	elif [ $((i % 6)) -eq 3 ]; then
		faults+=(--fault "redirect:every=5,to=/wide/led,host=$(name "$i"),path=/w")
	elif [ $((i % 6)) -eq 0 ]; then
		faults+=(--fault "redirect:every=9,to=http://$(name $((i - 2)))/private/led,host=$(name "$i"),path=/w")
		faults+=(--fault "redirect:every=7,to=http://$(name $((i - 2)))/wide/led,host=$(name "$i"),path=/w")
	fi
done

connect=()
for ((g = 1; g <= addresses; g++)); do
	"$MARKET" --listen "127.0.0.$g" --port 0 --port-file "$work/port-$g" --count 10 --quiet \
		--robots "$work/robots" --log "$work/requests-$g" "${faults[@]}" >"$work/market-$g.log" 2>&1 &
	market_pids+=($!)
done
for ((i = 1; i <= hosts; i++)); do
	g=$(((i - 1) / 6 + 1))
	wait_until 30 "market $g" test -s "$work/port-$g"
	connect+=("'$(name "$i"):80:127.0.0.$g:$(cat "$work/port-$g")'")
done

port=0
address_rate=$address_rate/s
write_config "retries: 100" "backoff-first: 200ms" "backoff-max: 2s" "timeout: 5s" "concurrency: 200"
sed -i "s|^connect-to:.*|connect-to: [$(
	IFS=,
	echo "${connect[*]}"
)]|" "$work/piped.yaml"

# --- crawled, and judged

start_piped
wait_idle $((seconds * 8 + 60))
stop_piped
audit=0
"$MARKET_AUDIT" "$work/rules" "$work"/requests-* >"$work/verdict" 2>"$work/err" || audit=$?
cat "$work/verdict" "$work/err"
is "rules that were broken (exit of the audit)" "$audit" 0
is "hosts that were asked" "$(awk '/^hosts/ { print $2 }' "$work/verdict")" "$hosts"
at_least "use of the allowed rate, percent" "$(awk '/^use / { print int($2) }' "$work/verdict")" "$least_use"
at_least "answers with Retry-After" "$(cat "$work"/requests-* | awk -F'\t' '$7 != "-"' | wc -l)" 2
at_least "requests of redirects" "$(cat "$work"/requests-* | cut -f 3 | grep -c '^/wide/led' || true)" 2
at_least "redirects to what is disallowed" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'refused' AND url LIKE '%/w%' AND reason LIKE 'robots.txt line%'")" 1
is "requests for what is disallowed" "$(cat "$work"/requests-* | cut -f 3 | grep -c '^/private' || true)" 0
at_least "refused jobs" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'refused'")" "$hosts"
is "jobs left" "$(sql "SELECT COUNT(*) FROM job WHERE state = 'due'")" 0
passed
