#include "classifier/learn.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"
#include "classifier/kernel.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define HEAD_SPREAD 0.3f /* of the uniform start of the class vectors */
#define AHEAD 8		 /* rows of the corpus fetched before they are needed */
/* Features at each step: so many on average, of short titles a share of them. */
#define KEPT 20
#define KEPT_SHARE 0.375
/* A feature of this share of the rows moves at the rate, others by the root of
 * how much rarer they are. */
#define PACE_SHARE 0.015
#define PACE_MOST 8.0
#define PROGRESS_ROWS 4096
#define CACHE_LINE 64

void learn_init(struct learn_weights *w, const struct learn_shape *shape)
{
	const size_t dim = (size_t)shape->dim, classes = (size_t)shape->classes;

	must(shape->members >= 1 && shape->members <= LEARN_MEMBERS && shape->dim % 16 == 0 &&
	     shape->members * shape->dim <= KERNEL_WIDTH);
	*w = (struct learn_weights){ .shape = *shape };
	for (int m = 0; m < shape->members; m++) {
		struct learn_member *to = &w->member[m];

		to->rows = mem_lines((size_t)shape->features * dim * sizeof(float));
		to->head = mem_lines(classes * dim * sizeof(float));
		to->bias = mem_array(classes, sizeof(float));
	}
}

void learn_done(struct learn_weights *w)
{
	for (int m = 0; m < LEARN_MEMBERS; m++) {
		mem_free(w->member[m].rows);
		mem_free(w->member[m].head);
		mem_free(w->member[m].bias);
	}
	*w = (struct learn_weights){ 0 };
}

void learn_copy(struct learn_weights *to, const struct learn_weights *from)
{
	const struct learn_shape *s = &from->shape;
	const size_t dim = (size_t)s->dim, classes = (size_t)s->classes;

	for (int m = 0; m < s->members; m++) {
		memcpy(to->member[m].rows, from->member[m].rows,
		       (size_t)s->features * dim * sizeof(float));
		memcpy(to->member[m].head, from->member[m].head, classes * dim * sizeof(float));
		memcpy(to->member[m].bias, from->member[m].bias, classes * sizeof(float));
	}
}

static void start(const struct learn_shape *s, struct learn_member *m, struct rng *r)
{
	const size_t dim = (size_t)s->dim, classes = (size_t)s->classes;

	memset(m->rows, 0, (size_t)s->features * dim * sizeof(float));
	memset(m->bias, 0, classes * sizeof(float));
	for (size_t i = 0; i < classes * dim; i++)
		m->head[i] = ((float)(rng_next(r) >> 40) * 0x1p-23f - 1) * HEAD_SPREAD;
}

void learn_start(const struct learn_shape *s, struct learn_member *m, uint64_t seed)
{
	struct rng r = { .state = seed };

	start(s, m, &r);
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
	float weight;
	unsigned n;
	uint32_t kept[CORPUS_FEATURES]; /* features that were not dropped */
	float pace[CORPUS_FEATURES];
};

static unsigned kept_of_256(unsigned features)
{
	const unsigned share = (unsigned)(256 * KEPT_SHARE), few = 256 * KEPT / (features + 1);

	return few < share ? few : share;
}

static enum err lesson_prepare(struct lesson *l, const struct learn_shape *s,
			       const struct learn_member *m, const float *pace,
			       const struct corpus *c, uint32_t i, struct rng *r)
{
	const size_t dim = (size_t)s->dim;
	enum err err = corpus_row(c, i, &l->row);
	uint64_t dice = 0;
	unsigned below;

	if (err)
		return err;
	below = kept_of_256(l->row.n);
	l->weight = corpus_weight(c, i);
	l->n = 0;
	for (unsigned k = 0; k < l->row.n; k++, dice >>= 8) {
		if (k % 8 == 0)
			dice = rng_next(r);
		l->kept[l->n] = l->row.features[k];
		l->n += (dice & 255) < below;
	}
	for (unsigned k = 0; k < l->n; k++)
		l->pace[k] = pace[l->kept[k]];
	for (unsigned k = 0; k < l->n; k++)
		for (size_t at = 0; at < dim; at += CACHE_LINE / sizeof(float))
			__builtin_prefetch(m->rows + l->kept[k] * dim + at, 1);
	return ERR_OK;
}

/* One member's work. */
struct worker {
	const struct learn_shape *shape;
	struct learn_member *member;
	const float *pace; /* by feature */
	const struct corpus *corpus;
	const uint32_t *order; /* of the caller */
	uint32_t n;
	const struct learn_opt *opt;
	uint64_t seed;
	bool calling; /* on the calling thread, which alone tells the progress */
	struct shared *shared;
	enum err err;
};

