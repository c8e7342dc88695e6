#include "extractor/extract_shown.h"

#include "extractor/extract_around.h"
#include "extractor/extract_button.h"
#include "extractor/extract_price.h"
#include "extractor/extract_tree.h"
#include "extractor/extract_words.h"

#include <ctype.h>
#include <string.h>

#define LEAST_ID 5 /* digits */

/* Heading and address. */
static struct str meta(xmlNodePtr top, const char *attr, const char *name)
{
	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, "meta") &&
		    str_eq_nocase(extract_tree_attr(n, attr), str_of(name)))
			return str_trim(extract_tree_attr(n, "content"));
	return (struct str){ 0 };
}

/* The first that has a text and is not the shop's own. */
static xmlNodePtr heading(struct extract_html_page *page, struct arena *a, struct str *ret_text)
{
	static const char *const others[] = { "logo", "nav", "brand", "site", NULL };
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc, found = NULL;
	struct str text;

	*ret_text = (struct str){ 0 };
	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		bool other;

		if (!extract_tree_is(n, "h1"))
			continue;
		other = extract_around_named(n, others) ||
			(n->parent && extract_around_named(n->parent, others));
		text = found && other ? (struct str){ 0 } : extract_html_page_text(page, n, a);
		if (!text.n)
			continue;
		*ret_text = text;
		found = n;
		if (!other)
			break;
	}
	return found;
}

static struct str first_text(struct extract_html_page *page, const char *element, struct arena *a)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, element))
			return extract_html_page_text(page, n, a);
	return (struct str){ 0 };
}

void extract_shown_hints(struct extract_html_page *page, struct str url, struct arena *a,
			 struct extract_hints *ret)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	struct str canonical = { 0 }, title;

	for (xmlNodePtr n = top; n && !canonical.n; n = extract_tree_next(n, top))
		if (extract_tree_is(n, "link") && extract_tree_word(n, "rel", "canonical"))
			canonical = str_trim(extract_tree_attr(n, "href"));
	if (!canonical.n)
		canonical = meta(top, "property", "og:url");
	*ret = (struct extract_hints){ .url = url };
	if (canonical.n)
		ret->url = arena_str(a, extract_tree_absolute(canonical, url, a));
	heading(page, a, &title);
	if (!title.n)
		title = arena_str(a, meta(top, "property", "og:title"));
	ret->title = title.n ? title : first_text(page, "title", a);
}

/* What attributes say. */
static const struct attribute {
	const char *attr, *value; /* value NULL: any, the attribute itself has it */
	enum listing_field field;
} attributes[] = {
	{ .attr = "itemprop", .value = "price", .field = FIELD_PRICE },
	{ .attr = "itemprop", .value = "lowPrice", .field = FIELD_PRICE },
	{ .attr = "itemprop", .value = "priceCurrency", .field = FIELD_CURRENCY },
	{ .attr = "itemprop", .value = "availability", .field = FIELD_STATUS },
	{ .attr = "itemprop", .value = "sku", .field = FIELD_ID },
	{ .attr = "itemprop", .value = "productID", .field = FIELD_ID },
	{ .attr = "itemprop", .value = "brand", .field = FIELD_BRAND },
	{ .attr = "data-sku", .field = FIELD_ID },
	{ .attr = "data-product-sku", .field = FIELD_ID },
	{ .attr = "data-product-id", .field = FIELD_ID },
	{ .attr = "data-productid", .field = FIELD_ID },
};

static struct str value_of(struct extract_html_page *page, xmlNodePtr n, const struct attribute *at,
			   struct arena *a)
{
	struct str s = extract_tree_attr(n, at->value ? "content" : at->attr);

	if (!s.n && at->value)
		s = extract_tree_attr(n, "href");
	if (!s.n && at->value)
		s = extract_around_text(page, n, a);
	s = arena_str(a, str_trim(s));
	return at->field == FIELD_STATUS ? extract_words_status(s) : s;
}

