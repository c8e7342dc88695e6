#include "extractor/extract_html.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "extractor/extract_sel.h"
#include "extractor/extract_xpath.h"

#include <libxml/uri.h>

#include <ctype.h>

/* NULL for unset and constant ones. */
struct slot {
	struct extract_xpath *x;
};

/* Compiled selectors, in extract_sel's order. */
struct extract_html {
	const struct conf_page *page;
	struct slot *sel;
	int n;
};

static enum err compile(const struct conf_sel *sel, struct extract_xpath **ret, struct reason *why)
{
	*ret = NULL;
	if (sel->kind == SEL_NONE || sel->kind == SEL_CONST)
		return ERR_OK;
	return extract_xpath_new(sel, ret, why);
}

enum err extract_html_check(const struct conf_sel *sel, struct reason *why)
{
	struct extract_xpath *x = NULL;
	enum err err = compile(sel, &x, why);

	extract_xpath_free(x);
	return err;
}

enum err extract_html_new(const struct conf_page *page, struct extract_html **ret,
			  struct reason *why)
{
	struct extract_html *h = mem_zero(sizeof(*h));
	const struct conf_sel *sel;
	struct reason inner;
	enum err err = ERR_OK;

	h->page = page;
	h->n = EXTRACT_SEL_FIELDS + page->n_fields + page->n_links;
	h->sel = mem_array((size_t)h->n, sizeof(*h->sel));
	for (int i = 0; !err && (sel = extract_sel(page, i)); i++) {
		err = compile(sel, &h->sel[i].x, &inner);
		if (err)
			reason_set(why, err, "%s `%.*s`: %s", extract_sel_name(page, i),
				   (int)utf8_cut(sel->expr, 80).n, sel->expr.p, inner.text);
	}
	if (err)
		extract_html_free(h);
	else
		*ret = h;
	return err;
}

void extract_html_free(struct extract_html *h)
{
	if (!h)
		return;
	for (int i = 0; i < h->n; i++)
		extract_xpath_free(h->sel[i].x);
	mem_free(h->sel);
	mem_free(h);
}

/* Running. */
struct run {
	struct extract_html *h;
	struct extract_sink *s;
	struct reason *why;
	struct extract_html_page page;
	struct extract_xpath_run x;
	char *base; /* absolute, of <base>; or NULL */
};

/* Against <base>; as found when there is none, or when it is no URI. */
static struct str absolute(struct run *r, struct str url)
{
	struct str s;
	xmlChar *made;

	if (!r->base || !url.n)
		return url;
	url = arena_str(r->s->a, str_trim(url));
	made = xmlBuildURI((const xmlChar *)url.p, (const xmlChar *)r->base);
	s = made ? arena_text(r->s->a, (const char *)made) : url;
	xmlFree(made);
	return s;
}

static void find_base(struct run *r, struct str url)
{
	xmlChar *made;

	if (!r->page.base.n)
		return;
	url = arena_str(r->s->a, url);
	made = xmlBuildURI((const xmlChar *)r->page.base.p, (const xmlChar *)url.p);
	r->base = mem_text((const char *)made);
	xmlFree(made);
}

/* The last run of digits, commas between them left out; -1: none. */
static int64_t last_number(struct str s)
{
	int64_t n = 0, unit = 1;
	size_t i = s.n;

	while (i && !isdigit((unsigned char)s.p[i - 1]))
		i--;
	if (!i)
		return -1;
	for (; i && (isdigit((unsigned char)s.p[i - 1]) || s.p[i - 1] == ','); i--) {
		if (s.p[i - 1] == ',')
			continue;
		if (unit > 1000000000000)
			return -1;
		n += (s.p[i - 1] - '0') * unit;
		unit *= 10;
	}
	return n;
}

static void read_paging(struct run *r)
{
	struct extract_xpath *more = r->h->sel[EXTRACT_SEL_MORE].x,
			     *last = r->h->sel[EXTRACT_SEL_LAST].x;
	xmlXPathObjectPtr found;
	int64_t n;

	if (more)
		r->s->out->more = extract_xpath_any(&r->x, more, NULL);
	if (!last)
		return;
	found = extract_xpath_find(&r->x, last, NULL);
	for (int i = 0, all = extract_xpath_count(found); i < all && i < EXTRACT_MOST_LINKS; i++) {
		n = last_number(extract_xpath_text(&r->x, last, found, i, false, r->s->a));
		if (n > r->s->out->last)
			r->s->out->last = n;
	}
	xmlXPathFreeObject(found);
}

