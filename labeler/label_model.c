#include "labeler/label_model.h"

#include "base/mem.h"
#include "base/must.h"
#include "labeler/ballot.h"
#include "labeler/label_inner.h"

#include <math.h>

/* Rows that a configured precision, or that of all votes, counts for. */
#define PRIOR_ROWS 4.0
/* Sums of the same weights in another order differ by less. */
#define TIE 1e-9

const char *label_model_name(enum label_model_kind kind)
{
	static const char *const names[LABEL_MODEL_KINDS] = {
		[LABEL_PRECISION] = "precision",
		[LABEL_MAJORITY] = "majority",
		[LABEL_DAWID_SKENE] = "dawid-skene",
		[LABEL_TWO_RATE] = "two-rate",
	};

	return names[kind];
}

struct label_model *label_inner_new(enum label_model_kind kind, const struct vote_matrix *m)
{
	struct label_model *l = mem_zero(sizeof(*l));
	size_t cells = (size_t)m->columns * (size_t)m->classes;

	l->about =
		(struct label_model_about){ .kind = kind, .classes = m->classes, .temperature = 1 };
	l->column = mem_array((size_t)m->columns, sizeof(*l->column));
	for (int j = 0; j < m->columns; j++)
		l->column[j] = m->column[j];
	label_sum_init(&l->sum, m);
	l->sum.column = l->column;
	l->rules = m->rules;
	if (kind == LABEL_DAWID_SKENE) {
		l->said = mem_array(cells, sizeof(*l->said));
		l->silent = mem_array((size_t)m->rules * (size_t)m->classes, sizeof(*l->silent));
	}
	if (kind == LABEL_DAWID_SKENE || kind == LABEL_TWO_RATE)
		l->share = mem_array((size_t)m->classes, sizeof(*l->share));
	return l;
}

void label_model_free(struct label_model *l)
{
	if (!l)
		return;
	label_sum_done(&l->sum);
	mem_free(l->column);
	mem_free(l->said);
	mem_free(l->silent);
	mem_free(l->share);
	mem_free(l);
}

struct label_model *label_model_majority(const struct vote_matrix *m)
{
	struct label_model *l = label_inner_new(LABEL_MAJORITY, m);

	for (int j = 0; j < m->columns; j++)
		l->sum.weight[j] = 1;
	label_sum_ready(&l->sum);
	return l;
}

struct label_model *label_model_precision(const struct vote_matrix *m,
					  const struct label_reviewed *rows, size_t n)
{
	struct label_model *l = label_inner_new(LABEL_PRECISION, m);
	double *fires = mem_array((size_t)m->columns, sizeof(*fires));
	double *hits = mem_array((size_t)m->columns, sizeof(*hits));
	double all_fires = 0, all_hits = 0;

	for (size_t i = 0; i < n; i++) {
		int votes;
		const uint32_t *row = vote_matrix_row(m, rows[i].row, &votes);

		for (int v = 0; v < votes; v++) {
			bool hit = m->column[row[v]].klass == rows[i].truth;

			fires[row[v]]++;
			hits[row[v]] += hit;
			all_fires++;
			all_hits += hit;
		}
	}
	/* Where nothing fired, all columns without a configured precision are alike. */
	all_hits = all_fires > 0 ? all_hits / all_fires : LABEL_MODEL_CENTRE;
	for (int j = 0; j < m->columns; j++) {
		double centre = m->column[j].precision > 0 ? m->column[j].precision : all_hits;
		double precision = label_model_smooth(hits[j], fires[j], centre);

		l->sum.weight[j] = ballot_weight(precision, m->classes);
	}
	l->sum.families = true;
	label_sum_ready(&l->sum);
	mem_free(fires);
	mem_free(hits);
	return l;
}

double label_model_smooth(double hits, double fires, double centre)
{
	return (hits + PRIOR_ROWS * centre) / (fires + PRIOR_ROWS);
}

void label_model_cool(struct label_model *l, double temperature)
{
	must(temperature > 0);
	l->about.temperature = l->sum.temperature = temperature;
	label_sum_ready(&l->sum);
}

struct label_model_about label_model_about(const struct label_model *l)
{
	return l->about;
}

double label_model_share(const struct label_model *l, int klass)
{
	must(klass >= 0 && klass < l->about.classes);
	return l->share ? l->share[klass] : NAN;
}

double label_model_weight(const struct label_model *l, int column)
{
	must(column >= 0 && column < l->sum.columns);
	return l->said ? NAN : l->sum.weight[column];
}

double label_model_rate(const struct label_model *l, int column, int truth)
{
	must(column >= 0 && column < l->sum.columns && truth >= 0 && truth < l->about.classes);
	return l->said ? exp(l->said[(size_t)column * (size_t)l->about.classes + (size_t)truth])
		       : NAN;
}

void label_model_scores(const struct label_model *l, const uint32_t *votes, int n, double *ret)
{
	struct label_tally t;

	for (int k = 0; k < l->about.classes; k++)
		ret[k] = l->sum.base[k];
	if (l->said) {
		label_inner_add(l, votes, n, ret);
		return;
	}
	label_sum_tally(&l->sum, votes, n, &t);
	for (int i = 0; i < t.n; i++)
		ret[t.klass[i]] = t.score[i];
}

/* Of scores of all classes. */
static void best_of_all(const struct label_model *l, const double *score, struct label_answer *ret)
{
	double sum = 0, top = score[0];

	for (int k = 1; k < l->about.classes; k++)
		top = fmax(top, score[k]);
	*ret = (struct label_answer){ .klass = -1 };
	for (int k = 0; k < l->about.classes; k++) {
		sum += exp((score[k] - top) / l->about.temperature);
		if (score[k] >= top - TIE && ret->ties++ == 0)
			ret->klass = k;
	}
	ret->klass = ret->ties == 1 ? ret->klass : -1;
	ret->p = 1 / sum;
}

void label_model_answer(const struct label_model *l, const uint32_t *votes, int n,
			struct label_answer *ret)
{
	struct label_tally t;
	double score[LABEL_DENSE_CLASSES];

	if (l->said) {
		label_model_scores(l, votes, n, score);
		best_of_all(l, score, ret);
		return;
	}
	label_sum_tally(&l->sum, votes, n, &t);
	*ret = (struct label_answer){ .klass = -1,
				      .p = exp(t.top / l->about.temperature - t.whole) };
	for (int i = 0; i < t.n; i++)
		if (t.score[i] >= t.top - TIE && ret->ties++ == 0)
			ret->klass = t.klass[i];
	for (int i = 0; i < l->about.classes && l->sum.base[l->sum.order[i]] >= t.top - TIE; i++)
		if (!label_sum_met(&t, l->sum.order[i]) && ret->ties++ == 0)
			ret->klass = l->sum.order[i];
	ret->klass = ret->ties == 1 ? ret->klass : -1;
}