struct shared {
	atomic_llong done;
	atomic_bool cancelled;
	int64_t told;
};

static bool go_on(struct worker *w, int64_t rows)
{
	struct shared *s = w->shared;
	int64_t done = atomic_fetch_add(&s->done, rows) + rows;

	if (w->calling && w->opt->progress) {
		if (!w->opt->progress(w->opt->ctx, done - s->told))
			atomic_store(&s->cancelled, true);
		s->told = done;
	}
	return !atomic_load(&s->cancelled);
}

static void learn_lesson(const struct worker *w, const struct lesson *l, double at, float *p)
{
	const struct learn_opt *o = w->opt;
	const struct kernel_step s = { .rows = w->member->rows,
				       .head = w->member->head,
				       .bias = w->member->bias,
				       .kept = l->kept,
				       .pace = l->pace,
				       .n = l->n,
				       .classes = w->shape->classes,
				       .dim = w->shape->dim,
				       .labels = l->row.labels,
				       .labels_n = l->row.labels_n,
				       .rate = (float)(o->rate * (1 - at / o->epochs)) * l->weight,
				       .p = p };

	if (l->n)
		kernel_get()->learn(&s);
}

static enum err epoch(struct worker *w, const uint32_t *order, int number, struct rng *r)
{
	float p[CORPUS_CLASSES];
	struct lesson lessons[2];
	enum err err = ERR_OK;

	for (uint32_t i = 0; i <= w->n && !err; i++) {
		if (i + AHEAD < w->n)
			corpus_fetch(w->corpus, order[i + AHEAD]);
		if (i < w->n)
			err = lesson_prepare(&lessons[i % 2], w->shape, w->member, w->pace,
					     w->corpus, order[i], r);
		if (i == 0)
			continue;
		learn_lesson(w, &lessons[(i - 1) % 2], number + (double)(i - 1) / w->n, p);
		if (!err && i % PROGRESS_ROWS == 0 && !go_on(w, PROGRESS_ROWS))
			err = ERR_CANCELLED;
	}
	if (!err && !go_on(w, w->n % PROGRESS_ROWS))
		err = ERR_CANCELLED;
	return err;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	uint32_t *order = mem_array(w->n + 1, sizeof(*order));

	for (int i = w->opt->from; i < w->opt->to && !w->err; i++) {
		struct rng r = { .state = hash64_join(w->seed, (uint64_t)i) };

		memcpy(order, w->order, w->n * sizeof(*order));
		if (i == 0 && !w->opt->warm)
			start(w->shape, w->member, &r);
		shuffle(order, w->n, &r);
		w->err = epoch(w, order, i, &r);
	}
	mem_free(order);
	return NULL;
}

/* How fast each feature moves. */
static float *paces(const struct corpus *c)
{
	const uint32_t n = vocab_size(corpus_vocab(c)), *counts = vocab_counts(corpus_vocab(c));
	const double usual = PACE_SHARE * corpus_rows(c);
	float *ret = mem_array(n + 1, sizeof(*ret));

	for (uint32_t i = 0; i < n; i++) {
		double by = sqrt(usual / (counts[i] + 1.0));

		ret[i] = (float)(by > PACE_MOST	      ? PACE_MOST
				 : by < 1 / PACE_MOST ? 1 / PACE_MOST
						      : by);
	}
	return ret;
}

enum err learn_fit(struct learn_weights *w, const struct corpus *c, const uint32_t *order,
		   uint32_t n, const struct learn_opt *opt)
{
	const int members = w->shape.members;
	bool apart[LEARN_MEMBERS] = { false };
	pthread_t threads[LEARN_MEMBERS] = { 0 };
	struct worker workers[LEARN_MEMBERS];
	struct shared shared = { .told = 0 };
	float *pace = paces(c);
	enum err err = ERR_OK;

	/* The last members get the threads; this one has the rest. */
	for (int m = members - 1; m >= 0; m--) {
		workers[m] = (struct worker){ .shape = &w->shape,
					      .member = &w->member[m],
					      .pace = pace,
					      .corpus = c,
					      .order = order,
					      .n = n,
					      .opt = opt,
					      .seed = hash64_join(opt->seed, (uint64_t)m),
					      .shared = &shared };
		apart[m] = m > 0 && members - m < opt->threads &&
			   pthread_create(&threads[m], NULL, work, &workers[m]) == 0;
	}
	for (int m = 0; m < members; m++) {
		if (apart[m])
			continue;
		workers[m].calling = true;
		work(&workers[m]);
	}
	for (int m = 0; m < members; m++) {
		if (apart[m])
			pthread_join(threads[m], NULL);
		err = err ? err : workers[m].err;
	}
	mem_free(pace);
	return err;
}
