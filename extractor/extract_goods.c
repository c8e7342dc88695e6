#include "extractor/extract_goods.h"

#include "extractor/extract_schema.h"
#include "extractor/extract_words.h"
#include "extractor/extractor.h"

#include <ctype.h>

#define LEAST_LIST 3
#define LEAST_RESULTS 2 /* where the values are all of the page */
#define MOST_WALKED 400000

/* What shops call the members; the first that is there counts. */
static const struct member {
	enum listing_field field;
	const char *names[12];
} members[] = {
	{ .field = FIELD_TITLE,
	  .names = { "name", "title", "productName", "product_name", "item_name", "displayName",
		     "goodsName", "goods_name", "subject" } },
	{ .field = FIELD_PRICE,
	  .names = { "salePrice", "sale_price", "discountedPrice", "finalPrice", "final_price",
		     "currentPrice", "sellingPrice", "offerPrice", "price", "priceValue",
		     "product_price" } },
	{ .field = FIELD_ID,
	  .names = { "sku", "productId", "product_id", "item_id", "productCode", "goodsNo", "pid",
		     "code", "id" } },
	{ .field = FIELD_CURRENCY,
	  .names = { "priceCurrency", "currencyCode", "currency_code", "currency" } },
	{ .field = FIELD_URL, .names = { "url", "productUrl", "canonicalUrl", "link", "href" } },
	{ .field = FIELD_IMAGE,
	  .names = { "image", "imageUrl", "image_url", "thumbnail", "thumbnailUrl", "images" } },
	{ .field = FIELD_BRAND,
	  .names = { "brand", "brandName", "brand_name", "item_brand", "manufacturer" } },
	{ .field = FIELD_CATEGORY,
	  .names = { "categoryName", "category", "item_category", "category_name" } },
	{ .field = FIELD_DESCRIPTION, .names = { "description", "content" } },
	{ .field = FIELD_UPDATED, .names = { "updatedAt", "updated_at", "dateModified" } },
	{ .field = FIELD_STATUS, .names = { "availability", "stockStatus", "availabilityStatus" } },
};

/* Members that are true or false; what true means, and false. */
static const struct flag {
	const char *name, *yes, *no;
} flags[] = {
	{ .name = "inStock", .yes = "selling", .no = "sold" },
	{ .name = "isInStock", .yes = "selling", .no = "sold" },
	{ .name = "available", .yes = "selling", .no = "sold" },
	{ .name = "isAvailable", .yes = "selling", .no = "sold" },
	{ .name = "soldOut", .yes = "sold", .no = "selling" },
	{ .name = "isSoldOut", .yes = "sold", .no = "selling" },
};

struct finder {
	struct extract_schema schema;
	const struct extract_hints *hints;
	int walked, best, best_list;
	struct listing_raw first; /* that was met; a title is there if one was */
	struct extract_products *ret;
};

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]))
			return true;
	return false;
}

/* {"value": 5, "currency": "EUR"} */
static struct str price_of(const struct finder *f, const struct extract_node *n)
{
	static const char *const names[] = { "value", "amount",	 "current", "price",
					     "sale",  "selling", "min" };
	struct str s = { 0 };

	if (n->kind == EXTRACT_TEXT || n->kind == EXTRACT_NUMBER)
		s = extract_schema_text(&f->schema, n);
	for (size_t i = 0; n->kind == EXTRACT_OBJECT && i < sizeof(names) / sizeof(names[0]); i++) {
		const struct extract_node *c = extract_node_get(n, names[i]);

		if (c && c->kind == EXTRACT_OBJECT)
			c = extract_node_get(c, "value");
		if (c && (c->kind == EXTRACT_TEXT || c->kind == EXTRACT_NUMBER)) {
			s = extract_schema_text(&f->schema, c);
			break;
		}
	}
	return has_digit(s) && s.n < 40 ? s : (struct str){ 0 };
}

static struct str read_member(const struct finder *f, const struct extract_node *n,
			      const struct member *m)
{
	struct str s = { 0 };

	for (int i = 0; i < 12 && m->names[i] && !s.n; i++) {
		const struct extract_node *c = extract_node_get(n, m->names[i]);

		if (!c || c->kind == EXTRACT_NULL || c->kind == EXTRACT_BOOL)
			continue;
		s = m->field == FIELD_PRICE ? price_of(f, c) : extract_schema_text(&f->schema, c);
		if (m->field == FIELD_TITLE && c->kind != EXTRACT_TEXT)
			s = (struct str){ 0 };
	}
	if (m->field == FIELD_STATUS)
		return extract_words_status(s);
	return m->field == FIELD_DESCRIPTION || m->field == FIELD_TITLE
		       ? extract_words_plain(s, f->schema.a)
		       : s;
}

