#include "labeler/confident.h"

#include "base/mem.h"
#include "base/must.h"

#include <math.h>
#include <stdlib.h>

/* A mean of many may miss what all of them are by its rounding. */
#define SLACK 1e-6

struct confident {
	int classes;
	int64_t rows;
	int64_t *given;	    /* [classes] */
	double *thresholds; /* [classes] */
	int64_t *count;	    /* [given][class] */
	int64_t *estimate;  /* [given][class] */
	struct confident_issue *issues;
	size_t n_issues, issue_cap;
};

/* The `most` rows that lean most; a heap with the least of them on top. */
struct lean {
	float by, then; /* then: among equals */
	int64_t row;
};

struct heap {
	struct lean *rows;
	size_t n, most;
};

static bool leans_less(const struct lean *a, const struct lean *b)
{
	if (a->by != b->by)
		return a->by < b->by;
	return a->then != b->then ? a->then < b->then : a->row > b->row;
}

static void sift_down(struct heap *h, size_t i)
{
	struct lean moved = h->rows[i];

	for (size_t child = 2 * i + 1; child < h->n; i = child, child = 2 * i + 1) {
		if (child + 1 < h->n && leans_less(&h->rows[child + 1], &h->rows[child]))
			child++;
		if (!leans_less(&h->rows[child], &moved))
			break;
		h->rows[i] = h->rows[child];
	}
	h->rows[i] = moved;
}

static void heap_offer(struct heap *h, const struct lean *offer)
{
	const struct lean l = *offer;
	size_t i;

	if (h->n == h->most) {
		if (h->most && leans_less(&h->rows[0], &l)) {
			h->rows[0] = l;
			sift_down(h, 0);
		}
		return;
	}
	for (i = h->n++; i && leans_less(&l, &h->rows[(i - 1) / 2]); i = (i - 1) / 2)
		h->rows[i] = h->rows[(i - 1) / 2];
	h->rows[i] = l;
}

static size_t at(const struct confident *c, int given, int klass)
{
	must(given >= 0 && klass >= 0 && given < c->classes && klass < c->classes);
	return (size_t)given * (size_t)c->classes + (size_t)klass;
}

static bool next_row(const struct confident_rows *rows, int classes, int *ret_given, float *p)
{
	if (!rows->next(rows->ctx, ret_given, p))
		return false;
	for (int k = 0; k < classes; k++)
		p[k] = p[k] >= 0 ? p[k] <= 1 ? p[k] : 1 : 0; /* NAN, too, is 0 */
	return true;
}

static int likeliest(const float *p, int classes)
{
	int best = 0;

	for (int k = 1; k < classes; k++)
		best = p[k] > p[best] ? k : best;
	return best;
}

int confident_class(const float *p, const double *thresholds, int classes)
{
	int best = -1;

	for (int k = 0; k < classes; k++)
		if ((double)p[k] >= thresholds[k] - SLACK && (best < 0 || p[k] > p[best]))
			best = k;
	return best;
}

static enum err learn_thresholds(struct confident *c, const struct confident_rows *rows, float *p,
				 struct reason *why)
{
	int given;

	rows->rewind(rows->ctx);
	while (next_row(rows, c->classes, &given, p)) {
		if (given < 0 || given >= c->classes)
			return reason_set(why, ERR_BAD, "row %lld is of class %d; there are %d",
					  (long long)c->rows, given, c->classes);
		c->thresholds[given] += (double)p[given];
		c->given[given]++;
		c->rows++;
	}
	for (int k = 0; k < c->classes; k++)
		c->thresholds[k] = c->given[k] ? c->thresholds[k] / (double)c->given[k] : NAN;
	return ERR_OK;
}

static enum err changed(struct reason *why)
{
	return reason_set(why, ERR_BAD, "the rows are not those of the first reading");
}

static enum err count_confident(struct confident *c, const struct confident_rows *rows, float *p,
				struct reason *why)
{
	int64_t n = 0;
	int given;

	rows->rewind(rows->ctx);
	for (; next_row(rows, c->classes, &given, p); n++) {
		int klass = confident_class(p, c->thresholds, c->classes);

		if (given < 0 || given >= c->classes)
			return changed(why);
		if (klass >= 0)
			c->count[at(c, given, klass)]++;
	}
	return n == c->rows ? ERR_OK : changed(why);
}

