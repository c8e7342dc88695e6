#!/usr/bin/env bash
# Crawling a shop served by nginx: CPU a page and memory, beside Scrapy and wget2.
# Run through ./dev bench crawl, which builds what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. bench/lib.sh
pages=20000
runs=1
only=piped,wget2,scrapy
concurrency=8
bin=$PWD/build/release

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench crawl [OPTION]...
	Makes a shop of pages of 20 to 40 KB with 30 links each, serves it with nginx on
	127.0.0.1, and has each crawler follow all links and (but wget2, which writes the
	files) extract five fields and the id. What each found is checked. CPU is user and
	system time of all of a crawler's processes, start and stop included; the median of
	the runs is shown. Needs nginx; peers that are not installed are left out.

	      --pages N        pages of the shop (20000)
	      --runs N         repeat, taking turns (1)
	      --only A,B       of piped, wget2, scrapy (all)
	      --concurrency N  requests at once, of each (8)
	      --bin DIR        the build to run (default build/release)
	  -h, --help           this text
	TEXT
}

while [ $# -gt 0 ]; do
	case $1 in
	--pages) pages=${2:?--pages wants a number}; shift ;;
	--runs) runs=${2:?--runs wants a number}; shift ;;
	--only) only=${2:?--only wants names}; shift ;;
	--concurrency) concurrency=${2:?--concurrency wants a number}; shift ;;
	--bin) bin=$(realpath "${2:?--bin wants a folder}"); shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
wants_numbers "$pages" "$runs" "$concurrency"

# Where Debian puts daemons is not in every user's path.
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || {
	echo "crawl: skipped: nginx serves the shop; install the package nginx-light" >&2
	exit 77
}
declare -A package=([wget2]=wget2 [scrapy]=python3-scrapy)
crawlers=()
for name in ${only//,/ }; do
	case $name in
	piped) crawlers+=(piped) ;;
	wget2 | scrapy)
		if command -v "$name" >/dev/null; then
			crawlers+=("$name")
		else
			echo "$name is left out: install the package ${package[$name]}"
		fi
		;;
	*) wrong "no crawler '$name'" ;;
	esac
