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
#define GRADIENT_LEAST 1e-5f /* classes surer than this are left alone */
#define AHEAD 8		     /* rows fetched before they are needed */
#define PROGRESS_ROWS 4096
#define CACHE_LINE 64

void learn_init(struct learn_weights *w, const struct learn_shape *shape)
{
	size_t width = (size_t)shape->members * (size_t)shape->dim;
	size_t outputs = (size_t)shape->members * (size_t)shape->classes;

	must(shape->dim % 16 == 0 && width <= VECTOR_MOST);
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

/* One member's work on one title. */
struct step {
	float sum[VECTOR_MOST] __attribute__((aligned(64)));
	float gradient[VECTOR_MOST] __attribute__((aligned(64)));
	float p[CORPUS_CLASSES];
	float *kept[FEATURE_MOST];
	unsigned n;
	float by; /* of the unit root mean square */
};

static void drop_half(struct step *s, const uint32_t *features, unsigned n, float *rows,
		      size_t width, struct rng *r)
{
	uint64_t coins = 0;

	s->n = 0;
	for (unsigned i = 0; i < n; i++) {
		if (i % 64 == 0)
			coins = rng_next(r);
		s->kept[s->n] = rows + features[i] * width;
		s->n += (unsigned)(coins >> i % 64 & 1);
	}
}

static void forward(struct step *s, const float *head, const float *bias, int classes, int dim)
{
	memset(s->sum, 0, (size_t)dim * sizeof(float));
	for (unsigned i = 0; i < s->n; i++) {
		if (i + AHEAD < s->n) {
			__builtin_prefetch(s->kept[i + AHEAD], 1);
			__builtin_prefetch(s->kept[i + AHEAD] + 16, 1);
		}
		vector_add(s->sum, s->kept[i], dim);
	}
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
		vector_add(s->kept[i], s->gradient, dim);
}

static void learn_row(struct learn_weights *w, struct step *s, const struct corpus_row *row,
		      float rate, struct rng *r)
{
	const struct learn_shape *shape = &w->shape;
	size_t dim = (size_t)shape->dim, width = dim * (size_t)shape->members;
	uint32_t features[FEATURE_MOST];
	unsigned n = feature_rows(row->text, shape->bits, features);

	for (size_t m = 0; m < (size_t)shape->members; m++) {
		float *head = w->head + m * (size_t)shape->classes * dim;
		float *bias = w->bias + m * (size_t)shape->classes;

		drop_half(s, features, n, w->rows + m * dim, width, r);
		if (s->n == 0)
			continue;
		forward(s, head, bias, shape->classes, shape->dim);
		s->p[row->klass] -= 1;
		backward(s, head, bias, shape->classes, shape->dim, rate * row->weight);
	}
}

enum err learn_fit(struct learn_weights *w, const struct corpus *c, uint32_t *order, uint32_t n,
		   const struct learn_opt *opt)
{
	struct rng r = { .state = opt->seed };
	struct step s;
	int64_t total = (int64_t)n * opt->epochs, done = 0;
	enum err err = ERR_OK;

	start(w, &r);
	for (int epoch = 0; epoch < opt->epochs && !err; epoch++) {
		shuffle(order, n, &r);
		for (uint32_t i = 0; i < n && !err; i++) {
			struct corpus_row row = corpus_row(c, order[i]);
			double left = 1 - (double)done / (double)total;

			learn_row(w, &s, &row, (float)(opt->rate * left), &r);
			if (++done % PROGRESS_ROWS == 0 && opt->progress &&
			    !opt->progress(opt->ctx, PROGRESS_ROWS))
				err = ERR_CANCELLED;
		}
	}
	return err;
}
