#include "classifier/learn.h"

#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"
#include "classifier/feature.h"
#include "classifier/softmax.h"
#include "classifier/vector.h"

#include <string.h>

#define HEAD_SPREAD 0.3f     /* of the uniform start of the class vectors */
#define BIAS_RATE 0.1f	     /* of the rate */
#define GRADIENT_LEAST 5e-4f /* classes surer than this are left alone */
#define AHEAD 8		     /* rows fetched before they are needed */
#define KEPT_OF_16 6	     /* features at each step */
#define PROGRESS_ROWS 4096
#define CACHE_LINE 64

void learn_init(struct learn_weights *w, const struct learn_shape *shape)
{
	size_t width = (size_t)shape->members * (size_t)shape->dim;
	size_t outputs = (size_t)shape->members * (size_t)shape->classes;

	must(shape->members <= LEARN_MEMBERS && shape->dim % 16 == 0 && width <= VECTOR_MOST);
	w->shape = *shape;
	w->held = mem_zero((width << shape->bits) * sizeof(float) + CACHE_LINE);
	w->rows = (float *)(((uintptr_t)w->held + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
	w->head = mem_array(outputs * (size_t)shape->dim, sizeof(float));
	w->bias = mem_array(outputs, sizeof(float));
}

void learn_done(struct learn_weights *w)
{
	mem_free(w->held);
	mem_free(w->head);
	mem_free(w->bias);
	*w = (struct learn_weights){ 0 };
}

static void start(struct learn_weights *w, struct rng *r)
{
	size_t width = (size_t)w->shape.members * (size_t)w->shape.dim;
	size_t outputs = (size_t)w->shape.members * (size_t)w->shape.classes;

	memset(w->rows, 0, (width << w->shape.bits) * sizeof(float));
	memset(w->bias, 0, outputs * sizeof(float));
	for (size_t i = 0; i < outputs * (size_t)w->shape.dim; i++)
		w->head[i] = ((float)(rng_next(r) >> 40) * 0x1p-23f - 1) * HEAD_SPREAD;
}

static void shuffle(uint32_t *order, uint32_t n, struct rng *r)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = (uint32_t)rng_below(r, i), x = order[i - 1];

		order[i - 1] = order[j];
		order[j] = x;
	}
}

/* A title to learn, made ready while the one before is learned, since most of
 * the time would go into waiting for memory. */
struct lesson {
	struct corpus_row row;
	unsigned n[LEARN_MEMBERS];
	uint32_t kept[LEARN_MEMBERS][FEATURE_MOST]; /* features that were not dropped */
};

static void lesson_fetch(const struct learn_weights *w, const struct lesson *l)
{
	const size_t dim = (size_t)w->shape.dim, width = dim * (size_t)w->shape.members;

	for (size_t m = 0; m < (size_t)w->shape.members; m++)
		for (unsigned i = 0; i < l->n[m]; i++)
			for (size_t at = 0; at < dim; at += CACHE_LINE / sizeof(float))
				__builtin_prefetch(w->rows + l->kept[m][i] * width + m * dim + at,
						   1);
}

static void lesson_prepare(struct lesson *l, const struct learn_weights *w, struct corpus_row row,
			   struct rng *r)
{
	uint32_t features[FEATURE_MOST];
	unsigned n = feature_rows(row.text, w->shape.bits, features);
	uint64_t dice = 0;

	l->row = row;
	for (int m = 0; m < w->shape.members; m++) {
		unsigned kept = 0;

		for (unsigned i = 0; i < n; i++, dice >>= 4) {
			if (i % 16 == 0)
				dice = rng_next(r);
			l->kept[m][kept] = features[i];
			kept += (dice & 15) < KEPT_OF_16;
		}
		l->n[m] = kept;
	}
	lesson_fetch(w, l);
}

/* One member's work on one title. */
struct step {
	float sum[VECTOR_MOST] __attribute__((aligned(CACHE_LINE)));
	float gradient[VECTOR_MOST] __attribute__((aligned(CACHE_LINE)));
	float p[CORPUS_CLASSES];
	float *rows; /* of this member, each `width` floats after the other */
	size_t width;
	const uint32_t *kept;
	unsigned n;
	float by; /* of the unit root mean square */
};

