#!/usr/bin/env bash
# Wrong files and wrong states: a clear line, the right exit code, nothing lost.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# --- wrong files: every problem with file:line:column, exit 2

port=1
write_config
exits "--check of good files" 0 "$PIPED" --check --config "$work/piped.yaml"
has "--check of good files" "$(out)" "fine"
exits "--print-config" 0 "$PIPED" --print-config --config "$work/piped.yaml"
has "--print-config" "$(out)" "state-dir"

# wrong LINE-OF-YAML LINE:COLUMN PART: added at the end of a good file.
wrong() {
	local line
	write_config "$1"
	line=$(wc -l <"$work/piped.yaml")
	exits "--check of: $1" 2 "$PIPED" --check --config "$work/piped.yaml"
	has "--check of: $1" "$(err)" "$work/piped.yaml:$((line + $2)):$3: "
	has "--check of: $1" "$(err)" "$4"
}
wrong "retrys: 3" 0 1 "retries"
wrong "retries: many" 0 10 "whole number"
wrong "retries: 1000" 0 10 "100"
wrong "timeout: 30 parsecs" 0 10 "time"
wrong "user-agent: [a, b]" 0 13 "text"
wrong "log-level: loud" 0 12 "debug"
wrong $'retries: 3\nretries: 4' 0 1 "retries"
wrong "hosts: { a.example: { rate: fast } }" 0 29 "rate"
wrong "hosts: { a.example: { pace: 1/s } }" 0 23 "pace"
# Not YAML at all.
write_config "  - ]["
exits "--check of no YAML" 2 "$PIPED" --check --config "$work/piped.yaml"
has "--check of no YAML" "$(err)" "$work/piped.yaml:"

# Two problems, two files: both are told.
sed 's/title: \.name/title: ".name |"/; s/^rate:.*/rate: quick/' "$root/etc/sources/bunjang.yaml" >"$work/bad.yaml"
sources=("$work/bad.yaml")
write_config "retrys: 3"
exits "--check of two bad files" 2 "$PIPED" --check --config "$work/piped.yaml"
has "two bad files" "$(err)" "$work/piped.yaml:"
has "two bad files" "$(err)" "$work/bad.yaml:$(grep -n 'rate: quick' "$work/bad.yaml" | cut -d: -f1):7: "
sed 's/title: \.name/title: ".name |"/' "$root/etc/sources/bunjang.yaml" >"$work/bad.yaml"
write_config
exits "--check of a bad jq program" 2 "$PIPED" --check --config "$work/piped.yaml"
has "a bad jq program" "$(err)" "$work/bad.yaml:$(grep -n '\.name |' "$work/bad.yaml" | cut -d: -f1):"
sources=("$work/none.yaml")
write_config
exits "--check of a missing source" 2 "$PIPED" --check --config "$work/piped.yaml"
has "a missing source" "$(err)" "none.yaml"
exits "--check of a missing file" 2 "$PIPED" --check --config "$work/nothing.yaml"
has "a missing file" "$(err)" "nothing.yaml"
sources=("$root/etc/sources/bunjang.yaml")

# A daemon does not start on them either.
write_config "retrys: 3"
exits "a start on a wrong file" 2 "$PIPED" --config "$work/piped.yaml"
has "a start on a wrong file" "$(err)" "piped.yaml:"
[ ! -e "$state" ] || fail "a wrong file made a state folder"

# --- wrong options

exits "an unknown option" 2 "$PIPED" --chekc
has "an unknown option" "$(err)" "--check"
exits "an argument" 2 "$PIPED" status
has "an argument" "$(err)" "pipectl"
exits "a wrong level" 2 "$PIPED" --log-level loud
exits "an option without its value" 2 "$PIPED" --config
exits "a wrong section" 2 "$PIPED" --manual 3
exits "--help" 0 "$PIPED" --help
has "--help" "$(out)" "--check"
exits "--version" 0 "$PIPED" --version
has "--version" "$(out)" "piped 0"

# --- two daemons

start_market --count 100 --html-count 0
write_config "$fast_hosts"
crawl_all
exits "a second daemon" 5 "$PIPED" --config "$work/piped.yaml"
has "a second daemon" "$(err)" "another piped has it, process $piped_pid"
lives || fail "a second daemon ended the first"
# On the same socket with a state of its own.
sed "s|^state-dir:.*|state-dir: $work/other|" "$work/piped.yaml" >"$work/other.yaml"
exits "a second daemon on the socket" 5 "$PIPED" --config "$work/other.yaml"
has "a second daemon on the socket" "$(err)" "$socket"
answers >/dev/null || fail "the first daemon has lost its socket"
stop_piped

# --- databases that are not for us

is_untouched() { is "$1: the file" "$(sha256sum <"$db")" "$sum"; }

sqlite3 "$db" "PRAGMA user_version = 99" >/dev/null
sum=$(sha256sum <"$db")
exits "a newer database" 1 "$PIPED" --config "$work/piped.yaml"
has "a newer database" "$(err)" "newer piped (schema 99"
is_untouched "a newer database"

head -c 300000 /dev/urandom >"$db"
sum=$(sha256sum <"$db")
exits "no database" 1 "$PIPED" --config "$work/piped.yaml"
has "no database" "$(err)" "$db: "
is_untouched "no database"

rm "$db"
sqlite3 "$db" "CREATE TABLE another (thing TEXT)"
sum=$(sha256sum <"$db")
exits "another's database" 1 "$PIPED" --config "$work/piped.yaml"
has "another's database" "$(err)" "not one that piped made"
is_untouched "another's database"

# An archive that cannot be: the folder's place is taken.
rm -r "$state"
mkdir "$state"
echo "in the way" >"$state/archive"
exits "a file in the archive's place" 1 "$PIPED" --config "$work/piped.yaml"
has "a file in the archive's place" "$(err)" "archive"

passed
