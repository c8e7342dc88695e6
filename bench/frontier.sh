#!/usr/bin/env bash
# Finding the next due URL as the database grows from 10^4 to 10^7 jobs; beside Scrapy's disk queue.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sizes="10000 100000 1000000 10000000"
hosts=100000
turns=20000
folder=${TMPDIR:-/tmp}
peer_most=1000000

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench frontier [OPTION]...
	Fills a database for each size, then lets the frontier and the writer give URLs whose
	pages are committed with 30 links each. us/URL is CPU of both threads to find one; worst
	is one call on the loop; ask worst is wall clock of one question to the writer, a commit
	to the disk included; GROUP BY is what one question would cost without table host.

	      --sizes "N..."  jobs (10000 100000 1000000 10000000; the last takes minutes)
	      --hosts N       hosts at most; a tenth of the jobs if that is less (100000)
	      --turns N       URLs that are given (20000)
	      --dir FOLDER    where the database is made ($TMPDIR; 10^7 jobs take 4 GB)
	      --peer N        the largest size for Scrapy (1000000; needs python3-scrapy)
	  -h, --help          this text
	TEXT
}

wrong() { echo "frontier: $*; see ./dev bench frontier --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--sizes) sizes=${2:?--sizes wants numbers}; shift ;;
	--hosts) hosts=${2:?--hosts wants a number}; shift ;;
	--turns) turns=${2:?--turns wants a number}; shift ;;
	--dir) folder=${2:?--dir wants a folder}; shift ;;
	--peer) peer_most=${2:?--peer wants a number}; shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
for n in $sizes $hosts $turns $peer_most; do
	[[ $n =~ ^[1-9][0-9]*$ ]] || wrong "not a number: '$n'"
done
cmake --build build/release --target frontier_bench -- --quiet
work=$(mktemp -d "$folder/frontier_bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086
build/release/bench/frontier_bench "$work" "$hosts" "$turns" $sizes
python=/usr/bin/python3
if ! $python -c 'import scrapy' 2>/dev/null; then
	echo "Scrapy is not compared: install python3-scrapy"
	exit 0
fi
for n in $sizes; do
	[ "$n" -le "$peer_most" ] || continue
	mkdir "$work/scrapy"
	# one process fills, one asks
	$python bench/frontier_scrapy.py "$work/scrapy" "$((n / 10 < hosts ? n / 10 : hosts))" \
		"$turns" "$n" 2>/dev/null || echo "Scrapy failed at $n requests"
	rm -rf "$work/scrapy"
done