static struct str read_flags(const struct extract_node *n)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		const struct extract_node *c = extract_node_get(n, flags[i].name);

		if (c && c->kind == EXTRACT_BOOL)
			return str_of(c->truth ? flags[i].yes : flags[i].no);
	}
	return (struct str){ 0 };
}

/* Whether the object is a product; how many fields it has. */
static int read_object(const struct finder *f, const struct extract_node *n,
		       struct listing_raw *ret)
{
	int fields = 0;

	*ret = (struct listing_raw){ 0 };
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		struct str s = read_member(f, n, &members[i]);

		if (!s.n && i < 2)
			return 0;
		if (s.n)
			ret->field[members[i].field] = s;
		fields += s.n > 0;
	}
	if (!ret->field[FIELD_STATUS].n)
		ret->field[FIELD_STATUS] = read_flags(n);
	ret->field[FIELD_IMAGES] =
		extract_product_images(&f->schema, extract_node_get(n, "images"));
	return fields;
}

/* {"node": {...}} and the like stand for what is in them. */
static const struct extract_node *unwrapped(const struct extract_node *n)
{
	return n->kind == EXTRACT_OBJECT && n->first && n->first == n->last &&
			       n->first->kind == EXTRACT_OBJECT
		       ? n->first
		       : n;
}

static void read_list(struct finder *f, const struct extract_node *array)
{
	struct listing_raw raw;
	int n = 0;

	for (const struct extract_node *c = array->first; c; c = c->next)
		n += read_object(f, unwrapped(c), &raw) > 0;
	if (n < (f->hints->all ? LEAST_RESULTS : LEAST_LIST) || n <= f->best_list ||
	    n > EXTRACT_MOST_ITEMS)
		return;
	f->best_list = n;
	f->ret->n = 0;
	f->ret->list = arena_array(f->schema.a, (size_t)n, sizeof(*f->ret->list));
	for (const struct extract_node *c = array->first; c; c = c->next)
		if (read_object(f, unwrapped(c), &raw) > 0)
			f->ret->list[f->ret->n++] = raw;
}

/* `within`: a product, whose lists are its choices, not what the page lists. */
static void look(struct finder *f, const struct extract_node *n, bool within)
{
	struct listing_raw raw = { 0 };
	int fields;

	if (++f->walked > MOST_WALKED)
		return;
	if (n->kind == EXTRACT_ARRAY && !within)
		read_list(f, n);
	fields = n->kind == EXTRACT_OBJECT ? read_object(f, n, &raw) : 0;
	if (fields && !f->first.field[FIELD_TITLE].n)
		f->first = raw;
	if (fields > f->best && extract_words_alike(raw.field[FIELD_TITLE], f->hints->title)) {
		f->best = fields;
		f->ret->one = raw;
	}
	for (const struct extract_node *c = n->first; c; c = c->next)
		if (c->first)
			look(f, c, within || (fields && f->hints->all));
}

void extract_goods_read(const struct extract_node *docs, const struct extract_hints *hints,
			struct arena *a, struct extract_products *ret)
{
	struct finder f = { .hints = hints, .ret = ret };

	*ret = (struct extract_products){ 0 };
	f.schema.a = a; /* no references here */
	look(&f, docs, false);
	if (!f.best && !ret->n && hints->all)
		ret->one = f.first;
	if (!f.best)
		return;
	ret->list = NULL;
	ret->n = 0;
}

/* The one object in it; NULL: it holds none, or several. */
static const struct extract_node *only_object(const struct extract_node *n)
{
	const struct extract_node *found = NULL;

	for (const struct extract_node *c = n->first; c; c = c->next) {
		if (c->kind == EXTRACT_ARRAY || (found && c->kind == EXTRACT_OBJECT))
			return NULL;
		if (c->kind == EXTRACT_OBJECT)
			found = c;
	}
	return found;
}

bool extract_goods_is_one(const struct extract_node *docs, struct arena *a)
{
	struct finder f = { .schema.a = a };
	struct listing_raw ignored;

	for (const struct extract_node *n = only_object(docs); n; n = only_object(n))
		if (read_object(&f, n, &ignored))
			return true;
	return false;
}
