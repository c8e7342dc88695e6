#include "extractor/extract_product.h"

#include "extractor/extract_offer.h"
#include "extractor/extract_several.h"
#include "extractor/extract_words.h"
#include "extractor/extractor.h"

#include <string.h>

#define MOST_CRUMBS 12
#define MOST_IMAGES 50

struct candidate {
	const struct extract_node *node, *offer; /* offer: that it is the item of, or NULL */
	struct str url;				 /* of its list item */
	bool in_list;
};

struct finder {
	struct extract_schema schema;
	const struct extract_hints *hints;
	struct candidate *all;
	int n, room;
	struct str category, path;
	struct str *links;
	int n_links, link_room;
};

static bool is_any(const struct extract_node *n, const char *const *types)
{
	for (; *types; types++)
		if (extract_schema_is(n, *types))
			return true;
	return false;
}

/* Things that are sold; what has an offer with a price is, too. */
static bool is_product(const struct finder *f, const struct extract_node *n)
{
	static const char *const types[] = { "Product",	     "ProductGroup",	  "ProductModel",
					     "SomeProducts", "IndividualProduct", "Vehicle",
					     "Car",	     "Motorcycle",	  NULL };
	static const char *const others[] = { "Organization",  "Offer", "AggregateOffer",
					      "LocalBusiness", "Store", "WebPage",
					      "WebSite",       NULL };
	struct extract_offer offer;

	if (is_any(n, types))
		return true;
	if (!extract_schema_get(&f->schema, n, "offers") || is_any(n, others))
		return false;
	extract_offer_read(&f->schema, n, &offer);
	return offer.price.n > 0;
}

