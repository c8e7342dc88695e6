#include "extractor/extract_records.h"

#include "base/hash.h"

#include <ctype.h>
#include <math.h>

#define MOST_ARRAYS 400
#define MOST_WALKED 200000
#define MOST_DEPTH 12 /* of an array */
#define MOST_INSIDE 3 /* of a member within a record */
#define MOST_MEMBERS 120
#define MOST_LOOKED 40 /* records */
#define LEAST 2

/* A path's records, those of all arrays that it stands for. */
struct array {
	struct str path; /* jq: ".data.list[]" */
	uint64_t hash;
	const struct extract_node *record[MOST_LOOKED];
	int n, all;
};

/* A member of records, by its path. */
struct member {
	struct str path, name; /* jq, within a record; the last name of it */
	struct str under;      /* the name above that; {0} */
	uint64_t hash;
	const struct extract_node *value[MOST_LOOKED];
	int n;
};

struct search {
	const struct extract_draft_in *in;
	struct arena *a;
	struct array *arrays;
	int n, walked;
};

static bool is_plain(struct str key)
{
	if (!key.n || isdigit((unsigned char)key.p[0]))
		return false;
	for (size_t i = 0; i < key.n; i++)
		if ((unsigned char)key.p[i] >= 0x80 ||
		    (!isalnum((unsigned char)key.p[i]) && key.p[i] != '_'))
			return false;
	return true;
}

/* {0}: a key that is not written down. */
static struct str below(struct arena *a, struct str path, struct str key)
{
	if (is_plain(key))
		return arena_fmt(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
	for (size_t i = 0; i < key.n; i++)
		if ((unsigned char)key.p[i] < ' ' || key.p[i] == '"' || key.p[i] == '\\')
			return (struct str){ 0 };
	if (key.n > 60)
		return (struct str){ 0 };
	return arena_fmt(a, "%.*s[\"%.*s\"]", STR_ARG(path.n ? path : STR(".")), STR_ARG(key));
}

/* --- arrays */

static void add_records(struct search *s, const struct extract_node *array, struct str path)
{
	uint64_t hash = hash64(path, 0);
	struct array *to = NULL;

	for (int i = 0; i < s->n && !to; i++)
		if (s->arrays[i].hash == hash)
			to = &s->arrays[i];
	if (!to && s->n == MOST_ARRAYS)
		return;
	if (!to) {
		to = &s->arrays[s->n++];
		*to = (struct array){ .path = path, .hash = hash };
	}
	for (const struct extract_node *c = array->first; c; c = c->next) {
		if (c->kind != EXTRACT_OBJECT)
			continue;
		if (to->n < MOST_LOOKED)
			to->record[to->n++] = c;
		to->all++;
	}
}

static void walk(struct search *s, const struct extract_node *n, struct str path, int depth)
{
	struct str inner;

	if (depth > MOST_DEPTH || !path.p || ++s->walked > MOST_WALKED)
		return;
	if (n->kind == EXTRACT_ARRAY && n->first) {
		inner = arena_fmt(s->a, "%.*s[]", STR_ARG(path.n ? path : STR(".")));
		if (n->first->kind == EXTRACT_OBJECT)
			add_records(s, n, inner);
		for (const struct extract_node *c = n->first; c; c = c->next)
			if (c->first)
				walk(s, c, inner, depth + 1);
	}
	for (const struct extract_node *c = n->kind == EXTRACT_OBJECT ? n->first : NULL; c;
	     c = c->next)
		if (c->first)
			walk(s, c, below(s->a, path, c->key), depth + 1);
}

/* --- members of records */

struct members {
	struct arena *a;
	struct member at[MOST_MEMBERS];
	int n, record;
};

static void note(struct members *m, const struct extract_node *n, struct str path, struct str name,
		 struct str under)
{
	uint64_t hash = hash64(path, 0);
	struct member *to = NULL;

