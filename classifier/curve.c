#include "base/hash.h"
#include "base/interval.h"
#include "base/mem.h"
#include "base/rng.h"
#include "classifier/predict.h"
#include "classifier/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_LEAST 200 /* that the first model is made of */
#define DRAWS 400
#define SLOPES 60 /* exponents that are tried, from SLOPE_LEAST on, each 6% more */
#define SLOPE_LEAST 0.05
#define SLOPE_STEP 1.06
#define CURVE_SEED 0x63757276u

struct curve {
	struct train train;
	struct classifier_curve *ret;
	uint8_t *hits; /* [points][dev rows] */
};

/* floor + b * rows^-c */
struct law {
	double floor, b, c;
};

static double law_at(const struct law *l, double rows)
{
	return l->floor + l->b * pow(rows, -l->c);
}

/* The floor and the factor that fit the errors best at a given slope, by
 * least squares of which each point weighs by its own variance; neither is below
 * 0. Returns what is left. */
static double fit_slope(const double *rows, const double *errors, int n, double dev, double c,
			struct law *ret)
{
	double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, left = 0, b, floor;

	for (int i = 0; i < n; i++) {
		double x = pow(rows[i], -c), y = errors[i];
		double w = dev / fmax(y * (1 - y), 1 / dev);

		sw += w;
		sx += w * x;
		sy += w * y;
		sxx += w * x * x;
		sxy += w * x * y;
	}
	b = (sw * sxy - sx * sy) / fmax(sw * sxx - sx * sx, 1e-300);
	floor = (sy - b * sx) / sw;
	if (floor < 0) {
		floor = 0;
		b = sxy / sxx;
	}
	if (b < 0) {
		b = 0;
		floor = sy / sw;
	}
	*ret = (struct law){ floor, b, c };
	for (int i = 0; i < n; i++) {
		double off = errors[i] - law_at(ret, rows[i]);

		left += off * off * dev / fmax(errors[i] * (1 - errors[i]), 1 / dev);
	}
	return left;
}

static struct law fit_law(const double *rows, const double *errors, int n, double dev)
{
	struct law best = { 0 }, law;
	double least = INFINITY, c = SLOPE_LEAST;

	for (int i = 0; i < SLOPES; i++, c *= SLOPE_STEP) {
		double left = fit_slope(rows, errors, n, dev, c, &law);

		if (left < least) {
			least = left;
			best = law;
		}
	}
	return best;
}

static enum err measure(struct curve *k, const uint32_t *order, uint32_t n, uint8_t *hits)
{
	const struct train *t = &k->train;
	float logits[CORPUS_CLASSES];
	struct classifier_guess best;
	struct corpus_row row;
	struct buf image;
	struct model m;
	enum err err;

	buf_init(&image, MODEL_BYTES);
	err = choose_pack(&t->weights, t->corpus, t->bits, order, n, &image, &m);
	for (uint32_t i = 0; i < t->split.dev_n && !err; i++) {
		err = choose_logits(&m, t->corpus, t->split.dev[i], logits, &row);
		if (err)
			break;
		predict_best(logits, m.classes, 1, &best);
		hits[i] = best.klass == (int)row.labels[0].klass;
	}
	buf_done(&image);
	return err;
}

/* As if there were no more rows than so many, a fair sample as they come shuffled. */
static void begin(struct train *t, uint32_t rows)
{
	t->split.rest_n = rows;
	train_begin(t, rows);
}

static enum err grow(struct curve *k)
{
	struct train *t = &k->train;
	uint32_t rest = t->split.rest_n, sizes[CLASSIFIER_CURVE];
	int n = 0;
	enum err err = ERR_OK;

