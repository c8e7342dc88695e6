#include "extractor/extract_loose.h"

#include "extractor/extract_entity.h"
#include "extractor/extract_escape.h"

#include <string.h>

struct reader {
	const char *begin, *p, *end;
	struct arena *a;
	int depth, values;
	bool script; /* JavaScript: its texts are escaped as they should be */
	enum err err;
	struct reason *why;
};

static struct extract_node *value(struct reader *r);

/* The first complaint is the one that is told. */
static void complain(struct reader *r, enum err err, const char *what)
{
	int line = 1;

	if (r->err)
		return;
	r->err = err;
	for (const char *p = r->begin; p < r->p; p++)
		line += *p == '\n';
	reason_set(r->why, err, "line %d: %s", line, what);
}

static bool at(const struct reader *r, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(r->end - r->p) >= n && memcmp(r->p, text, n) == 0;
}

static bool is_space(char c)
{
	return (unsigned char)c <= ' ';
}

static bool is_one_of(char c, const char *chars)
{
	return c && strchr(chars, c);
}

static const char *find(const char *p, const char *end, const char *text)
{
	ptrdiff_t i = str_find((struct str){ p, (size_t)(end - p) }, str_of(text));

	return i < 0 ? end : p + i;
}

/* A line comment, or one that holds nothing but a mark around the document. */
static void skip_line(struct reader *r)
{
	static const char *const marks[] = { "<![CDATA[", "]]>", "<!--", "-->" };

	r->p += 2;
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (at(r, marks[i])) {
			r->p += strlen(marks[i]);
			return;
		}
	}
	r->p = find(r->p, r->end, "\n");
}

static void skip_comment(struct reader *r)
{
	r->p = find(r->p + 2, r->end, "*/");
	r->p += r->p < r->end ? 2 : 0;
}

/* White space, comments and marks. */
static void skip(struct reader *r)
{
	while (r->p < r->end) {
		if (is_space(*r->p))
			r->p++;
		else if (at(r, "\xef\xbb\xbf") || at(r, "-->") || (!r->depth && at(r, "]]>")))
			r->p += 3;
		else if (at(r, "\xc2\xa0"))
			r->p += 2;
		else if (at(r, "//"))
			skip_line(r);
		else if (at(r, "/*"))
			skip_comment(r);
		else if (at(r, "<!--"))
			r->p += 4;
		else if (at(r, "<![CDATA["))
			r->p += 9;
		else
			return;
	}
}

/* Texts. */
/* Whether the quote before `p` ends its text: one within a text that was not escaped is
 * followed by more of it. */
static bool ends(const struct reader *r, const char *p)
{
	bool line = false;

	for (; p < r->end && is_space(*p); p++)
		line |= *p == '\n';
	return p == r->end || is_one_of(*p, ",}]:;/<") || (line && *p == '"');
}

/* At a quote. `escaped`: quotes within are. */
static struct str text(struct reader *r, bool escaped)
{
	char quote = *r->p++;
	const char *from = r->p;
	struct str raw;

	for (; r->p < r->end; r->p++) {
		if (*r->p == '\\' && r->end - r->p > 1)
			r->p++;
		else if (*r->p == quote && (escaped || quote != '"' || ends(r, r->p + 1)))
			break;
	}
	raw = (struct str){ from, (size_t)(r->p - from) };
	if (r->p < r->end)
		r->p++;
	else
		complain(r, ERR_BAD, "a text that does not end");
	return extract_escape_undo(raw, r->a);
}

/* Words, numbers, expressions. */
static bool skip_digits(struct str s, size_t *at)
{
	size_t from = *at;

	while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9')
		++*at;
	return *at > from;
}

/* As RFC 8259 has them. */
static bool is_number(struct str s)
{
	size_t i = s.n && s.p[0] == '-', from = i;

	if (!skip_digits(s, &i) || (s.p[from] == '0' && i > from + 1))
		return false;
	if (i < s.n && s.p[i] == '.' && (i++, !skip_digits(s, &i)))
		return false;
	if (i < s.n && (s.p[i] | 32) == 'e') {
		i++;
		if (i < s.n && is_one_of(s.p[i], "+-"))
			i++;
		if (!skip_digits(s, &i))
			return false;
	}
	return i == s.n;
}

/* Up to what ends a value: brackets and texts in it are passed over. */
static struct str expression(struct reader *r)
{
	const char *from = r->p;
	int open = 0;

