#include "extractor/extract_pick.h"

#include "base/hash.h"
#include "extractor/extract_around.h"
#include "extractor/extract_pick_id.h"
#include "extractor/extract_pick_key.h"
#include "extractor/extract_tree.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define MOST_SHORT 60 /* bytes of a price or a time */

struct pick {
	struct extract_cells *c;
	struct extract_pick_keys keys;
	struct extract_draft_way *to;
	struct str used[FIELD_COUNT]; /* text selectors: one text is one field's */
};

/* Whether a value may be a field's. */
typedef bool fits(const struct pick *p, int cell, struct str value);

/* `s` is the element's text or one of its attributes. */
static int price_of(const struct pick *p, int cell, struct str s)
{
	if (s.p == extract_cells_text(p->c, cell).p)
		return extract_cells_price(p->c, cell);
	return s.n <= MOST_SHORT ? p->c->in->price(p->c->in->ctx, s) : 0;
}

static bool is_time(const struct pick *p, int cell, struct str s)
{
	if (s.p == extract_cells_text(p->c, cell).p)
		return extract_cells_time(p->c, cell);
	return s.n <= MOST_SHORT && p->c->in->time(p->c->in->ctx, s);
}

static bool has_letters(struct str s)
{
	int n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += isalpha((unsigned char)s.p[i]) || (unsigned char)s.p[i] >= 0x80;
	return n > 1;
}

static bool fits_title(const struct pick *p, int cell, struct str s)
{
	return s.n > 1 && s.n < 300 && has_letters(s) && !is_time(p, cell, s) &&
	       price_of(p, cell, s) < 2 && !extract_cells_count(p->c, cell, EXTRACT_CELLS_PRICE);
}

static bool fits_url(const struct pick *p, int cell, struct str s)
{
	(void)s;
	return extract_cells_href(p->c->at[cell].node).n > 0;
}

static bool fits_price(const struct pick *p, int cell, struct str s)
{
	static const char *const words[] = { "price", "cost", "amount", "가격", "금액", NULL };
	int sure = price_of(p, cell, s);

	return sure > 1 || (sure > 0 && extract_around_named(p->c->at[cell].node, words));
}

static bool fits_image(const struct pick *p, int cell, struct str s)
{
	static const char *const blanks[] = { "data:",	 "blank",    "placeholder", "spacer",
					      "loading", "no-image", "noimg",	    "1x1" };

	(void)p;
	(void)cell;
	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (str_find(s, str_of(blanks[i])) >= 0)
			return false;
	return s.n > 0 && s.n < 2000;
}

static bool fits_time(const struct pick *p, int cell, struct str s)
{
	return is_time(p, cell, s) && price_of(p, cell, s) < 2;
}

/* A short text that is nothing else. */
static bool fits_name(const struct pick *p, int cell, struct str s)
{
	return s.n > 0 && s.n <= 80 && has_letters(s) && price_of(p, cell, s) < 2 &&
	       !is_time(p, cell, s);
}

/* "역삼동", "서울 강남구" */
static bool is_place(struct str s)
{
	static const char *const ends[] = { "동", "읍", "면", "구", "시", "군", "리", "도" };
	struct str rest = s, word;
	int words = 0;

	if (s.n > 60)
		return false;
	while (str_next(&rest, ' ', &word)) {
		bool place = false;

		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			place |= word.n >= 6 && str_ends(word, str_of(ends[i]));
		if (!place && words++ > 0)
			return false;
		words += place;
		if (!rest.p)
			return place;
	}
	return false;
}

static bool fits_place(const struct pick *p, int cell, struct str s)
{
	static const char *const words[] = { "location", "place", "region", "area", "addr", "town",
					     "city",	 "dong",  "지역",   "동네", "위치", NULL };

	return fits_name(p, cell, s) &&
	       (is_place(s) || extract_around_named(p->c->at[cell].node, words));
}

static bool fits_status(const struct pick *p, int cell, struct str s)
{
	static const char *const states[] = { "판매중",	  "판매완료", "거래완료", "예약중",
					      "예약",	  "sold",     "reserved", "in stock",
					      "sold out", "품절",     NULL };

	(void)p;
	(void)cell;
	for (int i = 0; states[i]; i++)
		if (str_eq_nocase(s, str_of(states[i])))
			return true;
	return false;
}