/* Whole numbers near exact[] that add up to `whole`: those with the largest parts
 * cut off get one more (largest remainder). */
static void round_to_whole(double *exact, int n, int64_t whole, int64_t *ret)
{
	for (int k = 0; k < n; k++) {
		ret[k] = (int64_t)floor(exact[k]);
		exact[k] -= floor(exact[k]);
		whole -= ret[k];
	}
	for (; whole > 0; whole--) {
		int most = 0;

		for (int k = 1; k < n; k++)
			most = exact[k] > exact[most] ? k : most;
		ret[most]++;
		exact[most] = -1;
	}
}

/* Each row of counts scaled to the rows given that class. */
static void scale(struct confident *c, double *exact)
{
	for (int g = 0; g < c->classes; g++) {
		int64_t confident = 0;

		for (int k = 0; k < c->classes; k++)
			confident += c->count[at(c, g, k)];
		for (int k = 0; k < c->classes; k++)
			exact[k] = confident ? (double)c->count[at(c, g, k)] / (double)confident *
						       (double)c->given[g]
					     : (double)(g == k) * (double)c->given[g];
		round_to_whole(exact, c->classes, c->given[g], &c->estimate[at(c, g, 0)]);
	}
}

/* Per pair and per given class those that lean most, with room for as many as the
 * estimate says. */
struct leaning {
	struct heap *pair, *class; /* [given][class], [given] */
};

static void heap_init(struct heap *h, int64_t most)
{
	*h = (struct heap){ .most = (size_t)most,
			    .rows = mem_array((size_t)most, sizeof(*h->rows)) };
}

static void leaning_init(struct leaning *l, const struct confident *c)
{
	*l = (struct leaning){
		.pair = mem_array((size_t)c->classes * (size_t)c->classes, sizeof(*l->pair)),
		.class = mem_array((size_t)c->classes, sizeof(*l->class)),
	};
	for (int g = 0; g < c->classes; g++) {
		heap_init(&l->class[g], c -> given[g] - c -> estimate[at(c, g, g)]);
		for (int k = 0; k < c->classes; k++)
			heap_init(&l->pair[at(c, g, k)], k == g ? 0 : c->estimate[at(c, g, k)]);
	}
}

static void leaning_done(struct leaning *l, const struct confident *c)
{
	for (int g = 0; g < c->classes; g++) {
		mem_free(l->class[g].rows);
		for (int k = 0; k < c->classes; k++)
			mem_free(l->pair[at(c, g, k)].rows);
	}
	mem_free(l->class);
	mem_free(l->pair);
}

/* Probabilities of 0 are common, so ties are: there the surer guess counts. */
static void offer_row(struct confident *c, struct leaning *l, int64_t row, int given,
		      const float *p)
{
	int guess = likeliest(p, c->classes);
	struct lean by = { -p[given], p[guess], row };

	heap_offer(&l->class[given], &by);
	for (int k = 0; k < c->classes; k++) {
		by.by = p[k] - p[given];
		heap_offer(&l->pair[at(c, given, k)], &by);
	}
	if (p[guess] <= p[given])
		return;
	/* Nothing but what the model would call otherwise is ever found. */
	mem_grow(&c->issues, &c->issue_cap, c->n_issues + 1, sizeof(*c->issues));
	c->issues[c->n_issues++] = (struct confident_issue){
		.row = row, .given = given, .guess = guess, .p_given = p[given], .p_guess = p[guess]
	};
}

static enum err lean(struct confident *c, const struct confident_rows *rows, float *p,
		     struct leaning *l, struct reason *why)
{
	int64_t n = 0;
	int given;

	rows->rewind(rows->ctx);
	for (; next_row(rows, c->classes, &given, p); n++) {
		if (given < 0 || given >= c->classes)
			return changed(why);
		offer_row(c, l, n, given, p);
	}
	return n == c->rows ? ERR_OK : changed(why);
}

static int by_row(const void *a, const void *b)
{
	const struct confident_issue *x = a, *y = b;

	return (x->row > y->row) - (x->row < y->row);
}

static void found(struct confident *c, const struct heap *h, int way)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct confident_issue key = { .row = h->rows[i].row };
		struct confident_issue *issue =
			c->n_issues ? bsearch(&key, c->issues, c->n_issues, sizeof(key), by_row)
				    : NULL;

		if (issue)
			issue->ways |= way;
	}
}

