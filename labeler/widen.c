#include "labeler/widen.h"

#include "base/buf.h"

#include <string.h>

#define BEYOND "\\x{80}-\\x{10ffff}"
#define ANY "[\\x00-\\x{10ffff}]"
#define EDGE "\\x20"
/* Greater counts say "some": a title is short. */
#define COUNT_MOST 3

/* What an escape for a kind of character is: within ASCII, and whether it has others. */
struct kind {
	char letter;
	const char *ascii; /* as a class says it; NULL: any character */
};

static const struct kind kinds[] = {
	{ 'd', "0-9" },	       { 'w', "0-9A-Za-z_" },  { 's', "\\x09-\\x0d\\x20" },
	{ 'h', "\\x09\\x20" }, { 'v', "\\x0a-\\x0d" }, { 'D', NULL },
	{ 'W', NULL },	       { 'S', NULL },	       { 'H', NULL },
	{ 'V', NULL },	       { 'N', NULL },
};

struct widen {
	struct str in;
	size_t at;
	struct buf *to; /* the answer, or a class of it */
	bool opaque;
	/* One edge on each side is the space that is put there. Where one place may have to be
	 * an edge twice, as in ( |$)$, the space is there to be had or left. */
	bool loose;
	int starts, ends;
	bool twice; /* something is counted from two on: it may be an edge */
};

static const struct kind *kind_of(char letter)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].letter == letter)
			return &kinds[i];
	return NULL;
}

static bool ahead(const struct widen *w, const char *text)
{
	return str_starts(str_sub(w->in, w->at, w->in.n), str_of(text));
}

static char byte(const struct widen *w, size_t further)
{
	if (w->at + further >= w->in.n)
		return 0;
	return w->in.p[w->at + further];
}

static void put(struct widen *w, const char *text)
{
	(void)buf_add_text(w->to, text);
}

static void put_start(struct widen *w)
{
	w->starts++;
	put(w, w->loose ? "^" EDGE "*" : "^" EDGE);
}

