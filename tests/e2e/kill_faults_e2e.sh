#!/usr/bin/env bash
# The same as kill_e2e.sh on a market that refuses, breaks off and hangs up
# before it answers right.
faults="--fault 503:each=1,share=40 --fault truncate:each=1,share=30,at=60 --fault reset:each=1,share=30,at=60 --fault close:each=1,share=20 --fault 500:each=1,share=10"
# shellcheck source=tests/e2e/kill_e2e.sh
. "$(dirname "$0")/kill_e2e.sh"