static int surest_first(const void *a, const void *b)
{
	const struct confident_issue *x = a, *y = b;
	const int both = CONFIDENT_BY_NOISE | CONFIDENT_BY_CLASS;
	const float ahead = x->p_guess - x->p_given, other = y->p_guess - y->p_given;

	if ((x->ways == both) != (y->ways == both))
		return x->ways == both ? -1 : 1;
	return ahead != other ? (ahead > other ? -1 : 1) : by_row(a, b);
}

static void keep_found(struct confident *c, const struct leaning *l)
{
	size_t n = 0;

	for (int g = 0; g < c->classes; g++) {
		found(c, &l->class[g], CONFIDENT_BY_CLASS);
		for (int k = 0; k < c->classes; k++)
			found(c, &l->pair[at(c, g, k)], CONFIDENT_BY_NOISE);
	}
	for (size_t i = 0; i < c->n_issues; i++)
		if (c->issues[i].ways)
			c->issues[n++] = c->issues[i];
	c->n_issues = n;
	if (n)
		qsort(c->issues, n, sizeof(*c->issues), surest_first);
}

static enum err find(struct confident *c, const struct confident_rows *rows, float *p,
		     struct reason *why)
{
	struct leaning l;
	enum err err;

	leaning_init(&l, c);
	err = lean(c, rows, p, &l, why);
	if (!err)
		keep_found(c, &l);
	leaning_done(&l, c);
	return err;
}

enum err confident_new(const struct confident_rows *rows, int classes, struct confident **ret,
		       struct reason *why)
{
	const size_t n = (size_t)classes;
	struct confident *c = mem_zero(sizeof(*c));
	double *exact = mem_array(n, sizeof(*exact));
	float *p = mem_array(n, sizeof(*p));
	enum err err;

	must(classes > 0);
	c->classes = classes;
	c->given = mem_array(n, sizeof(*c->given));
	c->thresholds = mem_array(n, sizeof(*c->thresholds));
	c->count = mem_array(n * n, sizeof(*c->count));
	c->estimate = mem_array(n * n, sizeof(*c->estimate));
	err = learn_thresholds(c, rows, p, why);
	if (!err)
		err = count_confident(c, rows, p, why);
	if (!err) {
		scale(c, exact);
		err = find(c, rows, p, why);
	}
	mem_free(exact);
	mem_free(p);
	if (err) {
		confident_free(c);
		return err;
	}
	*ret = c;
	return ERR_OK;
}

void confident_free(struct confident *c)
{
	if (!c)
		return;
	mem_free(c->given);
	mem_free(c->thresholds);
	mem_free(c->count);
	mem_free(c->estimate);
	mem_free(c->issues);
	mem_free(c);
}

int64_t confident_rows(const struct confident *c)
{
	return c->rows;
}

int64_t confident_given(const struct confident *c, int given)
{
	must(given >= 0 && given < c->classes);
	return c->given[given];
}

double confident_threshold(const struct confident *c, int klass)
{
	must(klass >= 0 && klass < c->classes);
	return c->thresholds[klass];
}

int64_t confident_count(const struct confident *c, int given, int klass)
{
	return c->count[at(c, given, klass)];
}

int64_t confident_estimate(const struct confident *c, int given, int klass)
{
	return c->estimate[at(c, given, klass)];
}

double confident_noise(const struct confident *c, int given, int klass)
{
	int64_t all = 0;

	for (int g = 0; g < c->classes; g++)
		all += c->estimate[at(c, g, klass)];
	return all ? (double)c->estimate[at(c, given, klass)] / (double)all : NAN;
}

int64_t confident_wrong(const struct confident *c)
{
	int64_t n = c->rows;

	for (int k = 0; k < c->classes; k++)
		n -= c->estimate[at(c, k, k)];
	return n;
}

const struct confident_issue *confident_issues(const struct confident *c, int64_t *ret_n)
{
	*ret_n = (int64_t)c->n_issues;
	return c->issues;
}

int64_t confident_found(const struct confident *c, int ways)
{
	int64_t n = 0;

	for (size_t i = 0; i < c->n_issues; i++)
		n += (c->issues[i].ways & ways) == ways;
	return n;
}
