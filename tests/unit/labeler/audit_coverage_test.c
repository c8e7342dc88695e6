/* Whether 95% is 95%: intervals of 2,000 draws against the truth that they are of. */
#include "labeler/audit_draw.h"
#include "labeler/audit_estimate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define DRAWS 2000
#define EACH 100  /* of one population; counts of a few errors cover by steps, up and down */
#define MOST 2000 /* units of a population */
#define STRATA 6  /* of doubt, and what is drawn whole */

struct thing {
	int stratum;
	uint64_t seller;
	double size, wrong, after, domain;
};

struct population {
	struct thing things[MOST];
	int n;
	struct audit_stratum strata[STRATA];
};

static double total(const struct population *p, double (*of)(const struct thing *t), bool domain)
{
	double sum = 0, size = 0;

	for (int i = 0; i < p->n; i++) {
		double s = p->things[i].size * (domain ? p->things[i].domain : 1);

		sum += s * of(&p->things[i]);
		size += s;
	}
	return sum / size;
}

static double wrong(const struct thing *t)
{
	return t->wrong;
}

static double gain(const struct thing *t)
{
	return t->wrong - t->after;
}

static void count_strata(struct population *p, int64_t draw, double whole)
{
	double doubt[STRATA] = { 0 };

	for (int h = 0; h < STRATA; h++)
		p->strata[h] = (struct audit_stratum){ .whole = h == STRATA - 1 };
	for (int i = 0; i < p->n; i++) {
		struct thing *t = &p->things[i];
		struct audit_stratum *s;

		if (t->size >= whole)
			t->stratum = STRATA - 1;
		s = &p->strata[t->stratum];
		s->units++;
		s->size += t->size;
		s->squares += t->size * t->size;
		doubt[t->stratum] += t->size * t->wrong;
	}
	for (int h = 0; h < STRATA; h++)
		if (p->strata[h].size > 0)
			p->strata[h].doubt = doubt[h] / p->strata[h].size;
	(void)audit_plan_allot(p->strata, STRATA, draw, 10);
}

struct sampled {
	struct audit_unit units[MOST];
	double wrong[MOST], after[MOST], domain[MOST];
	struct audit_sample s;
};

static void draw(const struct population *p, uint64_t seed, struct sampled *ret)
{
	struct audit_draw d;
	size_t n = 0;

	audit_draw_init(&d, seed, p->strata, STRATA);
	for (int i = 0; i < p->n; i++) {
		const struct thing *t = &p->things[i];

		if (!audit_draw_next(&d, t->stratum))
			continue;
		ret->units[n] = (struct audit_unit){ t->stratum, t->seller, t->size };
		ret->wrong[n] = t->wrong;
		ret->after[n] = t->after;
		ret->domain[n++] = t->domain;
	}
	assert_int_equal(audit_draw_end(&d, NULL), ERR_OK);
	audit_draw_done(&d);
	ret->s = (struct audit_sample){ p->strata, STRATA, ret->units, n };
}

static double exponential(struct rng *r)
{
	return -log(1 - rng_unit(r));
}

/* One stratum, one in two hundred to one in fifty wrong. */
static void rare(struct population *p, struct rng *r)
{
	const double share = .005 + .015 * rng_unit(r);

	p->n = 2000;
	for (int i = 0; i < p->n; i++)
		p->things[i] =
			(struct thing){ .size = 1, .wrong = rng_unit(r) < share, .domain = 1 };
	count_strata(p, 500, 1e9);
}

/* A doubt that is calibrated; the policy mends most of what is wrong, and breaks some. */
static void stratified(struct population *p, struct rng *r)
{
	p->n = 1500;
	for (int i = 0; i < p->n; i++) {
		double doubt = rng_unit(r) < .8 ? rng_unit(r) * .08 : rng_unit(r);
		struct thing *t = &p->things[i];

		*t = (struct thing){ .stratum = audit_plan_stratum(doubt), .size = 1 };
		t->wrong = rng_unit(r) < doubt;
		t->after = t->wrong > 0 ? rng_unit(r) < .4 : rng_unit(r) < .02;
		t->domain = rng_unit(r) < .2;
	}
	count_strata(p, 300, 1e9);
}