done
[ ${#crawlers[@]} -gt 0 ] || fail "nothing left to measure"
cmake --build "$bin" --target piped pipectl crawl_shop bench_cost >/dev/null

begin_work

# Tries ports until nginx takes one; says so on stderr of its own log otherwise.
start_nginx() {
	local user='' try
	# Its workers are to read what mktemp made for us alone.
	[ "$(id -u)" -ne 0 ] || user='user root;'
	for ((try = 0; try < 20; try++)); do
		port=$((20000 + RANDOM % 20000))
		cat >"$work/nginx.conf" <<-CONF
		$user
		daemon off;
		worker_processes 1;
		pid $work/nginx.pid;
		error_log $work/nginx.log warn;
		events { worker_connections 1024; }
		http {
		    types { text/html html; text/plain txt; }
		    charset utf-8;
		    access_log off;
		    sendfile on;
		    keepalive_requests 100000000;
		    client_body_temp_path $work/body;
		    proxy_temp_path $work/proxy;
		    fastcgi_temp_path $work/fastcgi;
		    uwsgi_temp_path $work/uwsgi;
		    scgi_temp_path $work/scgi;
		    # Only the .gz lie on disk: who does not want gzip gets them unpacked.
		    gzip_static always;
		    gunzip on;
		    server {
		        listen 127.0.0.1:$port;
		        root $work/shop/www;
		    }
		}
		CONF
		"$nginx" -c "$work/nginx.conf" -p "$work" 2>>"$work/nginx.err" &
		started+=("$!")
		for ((i = 0; i < 50; i++)); do
			[ ! -s "$work/nginx.pid" ] || return 0
			kill -0 "${started[-1]}" 2>/dev/null || break
			sleep 0.05
		done
		kill "${started[-1]}" 2>/dev/null || true
		unset 'started[-1]'
	done
	cat "$work/nginx.err" "$work/nginx.log" >&2
	fail "nginx does not start"
}

# --- piped

piped_config() {
	cat >"$work/shop.yaml" <<-YAML
	name: shop
	language: ko
	currency: KRW
	hosts: ["127.0.0.1:$port"]
	# The most that a source may say.
	rate: 1000/s
	concurrency: $concurrency
	seeds: [{ page: product, url: "http://127.0.0.1:$port$start" }]
	pages:
	  product:
	    format: html
	    fields:
	      id: "article.product::attr(data-sku)"
	      title: "h1.product__title::text"
	      price: ".product__price span.price::text"
	      image: ".product__gallery img.gallery__main::attr(src)"
	      brand: { xpath: "//a[@itemprop='brand']/text()" }
	      status: "span.stock::text"
	    links:
	      - { find: "a.product-link::attr(href)", page: product }
	status:
	  구매 가능: selling
	  품절: sold
	YAML
	cat >"$work/piped.yaml" <<-YAML
	state-dir: $work/state
	socket: $work/s
	allow-networks: [127.0.0.0/8]
	sources: [$work/shop.yaml]
	concurrency: $concurrency
	min-free: 0
	# The shop is ours: its one address stands the rate, and a busy machine is no trouble.
	address-rate: 1000/s
	adaptive: false
	YAML
}

status() { "$bin/pipectl" --socket "$work/s" status --json 2>/dev/null; }

run_piped() {
	rm -rf "$work/state"
	piped_config
	"$bin/bench/bench_cost" "$work/cost" "$bin/piped" --config "$work/piped.yaml" 2>"$work/log" &
	job=$!
	started+=("$job")
	until [ "$(status | tee "$work/status.json" | jq -r .idle)" = true ] &&
		[ "$(jq .tallies.pages "$work/status.json")" -gt 0 ]; do
		kill -0 "$job" 2>/dev/null || { tail -20 "$work/log" >&2; fail "piped ended"; }
		sleep 0.5
	done
	kill "$job"
	wait "$job" || { tail -20 "$work/log" >&2; fail "piped failed"; }
	unset 'started[-1]'
	sqlite3 -readonly -tabs "$work/state/piped.db" \
		"SELECT ext_id, title, price, image, brand, state FROM listing" >"$work/found.tsv"
	[ "$(sqlite3 -readonly "$work/state/piped.db" "SELECT COUNT(*) FROM page WHERE state = 'extracted'")" = "$pages" ] ||
		fail "piped: not every page is stored"
	cp "$work/status.json" "$work/stages-$1.json"
}

# --- peers

run_wget2() {
	rm -rf "$work/wget2"
	mkdir "$work/wget2"
	"$bin/bench/bench_cost" "$work/cost" wget2 -q -r -l inf --max-threads="$concurrency" \
		--no-parent -nH -P "$work/wget2" "http://127.0.0.1:$port$start" >"$work/log" 2>&1 &
	job=$!
	started+=("$job")
	wait "$job" || { tail -5 "$work/log" >&2; fail "wget2 failed"; }
	unset 'started[-1]'
	find "$work/wget2" -name '*.html' -printf '%f\n' | sed 's/[-.].*//' >"$work/found.tsv"
	rm -rf "$work/wget2"
}

run_scrapy() {
	rm -f "$work/items.jl"
	"$bin/bench/bench_cost" "$work/cost" scrapy runspider -L ERROR -a "url=http://127.0.0.1:$port$start" \
		-s CONCURRENT_REQUESTS="$concurrency" -s CONCURRENT_REQUESTS_PER_DOMAIN="$concurrency" \
		-s ROBOTSTXT_OBEY=1 -s TELNETCONSOLE_ENABLED=0 \
		-o "$work/items.jl" bench/crawl_spider.py >"$work/log" 2>&1 &
	job=$!
	started+=("$job")
	wait "$job" || { tail -5 "$work/log" >&2; fail "scrapy failed"; }
	unset 'started[-1]'
	jq -r '[.id, .title, (.price | gsub("[^0-9]"; "")), .image, .brand,
		(if .status == "품절" then "sold" else "selling" end)] | @tsv' \
		"$work/items.jl" >"$work/found.tsv"
}

# What was found is what is there: all columns, or of wget2 that each file came.
check() {
	local want=$work/shop/expected.tsv
	if [ "$1" = wget2 ]; then
		cut -f 1 "$want" >"$work/ids"
		want=$work/ids
	fi
	if ! diff <(sort "$want") <(sort "$work/found.tsv") >"$work/diff"; then
		head -6 "$work/diff" >&2
		fail "$1 did not find what the shop has ($(wc -l <"$work/found.tsv") of $pages)"
	fi
}

"$bin/bench/crawl_shop" "$work/shop" "$pages"
start=$(cat "$work/shop/start")
start_nginx
echo "a shop of $pages pages, $(du -sm "$work/shop/www" | cut -f 1) MB gzipped; nginx on this machine; $concurrency requests at once"

for ((i = 1; i <= runs; i++)); do
	for name in "${crawlers[@]}"; do
		"run_$name" "$i"
		check "$name"
		read -r cpu wall peak <"$work/cost"
		echo "$cpu $wall $peak" >>"$work/costs-$name"
		awk -v n="$pages" -v name="$name" -v run="$i of $runs" -v c="$cpu" -v w="$wall" -v m="$peak" 'BEGIN {
			printf "run %s: %-7s %.3f CPU s per 1000 pages, %.0f pages/s, %d MB\n", run, name, c * 1000 / n, n / w, m }'
	done
