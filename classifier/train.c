#include "classifier/train.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/rng.h"
#include "classifier/choose.h"
#include "classifier/model_file.h"
#include "classifier/predict.h"

#include <math.h>
#include <string.h>

/* Rows that a setting is tried on; the best one hardly moves with the size. Of few rows
 * all are. */
#define TRIAL_ROWS 12000u
/* So few can be learned by more members, and once more with those held out, for what
 * many rows cost. */
#define FEW_ROWS 60000u
#define RATE 0.006
#define RATE_TIMES 3 /* up or down, to look for a better one */
#define EPOCHS 5
#define EPOCHS_TIMES 2
#define EPOCHS_TRIED 20
/* A setting is better if its loss is lower by that share: less is chance, and the defaults
 * were measured on more rows than are tried here. */
#define BETTER 0.015
/* Steps that a handful of rows needs before anything is learned. */
#define STEPS_LEAST 4000
#define EPOCHS_MOST 200

/* Of a model that knows most of the rows already. */
#define WARM_EPOCHS 2
#define WARM_RATE 0.5

#define MEMBERS 2
#define MEMBERS_FEW 4
/* With more features or classes they would make the file too long, answers too slow. */
#define MEMBERS_FEW_BITS 17
#define MEMBERS_FEW_CLASSES 500
#define DIM 32
#define BITS_MOST 18
#define BALANCE 0.25
#define NEWER 0.5
#define NEWER_MOST 1.9

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

struct classifier_opt classifier_defaults(void)
{
	return (struct classifier_opt){
		.seed = 1, .min_rows = 1, .balance = BALANCE, .newer = NEWER, .threads = 1
	};
}

/* The smallest table that has room for so many features. */
static unsigned bits_for(uint32_t features)
{
	unsigned bits = SLOTS_BITS_LEAST;

	while (slots_most(bits) < features)
		bits++;
	return bits;
}

static int epochs_for(uint32_t rows)
{
	int least = STEPS_LEAST / (int)(rows < STEPS_LEAST ? rows : STEPS_LEAST);

	return least < EPOCHS ? EPOCHS : least > EPOCHS_MOST ? EPOCHS_MOST : least;
}

static uint32_t trial_rows(const struct train *t)
{
	const uint32_t most = corpus_rows(t->corpus) <= FEW_ROWS ? FEW_ROWS : TRIAL_ROWS;

	return t->split.rest_n < most ? t->split.rest_n : most;
}

void train_plan(struct train *t, int64_t rows)
{
	const int64_t trials =
		(t->opt->rate <= 0 ? 2 : 0) + (t->opt->epochs <= 0 ? EPOCHS_TIMES : 0);

	t->rows_planned += rows;
	if (t->split.dev_n && trials)
		t->rows_planned += trial_rows(t) * (int64_t)t->learn.epochs * (trials + 1);
}

/* The loss on dev titles, which tells settings apart long before the share of right answers
 * does; one member as well as all of them. */
static enum err try_setting(struct train *t, double rate, int epochs, double *ret)
{
	struct learn_opt opt = t->learn;
	struct learn_shape shape = t->weights.shape;
	struct learn_weights w;
	struct choose_score score;
	enum err err;

	opt.rate = rate;
	opt.epochs = opt.to = epochs;
	shape.members = 1;
	learn_init(&w, &shape);
	err = learn_fit(&w, t->corpus, t->split.rest, trial_rows(t), &opt);
	if (!err)
		err = choose_measure(&w, t->corpus, t->bits, t->split.rest, trial_rows(t),
				     t->split.dev, t->split.dev_n, &score);
	if (!err)
		*ret = score.loss;
	learn_done(&w);
	return err;
}

/* Whether another setting is clearly better than the one at hand, of `loss`;
 * if so it is taken. */
static enum err look(struct train *t, double rate, int epochs, double *loss, bool *ret_better)
{
	double found = 0;
	enum err err = try_setting(t, rate, epochs, &found);