/* What stands in an item is microdata, and of that item alone. */
static bool in_item(const xmlNode *n)
{
	for (; n; n = n->parent)
		if (extract_tree_has(n, "itemscope"))
			return true;
	return false;
}

static void read_attributes(struct extract_html_page *page, struct arena *a,
			    struct listing_raw *ret)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	int left = EXTRACT_AROUND_MOST;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		const struct attribute *at = &attributes[i];
		struct str *to = &ret->field[at->field];

		for (xmlNodePtr n = top; n && !to->n; n = extract_tree_next(n, top)) {
			if (!extract_tree_has(n, at->attr))
				continue;
			if (at->value && !extract_tree_word(n, at->attr, at->value))
				continue;
			if (!(at->value && in_item(n)) && !extract_around_score(n, &left))
				*to = value_of(page, n, at, a);
		}
	}
}

/* What shops call an article's number, before it. */
static struct str behind_label(struct str text)
{
	static const char *const labels[] = {
		"sku",		 "art.-nr",    "art. nr",    "artikel-nr",  "artikelnr",
		"artikelnummer", "item no",    "item #",     "item number", "product code",
		"product no",	 "product id", "article no", "article:",    "artikel:",
		"model no",	 "código",     "kód",	     "код",	    "Код",
		"артикул",	 "Артикул",    "šifra",	     "cod produs",  "referência",
		"référence",	 "상품번호",   "상품코드",   "商品編號",    "商品番号",
		"Šifra",	 "Kód",
	};
	char low[EXTRACT_AROUND_TEXT * 2];
	size_t n = text.n < sizeof(low) ? text.n : sizeof(low), from, i;

	for (i = 0; i < n; i++)
		low[i] = (char)tolower((unsigned char)text.p[i]);
	for (size_t k = 0; k < sizeof(labels) / sizeof(labels[0]); k++) {
		struct str label = str_of(labels[k]);

		if (!str_starts((struct str){ low, n }, label))
			continue;
		for (i = label.n; i < n && strchr(" :.#-", low[i]);)
			i++;
		for (from = i; i < n && (isalnum((unsigned char)low[i]) || strchr("/_.-", low[i]));)
			i++;
		return str_sub(text, from, i - from);
	}
	return (struct str){ 0 };
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]))
			return true;
	return false;
}

static struct str find_id(struct extract_html_page *page, struct arena *a)
{
	xmlNodePtr top = (xmlNodePtr)(void *)page->doc;
	struct str s;

	for (xmlNodePtr n = top; n; n = extract_tree_next(n, top)) {
		if (n->type != XML_ELEMENT_NODE || extract_tree_is(n, "script") ||
		    extract_tree_is(n, "style"))
			continue;
		s = extract_around_text(page, n, a);
		s = s.n ? behind_label(s) : s;
		if (s.n > 2 && has_digit(s))
			return s;
	}
	return (struct str){ 0 };
}

struct str extract_shown_id(struct str url)
{
	struct str found = { 0 };
	ptrdiff_t end = str_find_char(url, '?');
	size_t i = 0, from;

	url = end < 0 ? url : str_sub(url, 0, (size_t)end);
	while (i < url.n) {
		for (from = i; i < url.n && isdigit((unsigned char)url.p[i]);)
			i++;
		if (i - from >= LEAST_ID)
			found = str_sub(url, from, i - from);
		i += i == from;
	}
	return found;
}

void extract_shown_read(struct extract_html_page *page, const struct extract_hints *hints,
			struct arena *a, struct listing_raw *ret)
{
	struct str title;
	const xmlNode *h1 = heading(page, a, &title);

	*ret = (struct listing_raw){ 0 };
	ret->field[FIELD_TITLE] = hints->title;
	read_attributes(page, a, ret);
	if (!ret->field[FIELD_PRICE].n)
		ret->field[FIELD_PRICE] = extract_price_find(page, h1, a);
	if (!ret->field[FIELD_STATUS].n)
		ret->field[FIELD_STATUS] = extract_button_status(page, h1, a);
	if (!ret->field[FIELD_ID].n)
		ret->field[FIELD_ID] = find_id(page, a);
}
