#!/usr/bin/env bash
# A source with credentials: waits without them, sends them, and nothing that is
# kept or said has them.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

secret=s3cret-of-the-market
other=0ther-secret
small_pages
cat >>"$work/bunjang.yaml" <<-END
	auth: { type: query, credential: e2e.key, name: apikey }
	headers: { X-Client: "{credential:e2e-header}" }
END
start_market --count 300
write_config "$fast_hosts"
unset CREDENTIALS_DIRECTORY PIPED_CREDENTIAL_E2E_KEY PIPED_CREDENTIAL_E2E_HEADER

# --- without: the configuration is fine, the daemon runs, the source waits

exits "--check without credentials" 0 "$PIPED" --check --config "$work/piped.yaml"
has "--check without credentials" "$(out)" "fine"
has "--check without credentials" "$(err)" "bunjang.yaml:1:1: source bunjang does not start: no credential \`e2e.key\` (auth): "
has "--check without credentials" "$(err)" "PIPED_CREDENTIAL_E2E_KEY is not set"
start_piped
wait_idle
has "the sources" "$("$PIPECTL" sources)" "waits"
has "the sources" "$("$PIPECTL" sources)" "no credential \`e2e.key\`"
has "the log" "$(cat "$work/piped.log")" "no credential \`e2e.key\`"
is "requests without credentials" "$(grep -c find_v2 "$work/requests" || true)" 0
stop_piped

# --- with: one from systemd, one from the environment

mkdir "$work/credentials"
echo "$secret" >"$work/credentials/e2e.key"
export CREDENTIALS_DIRECTORY="$work/credentials" PIPED_CREDENTIAL_E2E_HEADER=$other
exits "--check with credentials" 0 "$PIPED" --check --config "$work/piped.yaml"
is "--check with credentials" "$(err)" ""
start_piped --log-level debug
wait_idle
at_least "listings" "$(count listing)" 100
at_least "requests with the key" "$(grep -c "find_v2.*apikey=$secret" "$work/requests")" 10
is "requests without the key" "$(grep find_v2 "$work/requests" | grep -vc "apikey=$secret" || true)" 0
is "robots.txt with the key" "$(grep robots.txt "$work/requests" | grep -c apikey || true)" 0
page=$(sql "SELECT MAX(id) FROM page")
{
	"$PIPECTL" config
	"$PIPECTL" config --json
	"$PIPECTL" status --json
	"$PIPECTL" sources --json
	"$PIPECTL" trace page "$page"
} >"$work/said" 2>&1
stop_piped
check_archive

# --- nowhere

sql .dump >"$work/dump"
gzip -dc "$state"/archive/*.warc.gz >"$work/warc"
at_least "requests in the archive" "$(grep -ac "^X-Client: {credential:e2e-header}" "$work/warc")" 10
for word in "$secret" "$other"; do
	for file in said dump warc piped.log; do
		is "$file has $word" "$(grep -ac -- "$word" "$work/$file" || true)" 0
	done
	is "a file of the state has $word" "$(grep -ral -- "$word" "$state" || true)" ""
done
passed
