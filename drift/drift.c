#include "drift/drift.h"

#include "drift/drift_stat.h"

#include <math.h>
#include <string.h>

/* Values before a statistic is watched. */
#define LEARN_LEAST 50
/* From then on a value out of so many is learned: until the sample is full, and after. */
#define LEARN_EVERY 4
#define LEARN_EVERY_FULL 8
/* Wealth of a statistic from which on something may be afoot: nothing is learned. */
#define AFOOT 60
/* An alarm ends when so much of the last two dozen pages was usual again. */
#define CALM 0.75
#define CALM_PAGES 16.0

void drift_reset(struct drift *d, uint64_t version)
{
	memset(d, 0, sizeof(*d));
	d->version = version;
}

bool drift_watches(const struct drift *d, enum drift_stat s)
{
	return d->watch[s].ref.n >= LEARN_LEAST;
}

double drift_usual(const struct drift *d, enum drift_stat s)
{
	const struct drift_ref *r = &d->watch[s].ref;

	if (s == DRIFT_REJECTED || s >= DRIFT_CATEGORY_MOVED)
		return drift_ref_mean(r);
	return drift_ref_median(r);
}

static bool learns_now(const struct drift *d, const struct drift_watch *w)
{
	if (w->alarm.open || drift_bets_wealth(&w->bets) > AFOOT)
		return false;
	if (w->ref.n < LEARN_LEAST)
		return true;
	return d->pages % (w->ref.n < DRIFT_SAMPLE ? LEARN_EVERY : LEARN_EVERY_FULL) == 0;
}

static bool odd(const struct drift_watch *w, const struct drift_look *look, double x)
{
	for (enum drift_test t = 0; t < DRIFT_TESTS; t++)
		if ((w->bets.tests & 1u << t) &&
		    drift_bets_score(&w->bets, look, t, x) > w->bets.p0[t])
			return true;
	return false;
}

/* Where it may have begun, in case it turns out to be a change. */
static void follow(struct drift_watch *w, const struct drift_look *look, double x, int64_t page)
{
	if (w->page && drift_bets_wealth(&w->bets) < AFOOT / 2.0) {
		w->page = w->pages = 0;
		w->sum = 0;
	}
	if (!w->page && !odd(w, look, x))
		return;
	if (!w->page)
		w->page = page;
	w->pages++;
	w->sum += x;
}

static void raise(struct drift *d, enum drift_stat s, int64_t now_ms)
{
	struct drift_watch *w = &d->watch[s];
	double now = w->pages ? w->sum / (double)w->pages : NAN;

	w->loud = (int)drift_bets_loudest(&w->bets);
	w->calm = 0;
	w->alarm = (struct drift_alarm){ .open = true,
					 .side = now < drift_usual(d, s) ? -1 : 1,
					 .page = w->page,
					 .at_ms = now_ms,
					 .was = drift_usual(d, s),
					 .now = now,
					 .pages = w->pages };
	drift_bets_end(&w->bets);
}

/* True: it is over. */
static bool calms(struct drift_watch *w, const struct drift_look *look, double x)
{
	double usual = 1 - drift_bets_score(&w->bets, look, (enum drift_test)w->loud, x);

	w->calm += (usual - w->calm) / CALM_PAGES;
	if (w->calm < CALM)
		return false;
	w->alarm.open = false;
	w->page = w->pages = 0;
	w->sum = 0;
	return true;
}

static bool step(struct drift *d, enum drift_stat s, double x, int64_t page, int64_t now_ms,
		 double most)
{
	const struct drift_look *look = drift_stat_look(s);
	struct drift_watch *w = &d->watch[s];
	bool news = false;

	if (w->alarm.open)
		return calms(w, look, x);
	if (drift_watches(d, s)) {
		drift_bets_add(&w->bets, look, x);
		follow(w, look, x, page);
		if (drift_bets_wealth(&w->bets) >= most) {
			raise(d, s, now_ms);
			news = true;
		}
	}
	if (learns_now(d, w)) {
		drift_ref_add(&w->ref, x);
		if (drift_watches(d, s))
			drift_bets_set(&w->bets, &w->ref, look);
	}
	return news;
}

uint64_t drift_add(struct drift *d, const struct drift_page *p, int64_t page, int64_t now_ms,
		   double pages_per_alarm)
{
	/* The average over all bets reaches pages_per_alarm no sooner than one of them alone
	 * reaches this. */
	double most = pages_per_alarm * DRIFT_STATS * DRIFT_TESTS * DRIFT_STAKES;
	const struct drift_watch *forms = &d->watch[DRIFT_CATEGORY];
	uint64_t news = 0;

	d->pages++;
	for (enum drift_stat s = 0; s < DRIFT_STATS; s++) {
		double x = drift_stat_value(s, p, d);

		if (!isnan(x) && step(d, s, x, page, now_ms, most))
			news |= (uint64_t)1 << s;
	}
	if (!forms->alarm.open && drift_bets_wealth(&forms->bets) <= AFOOT)
		drift_stat_learn(d, p);
	return news;
}
