#include "cleaner/check.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"
#include "cleaner/mask.h"

#include <math.h>
#include <stdio.h>

/* Of a value, in messages. */
#define SHOWN_BYTES 100

/* A page kind that has checks, and their patterns by the checks' places. */
struct kind {
	const struct conf_page *page;
	struct regex **patterns;
};

struct check_set {
	struct kind *kinds;
	size_t n, room;
};

static int compile(const struct conf_page *page, struct kind *k,
		   void (*each)(void *ctx, const struct conf_problem *p), void *ctx)
{
	struct conf_problem p;
	struct reason why;
	int wrong = 0;

	*k = (struct kind){ .page = page };
	k->patterns = mem_zero((size_t)page->n_checks * sizeof(struct regex *));
	for (int i = 0; i < page->n_checks; i++) {
		const struct conf_check *c = &page->checks[i];

		if (!c->pattern.n || !regex_new(c->pattern, &k->patterns[i], &why))
			continue;
		p.at = c->pattern_at;
		snprintf(p.text, sizeof(p.text), "page `%.*s`, check of %s: pattern `%.*s`: %.160s",
			 (int)utf8_cut(page->name, 40).n, page->name.p,
			 listing_fields[c->field].name, (int)utf8_cut(c->pattern, 60).n,
			 c->pattern.p, why.text);
		each(ctx, &p);
		wrong++;
	}
	return wrong;
}

int check_new(const struct conf *conf, struct check_set **ret,
	      void (*each)(void *ctx, const struct conf_problem *p), void *ctx)
{
	struct check_set *c = mem_zero(sizeof(*c));
	int wrong = 0;

	for (int i = 0; i < conf->n_sources; i++) {
		for (int k = 0; k < conf->sources[i].n_pages; k++) {
			const struct conf_page *page = &conf->sources[i].pages[k];

			if (!page->n_checks)
				continue;
			mem_grow(&c->kinds, &c->room, c->n + 1, sizeof(*c->kinds));
			wrong += compile(page, &c->kinds[c->n++], each, ctx);
		}
	}
	*ret = c;
	return wrong;
}

void check_free(struct check_set *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		for (int k = 0; k < c->kinds[i].page->n_checks; k++)
			regex_free(c->kinds[i].patterns[k]);
		mem_free(c->kinds[i].patterns);
	}
	mem_free(c->kinds);
	mem_free(c);
}

static bool fault(struct check_fault *ret, const struct conf_check *c, enum reject_code code,
		  struct str why)
{
	*ret = (struct check_fault){ .code = code, .field = c->field, .why = why };
	return true;
}

static struct str name_of(const struct conf_check *c)
{
	return str_of(listing_fields[c->field].name);
}

/* `x` of `shown` is within what is wanted. */
static bool out_of_range(const struct conf_check *c, double x, struct str shown, struct arena *a,
			 struct check_fault *ret)
{
	if (c->min.n && x < c->least)
		return fault(ret, c, REJECT_MIN,
			     arena_fmt(a, "%.*s %.*s is below min %.*s", STR_ARG(name_of(c)),
				       STR_ARG(shown), STR_ARG(c->min)));
	if (c->max.n && x > c->most)
		return fault(ret, c, REJECT_MAX,
			     arena_fmt(a, "%.*s %.*s is above max %.*s", STR_ARG(name_of(c)),
				       STR_ARG(shown), STR_ARG(c->max)));
	return false;
}

/* Masked before it is cut: half a number is none any more. */
static struct str shown_raw(const struct check_in *in, struct str raw, struct arena *a)
{
	struct str text = str_trim(utf8_clean(a, utf8_cut(raw, (size_t)SHOWN_BYTES * 4)));

	if (in->source->mask_personal)
		text = mask_personal(text, a);
	return utf8_cut(text, SHOWN_BYTES);
}

static bool unreadable(const struct conf_check *c, const struct check_in *in, struct str raw,
		       struct arena *a, struct check_fault *ret)
{
	return fault(ret, c, REJECT_UNREADABLE,
		     arena_fmt(a, "%.*s can't be read: %.*s", STR_ARG(name_of(c)),
			       STR_ARG(shown_raw(in, raw, a))));
}

static bool price_fails(const struct conf_check *c, const struct check_in *in, struct arena *a,
			struct check_fault *ret)
{
	const struct listing *l = in->listing;
	struct str raw = str_trim(in->raw->field[FIELD_PRICE]);
	double price;

