#include "base/mem.h"
#include "labeler/label_inner.h"

#include <math.h>
#include <string.h>

/* Quotients of rates are weights: a rule that was never wrong on the rows at hand is
 * not beyond all doubt. */
#define LEAST 1e-6

/* What a pass over the rows adds up. */
struct rates {
	const struct vote_matrix *m;
	struct label_model *l;
	double *share;		   /* [class]: the rows' chances of it */
	double *fires, *hits;	   /* [column]: rows, and their chances of its class */
	double *of_it, *of_others; /* [column]: the rates */
	double constant;	   /* what all rows' likelihoods have */
	double elsewhere; /* of each class, in units of its excess, where it was not voted for */
	double log_likelihood, change;
};

static void rates_init(struct rates *r, struct label_model *l, const struct vote_matrix *m)
{
	const size_t columns = (size_t)m->columns;

	*r = (struct rates){ .m = m, .l = l };
	r->share = mem_array((size_t)m->classes, sizeof(double));
	r->fires = mem_array(columns, sizeof(double));
	r->hits = mem_array(columns, sizeof(double));
	r->of_it = mem_array(columns, sizeof(double));
	r->of_others = mem_array(columns, sizeof(double));
}

static void rates_done(struct rates *r)
{
	mem_free(r->share);
	mem_free(r->fires);
	mem_free(r->hits);
	mem_free(r->of_it);
	mem_free(r->of_others);
}

static void rates_clear(struct rates *r)
{
	memset(r->share, 0, (size_t)r->m->classes * sizeof(double));
	memset(r->fires, 0, (size_t)r->m->columns * sizeof(double));
	memset(r->hits, 0, (size_t)r->m->columns * sizeof(double));
	r->elsewhere = r->log_likelihood = r->change = 0;
}

static void begin(struct rates *r, const uint32_t *votes, int n)
{
	for (int v = 0; v < n; v++) {
		int klass = r->m->column[votes[v]].klass, same = 0;

		for (int w = 0; w < n; w++)
			same += r->m->column[votes[w]].klass == klass;
		r->share[klass] += 1.0 / n;
		r->fires[votes[v]]++;
		r->hits[votes[v]] += (double)same / n;
	}
	/* Silent rows are anything; excesses are all 1 in a new model. */
	r->elsewhere += n ? 0 : 1.0 / r->m->classes;
}

static void expect(struct rates *r, const uint32_t *votes, int n)
{
	const struct label_sum *s = &r->l->sum;
	struct label_tally t;
	double each;

	label_sum_tally(s, votes, n, &t);
	each = exp(s->base[s->order[0]] - t.whole);
	r->elsewhere += each;
	r->log_likelihood += r->constant + t.whole;
	for (int i = 0; i < t.n; i++)
		r->share[t.klass[i]] += exp(t.score[i] - t.whole) - each * s->excess[t.klass[i]];
	for (int v = 0; v < n; v++) {
		const int klass = r->m->column[votes[v]].klass;
		const double other = r->of_others[votes[v]];
		int i = 0;

		while (t.klass[i] != klass)
			i++;
		r->fires[votes[v]]++;
		r->hits[votes[v]] += exp(t.score[i] - t.whole);
		r->log_likelihood += log(other) - log1p(-other);
	}
}

static double rate(double part, double whole)
{
	double p = whole > 0 ? part / whole : 0;

	return p < LEAST ? LEAST : p > 1 - LEAST ? 1 - LEAST : p;
}

static void maximise(struct rates *r)
{
	struct label_sum *s = &r->l->sum;
	const double rows = (double)r->m->rows;

	for (int k = 0; k < r->m->classes; k++) {
		double share;

		r->share[k] += r->elsewhere * s->excess[k];
		share = fmax(0, r->share[k]) / rows;
		r->change += fabs(share - r->l->share[k]);
		r->l->share[k] = share;
		s->base[k] = log(fmax(share, LEAST / rows));
	}
	r->constant = 0;
	for (int j = 0; j < r->m->columns; j++) {
		int klass = r->m->column[j].klass;
		double it = rate(r->hits[j], r->share[klass]);
		double other = rate(r->fires[j] - r->hits[j], rows - r->share[klass]);

		r->change += fabs(it - r->of_it[j]) + fabs(other - r->of_others[j]);
		r->of_it[j] = it;
		r->of_others[j] = other;
		s->base[klass] += log1p(-it) - log1p(-other);
		s->weight[j] = log(it / other) - log1p(-it) + log1p(-other);
		r->constant += log1p(-other);
	}
	label_sum_ready(s);
}

void label_rates_fit(struct label_model *l, const struct vote_matrix *m,
		     const struct label_em_opt *opt)
{
	struct rates r;

	rates_init(&r, l, m);
	label_sum_ready(&l->sum);
	for (int i = 0; i <= opt->iterations && !l->about.converged; i++) {
		rates_clear(&r);
		for (size_t row = 0; row < m->rows; row++) {
			int n;
			const uint32_t *votes = vote_matrix_row(m, row, &n);

			if (i == 0)
				begin(&r, votes, n);
			else
				expect(&r, votes, n);
		}
		l->about.log_likelihood = r.log_likelihood;
		maximise(&r);
		l->about.iterations = i;
		l->about.converged = i > 0 && r.change < opt->tolerance;
	}
	rates_done(&r);
}
