#include "base/hash.h"
#include "base/interval.h"
#include "base/mem.h"
#include "base/normal.h"
#include "base/rng.h"
#include "classifier/corpus.h"

#include <stdlib.h>
#include <string.h>

#define DRAWS_MOST 2000
#define DRAWS_LEAST 200
/* Rows that are drawn in all, so that a million of them don't take minutes. */
#define DRAWN ((int64_t)100 << 20)
#define BEST 3
#define NOBODY (-1) /* a class that neither model has */

/* A row's truth and first guesses as numbers of names that both models share. */
struct pair {
	uint64_t group;
	int32_t truth, guess[2];
	bool third[2]; /* among the first three */
};

/* The rows of one group: pairs[from..to-1]. */
struct unit {
	uint32_t from, to;
};

struct compare {
	const struct classifier *models[2];
	int classes; /* names in all */
	int *of_b;   /* number of b's class among them */
	struct pair *pairs;
	size_t n, cap;
	struct unit *units;
	size_t units_n;
	int64_t *tallies; /* [2][classes][3]: truth, guessed, both */
};

static void number_classes(struct compare *c)
{
	const struct classifier *a = c->models[0], *b = c->models[1];

	c->classes = classifier_classes(a);
	c->of_b = mem_array((size_t)classifier_classes(b), sizeof(*c->of_b));
	for (int k = 0; k < classifier_classes(b); k++) {
		int in_a = classifier_find(a, classifier_class(b, k));

		c->of_b[k] = in_a >= 0 ? in_a : c->classes++;
	}
}

static int truth_of(const struct compare *c, struct str name)
{
	int k = classifier_find(c->models[0], name);

	if (k >= 0)
		return k;
	k = classifier_find(c->models[1], name);
	return k >= 0 ? c->of_b[k] : NOBODY;
}

static uint64_t group_of(const struct classifier_row *row)
{
	char form[NORMAL_MOST];

	return corpus_group_of(row,
			       (struct str){ form, normal_title(row->title, form, sizeof(form)) });
}

static void add_row(struct compare *c, const struct classifier_row *row)
{
	const struct classifier_item item = { row->title, row->fields, row->fields_n };
	struct pair p = { .group = group_of(row), .truth = truth_of(c, row->labels[0].klass) };

	for (int m = 0; m < 2; m++) {
		struct classifier_guess best[BEST];
		int n = classifier_item_top(c->models[m], &item, BEST, best);

		for (int i = 0; i < n; i++) {
			int k = m ? c->of_b[best[i].klass] : best[i].klass;

			if (i == 0)
				p.guess[m] = k;
			p.third[m] = p.third[m] || k == p.truth;
		}
	}
	mem_grow(&c->pairs, &c->cap, c->n + 1, sizeof(*c->pairs));
	c->pairs[c->n++] = p;
}

static void read_rows(struct compare *c, const struct classifier_rows *rows)
{
	struct classifier_row row;

	rows->rewind(rows->ctx);
	for (;;) {
		row = (struct classifier_row){ .weight = 1 };
		if (!rows->next(rows->ctx, &row))
			return;
		if (row.labels_n && row.labels[0].klass.n)
			add_row(c, &row);
	}
}

static int by_group(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return x->group < y->group ? -1 : x->group > y->group;
}

static void make_units(struct compare *c)
{
	qsort(c->pairs, c->n, sizeof(*c->pairs), by_group);
	c->units = mem_array(c->n, sizeof(*c->units));
	for (size_t i = 0; i < c->n; i++) {
		if (i == 0 || c->pairs[i].group != c->pairs[i - 1].group)
			c->units[c->units_n++].from = (uint32_t)i;
		c->units[c->units_n - 1].to = (uint32_t)(i + 1);
	}
}

struct counts {
	int64_t n, top1[2], top3[2];
};

static void count_unit(struct compare *c, const struct unit *u, struct counts *to)
{
	for (const struct pair *p = c->pairs + u->from; p < c->pairs + u->to; p++) {
		to->n++;
		for (int m = 0; m < 2; m++) {
			int64_t(*t)[3] = (void *)(c->tallies + (size_t)m * (size_t)c->classes * 3);

			to->top1[m] += p->guess[m] == p->truth;
			to->top3[m] += p->third[m];
			t[p->guess[m]][1]++;
			if (p->truth == NOBODY)
				continue;
			t[p->truth][0]++;
			t[p->truth][2] += p->guess[m] == p->truth;
		}
	}
}

