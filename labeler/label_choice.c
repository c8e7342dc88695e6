#include "labeler/label_choice.h"

#include "base/calibration.h"
#include "base/hash.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define PARTS 10
/* Each of the others has its try at beating the one that stands (Bonferroni). */
#define LEVEL (0.05 / (LABEL_MODEL_KINDS - 1))
#define STRAY 3.0 /* times beyond the interval */
/* Sums of the same weights in another order differ by less; scores are floats here. */
#define TIE 1e-5

/* The reviewed rows in order of their groups, and what a kind says of each. */
struct reviewed {
	const struct vote_matrix *m;
	struct label_reviewed *rows;
	size_t n;
	uint64_t seed;
	float *score;	/* [row][class] */
	double *right;	/* [row]: of the kind at hand */
	double *before; /* [row]: of LABEL_PRECISION */
};

static int by_group(const void *a, const void *b)
{
	const struct label_reviewed *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int part_of(const struct reviewed *r, size_t i)
{
	const struct label_reviewed *row = &r->rows[i];

	return (int)(hash64_join(row->group ? row->group : row->row, r->seed) % PARTS);
}

static void score_row(const struct reviewed *r, const struct label_model *l, size_t i, double *room)
{
	const size_t classes = (size_t)r->m->classes;
	int n;
	const uint32_t *votes = vote_matrix_row(r->m, r->rows[i].row, &n);

	label_model_scores(l, votes, n, room);
	for (size_t k = 0; k < classes; k++)
		r->score[i * classes + k] = (float)room[k];
}

/* Each row by a model of the rows in other parts. */
static void score_precision(const struct reviewed *r, double *room)
{
	struct label_reviewed *others = mem_array(r->n, sizeof(*others));

	for (int part = 0; part < PARTS; part++) {
		struct label_model *l;
		size_t n = 0;

		for (size_t i = 0; i < r->n; i++)
			if (part_of(r, i) != part)
				others[n++] = r->rows[i];
		l = label_model_precision(r->m, others, n);
		for (size_t i = 0; i < r->n; i++)
			if (part_of(r, i) == part)
				score_row(r, l, i, room);
		label_model_free(l);
	}
	mem_free(others);
}

static double loss_at(void *ctx, double temperature)
{
	const struct reviewed *r = ctx;
	const size_t classes = (size_t)r->m->classes;
	double all = 0;

	for (size_t i = 0; i < r->n; i++) {
		const float *s = &r->score[i * classes];
		double sum = 0, top = (double)s[0];

		for (size_t k = 1; k < classes; k++)
			top = fmax(top, (double)s[k]);
		for (size_t k = 0; k < classes; k++)
			sum += exp(((double)s[k] - top) / temperature);
		all += log(sum) - ((double)s[r->rows[i].truth] - top) / temperature;
	}
	return all / (double)r->n;
}

/* The chance that the row's answer is right; `ret_ties` classes share the first place. */
static double right_of(const struct reviewed *r, size_t i, double temperature, int *ret_ties,
		       double *ret_p)
{
	const float *s = &r->score[i * (size_t)r->m->classes];
	double top = (double)s[0], sum = 0;

	*ret_ties = 0;
	for (int k = 1; k < r->m->classes; k++)
		top = fmax(top, (double)s[k]);
	for (int k = 0; k < r->m->classes; k++) {
		*ret_ties += (double)s[k] >= top - TIE;
		sum += exp(((double)s[k] - top) / temperature);
	}
	*ret_p = 1 / sum;
	return (double)s[r->rows[i].truth] >= top - TIE ? 1.0 / *ret_ties : 0;
}

/* One-sided, on groups in which one of both is right more often. */
static double chance_of_gain(const struct reviewed *r)
{
	int64_t gains = 0, losses = 0;

	for (size_t i = 0, end; i < r->n; i = end) {
		double gain = 0;

		for (end = i; end < r->n && (end == i || (r->rows[i].group &&
							  r->rows[end].group == r->rows[i].group));
		     end++)
			gain += r->right[end] - r->before[end];
		gains += gain > TIE;
		losses += gain < -TIE;
	}
	return gains > losses ? interval_even(gains, losses) / 2 : 1;
}

static void measure(struct reviewed *r, struct label_trial *t)
{
	struct calibration_bin bins[CALIBRATION_BINS] = { { 0 } };
	double right = 0;

	t->temperature = calibration_temperature(loss_at, r);
	t->loss = loss_at(r, t->temperature);
	t->decided = 0;
	for (size_t i = 0; i < r->n; i++) {
		int ties;
		double p;

		r->right[i] = right_of(r, i, t->temperature, &ties, &p);
		right += r->right[i];
		if (ties > 1)
			continue;
		t->decided += 1.0 / (double)r->n;
		calibration_add(bins, p, r->right[i] > 0);
	}
	t->calibration_error = calibration_error(bins);
	t->accuracy = right / (double)r->n;
	t->accuracy_95 = interval_wilson(right, (double)r->n, 0.95);
	t->p = t->kind == LABEL_PRECISION ? 1 : chance_of_gain(r);
	for (size_t i = 0; i < r->n && t->kind == LABEL_PRECISION; i++)
		r->before[i] = r->right[i];
}

/* EM names classes by the votes it begins with, and may end elsewhere. */
static void check_strayed(const struct reviewed *r, const struct label_model *l,
			  struct label_trial *t)
{
	double *truths = mem_array((size_t)r->m->classes, sizeof(*truths));

	for (size_t i = 0; i < r->n; i++)
		truths[r->rows[i].truth]++;
	t->largest_share = 0;
	for (int k = 0; k < r->m->classes; k++) {
		const double share = label_model_share(l, k);
		const struct interval known = interval_wilson(truths[k], (double)r->n, 0.95);

		t->largest_share = fmax(t->largest_share, share);
		if (t->end == LABEL_STRAYED ||
		    (share <= STRAY * known.high && share >= known.low / STRAY))
			continue;
		t->end = LABEL_STRAYED;
		(void)reason_set(&t->why, ERR_BAD,
				 "class %d is %.2f%% of rows by EM, %.2f%% to %.2f%% as reviewed",
				 k, share * 100, known.low * 100, known.high * 100);
	}
	mem_free(truths);
}

static struct label_model *make(enum label_model_kind kind, const struct reviewed *r,
				struct reason *why)
{
	struct label_model *ret = NULL;

	if (kind == LABEL_PRECISION)
		return label_model_precision(r->m, r->rows, r->n);
	if (kind == LABEL_MAJORITY)
		return label_model_majority(r->m);
	if (label_model_em(kind, r->m, NULL, &ret, why))
		return NULL;
	return ret;
}

static struct label_model *try(struct reviewed *r, enum label_model_kind kind,
			       struct label_trial *t)
{
	double *room = mem_array((size_t)r->m->classes, sizeof(*room));
	struct label_model *l;

	*t = (struct label_trial){ .kind = kind,
				   .accuracy = NAN,
				   .p = 1,
				   .temperature = 1,
				   .loss = NAN,
				   .largest_share = NAN,
				   .decided = NAN,
				   .calibration_error = NAN,
				   .accuracy_95 = { NAN, NAN } };
	l = make(kind, r, &t->why);
	if (!l)
		t->end = LABEL_REFUSED;
	if (l && r->n >= LABEL_CHOICE_ROWS) {
		if (kind == LABEL_PRECISION)
			score_precision(r, room);
		for (size_t i = 0; i < r->n && kind != LABEL_PRECISION; i++)
			score_row(r, l, i, room);
		measure(r, t);
		label_model_cool(l, t->temperature);
		if (!isnan(label_model_share(l, 0)))
			check_strayed(r, l, t);
	}
	mem_free(room);
	return l;
}

static void explain(struct label_choice *c)
{
	const struct label_trial *won = &c->trial[c->winner], *next = NULL;

	if (c->reviewed < LABEL_CHOICE_ROWS) {
		(void)reason_set(&c->why, ERR_OK,
				 "%s: only %zu rows are reviewed, %d are needed to compare",
				 label_model_name(c->winner), c->reviewed, LABEL_CHOICE_ROWS);
		return;
	}
	for (int k = 0; k < LABEL_MODEL_KINDS; k++) {
		const struct label_trial *t = &c->trial[k];

		if (t != won && t->end == LABEL_TRIED && (!next || t->accuracy > next->accuracy))
			next = t;
	}
	(void)reason_set(
		&c->why, ERR_OK,
		"%s is right on %.1f%% (%.1f to %.1f) of %zu reviewed rows; next is %s with "
		"%.1f%%%s",
		label_model_name(won->kind), won->accuracy * 100, won->accuracy_95.low * 100,
		won->accuracy_95.high * 100, c->reviewed, label_model_name(next->kind),
		next->accuracy * 100,
		won->kind != LABEL_PRECISION	 ? ""
		: next->accuracy > won->accuracy ? ", too few changes to tell that it is better"
						 : "");
}

struct label_model *label_choice_make(const struct vote_matrix *m,
				      const struct label_reviewed *rows, size_t n, uint64_t seed,
				      struct label_choice *ret)
{
	struct reviewed r = {
		.m = m,
		.n = n,
		.seed = seed,
		.rows = mem_array(n, sizeof(*rows)),
		.score = mem_array(n, (size_t)m->classes * sizeof(float)),
		.right = mem_array(n, sizeof(double)),
		.before = mem_array(n, sizeof(double)),
	};
	struct label_model *models[LABEL_MODEL_KINDS], *best;

	for (size_t i = 0; i < n; i++)
		r.rows[i] = rows[i];
	if (n)
		qsort(r.rows, n, sizeof(*r.rows), by_group);
	*ret = (struct label_choice){ .reviewed = n, .winner = LABEL_PRECISION };
	for (int k = 0; k < LABEL_MODEL_KINDS; k++) {
		const struct label_trial *t = &ret->trial[k];

		models[k] = try(&r, (enum label_model_kind)k, &ret->trial[k]);
		if (t->end == LABEL_TRIED && t->p < LEVEL &&
		    t->accuracy > ret->trial[ret->winner].accuracy)
			ret->winner = (enum label_model_kind)k;
	}
	explain(ret);
	best = models[ret->winner];
	for (int k = 0; k < LABEL_MODEL_KINDS; k++)
		if (models[k] != best)
			label_model_free(models[k]);
	mem_free(r.rows);
	mem_free(r.score);
	mem_free(r.right);
	mem_free(r.before);
	return best;
}

double label_choice_accuracy(const struct label_model *l, const struct vote_matrix *m,
			     const struct label_reviewed *rows, size_t n)
{
	double *score = mem_array((size_t)m->classes, sizeof(*score)), right = 0;

	for (size_t i = 0; i < n; i++) {
		struct label_answer a;
		int votes;
		const uint32_t *row = vote_matrix_row(m, rows[i].row, &votes);

		label_model_answer(l, row, votes, &a);
		label_model_scores(l, row, votes, score);
		for (int k = 0; k < m->classes; k++)
			if (score[k] > score[rows[i].truth] + 1e-9)
				a.ties = 0;
		right += a.ties ? 1.0 / a.ties : 0;
	}
	mem_free(score);
	return n ? right / (double)n : NAN;
}
