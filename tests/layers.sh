#!/usr/bin/env bash
# Holds every #include against layers.txt, which says who may see whom.
# Usage: layers.sh ROOT. Also checks that the table has no cycle and that file
# names are unique in the tree.
set -u
cd "${1:-.}" || exit 2

folders=$(sed -n 's/^\([a-z]*\):.*/\1/p' layers.txt)
files=()
for folder in $folders; do
	for file in "$folder"/*.[ch]; do
		[ -e "$file" ] && files+=("$file")
	done
done
status=0

awk -v table=layers.txt '
function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
function fail(what) { print what; bad++ }
# Third-party headers that no folder owns: libc, the compiler, POSIX.
function is_libc(h) {
	return h ~ /^(sys|netinet|arpa|linux)\// ||
		h ~ /^(assert|ctype|dirent|endian|errno|fcntl|fnmatch|ftw|getopt|glob|iconv|immintrin|inttypes|limits|locale|malloc|math|netdb|poll|pthread|pwd|regex|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|syslog|termios|time|unistd|wchar|wctype)\.h$/
}
BEGIN {
	while ((getline line < table) > 0) {
		sub(/#.*/, "", line)
		if (trim(line) == "" || line !~ /:/)
			continue
		name = trim(substr(line, 1, index(line, ":") - 1))
		rest = substr(line, index(line, ":") + 1)
		split(rest, halves, "|")
		order[++n] = name
		known[name] = 1
		m = split(trim(halves[1]), parts, /[ \t]+/)
		for (i = 1; i <= m; i++) {
			if (parts[i] != "" && !(parts[i] in known))
				fail(table ": " name " names " parts[i] ", which is not above it: a cycle?")
			may[name, parts[i]] = 1
		}
		m = split(trim(halves[2]), parts, /[ \t]+/)
		for (i = 1; i <= m; i++)
			if (parts[i] != "")
				third[name, parts[i]] = 1
	}
	if (n < 10)
		fail(table ": only " n " folders; is it whole?")
}
function third_ok(folder, h,   k, at) {
	for (k in third) {
		split(k, at, SUBSEP)
		if (at[1] != folder)
			continue
		if (at[2] == h || (at[2] ~ /\/$/ && index(h, at[2]) == 1))
			return 1
	}
	return 0
}
/^[ \t]*#[ \t]*include/ {
	checked++
	folder = FILENAME
	sub(/\/.*/, "", folder)
	if (!match($0, /[<"][^>"]+[>"]/))
		next
	h = substr($0, RSTART + 1, RLENGTH - 2)
	quoted = substr($0, RSTART, 1) == "\""
	where = FILENAME ":" FNR ": "
	if (quoted) {
		to = h
		sub(/\/.*/, "", to)
		if (to != folder && !((folder, to) in may))
			fail(where folder " may not include " h)
		else if (!(to in known))
			fail(where h " is in no folder of " table)
	} else if (!is_libc(h) && !third_ok(folder, h))
		fail(where folder " may not include <" h ">")
}
END {
	print checked + 0 " includes checked"
	if (checked < 20)
		fail("too few includes were found: is this the root?")
	exit bad ? 1 : 0
}' "${files[@]}" || status=1

twice=$(printf '%s\n' "${files[@]}" | sed 's|.*/||' | sort | uniq -d)
if [ -n "$twice" ]; then
	echo "file names that stand twice in the tree: ${twice//$'\n'/ }"
	status=1
fi
exit $status
