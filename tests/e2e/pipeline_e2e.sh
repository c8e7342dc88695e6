#!/usr/bin/env bash
# From URLs to a dataset: everything that the market sells is stored once and
# right, labeled, suggested and exported, and every exported row leads back to
# the bytes it came from.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

sources+=("$root/etc/sources/market-html.yaml")
market=(--count 1500 --html-count 60 --seed 7 --ads 8)
"$MARKET" "${market[@]}" --dump "$work/truth.tsv" >/dev/null
start_market "${market[@]}"
write_config "$fast_hosts" "train-min-rows: 5" "segment-size: 128KiB"
crawl_all

# --- what was stored is what was sold

tail -n +2 "$work/truth.tsv" | awk -F'\t' -v OFS='\t' '
	{ print $1, $2, $5, ($6 == 0 ? "selling" : $6 == 1 ? "reserved" : "sold"), $9, $3, $8 "000",
		"https://m.bunjang.co.kr/products/" $1 }' | LC_ALL=C sort >"$work/wanted"
sql -tabs "SELECT ext_id, title, price, state, image, category, updated_ms, url FROM listing
	WHERE source = 'bunjang'" | LC_ALL=C sort >"$work/stored"
at_least "listings sold" "$(wc -l <"$work/wanted")" 1500
same "listings" "$work/stored" "$work/wanted"
is "listings stored twice" "$(sql "SELECT COUNT(*) FROM (SELECT 1 FROM listing
	GROUP BY source, ext_id HAVING COUNT(*) > 1)")" 0
at_least "promoted rows skipped" "$(sql "SELECT SUM(skipped) FROM page")" 50
is "promoted rows in the tally" "$(status_of '.tallies.skipped')" "$(sql "SELECT SUM(skipped) FROM page")"
is "items read or skipped" "$(sql "SELECT SUM(items) FROM page WHERE page_kind = 'search'")" \
	"$(sql "SELECT SUM(skipped) + SUM(listings) FROM page WHERE page_kind = 'search'")"

# The HTML side sells some of the same things under an id of its own.
sql -tabs "SELECT substr(h.ext_id, 2), h.title, h.price, h.state FROM listing AS h
	WHERE h.source = 'market-html'" | LC_ALL=C sort >"$work/html"
cut -f 1-4 "$work/wanted" | LC_ALL=C sort >"$work/html-wanted"
at_least "listings of the HTML side" "$(wc -l <"$work/html")" 10
LC_ALL=C comm -23 "$work/html" "$work/html-wanted" >"$work/html-wrong"
is "wrong listings of the HTML side" "$(cat "$work/html-wrong")" ""

is "jobs that are not done" "$(sql "SELECT COUNT(*) FROM job WHERE state <> 'done'")" 0
is "pages that did not fit" "$(sql "SELECT COUNT(*) FROM page WHERE state <> 'extracted'")" 0

# --- labels

# The mapping votes for every listing; what it says is in the taxonomy's file,
# where the longest matching id wins.
sed -n '/^  bunjang:/,$ { s/^    "\([0-9*]*\)": *\([a-z.-]*\).*/\1\t\2/p }' \
	"$root/etc/taxonomy/fashion.yaml" >"$work/mapping"
sql -tabs "SELECT DISTINCT category FROM listing WHERE source = 'bunjang'" |
	awk -F'\t' 'NR == FNR { says[$1] = $2; next }
	{
		best = says[$1]
		for (n = length($1); best == "" && n > 0; n--)
			best = says[substr($1, 1, n) "*"]
		print $1 "\t" best
	}' "$work/mapping" - | LC_ALL=C sort >"$work/mapped-wanted"
sql -tabs "SELECT DISTINCT l.category, v.category FROM listing AS l JOIN vote AS v ON v.listing = l.id
	WHERE l.source = 'bunjang' AND v.rule = 'source-category'" | LC_ALL=C sort >"$work/mapped"