/* Sellers with some to many families of all sizes, who err each in their way. */
static void sellers(struct population *p, struct rng *r)
{
	uint64_t seller = 1;
	double left = 0, errs = 0;

	p->n = 1200;
	for (int i = 0; i < p->n; i++, left--) {
		struct thing *t = &p->things[i];

		if (left < 1) {
			left = ceil(exponential(r) * 8);
			errs = rng_unit(r) < .25 ? rng_unit(r) * .8 : .03;
			seller++;
		}
		*t = (struct thing){ .seller = seller, .size = ceil(exponential(r) * 2) };
		t->stratum = audit_plan_stratum(errs * (.5 + rng_unit(r)));
		t->wrong = rng_unit(r) < errs;
		t->after = t->wrong > 0 ? rng_unit(r) < .4 : rng_unit(r) < .02;
		t->domain = seller % 4 == 0;
	}
	count_strata(p, 250, 10);
}

static const struct {
	const char *name;
	void (*make)(struct population *p, struct rng *r);
	bool domain, change, such;
} worlds[] = {
	{ "rare", rare, false, false, false },
	{ "stratified", stratified, false, false, false },
	{ "stratified, a domain afterwards", stratified, true, false, false },
	{ "stratified, before and after", stratified, false, true, false },
	{ "families and sellers", sellers, false, false, false },
	{ "families and sellers, a domain", sellers, true, false, false },
	{ "families and sellers, before and after", sellers, false, true, false },
	{ "sellers like these", sellers, false, false, true },
};

static struct population p;
static struct sampled s;

static struct audit_estimate estimate(size_t w, enum audit_world world)
{
	struct audit_estimate e;
	const double *part = worlds[w].domain ? s.domain : NULL;
	enum err err;

	if (worlds[w].change)
		err = audit_estimate_change(&s.s, s.wrong, s.after, part, world, .95, &e, NULL);
	else
		err = audit_estimate_share(&s.s, s.wrong, part, world, .95, &e, NULL);
	assert_int_equal(err, ERR_OK);
	return e;
}

/* Of the population at hand; of such ones the mean. */
static double truth_of(size_t w)
{
	/* What the makers of many such populations are on average. */
	static double mean[sizeof(worlds) / sizeof(worlds[0])];

	if (worlds[w].such && mean[w] <= 0)
		for (uint64_t i = 0; i < 200; i++) {
			struct rng r = { 1000000 + i };

			worlds[w].make(&p, &r);
			mean[w] += total(&p, wrong, false) / 200;
		}
	return worlds[w].such ? mean[w]
			      : total(&p, worlds[w].change ? gain : wrong, worlds[w].domain);
}

/* How many of DRAWS intervals hold the truth, and promises keep to it. */
struct covered {
	int inside, promised, inside_of_these;
};

static struct covered cover(size_t w)
{
	struct covered c = { 0, 0, 0 };
	double truth = 0;

	if (worlds[w].such)
		truth = truth_of(w);
	for (uint64_t i = 0; i < DRAWS; i++) {
		struct rng r = { i };
		struct audit_estimate e;

		if (worlds[w].such || i % EACH == 0)
			worlds[w].make(&p, &r);
		if (!worlds[w].such && i % EACH == 0)
			truth = truth_of(w);
		draw(&p, i, &s);
		e = estimate(w, worlds[w].such ? AUDIT_OF_SUCH : AUDIT_OF_THESE);
		c.inside += e.in.low <= truth && truth <= e.in.high;
		c.promised += truth <= e.at_most;
		if (!worlds[w].such)
			continue;
		e = estimate(w, AUDIT_OF_THESE);
		c.inside_of_these += e.in.low <= truth && truth <= e.in.high;
	}
	return c;
}

static void coverage_test(void **state)
{
	(void)state;
	for (size_t w = 0; w < sizeof(worlds) / sizeof(worlds[0]); w++) {
		struct covered c = cover(w);

		print_message("%s: 95%% covers %.2f%%, at most %.2f%%\n", worlds[w].name,
			      c.inside * 100. / DRAWS, c.promised * 100. / DRAWS);
		assert_true(c.inside >= DRAWS * .93 && c.inside <= DRAWS * .97);
		assert_true(c.promised >= DRAWS * .93);
		/* Sellers drawn anew are another question than the listings there are. */
		assert_true(c.inside_of_these < DRAWS * .88);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coverage_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
