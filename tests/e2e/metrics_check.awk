# What Prometheus' text format 0.0.4 wants, line by line; says what is wrong, if anything.
# A family: HELP and TYPE once each, before its samples, which stand together; each series
# once; labels quoted, with no escape but \\, \" and \n; counters end in _total and are
# never negative.
function wrong(what) {
	print NR ": " what ": " $0
	bad = 1
}
# Takes the labels of `s`, {a="b",...}; the rest, or "!" when they are none.
function labels(s) {
	sub(/^\{/, "", s)
	while (s !~ /^\}/) {
		if (!match(s, /^[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\"n])*"/))
			return "!"
		s = substr(s, RLENGTH + 1)
		if (s ~ /^,[a-zA-Z_]/)
			s = substr(s, 2)
		else if (s !~ /^\}/)
			return "!"
	}
	return substr(s, 2)
}
/^# HELP / {
	family = $3
	if (family in helped)
		wrong("HELP twice")
	if (NF < 4)
		wrong("HELP without a text")
	helped[family] = 1
	next
}
/^# TYPE / {
	if ($3 != family || !(family in helped))
		wrong("TYPE that does not follow its HELP")
	if (family in type)
		wrong("TYPE twice")
	if ($4 !~ /^(counter|gauge|histogram|summary)$/ || NF != 4)
		wrong("no type")
	if (($4 == "counter") != (family ~ /_total$/))
		wrong("a counter is called _total, and only that")
	type[family] = $4
	next
}
/^#/ { next }
/^$/ { wrong("an empty line"); next }
{
	if (!match($0, /^[a-zA-Z_:][a-zA-Z0-9_:]*/)) {
		wrong("no name")
		next
	}
	name = substr($0, 1, RLENGTH)
	rest = substr($0, RLENGTH + 1)
	if (name != family || !(family in type))
		wrong("a sample that does not stand behind its TYPE")
	if (rest ~ /^\{/)
		rest = labels(rest)
	series = substr($0, 1, length($0) - length(rest))
	if (series in seen)
		wrong("a series twice")
	seen[series] = 1
	if (rest !~ /^ (-?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[-+]?[0-9]+)?|[-+]Inf|NaN)$/)
		wrong("no number, or no labels")
	else if (type[name] == "counter" && rest + 0 < 0)
		wrong("a negative counter")
	samples++
}
END {
	if (!samples)
		print "no samples"
	exit bad
}
