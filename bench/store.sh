#!/usr/bin/env bash
# Storing and reading listings: writer CPU a listing, scans. [LISTINGS [PAGES A BATCH]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --build build/release --target store_bench -- --quiet
exec build/release/bench/store_bench "$@"
