#include "classifier/choose.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "classifier/evaluate.h"
#include "classifier/kernel.h"
#include "classifier/predict.h"

#include <math.h>
#include <string.h>

#define DEV_LEAST 2500u
#define DEV_MOST 8000u
#define DEV_SEED 0x64657620u

/* Temperatures that are tried, 8% apart, from 0.55 to 82. */
#define TEMPERATURE_FIRST 0.55f
#define TEMPERATURE_ONE 8 /* the one near 1, where all are as good */
#define TEMPERATURE_STEP 1.08f
/* A class that was never met has no probability; this is what it costs. */
#define LOSS_MOST 14.0

static double dev_share(uint32_t rows)
{
	double want = (double)rows / 25;

	want = want < DEV_LEAST ? DEV_LEAST : want > DEV_MOST ? DEV_MOST : want;
	return want / rows < 0.2 ? want / rows : 0.2;
}

/* Whether enough is held out to tell anything by, and what is left to learn of has half of
 * the rows and two classes: a few large groups may fall on one side. */
static bool fair(const struct choose_split *s, const struct corpus *c)
{
	uint32_t rows = corpus_rows(c);

	if (s->dev_n < dev_share(rows) * rows / 4)
		return false;
	for (uint32_t i = 1; i < s->rest_n && s->rest_n >= s->dev_n; i++)
		if (corpus_main(c, s->rest[i]) != corpus_main(c, s->rest[0]))
			return true;
	return false;
}

void choose_split_init(struct choose_split *s, const struct corpus *c, uint64_t seed)
{
	uint32_t n = corpus_rows(c);
	uint64_t below = n < CHOOSE_ROWS ? 0 : (uint64_t)(dev_share(n) * 0x1p53);

	*s = (struct choose_split){ .dev = mem_array(n, sizeof(uint32_t)),
				    .rest = mem_array(n, sizeof(uint32_t)) };
	for (uint32_t i = 0; i < n; i++) {
		if (hash64_join(corpus_group(c, i), seed ^ DEV_SEED) >> 11 < below)
			s->dev[s->dev_n++] = i;
		else
			s->rest[s->rest_n++] = i;
	}
	if (below == 0 || fair(s, c))
		return;
	s->dev_n = s->rest_n = 0;
	for (uint32_t i = 0; i < n; i++)
		s->rest[s->rest_n++] = i;
}

void choose_split_done(struct choose_split *s)
{
	mem_free(s->dev);
	mem_free(s->rest);
	*s = (struct choose_split){ 0 };
}

/* The natural logarithm of x > 0 by its series, the same on any machine. */
static double ln(double x)
{
	int e;
	double m = frexp(x, &e), t, square, term, sum = 0;

	if (m < 0.70710678118654752) {
		m *= 2;
		e--;
	}
	t = (m - 1) / (m + 1);
	square = t * t;
	term = t;
	for (int k = 1; k < 19; k += 2) {
		sum += term / k;
		term *= square;
	}
	return 2 * sum + e * 0.69314718055994531;
}

void choose_losses_init(struct choose_losses *l)
{
	float t = TEMPERATURE_FIRST;

	*l = (struct choose_losses){ .n = 0 };
	for (int i = 0; i < CHOOSE_TEMPERATURES; i++, t *= TEMPERATURE_STEP)
		l->temperature[i] = t;
}

void choose_losses_add(struct choose_losses *l, const float *logits, int classes,
		       const struct corpus_label *labels, int labels_n)
{
	float most = logits[0];

	for (int k = 1; k < classes; k++)
		most = logits[k] > most ? logits[k] : most;
	for (int t = 0; t < CHOOSE_TEMPERATURES; t++) {
		float by = 1 / l->temperature[t];
		double whole = ln((double)kernel_get()->exponents(logits, classes, most, by, NULL));

		for (int i = 0; i < labels_n; i++) {
			double loss = whole - (double)((logits[labels[i].klass] - most) * by);

			l->at[t] += (double)labels[i].share * (loss < LOSS_MOST ? loss : LOSS_MOST);
		}
	}
	l->n++;
}

/* The lowest point of the parabola through the best of them and its two
 * neighbours. */