	*ret_better = !err && found < *loss * (1 - BETTER);
	if (*ret_better) {
		t->rate = t->learn.rate = rate;
		t->learn.epochs = epochs;
		*loss = found;
	}
	return err;
}

static enum err choose_rate(struct train *t, double *loss)
{
	bool better = false;
	enum err err;

	t->what = "choosing the rate";
	err = look(t, RATE * RATE_TIMES, t->learn.epochs, loss, &better);
	if (!err && !better)
		err = look(t, RATE / RATE_TIMES, t->learn.epochs, loss, &better);
	return err;
}

static enum err choose_epochs(struct train *t, double *loss)
{
	int first = t->learn.epochs;
	bool better = true;
	enum err err = ERR_OK;

	t->what = "choosing the epochs";
	while (!err && better && t->learn.epochs * EPOCHS_TIMES <= EPOCHS_TRIED)
		err = look(t, t->learn.rate, t->learn.epochs * EPOCHS_TIMES, loss, &better);
	if (!err && t->learn.epochs == first)
		err = look(t, t->learn.rate, first / EPOCHS_TIMES, loss, &better);
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

enum err train_choose(struct train *t)
{
	enum err err = ERR_OK;
	double loss = 0;

	if (t->split.dev_n == 0)
		return ERR_OK;
	t->what = "trying the defaults";
	if (t->opt->rate <= 0 || t->opt->epochs <= 0)
		err = try_setting(t, t->learn.rate, t->learn.epochs, &loss);
	if (!err && t->opt->rate <= 0)
		err = choose_rate(t, &loss);
	if (!err && t->opt->epochs <= 0)
		err = choose_epochs(t, &loss);
	return err;
}

enum err train_fit(struct train *t, const uint32_t *order, uint32_t n, int from, int to)
{
	struct learn_opt opt = t->learn;

	opt.from = from;
	opt.to = to;
	return learn_fit(&t->weights, t->corpus, order, n, &opt);
}

/* Numbers of all rows, in their order; owned by the caller. */
static uint32_t *all_rows(const struct corpus *c)
{
	uint32_t n = corpus_rows(c), *order = mem_array(n, sizeof(*order));

	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	return order;
}

/* Whether all epochs are learned again with the rows held out, or the last one alone. */
static bool refits(const struct train *t)
{
	return corpus_rows(t->corpus) <= FEW_ROWS;
}

/* Rows times epochs that fit_and_measure learns. */
static int64_t fit_cost(const struct train *t)
{
	const int64_t again = t->split.dev_n == 0 ? 0 : refits(t) ? t->learn.epochs : 1;

	return corpus_rows(t->corpus) * (int64_t)t->learn.epochs + again * t->split.rest_n;
}

static enum err fit_all(struct train *t, int from)
{
	uint32_t *order = all_rows(t->corpus);
	enum err err;

	t->what = "training";
	err = train_fit(t, order, corpus_rows(t->corpus), from, t->learn.epochs);
	mem_free(order);
	return err;
}

/* Of many rows the last epoch is learned twice: once without the rows held out, to measure
 * on them, and from the same point with them. What is measured is as good as
 * what is kept, but for that share of the rows, and costs one epoch. Of few rows that share
 * is worth all of them. */
static enum err fit_and_measure(struct train *t)
{
	const int last = refits(t) ? 0 : t->learn.epochs - 1;
	struct learn_weights before = { 0 };
	enum err err;