	for (uint32_t size = rest; n < CLASSIFIER_CURVE && size && (size >= ROWS_LEAST || n < 3);
	     size /= 2)
		sizes[n++] = size;
	for (int i = 0; i < n; i++) {
		begin(t, sizes[i]);
		train_plan(t, (int64_t)sizes[i] * t->learn.epochs * t->weights.shape.members);
	}
	for (int i = 0; i < n && !err; i++) {
		uint32_t size = sizes[n - 1 - i];
		uint8_t *hits = k->hits + (size_t)i * t->split.dev_n;
		int64_t right = 0;
		struct interval at;

		begin(t, size);
		err = train_choose(t);
		t->what = "growing";
		if (!err)
			err = train_fit(t, t->split.rest, size, 0, t->learn.epochs);
		if (!err)
			err = measure(k, t->split.rest, size, hits);
		for (uint32_t d = 0; d < t->split.dev_n; d++)
			right += hits[d];
		at = interval_wilson((double)right, t->split.dev_n, 0.95);
		k->ret->points[i].rows = size;
		k->ret->points[i].top1 = (double)right / t->split.dev_n;
		k->ret->points[i].low = at.low;
		k->ret->points[i].high = at.high;
	}
	k->ret->points_n = n;
	k->ret->dev_rows = t->split.dev_n;
	return err;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* What twice the rows would save of the errors, by the law through them. */
static double gain_of(const struct law *l, double rows)
{
	return law_at(l, rows) - law_at(l, 2 * rows);
}

static void look_ahead(struct curve *k)
{
	struct classifier_curve *c = k->ret;
	const uint32_t dev = k->train.split.dev_n;
	struct rng r = { .state = k->train.opt->seed ^ CURVE_SEED };
	double rows[CLASSIFIER_CURVE], errors[CLASSIFIER_CURVE], gains[DRAWS], most;
	struct law law;

	for (int i = 0; i < c->points_n; i++) {
		rows[i] = (double)c->points[i].rows;
		errors[i] = 1 - c->points[i].top1;
	}
	most = (double)(k->train.split.rest_n + dev);
	law = fit_law(rows, errors, c->points_n, dev);
	c->floor = law.floor;
	c->b = law.b;
	c->c = law.c;
	c->gain = gain_of(&law, most);
	for (int draw = 0; draw < DRAWS; draw++) {
		uint32_t wrong[CLASSIFIER_CURVE] = { 0 };

		for (uint32_t d = 0; d < dev; d++) {
			size_t at = (size_t)rng_below(&r, dev);

			for (int i = 0; i < c->points_n; i++)
				wrong[i] += !k->hits[(size_t)i * dev + at];
		}
		for (int i = 0; i < c->points_n; i++)
			errors[i] = (double)wrong[i] / dev;
		law = fit_law(rows, errors, c->points_n, dev);
		gains[draw] = gain_of(&law, most);
	}
	qsort(gains, DRAWS, sizeof(*gains), by_size);
	c->gain_low = gains[DRAWS * 25 / 1000];
	c->gain_high = gains[DRAWS - 1 - DRAWS * 25 / 1000];
}

enum err classifier_curve(const struct classifier_rows *rows, const struct classifier_opt *opt,
			  const char *beside, struct classifier_curve *ret, struct reason *why)
{
	struct curve k = { .ret = ret };
	enum err err = train_afresh(opt, "a learning curve", why);

	if (!err)
		err = train_open(&k.train, rows, opt, beside, why);
	if (err)
		return err;
	*ret = (struct classifier_curve){ .points_n = 0 };
	if (k.train.split.dev_n == 0) {
		err = reason_set(
			why, ERR_BAD,
			"%u rows, of which none can be held out: a curve needs %d, in groups "
			"that leave half of them",
			corpus_rows(k.train.corpus), CHOOSE_ROWS);
		goto out;
	}
	k.hits = mem_array((size_t)CLASSIFIER_CURVE * k.train.split.dev_n, 1);
	err = grow(&k);
	if (err)
		train_why(err, beside, why);
	else
		look_ahead(&k);
out:
	mem_free(k.hits);
	train_done(&k.train);
	return err;
}
