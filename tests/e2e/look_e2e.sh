#!/usr/bin/env bash
# What pictures look like: a thing that is offered again, with the picture uploaded anew and other
# words, is of one family; a stock picture of other things joins nothing; stored pictures are
# looked at later, from where a death left off; a person has the last word.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

small_pages
echo 'images: { hosts: [media.bunjang.co.kr], fill: { res: 360 }, rate: 1000/s, concurrency: 1 }' \
	>>"$work/bunjang.yaml"
row() { printf '%s\t%s\t310090\t여성의류 > 자켓\t%s\t0\t\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5"; }
picture() { echo "https://media.bunjang.co.kr/product/$1_$2_1700000000_w{res}.jpg"; }
{
	printf 'pid\ttitle\tcategory_id\tcategory_path\tprice_krw\tstatus\tbrand_query\tfirst_seen_unix\timage\n'
	row 1001 '푸른달 울 가디건 회색' 45000 1700000100 "$(picture 501 1)"
	# the same thing, offered again: newer ones are listed, and so stored, first
	row 1002 '푸른달 울 가디건 겨울용' 45000 1700000200 "$(picture 501 2)"
	# another thing with the same picture; another price
	row 1003 '새벽 구두 상자 있음' 45000 1700000300 "$(picture 501 3)"
	row 1004 '푸른달 가디건 울 정품' 145000 1700000400 "$(picture 501 4)"
	# another picture
	row 1005 '울 가디건 푸른달 한번 입음' 45000 1700000500 "$(picture 502 1)"
	# what many different things show is no picture of one of them
	row 1101 '바다빛 스니커즈 흰끈' 45000 1700000600 "$(picture 503 1)"
	row 1102 '바다빛 스니커즈 끈없음' 45000 1700000700 "$(picture 503 2)"
	n=0
	for what in 의자책상 시계상자 냄비뚜껑 우산꽂이 화분받침 기타가방 텐트팩 모자걸이 이불솜 연필깎이 전등갓; do
		n=$((n + 1))
		row $((1200 + n)) "$what 팝니다" $((n * 1000)) $((1700001000 + n)) "$(picture 503 $((n % 7 + 3)))"
	done
} >"$work/listings.tsv"
start_market --listings "$work/listings.tsv"
write_config "$fast_hosts"
sed -i "s/^connect-to: \[/&'media.bunjang.co.kr:443:127.0.0.1:$port', /" "$work/piped.yaml"
crawl_all
all_looked() { [ "$(count image)" -gt 0 ] && [ "$(count image)" -eq "$(count image_look)" ]; }
looked() { wait_until 30 "pictures to be looked at" all_looked; }
looked
family() { sql "SELECT family FROM listing WHERE ext_id = '$1'"; }
size() { sql "SELECT COUNT(*) FROM listing WHERE family = $(family "$1")"; }

is "listings" "$(count listing)" 18
is "images" "$(count image)" 14
is "of which none looks like nothing" "$(count "image_look WHERE reason <> '' OR quality < 50")" 0
joins() {
	is "the thing and its repost" "$(family 1001)" "$(family 1002)"
	is "their family" "$(size 1001)" 2
	for other in 1003 1004 1005 1101 1102 1201; do
		is "alone: $other" "$(size "$other")" 1
	done
	check_database quick
}
joins
exits "family show" 0 "$PIPECTL" family show bunjang/1001
has "family show" "$(out)" "picture"
has "family show" "$(out)" "bits of 256"
has "pipectl images" "$("$PIPECTL" images)" "kept"
stop_piped

# --- stored by a version that did not look: looked at by and by

sqlite3 "$db" "UPDATE listing SET family = (SELECT id FROM family_title) WHERE ext_id = '1001';
	DELETE FROM image_look; DELETE FROM family_title; DELETE FROM family;
	UPDATE tally SET value = 0 WHERE name = 'duplicates'"
lost=$(sql "SELECT file FROM image JOIN image_job ON image = image.id JOIN job ON job.id = job
	WHERE url LIKE '%/502_1_%'")
rm "$state/images/$lost"
start_piped
most_looked() { [ "$(count image_look)" -eq 13 ] && status_is '.images.unseen' 0; }
wait_until 30 "stored pictures to be looked at" most_looked
has "a lost file" "$(cat "$work/piped.log")" "$lost"
joins

# --- a person has the last word

exits "split" 0 "$PIPECTL" family split bunjang/1001
is "the thing alone" "$(size 1001)" 1
kill_piped
sqlite3 "$db" "DELETE FROM image_look"
start_piped
wait_until 30 "pictures to be looked at again" most_looked
is "the thing, still alone" "$(size 1001)" 1
check_database
stop_piped
passed
