# Shared by the measurements that start programs. A folder for files is $work; programs whose
# ids are in `started` are ended with the script, the last first.
# shellcheck shell=bash
bench=$(basename "$0" .sh)
work='' started=()

fail() { echo "$bench: $*" >&2; exit 1; }
wrong() { echo "$bench: $*; see ./dev bench $bench --help" >&2; exit 2; }

# wants_numbers VALUE...
wants_numbers() {
	local n
	for n; do
		[[ $n =~ ^[1-9][0-9]*$ ]] || wrong "a number is wanted, not '$n'"
	done
}

begin_work() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/piped-bench.XXXXXX")
	trap end_work EXIT
	trap 'exit 130' INT TERM
}

end_work() {
	local i
	for ((i = ${#started[@]} - 1; i >= 0; i--)); do
		kill "${started[i]}" 2>/dev/null || continue
		wait "${started[i]}" || true
	done
	rm -rf "$work"
}

# wait_for WHAT COMMAND...: a minute at most; $work/log says why it does not come.
wait_for() {
	local what=$1 i
	shift
	for ((i = 0; i < 600; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	[ ! -s "$work/log" ] || tail -5 "$work/log" >&2
	fail "$what does not come"
}
