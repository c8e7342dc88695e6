#include "extractor/extract_state.h"

#include "extractor/extract_loose.h"
#include "extractor/extract_tree.h"

#include <ctype.h>
#include <string.h>

#define MOST_MEMORY (64 << 20) /* of all values: many times the room of their text */
#define MOST_FLIGHT (8 << 20)  /* bytes of all texts pushed to __next_f */

struct reader {
	struct arena *a;
	struct extract_node *all;
	struct buf flight; /* what __next_f gets, put together */
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
	else if (n->first)
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
		i += pushed ? sizeof(push) - 1 : 1;
		while (i < s.n && isspace((unsigned char)s.p[i]))
			i++;
		read_literal(r, str_sub(s, i, s.n), pushed, &used);
		i += used;
	}
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
	else if (!type.n || str_find(type, STR("script")) >= 0 ||
		 str_eq_nocase(type, STR("module")))
		read_script(r, text);
}

struct extract_node *extract_state_read(xmlDocPtr doc, struct arena *a)
{
	struct reader r = { .a = a,
			    .all = extract_node_new(a, EXTRACT_ARRAY),
			    .most = arena_used(a) + MOST_MEMORY };
	xmlNodePtr top = (xmlNodePtr)(void *)doc;

	buf_init(&r.flight, MOST_FLIGHT);
	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, "script") && n->children)
			read_element(&r, n);
	if (names_price(buf_str(&r.flight)) && arena_used(a) < r.most)
		read_documents(&r, arena_str(a, buf_str(&r.flight)));
	buf_done(&r.flight);
	return r.all;
}
