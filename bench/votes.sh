#!/usr/bin/env bash
# Models of votes at size [LISTINGS [RULES [CLASSES]]]: 1,000,000, 10,000 and 200.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --build build/release --target votes_bench -- --quiet
build/release/bench/votes_bench "${1:-1000000}" "${2:-10000}" "${3:-200}"