/* As evaluate.h has it, of both models over the same names. */
static double macro_f1(const struct compare *c, int m)
{
	const int64_t *t = c->tallies + (size_t)m * (size_t)c->classes * 3;
	double sum = 0;
	int met = 0;

	for (int k = 0; k < c->classes; k++, t += 3) {
		if (t[0] + t[1] == 0)
			continue;
		met++;
		sum += 2 * (double)t[2] / (double)(t[0] + t[1]);
	}
	return met ? sum / met : 0;
}

/* The measures of both models on some units: top1, top3, macro-F1. */
static void take(struct compare *c, const struct counts *n, double ret[3][2])
{
	for (int m = 0; m < 2; m++) {
		ret[0][m] = (double)n->top1[m] / (double)n->n;
		ret[1][m] = (double)n->top3[m] / (double)n->n;
		ret[2][m] = macro_f1(c, m);
	}
}

static void clear(struct compare *c)
{
	memset(c->tallies, 0, (size_t)c->classes * 6 * sizeof(*c->tallies));
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void intervals(struct compare *c, uint64_t seed, struct classifier_change *const changes[3])
{
	int64_t can = DRAWN / (int64_t)c->n;
	size_t draws = (size_t)(can < DRAWS_LEAST  ? DRAWS_LEAST
				: can > DRAWS_MOST ? DRAWS_MOST
						   : can);
	double *apart = mem_array(3 * draws, sizeof(*apart)), is[3][2];
	struct rng r = { .state = seed };

	for (size_t draw = 0; draw < draws; draw++) {
		struct counts n = { .n = 0 };

		clear(c);
		for (size_t i = 0; i < c->units_n; i++)
			count_unit(c, &c->units[rng_below(&r, c->units_n)], &n);
		take(c, &n, is);
		for (size_t k = 0; k < 3; k++)
			apart[k * draws + draw] = is[k][1] - is[k][0];
	}
	for (size_t k = 0; k < 3; k++) {
		qsort(apart + k * draws, draws, sizeof(*apart), by_size);
		changes[k]->low = apart[k * draws + draws * 25 / 1000];
		changes[k]->high = apart[k * draws + draws - 1 - draws * 25 / 1000];
	}
	mem_free(apart);
}

/* How many more rows of a group b has right than a. */
static int lead_of(const struct compare *c, const struct unit *u)
{
	int lead = 0;

	for (const struct pair *p = c->pairs + u->from; p < c->pairs + u->to; p++)
		lead += (p->guess[1] == p->truth) - (p->guess[0] == p->truth);
	return lead;
}

static void compare_all(struct compare *c, uint64_t seed, struct classifier_comparison *ret)
{
	struct classifier_change *const changes[3] = { &ret->top1, &ret->top3, &ret->macro_f1 };
	struct counts n = { .n = 0 };
	double is[3][2];

	c->tallies = mem_array((size_t)c->classes * 6, sizeof(*c->tallies));
	for (size_t i = 0; i < c->units_n; i++)
		count_unit(c, &c->units[i], &n);
	take(c, &n, is);
	for (int k = 0; k < 3; k++)
		*changes[k] = (struct classifier_change){ .a = is[k][0], .b = is[k][1] };
	ret->n = n.n;
	for (size_t i = 0; i < c->n; i++) {
		const struct pair *p = &c->pairs[i];
		bool a = p->guess[0] == p->truth, b = p->guess[1] == p->truth;

		*(a ? b ? &ret->both : &ret->only_a : b ? &ret->only_b : &ret->neither) += 1;
	}
	for (size_t i = 0; i < c->units_n; i++) {
		int lead = lead_of(c, &c->units[i]);

		ret->groups_a += lead < 0;
		ret->groups_b += lead > 0;
	}
	ret->p = interval_even(ret->groups_a, ret->groups_b);
	intervals(c, seed, changes);
}

enum err classifier_compare(const struct classifier *a, const struct classifier *b,
			    const struct classifier_rows *rows, uint64_t seed,
			    struct classifier_comparison *ret, struct reason *why)
{
	struct compare c = { .models = { a, b } };
	enum err err = ERR_OK;

	*ret = (struct classifier_comparison){ .n = 0 };
	number_classes(&c);
	read_rows(&c, rows);
	if (c.n == 0) {
		err = reason_set(why, ERR_BAD, "no labeled rows to measure on");
		goto out;
	}
	make_units(&c);
	compare_all(&c, seed, ret);
out:
	mem_free(c.of_b);
	mem_free(c.pairs);
	mem_free(c.units);
	mem_free(c.tallies);
	return err;
}
