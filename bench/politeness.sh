#!/usr/bin/env bash
# Politeness: 100,000 requests to 50 hosts, judged by the markets' own logs.
# Run through ./dev bench politeness, which builds what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
requests=100000
hosts=50
tolerance=50
bin=build/release

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench politeness [OPTION]...
	Lets piped crawl markets on loopback that write down who asked when, and judges
	the log: no rule is broken, and at least 98% of the allowed rate is used. It is
	the end-to-end test of the same name at its full size; it takes about 20 minutes.

	      --requests N  about so many requests (100000)
	      --hosts N     to so many hosts (50)
	      --tolerance N milliseconds that an arrival may be late by, as on a busy machine
	                    (50); a rate that is too high shows all the same, a little later
	      --bin DIR     the build to run (default build/release)
	  -h, --help        this text
	TEXT
}

wrong() { echo "politeness: $*; see ./dev bench politeness --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--requests) requests=${2:?--requests wants a number}; shift ;;
	--hosts) hosts=${2:?--hosts wants a number}; shift ;;
	--tolerance) tolerance=${2:?--tolerance wants a number}; shift ;;
	--bin) bin=${2:?--bin wants a folder}; shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
[[ $requests =~ ^[1-9][0-9]*$ ]] || wrong "--requests wants a number, not '$requests'"
[[ $tolerance =~ ^[0-9]+$ ]] || wrong "--tolerance wants a number, not '$tolerance'"
[[ $hosts =~ ^([7-9]|[1-9][0-9]+)$ ]] || wrong "--hosts wants a number from 7, not '$hosts'"

bin=$(cd "$bin" && pwd)
# A host is asked some five times a second of its own, the failing ones a third of that.
export POLITE_HOSTS=$hosts POLITE_SECONDS=$((requests / (hosts * 5) + 1))
export POLITE_TOLERANCE_MS=$tolerance POLITE_LEAST_USE=98
export PIPED=$bin/piped PIPECTL=$bin/pipectl PIPECLASS=$bin/pipeclass
export MARKET=$bin/tests/market/market MARKET_AUDIT=$bin/tests/market/market_audit
export E2E_TLS=$bin/tests/e2e/tls
mkdir -p "$(dirname "$E2E_TLS")"
exec tests/e2e/politeness_e2e.sh