/* What is liked in the selector of a field. */
static const struct taste {
	enum listing_field field;
	fits *fits;
	const char *attrs[6]; /* "": the text */
	const char *words[8]; /* that its names have */
	const char *tags[8];  /* better the earlier */
	double fill;	      /* least share of the records */
	double distinct;      /* least share of the values */
	bool named;	      /* only with a word */
	bool text;	      /* what another field has is not taken again */
} tastes[] = {
	{ .field = FIELD_URL,
	  .fits = fits_url,
	  .attrs = { "href" },
	  .words = { "title", "name", "link", "item", "product" },
	  .fill = .8,
	  .distinct = .8 },
	{ .field = FIELD_TITLE,
	  .fits = fits_title,
	  .attrs = { "", "title", "alt" },
	  .words = { "title", "name", "subject", "headline", "상품명", "제목" },
	  .tags = { "h1", "h2", "h3", "h4", "h5", "a", "strong" },
	  .fill = .8,
	  .distinct = .5,
	  .text = true },
	{ .field = FIELD_PRICE,
	  .fits = fits_price,
	  .attrs = { "", "content", "data-price" },
	  .words = { "price", "cost", "amount", "가격", "금액" },
	  .fill = .4,
	  .text = true },
	{ .field = FIELD_IMAGE,
	  .fits = fits_image,
	  .attrs = { "src", "data-src", "data-original", "data-lazy-src", "data-lazy" },
	  .words = { "image", "thumb", "photo", "main", "product" },
	  .tags = { "img" },
	  .fill = .5,
	  .distinct = .5 },
	{ .field = FIELD_POSTED,
	  .fits = fits_time,
	  .attrs = { "datetime", "", "title" },
	  .words = { "date", "time", "ago", "posted", "created", "등록" },
	  .tags = { "time" },
	  .fill = .5,
	  .text = true },
	{ .field = FIELD_LOCATION,
	  .fits = fits_place,
	  .attrs = { "" },
	  .words = { "location", "place", "region", "area", "addr", "town", "지역", "동네" },
	  .fill = .4,
	  .text = true },
	{ .field = FIELD_BRAND,
	  .fits = fits_name,
	  .attrs = { "", "content" },
	  .words = { "brand", "manufacturer", "브랜드" },
	  .fill = .4,
	  .named = true,
	  .text = true },
	{ .field = FIELD_CONDITION,
	  .fits = fits_name,
	  .attrs = { "" },
	  .words = { "condition", "grade", "상태" },
	  .fill = .4,
	  .named = true,
	  .text = true },
	{ .field = FIELD_CATEGORY,
	  .fits = fits_name,
	  .attrs = { "" },
	  .words = { "category", "카테고리" },
	  .fill = .4,
	  .named = true,
	  .text = true },
	{ .field = FIELD_STATUS,
	  .fits = fits_status,
	  .attrs = { "" },
	  .words = { "status", "state", "badge", "label" },
	  .fill = .05,
	  .text = true },
};

/* Names of things that are not the record's own title, link or picture. */
static const char *const other_words[] = { "seller",	"user",	    "author", "profile", "avatar",
					   "shop-name", "store",    "nick",   "icon",	 "logo",
					   "badge",	"wish",	    "like",   "cart",	 "count",
					   "comment",	"review",   "rating", "desc",	 "category",
					   "brand",	"location", "tag",    "date",	 "status",
					   "region",	"place",    "heart",  NULL };
/* Of prices. */
static const char *const old_words[] = { "old",	    "was",	"before",   "original",
					 "regular", "list-p",	"msrp",	    "discount",
					 "strike",  "shipping", "delivery", "unit",
					 "per",	    "consumer", "정가",	    NULL };
static const char *const now_words[] = {
	"sale", "now", "final", "current", "special", "sell", NULL
};

struct choice {
	const struct extract_pick_key *key;
	const char *attr;
	double score;
};

static struct str value_at(const struct pick *p, int cell, const char *attr)
{
	return attr[0] ? str_trim(extract_tree_attr(p->c->at[cell].node, attr))
		       : extract_cells_text(p->c, cell);
}

static bool is_struck(const struct pick *p, int cell)
{
	for (int i = 0; cell >= 0 && i < 3; cell = p->c->at[cell].parent, i++)
		if (extract_tree_is(p->c->at[cell].node, "del") ||
		    extract_tree_is(p->c->at[cell].node, "s") ||
		    extract_tree_is(p->c->at[cell].node, "strike"))
			return true;
	return false;
}

static double tag_score(const struct taste *t, const xmlNode *n)
{
	for (int i = 0; i < 8 && t->tags[i]; i++)
		if (extract_tree_is(n, t->tags[i]))
			return 2.5 - 0.3 * i;
	return 0;
}

static double price_score(const struct pick *p, int cell, struct str first)
{
	const xmlNode *n = p->c->at[cell].node;
	double score = 0;

	score -= is_struck(p, cell) ? 6 : 0;
	score -= extract_around_named(n, old_words) ? 3 : 0;
	score += extract_around_named(n, now_words) ? 1 : 0;
	score += price_of(p, cell, first) > 1 ? 1.5 : 0;
	score -= extract_cells_count(p->c, cell, EXTRACT_CELLS_PRICE) > 1 ? 4 : 0;
	/* and no other text */
	score += (p->c->at[cell].is >> EXTRACT_CELLS_PRICE) & 1 ? 1.5 : 0;
	return score - (double)first.n / 40;
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]))
			return true;
	return false;
}

/* What the names and the place of the elements say. */
static double looks(const struct pick *p, const struct taste *t, const struct extract_pick_key *k,
		    struct str first, double letters)
{
	int cell = -1;
	const xmlNode *n;
	double score = -0.15 * (double)k->mark.kind - (k->nth ? .3 : 0) - (k->within ? .2 : 0);

