#include "extractor/extract_scan.h"

#include "extractor/extractor.h"

#include <string.h>

enum class { LITERAL, GAP, COMMA, COLON, OPEN, CLOSE, QUOTE };

static const unsigned char class_of[256] = {
	[' '] = GAP,  ['\t'] = GAP, ['\n'] = GAP,  ['\r'] = GAP,  [','] = COMMA, [':'] = COLON,
	['['] = OPEN, ['{'] = OPEN, [']'] = CLOSE, ['}'] = CLOSE, ['"'] = QUOTE,
};

struct scan {
	size_t depth, values;
	unsigned members[EXTRACT_DEPTH + 1];
	bool value; /* the last token ended one */
};

/* "\uD83E" at `i`; `second`: the half that stands right of a pair. */
static bool half(struct str s, size_t i, bool second)
{
	const char *p = s.p + i;

	return s.n - i >= 6 && p[0] == '\\' && p[1] == 'u' && (p[2] | 0x20) == 'd' &&
	       strchr(second ? "cdefCDEF" : "89abAB", p[3]) && p[3];
}

/* From behind the opening quote to behind the closing one. `lone` is called at
 * each first half that has no second. */
static size_t skip_string(struct str s, size_t i, void (*lone)(void *ctx, size_t at), void *ctx)
{
	while (i < s.n && s.p[i] != '"') {
		if (s.p[i] != '\\') {
			i++;
		} else if (!half(s, i, false)) {
			i += 2;
		} else if (half(s, i + 6, true)) {
			i += 12;
		} else {
			lone(ctx, i);
			i += 6;
		}
	}
	return i < s.n ? i + 1 : s.n;
}

static void note_lone(void *ctx, size_t at)
{
	bool *any = ctx;

	(void)at;
	*any = true;
}

static void repair_lone(void *ctx, size_t at)
{
	static const char replacement[6] = { '\\', 'u', 'f', 'f', 'f', 'd' };
	char *to = ctx;

	memcpy(to + at, replacement, sizeof(replacement));
}

struct str extract_scan_repair(struct str body, struct arena *a)
{
	char *to = arena_alloc(a, body.n + 1);
	struct str copy = { to, body.n };

	memcpy(to, body.p, body.n);
	for (size_t i = 0; i < copy.n;)
		i = to[i] == '"' ? skip_string(copy, i + 1, repair_lone, to) : i + 1;
	return copy;
}

static size_t skip_literal(struct str s, size_t i)
{
	while (i < s.n && class_of[(unsigned char)s.p[i]] == LITERAL)
		i++;
	return i;
}

static const char *count(struct scan *t, enum class c)
{
	switch (c) {
	case OPEN:
		if (++t->values > EXTRACT_MOST_VALUES)
			return "more arrays and objects than are read";
		if (++t->depth > EXTRACT_DEPTH)
			return "arrays and objects nest deeper than is read";
		t->members[t->depth] = 0;
		break;
	case CLOSE:
		t->depth -= t->depth > 0;
		break;
	case COLON:
		if (++t->members[t->depth] > EXTRACT_MOST_MEMBERS)
			return "an object with more members than are read";
		break;
	default:
		break;
	}
	return NULL;
}

/* A text right behind a value, without a comma: libjq 1.6 refuses it, too, but
 * never frees the text, which a site could make megabytes long. */
static bool is_stray(struct scan *t, enum class c)
{
	bool stray = c == QUOTE && t->value && t->depth;

	if (c != GAP)
		t->value = c == QUOTE || c == LITERAL || c == CLOSE;
	return stray;
}

static enum err check_start(struct str body, struct reason *why)
{
	struct str s = str_trim(body);

	if (!s.n)
		return reason_set(why, ERR_BAD, "the body is empty");
	if (s.p[0] == '<')
		return reason_set(why, ERR_BAD, "markup where JSON was expected");
	return ERR_OK;
}

enum err extract_scan_json(struct str body, bool *ret_lone, struct reason *why)
{
	struct scan t = { 0 };
	const char *bad = NULL;
	bool lone = false;
	enum class c;
	size_t from;
	enum err err = check_start(body, why);

	for (size_t i = 0; i < body.n && !err;) {
		c = class_of[(unsigned char)body.p[i]];
		if (is_stray(&t, c))
			err = reason_set(why, ERR_BAD,
					 "a text without a comma before it, at byte %zu", i);
		if (c == QUOTE) {
			i = skip_string(body, i + 1, note_lone, &lone);
			continue;
		}
		from = i;
		if (c == LITERAL) {
			i = skip_literal(body, i);
			bad = i - from > EXTRACT_MOST_LITERAL ? "a number longer than is read"
							      : NULL;
		} else {
			bad = count(&t, c);
			i++;
		}
		if (bad)
			err = reason_set(why, ERR_TOO_BIG, "%s, at byte %zu", bad, from);
	}
	*ret_lone = lone;
	return err;
}
