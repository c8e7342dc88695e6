#include "extractor/extract_state.h"

#include "extractor/extract_loose.h"
#include "extractor/extract_tree.h"

#include <ctype.h>
#include <string.h>

#define MOST_MEMORY (64 << 20) /* of all values: many times the room of their text */
#define MOST_FLIGHT (8 << 20)  /* bytes of all texts pushed to __next_f */
#define MOST_NAME 60	       /* bytes of what a variable is called */
#define LEAST_STATE 60	       /* bytes of a script that carries records */

struct reader {
	struct arena *a;
	struct extract_node *all;
	struct buf flight; /* what __next_f gets, put together */
	struct str name;   /* that is looked for; {0}: all */
	int docs;
	size_t most; /* bytes of the arena */
};

static void keep(struct reader *r, struct extract_node *n)
{
	if (r->docs++ < EXTRACT_STATE_DOCS)
		extract_node_add(r->all, (struct str){ 0 }, n);
}

static void read_documents(struct reader *r, struct str text)
{
	struct extract_node *docs, *next;
	struct reason ignored;

	extract_loose_read(text, r->a, &docs, &ignored);
	for (struct extract_node *n = docs->first; n; n = next) {
		next = n->next;
		n->next = NULL;
		keep(r, n);
	}
}

static bool names_price(struct str s)
{
	return str_find(s, STR("rice")) >= 0;
}

/* [1, "text"], a piece of a stream of lines. */
static bool is_flight(const struct extract_node *n)
{
	return n->kind == EXTRACT_ARRAY && n->first && n->first->kind == EXTRACT_NUMBER &&
	       str_is(n->first->text, "1") && n->last->kind == EXTRACT_TEXT;
}

static struct str without_global(struct str name)
{
	static const char *const globals[] = { "window.", "self.", "globalThis." };

	for (size_t i = 0; i < sizeof(globals) / sizeof(*globals); i++)
		if (str_starts(name, str_of(globals[i])))
			return str_sub(name, str_of(globals[i]).n, name.n);
	return name;
}

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.';
}

/* Whether it is what stands at the end of `before`, behind which it is set. */
static bool is_wanted(const struct reader *r, struct str before)
{
	struct str s = str_trim(before);
	size_t from = s.n;

	if (!r->name.n)
		return true;
	while (from > 0 && in_name(s.p[from - 1]))
		from--;
	return str_eq(without_global(str_sub(s, from, s.n)), r->name);
}

/* At what a variable is set to, or gets pushed; *ret_used: bytes to go on behind. */
static void read_literal(struct reader *r, struct str s, bool pushed, size_t *ret_used)
{
	static const char parse[] = "JSON.parse(";
	bool quoted = str_starts(s, str_of(parse));
	size_t skip = quoted ? sizeof(parse) - 1 : 0;
	struct extract_node *n;
	struct reason ignored;

	*ret_used = skip;
	if (!quoted && !(s.n && (*s.p == '{' || *s.p == '[')))
		return;
	if (extract_loose_value(str_sub(s, skip, s.n), r->a, &n, ret_used, &ignored))
		return;
	*ret_used += skip;
	if (quoted && n->kind == EXTRACT_TEXT)
		read_documents(r, n->text);
	else if (pushed && is_flight(n))
		buf_add(&r->flight, n->last->text);
	else if (n->first && !(pushed && r->name.n))
		keep(r, n);
}

static void read_script(struct reader *r, struct str s)
{
	static const char push[] = "push(";
	size_t i = 0, used;

	while (i < s.n && arena_used(r->a) < r->most) {
		bool pushed = s.p[i] == 'p' && str_starts(str_sub(s, i, s.n), str_of(push));

		if (!pushed && s.p[i] != '=') {
			i++;
			continue;
		}
		if (!pushed && !is_wanted(r, str_sub(s, 0, i))) {
			i++;
			continue;
		}
		i += pushed ? sizeof(push) - 1 : 1;
		while (i < s.n && isspace((unsigned char)s.p[i]))
			i++;
		read_literal(r, str_sub(s, i, s.n), pushed, &used);
		i += used;
	}
}

static bool is_program(struct str type)
{
	return !type.n || str_find(type, STR("script")) >= 0 || str_eq_nocase(type, STR("module"));
}