static void put_end(struct widen *w)
{
	w->ends++;
	put(w, w->loose ? EDGE "*$" : EDGE "$");
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One character that stands for itself: as it is, or by its number where it might not. */
static void put_literal(struct widen *w)
{
	char c = w->in.p[w->at++];

	if ((unsigned char)c >= 0x80 || is_letter(c) || is_digit(c) || c == '_')
		(void)buf_add_char(w->to, c);
	else
		(void)buf_fmt(w->to, "\\x%02x", (unsigned char)c);
}

/* \Q...\E, behind the \Q. */
static void put_quoted(struct widen *w)
{
	while (w->at < w->in.n && !ahead(w, "\\E"))
		put_literal(w);
	if (w->at < w->in.n)
		w->at += 2;
}

/* \x41, \x{ac00}: at the x. */
static void put_number(struct widen *w)
{
	size_t from = w->at++, digits = 0;

	if (byte(w, 0) == '{') {
		while (w->at < w->in.n && byte(w, 0) != '}')
			w->at++;
		w->at++;
	} else {
		while (digits < 2 && byte(w, 0) && strchr("0123456789abcdefABCDEF", byte(w, 0))) {
			w->at++;
			digits++;
		}
		w->opaque |= digits != 2;
	}
	put(w, "\\");
	(void)buf_add(w->to, str_sub(w->in, from, w->at - from));
}

/* \pL, \p{Hangul}: at the p. Whether all it has is beyond ASCII. */
static bool skip_property(struct widen *w)
{
	static const char *const asian[] = { "p{Hangul}", "p{Han}", "p{Hiragana}", "p{Katakana}" };
	bool beyond = false;

	for (size_t i = 0; i < sizeof(asian) / sizeof(asian[0]); i++)
		beyond |= ahead(w, asian[i]);
	w->at++;
	if (byte(w, 0) == '{')
		while (w->at < w->in.n && byte(w, 0) != '}')
			w->at++;
	w->at++;
	return beyond;
}

/* Escapes that are the same everywhere; true: done. At the letter behind the backslash. */
static bool escape_plain(struct widen *w)
{
	char c = byte(w, 0);

	if (c == 'x') {
		put_number(w);
	} else if (c && strchr("tnrfea", c)) {
		(void)buf_fmt(w->to, "\\%c", c);
		w->at++;
	} else if (c == 'Q') {
		w->at++;
		put_quoted(w);
	} else if (c == 'E') {
		w->at++;
	} else if (c && !is_letter(c) && !is_digit(c)) {
		put_literal(w);
	} else {
		return false;
	}
	return true;
}

static void escape(struct widen *w)
{
	const struct kind *k = kind_of(byte(w, 1));
	char c = byte(w, 1);

	w->at++;
	if (k) {
		w->at++;
		if (k->ascii)
			(void)buf_fmt(w->to, "[%s" BEYOND "]", k->ascii);
		else
			put(w, ANY);
	} else if (c == 'p' || c == 'P') {
		put(w, skip_property(w) ? "[" BEYOND "]" : ANY);
	} else if (c == 'b' || c == 'B') {
		w->at++;
		put(w, "(?:)");
	} else if (c == 'A') {
		w->at++;
		put_start(w);
	} else if (c == 'z' || c == 'Z') {
		w->at++;
		put_end(w);
	} else if (!escape_plain(w)) {
		w->opaque = true; /* back-references, too: what they refer to may be wider */
		w->at++;
	}
}

/* What stands within the brackets goes to the widen's `to`. */
struct class
{
	bool not, any;
};

/* A kind of character within a class; a range cannot begin with it. */
static void class_kind(struct widen *w, struct class *c, const char *ascii, bool any)
{
	if (!ascii)
		c->any |= any;
	else
		(void)buf_fmt(w->to, "%s%s", ascii, c->not ? "" : BEYOND);
	w->opaque |= byte(w, 0) == '-' && byte(w, 1) != ']';
}

static void class_escape(struct widen *w, struct class *c)
{
	const struct kind *k = kind_of(byte(w, 1));
	char letter = byte(w, 1);

	w->at++;
	if (k) {
		w->at++;
		class_kind(w, c, k->ascii, true);
	} else if (letter == 'p' || letter == 'P') {
		bool beyond = skip_property(w);

		class_kind(w, c, beyond && !c->not ? "" : NULL, true);
	} else if (letter == 'b') {
		w->at++;
		put(w, "\\x08");
	} else {
		w->opaque |= !escape_plain(w);
	}
}

static void class_member(struct widen *w, struct class *c)
{
	if (ahead(w, "[:")) {
		while (w->at < w->in.n && !ahead(w, ":]"))
			w->at++;
		w->at += 2;
		class_kind(w, c, NULL, true);
	} else if (byte(w, 0) == '\\') {
		class_escape(w, c);
	} else if (byte(w, 0) == '-') {
		put(w, "-");
		w->at++;
	} else {
		put_literal(w);
	}
}

static void class(struct widen *w)
{
	struct buf *outside = w->to, has;
	struct class c = { .any = false };
	bool first = true;

	buf_init(&has, outside->cap);
	w->to = &has;
	w->at++;
	if (byte(w, 0) == '^') {
		c.not = true;
		w->at++;
	}
	for (; w->at < w->in.n && (first || byte(w, 0) != ']') && !w->opaque; first = false)
		class_member(w, &c);
	w->at++;
	w->to = outside;
	if (c.not ? has.n == 0 : c.any)
		put(w, ANY);
	else
		(void)buf_fmt(w->to, "[%s%s]", c.not ? "^" : "", buf_str(&has).p);
	w->opaque |= has.full;
	buf_done(&has);
}

/* {2}, {1,}, {0,14}: the bounds, and its length; 0: the brace is a brace. */
static size_t counted(const struct widen *w, long *ret_least, long *ret_most)
{
	size_t i = 1;
	long least = 0, most = -1;

	for (; is_digit(byte(w, i)) && least < 100000; i++)
		least = least * 10 + (byte(w, i) - '0');
	if (i == 1)
		return 0;
	if (byte(w, i) == '}') {
		most = least;
	} else if (byte(w, i) == ',') {
		i++;
		for (; is_digit(byte(w, i)) && most < 100000; i++)
			most = (most < 0 ? 0 : most * 10) + (byte(w, i) - '0');
	}
	if (byte(w, i) != '}')
		return 0;
	*ret_least = least;
	*ret_most = most;
	return i + 1;
}

/* Lazy or possessive: what is found is the same, or more. */
static void quantifier_end(struct widen *w)
{
	if (byte(w, 0) == '?' || byte(w, 0) == '+')
		w->at++;
}

static void brace(struct widen *w)
{
	long least, most;
	size_t n = counted(w, &least, &most);

	if (!n) {
		put_literal(w);
		return;
	}
	w->at += n;
	w->twice |= least > 1;
	if (most < 1 || most > COUNT_MOST)
		put(w, least > 0 ? "+" : "*");
	else
		(void)buf_fmt(w->to, "{%ld,%ld}", least, most);
	quantifier_end(w);
}

/* The end of a token, as rules mostly say it; true: it was one. */
static bool edge(struct widen *w)
{
	static const struct {
		const char *text;
		bool start;
	} edges[] = { { "(^| )", true },    { "( |^)", true },	 { "( |$)", false },
		      { "($| )", false },   { "(?:^| )", true }, { "(?: |^)", true },
		      { "(?: |$)", false }, { "(?:$| )", false } };
	size_t i = 0, n = sizeof(edges) / sizeof(edges[0]);

	while (i < n && !ahead(w, edges[i].text))
		i++;
	if (i == n)
		return false;
	w->at += strlen(edges[i].text);
	w->starts += edges[i].start;
	w->ends += !edges[i].start;
	if (!w->loose)
		put(w, "(?:" EDGE ")");
	else
		put(w, edges[i].start ? "(?:^" EDGE "*|" EDGE ")" : "(?:" EDGE "|" EDGE "*$)");
	return true;
}

static void group(struct widen *w)
{
	static const char *const openings[] = { "(?:", "(?=", "(?!", "(?<=", "(?<!" };

	if (edge(w))
		return;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		if (ahead(w, openings[i])) {
			w->at += strlen(openings[i]);
			put(w, openings[i]);
			return;
		}
	}
	if (ahead(w, "(?>")) {
		w->at += 3;
		put(w, "(?:");
		return;
	}
	/* options, names, recursion, conditions, verbs */
	w->opaque |= byte(w, 1) == '?' || byte(w, 1) == '*';
	w->at++;
	put(w, "(");
}

