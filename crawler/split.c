#include "crawler/split.h"

#include "base/must.h"
#include "crawler/expand.h"

#include <math.h>
#include <stdlib.h>

/* Of a window, that a band is meant to fill: what one page shows is a guess. */
#define FILL 0.7
/* Prices of a page that speak for one band at least. */
#define PER_BAND 4

/* ---- bands ---- */

/* The first price of the step that `price` is in. */
static int64_t aligned(int64_t lo, int64_t step, int64_t price)
{
	return lo + (price - lo) / step * step;
}

struct cuts {
	int64_t lo, hi, step, *at;
	int n;
};

static void cut(struct cuts *c, int64_t price)
{
	int64_t after = c->n ? c->at[c->n - 1] : c->lo;

	price = aligned(c->lo, c->step, price);
	if (c->n < SPLIT_BANDS - 1 && price > after && price <= c->hi)
		c->at[c->n++] = price;
}

/* In the middle as prices go: half the figure rather than half the way. */
static void cut_blindly(struct cuts *c)
{
	int64_t low = c->lo > 0 ? c->lo : 1, middle = c->lo + (c->hi - c->lo) / 2;

	if (c->lo >= 0 && c->hi / 4 > low)
		middle = (int64_t)sqrt((double)low * (double)c->hi);
	cut(c, middle);
	if (!c->n)
		cut(c, c->lo + c->step);
}

/* How many of the prices from `at` on are within the step of the first of them. */
static int run_of(const struct cuts *c, const int64_t *prices, int n, int at)
{
	int64_t first = aligned(c->lo, c->step, prices[at]);
	int k = at;

	while (k < n && prices[k] - first < c->step)
		k++;
	return k - at;
}

int split_cuts(int64_t lo, int64_t hi, int64_t step, int64_t total, int64_t window,
	       const int64_t *prices, int n, int64_t cuts[SPLIT_BANDS])
{
	struct cuts c = { .lo = lo, .hi = hi, .step = step, .at = cuts };
	double want = ceil((double)total / (FILL * (double)window));
	int most = SPLIT_BANDS / 2, bands = want < most ? (int)want : most, at, run;

	must(step > 0 && window > 0 && lo <= hi);
	if (lo > hi - step)
		return 0;
	if (bands > n / PER_BAND)
		bands = n / PER_BAND;
	if (bands < 2)
		bands = 2;
	for (int k = 1; k < bands && n > 0; k++) {
		at = (int)((int64_t)k * n / bands);
		/* from the first of equals */
		while (at > 0 && prices[at - 1] >= aligned(lo, step, prices[at]))
			at--;
		cut(&c, prices[at]);
		run = run_of(&c, prices, n, at);
		if (run * bands >= n)
			cut(&c, aligned(lo, step, prices[at]) + step);
	}
	if (!c.n)
		cut_blindly(&c);
	must(c.n > 0);
	return c.n;
}

/* ---- which way ---- */

struct run {
	const struct split_in *in;
	const struct conf_split *by;
	struct arena *a;
	struct split_out *out;
};

static bool price_var(const struct run *r, struct str name, int64_t *ret)
{
	struct str text;

	return expand_value(r->in->vars, name, r->a, &text) && str_i64(text, ret);
}

static void add(struct run *r, struct str vars)
{
	r->out->parts[r->out->n_parts++] = vars;
}

static struct str with_price(struct run *r, struct str vars, struct str name, int64_t price)
{
	return expand_with(vars, name, arena_fmt(r->a, "%lld", (long long)price), r->a);
}

