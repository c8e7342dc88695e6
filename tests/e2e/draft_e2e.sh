#!/usr/bin/env bash
# pipectl source new: the file of a source drafted from a page that is fetched, archived or given;
# what was drafted from the market's list crawls it. And source test --fetch.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

sources=("$root/etc/sources/market-html.yaml")
start_market --count 60 --html-count 30 --seed 4
write_config "$fast_hosts"
exits "no daemon" 3 "$PIPECTL" source new https://market.example/list
crawl_all

list="https://market.example/list?category=320300"
new() { "$PIPECTL" source new "$@"; }

# --- a page that nothing has asked yet: fetched for no source, by the rules of any

asked=$(wc -l <"$work/requests")
exits "a draft" 0 new "$list" -o "$work/drafted.yaml" --name drafted
is "requests for it" "$(wc -l <"$work/requests")" $((asked + 1))
is "whose page it is" "$(sql "SELECT source FROM job WHERE url = '$list'")" _new
is "its listings" "$(sql "SELECT COUNT(*) FROM listing WHERE source = '_new'")" 0
has "what was fetched" "$(err)" "fetched, status 200"
has "what was found" "$(err)" "format html, repeated"
for field in id url title price; do
	grep -Eq "^  $field +([0-9]+) of \1 " "$work/err" || fail "fill of $field: $(err)"
done
exits "why it was fetched" 0 "$PIPECTL" why "$list"
has "why it was fetched" "$(out)" "belongs to no source: one may be drafted from it"
has "how the archive calls it" "$("$PIPECTL" sources)" "_new"
exits "a file that is there" 2 new "$list" -o "$work/drafted.yaml"
has "a file that is there" "$(err)" "--force"
exits "with --force" 0 new "$list" -o "$work/drafted.yaml" --name drafted --force
exits "as JSON" 0 new "$list" --json
is "as JSON" "$(jq -c '[.archived, .best.format, (.yaml | length > 0), .source]' "$work/out")" '[true,"html",true,"market"]'
exits "on standard output" 0 new "$list" --name drafted
same "on standard output" "$work/out" "$work/drafted.yaml"
is "requests for a page that is in the archive" "$(wc -l <"$work/requests")" $((asked + 1))

# --- the draft crawls

sources+=("$work/drafted.yaml")
write_config "$fast_hosts"
exits "the check" 0 "$PIPED" --check --config "$work/piped.yaml"
exits "the draft, tried before it is loaded" 0 "$PIPECTL" source test drafted "$list" --config "$work/drafted.yaml"
has "the draft, tried before it is loaded" "$(out)" "0 rejected"
kill -HUP "$piped_pid"
wait_until 20 "the reload" sh -c "sqlite3 -readonly '$db' \"SELECT 1 FROM listing WHERE source = 'drafted' LIMIT 1\" | grep -q 1"
wait_idle
of_list="SELECT COUNT(*), SUM(price), COUNT(DISTINCT title) FROM listing WHERE"
is "listings, prices and titles" "$(sql "$of_list source = 'drafted'")" \
	"$(sql "$of_list source = 'market-html' AND category LIKE '남성의류>아우터%'")"
at_least "listings" "$(sql "SELECT COUNT(*) FROM listing WHERE source = 'drafted'")" 3
is "listings that the other source has not" "$(sql "SELECT COUNT(*) FROM listing WHERE source = 'drafted' AND ext_id NOT IN
	(SELECT ext_id FROM listing WHERE source = 'market-html')")" 0
is "rejected" "$(sql "SELECT COUNT(*) FROM rejected")" 0

# --- pages about one thing, that say what it is; files; what is no page of listings

item=$(sql "SELECT url FROM listing WHERE source = 'market-html' LIMIT 1")
exits "a page about one thing" 0 new "$item"
has "a page about one thing" "$(out)" "format: auto"
"$PIPECTL" archive cat "$(sql "SELECT MAX(p.id) FROM page AS p JOIN job AS j ON j.id = p.job WHERE j.url = '$list'")" --decoded >"$work/list.html"
exits "a file" 0 new "$work/list.html" --url https://bazaar.example/l
has "a file" "$(out)" "name: bazaar"
exits "standard input" 0 new - --name x <"$work/list.html"
has "standard input" "$(out)" "Put the page's address here"
echo '<p>nothing</p>' >"$work/empty.html"
exits "nothing for sale" 1 new "$work/empty.html"
has "nothing for sale" "$(err)" "no listings are found"
exits "a name that is none" 2 new "$work/list.html" --name "Bad Name"
exits "an address that is none" 2 new "$work/list.html" --url "https://"
exits "no such file" 2 new "$work/none.html"
exits "another scheme" 2 new ftp://market.example/list
exits "robots.txt" 1 new https://market.example/cart
has "robots.txt" "$(err)" "Disallow: /cart"
exits "not there" 4 new https://market.example/none
exits "nobody there" 1 new https://nobody.invalid/x
has "nobody there" "$(err)" "stays due"

# --- source test --fetch

page="$item?from=list"
asked=$(wc -l <"$work/requests")
exits "a page never fetched" 4 "$PIPECTL" source test market-html "$page"
has "a page never fetched" "$(err)" "--fetch"
is "requests without --fetch" "$(wc -l <"$work/requests")" "$asked"
exits "with --fetch" 0 "$PIPECTL" source test market-html "$page" --fetch
has "with --fetch" "$(err)" "fetched, status 200"
is "requests with --fetch" "$(wc -l <"$work/requests")" $((asked + 1))
exits "again" 0 "$PIPECTL" source test market-html "$page" --fetch
is "requests once it is there" "$(wc -l <"$work/requests")" $((asked + 1))
exits "refused with --fetch" 1 "$PIPECTL" source test market-html https://market.example/cart --fetch --page detail
has "refused with --fetch" "$(err)" "refused"
exits "out of scope" 4 "$PIPECTL" source test market-html https://elsewhere.example/ --fetch

check_database
check_archive
stop_piped
passed