static void one(struct widen *w)
{
	char c = byte(w, 0);

	switch (c) {
	case '\\':
		escape(w);
		return;
	case '[':
		class(w);
		return;
	case '(':
		group(w);
		return;
	case '{':
		brace(w);
		return;
	case '^':
		put_start(w);
		break;
	case '$':
		put_end(w);
		break;
	case '*':
	case '+':
	case '?':
		(void)buf_add_char(w->to, c);
		w->at++;
		quantifier_end(w);
		return;
	case '.':
	case '|':
	case ')':
		(void)buf_add_char(w->to, c);
		break;
	default:
		put_literal(w);
		return;
	}
	w->at++;
}

static void all(struct widen *w)
{
	while (w->at < w->in.n && !w->opaque)
		one(w);
}

struct str widen_regex(struct str regex, struct arena *a)
{
	struct buf out;
	struct widen w = { .in = regex, .to = &out };
	struct str wide = { 0 };

	buf_init(&out, 64 * (regex.n + 1));
	all(&w);
	if (w.starts > 1 || w.ends > 1 || (w.twice && (w.starts || w.ends))) {
		buf_clear(&out);
		w = (struct widen){ .in = regex, .to = &out, .loose = true, .opaque = w.opaque };
		all(&w);
	}
	if (!w.opaque && !out.full)
		wide = arena_str(a, buf_str(&out));
	buf_done(&out);
	return wide;
}