/* What stands below these is another thing. */
static bool leads_away(struct str key)
{
	static const char *const keys[] = {
		"isRelatedTo",	   "isSimilarTo", "isAccessoryOrSparePartFor",
		"isConsumableFor", "review",	  "reviews",
		"itemReviewed",	   "relatedLink", "significantLink",
		"recommendations", "@context",	  NULL
	};

	for (int i = 0; keys[i]; i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

/* Room for one more of `n` things, in twice the room if need be. */
static void *grow(struct arena *a, void *all, int n, int *room, size_t each)
{
	void *more;

	if (n < *room)
		return all;
	*room = *room ? *room * 2 : 16;
	more = arena_array(a, (size_t)*room, each);
	if (n)
		memcpy(more, all, (size_t)n * each);
	return more;
}

static void add(struct finder *f, const struct candidate *c)
{
	if (f->n == EXTRACT_MOST_ITEMS)
		return;
	f->all = grow(f->schema.a, f->all, f->n, &f->room, sizeof(*f->all));
	f->all[f->n++] = *c;
}

/* An entry of a list says where it leads, or its item does, or the item is but an address. */
static struct str entry_url(const struct extract_schema *s, const struct extract_node *entry)
{
	const struct extract_node *item = extract_schema_get(s, entry, "item");
	struct str url = extract_schema_value(s, entry, "url");

	if (!url.n && item && item->kind == EXTRACT_OBJECT)
		url = extract_schema_value(s, item, "url");
	if (!url.n && item)
		url = item->kind == EXTRACT_TEXT ? item->text
						 : extract_schema_value(s, item, "@id");
	return url;
}

static void add_link(struct finder *f, struct str url)
{
	if (!url.n || f->n_links == EXTRACT_MOST_ITEMS)
		return;
	f->links = grow(f->schema.a, f->links, f->n_links, &f->link_room, sizeof(*f->links));
	f->links[f->n_links++] = url;
}

/* "Home" and the product itself are no categories. */
static void read_crumbs(struct finder *f, const struct extract_node *n)
{
	const struct extract_schema *s = &f->schema;
	const struct extract_node *list = extract_schema_get(s, n, "itemListElement"), *item;
	struct str name, all = { 0 };
	struct extract_several levels;

	extract_several_init(&levels, FIELD_CATEGORY_PATH, s->a);
	for (int i = 0; i < MOST_CRUMBS && (item = extract_schema_at(s, list, i)); i++) {
		name = extract_schema_value(s, item, "name");
		if (!name.n)
			name = extract_schema_value(s, extract_schema_get(s, item, "item"), "name");
		name = extract_words_plain(name, s->a);
		if (!name.n || (i == 0 && extract_words_is_home(name)) ||
		    extract_words_alike(name, f->hints->title))
			continue;
		all = all.n ? arena_fmt(s->a, "%.*s > %.*s", STR_ARG(all), STR_ARG(name)) : name;
		extract_several_add(&levels, name);
	}
	if (all.n <= f->category.n)
		return;
	f->category = all;
	f->path = extract_several_text(&levels);
}

static void look(struct finder *f, const struct extract_node *n, struct candidate here);

static void look_below(struct finder *f, const struct extract_node *n, struct candidate here)
{
	for (const struct extract_node *c = n->first; c; c = c->next)
		if (!leads_away(c->key) && c->first)
			look(f, c, here);
}

static void look(struct finder *f, const struct extract_node *n, struct candidate here)
{
	static const char *const lists[] = { "ItemList", "OfferCatalog", "SearchResultsPage",
					     "CollectionPage", NULL };
	static const char *const offers[] = { "Offer", "AggregateOffer", NULL };
	const struct extract_node *item;

	if (n->kind == EXTRACT_OBJECT) {
		if (extract_schema_is(n, "BreadcrumbList")) {
			read_crumbs(f, n);
			return;
		}
		here.in_list |= is_any(n, lists);
		if (extract_schema_is(n, "ListItem")) {
			here.url = extract_schema_value(&f->schema, n, "url");
			add_link(f, here.in_list ? entry_url(&f->schema, n) : (struct str){ 0 });
		}
		item = is_any(n, offers) ? extract_schema_get(&f->schema, n, "itemOffered") : NULL;
		here.node = item && item->kind == EXTRACT_OBJECT ? item : n;
		here.offer = here.node == item ? n : NULL;
		if (here.offer || is_product(f, n)) {
			add(f, &here);
			return;
		}
		if (extract_schema_is(n, "ListItem")) {
			item = extract_schema_get(&f->schema, n, "item");
			here.node = item;
			if (item && is_product(f, item)) {
				add(f, &here);
				return;
			}
		}
	}
	look_below(f, n, here);
}

/* Fields. */
static struct str first_of(const struct extract_schema *s, const struct extract_node *n,
			   const char *const *names)
{
	struct str text = { 0 };

	for (; *names && !text.n; names++)
		text = extract_schema_value(s, n, *names);
	return text;
}

static struct str image_at(const struct extract_schema *s, const struct extract_node *image)
{
	static const char *const names[] = { "contentUrl", "url", "@id", NULL };

	return image->kind == EXTRACT_TEXT ? extract_schema_text(s, image)
					   : first_of(s, image, names);
}

static struct str image_of(const struct extract_schema *s, const struct extract_node *n)
{
	const struct extract_node *image = extract_schema_get(s, n, "image"), *each;
	struct str url = { 0 };

	for (int i = 0; i < 8 && !url.n && (each = extract_schema_at(s, image, i)); i++)
		url = image_at(s, each);
	return url;
}

struct str extract_product_images(const struct extract_schema *s, const struct extract_node *image)
{
	const struct extract_node *each;
	struct extract_several all;

	extract_several_init(&all, FIELD_IMAGES, s->a);
	for (int i = 0; i < MOST_IMAGES && (each = extract_schema_at(s, image, i)); i++)
		extract_several_add(&all, image_at(s, each));
	return extract_several_text(&all);
}

/* PropertyValue: {"name": "Size", "value": "270", "unitText": "mm"} */
static void add_properties(const struct extract_schema *s, const struct extract_node *list,
			   struct extract_several *to)
{
	static const char *const names[] = { "name", "propertyID", NULL };
	static const char *const units[] = { "unitText", NULL };
	const struct extract_node *each;
	struct str value, unit;

	for (int i = 0; i < EXTRACT_SEVERAL_MOST && (each = extract_schema_at(s, list, i)); i++) {
		value = extract_words_plain(extract_schema_value(s, each, "value"), s->a);
		unit = first_of(s, each, units);
		if (value.n && unit.n)
			value = arena_fmt(s->a, "%.*s %.*s", STR_ARG(value), STR_ARG(unit));
		extract_several_pair(to, extract_words_plain(first_of(s, each, names), s->a),
				     value);
	}
}

static struct str attributes_of(const struct extract_schema *s, const struct extract_node *n)
{
	static const char *const names[] = { "size",   "color",	 "material", "pattern", "model",
					     "mpn",    "gtin",	 "gtin8",    "gtin12",	"gtin13",
					     "gtin14", "weight", "width",    "height",	"depth" };
	struct extract_several all;

	extract_several_init(&all, FIELD_ATTRIBUTES, s->a);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		extract_several_pair(
			&all, str_of(names[i]),
			extract_words_plain(extract_schema_value(s, n, names[i]), s->a));
	add_properties(s, extract_schema_get(s, n, "additionalProperty"), &all);
	return extract_several_text(&all);
}

/* What a product has several of; looked at once it is chosen. */
static void read_lists(const struct extract_schema *s, const struct candidate *c,
		       struct listing_raw *to)
{
	to->field[FIELD_IMAGES] =
		extract_product_images(s, extract_schema_get(s, c->node, "image"));
	to->field[FIELD_ATTRIBUTES] = attributes_of(s, c->node);
}

static struct str place_of(const struct extract_schema *s, const struct extract_node *n)
{
	static const char *const names[] = { "availableAtOrFrom", "location", "areaServed", NULL };
	const struct extract_node *place = NULL, *address;
	struct str region, town;

	for (int i = 0; names[i] && !place; i++)
		place = extract_schema_get(s, n, names[i]);
	address = extract_schema_get(s, place, "address");
	if (!address)
		address = place;
	if (!address || address->kind != EXTRACT_OBJECT)
		return extract_schema_text(s, address);
	region = extract_schema_value(s, address, "addressRegion");
	town = extract_schema_value(s, address, "addressLocality");
	if (region.n && town.n)
		return arena_fmt(s->a, "%.*s %.*s", STR_ARG(region), STR_ARG(town));
	return region.n ? region : town.n ? town : extract_schema_value(s, place, "name");
}

static bool is_web(struct str url)
{
	return str_starts(url, STR("http://")) || str_starts(url, STR("https://"));
}

/* With a fragment it names a thing on the page, not a page. */
static struct str url_of(const struct extract_schema *s, const struct candidate *c,
			 const struct extract_offer *offer)
{
	struct str url = extract_schema_value(s, c->node, "url"), id;

	if (!url.n)
		url = c->url.n ? c->url : offer->url;
	id = extract_schema_value(s, c->node, "@id");
	if (!url.n && is_web(id) && str_find_char(id, '#') < 0)
		url = id;
	return url;
}

static void read_offer(const struct extract_schema *s, const struct extract_offer *offer,
		       struct listing_raw *to)
{
	static const char *const conditions[] = { "itemCondition", NULL };

	to->field[FIELD_PRICE] = offer->price;
	to->field[FIELD_CURRENCY] = offer->currency;
	to->field[FIELD_STATUS] = offer->status;
	if (!offer->node)
		return;
	to->field[FIELD_CONDITION] = extract_words_condition(first_of(s, offer->node, conditions));
	to->field[FIELD_LOCATION] = place_of(s, offer->node);
	to->field[FIELD_ID] = extract_schema_value(s, offer->node, "sku");
}

static void keep(struct str *to, struct str more)
{
	if (more.n)
		*to = more;
}

static void read_fields(const struct extract_schema *s, const struct candidate *c,
			struct listing_raw *to)
{
	static const char *const titles[] = { "name", "title", NULL };
	static const char *const ids[] = { "sku", "productID", "productId", NULL };
	static const char *const brands[] = { "brand", "manufacturer", NULL };
	static const char *const times[] = { "datePosted", "datePublished", NULL };
	static const char *const changes[] = { "dateModified", NULL };
	static const char *const conditions[] = { "itemCondition", NULL };
	const struct extract_node *n = c->node;
	struct extract_offer offer;

	*to = (struct listing_raw){ 0 };
	if (c->offer)
		extract_offer_of(s, c->offer, &offer);
	else
		extract_offer_read(s, n, &offer);
	read_offer(s, &offer, to);
	keep(&to->field[FIELD_ID], first_of(s, n, ids));
	to->field[FIELD_TITLE] = extract_words_plain(first_of(s, n, titles), s->a);
	if (!to->field[FIELD_TITLE].n && c->offer)
		to->field[FIELD_TITLE] = extract_words_plain(first_of(s, c->offer, titles), s->a);
	to->field[FIELD_DESCRIPTION] =
		extract_words_plain(extract_schema_value(s, n, "description"), s->a);
	to->field[FIELD_URL] = url_of(s, c, &offer);
	to->field[FIELD_IMAGE] = image_of(s, n);
	to->field[FIELD_BRAND] = extract_words_plain(first_of(s, n, brands), s->a);
	to->field[FIELD_CATEGORY] =
		extract_words_plain(extract_schema_value(s, n, "category"), s->a);
	to->field[FIELD_POSTED] = first_of(s, n, times);
	to->field[FIELD_UPDATED] = first_of(s, n, changes);
	keep(&to->field[FIELD_CONDITION], extract_words_condition(first_of(s, n, conditions)));
	keep(&to->field[FIELD_LOCATION], place_of(s, n));
	for (int i = 0; i < FIELD_COUNT; i++)
		if (!to->field[i].n)
			to->field[i] = (struct str){ 0 };
}

/* Choosing. */
static bool same_page(struct str a, struct str b)
{
	if (!a.n || !b.n)
		return false;
	/* a relative address against an absolute one */
	return str_eq(a, b) || (!is_web(a) && a.n > 3 && str_ends(b, a));
}

static int score_of(const struct finder *f, const struct listing_raw *raw)
{
	int score = 0;

	for (int i = 0; i < FIELD_COUNT; i++)
		score += raw->field[i].p != NULL;
	score += raw->field[FIELD_PRICE].p ? 4 : 0;
	score += same_page(raw->field[FIELD_URL], f->hints->url) ? 100 : 0;
	score += extract_words_alike(raw->field[FIELD_TITLE], f->hints->title) ? 50 : 0;
	return score;
}

static void take_list(const struct finder *f, bool in_list, struct extract_products *ret)
{
	struct listing_raw raw;

	ret->list = arena_array(f->schema.a, (size_t)f->n, sizeof(*ret->list));
	for (int i = 0; i < f->n; i++) {
		if (f->all[i].in_list != in_list)
			continue;
		read_fields(&f->schema, &f->all[i], &raw);
		if (!raw.field[FIELD_TITLE].p)
			continue;
		read_lists(&f->schema, &f->all[i], &raw);
		ret->list[ret->n++] = raw;
	}
}

static void choose(const struct finder *f, struct extract_products *ret)
{
	int best = -1, outside = 0, score, at = 0;
	struct listing_raw raw;

	for (int i = 0; i < f->n; i++) {
		if (f->all[i].in_list)
			continue;
		read_fields(&f->schema, &f->all[i], &raw);
		if (!raw.field[FIELD_TITLE].p && f->n > 1)
			continue;
		outside++;
		score = score_of(f, &raw);
		if (score <= best)
			continue;
		best = score;
		ret->one = raw;
		at = i;
	}
	if (outside && (outside <= 2 || best >= 50)) {
		read_lists(&f->schema, &f->all[at], &ret->one);
		return;
	}
	ret->one = (struct listing_raw){ 0 };
	take_list(f, !outside, ret);
}

void extract_product_read(const struct extract_node *docs, const struct extract_hints *hints,
			  struct arena *a, struct extract_products *ret)
{
	struct finder f = { .hints = hints };

	*ret = (struct extract_products){ 0 };
	extract_schema_init(&f.schema, docs, a);
	look(&f, docs, (struct candidate){ 0 });
	choose(&f, ret);
	ret->category = f.category;
	ret->path = f.path;
	ret->links = f.links;
	ret->n_links = f.n_links;
}
