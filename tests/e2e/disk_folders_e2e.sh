#!/usr/bin/env bash
# archive-dir alone is full, then image-dir alone: what waits says why, nothing is lost
# or doubled, kill -9 included, hardly anything is asked meanwhile; with room again all
# is fetched. Each on a small file system of its own, so for root only.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

archive=$work/archive images=$work/images
mounted=()
clean_up() { for at in "${mounted[@]}"; do umount "$at"; done; }
# small FOLDER SIZE
small() {
	mkdir "$1"
	if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o "size=$2" piped-e2e "$1" 2>/dev/null; then
		skip "no file system may be mounted here"
	fi
	mounted+=("$1")
}
small "$archive" 96k
small "$images" 60k

market=(--count 500 --html-count 0 --seed 9)
small_pages
echo 'images: { hosts: [media.bunjang.co.kr], fill: { res: 360 }, rate: 1000/s, concurrency: 4 }' \
	>>"$work/bunjang.yaml"
"$MARKET" "${market[@]}" --dump "$work/truth.tsv" >/dev/null
start_market "${market[@]}"

write_config "$fast_hosts" "retries: 2" "backoff-first: 20ms" "backoff-max: 100ms" "segment-size: 64KiB" \
	"archive-dir: $archive" "image-dir: $images"
sed -i "s/^connect-to: \[/&'media.bunjang.co.kr:443:127.0.0.1:$port', /" "$work/piped.yaml"

ticks() { awk '{ print $14 + $15 }' "/proc/$piped_pid/stat"; }
held() { status_is '.crawl.held != null' true; }
held_for() { status_of .crawl.held | grep -q "$1"; }

# Requests that came to nothing: what another has the room for may still be stored.
in_vain() { echo $(($(wc -l <"$work/requests") - $(count "job WHERE state = 'done'"))); }

# full WHAT FOLDER: it waits for that, says so, and rests.
full() {
	local used asked
	wait_until 60 "$1 full" held_for "$2"
	has "$1: status" "$("$PIPECTL" status)" "fetching waits: "
	has "$1: status" "$("$PIPECTL" status)" "No space left on device"
	is "$1: idle" "$(status_of .idle)" false
	kill_piped
	start_piped
	wait_until 60 "$1 full after kill -9" held_for "$2"
	used=$(ticks) asked=$(in_vain)
	sleep 3
	at_most "$1: ticks of the processor in 3 s" $(($(ticks) - used)) 90
	at_most "$1: requests in vain in 3 s" $(($(in_vain) - asked)) 8
	lives || die "piped ended"
}

# --- the archive

start_piped
full "archive" "$archive"
before=$(count listing)
at_least "listings before it was full" "$before" 1
at_most "listings before it was full" "$before" 480
is "jobs that failed" "$(count "job WHERE state = 'failed'")" 0
mount -o remount,size=64m "$archive"

# --- the images

full "images" "$images"
is "jobs that failed" "$(count "job WHERE state = 'failed'")" 0
kept=$(count image)
at_least "images before it was full" "$kept" 1
mount -o remount,size=64m "$images"
let_go() { status_is .crawl.held null; }
wait_until 90 "going on" let_go
wait_idle 90

is "listings" "$(count listing)" 500
is "jobs that are not done" "$(sql "SELECT state, reason FROM job WHERE state <> 'done' LIMIT 3")" ""
at_least "images" "$(count image)" $((kept + 100))
is "files" "$(find "$images" -type f | wc -l)" "$(count image)"
is "files that are not what they are named" "$(find "$images" -type f -exec sha256sum {} + |
	awk '{ n = $2; sub(".*/", "", n); sub("[.].*", "", n); if (n != $1) print $2 }')" ""
tail -n +2 "$work/truth.tsv" | cut -f 1,2,5 | LC_ALL=C sort >"$work/wanted"
sql -tabs "SELECT ext_id, title, price FROM listing" | LC_ALL=C sort >"$work/stored"
same "listings" "$work/stored" "$work/wanted"
check_database
exits "verify" 0 "$PIPECTL" archive verify

# --- nearly full is enough, and which it is is told

mount -o remount,size=8m "$images"
sed -i 's/^min-free:.*/min-free: 16MiB/' "$work/piped.yaml"
exits "reload" 0 "$PIPECTL" reload
wait_until 20 "holding" held
has "status" "$("$PIPECTL" status)" "disk nearly full"
has "status" "$("$PIPECTL" status)" "$images"
sed -i '/^images:/d' "$work/bunjang.yaml"
exits "reload without images" 0 "$PIPECTL" reload
wait_until 20 "going on" let_go
stop_piped
passed
