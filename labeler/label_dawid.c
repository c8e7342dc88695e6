#include "base/mem.h"
#include "labeler/label_inner.h"

#include <math.h>
#include <string.h>

/* What never happened is taken for this unlikely: 0 has no logarithm. */
#define NEVER 1e-100

/* What a pass over the rows adds up for the tables. */
struct dawid {
	const struct vote_matrix *m;
	struct label_model *l;
	bool skip;
	double *share;	/* [class]: the rows' chances of it */
	double *said;	/* [column][class] */
	double *spoken; /* [rule][class]: rows that the rule says anything of */
	double *voted;	/* [rule][class]: its votes, of which a row may have several */
	double *was_said, *was_silent; /* the tables before */
	double log_likelihood, change;
	size_t classes;
};

static void dawid_init(struct dawid *d, struct label_model *l, const struct vote_matrix *m,
		       bool skip)
{
	const size_t classes = (size_t)m->classes, columns = (size_t)m->columns,
		     rules = (size_t)m->rules;

	*d = (struct dawid){ .m = m, .l = l, .skip = skip, .classes = classes };
	d->share = mem_array(classes, sizeof(double));
	d->said = mem_array(columns * classes, sizeof(double));
	d->was_said = mem_array(columns * classes, sizeof(double));
	d->spoken = mem_array(rules * classes, sizeof(double));
	d->voted = mem_array(rules * classes, sizeof(double));
	d->was_silent = mem_array(rules * classes, sizeof(double));
}

static void dawid_done(struct dawid *d)
{
	mem_free(d->share);
	mem_free(d->said);
	mem_free(d->was_said);
	mem_free(d->spoken);
	mem_free(d->voted);
	mem_free(d->was_silent);
}

static void dawid_clear(struct dawid *d)
{
	const size_t rules = (size_t)d->m->rules, columns = (size_t)d->m->columns;

	memset(d->share, 0, d->classes * sizeof(double));
	memset(d->said, 0, columns * d->classes * sizeof(double));
	memset(d->spoken, 0, rules * d->classes * sizeof(double));
	memset(d->voted, 0, rules * d->classes * sizeof(double));
	d->log_likelihood = d->change = 0;
}

static void add_to(double *to, const double *chance, size_t classes)
{
	for (size_t k = 0; k < classes; k++)
		to[k] += chance[k];
}

static void dawid_add(struct dawid *d, const uint32_t *votes, int n, const double *chance)
{
	add_to(d->share, chance, d->classes);
	for (int v = 0; v < n; v++) {
		size_t rule = (size_t)d->m->column[votes[v]].rule;

		add_to(&d->said[votes[v] * d->classes], chance, d->classes);
		add_to(&d->voted[rule * d->classes], chance, d->classes);
		if (v == 0 || d->m->column[votes[v - 1]].rule != (int)rule)
			add_to(&d->spoken[rule * d->classes], chance, d->classes);
	}
}

static void shares_of_votes(const struct vote_matrix *m, const uint32_t *votes, int n,
			    double *chance)
{
	for (int k = 0; k < m->classes; k++)
		chance[k] = n ? 0 : 1.0 / m->classes;
	for (int v = 0; v < n; v++)
		chance[m->column[votes[v]].klass] += 1.0 / n;
}

static void expect(struct dawid *d, const uint32_t *votes, int n, double *chance)
{
	double top, sum = 0;

	label_model_scores(d->l, votes, n, chance);
	top = chance[0];
	for (size_t k = 1; k < d->classes; k++)
		top = fmax(top, chance[k]);
	for (size_t k = 0; k < d->classes; k++)
		sum += chance[k] = exp(chance[k] - top);
	for (size_t k = 0; k < d->classes; k++)
		chance[k] /= sum;
	d->log_likelihood += top + log(sum);
}

static double log_of(double p)
{
	return log(p > NEVER ? p : NEVER);
}

/* `rule`'s answers to rows that are class k, silence being one of them. */
static double asked(const struct dawid *d, size_t rule, size_t k)
{
	size_t at = rule * d->classes + k;

	return d->voted[at] + (d->skip ? 0 : d->share[k] - d->spoken[at]);
}

static void set(struct dawid *d, double *log, double *was, double p)
{
	d->change += fabs(p - *was);
	*was = p;
	*log = log_of(p);
}

static void maximise(struct dawid *d)
{
	struct label_model *l = d->l;

	for (size_t k = 0; k < d->classes; k++) {
		double share = d->share[k] / (double)d->m->rows;

		d->change += fabs(share - l->share[k]);
		l->share[k] = share;
		l->sum.base[k] = log_of(share);
	}
	for (size_t r = 0; r < (size_t)d->m->rules && !d->skip; r++)
		for (size_t k = 0; k < d->classes; k++) {
			size_t at = r * d->classes + k;
			double all = asked(d, r, k), silent = d->share[k] - d->spoken[at];

			set(d, &l->silent[at], &d->was_silent[at],
			    all > 0 && silent > 0 ? silent / all : 0);
			l->sum.base[k] += l->silent[at];
		}
	for (size_t j = 0; j < (size_t)d->m->columns; j++)
		for (size_t k = 0; k < d->classes; k++) {
			size_t at = j * d->classes + k;
			double all = asked(d, (size_t)d->m->column[j].rule, k);

			set(d, &l->said[at], &d->was_said[at], all > 0 ? d->said[at] / all : 0);
		}
}

void label_dawid_fit(struct label_model *l, const struct vote_matrix *m,
		     const struct label_em_opt *opt)
{
	struct dawid d;
	double chance[LABEL_DENSE_CLASSES];

	dawid_init(&d, l, m, opt->skip_abstains);
	for (int i = 0; i <= opt->iterations && !l->about.converged; i++) {
		dawid_clear(&d);
		for (size_t r = 0; r < m->rows; r++) {
			int n;
			const uint32_t *votes = vote_matrix_row(m, r, &n);

			if (i == 0)
				shares_of_votes(m, votes, n, chance);
			else
				expect(&d, votes, n, chance);
			dawid_add(&d, votes, n, chance);
		}
		l->about.log_likelihood = d.log_likelihood;
		maximise(&d);
		l->about.iterations = i;
		l->about.converged = i > 0 && d.change < opt->tolerance;
	}
	label_sum_ready(&l->sum);
	dawid_done(&d);
}

void label_inner_add(const struct label_model *l, const uint32_t *votes, int n, double *ret)
{
	const size_t classes = (size_t)l->about.classes;

	for (int v = 0; v < n; v++) {
		const size_t rule = (size_t)l->column[votes[v]].rule;
		bool again = v && l->column[votes[v - 1]].rule == (int)rule;

		for (size_t k = 0; k < classes; k++)
			ret[k] += l->said[votes[v] * classes + k] -
				  (again ? 0 : l->silent[rule * classes + k]);
	}
}
