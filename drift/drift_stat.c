#include "drift/drift_stat.h"

#include "base/hash.h"
#include "base/must.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BELOW (1u << DRIFT_BELOW_ALL | 1u << DRIFT_BELOW_TENTH)
#define ABOVE (1u << DRIFT_ABOVE_ALL | 1u << DRIFT_ABOVE_TENTH)
/* Of lists, many a page is the last one, and short. */
#define COUNTS (BELOW | 1u << DRIFT_BELOW_THIRD | ABOVE | 1u << DRIFT_MEAN_BELOW)
#define MEANS (1u << DRIFT_MEAN_BELOW | 1u << DRIFT_MEAN_ABOVE)
/* Fewer say nothing of how prices spread, nor categories. */
#define SPREAD_LEAST 5
/* Bits; rarer is as rare as new. */
#define RARE_MOST 10
/* Older ones fade. */
#define FORMS_MOST 20000

static const struct stat_row {
	const char *name;
	struct drift_look look;
} rows[DRIFT_FILL + 1] = {
	[DRIFT_ITEMS] = { "items", { COUNTS, 0.4, .scaled = true } },
	[DRIFT_LINKS] = { "links", { COUNTS, 0.6, .scaled = true } },
	[DRIFT_REJECTED] = { "rejected", { ABOVE | 1u << DRIFT_MEAN_ABOVE, 0.05, .share = true } },
	[DRIFT_PRICE] = { "price", { BELOW | ABOVE, 0.7, .share = false } },
	[DRIFT_PRICE_SPREAD] = { "price-spread", { BELOW, 9, .share = true } },
	[DRIFT_CATEGORY] = { "category", { ABOVE, 1, .share = false } },
	[DRIFT_CATEGORY_KINDS] = { "category-kinds", { BELOW, 9, .share = true } },
	[DRIFT_CATEGORY_MOVED] = { "category-moved",
				   { ABOVE | 1u << DRIFT_MEAN_ABOVE, 0.1, .share = true } },
	[DRIFT_FILL] = { "fill", { BELOW | ABOVE | MEANS, 0.2, .share = true } },
};

static const struct stat_row *row(enum drift_stat s)
{
	must(s < DRIFT_STATS);
	return &rows[s < DRIFT_FILL ? s : DRIFT_FILL];
}

const struct drift_look *drift_stat_look(enum drift_stat s)
{
	return &row(s)->look;
}

void drift_stat_name(enum drift_stat s, char to[32])
{
	if (s < DRIFT_FILL)
		snprintf(to, 32, "%s", row(s)->name);
	else
		snprintf(to, 32, "%s-%s", row(s)->name, listing_fields[s - DRIFT_FILL].name);
}

bool drift_stat_parse(struct str name, enum drift_stat *ret)
{
	char text[32];

	for (enum drift_stat s = 0; s < DRIFT_STATS; s++) {
		drift_stat_name(s, text);
		if (str_is(name, text)) {
			*ret = s;
			return true;
		}
	}
	return false;
}

/* ---- a page ---- */

/* Coarse, as names within one scheme differ: a number, ASCII, or words of another script; and
 * whether it is a path. */
static int form_of(struct str category)
{
	bool path = str_find_char(category, '>') >= 0, number = true, ascii = true;

	for (size_t i = 0; i < category.n; i++) {
		unsigned char c = (unsigned char)category.p[i];

		number = number && ((c >= '0' && c <= '9') || c == '>' || c == ' ');
		ascii = ascii && c < 0x80;
	}
	return path + 2 * (number ? 0 : ascii ? 1 : 2);
}

static void add_category(struct drift_page *p, struct str category)
{
	uint32_t hash = (uint32_t)hash64(category, 0);
	int i = 0;

	p->forms[form_of(category)]++;
	while (i < p->n_kinds && p->kinds[i].hash != hash)
		i++;
	if (i == DRIFT_KINDS)
		i--;
	else if (i == p->n_kinds)
		p->kinds[p->n_kinds++].hash = hash;
	p->kinds[i].listings++;
}