	for (int i = 0; i < m->n && !to; i++)
		if (m->at[i].hash == hash)
			to = &m->at[i];
	if (!to && m->n == MOST_MEMBERS)
		return;
	if (!to) {
		to = &m->at[m->n++];
		*to = (struct member){ .path = path, .name = name, .under = under, .hash = hash };
	}
	if (!to->value[m->record])
		to->n++;
	to->value[m->record] = n;
}

/* {"node": {...}} stands for what is in it. */
static bool is_wrapper(const struct extract_node *object, struct str key)
{
	static const char *const names[] = { "node",	"item",	   "product",	"_source",
					     "listing", "article", "attributes" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(key, names[i]))
			return true;
	return object->first == object->last;
}

static void note_all(struct members *m, const struct extract_node *object, struct str path,
		     struct str under, int depth)
{
	for (const struct extract_node *c = object->first; c; c = c->next) {
		const struct extract_node *n = c;
		struct str to = below(m->a, path, c->key);

		if (!to.p)
			continue;
		if (n->kind == EXTRACT_ARRAY && n->first) {
			n = n->first;
			to = arena_fmt(m->a, "%.*s[0]", STR_ARG(to));
		}
		if (n->kind == EXTRACT_OBJECT && depth < MOST_INSIDE)
			note_all(m, n, to, is_wrapper(object, c->key) ? under : c->key, depth + 1);
		else if (n->kind == EXTRACT_TEXT || n->kind == EXTRACT_NUMBER)
			note(m, n, to, c->key, under);
	}
}

/* --- which member is which field */

typedef bool fits(const struct extract_draft_in *in, const struct extract_node *n);

static bool fits_id(const struct extract_draft_in *in, const struct extract_node *n)
{
	(void)in;
	return n->text.n > 0 && n->text.n <= 80 && str_find_char(n->text, ' ') < 0;
}

static bool fits_text(const struct extract_draft_in *in, const struct extract_node *n)
{
	(void)in;
	return n->kind == EXTRACT_TEXT && str_trim(n->text).n > 0;
}

static bool fits_url(const struct extract_draft_in *in, const struct extract_node *n)
{
	(void)in;
	return n->kind == EXTRACT_TEXT && n->text.n > 1 && n->text.n < 2000 &&
	       (str_starts(n->text, STR("http")) || str_find_char(n->text, '/') >= 0) &&
	       str_find_char(n->text, ' ') < 0;
}

static bool fits_price(const struct extract_draft_in *in, const struct extract_node *n)
{
	return n->text.n < 60 && in->price(in->ctx, n->text) > 0;
}

static bool fits_time(const struct extract_draft_in *in, const struct extract_node *n)
{
	return n->text.n < 60 && in->time(in->ctx, n->text);
}

static bool fits_code(const struct extract_draft_in *in, const struct extract_node *n)
{
	(void)in;
	return n->kind == EXTRACT_TEXT && n->text.n > 0 && n->text.n < 8;
}

static const struct taste {
	enum listing_field field;
	fits *fits;
	const char *names[14];	 /* in lower case without _ and -; better the earlier */
	const char *against[12]; /* in the name, it is another's */
	double distinct;	 /* least share of the values */
	bool whole;		 /* the name is one of these; else it ends with it */
} tastes[] = {
	{ .field = FIELD_ID,
	  .fits = fits_id,
	  .names = { "id", "pid", "productid", "itemid", "articleid", "listingid", "goodsno",
		     "productno", "seq", "no", "sku", "uid", "code", "slug" },
	  .distinct = 1,
	  .whole = true },
	{ .field = FIELD_TITLE,
	  .fits = fits_text,
	  .names = { "title", "name", "productname", "itemname", "goodsname", "subject", "headline",
		     "slug" },
	  .against = { "user", "seller", "shop", "store", "nick", "brand", "category", "file",
		       "region", "location", "city", "maker" },
	  .distinct = .5 },
	{ .field = FIELD_PRICE,
	  .fits = fits_price,
	  .names = { "saleprice", "finalprice", "discountedprice", "currentprice", "sellingprice",
		     "price", "priceamount", "amount", "pricevalue", "cost" },
	  .against = { "ship", "deliver", "original", "list", "before", "unit", "min", "max",
		       "discountrate", "fee", "old" } },
	{ .field = FIELD_CURRENCY,
	  .fits = fits_code,
	  .names = { "currency", "currencycode", "pricecurrency", "currencyname" } },
	{ .field = FIELD_URL,
	  .fits = fits_url,
	  .names = { "url", "link", "href", "permalink", "producturl", "itemurl", "path" },
	  .against = { "image", "img", "thumb", "photo", "picture", "avatar", "profile", "seller",
		       "icon", "video", "shop", "logo" },
	  .distinct = .8 },
	{ .field = FIELD_IMAGE,
	  .fits = fits_url,
	  .names = { "imageurl", "image", "thumbnail", "thumbnailurl", "thumb", "picture", "photo",
		     "productimage", "img", "images", "thumburl", "imgurl", "photourl" },
	  .against = { "avatar", "profile", "seller", "icon", "logo", "count", "user", "brand" },
	  .distinct = .5 },
	{ .field = FIELD_POSTED,
	  .fits = fits_time,
	  .names = { "createdat", "created", "postedat", "publishedat", "sortdate", "regdate",
		     "updatedat", "updatetime", "updated", "datetime", "date", "timestamp" } },
	{ .field = FIELD_LOCATION,
	  .fits = fits_text,
	  .names = { "location", "region", "regionname", "locationname", "area", "address", "city",
		     "place" } },
	{ .field = FIELD_BRAND,
	  .fits = fits_text,
	  .names = { "brand", "brandname", "manufacturer" } },
	{ .field = FIELD_CATEGORY,
	  .fits = fits_text,
	  .names = { "categoryname", "category", "categorytitle", "categorypath" } },
	{ .field = FIELD_CONDITION, .fits = fits_text, .names = { "condition", "itemcondition" } },
	{ .field = FIELD_STATUS,
	  .fits = fits_id,
	  .names = { "status", "salestatus", "state", "availability" } },
};

/* "sale_price" and "salePrice" are one. */
static size_t plain_name(struct str s, char to[40])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < 40; i++)
		if (s.p[i] != '_' && s.p[i] != '-')
			to[n++] = (char)tolower((unsigned char)s.p[i]);
	return n;
}

