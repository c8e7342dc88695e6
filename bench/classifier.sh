#!/usr/bin/env bash
# The classifier on labeled titles: cost and quality, beside fastText where it is installed.
# Run through ./dev bench classifier.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=../shared/data/bunjang
train=
test=
bin=build/release
options=()

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench classifier [OPTION]... [-- TRAIN-OPTION...]
	Trains on one file, measures on another (title TAB category, plain or gzip) and says
	what it cost. fastText, where installed, gets the same titles in the same normal form.

	      --train FILE  (default ../shared/data/bunjang/train.tsv.gz)
	      --test FILE   (default ../shared/data/bunjang/test.tsv.gz)
	      --bin DIR     the build to run (default build/release)
	  -h, --help        this text
	TEXT
}

wrong() { echo "classifier: $*; see ./dev bench classifier --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--train) train=${2:?--train wants a file}; shift ;;
	--test) test=${2:?--test wants a file}; shift ;;
	--bin) bin=${2:?--bin wants a folder}; shift ;;
	-h | --help) usage; exit 0 ;;
	--) shift; options=("$@"); break ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
train=${train:-$data/train.tsv.gz}
test=${test:-$data/test.tsv.gz}
for f in "$train" "$test"; do
	[ -r "$f" ] || { echo "classifier: skipped: no $f" >&2; exit 77; }
done
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
value() { jq -r ".$1" <<<"$line"; }
row() { printf '%-10s %8s %8s %8s %9s %8s %10s %9s %9s\n' "$@"; }

row model top-1 top-3 macro-F1 ECE 'train s' 'peak MB' us/title 'file MB'
cost "$bin/pipeclass" train --data "$train" --model "$work/model" "${options[@]}"
train_seconds=$seconds train_megabytes=$megabytes
line=$("$bin/pipeclass" test --data "$test" --model "$work/model" | tail -1)
per_title=$("$bin/bench/classifier_bench" titles "$work/model" "$test")
row pipeclass "$(value top1)" "$(value top3)" "$(value macro_f1)" "$(value ece)" \
	"$train_seconds" "$train_megabytes" "$per_title" \
	"$(($(stat -c %s "$work/model") / 1000000))"
our_seconds=$train_seconds our_title=$per_title

command -v fasttext >/dev/null || { echo "fastText is not installed: nothing to compare with"; exit 0; }
for part in train test; do
	"$bin/bench/classifier_bench" fasttext "${!part}" >"$work/$part.txt"
done
# fastText takes rows in the order of the file, which may be sorted by category.
shuf --random-source=<(yes) -o "$work/train.txt" "$work/train.txt"
cut -d' ' -f2- "$work/test.txt" >"$work/titles.txt"
cost fasttext supervised -input "$work/train.txt" -output "$work/ft" -wordNgrams 2 -minn 1 \
	-maxn 4 -dim 64 -epoch 5 -lr 0.5 -thread 1 -verbose 0
train_seconds=$seconds train_megabytes=$megabytes
n=$(wc -l <"$work/test.txt")
for k in 1 3; do
	fasttext test "$work/ft.bin" "$work/test.txt" $k | awk '$1 ~ /^R@/ { print $2 }' >"$work/at$k"
done
# Loading half a gigabyte is no part of a title's cost: one title is timed and taken off.
head -1 "$work/titles.txt" >"$work/one.txt"
cost fasttext predict-prob "$work/ft.bin" "$work/one.txt" 3
load=$seconds
cost fasttext predict-prob "$work/ft.bin" "$work/titles.txt" 3
per_title=$(awk -v a="$seconds" -v b="$load" -v n="$n" 'BEGIN { printf "%.1f", (a - b) * 1e6 / n }')
row fastText "$(cat "$work/at1")" "$(cat "$work/at3")" - - "$train_seconds" "$train_megabytes" \
	"$per_title" "$(($(stat -c %s "$work/ft.bin") / 1000000))"
awk -v a="$train_seconds" -v b="$our_seconds" -v c="$per_title" -v d="$our_title" 'BEGIN {
	printf "fastText takes %.1f times the CPU to train and %.1f times to predict\n", a / b, c / d }'
