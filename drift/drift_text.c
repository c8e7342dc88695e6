#include "drift/drift_stat.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM 1

/* ---- words for people ---- */

static bool is_share(enum drift_stat s)
{
	return s == DRIFT_REJECTED || s >= DRIFT_CATEGORY_MOVED;
}

/* "45,000" */
static void amount(double x, struct buf *to)
{
	char digits[64];
	int n;

	if (x < 100) {
		buf_fmt(to, "%.3g", x);
		return;
	}
	n = snprintf(digits, sizeof(digits), "%.0f", fmin(x, 1e18));
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			buf_add_char(to, ',');
		buf_add_char(to, digits[i]);
	}
}

void drift_value_words(enum drift_stat s, double v, struct buf *to)
{
	if (isnan(v))
		buf_add_text(to, "nothing");
	else if (is_share(s))
		buf_fmt(to, v > 0 && v < 0.01 ? "%.2g%%" : "%.3g%%", v * 100);
	else if (s == DRIFT_ITEMS || s == DRIFT_LINKS)
		buf_fmt(to, "%.3g", exp2(v) - 1);
	else if (s == DRIFT_PRICE || s == DRIFT_PRICE_SPREAD)
		amount(pow(10, v), to);
	else if (s == DRIFT_CATEGORY_KINDS)
		buf_fmt(to, "%.3g", exp2(v));
	else
		buf_fmt(to, "1 in %.3g", exp2(v));
}

void drift_words(enum drift_stat s, double was, double now, struct buf *to)
{
	static const char *const words[DRIFT_FILL][2] = {
		[DRIFT_ITEMS] = { "a page had ", " listings" },
		[DRIFT_LINKS] = { "a page had ", " links" },
		[DRIFT_REJECTED] = { "", " of the items were rejected" },
		[DRIFT_PRICE] = { "the median price of a page was ", "" },
		[DRIFT_PRICE_SPREAD] = { "the dearest listing of a page cost ",
					 " times the cheapest" },
		[DRIFT_CATEGORY] = { "categories were written in a way that had ", " of them" },
		[DRIFT_CATEGORY_KINDS] = { "a page had ", " categories" },
		[DRIFT_CATEGORY_MOVED] = { "",
					   " of the listings known before had another category" },
	};

	if (s < DRIFT_FILL) {
		buf_add_text(to, words[s][0]);
		drift_value_words(s, was, to);
		buf_add_text(to, words[s][1]);
	} else {
		buf_fmt(to, "%s was filled in ", listing_fields[s - DRIFT_FILL].name);
		drift_value_words(s, was, to);
		buf_add_text(to, " of listings");
	}
	buf_add_text(to, ", now ");
	drift_value_words(s, now, to);
}

/* ---- text to be kept ---- */

static void write_watch(enum drift_stat s, const struct drift_watch *w, struct buf *to)
{
	const struct drift_alarm *a = &w->alarm;
	char name[32];

	drift_stat_name(s, name);
	buf_fmt(to,
		"watch %s %d %d %d %d %" PRId64 " %" PRId64 " %" PRId64 " %.9g %.9g %" PRId64
		" %" PRId64 " %.9g %.9g",
		name, w->ref.n, w->ref.at, a->open, a->side, a->page, a->at_ms, a->pages, a->was,
		a->now, w->page, w->pages, w->sum, w->calm);
	buf_fmt(to, " %d", w->loud);
	for (int t = 0; t < DRIFT_TESTS; t++)
		for (int i = 0; i < DRIFT_STAKES; i++)
			buf_fmt(to, " %.6g", w->bets.wealth[t][i]);
	for (int i = 0; i < w->ref.n; i++)
		buf_fmt(to, " %.6g", (double)w->ref.value[i]);
	buf_add_char(to, '\n');
}

void drift_write(const struct drift *d, struct buf *to)
{
	buf_fmt(to, "drift %d %016" PRIx64 " %" PRId64 "\n", FORM, d->version, d->pages);
	for (enum drift_stat s = 0; s < DRIFT_STATS; s++)
		if (d->watch[s].ref.n)
			write_watch(s, &d->watch[s], to);
	buf_add_text(to, "forms");
	for (int i = 0; i < DRIFT_FORMS; i++)
		buf_fmt(to, " %.9g", d->form[i]);
	buf_add_char(to, '\n');
}

