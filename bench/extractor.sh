#!/usr/bin/env bash
# Reading pages of JSON, of HTML and by format auto, beside parsel, lxml, Python's json and extruct.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pages=300
seconds=2
real=../shared/data/pages/zyte/html

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench extractor [OPTION]...
	CPU of one thread for a page, response bytes to raw listings, and how often as much others
	take for the same five fields, which must come out the same. html and auto are lists of
	100 invented cards, json 100 items in the shape of a search interface; -real are saved
	product pages (of which format auto makes listings, extruct lists of what is marked up).

	      --pages N        times each is read (300)
	      --seconds N      CPU that each peer gets (2)
	      --real FOLDER    saved pages, plain or .gz (../shared/data/pages/zyte/html)
	  -h, --help           this text
	TEXT
}

wrong() { echo "extractor: $*; see ./dev bench extractor --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--pages) pages=${2:?--pages wants a number}; shift ;;
	--seconds) seconds=${2:?--seconds wants a number}; shift ;;
	--real) real=${2:?--real wants a folder}; shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
for n in $pages $seconds; do
	[[ $n =~ ^[1-9][0-9]*$ ]] || wrong "not a number: '$n'"
done
cmake --build build/release --target extractor_bench -- --quiet
work=$(mktemp -d "${TMPDIR:-/tmp}/extractor_bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/real"
if [ -d "$real" ]; then
	cp "$real"/* "$work/real/"
	gzip -dqf "$work"/real/*.gz 2>/dev/null || true
else
	echo "no $real: real pages are left out"
fi
build/release/bench/extractor_bench "$work" "$pages"
python=/usr/bin/python3
if ! $python -c 'import sys' 2>/dev/null; then
	echo "name, ns and bytes a page; others are not compared: install python3"
	cat "$work/piped.tsv"
	exit 0
fi
$python bench/extractor_peers.py "$work" "$seconds"
