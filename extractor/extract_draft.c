#include "extractor/extract_draft.h"

#include "extractor/extract_charset.h"
#include "extractor/extract_further.h"
#include "extractor/extract_goods.h"
#include "extractor/extract_loose.h"
#include "extractor/extract_pick.h"
#include "extractor/extract_records.h"
#include "extractor/extract_state.h"
#include "extractor/extract_tree.h"

#define MOST_NAMES 12	       /* scripts and variables that are looked into */
#define MOST_SCRIPTS 2	       /* ways by them */
#define MOST_MEMORY (64 << 20) /* of their values, before the last */
#define MOST_REPEATS 4	       /* ways by markup */

static struct extract_draft_way *add(struct extract_draft *d)
{
	return d->n < EXTRACT_DRAFT_WAYS ? &d->ways[d->n++] : NULL;
}

static void add_auto(struct extract_draft *d)
{
	struct extract_draft_way *w = add(d);

	w->format = FORMAT_AUTO;
	w->what = STR("what the page says of itself");
}

static bool is_json(const struct extract_draft_in *in)
{
	struct str s = str_trim(in->body);

	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_trim(str_sub(s, 3, s.n));
	return s.n && (s.p[0] == '{' || s.p[0] == '[') &&
	       (str_find(in->content_type, STR("html")) < 0);
}

static void tell_encoding(const struct extract_draft_in *in, bool html, struct extract_draft *ret)
{
	size_t skip;
	const struct extract_encoding *told =
		extract_charset_told(in->body, in->content_type, html, &skip);
	const struct extract_encoding *is =
		extract_charset(in->body, in->content_type, html, &skip);

	ret->told = told != NULL;
	ret->encoding = str_of(is->name);
}

/* --- JSON */

/* `.next` and the like, an address. */
static struct str next_of(const struct extract_node *top, struct str path, int depth,
			  struct arena *a)
{
	static const char *const names[] = { "next", "nextUrl", "next_url", "nextPage" };
	struct str found = { 0 };

	for (const struct extract_node *c = top->first; c && !found.p; c = c->next) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (str_is(c->key, names[i]) && c->kind == EXTRACT_TEXT &&
			    (str_starts(c->text, STR("http")) || str_starts(c->text, STR("/")) ||
			     str_starts(c->text, STR("?"))))
				return arena_fmt(a, "%.*s.%s", STR_ARG(path), names[i]);
		if (c->kind == EXTRACT_OBJECT && depth < 2 && !found.p &&
		    (str_is(c->key, "links") || str_is(c->key, "paging") ||
		     str_is(c->key, "meta") || str_is(c->key, "pagination") ||
		     str_is(c->key, "_links")))
			found = next_of(c,
					arena_fmt(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(c->key)),
					depth + 1, a);
	}
	return found;
}

static void add_records(struct extract_draft *d, const struct extract_node *top, struct str script,
			const struct extract_draft_in *in, struct arena *a, int most)
{
	struct extract_draft_way ways[EXTRACT_RECORDS_MOST], *w;
	int n = extract_records_find(top, in, a, ways);
	struct str next = top->kind == EXTRACT_OBJECT && !script.n
				  ? next_of(top, (struct str){ 0 }, 0, a)
				  : (struct str){ 0 };

	for (int i = 0; i < n && i < most; i++) {
		w = add(d);
		if (!w)
			return;
		*w = ways[i];
		w->script = script;
		if (script.n)
			w->what = arena_fmt(a, "%.*s of script %.*s", STR_ARG(w->what),
					    STR_ARG(script));
		if (next.n)
			w->next = (struct conf_sel){ .kind = SEL_JQ, .expr = next };
		else
			w->more = (struct conf_sel){ .kind = SEL_JQ,
						     .expr = arena_fmt(a, "[%.*s?] | length > 0",
								       STR_ARG(w->items.expr)) };
	}
}

static enum err draft_json(const struct extract_draft_in *in, struct arena *a,
			   struct extract_draft *ret, struct reason *why)
{
	struct str text = extract_charset_utf8(in->body, in->content_type, false, a);
	struct extract_node *docs;
	enum err err = extract_loose_read(text, a, &docs, why);

