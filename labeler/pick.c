#include "labeler/pick.h"

#include "base/mem.h"
#include "base/must.h"
#include "near/shingle.h"

#include <math.h>
#include <stdlib.h>

/* A title like no other is not worth nothing. */
#define LONER 0.02

struct scored {
	double score;
	int at;
};

static double cosine(const struct shingle_set *a, const struct shingle_set *b)
{
	int i = 0, k = 0, both = 0;

	while (i < a->n && k < b->n) {
		both += a->at[i] == b->at[k];
		if (a->at[i] < b->at[k])
			i++;
		else if (a->at[i] > b->at[k])
			k++;
		else {
			i++;
			k++;
		}
	}
	return both ? both / sqrt((double)a->n * b->n) : 0;
}

/* Into the descending `best`, of which `have` are there. */
static int put_best(struct scored *best, int have, int most, struct scored x)
{
	int at = have < most ? have : most - 1;

	if (have == most && best[at].score >= x.score)
		return have;
	for (; at > 0 && best[at - 1].score < x.score; at--)
		best[at] = best[at - 1];
	best[at] = x;
	return have < most ? have + 1 : have;
}

static double density(const struct shingle_set *sets, int n, int of)
{
	struct scored best[PICK_NEIGHBOURS] = { { 0 } };
	double sum = 0;
	int have = 0;

	for (int i = 0; i < n; i++)
		if (i != of)
			have = put_best(best, have, PICK_NEIGHBOURS,
					(struct scored){ cosine(&sets[of], &sets[i]), i });
	for (int i = 0; i < have; i++)
		sum += best[i].score;
	return sum / PICK_NEIGHBOURS + LONER;
}

static int best_first(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->at - y->at;
}

static bool fits(const struct pick_item *items, const int *taken, int n, int of_class, int at)
{
	int same = 0;

	for (int i = 0; i < n; i++) {
		if (items[taken[i]].family == items[at].family)
			return false;
		same += str_eq(items[taken[i]].klass, items[at].klass);
	}
	return same < of_class;
}

int pick_diverse(const struct pick_item *items, int n, int of_class, int most, int *ret)
{
	struct shingle_set *sets = mem_array((size_t)n + 1, sizeof(*sets));
	struct scored *order = mem_array((size_t)n + 1, sizeof(*order));
	int have = 0;

	must(n <= PICK_POOL);
	for (int i = 0; i < n; i++)
		shingle_title(items[i].title, &sets[i]);
	for (int i = 0; i < n; i++)
		order[i] = (struct scored){ items[i].worth * density(sets, n, i), i };
	qsort(order, (size_t)n, sizeof(*order), best_first);
	for (int i = 0; i < n && have < most; i++)
		if (fits(items, ret, have, of_class, order[i].at))
			ret[have++] = order[i].at;
	mem_free(order);
	mem_free(sets);
	return have;
}

int pick_alike(struct str title, const struct str *titles, int n, int most, int *ret,
	       double *ret_cosines)
{
	struct scored best[PICK_ALIKE_MOST] = { { 0 } };
	struct shingle_set own, other;
	int have = 0;

	must(most <= PICK_ALIKE_MOST);
	shingle_title(title, &own);
	for (int i = 0; i < n; i++) {
		struct scored x = { .at = i };

		shingle_title(titles[i], &other);
		x.score = cosine(&own, &other);
		if (x.score > 0)
			have = put_best(best, have, most, x);
	}
	for (int i = 0; i < have; i++) {
		ret[i] = best[i].at;
		ret_cosines[i] = best[i].score;
	}
	return have;
}