at_least "categories of the seller" "$(wc -l <"$work/mapped")" 30
same "votes of the mapping" "$work/mapped" "$work/mapped-wanted"
is "listings whose only vote is not their label" "$(sql "SELECT COUNT(*) FROM listing AS l
	JOIN vote AS v ON v.listing = l.id LEFT JOIN current_label AS c ON c.listing = l.id
	WHERE (SELECT COUNT(*) FROM vote WHERE listing = l.id) = 1 AND c.category IS NOT v.category")" 0
is "labels in the tally" "$(status_of .tallies.labeled)" "$(count current_label)"
at_least "labels" "$(count current_label)" 1400
is "standing labels that are not current" "$(sql "SELECT COUNT(*) FROM standing AS s
	LEFT JOIN current_label AS c ON c.listing = s.listing WHERE s.label IS NOT c.id")" 0

# --- training, suggestions

labels=$(count label)
"$PIPECTL" train --wait >"$work/train.txt" || die "training failed"
has "what training says" "$(cat "$work/train.txt")" "top-1"
wait_idle
# Bits of listing.flags: empty title, advertisement, wanted, multi-item.
unfit=71
is "fit listings without a suggestion" "$(sql "SELECT COUNT(*) FROM listing JOIN standing AS s
	ON s.listing = listing.id WHERE listing.flags & $unfit = 0 AND s.model IS NULL")" 0
at_least "suggested" "$(status_of .tallies.suggested)" 1400
is "suggestions in the tally" "$(status_of .tallies.suggested)" \
	"$(sql "SELECT COUNT(*) FROM standing WHERE model IS NOT NULL")"
is "suggestions out of order, or past 1" "$(sql "SELECT COUNT(*) FROM standing
	WHERE model IS NOT NULL AND NOT (p1 >= p2 AND p2 >= p3 AND p3 >= 0 AND p1 > 0
	AND p1 + p2 + p3 <= 1.000001)")" 0
is "suggestions twice" "$(sql "SELECT COUNT(*) FROM standing WHERE category1 = category2
	OR category2 = category3 OR category1 = category3")" 0
is "labels that training added" "$(count label)" "$labels"
is "models" "$(sql "SELECT COUNT(*) FROM model WHERE state = 'live'")" 1
is "the model's checksum" \
	"$(sha256sum <"$state/models/$(sql "SELECT file FROM model")" | cut -d' ' -f1)" \
	"$(sql "SELECT sha256 FROM model")"
# Learned something: the market's titles are easy.
at_least "top-1 in percent" "$(sql "SELECT CAST(100 * json_extract(metrics, '$.top1') AS INT) FROM model")" 50

# --- datasets

# check_export FOLDER ENDING: what the manifest says of the files is so.
check_export() {
	local name sum rows file
	while IFS=$'\t' read -r name sum rows; do
		file=$1/$name
		is "$file: checksum" "$(sha256sum <"$file" | cut -d' ' -f1)" "$sum"
		case $name in
		README.md) continue ;;
		*.jsonl) is "$file: rows" "$(wc -l <"$file")" "$rows" ;;
		*.jsonl.gz) is "$file: rows" "$(zcat "$file" | wc -l)" "$rows" ;;
		esac
		is "$file: ending" "${name#*.}" "$2"
	done < <(jq -r '.files[] | "\(.name)\t\(.sha256)\t\(.rows)"' "$1/manifest.json")
	is "$1: files in the manifest" "$(jq '.files | length' "$1/manifest.json")" 4
}

for format in jsonl csv tsv fasttext; do
	for gz in '' .gz; do
		to=$work/$format$gz
		"$PIPECTL" export --format "$format" ${gz:+--gzip} --out "$to" >"$work/export.txt" ||
			die "export of $format$gz failed"
		ending=$format
		[ "$format" != fasttext ] || ending=txt
		check_export "$to" "$ending$gz"
	done
	for split in train validation test; do
		cmp -s <(zcat "$work/$format.gz/$split.$ending.gz") "$work/$format/$split.$ending" ||
			fail "$format: $split differs when it is compressed"
	done
