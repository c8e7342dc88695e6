#include "labeler/label_sum.h"

#include "base/mem.h"
#include "base/must.h"

#include <math.h>
#include <stdlib.h>

void label_sum_init(struct label_sum *s, const struct vote_matrix *m)
{
	*s = (struct label_sum){
		.classes = m->classes,
		.columns = m->columns,
		.column = m->column,
		.base = mem_array((size_t)m->classes, sizeof(double)),
		.weight = mem_array((size_t)m->columns, sizeof(double)),
		.order = mem_array((size_t)m->classes, sizeof(int)),
		.excess = mem_array((size_t)m->classes, sizeof(double)),
		.temperature = 1,
	};
}

void label_sum_done(struct label_sum *s)
{
	mem_free(s->base);
	mem_free(s->weight);
	mem_free(s->order);
	mem_free(s->excess);
	*s = (struct label_sum){ .classes = 0 };
}

static int highest_first(const void *a, const void *b, void *ctx)
{
	const double *base = ctx, x = base[*(const int *)a], y = base[*(const int *)b];

	return (x < y) - (x > y);
}

void label_sum_ready(struct label_sum *s)
{
	s->excesses = 0;
	for (int k = 0; k < s->classes; k++)
		s->order[k] = k;
	qsort_r(s->order, (size_t)s->classes, sizeof(*s->order), highest_first, s->base);
	for (int k = 0; k < s->classes; k++) {
		s->excess[k] = exp((s->base[k] - s->base[s->order[0]]) / s->temperature);
		s->excesses += s->excess[k];
	}
}

/* Whether another vote of its family for the same class counts in its place. */
static bool stands_behind(const struct label_sum *s, const uint32_t *votes, int n, int i)
{
	const struct vote_column *c = &s->column[votes[i]];

	for (int j = 0; j < n && s->families && c->family >= 0; j++) {
		const struct vote_column *other = &s->column[votes[j]];
		double ahead = s->weight[votes[j]] - s->weight[votes[i]];

		if (j != i && other->family == c->family && other->klass == c->klass &&
		    (ahead > 0 || (ahead == 0 && j < i)))
			return true;
	}
	return false;
}

static int place_of(struct label_tally *t, int klass, double base)
{
	int i = 0;

	while (i < t->n && t->klass[i] != klass)
		i++;
	if (i == t->n) {
		t->klass[i] = klass;
		t->score[i] = base;
		t->n++;
	}
	return i;
}

bool label_sum_met(const struct label_tally *t, int klass)
{
	for (int i = 0; i < t->n; i++)
		if (t->klass[i] == klass)
			return true;
	return false;
}

void label_sum_tally(const struct label_sum *s, const uint32_t *votes, int n,
		     struct label_tally *ret)
{
	const double base = s->base[s->order[0]];
	double rest = s->excesses, sum = 0;
	int others = 0;

	must(n <= VOTE_MATRIX_ROW);
	ret->n = 0;
	for (int i = 0; i < n; i++) {
		int klass = s->column[votes[i]].klass;

		if (!stands_behind(s, votes, n, i))
			ret->score[place_of(ret, klass, s->base[klass])] += s->weight[votes[i]];
	}
	while (others < s->classes && label_sum_met(ret, s->order[others]))
		others++;
	ret->top = others < s->classes ? s->base[s->order[others]] : -HUGE_VAL;
	for (int i = 0; i < ret->n; i++)
		ret->top = fmax(ret->top, ret->score[i]);
	for (int i = 0; i < ret->n; i++) {
		sum += exp((ret->score[i] - ret->top) / s->temperature);
		rest -= s->excess[ret->klass[i]];
	}
	/* What is left of nothing by rounding is no class. */
	if (others < s->classes && rest > 0)
		sum += rest * exp((base - ret->top) / s->temperature);
	ret->whole = ret->top / s->temperature + log(sum);
}