	for (int i = 0; i < p->keys.records && cell < 0; i++)
		cell = k->at[i];
	n = p->c->at[cell].node;
	score += extract_around_named(n, t->words) ? 3 : 0;
	score += k->self || !n->parent || !extract_around_named(n->parent, t->words) ? 0 : 1;
	score += tag_score(t, n);
	score -= k->self && t->text ? 2 : 0;
	if (t->field == FIELD_PRICE)
		return score + price_score(p, cell, first);
	if (t->field == FIELD_TITLE || t->field == FIELD_URL || t->field == FIELD_IMAGE)
		score -= extract_around_named(n, other_words) && !k->self ? 3.5 : 0;
	if (t->field == FIELD_TITLE)
		score += fmin(letters / 20, 1.5) -
			 (extract_cells_count(p->c, cell, EXTRACT_CELLS_TEXT) > 1 ? 1 : 0);
	else if (t->field != FIELD_URL)
		score -= letters / 200;
	else
		score += (has_digit(first) ? 1.5 : 0) + (k->self ? 1 : 0);
	return score;
}

/* How well a selector does; less than 0: not. */
static double judge(const struct pick *p, const struct taste *t, const struct extract_pick_key *k,
		    const char *attr)
{
	uint64_t seen[EXTRACT_PICK_RECORDS];
	struct str first = { 0 };
	double bytes = 0;
	int had = 0, fit = 0, kinds = 0;

	for (int i = 0; i < p->keys.records; i++) {
		struct str s = k->at[i] < 0 ? (struct str){ 0 } : value_at(p, k->at[i], attr);
		uint64_t h;
		bool again = false;

		had += s.n > 0;
		if (!s.n || !t->fits(p, k->at[i], s))
			continue;
		if (!fit)
			first = s;
		bytes += (double)s.n;
		h = hash64(s, 0);
		for (int j = 0; j < kinds; j++)
			again |= seen[j] == h;
		if (!again)
			seen[kinds++] = h;
		fit++;
	}
	if (!fit || fit < t->fill * p->keys.records || fit < .7 * had || kinds < t->distinct * fit)
		return -1;
	return 10 + 5.0 * fit / p->keys.records + 2.0 * kinds / fit +
	       looks(p, t, k, first, bytes / fit);
}

static bool is_named(const struct pick *p, const struct taste *t, const struct extract_pick_key *k)
{
	for (int i = 0; i < p->keys.records; i++)
		if (k->at[i] >= 0)
			return extract_around_named(p->c->at[k->at[i]].node, t->words);
	return false;
}

static struct str selector_of(const struct pick *p, const struct choice *c)
{
	struct str css = extract_pick_css(c->key, p->c->a);

	return c->attr[0] ? arena_fmt(p->c->a, "%.*s::attr(%s)", STR_ARG(css), c->attr)
			  : arena_fmt(p->c->a, "%.*s::text", STR_ARG(css));
}

/* Whether another field has the elements' text. */
static bool is_taken(const struct pick *p, struct str selector)
{
	for (int i = 0; i < FIELD_COUNT; i++)
		if (str_eq(p->used[i], selector))
			return true;
	return false;
}

static struct choice choose(struct pick *p, const struct taste *t)
{
	struct choice best = { .attr = "", .score = 0 }, now;

	for (int k = 0; k < p->keys.n; k++) {
		now.key = &p->keys.key[k];
		if (now.key->n < t->fill * p->keys.records ||
		    (t->named && !is_named(p, t, now.key)))
			continue;
		for (int i = 0; i < 6 && t->attrs[i]; i++) {
			now.attr = t->attrs[i];
			now.score = judge(p, t, now.key, now.attr) - .4 * i;
			if (now.score <= best.score ||
			    (t->text && is_taken(p, selector_of(p, &now))))
				continue;
			best = now;
		}
	}
	return best;
}

void extract_pick(struct extract_cells *c, const struct extract_repeat *r,
		  struct extract_draft_way *to)
{
	struct pick p = { .c = c, .to = to };
	struct choice url = { .score = 0 };

	*to = (struct extract_draft_way){ .format = FORMAT_HTML,
					  .items = { .kind = SEL_CSS, .expr = r->css },
					  .n = r->n,
					  .what = arena_fmt(c->a, "repeated %.*s",
							    STR_ARG(r->css)) };
	extract_pick_keys(c, r, &p.keys);
	for (size_t i = 0; i < sizeof(tastes) / sizeof(tastes[0]); i++) {
		struct choice best = choose(&p, &tastes[i]);

		if (best.score <= 0)
			continue;
		if (tastes[i].field == FIELD_URL)
			url = best;
		to->fields[tastes[i].field].kind = SEL_CSS;
		to->fields[tastes[i].field].expr = selector_of(&p, &best);
		if (tastes[i].text)
			p.used[tastes[i].field] = to->fields[tastes[i].field].expr;
	}
	extract_pick_id(c, &p.keys, url.key, &to->fields[FIELD_ID]);
}