static bool number(struct str *rest, double *ret)
{
	struct str part;

	return str_next(rest, ' ', &part) && (str_f64(part, ret) || str_is(part, "nan")) &&
	       (isfinite(*ret) || str_is(part, "nan"));
}

static bool whole(struct str *rest, int64_t *ret)
{
	struct str part;

	return str_next(rest, ' ', &part) && str_i64(part, ret);
}

static bool hex(struct str *rest, uint64_t *ret)
{
	struct str part;
	char text[17];
	char *end;

	if (!str_next(rest, ' ', &part) || part.n != 16)
		return false;
	memcpy(text, part.p, 16);
	text[16] = 0;
	*ret = strtoull(text, &end, 16);
	return !*end;
}

static bool read_sample(struct str *rest, struct drift_ref *r, int64_t n, int64_t at)
{
	double x;

	if (n < 0 || n > DRIFT_SAMPLE || at < 0 || at >= DRIFT_SAMPLE)
		return false;
	for (int i = 0; i < n; i++) {
		if (!number(rest, &x) || isnan(x))
			return false;
		drift_ref_add(r, x);
	}
	/* As it lay, so that the oldest is the next to go. */
	if (n == DRIFT_SAMPLE)
		r->at = (int)at;
	return true;
}

static bool read_wealth(struct str *rest, struct drift_bets *b)
{
	for (int t = 0; t < DRIFT_TESTS; t++)
		for (int i = 0; i < DRIFT_STAKES; i++)
			if (!number(rest, &b->wealth[t][i]) || !(b->wealth[t][i] >= 0))
				return false;
	return true;
}

static bool read_watch(struct drift *d, struct str rest)
{
	struct drift_watch w = { 0 };
	int64_t n, at, open, side, loud;
	enum drift_stat s;
	struct str name;

	if (!str_next(&rest, ' ', &name))
		return false;
	if (!drift_stat_parse(name, &s))
		return true; /* of a field that there was */
	if (!whole(&rest, &n) || !whole(&rest, &at) || !whole(&rest, &open) ||
	    !whole(&rest, &side) || !whole(&rest, &w.alarm.page) || !whole(&rest, &w.alarm.at_ms) ||
	    !whole(&rest, &w.alarm.pages) || !number(&rest, &w.alarm.was) ||
	    !number(&rest, &w.alarm.now) || !whole(&rest, &w.page) || !whole(&rest, &w.pages) ||
	    !number(&rest, &w.sum) || !number(&rest, &w.calm) || !whole(&rest, &loud) || loud < 0 ||
	    loud >= DRIFT_TESTS || !read_wealth(&rest, &w.bets) ||
	    !read_sample(&rest, &w.ref, n, at))
		return false;
	w.alarm.open = open != 0;
	w.alarm.side = side < 0 ? -1 : side > 0;
	w.loud = (int)loud;
	d->watch[s] = w;
	return true;
}

static bool read_forms(struct drift *d, struct str rest)
{
	d->forms = 0;
	for (int i = 0; i < DRIFT_FORMS; i++) {
		if (!number(&rest, &d->form[i]) || !(d->form[i] >= 0))
			return false;
		d->forms += d->form[i];
	}
	return true;
}

static bool read_line(struct drift *d, struct str line)
{
	struct str what;

	if (!line.n)
		return true;
	if (!str_next(&line, ' ', &what))
		return false;
	return str_is(what, "watch")   ? read_watch(d, line)
	       : str_is(what, "forms") ? read_forms(d, line)
				       : false;
}

static bool read_head(struct drift *d, struct str line)
{
	struct str what;
	int64_t form;

	return str_next(&line, ' ', &what) && str_is(what, "drift") && whole(&line, &form) &&
	       form == FORM && hex(&line, &d->version) && whole(&line, &d->pages);
}

enum err drift_read(struct drift *d, struct str text)
{
	struct str line;
	bool good;

	drift_reset(d, 0);
	good = str_next(&text, '\n', &line) && read_head(d, line);
	while (good && str_next(&text, '\n', &line))
		good = read_line(d, line);
	if (!good) {
		drift_reset(d, 0);
		return ERR_BAD;
	}
	for (enum drift_stat s = 0; s < DRIFT_STATS; s++)
		if (drift_watches(d, s))
			drift_bets_set(&d->watch[s].bets, &d->watch[s].ref, drift_stat_look(s));
	return ERR_OK;
}
