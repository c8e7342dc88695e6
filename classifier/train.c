#include "classifier/train.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"
#include "classifier/choose.h"
#include "classifier/model_file.h"

#include <math.h>
#include <string.h>

/* Rows that a setting is tried on; the best one hardly moves with the size. */
#define TRIAL_ROWS 24000u
#define TRIAL_EPOCHS 5
#define DEFAULT_RATE 0.02
#define DEFAULT_EPOCHS 5
#define EPOCHS_MOST 200
/* Steps that a handful of rows needs before anything is learned. */
#define STEPS_LEAST 4000

#define MEMBERS 2
#define DIM 32

static const double rates[] = { 0.01, 0.02, 0.05 };
static const int epochs[] = { 3, 5, 8, 12 };
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct train {
	const struct classifier_opt *opt;
	struct corpus *corpus;
	struct choose_split split;
	struct learn_weights weights;
	struct learn_opt learn; /* rate and epochs as chosen so far */
	int64_t rows_planned, rows_done;
	const char *what;
	struct choose_score score; /* of the chosen setting, on dev */
};

static bool progress(void *ctx, int64_t rows)
{
	struct train *t = ctx;
	double done;

	t->rows_done += rows;
	done = (double)t->rows_done / (double)t->rows_planned;
	if (!t->opt->progress)
		return true;
	return t->opt->progress(t->opt->ctx, done < 1 ? done : 1, t->what);
}

/* Measured: tables of half the size lose under 0.1 point, larger ones gain
 * nothing, at each of these sizes. */
static unsigned bits_for(uint32_t rows)
{
	return rows < 5000 ? 15 : rows < 50000 ? 16 : rows < 500000 ? 18 : 19;
}

static int epochs_for(uint32_t rows)
{
	int least = STEPS_LEAST / (int)(rows < STEPS_LEAST ? rows : STEPS_LEAST);

	return least < DEFAULT_EPOCHS ? DEFAULT_EPOCHS : least > EPOCHS_MOST ? EPOCHS_MOST : least;
}

static uint32_t trial_rows(const struct train *t)
{
	return t->split.rest_n < TRIAL_ROWS ? t->split.rest_n : TRIAL_ROWS;
}

static void plan(struct train *t)
{
	int64_t rows = corpus_rows(t->corpus), trial = trial_rows(t);
	int e = t->opt->epochs ? t->opt->epochs : DEFAULT_EPOCHS;

	t->rows_planned = rows * e;
	if (t->split.dev_n == 0)
		return;
	t->rows_planned += t->split.rest_n * (int64_t)e;
	if (t->opt->rate <= 0)
		t->rows_planned += (int64_t)COUNT(rates) * trial * TRIAL_EPOCHS;
	if (t->opt->epochs <= 0)
		for (size_t i = 0; i < COUNT(epochs); i++)
			t->rows_planned += trial * epochs[i];
}

static enum err try_trial(struct train *t, double *least)
{
	struct choose_score score;
	enum err err = choose_try(&t->weights, t->corpus, t->split.rest, trial_rows(t), &t->learn,
				  t->split.dev, t->split.dev_n, &score);

	if (!err)
		*least = score.loss;
	return err;
}

static enum err choose_rate(struct train *t)
{
	double best = DEFAULT_RATE, least = HUGE_VAL, loss = HUGE_VAL;
	enum err err = ERR_OK;

	t->what = "choosing the rate";
	t->learn.epochs = TRIAL_EPOCHS;
	for (size_t i = 0; i < COUNT(rates) && !err; i++) {
		t->learn.rate = rates[i];
		err = try_trial(t, &loss);
		if (!err && loss < least) {
			least = loss;
			best = rates[i];
		}
	}
	t->learn.rate = best;
	return err;
}

static enum err choose_epochs(struct train *t)
{
	int best = DEFAULT_EPOCHS;
	double least = HUGE_VAL, loss = HUGE_VAL;
	enum err err = ERR_OK;

	t->what = "choosing the epochs";
	for (size_t i = 0; i < COUNT(epochs) && !err; i++) {
		t->learn.epochs = epochs[i];
		err = try_trial(t, &loss);
		if (!err && loss < least) {
			least = loss;
			best = epochs[i];
		}
	}
	t->learn.epochs = best;
	return err;
}

