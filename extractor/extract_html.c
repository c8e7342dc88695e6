#include "extractor/extract_html.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "extractor/extract_auto.h"
#include "extractor/extract_charset.h"
#include "extractor/extract_sel.h"
#include "extractor/extract_several.h"
#include "extractor/extract_walk.h"
#include "extractor/extract_xpath.h"

#include <libxml/uri.h>

#include <ctype.h>

/* A selector and what it found last. */
struct slot {
	struct extract_xpath *x; /* NULL for unset and constant ones */
	struct extract_found found;
	bool known; /* `found` is of the page, or item, that is looked at */
};

/* Compiled selectors, in extract_sel's order. */
struct extract_html {
	const struct conf_page *page;
	struct extract_heap *heap;
	struct slot *sel;
	struct extract_walk *walk; /* room for one of each */
	int *walked;		   /* which of them */
	struct extract_want want;  /* what they look at */
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

/* An element that is found stands for its href. */
static bool is_address(const struct extract_html *h, int i)
{
	int links = EXTRACT_SEL_FIELDS + h->page->n_fields;

	return i == EXTRACT_SEL_NEXT || (i >= links && i < links + h->page->n_links);
}

/* Looked for within each item, if there are items, and not in the page. */
static bool of_item(const struct extract_html *h, int i)
{
	return i == EXTRACT_SEL_SKIP ||
	       (i >= EXTRACT_SEL_FIELDS && i < EXTRACT_SEL_FIELDS + h->page->n_fields);
}

/* Items that are no elements are searched by libxml2 alone, which may look anywhere. Of
 * those that are, only their place matters, unless a selector means the item itself. */
static void find_want(struct extract_html *h)
{
	const struct extract_xpath *items = h->sel[EXTRACT_SEL_ITEMS].x;
	const struct extract_plain *plain = items ? extract_xpath_plain(items) : NULL;

	h->want.all = (plain && plain->kind != PLAIN_ELEMENTS) || h->page->format == FORMAT_AUTO;
	/* of <base> and of links */
	extract_want_attribute(&h->want, STR("href"));
	for (int i = 0; i < h->n; i++) {
		h->want.within = items && of_item(h, i);
		if (h->sel[i].x && i != EXTRACT_SEL_ITEMS)
			extract_want_selector(&h->want, extract_xpath_plain(h->sel[i].x),
					      !is_address(h, i));
	}
	h->want.within = false;
	if (items)
		extract_want_selector(&h->want, plain, h->want.context);
}

enum err extract_html_new(const struct conf_page *page, struct extract_heap *heap,
			  struct extract_html **ret, struct reason *why)
{
	struct extract_html *h = mem_zero(sizeof(*h));
	const struct conf_sel *sel;
	struct reason inner;
	enum err err = ERR_OK;