	if (l->price == LISTING_NO_PRICE)
		return raw.n && unreadable(c, in, raw, a, ret);
	if (!str_eq(l->currency, in->source->currency))
		return false;
	price = (double)l->price / pow(10, l->price_digits);
	return out_of_range(c, price, arena_fmt(a, "%.*f", l->price_digits, price), a, ret);
}

static int64_t time_of(const struct listing *l, enum listing_field f)
{
	return f == FIELD_UPDATED ? l->updated_ms : l->posted_ms;
}

static bool time_fails(const struct conf_check *c, const struct check_in *in, struct arena *a,
		       struct check_fault *ret)
{
	struct str raw = str_trim(in->raw->field[c->field]);
	int64_t ms = time_of(in->listing, c->field), age = in->seen_ms - ms;
	char span[32];

	if (!ms)
		return raw.n && unreadable(c, in, raw, a, ret);
	clock_span(age < 0 ? -age : age, span);
	return out_of_range(c, (double)age, arena_fmt(a, age < 0 ? "in %s" : "%s ago", span), a,
			    ret);
}

static bool is_among(struct str text, const struct conf_check *c)
{
	for (int i = 0; i < c->n_values; i++)
		if (str_eq_nocase(text, c->values[i]))
			return true;
	return c->n_values == 0;
}

static bool fits(const struct conf_check *c, const struct regex *pattern, struct str text,
		 struct regex_match *match, struct check_doubt *doubt)
{
	enum regex_answer answer = pattern ? regex_ask(pattern, match, text) : REGEX_YES;

	if (answer == REGEX_UNDECIDED) {
		doubt->n++;
		doubt->field = c->field;
	}
	return answer != REGEX_NO;
}

static bool text_fails(const struct conf_check *c, const struct regex *pattern,
		       const struct check_in *in, struct arena *a, struct check_fault *ret,
		       struct check_doubt *doubt)
{
	struct str text = listing_text(in->listing, c->field), shown;

	if (c->field == FIELD_STATUS && str_trim(in->raw->field[FIELD_STATUS]).n)
		text = str_of(state_name(STATE_LISTING, (int)in->listing->state));
	if (!text.n)
		return c->required && fault(ret, c, REJECT_MISSING,
					    arena_fmt(a, "%.*s is not there", STR_ARG(name_of(c))));
	shown = utf8_cut(text, SHOWN_BYTES);
	if (!fits(c, pattern, text, in->match, doubt))
		return fault(ret, c, REJECT_PATTERN,
			     arena_fmt(a, "%.*s `%.*s` does not fit pattern %.*s",
				       STR_ARG(name_of(c)), STR_ARG(shown),
				       (int)utf8_cut(c->pattern, SHOWN_BYTES).n, c->pattern.p));
	if (!is_among(text, c))
		return fault(ret, c, REJECT_VALUES,
			     arena_fmt(a, "%.*s `%.*s` is none of the values", STR_ARG(name_of(c)),
				       STR_ARG(shown)));
	return false;
}

static bool figure_fails(const struct conf_check *c, const struct check_in *in, struct arena *a,
			 struct check_fault *ret)
{
	bool price = c->field == FIELD_PRICE;
	bool there = price ? in->listing->price != LISTING_NO_PRICE
			   : time_of(in->listing, c->field) != 0;

	if (!there && c->required)
		return fault(ret, c, REJECT_MISSING,
			     arena_fmt(a, "%.*s is not there", STR_ARG(name_of(c))));
	if (!c->min.n && !c->max.n)
		return false;
	return price ? price_fails(c, in, a, ret) : time_fails(c, in, a, ret);
}

static const struct kind *kind_of(const struct check_set *c, const struct conf_page *page)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->kinds[i].page == page)
			return &c->kinds[i];
	return NULL;
}

bool check_fails(const struct check_set *set, const struct check_in *in, struct arena *a,
		 struct check_fault *ret, struct check_doubt *doubt)
{
	const struct kind *k = in->page->n_checks ? kind_of(set, in->page) : NULL;

	must(k || !in->page->n_checks);
	for (int i = 0; k && i < in->page->n_checks; i++) {
		const struct conf_check *c = &in->page->checks[i];
		bool fails = c->field == FIELD_PRICE || c->field == FIELD_POSTED ||
					     c->field == FIELD_UPDATED
				     ? figure_fails(c, in, a, ret)
				     : text_fails(c, k->patterns[i], in, a, ret, doubt);

		if (fails)
			return true;
	}
	return false;
}
