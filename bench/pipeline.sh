#!/usr/bin/env bash
# The main job: crawl, train, suggest; listings per second, CPU by stage, memory.
# Run through ./dev bench pipeline, which builds what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
listings=
count=
runs=1
bin=build/release

usage() {
	cat <<-'TEXT'
	Usage: ./dev bench pipeline [OPTION]...
	Runs the demo's main job in a temporary folder and says what it cost. With several
	runs the table is of the one that used least CPU: the others were disturbed.

	      --listings FILE  serve these listings (default: ../shared/data/bunjang/listings.tsv.gz
	                       where it is, else generated ones)
	      --count N        generate N listings instead (20000)
	      --runs N         repeat (1)
	      --bin DIR        the build to run (default build/release)
	  -h, --help           this text
	TEXT
}

fail() { echo "pipeline: $*" >&2; exit 1; }
wrong() { echo "pipeline: $*; see ./dev bench pipeline --help" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--listings) listings=${2:?--listings wants a file}; shift ;;
	--count) count=${2:?--count wants a number}; shift ;;
	--runs) runs=${2:?--runs wants a number}; shift ;;
	--bin) bin=${2:?--bin wants a folder}; shift ;;
	-h | --help) usage; exit 0 ;;
	*) wrong "unknown option $1" ;;
	esac
	shift
done
[[ $runs =~ ^[1-9][0-9]*$ ]] || wrong "--runs wants a number, not '$runs'"
[[ $count =~ ^([1-9][0-9]*)?$ ]] || wrong "--count wants a number, not '$count'"
[ -z "$listings" ] || [ -z "$count" ] || wrong "--listings or --count, not both"

real=../shared/data/bunjang/listings.tsv.gz
if [ -z "$listings$count" ]; then
	if [ -r "$real" ]; then
		listings=$real
	else
		count=20000
	fi
fi
if [ -n "$listings" ]; then
	input=(--listings "$listings")
	echo "input: the listings of $listings"
else
	input=(--count "$count")
	echo "input: $count generated listings (no $real, or --count was given)"
fi

temp=$(mktemp -d)
job=
end() {
	[ -z "$job" ] || { kill "$job" 2>/dev/null && wait "$job"; } || true
	rm -rf "$temp"
}
trap end EXIT
trap 'exit 130' INT TERM

# One figure for the whole job: the status at the end of each step, and sizes.
run() {
	local state=$temp/state
	rm -rf "$state"
	scripts/demo.sh --bin "$bin" --state "$state" "${input[@]}" >"$temp/log" 2>&1 &
	job=$!
	wait "$job" || { tail -20 "$temp/log" >&2; fail "the job failed"; }
	job=
	jq -n -f bench/pipeline.jq \
		--slurpfile crawl "$state/status-crawl.json" \
		--slurpfile train "$state/status-train.json" \
		--slurpfile suggest "$state/status-suggest.json" \
		--slurpfile export "$state/status-export.json" \
		--argjson archive "$(cat "$state"/archive/* | wc -c)" \
		--arg input "${listings:-generated}"
}

for ((i = 1; i <= runs; i++)); do
	run >"$temp/run-$i.json"
	jq -r '"run '"$i of $runs"': \(.per_cpu_s) listings per CPU second, \(.per_wall_s) per second"' \
		"$temp/run-$i.json"
done
jq -s 'max_by(.per_cpu_s) + { all_runs_per_cpu_s: map(.per_cpu_s) }' "$temp"/run-*.json \
	>"$temp/best.json"

jq -r '
def pad($n): tostring | (" " * ([$n - length, 0] | max)) + .;
def row($name; $value; $note): "  " + $name + (" " * (38 - ($name | length))) + ($value | pad(10)) +
	(if $note == "" then "" else "  " + $note end);
def met($yes; $text): "target " + $text + (if $yes then ": met" else ": MISSED" end);
"",
row("listings"; .listings; "on \(.pages) pages"),
row("a second, first request to suggested"; .per_wall_s; "training left out"),
row("a CPU second, bytes to suggested"; .per_cpu_s; met(.per_cpu_s >= 10000; ">= 10000")),
row("  the same with the loop (requests)"; .per_cpu_s_with_loop; ""),
row("  the same with all of the process"; .per_cpu_s_process; "training and export left out"),
row("peak memory, MiB"; .memory_peak_mib; met(.memory_peak_mib < 286; "< 300 MB")),
row("database bytes a listing"; .database_bytes_each; ""),
row("archive bytes a listing"; .archive_bytes_each; ""),
"",
"  CPU ms per 1000 listings",
(.stages[] | row("    " + .name; .ms_per_1000; .doc)),
"",
"  beside, CPU seconds",
(.beside[] | row("    " + .name; .cpu_s; .doc)),
""' "$temp/best.json"
jq -c . "$temp/best.json"
