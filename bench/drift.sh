#!/usr/bin/env bash
# Watching pages for change: microseconds a page and bytes a page kind. [PAGES]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --build build/release --target drift_bench -- --quiet
build/release/bench/drift_bench "${1:-100000}"
