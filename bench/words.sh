#!/usr/bin/env bash
# Known words in titles: microseconds a title with the shipped words, then with [WORDS].
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
listings=${PIPED_SHARED:-$PWD/../shared}/data/bunjang/listings.tsv.gz
[ -r "$listings" ] || { echo "words: no $listings (PIPED_SHARED says where)" >&2; exit 1; }
cmake --build build/release --target words_bench -- --quiet
zcat "$listings" | build/release/bench/words_bench etc/piped.yaml "${1:-10000}"
