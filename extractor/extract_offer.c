#include "extractor/extract_offer.h"

#include "extractor/extract_words.h"

#include <ctype.h>

#define MOST_OFFERS 500
#define MOST_HOPS 3

/* The prices that one was once asked for, or is by others. */
static bool is_list_price(const struct extract_schema *s, const struct extract_node *n)
{
	static const char *const types[] = { "ListPrice",    "SRP",
					     "MSRP",	     "StrikethroughPrice",
					     "RegularPrice", "SuggestedRetailPrice" };
	struct str type = extract_schema_value(s, n, "priceType");

	for (size_t i = 0; type.n && i < sizeof(types) / sizeof(types[0]); i++)
		if (str_ends(type, str_of(types[i])))
			return true;
	return false;
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

static bool read_price(const struct extract_schema *s, const struct extract_node *n,
		       struct extract_offer *to)
{
	static const char *const prices[] = { "price", "lowPrice", "minPrice", "highPrice" };
	static const char *const currencies[] = { "priceCurrency", "currency", "pricecurrency" };
	struct str price = { 0 };

	for (size_t i = 0; !price.n && i < sizeof(prices) / sizeof(prices[0]); i++) {
		price = extract_schema_value(s, n, prices[i]);
		if (!has_digit(price))
			price = (struct str){ 0 };
	}
	for (size_t i = 0; !to->currency.n && i < sizeof(currencies) / sizeof(currencies[0]); i++)
		to->currency = extract_schema_value(s, n, currencies[i]);
	if (!price.n)
		return false;
	to->price = price;
	to->node = n;
	return true;
}

static void read_specification(const struct extract_schema *s, const struct extract_node *n,
			       struct extract_offer *to)
{
	const struct extract_node *list = extract_schema_get(s, n, "priceSpecification"), *each;

	for (int i = 0; i < MOST_OFFERS && (each = extract_schema_at(s, list, i)); i++)
		if (!is_list_price(s, each) && read_price(s, each, to))
			return;
}

static void read_one(const struct extract_schema *s, const struct extract_node *n, int hops,
		     struct extract_offer *ret)
{
	*ret = (struct extract_offer){ .url = extract_schema_value(s, n, "url") };
	if (n->kind != EXTRACT_OBJECT || hops > MOST_HOPS)
		return;
	ret->status = extract_words_status(extract_schema_value(s, n, "availability"));
	if (!read_price(s, n, ret))
		read_specification(s, n, ret);
}

static bool is_better(const struct extract_offer *o, const struct extract_offer *than)
{
	int x = 2 * (o->price.n > 0) + !str_is(o->status, "sold"),
	    y = 2 * (than->price.n > 0) + !str_is(than->status, "sold");

	return x > y;
}

static void read_all(const struct extract_schema *s, const struct extract_node *list, int hops,
		     struct extract_offer *ret)
{
	const struct extract_node *each;
	struct extract_offer one, below;
	struct str status = { 0 };
	bool any = false;

	*ret = (struct extract_offer){ 0 };
	for (int i = 0; i < MOST_OFFERS && (each = extract_schema_at(s, list, i)); i++) {
		read_one(s, each, hops, &one);
		if (hops < MOST_HOPS && extract_schema_get(s, each, "offers")) {
			read_all(s, extract_schema_get(s, each, "offers"), hops + 1, &below);
			if (!one.price.n)
				one.price = below.price;
			if (!one.currency.n)
				one.currency = below.currency;
			if (!one.status.n)
				one.status = below.status;
			if (!one.node)
				one.node = below.node;
		}
		if (!status.n || str_is(one.status, "selling"))
			status = one.status;
		if (!any || is_better(&one, ret))
			*ret = one;
		any = true;
	}
	ret->status = status;
}

void extract_offer_of(const struct extract_schema *s, const struct extract_node *offers,
		      struct extract_offer *ret)
{
	read_all(s, offers, 0, ret);
}

void extract_offer_read(const struct extract_schema *s, const struct extract_node *product,
			struct extract_offer *ret)
{
	*ret = (struct extract_offer){ 0 };
	if (extract_schema_get(s, product, "offers"))
		extract_offer_of(s, extract_schema_get(s, product, "offers"), ret);
	/* a variant keeps its price as a product does */
	if (!ret->price.n && extract_schema_get(s, product, "hasVariant"))
		read_all(s, extract_schema_get(s, product, "hasVariant"), 1, ret);
	if (!ret->price.n)
		read_price(s, product, ret);
	if (!ret->price.n)
		read_specification(s, product, ret);
	if (!ret->status.n)
		ret->status =
			extract_words_status(extract_schema_value(s, product, "availability"));
}
