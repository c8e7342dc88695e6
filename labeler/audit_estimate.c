#include "labeler/audit_estimate.h"

#include "base/mem.h"
#include "base/must.h"

#include <math.h>
#include <stdlib.h>

/* What was drawn of a stratum, of the domain where nothing else is said. */
struct part {
	int64_t drawn, met;		/* met: of the domain, of all drawn */
	double size, squares, up, down; /* listings; their squares; those that hold */
	double each;			/* units of the frame that a drawn one stands for */
	double sum, sum_squares;	/* of residuals */
};

struct work {
	const struct audit_sample *s;
	const double *up, *down, *share; /* down and share may be NULL */
	struct part *parts;
	double size;	  /* of the domain, estimated */
	double value;	  /* the ratio */
	double rounded;	  /* the same with half a unit more each way in each stratum */
	double *residual; /* [unit]: what it moves the ratio by */
	double variance, freedom;
};

static double of_domain(const struct work *w, size_t i)
{
	return w->s->units[i].size * (w->share ? w->share[i] : 1);
}

/* What holds, or changed up, and what changed down; what is in both has not changed. */
static double change(const struct work *w, size_t i)
{
	return w->up[i] - (w->down ? w->down[i] : 0);
}

static enum err tally(struct work *w, struct reason *why)
{
	double moved = 0;

	for (size_t i = 0; i < w->s->n; i++) {
		const struct audit_unit *u = &w->s->units[i];
		const double size = of_domain(w, i);
		struct part *p = &w->parts[u->stratum];

		must(u->stratum >= 0 && u->stratum < w->s->n_strata && u->size > 0);
		p->drawn++;
		p->met += size > 0;
		p->size += size;
		p->squares += size * size;
		p->up += size * fmax(0, change(w, i));
		p->down += size * fmax(0, -change(w, i));
	}
	for (int h = 0; h < w->s->n_strata; h++) {
		struct part *p = &w->parts[h];

		if (w->s->strata[h].units == 0)
			continue;
		if (p->drawn == 0)
			return reason_set(
				why, ERR_BAD,
				"no unit of stratum %d is decided: nothing can be said of its %lld",
				h, (long long)w->s->strata[h].units);
		must(p->drawn <= w->s->strata[h].units);
		p->each = (double)w->s->strata[h].units / (double)p->drawn;
		w->size += p->each * p->size;
		moved += p->each * (p->up - p->down);
	}
	w->value = w->size > 0 ? moved / w->size : NAN;
	return ERR_OK;
}

/* A share with half a unit more that holds and half one that does not. Of changes it is
 * shared by the two ways. */
static double half_more(const struct work *w, double hold, const struct part *p)
{
	const double unit = p->met ? p->size / (double)p->met : 0;

	return p->met ? (hold + unit / (w->down ? 4 : 2)) / (p->size + unit) : 0;
}

/* Of residuals in a stratum; never less than what the half unit would make it, as a
 * stratum in which none differ is not known to be all alike. */
static double spread(const struct work *w, const struct part *p)
{
	const double n = (double)p->drawn, up = half_more(w, p->up, p);
	const double down = w->down ? half_more(w, p->down, p) : 0;
	const double least = (up + down - (up - down) * (up - down)) * p->squares / n;
	double found = 0;

	if (p->drawn > 1)
		found = (p->sum_squares - p->sum * p->sum / n) / (n - 1);
	return fmax(found, least / (w->size * w->size));
}

static void add_variance(struct work *w)
{
	double lost = 0;

	for (size_t i = 0; i < w->s->n; i++) {
		struct part *p = &w->parts[w->s->units[i].stratum];
		double r = of_domain(w, i) * (change(w, i) - w->value) / w->size;

		w->residual[i] = r;
		p->sum += r;
		p->sum_squares += r * r;
	}
	for (int h = 0; h < w->s->n_strata; h++) {
		const struct part *p = &w->parts[h];
		const double units = (double)w->s->strata[h].units, n = (double)p->drawn;
		double v;

		if (p->drawn == 0)
			continue;
		v = units * (units - n) * spread(w, p) / n;
		w->variance += v;
		lost += v * v / (n > 1 ? n - 1 : 1);
		w->rounded += p->each * p->size / w->size * half_more(w, p->up, p);
	}
	/* Satterthwaite, Biometrics Bulletin 2, 1946. */
	w->freedom = lost > 0 ? w->variance * w->variance / lost : 1e9;
}

struct place {
	uint64_t cluster;
	int stratum;
	size_t unit;
};

static int by_cluster(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->cluster != y->cluster)
		return x->cluster < y->cluster ? -1 : 1;
	if (x->stratum != y->stratum)
		return x->stratum < y->stratum ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

/* The units of the domain, those of a seller together; each that has none for itself. */
static size_t place_units(const struct work *w, struct place *places)
{
	size_t n = 0;

	for (size_t i = 0; i < w->s->n; i++)
		if (of_domain(w, i) > 0)
			places[n++] =
				(struct place){ w->s->units[i].cluster, w->s->units[i].stratum, i };
	if (n)
		qsort(places, n, sizeof(*places), by_cluster);
	return n;
}

