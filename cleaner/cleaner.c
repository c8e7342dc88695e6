#include "cleaner/cleaner.h"

#include "base/normal.h"
#include "base/utf8.h"
#include "cleaner/currency.h"
#include "cleaner/lists.h"
#include "cleaner/mask.h"
#include "cleaner/place.h"
#include "cleaner/posted.h"
#include "cleaner/price.h"
#include "cleaner/resolve.h"

#include <string.h>

bool cleaner_price(struct str text, struct str currency, int64_t *ret_price, int *ret_digits)
{
	return price_read(text, currency, ret_price, ret_digits);
}

struct str cleaner_url(struct arena *a, struct str base, struct str link)
{
	return resolve_link(a, base, link);
}

static void flag(struct arena *a, struct listing *l, enum listing_flag f, const char *why)
{
	l->flags |= FLAG_BIT(f);
	if (l->flag_reason.n)
		l->flag_reason = arena_fmt(a, "%.*s; %s", STR_ARG(l->flag_reason), why);
	else
		l->flag_reason = arena_text(a, why);
}

static void set_flags(struct arena *a, struct listing *l)
{
	char why[64];

	l->flags = 0;
	l->flag_reason = STR("");
	if (l->title_clean.n == 0)
		flag(a, l, FLAG_EMPTY_TITLE, "title without a letter or digit");
	if (l->price == LISTING_NO_PRICE)
		flag(a, l, FLAG_NO_PRICE, "no readable price");
	else if (price_joke(l->price, l->currency, why))
		flag(a, l, FLAG_JOKE_PRICE, why);
}

uint32_t cleaner_version(const struct marks *marks)
{
	uint64_t words = marks ? marks_version(marks) : 0;

	return CLEANER_VERSION | (uint32_t)(words >> 40) << 8;
}

void cleaner_again(const struct marks *marks, struct arena *a, struct listing *l)
{
	l->title_clean = normal_str(a, l->title);
	l->title_marks = marks ? marks_find(marks, l->title_clean, a) : STR("");
	l->title_core = marks ? marks_core(marks, l->title_clean, a) : STR("");
	l->family = listing_title_key(l);
	set_flags(a, l);
	l->clean_version = cleaner_version(marks);
}

/* The field without the white space around it. */
static struct str kept(struct arena *a, const struct listing_raw *raw, enum listing_field f)
{
	return arena_str(a, str_trim(utf8_clean(a, raw->field[f])));
}

/* The page's own word, else the price's sign, else what is usual at the source. */
static struct str currency_of(struct arena *a, const struct cleaner_in *in)
{
	struct str given = str_trim(in->raw->field[FIELD_CURRENCY]);
	struct str usual = in->source->currency;
	char code[4];

	if (!price_currency(given, usual, code) &&
	    !price_currency(in->raw->field[FIELD_PRICE], usual, code))
		return arena_str(a, usual);
	return arena_text(a, code);
}

static void set_price(struct arena *a, const struct cleaner_in *in, struct listing *l)
{
	l->currency = currency_of(a, in);
	l->price = LISTING_NO_PRICE;
	l->price_digits = currency_digits(l->currency);
	cleaner_price(in->raw->field[FIELD_PRICE], l->currency, &l->price, &l->price_digits);
}

/* As the source's configuration says, or else by the name of a state: format auto has those. */
static enum listing_state state_of(const struct cleaner_in *in)
{
	struct str given = str_trim(in->raw->field[FIELD_STATUS]);
	int state;

	for (int i = 0; given.n && i < in->source->n_status; i++)
		if (str_eq_nocase(in->source->status[i].from, given))
			return in->source->status[i].to;
	if (given.n && state_parse(STATE_LISTING, given, &state))
		return (enum listing_state)state;
	return LISTING_UNKNOWN;
}

static struct str condition_of(struct arena *a, const struct cleaner_in *in)
{
	struct str given = kept(a, in->raw, FIELD_CONDITION);

	for (int i = 0; given.n && i < in->source->n_conditions; i++)
		if (str_eq_nocase(in->source->conditions[i].from, given))
			return in->source->conditions[i].to;
	return given;
}

static struct str address(struct arena *a, const struct cleaner_in *in, enum listing_field f)
{
	struct str link = str_trim(in->raw->field[f]);

	/* An empty reference means the page itself; an empty field means nothing. */
	return link.n ? cleaner_url(a, in->page_url, link) : STR("");
}

/* And then no longer than is stored. */
static struct str masked(struct arena *a, const struct cleaner_in *in, enum listing_field f,
			 struct str text)
{
	if (in->source->mask_personal)
		text = mask_personal(text, a);
	return arena_str(a, utf8_cut(text, listing_fields[f].most_bytes));
}

/* The main image is the first of all, unless the page says which it is. */
static void set_images(struct arena *a, const struct cleaner_in *in, struct listing *l)
{
	struct str raw = in->raw->field[FIELD_IMAGES];

	l->image = address(a, in, FIELD_IMAGE);
	if (raw.n && l->image.n)
		raw = arena_fmt(a, "%.*s%c%.*s", STR_ARG(l->image), LISTING_BETWEEN, STR_ARG(raw));
	l->images = lists_images(raw, in->page_url, a);
	if (!l->image.n)
		l->image = lists_first(l->images, a);
}

static void set_category(struct arena *a, const struct cleaner_in *in, struct listing *l)
{
	struct str path = in->raw->field[FIELD_CATEGORY_PATH];
	struct str separator = in->source->category_separator;

	l->category = kept(a, in->raw, FIELD_CATEGORY);
	/* One level that is the category itself says nothing more. */
	if (path.n)
		l->category_path = lists_path(path, separator, l->category.n ? 1 : 2, a);
	else
		l->category_path = lists_path(l->category, separator, 2, a);
	if (!l->category.n)
		l->category = lists_path_text(path, a);
}

void cleaner_run(const struct cleaner_in *in, struct arena *a, struct listing *ret)
{
	const struct listing_raw *raw = in->raw;
	struct listing l = {
		.source = arena_str(a, in->source->name),
		.ext_id = kept(a, raw, FIELD_ID),
		.url = address(a, in, FIELD_URL),
		/* As the seller wrote it, white space too, but for what is personal. */
		.title = masked(a, in, FIELD_TITLE, utf8_clean(a, raw->field[FIELD_TITLE])),
		.description = masked(a, in, FIELD_DESCRIPTION, kept(a, raw, FIELD_DESCRIPTION)),
		.brand = kept(a, raw, FIELD_BRAND),
		.condition = condition_of(a, in),
		.location = place_cut(kept(a, raw, FIELD_LOCATION), in->source->location_parts,
				      in->source->language),
		.state = state_of(in),
		.posted_ms = posted_ms(raw->field[FIELD_POSTED], in->now_ms,
				       conf_source_zone_ms(in->source)),
		.updated_ms = posted_ms(raw->field[FIELD_UPDATED], in->now_ms,
					conf_source_zone_ms(in->source)),
		.attributes = lists_attributes(raw->field[FIELD_ATTRIBUTES],
					       in->source->mask_personal, a),
		.first_seen_ms = in->now_ms,
		.last_seen_ms = in->now_ms,
	};

	set_images(a, in, &l);
	set_category(a, in, &l);
	set_price(a, in, &l);
	cleaner_again(in->marks, a, &l);
	*ret = l;
}