static int by_price(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A band of prices. The lowest has no least, the highest no greatest: what is past an
 * end of the prices that are told apart counts as that end. */
struct band {
	int64_t lo, hi;
	bool bottom, top;
};

/* Sorted, of the band only. False: most are outside of it, so the
 * site does not heed what it is asked. */
static bool sort_prices(const struct run *r, const struct band *b, int *ret_n)
{
	int64_t *p = r->in->prices;
	int n = 0;

	for (int i = 0; i < r->in->n_prices; i++) {
		if (p[i] < b->lo ? !b->bottom : p[i] > b->hi && !b->top)
			continue;
		p[n++] = p[i] < b->lo ? b->lo : p[i] > b->hi ? b->hi : p[i];
	}
	if (n)
		qsort(p, (size_t)n, sizeof(*p), by_price);
	*ret_n = n;
	return n * 2 >= r->in->n_prices;
}

static void add_bands(struct run *r, const struct band *b, const int64_t *cuts, int n)
{
	const struct conf_split *by = r->by;
	struct str part;

	r->out->parts = arena_array(r->a, (size_t)n + 1, sizeof(*r->out->parts));
	for (int i = 0; i <= n; i++) {
		part = r->in->vars;
		if (i || !b->bottom)
			part = with_price(r, part, by->min, i ? cuts[i - 1] : b->lo);
		if (i < n || !b->top)
			part = with_price(r, part, by->max, i < n ? cuts[i] - 1 : b->hi);
		add(r, part);
	}
}

static bool by_bands(struct run *r)
{
	const struct split_in *in = r->in;
	struct band b = { .lo = r->by->from, .hi = r->by->to };
	int64_t cuts[SPLIT_BANDS];
	int n = 0;

	b.bottom = !price_var(r, r->by->min, &b.lo);
	b.top = !price_var(r, r->by->max, &b.hi);
	if (b.lo > b.hi)
		return false;
	if (!sort_prices(r, &b, &n)) {
		r->out->why = STR("the prices shown are not those asked for");
		return false;
	}
	n = split_cuts(b.lo, b.hi, r->by->step, in->total, in->window, in->prices, n, cuts);
	if (!n)
		return false;
	add_bands(r, &b, cuts, n);
	r->out->covers = PART_ALL;
	/* What has no price is in no band. */
	r->out->own = in->n_unpriced > 0;
	return true;
}

static const struct conf_var *seed_var(const struct conf_seed *seed, struct str name)
{
	for (int i = 0; i < seed->n_vars; i++)
		if (str_eq(seed->vars[i].name, name))
			return &seed->vars[i];
	return NULL;
}

/* Values below the one that the list has; below none where it has none. */
static bool by_found(struct run *r)
{
	const struct conf_var *var = &r->by->var;
	struct str under = var->under.p ? var->under : STR("");
	const struct value *v;
	int n;

	expand_value(r->in->vars, var->name, r->a, &under);
	v = values_find(r->in->values, var->found, under, &n);
	if (n > SPLIT_VALUES) {
		r->out->why = STR("more values than a list is parted by");
		return false;
	}
	r->out->parts = arena_array(r->a, (size_t)n + 1, sizeof(*r->out->parts));
	for (int i = 0; i < n; i++)
		add(r, expand_with(r->in->vars, var->name, v[i].value, r->a));
	return n > 0;
}

/* Given values are put in once: where the list has none, or its seed's own. */
static bool by_given(struct run *r)
{
	const struct conf_var *var = &r->by->var, *own = seed_var(r->in->seed, var->name);
	struct str now;
	bool has = expand_value(r->in->vars, var->name, r->a, &now);

	if (has && (!own || own->n != 1 || !str_eq(own->values[0], now)))
		return false;
	r->out->parts = arena_array(r->a, (size_t)var->n, sizeof(*r->out->parts));
	for (int i = 0; i < var->n; i++)
		if (!has || !str_eq(var->values[i], now))
			add(r, expand_with(r->in->vars, var->name, var->values[i], r->a));
	r->out->own = has;
	return r->out->n_parts > 0;
}

static bool by_values(struct run *r)
{
	if (!(r->by->var.found.p ? by_found(r) : by_given(r)))
		return false;
	r->out->covers = r->by->covers;
	r->out->own |= r->by->covers == PART_SOME;
	return true;
}

void split_run(const struct split_in *in, struct arena *a, struct split_out *ret)
{
	struct run r = { .in = in, .a = a, .out = ret };

	*ret = (struct split_out){ .says = PART_FITS, .why = STR("") };
	if (in->total <= in->window)
		return;
	ret->why = in->seed->n_splits ? STR("nothing parts it further")
				      : STR("its seed has no `split`");
	for (int i = 0; i < in->seed->n_splits; i++) {
		r.by = &in->seed->splits[i];
		if (r.by->min.p ? by_bands(&r) : by_values(&r)) {
			ret->says = PART_SPLIT;
			ret->why = STR("");
			return;
		}
	}
	ret->says = PART_CUT;
	ret->n_parts = 0;
	ret->own = false;
}
