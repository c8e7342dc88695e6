#!/usr/bin/env bash
# pipectl source test: a page read with the rules of now, beside what is stored: from the
# archive, from a file, with rules that are not loaded; nothing is asked and nothing stored.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
sources+=("$root/etc/sources/market-html.yaml")
start_market --count 60 --html-count 10 --seed 4
write_config "$fast_hosts"
exits "no daemon" 3 "$PIPECTL" source test bunjang 1
crawl_all

try() { "$PIPECTL" source test "$@"; }
item() { jq -c ".listings[] | select(.ext_id == \"$1\")" "$work/out"; }
# field ID NAME MEMBER
field() { item "$1" | jq -r ".fields[] | select(.field == \"$2\") | .$3"; }
state_of() { sql "SELECT COUNT(*), MAX(id) FROM page" "SELECT COUNT(*) FROM job" "SELECT COUNT(*), SUM(page) FROM listing" \
	"SELECT COUNT(*) FROM history"; }
before=$(state_of)
asked=$(wc -l <"$work/requests")

# --- from the archive: a listing of a list of many, by both of its names

read -r id row price < <(sql -separator ' ' "SELECT ext_id, id, price FROM listing WHERE source = 'bunjang'
	AND price > 0 ORDER BY id LIMIT 1")
exits "a listing" 0 try bunjang "bunjang/$id" --json
is "listings shown" "$(jq '.listings | length' "$work/out")" 1
is "the price as it is on the page" "$(field "$id" price raw)" "$price"
is "the price as it is stored" "$(field "$id" price value)" "$price"
is "what has changed" "$(item "$id" | jq -c '[.fields[] | select(.changed)]')" "[]"
is "its selector" "$(jq -c '.fields[] | select(.field == "price") | [.language, .found > 0]' "$work/out")" '["jq",true]'
line=$(jq '.fields[] | select(.field == "price") | .line' "$work/out")
has "where that stands" "$(sed -n "${line}p" "$work/bunjang.yaml")" "price:"
is "problems" "$(jq -c .problems "$work/out")" "[]"
exits "the same by its row" 0 try bunjang "$row"
has "the same by its row" "$(out)" "stored as listing $row"
has "the same by its row" "$(out)" "bunjang.yaml:$line"
has "the same by its row" "$(out)" "nothing is stored"
has_not "colours" "$(out)" $'\033'
exits "with colours" 0 try bunjang "$row" --color
has "with colours" "$(out)" $'\033['
url=$(sql "SELECT url FROM job WHERE source = 'bunjang' AND state = 'done' ORDER BY id LIMIT 1")
exits "an address" 0 try bunjang "$url" --json --limit 3
is "listings of an address" "$(jq -c '[(.listings | length), .kept > 3, .rejected, .last_good.listings == .kept]' "$work/out")" \
	"[3,true,0,true]"

# --- what is not there

exits "an address that nothing asked" 4 try bunjang "https://api.bunjang.co.kr/api/1/find_v2.json?q=none"
has "what to do" "$(err)" "pipectl crawl"
exits "no such source" 4 try nobody "$url"
exits "no such listing" 4 try bunjang bunjang/1
exits "another source's listing" 4 try market-html "$row"
exits "no such file" 2 try bunjang "$work/none.json"
exits "no such verb" 2 "$PIPECTL" source tets bunjang "$row"
: >"$work/empty"
exits "an empty file" 2 try bunjang "$work/empty"

# --- a page whose markup has changed, from a file

item_id=$(sql "SELECT ext_id FROM listing WHERE source = 'market-html' AND price > 0 AND url LIKE '%/item/%' LIMIT 1")
item_price=$(sql "SELECT price FROM listing WHERE source = 'market-html' AND ext_id = '$item_id'")
page=$(sql "SELECT page FROM listing WHERE source = 'market-html' AND ext_id = '$item_id'")
"$PIPECTL" archive cat "$page" --decoded >"$work/item.html"
sed 's/class="price"/class="cost"/' "$work/item.html" >"$work/changed.html"
exits "which kind" 2 try market-html "$work/item.html"
has "which kind" "$(err)" "detail"
exits "as it was" 0 try market-html "$work/item.html" --page detail
exits "a changed page" 0 try market-html "$work/changed.html" --page detail --json
is "the price" "$(item "$item_id" | jq -c '.fields[] | select(.field == "price") | [.raw, .value, .missing, .changed, .was]')" \
	"[null,null,\"nothing found\",true,\"$item_price\"]"
is "nothing else has changed" "$(item "$item_id" | jq -c '[.fields[] | select(.changed) | .field]')" '["price"]'
exits "the same with its address" 0 try market-html "$work/changed.html" --url "https://market.example/item/$item_id" --json
is "kind and counts of the address" "$(jq -c '[.page_kind, .page, .last_good.listings]' "$work/out")" '["detail",null,1]'
exits "a changed page as text" 0 try market-html - --page detail <"$work/changed.html"
has "a changed page as text" "$(out)" "nothing found  was \"$item_price\""
has "counts" "$(out)" "0 of 1  .price::text"

# --- other rules, that are not loaded

sed 's/\.price::text/.cost::text/' "$root/etc/sources/market-html.yaml" >"$work/new.yaml"
exits "new rules" 0 try market-html "$work/changed.html" --page detail --config "$work/new.yaml" --json
is "the price by new rules" "$(field "$item_id" price value)" "$item_price"
is "their file" "$(jq -r .config "$work/out")" "$work/new.yaml"
is "where they stand" "$(jq -r '.fields[] | select(.field == "price") | .file' "$work/out")" "$work/new.yaml"
sed 's/price: "\.price::text"/price: { css: ".cost::text", required: true }/' "$root/etc/sources/market-html.yaml" >"$work/strict.yaml"
exits "a required field that is missing, on an archived page" 1 try market-html "market-html/$item_id" --config "$work/strict.yaml"
has "why" "$(out)" "rejected: price \`.cost::text\`: nothing found"
has "what it was" "$(out)" "was \"$item_price\""
sed 's/^    fields:$/    checks:\n      price: { max: 1 }\n    fields:/' "$root/etc/sources/market-html.yaml" >"$work/checks.yaml"
exits "a check that fails" 1 try market-html "market-html/$item_id" --config "$work/checks.yaml" --json
is "how it ends" "$(item "$item_id" | jq -c '[.end, (.reason | length > 0), (.fields[] | select(.field == "price") | .value)]')" \
	"[\"rejected\",true,\"$item_price\"]"
exits "rules for a source that is new" 2 try other "$work/changed.html" --config "$work/new.yaml"
has "rules for a source that is new" "$(err)" "describes source market-html"
printf 'name: market-html\nseeds: [{ page: p, url: "https://market.example/" }]\npages:\n  p: { format: html, fields: { id: "a[", titel: h1 } }\n' \
	>"$work/broken.yaml"
exits "broken rules" 2 try market-html "$work/item.html" --config "$work/broken.yaml"
has "broken rules" "$(err)" "$work/broken.yaml:4:"
has "broken rules" "$(err)" "titel"
printf 'name: market-html\nseeds: [{ page: p, url: "https://market.example/" }]\npages:\n  p: { format: html, fields: { id: "a[", title: h1 } }\n' \
	>"$work/broken.yaml"
exits "a broken selector" 2 try market-html "$work/item.html" --config "$work/broken.yaml"
has "a broken selector" "$(err)" "$work/broken.yaml:4:36: page \`p\`, id \`a[\`"
exits "a broken selector as JSON" 2 try market-html "$work/item.html" --config "$work/broken.yaml" --json
is "its line" "$(jq '.problems[0].line' "$work/out")" 4
printf 'name: market-html\nseeds: [{ page: p, url: "https://market.example/{q}", vars: { q: { file: /etc/passwd } } }]\npages:\n  p: { format: html, fields: { id: a, title: h1 } }\n' \
	>"$work/file.yaml"
exits "rules that name a file" 2 try market-html "$work/item.html" --config "$work/file.yaml"
has "rules that name a file" "$(err)" "not read for a test"

printf 'name: bunjang\nseeds: [{ page: p, url: "https://market.example/" }]\npages:\n  p:\n    format: json\n    fields: { id: .id, title: ".a | repeat(.)" }\n' \
	>"$work/endless.yaml"
echo '{"id": 1, "a": "x"}' >"$work/one.json"
exits "a program without end" 2 try bunjang "$work/one.json" --config "$work/endless.yaml"
has "a program without end" "$(err)" "$work/endless.yaml:6:31: page \`p\`, title \`.a | repeat(.)\`: \`repeat\` is not taken"

# --- what found the fields of a page that says them itself

cat >"$work/auto.yaml" <<'END'
name: market-auto
hosts: [market.example]
seeds: [{ page: p, url: "https://market.example/" }]
pages:
  p: { format: auto }
END
cat >"$work/auto.html" <<'END'
<!DOCTYPE html><html><head><title>부츠</title>
<meta property="og:title" content="가죽 부츠"><meta property="og:image" content="/b.jpg">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product", "sku": "B7", "name": "가죽 부츠",
"offers": {"@type": "Offer", "price": "45000", "priceCurrency": "KRW"}}</script></head><body><h1>가죽 부츠</h1></body></html>
END
exits "a page by format auto" 0 try market-auto "$work/auto.html" --config "$work/auto.yaml" --json
is "what found the price" "$(field B7 price reader)" "JSON-LD"
is "what found the image" "$(field B7 image reader)" "Open Graph"
is "what was not found" "$(field B7 brand missing)" "nothing found"
exits "the same as text" 0 try market-auto "$work/auto.html" --config "$work/auto.yaml"
has "the same as text" "$(out)" '"45000"  by JSON-LD'
has "what no listing has" "$(out)" "not found: description, category, brand, "
is "lines of what is not there" "$(grep -c 'nothing found' "$work/out")" 0
has "no address, no last run" "$(out)" "now: 1 item, 1 listing, 0 rejected"
echo '<p>nothing</p>' >"$work/none.html"
exits "a page that says nothing, by format auto" 1 try market-auto "$work/none.html" --config "$work/auto.yaml"
has "what to do about it" "$(out)" "pipectl source new"
exits "an address without a good run" 0 try market-auto "$work/auto.html" --config "$work/auto.yaml" --url https://market.example/b7
has "an address without a good run" "$(out)" "last good run: no page of this address"

# --- on a terminal in colours, into a pipe without

if type -p script >/dev/null; then
	NO_COLOR='' TERM=xterm script -qec "'$PIPECTL' source test bunjang $row" /dev/null >"$work/out" </dev/null
	has "on a terminal" "$(out)" $'\033['
	NO_COLOR='' "$PIPECTL" source test bunjang "$row" >"$work/out"
	has_not "into a pipe" "$(out)" $'\033'
fi

# --- what is no page of its kind, or too much

exits "HTML where JSON was expected" 1 try bunjang "$work/item.html" --page search
has "HTML where JSON was expected" "$(out)" "not readable"
head -c 34000000 /dev/zero >"$work/big"
exits "a page past the bound" 2 try bunjang "$work/big"

is "what is stored" "$(state_of)" "$before"
is "requests" "$(wc -l <"$work/requests")" "$asked"
stop_piped
passed