	if (t->split.dev_n == 0)
		return fit_all(t, 0);
	t->what = "training";
	err = train_fit(t, t->split.rest, t->split.rest_n, 0, last);
	if (err)
		return err;
	if (last) {
		learn_init(&before, &t->weights.shape);
		learn_copy(&before, &t->weights);
	}
	err = train_fit(t, t->split.rest, t->split.rest_n, last, t->learn.epochs);
	if (!err)
		err = choose_measure(&t->weights, t->corpus, t->bits, t->split.rest,
				     t->split.rest_n, t->split.dev, t->split.dev_n, &t->score);
	if (!err && last)
		learn_copy(&t->weights, &before);
	learn_done(&before);
	return err ? err : fit_all(t, last);
}

/* A row of bytes as numbers, one member's part. */
static void unpack(const struct model *m, uint32_t entry, size_t member, float *to)
{
	const size_t dim = (size_t)m->dim;
	const int8_t *row = m->rows + (slots_row(entry) * (size_t)m->members + member) * dim;
	const float by = m->scale[slots_level(entry)];

	for (size_t i = 0; i < dim; i++)
		to[i] = (float)row[i] * by;
}

/* What the model knows of the features and classes at hand; the rest starts as
 * it always does. */
static void start_member(struct train *t, const struct model *m, size_t member)
{
	const struct vocab *v = corpus_vocab(t->corpus);
	const size_t dim = (size_t)m->dim, classes = (size_t)m->classes;
	struct learn_member *to = &t->weights.member[member];

	learn_start(&t->weights.shape, to, hash64_join(t->opt->seed, member));
	for (uint32_t i = 0; i < vocab_size(v); i++) {
		uint32_t entry = slots_find(m->slots, m->bits, vocab_keys(v)[i]);

		if (entry != SLOTS_NONE)
			unpack(m, entry, member, to->rows + i * dim);
	}
	for (int k = 0; k < corpus_classes(t->corpus); k++) {
		int from = model_find(m, corpus_class(t->corpus, k));

		if (from < 0)
			continue;
		memcpy(to->head + (size_t)k * dim,
		       m->head + (member * classes + (size_t)from) * dim, dim * sizeof(float));
		to->bias[k] = m->bias[member * classes + (size_t)from];
	}
}

static enum err go_on_from(struct train *t, const struct model *m, struct reason *why)
{
	const struct learn_shape *s = &t->weights.shape;

	if (m->dim != s->dim)
		return reason_set(
			why, ERR_BAD,
			"the model to start from has rows of %d numbers; new ones have %d", m->dim,
			s->dim);
	if (t->opt->epochs <= 0)
		t->learn.epochs = WARM_EPOCHS;
	if (t->opt->rate <= 0) {
		/* What it was first learned with is noted, else a chain of such models
		 * would move less and less. */
		t->rate = m->facts.rate;
		t->learn.rate = m->facts.rate * WARM_RATE;
	}
	for (size_t i = 0; i < (size_t)s->members; i++)
		start_member(t, m, i);
	t->learn.warm = true;
	t->score.temperature = m->facts.temperature;
	train_plan(t, corpus_rows(t->corpus) * (int64_t)t->learn.epochs * s->members);
	return ERR_OK;
}

static enum err save(const struct train *t, const char *path, struct reason *why)
{
	uint32_t n = corpus_rows(t->corpus), *order = all_rows(t->corpus);
	float *shares = mem_array((size_t)t->weights.shape.classes, sizeof(*shares));
	struct model_facts facts = { .rows = n,
				     .seed = t->opt->seed,
				     .rate = t->rate,
				     .epochs = (uint32_t)t->learn.epochs,
				     .temperature = t->score.temperature,
				     .dev_top1 = (float)t->score.top1,
				     .dev_top3 = (float)t->score.top3 };
	struct model view;
	struct buf image;
	enum err err;

	choose_shares(t->corpus, order, n, shares);
	mem_free(order);
	buf_init(&image, MODEL_BYTES);
	model_pack(&t->weights, t->corpus, t->bits, shares, &facts, &image);
	err = model_view(buf_str(&image), &view, NULL);
	err = err ? train_why(err, path, why) : file_write(path, buf_str(&image), why);
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

static enum err read_corpus(struct train *t, const struct classifier_rows *rows, const char *path,
			    struct reason *why)
{
	const struct classifier_opt *o = t->opt;
	const struct corpus_opt opt = { .min_rows = o->min_rows > 1 ? o->min_rows : 1,
					.most = slots_most(o->bits ? (unsigned)o->bits : BITS_MOST),
					.balance = o->balance,
					.newer = o->newer,
					.beside = path };
	enum err err = corpus_read(rows, &opt, &t->corpus, why);

