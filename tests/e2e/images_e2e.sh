#!/usr/bin/env bash
# Listings' images: each content once on disk, linked to its listings, fetched after
# the pages; nothing is lost with kill -9; what nothing refers to is collected.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
echo 'images: { hosts: [media.bunjang.co.kr], fill: { res: 360 }, rate: 1000/s, concurrency: 4 }' \
	>>"$work/bunjang.yaml"
{
	cat "$root/etc/sources/market-html.yaml"
	echo 'images: {}'
} >"$work/market-html.yaml"
sources+=("$work/market-html.yaml")
market=(--count 300 --html-count 40 --seed 5)
start_market "${market[@]}" --fault "404:path=/product/,every=40,first=3"
write_config "$fast_hosts" "train-min-rows: 5"
sed -i "s/^connect-to: \[/&'media.bunjang.co.kr:443:127.0.0.1:$port', /" "$work/piped.yaml"

# --- killed in the middle

launch_piped
some_images() { [ "$(count image)" -ge 20 ]; }
wait_until 40 "some images" some_images
kill_piped
# What is committed, as the market's log writes it; the rest was under way.
sql "SELECT substr(url, 9) FROM job WHERE state IN ('done', 'gone')" | LC_ALL=C sort -u >"$work/known"
asked=$(wc -l <"$work/requests")
start_piped
wait_idle

all_files() { (cd "$state/images" && find . -type f | sed 's|^\./||' | LC_ALL=C sort); }
check_files() {
	all_files >"$work/files"
	sql "SELECT file FROM image ORDER BY file" >"$work/rows"
	is "rows without a file" "$(LC_ALL=C comm -13 "$work/files" "$work/rows")" ""
	is "files that are not what they are named" "$(cd "$state/images" && find . -type f -exec sha256sum {} + |
		awk '{ n = $2; sub(".*/", "", n); sub("[.].*", "", n); if (n != $1) print $2 }')" ""
	is "images in the tally" "$(status_of .tallies.images)" "$(count image)"
	is "bytes in the tally" "$(status_of '.tallies["image-bytes"]')" "$(sql "SELECT SUM(bytes) FROM image")"
}
check_files
shown="listing LEFT JOIN listing_image AS l ON l.listing = listing.id LEFT JOIN job ON job.id = l.job"
at_least "listings with an image" "$(sql "SELECT COUNT(*) FROM listing WHERE image <> ''")" 300
is "listings without a job for it" "$(sql "SELECT COUNT(*) FROM $shown WHERE image <> '' AND job.id IS NULL")" 0
# Answers that the kill took were some of the 404s, perhaps, or all.
gone=$(sql "SELECT COUNT(*) FROM job WHERE page_kind = '@image' AND state = 'gone'")
at_most "images that are gone" "$gone" 3
is "other image jobs that are not done" "$(sql "SELECT COUNT(*) FROM job WHERE page_kind = '@image'
	AND state NOT IN ('done', 'gone')")" 0
is "done without a content" "$(sql "SELECT COUNT(*) FROM job LEFT JOIN image_job AS i ON i.job = job.id
	WHERE page_kind = '@image' AND state = 'done' AND i.job IS NULL")" 0
is "waiting" "$(status_of '.tallies["images-waiting"]')" 0
# Both sides of the market show the same picture of the same thing.
both=$(sql "SELECT COUNT(DISTINCT image_job.image) FROM image_job JOIN job ON job.id = image_job.job")
is "contents" "$(count image)" "$both"
at_least "addresses with a content that another has" "$(($(count image_job) - $(count image)))" 10
is "sizes" "$(sql "SELECT DISTINCT type || ' ' || width || 'x' || height FROM image")" "image/png 64x64"
# An address is asked again only where the kill took its answer: never what was committed.
images_of() { cut -f 2,3 "$@" | tr -d '\t' | grep -E '/(product|image)/' | LC_ALL=C sort -u; }
images_of "$work/requests" >"$work/asked"
at_least "addresses asked" "$(wc -l <"$work/asked")" 300
tail -n +$((asked + 1)) "$work/requests" | images_of >"$work/life"
is "asked again, and committed before" "$(LC_ALL=C comm -12 "$work/known" "$work/life" | head -n 4)" ""
is "templates that were asked as they are" "$(grep -c 'res}' "$work/asked")" 0
is "pages for images" "$(sql "SELECT COUNT(*) FROM page WHERE page_kind = '@image'")" 0