done

cat "$work"/jsonl/{train,validation,test}.jsonl >"$work/all.jsonl"
is "rows of the dataset" "$(wc -l <"$work/all.jsonl")" "$(sql "SELECT COUNT(*) FROM listing AS l
	JOIN standing AS s ON s.listing = l.id WHERE s.label IS NOT NULL AND l.id IN
	(SELECT listing FROM current_label WHERE category IS NOT NULL) AND l.flags & $unfit = 0")"
for split in validation test; do
	at_least "$split" "$(wc -l <"$work/jsonl/$split.jsonl")" 50
done
for column in source id url title title_clean price currency image source_category category \
	label_source confidence suggestions family split flags archive title_marks updated images category_path attributes title_core; do
	jq -e "has(\"$column\")" <"$work/all.jsonl" >/dev/null || fail "no column $column"
done
is "families on two sides" "$(jq -r '"\(.family)\t\(.split)"' "$work/all.jsonl" | sort -u |
	cut -f1 | uniq -d | wc -l)" 0
at_least "families of more than one" "$(jq -r .family "$work/all.jsonl" | sort | uniq -d | wc -l)" 20
for split in train validation test; do
	is "split of the rows of $split" "$(jq -r .split "$work/jsonl/$split.jsonl" | sort -u)" "$split"
done
# The other formats have the same rows.
for format in csv tsv; do
	rows=$(sqlite3 :memory: -cmd ".mode $([ $format = csv ] && echo csv || echo tabs)" \
		-cmd ".import $work/$format/train.$format t" \
		"SELECT COUNT(*) FROM t WHERE id <> '' AND category <> ''")
	is "rows of $format" "$rows" "$(wc -l <"$work/jsonl/train.jsonl")"
done
is "lines of fasttext that are not a label and a title" \
	"$(grep -cvE '^__label__[a-z.-]+ [^ ]' "$work/fasttext/train.txt" || true)" 0
is "rows of fasttext" "$(wc -l <"$work/fasttext/train.txt")" "$(wc -l <"$work/jsonl/train.jsonl")"

"$PIPECTL" export --out "$work/again" >/dev/null || die "the second export failed"
for f in "$work"/jsonl/*; do
	cmp -s "$f" "$work/again/$(basename "$f")" || fail "exported twice, $(basename "$f") differs"
done

# --- back to the bytes

# Each page's record is unpacked once; then every row must be found in its own.
check_archive
mkdir "$work/records"
while IFS='|' read -r file offset bytes; do
	record "$file" "$offset" "$bytes" >"$work/record"
	# The body is as it came: compressed, too, after two heads.
	heads=$(LC_ALL=C grep -abom 2 $'^\r$' "$work/record" | sed -n '2s/:.*//p')
	tail -c "+$((heads + 3))" "$work/record" >"$work/body"
	gzip -dcq <"$work/body" >"$work/records/$file:$offset" 2>/dev/null ||
		[ -s "$work/records/$file:$offset" ] || cp "$work/body" "$work/records/$file:$offset"
done < <(sql "SELECT record_file, record_offset, record_bytes FROM page")
jq -r '"\(.archive)\t\(.source)\t\(.id)"' "$work/all.jsonl" | sort >"$work/archived"
cut -f1 "$work/archived" | sort -u >"$work/places"
while read -r at; do
	[ -f "$work/records/$at" ] || { fail "no record at $at"; continue; }
	grep -aoE '"pid":"[0-9]+"|data-id="m[0-9]+"' "$work/records/$at" |
		grep -oE 'm?[0-9]+' | sort -u >"$work/there"
	awk -F'\t' -v at="$at" '$1 == at { print $3 }' "$work/archived" | sort -u >"$work/claimed"
	is "rows that are not in $at" "$(comm -13 "$work/there" "$work/claimed")" ""
done <"$work/places"
at_least "segments of the archive" "$(find "$state/archive" -name '*.warc.gz' | wc -l)" 2

stop_piped
passed
