#!/usr/bin/env bash
# Near-duplicates of titles: microseconds and bytes a listing. [LISTINGS [--pairs]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
listings=${PIPED_SHARED:-$PWD/../shared}/data/bunjang/listings.tsv.gz
[ -r "$listings" ] || { echo "near: no $listings (PIPED_SHARED says where)" >&2; exit 1; }
cmake --build build/release --target near_bench -- --quiet
zcat "$listings" | build/release/bench/near_bench "${1:-1000000}" "${@:2}"