static enum err read_links(struct run *r)
{
	const struct conf_page *page = r->h->page;
	struct extract_xpath *x;
	xmlXPathObjectPtr found;
	struct str url;
	enum err err = ERR_OK;

	for (int i = 0; i < page->n_links && !err; i++) {
		x = r->h->sel[EXTRACT_SEL_FIELDS + page->n_fields + i].x;
		if (!x)
			continue;
		found = extract_xpath_find(&r->x, x, NULL);
		for (int k = 0, n = extract_xpath_count(found); k < n && !err; k++) {
			url = extract_xpath_text(&r->x, x, found, k, true, r->s->a);
			err = extract_sink_found(r->s, &page->links[i], absolute(r, url), r->why);
		}
		xmlXPathFreeObject(found);
	}
	return err;
}

/* The first address there. */
static enum err read_next(struct run *r)
{
	struct extract_xpath *next = r->h->sel[EXTRACT_SEL_NEXT].x;
	struct str url = { 0 };
	xmlXPathObjectPtr found;

	if (!next)
		return ERR_OK;
	found = extract_xpath_find(&r->x, next, NULL);
	for (int i = 0, n = extract_xpath_count(found); i < n && !url.n; i++)
		url = str_trim(extract_xpath_text(&r->x, next, found, i, true, r->s->a));
	xmlXPathFreeObject(found);
	return extract_sink_next(r->s, absolute(r, url), r->why);
}

static void read_item(struct run *r, xmlNodePtr item)
{
	const struct conf_page *page = r->h->page;
	struct extract_xpath *skip = r->h->sel[EXTRACT_SEL_SKIP].x, *x;
	struct str value, none = { 0 };

	extract_sink_item(r->s);
	if (skip && extract_xpath_any(&r->x, skip, item)) {
		extract_sink_skip(r->s);
		return;
	}
	for (int i = 0; i < page->n_fields; i++) {
		const struct conf_field *f = &page->fields[i];

		x = r->h->sel[EXTRACT_SEL_FIELDS + i].x;
		value = x ? str_trim(extract_xpath_first(&r->x, x, item, r->s->a)) : f->sel.expr;
		if ((f->field == FIELD_URL || f->field == FIELD_IMAGE) && !f->prefix.n)
			value = absolute(r, value);
		extract_sink_field(r->s, f, value, none);
	}
	extract_sink_keep(r->s);
}

static enum err read_items(struct run *r)
{
	struct extract_xpath *items = r->h->sel[EXTRACT_SEL_ITEMS].x;
	const struct conf_sel *sel = &r->h->page->items;
	xmlXPathObjectPtr found;
	enum err err;
	int n;

	if (!items) {
		err = extract_sink_items(r->s, 1, r->why);
		if (!err)
			read_item(r, NULL);
		return err;
	}
	found = extract_xpath_find(&r->x, items, NULL);
	n = extract_xpath_count(found);
	if (found && found->type != XPATH_NODESET)
		err = reason_set(r->why, ERR_BAD, "items `%.*s`: finds a value, not elements",
				 (int)utf8_cut(sel->expr, 80).n, sel->expr.p);
	else
		err = extract_sink_items(r->s, (size_t)n, r->why);
	for (int i = 0; found && i < n && !err; i++)
		read_item(r, found->nodesetval->nodeTab[i]);
	xmlXPathFreeObject(found);
	return err;
}

enum err extract_html_run(struct extract_html *h, const struct extract_in *in,
			  struct extract_sink *s, struct reason *why)
{
	struct run r = { .h = h, .s = s, .why = why };
	enum err err;

	err = extract_html_page_read(&r.page, in->body, in->content_type, s->a, why);
	if (err)
		goto out;
	if (in->parsed)
		in->parsed(in->ctx);
	find_base(&r, in->url);
	extract_xpath_begin(&r.x, &r.page);
	read_paging(&r);
	err = read_next(&r);
	if (!err)
		err = read_links(&r);
	if (!err && h->page->n_fields)
		err = read_items(&r);
	if (!err && r.x.spent)
		err = reason_set(why, ERR_TOO_BIG, "the selectors need more than %d steps",
				 EXTRACT_MOST_STEPS);
out:
	extract_xpath_end(&r.x);
	extract_html_page_done(&r.page);
	mem_free(r.base);
	return err;
}
