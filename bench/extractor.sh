#!/usr/bin/env bash
# Reading pages of JSON, of HTML, and by format auto: CPU an item. [PAGES]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --build build/release --target extractor_bench -- --quiet
exec build/release/bench/extractor_bench "$@"
