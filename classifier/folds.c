#include "base/hash.h"
#include "base/mem.h"
#include "classifier/evaluate.h"
#include "classifier/kernel.h"
#include "classifier/predict.h"
#include "classifier/spill.h"
#include "classifier/train.h"

#include <string.h>

#define FOLD_SEED 0x666f6c64u
#define HELD ((size_t)64 << 20) /* bytes of answers in memory */

struct classifier_folds {
	struct train train;   /* its corpus and its settings */
	struct spill *logits; /* float[rows][classes] */
	uint64_t seed;	      /* the caller's settings may be gone by the time a row is asked for */
	struct classifier_folds_about about;
};

static int fold_of(const struct classifier_folds *f, uint32_t i)
{
	return (int)(hash64_join(corpus_group(f->train.corpus, i), f->seed ^ FOLD_SEED) %
		     (uint64_t)f->about.folds);
}

static size_t row_bytes(const struct classifier_folds *f)
{
	return (size_t)f->about.classes * sizeof(float);
}

static enum err make_room(struct classifier_folds *f, const char *beside, struct reason *why)
{
	float none[CORPUS_CLASSES] = { 0 };
	enum err err = ERR_OK;

	f->logits = spill_new(HELD, beside);
	for (int64_t i = 0; i < f->about.rows && !err; i++)
		err = spill_add(f->logits, none, row_bytes(f), why);
	return err ? err : spill_end(f->logits, why);
}

/* Answers the rows of a fold by what was learned of the others. */
static enum err answer_fold(struct classifier_folds *f, int fold, const uint32_t *others,
			    uint32_t n)
{
	struct train *t = &f->train;
	float logits[CORPUS_CLASSES];
	struct corpus_row row;
	struct buf image;
	struct model m;
	enum err err;

	buf_init(&image, MODEL_BYTES);
	err = choose_pack(&t->weights, t->corpus, t->bits, others, n, &image, &m);
	for (uint32_t i = 0; i < corpus_rows(t->corpus) && !err; i++) {
		if (fold_of(f, i) != fold)
			continue;
		err = choose_logits(&m, t->corpus, i, logits, &row);
		if (!err)
			err = spill_write(f->logits, i * row_bytes(f), logits, row_bytes(f));
	}
	buf_done(&image);
	return err;
}

static enum err run_folds(struct classifier_folds *f)
{
	struct train *t = &f->train;
	uint32_t rows = corpus_rows(t->corpus), *others = mem_array(rows, sizeof(*others));
	enum err err = ERR_OK;

	t->what = "training the folds";
	for (int fold = 0; fold < f->about.folds && !err; fold++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < rows; i++) {
			others[n] = i;
			n += fold_of(f, i) != fold;
		}
		/* One group may be all there is; few groups leave folds empty. */
		if (n == 0 || n == rows)
			continue;
		err = train_fit(t, others, n, 0, t->learn.epochs);
		if (!err)
			err = answer_fold(f, fold, others, n);
	}
	mem_free(others);
	return err;
}

/* Whether the model that gave the logits had that class. */
static bool learned(const float *logits, uint32_t klass)
{
	return logits[klass] > MODEL_NEVER / 2;
}

/* One temperature for all answers, and how good they are. */
static enum err judge_all(struct classifier_folds *f)
{
	const struct train *t = &f->train;
	struct evaluate *e = evaluate_new(f->about.classes);
	struct classifier_guess best[3];
	struct classifier_score score;
	struct choose_losses losses;
	float logits[CORPUS_CLASSES];
	struct corpus_row row;
	enum err err = ERR_OK;

	choose_losses_init(&losses);
	for (uint32_t i = 0; i < corpus_rows(t->corpus) && !err; i++) {
		err = spill_read(f->logits, i * row_bytes(f), logits, row_bytes(f));
		if (!err)
			err = corpus_row(t->corpus, i, &row);
		if (err)
			break;
		if (learned(logits, row.labels[0].klass))
			choose_losses_add(&losses, logits, f->about.classes, row.labels,
					  row.labels_n);
		evaluate_add(e, (int)row.labels[0].klass, best,
			     predict_best(logits, f->about.classes, 3, best));
	}
	evaluate_score(e, &score);
	evaluate_free(e);
	f->about.temperature = (double)choose_losses_best(&losses, &f->about.loss);
	f->about.top1 = score.top1;
	f->about.top3 = score.top3;
	return err;
}

enum err classifier_folds_make(const struct classifier_rows *rows, const struct classifier_opt *opt,
			       int folds, const char *beside, struct classifier_folds **ret,
			       struct reason *why)
{
	struct classifier_folds *f;
	struct train *t;
	enum err err;

	if (folds < 2 || folds > CLASSIFIER_FOLDS)
		return reason_set(why, ERR_BAD, "%d folds; 2 to %d are possible", folds,
				  CLASSIFIER_FOLDS);
	err = train_afresh(opt, "folds", why);
	if (err)
		return err;
	f = mem_zero(sizeof(*f));
	f->seed = opt->seed;
	t = &f->train;
	err = train_open(t, rows, opt, beside, why);
	if (err) {
		mem_free(f);
		return err;
	}
	f->about = (struct classifier_folds_about){ .rows = corpus_rows(t->corpus),
						    .left_out = corpus_left_out(t->corpus),
						    .classes = corpus_classes(t->corpus),
						    .folds = folds };
	err = make_room(f, beside, why);
	if (err)
		goto out;
	train_plan(t, corpus_rows(t->corpus) * (int64_t)(folds - 1) * t->learn.epochs *
			      t->weights.shape.members);
	err = train_choose(t);
	if (!err)
		err = run_folds(f);
	if (!err)
		err = judge_all(f);
	if (err) {
		train_why(err, beside, why);
		goto out;
	}
	learn_done(&t->weights);
	f->about.epochs = t->learn.epochs;
	f->about.rate = t->learn.rate;
	t->opt = NULL;
	*ret = f;
	f = NULL;
out:
	classifier_folds_free(f);
	return err;
}

void classifier_folds_free(struct classifier_folds *f)
{
	if (!f)
		return;
	train_done(&f->train);
	spill_free(f->logits);
	mem_free(f);
}

struct classifier_folds_about classifier_folds_about(const struct classifier_folds *f)
{
	return f->about;
}

struct str classifier_folds_class(const struct classifier_folds *f, int k)
{
	return corpus_class(f->train.corpus, k);
}

enum err classifier_folds_row(const struct classifier_folds *f, int64_t i,
			      struct classifier_folds_row *ret, float *p)
{
	const struct corpus *c = f->train.corpus;
	struct corpus_row row;
	bool knew;
	enum err err = spill_read(f->logits, (size_t)i * row_bytes(f), p, row_bytes(f));

	if (!err)
		err = corpus_row(c, (uint32_t)i, &row);
	if (err)
		return err;
	knew = learned(p, row.labels[0].klass);
	kernel_get()->softmax(p, f->about.classes, 1 / (float)f->about.temperature);
	*ret = (struct classifier_folds_row){ .input = corpus_input(c, (uint32_t)i),
					      .klass = (int)row.labels[0].klass,
					      .fold = fold_of(f, (uint32_t)i),
					      .learned = knew };
	return ERR_OK;
}