	h->page = page;
	h->heap = heap;
	h->n = EXTRACT_SEL_FIELDS + page->n_fields + page->n_links + page->n_values;
	h->sel = mem_array((size_t)h->n, sizeof(*h->sel));
	h->walk = mem_array((size_t)h->n, sizeof(*h->walk));
	h->walked = mem_array((size_t)h->n, sizeof(*h->walked));
	for (int i = 0; !err && (sel = extract_sel(page, i)); i++) {
		err = compile(sel, &h->sel[i].x, &inner);
		if (err)
			reason_set(why, err, "%s `%.*s`: %s", extract_sel_name(page, i),
				   (int)utf8_cut(sel->expr, 80).n, sel->expr.p, inner.text);
	}
	if (err) {
		extract_html_free(h);
		return err;
	}
	find_want(h);
	*ret = h;
	return ERR_OK;
}

void extract_html_free(struct extract_html *h)
{
	if (!h)
		return;
	for (int i = 0; i < h->n; i++)
		extract_xpath_free(h->sel[i].x);
	mem_free(h->sel);
	mem_free(h->walk);
	mem_free(h->walked);
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

/* Of the others only the first is of interest. */
static bool takes_all(const struct extract_html *h, int i)
{
	int field = i - EXTRACT_SEL_FIELDS;

	if (field >= 0 && field < h->page->n_fields)
		return conf_field_is_several(&h->page->fields[field]);
	return i != EXTRACT_SEL_MORE && !of_item(h, i);
}

static bool looked_for(const struct run *r, int i, bool item)
{
	return r->h->sel[i].x &&
	       (r->h->sel[EXTRACT_SEL_ITEMS].x ? of_item(r->h, i) == item : !item);
}

/* One walk answers all selectors that it can; `get` asks libxml2 for the others. */
static void look(struct run *r, xmlNodePtr item)
{
	struct extract_html *h = r->h;
	xmlNodePtr from = item ? item : (xmlNodePtr)(void *)r->page.doc;
	const struct extract_plain *plain;
	int n = 0;

	for (int i = 0; i < h->n; i++) {
		if (!looked_for(r, i, item != NULL))
			continue;
		h->sel[i].known = false;
		plain = extract_xpath_plain(h->sel[i].x);
		if (!plain || (item && (plain->absolute || item->type != XML_ELEMENT_NODE)))
			continue;
		h->walked[n] = i;
		h->walk[n++] = (struct extract_walk){ .plain = plain, .first = !takes_all(h, i) };
	}
	extract_walk(from, h->walk, n, r->s->a, &r->x.walk_left);
	r->x.spent |= r->x.walk_left < 0;
	for (int k = 0; k < n; k++) {
		struct slot *s = &h->sel[h->walked[k]];

		s->found = (struct extract_found){ .nodes = h->walk[k].nodes, .n = h->walk[k].n };
		s->known = true;
	}
}

static struct extract_found *get(struct run *r, int i, xmlNodePtr item)
{
	struct slot *s = &r->h->sel[i];

	if (!s->known) {
		extract_xpath_done(&s->found);
		s->found = extract_xpath_find(&r->x, s->x, item);
		s->known = true;
	}
	return &s->found;
}

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
	const struct slot *sel = r->h->sel;
	const struct extract_found *last;
	int64_t n;

	if (sel[EXTRACT_SEL_MORE].x)
		r->s->out->more = extract_xpath_any(get(r, EXTRACT_SEL_MORE, NULL));
	if (!sel[EXTRACT_SEL_LAST].x)
		return;
	last = get(r, EXTRACT_SEL_LAST, NULL);
	for (int i = 0; i < last->n && i < EXTRACT_MOST_LINKS; i++) {
		n = last_number(extract_xpath_text(&r->x, sel[EXTRACT_SEL_LAST].x, last, i, false,
						   r->s->a));
		if (n > r->s->out->last)
			r->s->out->last = n;
	}
}

static enum err read_links(struct run *r)
{
	const struct conf_page *page = r->h->page;
	const struct extract_found *found;
	const struct extract_xpath *x;
	struct str url;
	enum err err = ERR_OK;

	for (int i = 0; i < page->n_links && !err; i++) {
		int at = EXTRACT_SEL_FIELDS + page->n_fields + i;

		x = r->h->sel[at].x;
		if (!x)
			continue;
		found = get(r, at, NULL);
		for (int k = 0; k < found->n && !err; k++) {
			url = extract_xpath_text(&r->x, x, found, k, true, r->s->a);
			err = extract_sink_found(r->s, &page->links[i], absolute(r, url), r->why);
		}
	}
	return err;
}

/* The first address there. */
static enum err read_next(struct run *r)
{
	const struct extract_xpath *next = r->h->sel[EXTRACT_SEL_NEXT].x;
	const struct extract_found *found;
	struct str url = { 0 };

	if (!next)
		return ERR_OK;
	found = get(r, EXTRACT_SEL_NEXT, NULL);
	for (int i = 0; i < found->n && !url.n; i++)
		url = str_trim(extract_xpath_text(&r->x, next, found, i, true, r->s->a));
	return extract_sink_next(r->s, absolute(r, url), r->why);
}

/* The first that selector `i` finds. */
static struct str first_text(struct run *r, int i, xmlNodePtr item)
{
	const struct extract_found *f = get(r, i, item);
	struct str none = { 0 };

	return f->n ? extract_xpath_text(&r->x, r->h->sel[i].x, f, 0, false, r->s->a) : none;
}

/* The first number there. */
static void read_total(struct run *r)
{
	if (r->h->sel[EXTRACT_SEL_TOTAL].x)
		r->s->out->total = last_number(first_text(r, EXTRACT_SEL_TOTAL, NULL));
}

static enum err read_values(struct run *r)
{
	const struct conf_page *page = r->h->page;
	int at = EXTRACT_SEL_FIELDS + page->n_fields + page->n_links;
	const struct extract_found *found;
	struct str none = { 0 }, text;
	enum err err = ERR_OK;