id=$(sql "SELECT listing FROM listing_image JOIN image_job ON image_job.job = listing_image.job LIMIT 1")
has "trace" "$("$PIPECTL" trace listing "$id")" "64 x 64"
is "path of a listing's image" "$("$PIPECTL" trace listing "$id" --json | jq -r .image_file.path | xargs -d '\n' test -s && echo there)" there
"$PIPECTL" export --out "$work/dataset" >/dev/null || fail "export"
cat "$work"/dataset/{train,validation,test}.jsonl | jq -r 'select(.image_file) | .image_sha256 + "  " + .image_file' >"$work/pictures"
at_least "rows with a picture" "$(wc -l <"$work/pictures")" 200
(cd "$state/images" && sha256sum --quiet -c "$work/pictures") || fail "pictures of the dataset are not there"
# As an image folder, which others read; links in place of copies; and not into files that are there.
"$PIPECTL" export --format imagefolder --out "$work/folder" >"$work/out" 2>"$work/err" || fail "an image folder: $(err)"
at_least "pictures of the folder" "$(find "$work/folder" -type f -name '*.png' | wc -l)" 100
if type -p python3 >/dev/null; then
	python3 "$here/dataset_check.py" "$work/folder" >"$work/out" || fail "an image folder: $(out)"
fi
exits "a folder with pictures" 1 "$PIPECTL" export --format imagefolder --out "$work/folder"
exits "links" 0 "$PIPECTL" export --format imagefolder --out "$work/links" --pictures link
is "links" "$(find "$work/links" -type l -name '*.png' | wc -l)" "$(find "$work/folder" -type f -name '*.png' | wc -l)"
is "links that lead nowhere" "$(find "$work/links" -xtype l)" ""
exits "pictures of rows" 2 "$PIPECTL" export --out "$work/links" --pictures link
has "pipectl images" "$("$PIPECTL" images)" "kept"
has "pipectl status" "$("$PIPECTL" status)" "Images"

# --- collected, and fetched again when the file is lost

lost=$(all_files | sed -n 1p)
rm "$state/images/$lost"
mkdir -p "$state/images/ab"
touch "$state/images/ab/ab00.jpg"
# Files of the last hour may be about to get their row.
find "$state/images" -type f -exec touch -d '2 hours ago' {} +
before=$(count image)
exits "collect" 0 "$PIPECTL" images --collect
wait_until 30 "a file of nobody's to go" test ! -e "$state/images/ab/ab00.jpg"
wait_idle
test -s "$state/images/$lost" || fail "a lost file was not fetched again"
is "images" "$(count image)" "$before"
check_files
same "files and rows" "$work/files" "$work/rows"
stop_piped

# --- what one configuration refused, another one has

rm -r "$state"
sed -i 's/hosts: \[media.bunjang.co.kr\], //' "$work/bunjang.yaml"
crawl_all
foreign="job WHERE page_kind = '@image' AND state = 'refused' AND reason LIKE '%name it in images: hosts'"
at_least "images of a host that is not named" "$(count "$foreign")" 250
sed -i 's/images: { /&hosts: [media.bunjang.co.kr], /' "$work/bunjang.yaml"
exits "reload" 0 "$PIPECTL" reload
none_foreign() { [ "$(count "$foreign")" -eq 0 ]; }
wait_until 20 "refused images to be due" none_foreign
wait_idle
check_files
at_least "images" "$(count image)" 250
stop_piped
passed