static void forward(struct step *s, const float *head, const float *bias, int classes, int dim)
{
	memset(s->sum, 0, (size_t)dim * sizeof(float));
	for (unsigned i = 0; i < s->n; i++)
		vector_add(s->sum, s->rows + s->kept[i] * s->width, dim);
	vector_scale(s->sum, 1 / sqrtf((float)s->n), dim);
	s->by = vector_unit(s->sum, dim);
	for (int k = 0; k < classes; k++)
		s->p[k] = bias[k] + vector_dot(head + (size_t)k * (size_t)dim, s->sum, dim);
	softmax_of(s->p, classes, 1);
}

static void backward(struct step *s, float *head, float *bias, int classes, int dim, float rate)
{
	float along;

	memset(s->gradient, 0, (size_t)dim * sizeof(float));
	for (int k = 0; k < classes; k++) {
		float *h = head + (size_t)k * (size_t)dim;

		if (fabsf(s->p[k]) < GRADIENT_LEAST)
			continue;
		vector_add_scaled(s->gradient, h, s->p[k], dim);
		vector_add_scaled(h, s->sum, -rate * s->p[k], dim);
		bias[k] -= BIAS_RATE * rate * s->p[k];
	}
	/* Through the scaling to unit root mean square. */
	along = vector_dot(s->sum, s->gradient, dim) / (float)dim;
	vector_add_scaled(s->gradient, s->sum, -along, dim);
	vector_scale(s->gradient, -rate * s->by / sqrtf((float)s->n), dim);
	for (unsigned i = 0; i < s->n; i++)
		vector_add(s->rows + s->kept[i] * s->width, s->gradient, dim);
}

static void learn_lesson(struct learn_weights *w, struct step *s, const struct lesson *l,
			 float rate)
{
	const struct learn_shape *shape = &w->shape;
	size_t dim = (size_t)shape->dim;

	s->width = dim * (size_t)shape->members;
	for (size_t m = 0; m < (size_t)shape->members; m++) {
		float *head = w->head + m * (size_t)shape->classes * dim;
		float *bias = w->bias + m * (size_t)shape->classes;

		s->rows = w->rows + m * dim;
		s->kept = l->kept[m];
		s->n = l->n[m];
		if (s->n == 0)
			continue;
		forward(s, head, bias, shape->classes, shape->dim);
		s->p[l->row.klass] -= 1;
		backward(s, head, bias, shape->classes, shape->dim, rate * l->row.weight);
	}
}

/* One pass; *done counts rows over all passes, of which there are `total`. */
static enum err epoch(struct learn_weights *w, const struct corpus *c, const uint32_t *order,
		      uint32_t n, const struct learn_opt *opt, struct rng *r, int64_t *done)
{
	double total = (double)n * opt->epochs;
	struct lesson lessons[2];
	struct step s;

	for (uint32_t i = 0; i <= n; i++) {
		if (i + AHEAD < n)
			corpus_fetch(c, order[i + AHEAD]);
		if (i < n)
			lesson_prepare(&lessons[i % 2], w, corpus_row(c, order[i]), r);
		if (i == 0)
			continue;
		learn_lesson(w, &s, &lessons[(i - 1) % 2],
			     (float)(opt->rate * (1 - (double)*done / total)));
		if (++*done % PROGRESS_ROWS == 0 && opt->progress &&
		    !opt->progress(opt->ctx, PROGRESS_ROWS))
			return ERR_CANCELLED;
	}
	return ERR_OK;
}

enum err learn_fit(struct learn_weights *w, const struct corpus *c, uint32_t *order, uint32_t n,
		   const struct learn_opt *opt)
{
	struct rng r = { .state = opt->seed };
	int64_t done = 0;
	enum err err = ERR_OK;

	start(w, &r);
	for (int i = 0; i < opt->epochs && !err; i++) {
		shuffle(order, n, &r);
		err = epoch(w, c, order, n, opt, &r, &done);
	}
	return err;
}
