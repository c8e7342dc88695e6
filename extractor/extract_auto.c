#include "extractor/extract_auto.h"

#include "extractor/extract_goods.h"
#include "extractor/extract_jsonld.h"
#include "extractor/extract_loose.h"
#include "extractor/extract_microdata.h"
#include "extractor/extract_opengraph.h"
#include "extractor/extract_rdfa.h"
#include "extractor/extract_several.h"
#include "extractor/extract_shown.h"
#include "extractor/extract_state.h"
#include "extractor/extract_words.h"

#include <ctype.h>

/* Open Graph's properties, and those of shops and of Pinterest, for fields. */
static const struct property {
	const char *name;
	enum listing_field field;
} properties[] = {
	{ .name = "product:retailer_item_id", .field = FIELD_ID },
	{ .name = "product:sku", .field = FIELD_ID },
	{ .name = "og:title", .field = FIELD_TITLE },
	{ .name = "og:description", .field = FIELD_DESCRIPTION },
	{ .name = "og:url", .field = FIELD_URL },
	{ .name = "og:image", .field = FIELD_IMAGE },
	{ .name = "og:image:secure_url", .field = FIELD_IMAGE },
	{ .name = "product:sale_price:amount", .field = FIELD_PRICE },
	{ .name = "product:sale_price:currency", .field = FIELD_CURRENCY },
	{ .name = "product:price:amount", .field = FIELD_PRICE },
	{ .name = "og:price:amount", .field = FIELD_PRICE },
	{ .name = "product:price", .field = FIELD_PRICE },
	{ .name = "product:price:currency", .field = FIELD_CURRENCY },
	{ .name = "og:price:currency", .field = FIELD_CURRENCY },
	{ .name = "product:brand", .field = FIELD_BRAND },
	{ .name = "og:brand", .field = FIELD_BRAND },
	{ .name = "product:category", .field = FIELD_CATEGORY },
	{ .name = "product:condition", .field = FIELD_CONDITION },
	{ .name = "product:availability", .field = FIELD_STATUS },
	{ .name = "og:availability", .field = FIELD_STATUS },
};

static struct str property(const struct extract_node *og, const char *name)
{
	const struct extract_node *pairs = extract_node_get(og->first, "properties");

	for (const struct extract_node *c = pairs ? pairs->first : NULL; c; c = c->next)
		if (str_is(c->first->text, name))
			return str_trim(c->last->text);
	return (struct str){ 0 };
}

/* Every og:image. */
static struct str pictures(const struct extract_node *og, struct arena *a)
{
	const struct extract_node *pairs = extract_node_get(og->first, "properties");
	struct extract_several all;

	extract_several_init(&all, FIELD_IMAGES, a);
	for (const struct extract_node *c = pairs ? pairs->first : NULL; c; c = c->next)
		if (str_is(c->first->text, "og:image"))
			extract_several_add(&all, c->last->text);
	return extract_several_text(&all);
}

static void read_opengraph(const struct extract_node *og, struct arena *a, struct listing_raw *ret)
{
	*ret = (struct listing_raw){ 0 };
	if (!og->first)
		return;
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		struct str *to = &ret->field[properties[i].field];
		struct str s = property(og, properties[i].name);

		if (to->n || !s.n)
			continue;
		if (properties[i].field == FIELD_STATUS)
			s = extract_words_status(s);
		else if (properties[i].field != FIELD_URL && properties[i].field != FIELD_IMAGE)
			s = extract_words_plain(s, a);
		*to = s;
	}
	ret->field[FIELD_IMAGES] = pictures(og, a);
}

/* "Boots | The shop" where the heading is "Boots", or the site is called "The shop". */
static void shorten_title(const struct extract_node *og, struct str heading, struct str *title)
{
	static const char *const separators[] = { " | ", " - ", " – ", " — ", " : " };
	struct str site = og->first ? property(og, "og:site_name") : (struct str){ 0 };
	ptrdiff_t at;

	if (heading.n && heading.n < title->n && extract_words_alike(heading, *title)) {
		*title = heading;
		return;
	}
	for (size_t i = 0; site.n && i < sizeof(separators) / sizeof(separators[0]); i++) {
		struct str part = str_of(separators[i]);

		at = str_find(*title, part);
		if (at > 0 && str_starts(str_sub(*title, (size_t)at + part.n, title->n), site)) {
			*title = str_sub(*title, 0, (size_t)at);
			return;
		}
	}
}