	if (!docs->first)
		return err ? err : reason_set(why, ERR_BAD, "no JSON in the body");
	ret->json = true;
	tell_encoding(in, false, ret);
	add_auto(ret);
	add_records(ret, docs->first, (struct str){ 0 }, in, a, EXTRACT_RECORDS_MOST);
	ret->outside = extract_goods_is_one(docs, a);
	return ERR_OK;
}

/* --- HTML */

static void add_scripts(struct extract_draft *d, xmlDocPtr doc, const struct extract_draft_in *in,
			struct arena *a)
{
	struct str names[MOST_NAMES];
	int n = extract_state_names(doc, a, names, MOST_NAMES), before = d->n;
	size_t most = arena_used(a) + MOST_MEMORY;

	for (int i = 0; i < n && d->n - before < MOST_SCRIPTS && arena_used(a) < most; i++) {
		const struct extract_node *found = extract_state_named(doc, names[i], a);

		if (!found->first)
			continue;
		/* as extract_script.h gives them to jq */
		if (!str_ends(names[i], STR("__next_f")))
			found = found->first;
		add_records(d, found, names[i], in, a, 1);
	}
}

/* A price before all of the region's records. */
static bool is_outside(const struct extract_cells *c, const struct extract_repeat *r)
{
	return c->sum[EXTRACT_CELLS_PRICE][r->at[0]] > 0;
}

static void add_repeats(struct extract_draft *d, struct extract_html_page *page,
			const struct extract_draft_in *in, struct arena *a)
{
	struct extract_repeat found[EXTRACT_REPEAT_MOST];
	struct extract_further further;
	struct extract_draft_way *w;
	struct extract_cells cells;
	int n, before = d->n;

	extract_cells_read(&cells, page, in, a);
	n = extract_repeat_find(&cells, found);
	extract_further_find(&cells, &further);
	for (int i = 0; i < d->n; i++)
		d->ways[i].rel_next = further.rel_next && d->ways[i].format == FORMAT_AUTO;
	d->outside = n > 0 && is_outside(&cells, &found[0]);
	for (int i = 0; i < n && d->n - before < MOST_REPEATS; i++) {
		w = add(d);
		if (!w)
			return;
		extract_pick(&cells, &found[i], w);
		if (!w->fields[FIELD_TITLE].kind || !w->fields[FIELD_ID].kind) {
			d->n--;
			continue;
		}
		w->rel_next = further.rel_next;
		if (further.css.n)
			w->next = (struct conf_sel){ .kind = SEL_CSS, .expr = further.css };
		else if (further.param.n)
			w->more = (struct conf_sel){ .kind = SEL_CSS, .expr = w->items.expr };
	}
	d->param = further.param;
	d->first = further.first;
}

static struct str language_of(xmlDocPtr doc, struct arena *a)
{
	struct str s = extract_tree_attr(xmlDocGetRootElement(doc), "lang");

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '_')
			return (struct str){ 0 };
	return arena_str(a, s);
}

static enum err draft_html(const struct extract_draft_in *in, struct arena *a,
			   struct extract_draft *ret, struct reason *why)
{
	static const struct extract_want all = { .all = true };
	struct extract_heap *heap = extract_heap_new();
	struct extract_html_page page;
	enum err err =
		extract_html_page_read(&page, heap, &all, in->body, in->content_type, a, why);

	if (!err) {
		tell_encoding(in, true, ret);
		ret->language = language_of(page.doc, a);
		add_auto(ret);
		add_scripts(ret, page.doc, in, a);
		add_repeats(ret, &page, in, a);
	}
	extract_html_page_done(&page);
	extract_heap_free(heap);
	return err;
}

enum err extract_draft(const struct extract_draft_in *in, struct arena *a,
		       struct extract_draft *ret, struct reason *why)
{
	int64_t n;
	enum err err;

	*ret = (struct extract_draft){ .n = 0 };
	err = is_json(in) ? draft_json(in, a, ret, why) : draft_html(in, a, ret, why);
	/* the page that is looked at need not be the first */
	if (!err && !ret->param.n && extract_further_param(in->url, &n).n) {
		ret->param = arena_str(a, extract_further_param(in->url, &n));
		ret->first = n;
	}
	return err;
}
