#include "extractor/extract_project.h"

#include "base/must.h"
#include "base/utf8.h"
#include "extractor/extract_escape.h"
#include "extractor/extract_scan.h"
#include "extractor/extractor.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	const struct extract_needs *needs;
	struct arena *a;
	const char *p, *end;
	char *to;
	struct extract_projection *out;
	size_t room; /* items that fit */
};

/* Neither the end of a text nor an escape nor a control. */
static bool is_plain(char c)
{
	return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

static void skip_gap(struct walk *w)
{
	while (w->p < w->end && (*w->p == ' ' || *w->p == '\n' || *w->p == '\r' || *w->p == '\t'))
		w->p++;
}

static bool take(struct walk *w, char c)
{
	skip_gap(w);
	if (w->p == w->end || *w->p != c)
		return false;
	w->p++;
	return true;
}

static bool skip_escape(struct walk *w)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	const char *p = w->p + 1;

	if (p >= w->end || !*p || !strchr("\"\\/bfnrtu", *p))
		return false;
	w->p += 2;
	if (*p != 'u')
		return true;
	if (w->end - w->p < 4)
		return false;
	for (int i = 0; i < 4; i++)
		if (!*w->p || !strchr(hex, *w->p++))
			return false;
	return true;
}

/* From its opening quote on; *ret_inner without the quotes. */
static bool skip_text(struct walk *w, struct str *ret_inner)
{
	const char *from = ++w->p;

	for (;;) {
		while (w->p < w->end && is_plain(*w->p))
			w->p++;
		if (w->p == w->end)
			return false;
		if (*w->p == '"')
			break;
		if (*w->p != '\\' || !skip_escape(w))
			return false;
	}
	*ret_inner = (struct str){ from, (size_t)(w->p++ - from) };
	return true;
}

static bool skip_digits(struct walk *w)
{
	const char *from = w->p;

	while (w->p < w->end && *w->p >= '0' && *w->p <= '9')
		w->p++;
	return w->p > from;
}

static bool skip_number(struct walk *w)
{
	const char *from = w->p;

	w->p += w->p < w->end && *w->p == '-';
	if (w->p < w->end && *w->p == '0')
		w->p++;
	else if (!skip_digits(w))
		return false;
	if (w->p < w->end && *w->p == '.') {
		w->p++;
		if (!skip_digits(w))
			return false;
	}
	if (w->p < w->end && (*w->p | 32) == 'e') {
		w->p++;
		w->p += w->p < w->end && (*w->p == '+' || *w->p == '-');
		if (!skip_digits(w))
			return false;
	}
	return w->p - from <= EXTRACT_MOST_LITERAL;
}

static bool skip_word(struct walk *w, struct str word)
{
	if ((size_t)(w->end - w->p) < word.n || memcmp(w->p, word.p, word.n) != 0)
		return false;
	w->p += word.n;
	return true;
}

static bool skip_scalar(struct walk *w)
{
	struct str ignored;

	switch (w->p < w->end ? *w->p : 0) {
	case '"':
		return skip_text(w, &ignored);
	case 't':
		return skip_word(w, STR("true"));
	case 'f':
		return skip_word(w, STR("false"));
	case 'n':
		return skip_word(w, STR("null"));
	default:
		return skip_number(w);
	}
}

/* Behind the opening quote's place: name, colon. */
static bool take_name(struct walk *w, struct str *ret)
{
	skip_gap(w);
	if (w->p == w->end || *w->p != '"' || !skip_text(w, ret) || !take(w, ':'))
		return false;
	skip_gap(w);
	return true;
}

/* A value that nobody looks at. */
static bool skip_value(struct walk *w, int depth)
{
	char open = '\0', close;
	struct str ignored;

	if (w->p < w->end)
		open = *w->p;
	close = open == '{' ? '}' : ']';
	if (open != '{' && open != '[')
		return skip_scalar(w);
	w->p++;
	if (depth == 0)
		return false;
	if (take(w, close))
		return true;
	do {
		skip_gap(w);
		if ((open == '{' && !take_name(w, &ignored)) || !skip_value(w, depth - 1))
			return false;
	} while (take(w, ','));
	return take(w, close);
}

static void put(struct walk *w, const char *from, size_t n)
{
	memcpy(w->to, from, n);
	w->to += n;
}

static void put_char(struct walk *w, char c)
{
	*w->to++ = c;
}

static struct str *item_slots(struct walk *w)
{
	must(w->out->n_items > 0);
	return w->out->slots + (w->out->n_items - 1) * (size_t)w->needs->n_slots;
}

static bool begin_item(struct walk *w)
{
	size_t each = (size_t)w->needs->n_slots * sizeof(struct str);
	struct str *more;

	if (w->out->n_items == EXTRACT_MOST_ITEMS)
		return false;
	if (w->out->n_items == w->room) {
		w->room = w->room ? 2 * w->room : 64;
		more = arena_alloc(w->a, w->room * each + 1);
		if (w->out->n_items)
			memcpy(more, w->out->slots, w->out->n_items * each);
		w->out->slots = more;
	}
	w->out->n_items++;
	memset(item_slots(w), 0, each);
	return true;
}

/* A member that comes again counts alone, with all that stands in it. */
static void forget(struct walk *w, const struct extract_need *n)
{
	if (!n->slots)
		return;
	if (n->items) {
		w->out->n_items = 0;
		return;
	}
	for (const struct extract_need *m = n->members; m; m = m->next) {
		if (m->slot >= 0)
			item_slots(w)[m->slot] = (struct str){ 0 };
		forget(w, m);
	}
}