/* Whether Open Graph says that the page is about a thing that is sold. */
static bool is_sold(const struct extract_node *og, const struct listing_raw *raw)
{
	struct str type = og->first ? property(og, "og:type") : (struct str){ 0 };

	return raw->field[FIELD_PRICE].n || str_starts(type, STR("product")) ||
	       str_starts(type, STR("og:product"));
}

/* What is missing in `to` from `more`, whose price and currency go together, as its images do. */
static void fill(struct listing_raw *to, const struct listing_raw *more)
{
	bool price = to->field[FIELD_PRICE].n > 0, image = to->field[FIELD_IMAGE].n > 0;

	for (int i = 0; i < FIELD_COUNT; i++)
		if (!to->field[i].n && more->field[i].n && (i != FIELD_CURRENCY || !price) &&
		    (i != FIELD_IMAGES || !image))
			to->field[i] = more->field[i];
	if (!to->field[FIELD_CURRENCY].n)
		to->field[FIELD_CURRENCY] = more->field[FIELD_CURRENCY];
}

/* An id that is the same wherever the listing is met. */
static void identify(struct listing_raw *raw, const struct extract_hints *hints, bool one)
{
	struct str url;

	if (one && !raw->field[FIELD_URL].n)
		raw->field[FIELD_URL] = hints->url;
	url = raw->field[FIELD_URL];
	if (!raw->field[FIELD_ID].n && url.n)
		raw->field[FIELD_ID] = extract_shown_id(url);
	if (!raw->field[FIELD_ID].n)
		raw->field[FIELD_ID] = url;
	for (int i = 0; i < FIELD_COUNT; i++)
		if (!raw->field[i].n)
			raw->field[i] = (struct str){ 0 };
}

#define SOURCES 3 /* of schema.org */

struct found {
	struct extract_hints hints;
	struct extract_products of[SOURCES], state;
	struct listing_raw opengraph, shown;
	bool opengraph_sold;
	const char *names[SOURCES], *state_name;
};

static void look(struct extract_html_page *page, struct str url, struct arena *a, struct found *ret)
{
	struct extract_node *og = extract_opengraph_read(page->doc, a);

	extract_shown_hints(page, url, a, &ret->hints);
	extract_product_read(extract_jsonld_read(page->doc, a), &ret->hints, a, &ret->of[0]);
	extract_product_read(extract_microdata_read(page, (struct str){ 0 }, a), &ret->hints, a,
			     &ret->of[1]);
	extract_product_read(extract_rdfa_read(page, url, a), &ret->hints, a, &ret->of[2]);
	extract_goods_read(extract_state_read(page->doc, a), &ret->hints, a, &ret->state);
	read_opengraph(og, a, &ret->opengraph);
	shorten_title(og, ret->hints.title, &ret->opengraph.field[FIELD_TITLE]);
	ret->opengraph_sold = is_sold(og, &ret->opengraph);
}

/* Fields are taken as they are: where the text lies tells whose it is. */
static const char *reader_of(const struct found *f, int field, struct str text)
{
	for (int i = 0; i < SOURCES; i++)
		if (f->of[i].one.field[field].p == text.p)
			return f->names[i];
	if (f->opengraph.field[field].p == text.p)
		return "Open Graph";
	if (f->state.one.field[field].p == text.p)
		return f->state_name;
	if (f->shown.field[field].p == text.p)
		return "shown";
	for (int i = 0; i < SOURCES; i++)
		if (f->of[i].category.p == text.p || f->of[i].path.p == text.p)
			return "breadcrumbs";
	return "address";
}

/* `name`: of what lists them all; NULL: each field has its own. */
static void name_readers(const struct found *f, const char *name, struct arena *a,
			 struct extract_auto *ret)
{
	ret->readers = arena_array(a, (size_t)ret->n, sizeof(*ret->readers));
	for (int i = 0; i < ret->n; i++) {
		for (int k = 0; k < FIELD_COUNT; k++)
			if (ret->list[i].field[k].n)
				ret->readers[i].of[k] =
					name ? name : reader_of(f, k, ret->list[i].field[k]);
	}
}

static void take_list(struct found *f, const struct extract_products *from, const char *name,
		      struct arena *a, struct extract_auto *ret)
{
	ret->list = from->list;
	ret->n = from->n;
	name_readers(f, name, a, ret);
	for (int k = 0; k < ret->n; k++) {
		bool named = ret->list[k].field[FIELD_ID].n > 0;

		identify(&ret->list[k], &f->hints, false);
		if (!named && ret->list[k].field[FIELD_ID].n)
			ret->readers[k].of[FIELD_ID] = "address";
	}
}