	if (err)
		return err;
	t->bits = o->bits ? (unsigned)o->bits : bits_for(vocab_size(corpus_vocab(t->corpus)));
	return ERR_OK;
}

void train_begin(struct train *t, uint32_t rows)
{
	t->rate = t->learn.rate = t->opt->rate > 0 ? t->opt->rate : RATE;
	t->learn.epochs = t->opt->epochs > 0 ? t->opt->epochs : epochs_for(rows);
}

static struct learn_shape shape_for(const struct train *t)
{
	struct learn_shape s = { .members = MEMBERS,
				 .dim = DIM,
				 .classes = corpus_classes(t->corpus),
				 .features = vocab_size(corpus_vocab(t->corpus)) };

	if (t->opt->start)
		s.members = predict_model(t->opt->start)->members;
	else if (corpus_rows(t->corpus) <= FEW_ROWS && s.classes <= MEMBERS_FEW_CLASSES &&
		 s.features <= slots_most(MEMBERS_FEW_BITS))
		s.members = MEMBERS_FEW;
	return s;
}

enum err train_open(struct train *t, const struct classifier_rows *rows,
		    const struct classifier_opt *opt, const char *path, struct reason *why)
{
	struct learn_shape shape;
	enum err err;

	if (opt->bits && (opt->bits < (int)MODEL_BITS_LEAST || opt->bits > (int)MODEL_BITS_MOST))
		return reason_set(why, ERR_BAD, "%d bits; 0, or %u to %u are possible", opt->bits,
				  MODEL_BITS_LEAST, MODEL_BITS_MOST);
	if (!(opt->balance >= 0 && opt->balance <= 1 && opt->newer >= 0 &&
	      opt->newer <= NEWER_MOST))
		return reason_set(why, ERR_BAD, "balance is 0 to 1, newer 0 to %.1f", NEWER_MOST);
	*t = (struct train){ .opt = opt,
			     .learn = { .seed = opt->seed,
					.threads = opt->threads,
					.progress = progress,
					.ctx = t },
			     .score = { .temperature = 1, .top1 = NAN, .top3 = NAN } };
	err = read_corpus(t, rows, path, why);
	if (err)
		return err;
	choose_split_init(&t->split, t->corpus, opt->seed);
	if (t->split.dev_n)
		shuffle_rest(t);
	train_begin(t, corpus_rows(t->corpus));
	shape = shape_for(t);
	learn_init(&t->weights, &shape);
	return ERR_OK;
}

void train_done(struct train *t)
{
	learn_done(&t->weights);
	choose_split_done(&t->split);
	corpus_free(t->corpus);
}

enum err train_afresh(const struct classifier_opt *opt, const char *what, struct reason *why)
{
	if (!opt->start)
		return ERR_OK;
	return reason_set(why, ERR_BAD,
			  "%s can't go on from a model: it may have learned the rows it is asked",
			  what);
}

enum err train_why(enum err err, const char *path, struct reason *why)
{
	if (err == ERR_CANCELLED)
		return reason_set(why, err, "training was cancelled");
	if (err == ERR_BAD)
		return reason_set(why, err,
				  "the weights grew past all bounds; a lower rate is wanted");
	return reason_set(why, err, "rows spilled beside %s could not be read back", path);
}

enum err train_model(const struct classifier_rows *rows, const struct classifier_opt *opt,
		     const char *path, struct classifier_report *ret, struct reason *why)
{
	struct train t = { .opt = opt };
	enum err err = train_open(&t, rows, opt, path, why);

	if (err)
		return err;
	if (opt->start)
		err = go_on_from(&t, predict_model(opt->start), why);
	else
		train_plan(&t, fit_cost(&t) * t.weights.shape.members);
	if (err)
		goto out;
	if (!opt->start)
		err = train_choose(&t);
	if (!err)
		err = opt->start ? fit_all(&t, 0) : fit_and_measure(&t);
	if (err)
		train_why(err, path, why);
	else
		err = save(&t, path, why);
	if (!err)
		report(&t, ret);
out:
	train_done(&t);
	return err;
}