/* The rows to try settings on must be a fair sample: `rest` comes shuffled. */
static void shuffle_rest(struct train *t)
{
	struct rng r = { .state = t->opt->seed ^ 0x74726961u };

	for (uint32_t i = t->split.rest_n; i > 1; i--) {
		uint32_t j = (uint32_t)rng_below(&r, i), x = t->split.rest[i - 1];

		t->split.rest[i - 1] = t->split.rest[j];
		t->split.rest[j] = x;
	}
}

static enum err choose(struct train *t)
{
	enum err err = ERR_OK;

	t->learn.rate = t->opt->rate > 0 ? t->opt->rate : DEFAULT_RATE;
	t->learn.epochs = t->opt->epochs > 0 ? t->opt->epochs : epochs_for(corpus_rows(t->corpus));
	t->score = (struct choose_score){ .temperature = 1, .top1 = NAN, .top3 = NAN };
	if (t->split.dev_n == 0)
		return ERR_OK;
	shuffle_rest(t);
	if (t->opt->rate <= 0)
		err = choose_rate(t);
	if (!err && t->opt->epochs <= 0)
		err = choose_epochs(t);
	else
		t->learn.epochs = t->opt->epochs;
	if (err)
		return err;
	t->what = "measuring";
	return choose_try(&t->weights, t->corpus, t->split.rest, t->split.rest_n, &t->learn,
			  t->split.dev, t->split.dev_n, &t->score);
}

static enum err fit_all(struct train *t)
{
	uint32_t n = corpus_rows(t->corpus), *order = mem_array(n, sizeof(*order));
	enum err err;

	t->what = "training";
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	err = learn_fit(&t->weights, t->corpus, order, n, &t->learn);
	mem_free(order);
	return err;
}

static enum err save(const struct train *t, const char *path, struct reason *why)
{
	uint32_t n = corpus_rows(t->corpus);
	float *shares = mem_array((size_t)t->weights.shape.classes, sizeof(*shares));
	struct model_facts facts = { .rows = n,
				     .seed = t->opt->seed,
				     .rate = t->learn.rate,
				     .epochs = (uint32_t)t->learn.epochs,
				     .temperature = t->score.temperature,
				     .dev_top1 = (float)t->score.top1,
				     .dev_top3 = (float)t->score.top3 };
	struct buf image;
	enum err err;

	for (uint32_t i = 0; i < n; i++)
		shares[corpus_row(t->corpus, i).klass] += 1;
	for (int k = 0; k < t->weights.shape.classes; k++)
		shares[k] /= (float)n;
	buf_init(&image, MODEL_BYTES);
	model_pack(&t->weights, t->corpus, shares, &facts, &image);
	err = file_write(path, buf_str(&image), why);
	buf_done(&image);
	mem_free(shares);
	return err;
}

static void report(const struct train *t, struct classifier_report *ret)
{
	*ret = (struct classifier_report){ .rows = corpus_rows(t->corpus),
					   .left_out = corpus_left_out(t->corpus),
					   .classes = corpus_classes(t->corpus),
					   .epochs = t->learn.epochs,
					   .rate = t->learn.rate,
					   .dev_top1 = t->score.top1,
					   .dev_top3 = t->score.top3 };
}

enum err train_model(const struct classifier_rows *rows, const struct classifier_opt *opt,
		     const char *path, struct classifier_report *ret, struct reason *why)
{
	struct train t = { .opt = opt,
			   .learn = { .seed = opt->seed, .progress = progress, .ctx = &t } };
	struct learn_shape shape = { .members = MEMBERS, .dim = DIM };
	enum err err;

	must(opt->bits == 0 ||
	     (opt->bits >= (int)MODEL_BITS_LEAST && opt->bits <= (int)MODEL_BITS_MOST));
	err = corpus_read(rows, opt->min_rows > 1 ? opt->min_rows : 1, path, &t.corpus, why);
	if (err)
		return err;
	choose_split_init(&t.split, t.corpus, opt->seed);
	plan(&t);
	shape.classes = corpus_classes(t.corpus);
	shape.bits = opt->bits ? (unsigned)opt->bits : bits_for(corpus_rows(t.corpus));
	learn_init(&t.weights, &shape);
	err = choose(&t);
	if (!err)
		err = fit_all(&t);
	if (err == ERR_CANCELLED)
		reason_set(why, err, "training was cancelled");
	if (!err)
		err = save(&t, path, why);
	if (!err)
		report(&t, ret);
	learn_done(&t.weights);
	choose_split_done(&t.split);
	corpus_free(t.corpus);
	return err;
}