/* How well the name fits: 0 not. The name above counts where the last one says nothing:
 * price.amount, image.url. */
static double name_score(const struct taste *t, const struct member *m)
{
	static const char *const plain[] = {
		"url", "src", "amount", "value", "name", "text", "id"
	};
	char name[40], under[40];
	struct str s = { name, plain_name(m->name, name) },
		   above = { under, plain_name(m->under, under) };
	bool says_nothing = false;
	double best = 0;

	for (int i = 0; i < 12 && t->against[i]; i++)
		if (str_find(s, str_of(t->against[i])) >= 0 ||
		    str_find(above, str_of(t->against[i])) >= 0)
			return 0;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		says_nothing |= str_is(s, plain[i]);
	for (int i = 0; i < 14 && t->names[i]; i++) {
		struct str want = str_of(t->names[i]);
		double score = 3 - 0.1 * i;

		if (above.n && says_nothing && (str_eq(above, want) || str_ends(above, want)))
			best = fmax(best, score - .3);
		else if (above.n && says_nothing && !str_is(s, "id"))
			continue;
		else if (str_eq(s, want))
			best = fmax(best, above.n ? score - 1.5 : score);
		else if (!t->whole && !above.n && str_ends(s, want))
			best = fmax(best, score - .5);
	}
	return best;
}

static double score_of(const struct search *s, const struct taste *t, const struct array *r,
		       const struct member *m)
{
	double name = name_score(t, m);
	uint64_t seen[MOST_LOOKED];
	int fit = 0, kinds = 0;

	if (name <= 0 || m->n < .3 * r->n)
		return 0;
	for (int i = 0; i < r->n; i++) {
		bool again = false;
		uint64_t h;

		if (!m->value[i] || !t->fits(s->in, m->value[i]))
			continue;
		h = hash64(m->value[i]->text, 0);
		for (int k = 0; k < kinds; k++)
			again |= seen[k] == h;
		if (!again)
			seen[kinds++] = h;
		fit++;
	}
	if (!fit || fit < .8 * m->n || kinds < t->distinct * fit)
		return 0;
	return name + 2.0 * fit / r->n;
}

static void draft(struct search *s, const struct array *r, struct extract_draft_way *to)
{
	struct members *m = arena_zero(s->a, sizeof(*m));

	m->a = s->a;
	*to = (struct extract_draft_way){ .format = FORMAT_JSON,
					  .items = { .kind = SEL_JQ, .expr = r->path },
					  .n = r->all,
					  .what = arena_fmt(s->a, "records at %.*s",
							    STR_ARG(r->path)) };
	for (m->record = 0; m->record < r->n; m->record++)
		note_all(m, r->record[m->record], (struct str){ 0 }, (struct str){ 0 }, 0);
	for (size_t i = 0; i < sizeof(tastes) / sizeof(tastes[0]); i++) {
		double best = 0, now;

		for (int k = 0; k < m->n; k++) {
			now = score_of(s, &tastes[i], r, &m->at[k]);
			if (now <= best)
				continue;
			best = now;
			to->fields[tastes[i].field] =
				(struct conf_sel){ .kind = SEL_JQ, .expr = m->at[k].path };
		}
	}
	if (!to->fields[FIELD_ID].kind)
		to->fields[FIELD_ID] = to->fields[FIELD_URL];
}

static double rate(const struct extract_draft_way *w)
{
	const struct conf_sel *f = w->fields;
	double fields = 0;

	if (!f[FIELD_TITLE].kind || !f[FIELD_ID].kind)
		return 0;
	if (!f[FIELD_PRICE].kind && !f[FIELD_URL].kind && !f[FIELD_IMAGE].kind)
		return 0;
	for (int i = 0; i < FIELD_COUNT; i++)
		fields += f[i].kind ? 1 : 0;
	return log2(1 + w->n) * (fields + (f[FIELD_PRICE].kind ? 5 : 0));
}

int extract_records_find(const struct extract_node *top, const struct extract_draft_in *in,
			 struct arena *a, struct extract_draft_way to[EXTRACT_RECORDS_MOST])
{
	struct search s = { .in = in, .a = a };
	double rates[EXTRACT_RECORDS_MOST], now;
	struct extract_draft_way way;
	int n = 0, i;

	s.arrays = arena_array(a, MOST_ARRAYS, sizeof(*s.arrays));
	walk(&s, top, STR(""), 0);
	for (int k = 0; k < s.n; k++) {
		if (s.arrays[k].n < LEAST)
			continue;
		draft(&s, &s.arrays[k], &way);
		now = rate(&way);
		if (now <= 0 || (n == EXTRACT_RECORDS_MOST && now <= rates[n - 1]))
			continue;
		n += n < EXTRACT_RECORDS_MOST;
		for (i = n - 1; i > 0 && rates[i - 1] < now; i--) {
			to[i] = to[i - 1];
			rates[i] = rates[i - 1];
		}
		to[i] = way;
		rates[i] = now;
	}
	return n;
}