static void read_element(struct reader *r, const xmlNode *n)
{
	struct str type = extract_tree_attr(n, "type"), text;

	if (arena_used(r->a) >= r->most)
		return;
	text = extract_tree_script(n, r->a);
	if (!names_price(text) && str_find(text, STR("__next_f")) < 0)
		return;
	if (str_find(type, STR("ld+json")) >= 0)
		return;
	if (str_find(type, STR("json")) >= 0)
		read_documents(r, text);
	else if (is_program(type))
		read_script(r, text);
}

static void read_named(struct reader *r, const xmlNode *n)
{
	struct str type = extract_tree_attr(n, "type"), text;
	bool json = str_find(type, STR("json")) >= 0;

	if (arena_used(r->a) >= r->most)
		return;
	text = extract_tree_script(n, r->a);
	if (str_is(r->name, "ld+json")
		    ? str_find(type, r->name) >= 0
		    : str_eq(extract_tree_attr(n, "id"), r->name) && (json || !type.n))
		read_documents(r, text);
	else if (is_program(type) && str_find(text, r->name) >= 0)
		read_script(r, text);
}

static void read_all(struct reader *r, xmlDocPtr doc,
		     void (*each)(struct reader *r, const xmlNode *n))
{
	xmlNodePtr top = (xmlNodePtr)(void *)doc;

	r->all = extract_node_new(r->a, EXTRACT_ARRAY);
	r->most = arena_used(r->a) + MOST_MEMORY;
	buf_init(&r->flight, MOST_FLIGHT);
	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, "script") && n->children)
			each(r, n);
}

struct extract_node *extract_state_read(xmlDocPtr doc, struct arena *a)
{
	struct reader r = { .a = a };

	read_all(&r, doc, read_element);
	if (names_price(buf_str(&r.flight)) && arena_used(a) < r.most)
		read_documents(&r, arena_str(a, buf_str(&r.flight)));
	buf_done(&r.flight);
	return r.all;
}

struct extract_node *extract_state_named(xmlDocPtr doc, struct str name, struct arena *a)
{
	struct reader r = { .a = a, .name = without_global(name) };

	read_all(&r, doc, read_named);
	if (str_is(r.name, "__next_f") && arena_used(a) < r.most)
		read_documents(&r, arena_str(a, buf_str(&r.flight)));
	buf_done(&r.flight);
	return r.all;
}

/* --- names */

struct names {
	struct arena *a;
	struct str *to;
	int n, most;
};

static void add_name(struct names *l, struct str name)
{
	if (!name.n || name.n > MOST_NAME)
		return;
	for (int i = 0; i < l->n; i++)
		if (str_eq(l->to[i], name))
			return;
	if (l->n < l->most)
		l->to[l->n++] = arena_str(l->a, name);
}

/* What something long is set to: X = {, window.X = JSON.parse( */
static void add_variables(struct names *l, struct str s)
{
	for (size_t i = 1; i + LEAST_STATE < s.n; i++) {
		struct str before, rest;
		size_t from;

		if (s.p[i] != '=')
			continue;
		rest = str_trim(str_sub(s, i + 1, 40));
		if (!str_starts(rest, STR("{")) && !str_starts(rest, STR("[")) &&
		    !str_starts(rest, STR("JSON.parse(")))
			continue;
		before = str_trim(str_sub(s, i > MOST_NAME ? i - MOST_NAME : 0,
					  i > MOST_NAME ? MOST_NAME : i));
		for (from = before.n; from > 0 && in_name(before.p[from - 1]);)
			from--;
		if (from > 0 || before.n < MOST_NAME)
			add_name(l, str_sub(before, from, before.n));
	}
}

int extract_state_names(xmlDocPtr doc, struct arena *a, struct str *to, int most)
{
	struct names l = { .a = a, .to = to, .most = most };
	xmlNodePtr top = (xmlNodePtr)(void *)doc;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		struct str type, text;

		if (!extract_tree_is(n, "script") || !n->children)
			continue;
		type = extract_tree_attr(n, "type");
		text = extract_tree_script(n, a);
		if (str_find(type, STR("ld+json")) >= 0 || text.n < LEAST_STATE)
			continue;
		if (str_find(type, STR("json")) >= 0)
			add_name(&l, extract_tree_attr(n, "id"));
		else if (is_program(type) && str_find(text, STR("__next_f")) >= 0)
			add_name(&l, STR("__next_f"));
		else if (is_program(type))
			add_variables(&l, text);
	}
	return l.n;
}
