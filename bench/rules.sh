#!/usr/bin/env bash
# Rules made of real titles: seconds to compile, microseconds a title, beside what found words before and Python's re. [RULES [TITLES]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${PIPED_SHARED:-$PWD/../shared}/data/bunjang
[ -r "$data/listings.tsv.gz" ] || { echo "rules: no $data (PIPED_SHARED says where)" >&2; exit 1; }
cmake --build build/release --target rules_bench -- --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 bench/rules_make.py "$data/train.tsv.gz" "$work" "${1:-10000}"
zcat "$data/listings.tsv.gz" | build/release/bench/rules_bench "$work/piped.yaml" "$work/cache" "${2:-1000000}"
python3 bench/rules_peer.py "$work/rules.yaml" "$data/listings.tsv.gz" 200
