#include "extractor/extract_relation.h"

#include <string.h>

#define EXPR(elements, from, to, rel)                                                              \
	{                                                                                          \
		elements "[@href][contains(concat(' ', normalize-space(translate(@rel, '" from     \
			 "', '" to "')), ' '), ' " rel " ')]/@href",                               \
			sizeof(elements "[@href][contains(concat(' ', normalize-space(translate("  \
					"@rel, '" from "', '" to "')), ' '), ' " rel               \
					" ')]/@href") -                                            \
				1                                                                  \
	}

const struct conf_sel extract_relation_next = {
	.kind = SEL_XPATH, .expr = EXPR("//*[self::link or self::a]", "NEXT", "next", "next")
};
const struct conf_sel extract_relation_canonical = {
	.kind = SEL_XPATH, .expr = EXPR("//link", "CANOIL", "canoil", "canonical")
};

/* What is left of a Link header. */
struct reading {
	struct str rest;
};

static void skip(struct reading *r, const char *what)
{
	while (r->rest.n && strchr(what, r->rest.p[0]) && r->rest.p[0])
		r->rest = str_sub(r->rest, 1, r->rest.n);
}

/* Up to one of the marks. */
static struct str until(struct reading *r, const char *marks)
{
	size_t n = 0;
	struct str s;

	while (n < r->rest.n && !(r->rest.p[n] && strchr(marks, r->rest.p[n])))
		n++;
	s = str_sub(r->rest, 0, n);
	r->rest = str_sub(r->rest, n, r->rest.n);
	return s;
}

/* A quoted string without its quotes; escapes stay, as no relation has any. */
static struct str quoted(struct reading *r)
{
	size_t n = 1;
	struct str s;

	while (n < r->rest.n && r->rest.p[n] != '"')
		n += r->rest.p[n] == '\\' ? 2 : 1;
	s = str_sub(r->rest, 1, n - 1);
	r->rest = str_sub(r->rest, n + 1, r->rest.n);
	return s;
}

static bool among(struct str rels, struct str rel)
{
	struct str each;

	while (str_next(&rels, ' ', &each))
		if (str_eq_nocase(each, rel))
			return true;
	return false;
}

/* The parameters of a link: whether it is of the relation. Only the first `rel` counts
 * (RFC 8288 3.3). */
static bool is_of(struct reading *r, struct str rel)
{
	bool found = false, known = false, elsewhere = false;
	struct str name, value;

	for (skip(r, " \t"); r->rest.n && r->rest.p[0] == ';'; skip(r, " \t")) {
		skip(r, "; \t");
		name = str_trim(until(r, "=;,"));
		value = STR("");
		if (r->rest.n && r->rest.p[0] == '=') {
			skip(r, "= \t");
			value = r->rest.n && r->rest.p[0] == '"' ? quoted(r) : until(r, ";, \t");
		}
		if (!known && str_eq_nocase(name, STR("rel"))) {
			known = true;
			found = among(value, rel);
		}
		elsewhere |= str_eq_nocase(name, STR("anchor"));
	}
	return found && !elsewhere;
}

static struct str find(struct str value, struct str rel)
{
	struct reading r = { value };
	struct str target;

	for (skip(&r, ", \t"); r.rest.n && r.rest.p[0] == '<'; skip(&r, ", \t")) {
		r.rest = str_sub(r.rest, 1, r.rest.n);
		target = str_trim(until(&r, ">"));
		r.rest = str_sub(r.rest, 1, r.rest.n);
		if (is_of(&r, rel) && target.n)
			return target;
	}
	return (struct str){ 0 };
}

struct str extract_relation_header(struct str head, struct str rel)
{
	const struct str name = STR("link:");
	struct str line, found;

	while (str_next(&head, '\n', &line)) {
		if (!str_eq_nocase(str_sub(line, 0, name.n), name))
			continue;
		found = find(str_trim(str_sub(line, name.n, line.n)), rel);
		if (found.n)
			return found;
	}
	return (struct str){ 0 };
}
