#!/usr/bin/env bash
# Near-duplicates, of titles: microseconds and bytes a listing; and of pictures: a question and a hash.
# [LISTINGS [--pairs]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${PIPED_SHARED:-$PWD/../shared}/data
listings=$data/bunjang/listings.tsv.gz
[ -r "$listings" ] || { echo "near: no $listings (PIPED_SHARED says where)" >&2; exit 1; }
cmake --build build/release --target near_bench look_bench -- --quiet
zcat "$listings" | build/release/bench/near_bench "${1:-1000000}" "${@:2}"
if [ $# -lt 2 ]; then
	find "$data/images/clothing" -name '*.jpg' | sort | build/release/bench/look_bench "${1:-1000000}"
fi