	for (int i = 0; i < page->n_values && !err; i++, at++) {
		found = get(r, at, NULL);
		for (int k = 0; k < found->n && !err; k++) {
			text = extract_xpath_text(&r->x, r->h->sel[at].x, found, k, false, r->s->a);
			err = extract_sink_value(r->s, page->values[i].name, text, none, r->why);
		}
	}
	return err;
}

/* Of addresses, against <base>. */
static struct str as_field(struct run *r, const struct conf_field *f, struct str value)
{
	bool address = f->field == FIELD_URL || f->field == FIELD_IMAGE || f->field == FIELD_IMAGES;

	return address && !f->prefix.n ? absolute(r, value) : value;
}

/* All that the selector of such a field finds. */
static struct str field_values(struct run *r, const struct conf_field *f, int at, xmlNodePtr item)
{
	const struct extract_found *found;
	struct extract_several to;
	struct str text;

	extract_several_init(&to, f->field, r->s->a);
	if (!r->h->sel[at].x) {
		extract_several_add(&to, f->sel.expr);
		return extract_several_text(&to);
	}
	found = get(r, at, item);
	for (int i = 0; i < found->n && i < EXTRACT_MOST_LINKS; i++) {
		text = str_trim(
			extract_xpath_text(&r->x, r->h->sel[at].x, found, i, false, r->s->a));
		if (text.n && f->prefix.n)
			text = arena_fmt(r->s->a, "%.*s%.*s", STR_ARG(f->prefix), STR_ARG(text));
		extract_several_add(&to, as_field(r, f, text));
	}
	return extract_several_text(&to);
}

static struct str field_value(struct run *r, const struct conf_field *f, int at, xmlNodePtr item)
{
	if (conf_field_is_several(f))
		return field_values(r, f, at, item);
	return as_field(r, f, r->h->sel[at].x ? str_trim(first_text(r, at, item)) : f->sel.expr);
}

static void read_item(struct run *r, xmlNodePtr item)
{
	const struct conf_page *page = r->h->page;
	struct str value, none = { 0 };

	extract_sink_item(r->s);
	if (r->h->sel[EXTRACT_SEL_SKIP].x && extract_xpath_any(get(r, EXTRACT_SEL_SKIP, item))) {
		extract_sink_skip(r->s);
		return;
	}
	for (int i = 0; i < page->n_fields; i++) {
		const struct conf_field *f = &page->fields[i];

		value = field_value(r, f, EXTRACT_SEL_FIELDS + i, item);
		extract_sink_field(r->s, f, value, none);
	}
	extract_sink_keep(r->s);
}

/* Links without a selector follow what the page lists. */
static enum err auto_links(struct run *r, const struct extract_auto *found)
{
	const struct conf_page *page = r->h->page;
	enum err err = ERR_OK;

	for (int i = 0; i < page->n_links && !err; i++)
		for (int k = 0; k < found->n_links && !err && !page->links[i].sel.kind; k++)
			err = extract_sink_found(r->s, &page->links[i],
						 absolute(r, found->links[k]), r->why);
	return err;
}

static struct str absolute_all(struct run *r, struct str urls)
{
	struct extract_several to;
	struct str url;

	if (!r->base)
		return urls;
	extract_several_init(&to, FIELD_IMAGES, r->s->a);
	while (urls.n && str_next(&urls, LISTING_BETWEEN, &url))
		extract_several_add(&to, absolute(r, url));
	return extract_several_text(&to);
}

static void auto_item(struct run *r, const struct listing_raw *found,
		      const struct extract_auto_readers *readers)
{
	struct str value, none = { 0 };

	extract_sink_item(r->s);
	r->s->readers = readers->of;
	for (int f = 0; f < FIELD_COUNT; f++) {
		struct conf_field field = { .field = (enum listing_field)f };

		value = f == FIELD_IMAGES ? absolute_all(r, found->field[f])
					  : as_field(r, &field, found->field[f]);
		extract_sink_field(r->s, &field, value, none);
	}
	if (!r->s->now.field[FIELD_TITLE].p)
		extract_sink_reject(r->s, REJECT_MISSING, FIELD_TITLE,
				    STR("a product without a title"));
	else if (!r->s->now.field[FIELD_ID].p)
		extract_sink_reject(r->s, REJECT_MISSING, FIELD_ID,
				    STR("a product without an id or an address"));
	else
		extract_sink_keep(r->s);
}

/* What the page says of itself, as if selectors had found it. */
static enum err read_auto(struct run *r, const struct extract_auto *found)
{
	enum err err = auto_links(r, found);