/* Of the best source that has any; else of listings that say where they are. */
static void take_links(const struct found *f, struct arena *a, struct extract_auto *ret)
{
	for (int i = 0; i < SOURCES && !ret->n_links; i++) {
		ret->links = f->of[i].links;
		ret->n_links = f->of[i].n_links;
	}
	if (ret->n_links || ret->n < 2)
		return;
	ret->links = arena_array(a, (size_t)ret->n, sizeof(*ret->links));
	for (int i = 0; i < ret->n; i++)
		if (ret->list[i].field[FIELD_URL].n)
			ret->links[ret->n_links++] = ret->list[i].field[FIELD_URL];
}

/* The best source that lists any; -1: none does. */
static int list_of(const struct found *f)
{
	for (int i = 0; i < SOURCES; i++)
		if (f->of[i].n)
			return i;
	return -1;
}

/* A price in minor units, as some carry it, is shown with a point. */
static bool same_digits(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.n && !isdigit((unsigned char)a.p[i]))
			i++;
		while (k < b.n && !isdigit((unsigned char)b.p[k]))
			k++;
		if (i == a.n || k == b.n)
			return i == a.n && k == b.n;
		if (a.p[i++] != b.p[k++])
			return false;
	}
}

/* `page`: that shows it, too; NULL: nothing does. */
static void choose(struct found *f, struct extract_html_page *page, struct arena *a,
		   struct extract_auto *ret)
{
	struct listing_raw *one = arena_array(a, 1, sizeof(*one));
	int best = list_of(f);
	bool any = false;

	for (int i = 0; i < SOURCES; i++) {
		any |= f->of[i].one.field[FIELD_TITLE].n > 0;
		fill(one, &f->of[i].one);
	}
	if (!any && best >= 0) {
		take_list(f, &f->of[best], f->names[best], a, ret);
		return;
	}
	if (page)
		extract_shown_read(page, &f->hints, a, &f->shown);
	any |= f->opengraph_sold || f->state.one.field[FIELD_TITLE].n > 0;
	if (!any && f->state.n) {
		take_list(f, &f->state, f->state_name, a, ret);
		return;
	}
	if (!any && !(f->shown.field[FIELD_PRICE].n && f->shown.field[FIELD_STATUS].n))
		return;
	if (same_digits(f->shown.field[FIELD_PRICE], f->state.one.field[FIELD_PRICE]))
		f->state.one.field[FIELD_PRICE] = f->shown.field[FIELD_PRICE];
	fill(one, &f->opengraph);
	fill(one, &f->state.one);
	fill(one, &f->shown);
	for (int i = 0; i < SOURCES && !one->field[FIELD_CATEGORY].n; i++)
		one->field[FIELD_CATEGORY] = f->of[i].category;
	for (int i = 0; i < SOURCES && !one->field[FIELD_CATEGORY_PATH].n; i++)
		one->field[FIELD_CATEGORY_PATH] = f->of[i].path;
	identify(one, &f->hints, true);
	ret->list = one;
	ret->n = 1;
	name_readers(f, NULL, a, ret);
}

void extract_auto_find(struct extract_html_page *page, struct str url, struct arena *a,
		       struct extract_auto *ret)
{
	struct found f = { .names = { "JSON-LD", "microdata", "RDFa" }, .state_name = "state" };

	*ret = (struct extract_auto){ 0 };
	look(page, url, a, &f);
	choose(&f, page, a, ret);
	take_links(&f, a, ret);
}

enum err extract_auto_json(struct str body, struct str url, struct arena *a,
			   struct extract_auto *ret, struct reason *why)
{
	struct found f = { .hints = { .url = url, .all = true },
			   .names = { "schema.org" },
			   .state_name = "members" };
	struct extract_node *docs;
	/* what can be read of a broken one is */
	enum err err = extract_loose_read(body, a, &docs, why);

	*ret = (struct extract_auto){ 0 };
	if (!docs->first)
		return err;
	extract_product_read(docs, &f.hints, a, &f.of[0]);
	extract_goods_read(docs, &f.hints, a, &f.state);
	choose(&f, NULL, a, ret);
	take_links(&f, a, ret);
	return ERR_OK;
}