done

# median FILE COLUMN
median() { cut -d ' ' -f "$2" "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

echo
printf '  %-8s %18s %9s %8s %14s\n' crawler 'CPU s / 1000 pages' 'pages/s' 'peak MB' 'CPU to piped'
for name in "${crawlers[@]}"; do
	f=$work/costs-$name
	ours=-
	[ ! -s "$work/costs-piped" ] || ours=$(median "$work/costs-piped" 1)
	awk -v n="$pages" -v name="$name" -v c="$(median "$f" 1)" -v w="$(median "$f" 2)" \
		-v m="$(median "$f" 3)" -v ours="$ours" 'BEGIN {
		printf "  %-8s %18.3f %9.0f %8d %14s\n", name, c * 1000 / n, n / w, m,
			ours == "-" ? ours : sprintf("%.2f", c / ours) }'
done

[ -s "$work/costs-piped" ] || exit 0
echo
echo "  piped, CPU ms per 1000 pages by stage (median of the runs)"
jq -rs --argjson n "$pages" '
def median: sort | .[(length - 1) / 2 | floor];
def docs: {
	loop: "requests, robots, timers, hand-overs (the loop thread, with the kernel for its sockets)",
	decode: "content-encoding undone", parse: "bytes to a tree",
	extract: "selectors to fields and links; the tree freed",
	clean: "typed fields, normal title", label: "flags, votes, label", suggest: "the classifier",
	links: "links to jobs: resolved, canonical, in scope",
	archive: "WARC members: digests, gzip of heads", append: "WARC written and synced",
	sql: "transactions", reread: "stored listings read again",
	rest: "start, answering status, threads" };
(map(.cost.stages_cpu_s) | . as $all | ($all[0] | keys_unsorted) |
	map({ key: ., value: (. as $k | $all | map(.[$k]) | median) })) as $stages
| ($stages | map(.value) | add) as $sum
| (map(.cost.cpu_s) | median) as $all
| ($stages + [{ key: "rest", value: ($all - $sum) }])[]
| select(.value > 0)
| "  \(.key + " " * (9 - (.key | length)))\((.value * 1e6 / $n | round) as $ms | (" " * (7 - ($ms | tostring | length))) + ($ms | tostring))   \(docs[.key] // "")"' \
	"$work"/stages-*.json
jq -rs --argjson n "$pages" 'map(.writer.commits) | sort | .[(length - 1) / 2 | floor]
	| "  \(.) commits, \($n / . * 10 | round / 10) pages each"' "$work"/stages-*.json
awk -v n="$pages" -v c="$(median "$work/costs-piped" 1)" -v m="$(median "$work/costs-piped" 3)" 'BEGIN {
	c = c * 1000 / n
	printf "\n  target <= 0.8 CPU s per 1000 pages: %s\n  target <= 100 MB: %s\n",
		c <= 0.8 ? "met" : "MISSED", m <= 100 ? "met" : "MISSED" }'