static bool same_cluster(const struct place *a, const struct place *b)
{
	return a->cluster && a->cluster == b->cluster;
}

/* The square of the sum of all residuals that a seller has in the frame, estimated without
 * bias from those that were drawn: pairs by the chance that both were. */
static double seller_square(const struct work *w, const struct place *p, size_t n)
{
	double whole = 0, within = 0, pairs = 0;

	for (size_t i = 0, end; i < n; i = end) {
		const struct part *part = &w->parts[p[i].stratum];
		const double units = (double)w->s->strata[p[i].stratum].units,
			     drawn = (double)part->drawn;
		double sum = 0, squares = 0;

		for (end = i; end < n && p[end].stratum == p[i].stratum; end++) {
			sum += w->residual[p[end].unit];
			squares += w->residual[p[end].unit] * w->residual[p[end].unit];
		}
		whole += part->each * sum;
		within += part->each * part->each * sum * sum;
		pairs += part->each * squares;
		if (drawn > 1)
			pairs +=
				units * (units - 1) / (drawn * (drawn - 1)) * (sum * sum - squares);
	}
	return whole * whole - within + pairs;
}

/* How much the frame's own value would vary with the sellers who are in it. */
static int64_t add_sellers(struct work *w, enum audit_world world)
{
	struct place *p = mem_array(w->s->n, sizeof(*p));
	size_t n = place_units(w, p);
	int64_t clusters = 0;
	double between = 0, design = w->variance;

	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && same_cluster(&p[i], &p[end]); end++)
			;
		between += seller_square(w, &p[i], end - i);
		clusters++;
	}
	mem_free(p);
	if (world == AUDIT_OF_THESE || clusters < 2)
		return clusters;
	between = fmax(0, between) * (double)clusters / (double)(clusters - 1);
	w->variance += between;
	if (w->variance > 0)
		w->freedom =
			w->variance * w->variance /
			(design * design / w->freedom + between * between / (double)(clusters - 1));
	return clusters;
}

static double hits(const struct work *w, int64_t *ret_units)
{
	double sum = 0;

	*ret_units = 0;
	for (size_t i = 0; i < w->s->n; i++)
		if (of_domain(w, i) > 0) {
			sum += change(w, i);
			++*ret_units;
		}
	return sum;
}

static void bound_share(const struct work *w, double level, double by_normal,
			struct audit_estimate *ret)
{
	double rows;

	ret->worth = w->rounded * (1 - w->rounded) / w->variance * by_normal;
	ret->in = interval_wilson(w->value * ret->worth, ret->worth, level);
	/* For a promise strata gain nothing. */
	rows = fmin(ret->worth, (double)ret->units);
	ret->at_most = interval_at_most(w->value * rows, rows, level);
}

static void bound(const struct work *w, double level, struct audit_estimate *ret)
{
	const double z = interval_normal(0.5 + level / 2);
	const double t = interval_student(0.5 + level / 2, w->freedom);

	ret->worth = HUGE_VAL;
	ret->in = (struct interval){ w->value, w->value };
	ret->at_most = w->down ? 1 : w->value;
	if (!(w->variance > 0))
		return; /* all is drawn */
	if (w->down) {
		ret->in.low = fmax(-1, w->value - t * ret->error);
		ret->in.high = fmin(1, w->value + t * ret->error);
		ret->worth = 1 / w->variance;
		return;
	}
	bound_share(w, level, z * z / (t * t), ret);
}

static enum err estimate(struct work *w, enum audit_world world, double level,
			 struct audit_estimate *ret, struct reason *why)
{
	struct audit_estimate e = { .value = NAN, .error = NAN, .in = { 0, 1 }, .at_most = 1 };
	enum err err;

	w->parts = mem_array((size_t)w->s->n_strata, sizeof(*w->parts));
	w->residual = mem_array(w->s->n, sizeof(*w->residual));
	err = tally(w, why);
	if (err)
		goto out;
	if (w->down)
		e.in.low = -1;
	if (w->size > 0) {
		add_variance(w);
		e.clusters = add_sellers(w, world);
		e.value = w->value;
		e.error = sqrt(w->variance);
		e.hits = hits(w, &e.units);
		bound(w, level, &e);
	}
	*ret = e;
out:
	mem_free(w->parts);
	mem_free(w->residual);
	return err;
}

enum err audit_estimate_share(const struct audit_sample *s, const double *value, const double *part,
			      enum audit_world world, double level, struct audit_estimate *ret,
			      struct reason *why)
{
	struct work w = { .s = s, .up = value, .share = part };

	return estimate(&w, world, level, ret, why);
}

enum err audit_estimate_change(const struct audit_sample *s, const double *up, const double *down,
			       const double *part, enum audit_world world, double level,
			       struct audit_estimate *ret, struct reason *why)
{
	struct work w = { .s = s, .up = up, .down = down, .share = part };

	return estimate(&w, world, level, ret, why);
}
