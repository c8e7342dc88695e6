#!/usr/bin/env bash
# The classifier on labeled titles: cost and quality, beside fastText and scikit-learn where they
# are installed. Run through ./dev bench classifier.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sets=()
train=
test=
bin=build/release
options=()
memory=

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench classifier [OPTION]... [-- TRAIN-OPTION...]
	Trains on one part of a set, measures on the other and says what it cost. fastText and
	scikit-learn (Debian: fasttext, python3-sklearn), where installed, get the same titles
	in the same normal form and in the same run. CPU seconds, user and system.

	      --set NAME    bunjang, joripje, pricerunner or thousand (1,000 classes, without the
	                    other programs), all of ../shared/data; may be given again (default:
	                    all four, with the same settings)
	      --memory      instead: what training takes at 200,000, a million and four million rows
	                    (two epochs each, some minutes, 2 GB of disk)
	      --train FILE  title TAB category, plain or gzip; with --test instead of --set
	      --test FILE
	      --bin DIR     the build to run (default build/release)
	  -h, --help        this text
	TEXT
}

wrong() { echo "classifier: $*; see ./dev bench classifier --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--memory) memory=1 ;;
	--set) sets+=("${2:?--set wants a name}"); shift ;;
	--train) train=${2:?--train wants a file}; shift ;;
	--test) test=${2:?--test wants a file}; shift ;;
	--bin) bin=${2:?--bin wants a folder}; shift ;;
	-h | --help) usage; exit 0 ;;
	--) shift; options=("$@"); break ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
[ -z "$train$test" ] || { [ -n "$train" ] && [ -n "$test" ]; } || wrong "--train and --test go together"
[ ${#sets[@]} -gt 0 ] || sets=(bunjang joripje pricerunner thousand)
cmake --build "$bin" --target pipeclass classifier_bench bench_cost >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# User and system seconds, and peak memory in MB, of a command; its output in $work/out.
cost() {
	"$bin/bench/bench_cost" "$work/cost" "$@" 2>"$work/err" >"$work/out" || {
		cat "$work/err" >&2
		exit 1
	}
	read -r seconds _ megabytes <"$work/cost"
}
row() { printf '%-13s %7s %7s %8s %7s %8s %8s %9s %8s\n' "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }
megabytes_of() { echo "$(($(stat -c %s "$1") / 1000000))"; }

ours() {
	local line
	cost "$bin/pipeclass" train --data "$work/train.tsv" --model "$work/model" "${options[@]}"
	our_train=$seconds
	local train_megabytes=$megabytes
	line=$("$bin/pipeclass" test --data "$work/test.tsv" --model "$work/model" | tail -1)
	our_title=$("$bin/bench/classifier_bench" titles "$work/model" "$work/test.tsv")
	row pipeclass "$(jq -r .top1 <<<"$line")" "$(jq -r .top3 <<<"$line")" \
		"$(jq -r .macro_f1 <<<"$line")" "$(jq -r .ece <<<"$line")" "$our_train" \
		"$train_megabytes" "$our_title" "$(megabytes_of "$work/model")"
}

# fastText takes rows in the order of the file, which may be sorted by category. Loading its
# model is no part of a title's cost: one title is timed and taken off.
fasttext_row() {
	local k n train_seconds train_megabytes load per_title
	cost fasttext supervised -input "$work/train.txt" -output "$work/ft" -wordNgrams 2 -minn 1 \
		-maxn 4 -dim 64 -epoch 5 -lr 0.5 -thread 1 -verbose 0
	train_seconds=$seconds train_megabytes=$megabytes
	n=$(wc -l <"$work/test.txt")
	for k in 1 3; do
		fasttext test "$work/ft.bin" "$work/test.txt" $k | awk '$1 ~ /^R@/ { print $2 }' >"$work/at$k"
	done
	head -1 "$work/titles.txt" >"$work/one.txt"
	cost fasttext predict-prob "$work/ft.bin" "$work/one.txt" 3
	load=$seconds
	cost fasttext predict-prob "$work/ft.bin" "$work/titles.txt" 3
	per_title=$(awk -v a="$seconds" -v b="$load" -v n="$n" 'BEGIN { printf "%.1f", (a - b) * 1e6 / n }')
	row fastText "$(cat "$work/at1")" "$(cat "$work/at3")" - - "$train_seconds" "$train_megabytes" \
		"$per_title" "$(megabytes_of "$work/ft.bin")"
	echo "              pipeclass is $(ratio "$train_seconds" "$our_train") times as cheap to train, $(ratio "$per_title" "$our_title") times to ask"
}

sklearn_row() {
	local top1 top3 macro train_seconds peak per_title
	PATH=/usr/bin:$PATH python3 bench/classifier_peer.py "$work/train.txt" "$work/test.txt" >"$work/out"
	read -r top1 top3 macro train_seconds peak per_title <"$work/out"
	row scikit-learn "$top1" "$top3" "$macro" - "$train_seconds" "$peak" "$per_title" -
	echo "              pipeclass is $(ratio "$train_seconds" "$our_train") times as cheap to train, $(ratio "$per_title" "$our_title") times to ask"
}

# Once more with more rows: memory must not follow them.
grow() {
	local n
	for n in 200000 1000000 4000000; do
		python3 bench/classifier_data.py "grown-$n" "$work" || exit 77
		cost "$bin/pipeclass" train --data "$work/train.tsv" --model "$work/model" -e 2 -r 0.006
		printf '%8d rows: %4d MB at most, %s CPU s\n' "$n" "$megabytes" "$seconds"
	done
}

measure() {
	row "$1" top-1 top-3 macro-F1 ECE 'train s' 'peak MB' us/title 'file MB'
	ours
	echo "              ready in $("$bin/bench/classifier_bench" open "$work/model") ms"
	if [ "$1" = thousand ]; then
		"$bin/bench/classifier_bench" stages "$work/model" "$work/test.tsv"
		echo
		return
	fi
	for part in train test; do
		"$bin/bench/classifier_bench" fasttext "$work/$part.tsv" >"$work/$part.txt"
	done
	shuf --random-source=<(yes) -o "$work/train.txt" "$work/train.txt"
	cut -d' ' -f2- "$work/test.txt" >"$work/titles.txt"
	if command -v fasttext >/dev/null; then fasttext_row; else echo "fasttext is not installed"; fi
	if PATH=/usr/bin:$PATH python3 -c 'import sklearn' 2>/dev/null; then
		sklearn_row
	else
		echo "python3-sklearn is not installed"
	fi
	"$bin/bench/classifier_bench" stages "$work/model" "$work/test.tsv"
	echo
}

if [ -n "$train" ]; then
	for part in train test; do
		[ -r "${!part}" ] || { echo "classifier: no ${!part}" >&2; exit 2; }
		gzip -dcf "${!part}" >"$work/$part.tsv"
	done
	measure "${test##*/}"
	exit 0
fi
[ -z "$memory" ] || { grow; exit 0; }
for set in "${sets[@]}"; do
	python3 bench/classifier_data.py "$set" "$work" || { echo "classifier: skipped" >&2; exit 77; }
	measure "$set"
done