	for (; r->p < r->end; r->p++) {
		char c = *r->p;

		if (!open && is_one_of(c, ",}];"))
			break;
		if (is_one_of(c, "([{"))
			open++;
		else if (is_one_of(c, ")]}"))
			open--;
		if (open < 0)
			break;
		if (c != '"' && c != '\'' && c != '`')
			continue;
		while (++r->p < r->end && *r->p != c)
			if (*r->p == '\\' && r->end - r->p > 1)
				r->p++;
		if (r->p == r->end)
			break;
	}
	return str_trim((struct str){ from, (size_t)(r->p - from) });
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_one_of(s.p[i], "0123456789.+-_ ") &&
		    !((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z'))
			return false;
	return true;
}

static struct extract_node *word(struct reader *r)
{
	struct extract_node *n = extract_node_new(r->a, EXTRACT_NULL);
	struct str s = expression(r);

	if (!s.n) {
		complain(r, ERR_BAD, "no value where one was expected");
		return NULL;
	}
	if (is_number(s)) {
		n->kind = EXTRACT_NUMBER;
		n->text = s;
	} else if (str_is(s, "true") || str_is(s, "!0") || str_is(s, "false") || str_is(s, "!1")) {
		n->kind = EXTRACT_BOOL;
		n->truth = str_is(s, "true") || str_is(s, "!0");
	} else if (is_one_of(s.p[0], "0123456789.+-") && is_plain(s)) {
		n->kind = EXTRACT_TEXT;
		n->text = s;
	}
	return n;
}

/* Containers. */
static bool is_key(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' ||
	       c == '$' || c == '-' || c == '.' || c == '@';
}

static struct str key(struct reader *r)
{
	const char *from = r->p;

	if (is_one_of(*r->p, "\"'`"))
		return text(r, true);
	while (r->p < r->end && (is_key(*r->p) || (unsigned char)*r->p >= 0x80))
		r->p++;
	return (struct str){ from, (size_t)(r->p - from) };
}

/* What JavaScript computes with the value that was just read. */
static void skip_rest(struct reader *r)
{
	skip(r);
	if (r->script && r->p < r->end && !is_one_of(*r->p, ",}];"))
		expression(r);
}

/* At a key; false: the object ends here. */
static bool member(struct reader *r, struct extract_node *to)
{
	const char *from = r->p;
	struct str name = key(r);
	struct extract_node *n;

	skip(r);
	if (r->p == from) {
		complain(r, ERR_BAD, "no name where one was expected");
		return false;
	}
	if (r->p == r->end || *r->p != ':') {
		if (r->p == r->end || *r->p == ',' || *r->p == '}')
			return true;
		if (r->script)
			expression(r);
		else
			complain(r, ERR_BAD, "a name without a value");
		return r->script;
	}
	r->p++;
	n = value(r);
	if (!n)
		return false;
	extract_node_add(to, name, n);
	skip_rest(r);
	return true;
}

static bool item(struct reader *r, struct extract_node *to)
{
	struct extract_node *n = value(r);

	if (!n)
		return false;
	extract_node_add(to, (struct str){ 0 }, n);
	skip_rest(r);
	return true;
}

/* At { or [. One that ends with the other's bracket leaves that to whom it belongs. */
static struct extract_node *container(struct reader *r)
{
	bool object = *r->p == '{', more = true;
	struct extract_node *n = extract_node_new(r->a, object ? EXTRACT_OBJECT : EXTRACT_ARRAY);
	char end = object ? '}' : ']';

	if (r->depth == EXTRACT_LOOSE_DEPTH) {
		complain(r, ERR_TOO_BIG, "values nest deeper than is read");
		return NULL;
	}
	r->depth++;
	r->p++;
	while (more) {
		skip(r);
		if (r->p == r->end) {
			complain(r, ERR_BAD,
				 object ? "an object that does not end"
					: "an array that does not end");
			break;
		}
		if (*r->p == end) {
			r->p++;
			break;
		}
		if (*r->p == ',' || *r->p == ';')
			r->p++;
		else if (*r->p == '}' || *r->p == ']') {
			complain(r, ERR_BAD,
				 object ? "] where } was expected" : "} where ] was expected");
			break;
		} else {
			more = object ? member(r, n) : item(r, n);
		}
	}
	r->depth--;
	return n;
}

static struct extract_node *value(struct reader *r)
{
	struct extract_node *n;

	skip(r);
	if (r->p == r->end) {
		complain(r, ERR_BAD, "no value where one was expected");
		return NULL;
	}
	if (++r->values > EXTRACT_LOOSE_VALUES) {
		complain(r, ERR_TOO_BIG, "more values than are read");
		r->p = r->end;
		return NULL;
	}
	if (*r->p == '{' || *r->p == '[')
		return container(r);
	if (*r->p != '"' && *r->p != '\'' && *r->p != '`')
		return word(r);
	n = extract_node_new(r->a, EXTRACT_TEXT);
	n->text = text(r, r->script);
	return n;
}

/* As templates escape it that think it stands in an attribute. */
static bool is_escaped(struct str s)
{
	return str_find_char(s, '"') < 0 &&
	       (str_find(s, STR("&quot;")) >= 0 || str_find(s, STR("&#34;")) >= 0);
}

static void begin(struct reader *r, struct str s, struct arena *a, bool script, struct reason *why)
{
	*r = (struct reader){
		.begin = s.p, .p = s.p, .end = s.p + s.n, .a = a, .script = script, .why = why
	};
}

/* At the next { or [; false: none is left. */
static bool next_document(struct reader *r)
{
	for (skip(r); r->p < r->end && *r->p != '{' && *r->p != '['; skip(r))
		r->p++;
	return r->p < r->end;
}

enum err extract_loose_read(struct str s, struct arena *a, struct extract_node **ret_docs,
			    struct reason *why)
{
	struct extract_node *docs = extract_node_new(a, EXTRACT_ARRAY), *n;
	struct reader r;

	*ret_docs = docs;
	if (!s.n)
		return reason_set(why, ERR_BAD, "line 1: no object or array");
	if (is_escaped(s))
		s = extract_entity_decode(s, a);
	begin(&r, s, a, false, why);
	while (next_document(&r)) {
		n = value(&r);
		if (n)
			extract_node_add(docs, (struct str){ 0 }, n);
		else if (r.p < r.end)
			r.p++;
	}
	if (!docs->first)
		complain(&r, ERR_BAD, "no object or array");
	return r.err;
}

enum err extract_loose_value(struct str s, struct arena *a, struct extract_node **ret,
			     size_t *ret_used, struct reason *why)
{
	struct extract_node *n;
	struct reader r;

	if (!s.n)
		return reason_set(why, ERR_BAD, "line 1: no value where one was expected");
	begin(&r, s, a, true, why);
	n = value(&r);
	*ret_used = (size_t)(r.p - r.begin);
	if (!n)
		return r.err;
	*ret = n;
	return ERR_OK;
}