static bool walk_value(struct walk *w, const struct extract_need *n, bool keep, int depth);

static const struct extract_need *find(const struct extract_need *n, struct str name)
{
	for (const struct extract_need *m = n->members; m; m = m->next)
		if (m->name.n == name.n && memcmp(m->name.p, name.p, name.n) == 0)
			return m;
	return NULL;
}

static bool walk_member(struct walk *w, const struct extract_need *n, bool keep, bool *io_first,
			int depth)
{
	const struct extract_need *m;
	struct str name;

	if (!take_name(w, &name))
		return false;
	m = find(n, name);
	if (!m)
		/* it may be another's name, written otherwise */
		return !memchr(name.p, '\\', name.n) && skip_value(w, depth);
	keep = keep && m->kept;
	if (keep) {
		if (!*io_first)
			put_char(w, ',');
		*io_first = false;
		put(w, name.p - 1, name.n + 2);
		put_char(w, ':');
	}
	return walk_value(w, m, keep, depth);
}

static bool walk_object(struct walk *w, const struct extract_need *n, bool keep, int depth)
{
	bool first = true;

	if (keep)
		put_char(w, '{');
	w->p++;
	if (!take(w, '}')) {
		do
			if (!walk_member(w, n, keep, &first, depth))
				return false;
		while (take(w, ','));
		if (!take(w, '}'))
			return false;
	}
	if (keep)
		put_char(w, '}');
	return true;
}

static bool walk_element(struct walk *w, const struct extract_need *n, bool keep, int depth)
{
	skip_gap(w);
	if (n->element)
		return walk_value(w, n->element, keep, depth);
	/* that it is there may count */
	if (keep)
		put_char(w, '0');
	return skip_value(w, depth);
}

static bool walk_array(struct walk *w, const struct extract_need *n, bool keep, int depth)
{
	const char *from;

	if (keep)
		put_char(w, '[');
	w->p++;
	if (!take(w, ']')) {
		do {
			from = w->to;
			if (!walk_element(w, n, keep, depth))
				return false;
			must(!keep || w->to > from);
			if (keep)
				put_char(w, ',');
		} while (take(w, ','));
		if (!take(w, ']'))
			return false;
		w->to -= keep;
	}
	if (keep)
		put_char(w, ']');
	return true;
}

/* Whether something else stands where an item or a way to a slot was expected: jq finds
 * other items there, or an error. */
static bool is_unexpected(const struct walk *w, const struct extract_need *n)
{
	if (*w->p == 'n' || (n != w->needs->item && !n->slots))
		return false;
	return *w->p != (n->items && n->element ? '[' : '{');
}

static bool walk_value(struct walk *w, const struct extract_need *n, bool keep, int depth)
{
	const char *from = w->p;
	bool whole, good;

	if (w->p == w->end || depth == 0 || is_unexpected(w, n))
		return false;
	if (n != w->needs->item)
		forget(w, n);
	else if (w->needs->by_slot && !begin_item(w))
		return false;
	whole = n->whole || (*from == '{' && (n->element || n->counted));
	if (whole && !n->slots)
		good = skip_value(w, depth);
	else if (*from == '{')
		good = walk_object(w, n, keep && !whole, depth - 1);
	else if (*from == '[')
		good = walk_array(w, n, keep && !whole, depth - 1);
	else if ((good = skip_scalar(w)))
		whole = true;
	if (!good)
		return false;
	if (keep && whole)
		put(w, from, (size_t)(w->p - from));
	if (n->slot >= 0)
		item_slots(w)[n->slot] = (struct str){ from, (size_t)(w->p - from) };
	return true;
}

bool extract_project(const struct extract_needs *n, struct str body, struct arena *a,
		     struct extract_projection *ret)
{
	struct extract_projection out = { .n_items = 0 };
	struct walk w = { .needs = n, .a = a, .p = body.p, .end = body.p + body.n, .out = &out };
	char *text;

	if (!body.n || !utf8_valid(body))
		return false;
	/* what is put is never longer than what it is put for */
	text = w.to = arena_alloc(a, body.n + 1);
	skip_gap(&w);
	if (!walk_value(&w, n->root, true, EXTRACT_DEPTH))
		return false;
	skip_gap(&w);
	if (w.p != w.end)
		return false;
	out.text = (struct str){ text, (size_t)(w.to - text) };
	*ret = out;
	return true;
}

static struct str number_text(struct str s, struct arena *a, struct str *ret_why)
{
	char text[EXTRACT_MOST_LITERAL + 1];
	size_t digits = 0;

	while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
		digits++;
	if (digits == s.n && s.n <= 15)
		return s;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	return extract_jq_number(strtod(text, NULL), a, ret_why);
}

struct str extract_project_text(struct str s, struct arena *a, struct str *ret_why)
{
	switch (s.n ? s.p[0] : 'n') {
	case '"':
		return extract_escape_undo(str_sub(s, 1, s.n - 2), a);
	case 't':
	case 'f':
		return s;
	case 'n':
		return (struct str){ 0 };
	case '[':
		*ret_why = STR("an array");
		return (struct str){ 0 };
	case '{':
		*ret_why = STR("an object");
		return (struct str){ 0 };
	default:
		return number_text(s, a, ret_why);
	}
}

bool extract_project_true(struct str s)
{
	return s.n && s.p[0] != 'n' && s.p[0] != 'f';
}