void drift_page_add(struct drift_page *p, const struct listing *l)
{
	const bool has[FIELD_COUNT] = {
		[FIELD_ID] = l->ext_id.n > 0,
		[FIELD_URL] = l->url.n > 0,
		[FIELD_TITLE] = l->title.n > 0,
		[FIELD_DESCRIPTION] = l->description.n > 0,
		[FIELD_PRICE] = l->price != LISTING_NO_PRICE,
		[FIELD_CURRENCY] = l->currency.n > 0,
		[FIELD_IMAGE] = l->image.n > 0,
		[FIELD_CATEGORY] = l->category.n > 0,
		[FIELD_BRAND] = l->brand.n > 0,
		[FIELD_CONDITION] = l->condition.n > 0,
		[FIELD_STATUS] = l->state != LISTING_UNKNOWN,
		[FIELD_LOCATION] = l->location.n > 0,
		[FIELD_POSTED] = l->posted_ms != 0,
		[FIELD_UPDATED] = l->updated_ms != 0,
		[FIELD_IMAGES] = l->images.n > 0,
		[FIELD_CATEGORY_PATH] = l->category_path.n > 0,
		[FIELD_ATTRIBUTES] = l->attributes.n > 0,
	};

	p->listings++;
	for (int f = 0; f < FIELD_COUNT; f++)
		p->filled[f] += has[f];
	if (l->price != LISTING_NO_PRICE && l->price > 0 && p->n_prices < DRIFT_PRICES)
		p->prices[p->n_prices++] = (float)(log10((double)l->price) - l->price_digits);
	if (l->category.n)
		add_category(p, l->category);
}

static int by_size(const void *a, const void *b)
{
	const float *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(const struct drift_page *p)
{
	float sorted[DRIFT_PRICES];

	if (!p->n_prices)
		return NAN;
	memcpy(sorted, p->prices, (size_t)p->n_prices * sizeof(*sorted));
	qsort(sorted, (size_t)p->n_prices, sizeof(*sorted), by_size);
	return (double)sorted[p->n_prices / 2];
}

static double spread(const struct drift_page *p)
{
	float lo = p->prices[0], hi = lo;

	if (p->n_prices < SPREAD_LEAST)
		return NAN;
	for (int i = 1; i < p->n_prices; i++) {
		lo = fminf(lo, p->prices[i]);
		hi = fmaxf(hi, p->prices[i]);
	}
	return (double)(hi - lo);
}

static double entropy(const struct drift_page *p)
{
	double sum = 0, n = 0;

	for (int i = 0; i < p->n_kinds; i++) {
		n += p->kinds[i].listings;
		sum += p->kinds[i].listings * log2(p->kinds[i].listings);
	}
	return n >= SPREAD_LEAST ? log2(n) - sum / n : NAN;
}

/* ---- forms of categories ---- */

static double rarity(const struct drift_page *p, const struct drift *d)
{
	double sum = 0, n = 0;

	for (int i = 0; i < DRIFT_FORMS; i++) {
		sum += p->forms[i] * fmin(RARE_MOST, log2((d->forms + 1) / (d->form[i] + 0.5)));
		n += p->forms[i];
	}
	return n > 0 ? sum / n : NAN;
}

void drift_stat_learn(struct drift *d, const struct drift_page *p)
{
	for (int i = 0; i < DRIFT_FORMS; i++) {
		d->form[i] += p->forms[i];
		d->forms += p->forms[i];
	}
	if (d->forms < FORMS_MOST)
		return;
	d->forms = 0;
	for (int i = 0; i < DRIFT_FORMS; i++)
		d->forms += d->form[i] /= 2;
}

double drift_stat_value(enum drift_stat s, const struct drift_page *p, const struct drift *d)
{
	int items = p->listings + p->rejected;

	switch (s) {
	case DRIFT_ITEMS:
		return p->listed ? log2(1 + p->listings) : NAN;
	case DRIFT_LINKS:
		return log2(1 + p->links);
	case DRIFT_REJECTED:
		return items ? (double)p->rejected / items : NAN;
	case DRIFT_PRICE:
		return median(p);
	case DRIFT_PRICE_SPREAD:
		return spread(p);
	case DRIFT_CATEGORY:
		return rarity(p, d);
	case DRIFT_CATEGORY_KINDS:
		return entropy(p);
	case DRIFT_CATEGORY_MOVED:
		return p->known ? (double)p->moved / p->known : NAN;
	default:
		return p->listings ? (double)p->filled[s - DRIFT_FILL] / p->listings : NAN;
	}
}