	if (!err)
		err = extract_sink_items(r->s, (size_t)found->n, r->why);
	for (int i = 0; i < found->n && !err; i++)
		auto_item(r, &found->list[i], &found->readers[i]);
	return err;
}

static enum err read_items(struct run *r)
{
	const struct conf_sel *sel = &r->h->page->items;
	const struct extract_found *found;
	enum err err;

	if (!r->h->sel[EXTRACT_SEL_ITEMS].x) {
		err = extract_sink_items(r->s, 1, r->why);
		if (!err)
			read_item(r, NULL);
		return err;
	}
	found = get(r, EXTRACT_SEL_ITEMS, NULL);
	if (extract_xpath_is_value(found))
		return reason_set(r->why, ERR_BAD, "items `%.*s`: finds a value, not elements",
				  (int)utf8_cut(sel->expr, 80).n, sel->expr.p);
	err = extract_sink_items(r->s, (size_t)found->n, r->why);
	for (int i = 0; i < found->n && !err; i++) {
		look(r, found->nodes[i]);
		read_item(r, found->nodes[i]);
	}
	return err;
}

static bool is_json(const struct extract_in *in)
{
	struct str type = in->content_type, part = { 0 };
	struct str start = str_trim(str_sub(in->body, 0, 64));

	str_next(&type, ';', &part);
	return str_ends(str_trim(part), STR("json")) ||
	       (start.n && (start.p[0] == '{' || start.p[0] == '['));
}

/* Of an interface that answers as some pages do. */
static enum err run_json(struct extract_html *h, const struct extract_in *in,
			 struct extract_sink *s, struct reason *why)
{
	struct run r = { .h = h, .s = s, .why = why };
	struct extract_auto found;
	enum err err;

	err = extract_auto_json(extract_charset_utf8(in->body, in->content_type, false, s->a),
				s->url, s->a, &found, why);
	if (err)
		return err;
	if (in->parsed)
		in->parsed(in->ctx);
	return read_auto(&r, &found);
}

enum err extract_html_run(struct extract_html *h, const struct extract_in *in,
			  struct extract_sink *s, struct reason *why)
{
	struct run r = { .h = h, .s = s, .why = why };
	struct extract_auto found;
	enum err err;

	if (h->page->format == FORMAT_AUTO && is_json(in))
		return run_json(h, in, s, why);
	err = extract_html_page_read(&r.page, h->heap, &h->want, in->body, in->content_type, s->a,
				     why);
	if (err)
		goto out;
	if (in->parsed)
		in->parsed(in->ctx);
	find_base(&r, in->url);
	extract_xpath_begin(&r.x, &r.page);
	look(&r, NULL);
	read_paging(&r);
	read_total(&r);
	if (h->sel[EXTRACT_SEL_CANONICAL].x)
		s->out->canonical = absolute(&r, first_text(&r, EXTRACT_SEL_CANONICAL, NULL));
	err = read_next(&r);
	if (!err)
		err = read_links(&r);
	if (!err)
		err = read_values(&r);
	if (!err && h->page->format == FORMAT_AUTO) {
		extract_auto_find(&r.page, s->url, s->a, &found);
		err = read_auto(&r, &found);
	}
	if (!err && h->page->n_fields)
		err = read_items(&r);
	if (!err && r.x.spent)
		err = reason_set(why, ERR_TOO_BIG, "the selectors need more than %d steps",
				 EXTRACT_MOST_STEPS);
out:
	for (int i = 0; i < h->n; i++)
		extract_xpath_done(&h->sel[i].found);
	extract_xpath_end(&r.x);
	extract_html_page_done(&r.page);
	mem_free(r.base);
	return err;
}