float choose_losses_best(const struct choose_losses *l, double *ret_loss)
{
	int best = TEMPERATURE_ONE;
	double shift = 0, a, b, c;

	for (int t = 0; t < CHOOSE_TEMPERATURES; t++)
		if (l->at[t] < l->at[best])
			best = t;
	if (best > 0 && best < CHOOSE_TEMPERATURES - 1) {
		a = l->at[best - 1];
		b = l->at[best];
		c = l->at[best + 1];
		if (a - 2 * b + c > 0)
			shift = 0.5 * (a - c) / (a - 2 * b + c);
	}
	*ret_loss = l->at[best] / (double)(l->n ? l->n : 1);
	return l->temperature[best] * (float)(1 + shift * ((double)TEMPERATURE_STEP - 1));
}

enum err choose_logits(const struct model *m, const struct corpus *c, uint32_t i, float *logits,
		       struct corpus_row *row)
{
	const uint32_t *keys = vocab_keys(corpus_vocab(c));
	uint32_t known[CORPUS_FEATURES];
	unsigned n = 0;
	enum err err = corpus_row(c, i, row);

	if (err)
		return err;
	for (unsigned k = 0; k < row->n; k++)
		known[k] = keys[row->features[k]];
	n = predict_known(m, known, row->n);
	for (int k = 0; k < m->classes; k++)
		logits[k] = m->shares[k] > 0 ? 0 : MODEL_NEVER;
	if (n)
		predict_logits(m, known, n, logits);
	return ERR_OK;
}

static enum err measure(const struct model *m, const struct corpus *c, const uint32_t *dev,
			uint32_t n, struct choose_score *ret)
{
	struct evaluate *e = evaluate_new(m->classes);
	struct choose_losses l;
	struct classifier_guess best[EVALUATE_BEST];
	struct classifier_score score;
	struct corpus_row row;
	float logits[CORPUS_CLASSES] = { 0 };
	enum err err = ERR_OK;

	choose_losses_init(&l);
	for (uint32_t i = 0; i < n && !err; i++) {
		err = choose_logits(m, c, dev[i], logits, &row);
		if (err)
			break;
		choose_losses_add(&l, logits, m->classes, row.labels, row.labels_n);
		evaluate_add(e, (int)row.labels[0].klass, best,
			     predict_best(logits, m->classes, EVALUATE_BEST, best));
	}
	ret->temperature = choose_losses_best(&l, &ret->loss);
	evaluate_score(e, &score);
	ret->top1 = score.top1;
	ret->top3 = score.top3;
	evaluate_free(e);
	return err;
}

void choose_shares(const struct corpus *c, const uint32_t *order, uint32_t n, float *ret)
{
	double *sums = mem_array((size_t)corpus_classes(c), sizeof(*sums));

	for (uint32_t i = 0; i < n; i++) {
		struct corpus_row row;

		if (corpus_row(c, order[i], &row))
			continue;
		for (int k = 0; k < row.labels_n; k++)
			sums[row.labels[k].klass] += (double)row.labels[k].share;
	}
	for (int k = 0; k < corpus_classes(c); k++)
		ret[k] = (float)(sums[k] / (n ? n : 1));
	mem_free(sums);
}

enum err choose_pack(const struct learn_weights *w, const struct corpus *c, unsigned bits,
		     const uint32_t *known, uint32_t n, struct buf *image, struct model *ret)
{
	const struct model_facts facts = { .temperature = 1, .rate = 1 };
	float *shares = mem_array((size_t)w->shape.classes, sizeof(float));
	enum err err;

	choose_shares(c, known, n, shares);
	model_pack(w, c, bits, shares, &facts, image);
	err = model_view(buf_str(image), ret, NULL);
	mem_free(shares);
	return err;
}

enum err choose_measure(const struct learn_weights *w, const struct corpus *c, unsigned bits,
			const uint32_t *known, uint32_t n, const uint32_t *dev, uint32_t dev_n,
			struct choose_score *ret)
{
	struct buf image;
	struct model m;
	enum err err;

	buf_init(&image, MODEL_BYTES);
	err = choose_pack(w, c, bits, known, n, &image, &m);
	if (!err)
		err = measure(&m, c, dev, dev_n, ret);
	buf_done(&image);
	return err;
}
