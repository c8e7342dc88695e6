#!/usr/bin/env bash
# The newcomer's command, on a small market: the report, --keep and how to stop
# it, and folders that are not the demo's.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

demo=$work/demo
run=("$root/scripts/demo.sh" --bin "$E2E_BUILD" --count 1200 --state "$demo")
# What --keep left, by its pid files.
clean_up() {
	local f
	for f in "$demo"/piped.pid "$demo"/market.pid; do
		[ ! -s "$f" ] || kill "$(cat "$f")" 2>/dev/null || true
	done
}

exits "--help" 0 "${run[@]}" --help
has "--help" "$(out)" "--keep"
exits "an unknown option" 2 "${run[@]}" --kepp
exits "a wrong count" 2 "${run[@]}" --count many
exits "listings that are not there" 1 "${run[@]}" --listings "$work/none.tsv"

mkdir "$work/mine"
echo "my thesis" >"$work/mine/thesis"
exits "a folder of something else" 1 "${run[@]}" --state "$work/mine"
has "a folder of something else" "$(err)" "$work/mine"
is "what was in it" "$(ls "$work/mine")" thesis

# --- once

exits "demo" 0 "${run[@]}"
number() { sed -n "s/^  $1  *\([0-9]*\).*/\1/p" "$work/out"; }
# The HTML side sells some of the same again.
at_least "listings" "$(number listings)" 1200
at_least "pages" "$(number pages)" 20
at_least "duplicates" "$(number duplicates)" 50
at_least "labeled" "$(number labeled)" 1100
at_least "suggested" "$(number suggested)" 1100
grep -qE '^  accuracy +top-1 [0-9.]+%, top-3 [0-9.]+% on [0-9]+ held-out listings' "$work/out" ||
	fail "no accuracy in the report"
for part in "dataset" "database" "archive"; do
	at=$(sed -n "s/^  $part  *\(.*\)/\1/p" "$work/out")
	[ -e "$at" ] || fail "the report's $part is not there: $at"
done
has "demo" "$(out)" "What to type next"
[ -s "$demo/dataset/train.jsonl" ] || fail "no dataset"
is "database" "$(db=$demo/piped.db count listing)" "$(number listings)"
at_least "progress lines" "$(grep -cE '^   [0-9]+ pages' "$work/out")" 1
kill -0 "$(cat "$demo/piped.pid")" 2>/dev/null && fail "the demo left piped running"
kill -0 "$(cat "$demo/market.pid")" 2>/dev/null && fail "the demo left the market running"

# --- again in the same folder, and kept

exits "demo --keep" 0 "${run[@]}" --keep
[ "$(number suggested)" -gt 0 ] || fail "no suggestions the second time"
# The lines to type are typed.
while read -r line; do
	exits "$line" 0 bash -c "$line </dev/null"
	[ -s "$work/out" ] || fail "$line says nothing"
done < <(sed -n 's/^  \(.*pipectl .*\)/\1/p' "$work/out")
"${run[@]}" >"$work/out2" 2>&1 && fail "a second demo beside the one that is kept"
has "a second demo" "$(cat "$work/out2")" "still running"
stop=$(sed -n 's/.*stop it with: //p' "$work/out2")
has "how to stop it" "$stop" "kill"
bash -c "$stop"
gone() { ! kill -0 "$1" 2>/dev/null; }
wait_until 10 "the end of piped" gone "$(cat "$demo/piped.pid")"
wait_until 10 "the end of the market" gone "$(cat "$demo/market.pid")"
has "the log's last line" "$(tail -n 1 "$demo/piped.log")" "stopped"
passed
