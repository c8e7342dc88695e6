#include "classifier/kernel.h"
#include "classifier/slots.h"

#include "base/mem.h"
#include "base/rng.h"
#include "classifier/corpus.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FEATURES 200

struct shape {
	int classes, dim;
};

static const struct shape shapes[] = { { 2, 16 }, { 7, 32 }, { 8, 32 }, { 24, 48 }, { 409, 64 } };

struct weights {
	float *rows, *head, *bias, *p;
};

static float *floats(struct rng *r, size_t n, float spread)
{
	float *x = mem_lines(n * sizeof(*x));

	for (size_t i = 0; i < n; i++)
		x[i] = (float)(rng_unit(r) * 2 - 1) * spread;
	return x;
}

static struct weights weights(const struct shape *s)
{
	struct rng r = { 5 };
	size_t dim = (size_t)s->dim, classes = (size_t)s->classes;
	float *rows = floats(&r, FEATURES * dim, 1), *head = floats(&r, classes * dim, 1);

	return (struct weights){ rows, head, floats(&r, classes, 1), floats(&r, classes, 1) };
}

static void weights_free(struct weights *w)
{
	mem_free(w->rows);
	mem_free(w->head);
	mem_free(w->bias);
	mem_free(w->p);
}

static void learn(const struct kernel *k, const struct shape *s, struct weights *w, int steps)
{
	struct corpus_label labels[2] = { { 1, 0.75f }, { 0, 0.25f } };
	struct rng r = { 9 };
	uint32_t kept[40];
	float pace[40];

	for (int i = 0; i < steps; i++) {
		struct kernel_step step = { .rows = w->rows,
					    .head = w->head,
					    .bias = w->bias,
					    .kept = kept,
					    .pace = pace,
					    .n = 1 + (unsigned)rng_below(&r, 40),
					    .classes = s->classes,
					    .dim = s->dim,
					    .labels = labels,
					    .labels_n = 2,
					    .rate = 0.05f,
					    .p = w->p };

		labels[0].klass = 1 + (uint32_t)rng_below(&r, (uint64_t)s->classes - 1);
		for (unsigned n = 0; n < step.n; n++) {
			kept[n] = (uint32_t)rng_below(&r, FEATURES);
			pace[n] = (float)rng_unit(&r) * 2;
		}
		k->learn(&step);
	}
}

/* Both give the same bits, else a model would depend on the machine. */
static void same_test(void **state)
{
	(void)state;
	if (kernel_get() == &kernel_plain) {
		printf("this machine has no AVX2\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct shape *s = &shapes[i];
		size_t dim = (size_t)s->dim, classes = (size_t)s->classes;
		struct weights a = weights(s), b = weights(s);

		learn(&kernel_plain, s, &a, 300);
		learn(&kernel_avx2, s, &b, 300);
		assert_memory_equal(a.rows, b.rows, FEATURES * dim * sizeof(float));
		assert_memory_equal(a.head, b.head, classes * dim * sizeof(float));
		assert_memory_equal(a.bias, b.bias, classes * sizeof(float));
		weights_free(&a);
		weights_free(&b);
	}
}

static double loss(const struct shape *s, const struct weights *w, const uint32_t *kept, unsigned n,
		   const struct corpus_label *l, int labels)
{
	size_t dim = (size_t)s->dim;
	double x[64] = { 0 }, square = 0, sum = 0, all = 0, *z = mem_array((size_t)s->classes, 8);

	for (unsigned i = 0; i < n; i++)
		for (size_t d = 0; d < dim; d++)
			x[d] += (double)w->rows[kept[i] * dim + d] / sqrt(n);
	for (size_t d = 0; d < dim; d++)
		square += x[d] * x[d] / s->dim;
	for (int k = 0; k < s->classes; k++) {
		z[k] = (double)w->bias[k];
		for (size_t d = 0; d < dim; d++)
			z[k] += (double)w->head[(size_t)k * dim + d] * x[d] / sqrt(square + 1e-3);
		all += exp(z[k]);
	}
	for (int i = 0; i < labels; i++)
		sum -= (double)l[i].share * (z[l[i].klass] - log(all));
	mem_free(z);
	return sum;
}

/* A step goes down the gradient of the loss, which is taken here by
 * differences. */
static void gradient_test(void **state)
{
	const struct shape *s = &shapes[1];
	const struct corpus_label labels[2] = { { 3, 0.75f }, { 0, 0.25f } };
	const uint32_t kept[3] = { 4, 9, 150 };
	const float pace[3] = { 1, 1, 1 };
	struct weights w = weights(s), moved = weights(s);
	const float rate = 1e-3f, nudge = 1e-2f;
	const struct kernel_step step = { .rows = moved.rows,
					  .head = moved.head,
					  .bias = moved.bias,
					  .kept = kept,
					  .pace = pace,
					  .n = 3,
					  .classes = s->classes,
					  .dim = s->dim,
					  .labels = labels,
					  .labels_n = 2,
					  .rate = rate,
					  .p = moved.p };

	(void)state;
	kernel_get()->learn(&step);
	for (int i = 0; i < 64; i++) {
		float *x = i < 32 ? &w.rows[9 * 32 + i] : &w.head[3 * 32 + i - 32], held = *x;
		float *y = i < 32 ? &moved.rows[9 * 32 + i] : &moved.head[3 * 32 + i - 32];
		double up, down, slope;

		*x = held + nudge;
		up = loss(s, &w, kept, 3, labels, 2);
		*x = held - nudge;
		down = loss(s, &w, kept, 3, labels, 2);
		*x = held;
		slope = (up - down) / (2 * (double)nudge);
		assert_true(fabs((double)(held - *y) / (double)rate - slope) <
			    0.02 * fabs(slope) + 2e-3);
	}
	weights_free(&w);
	weights_free(&moved);
}

/* Widths that fill registers, that don't, and both. */
static void sums_test(void **state)
{
	static const struct kernel *const kernels[] = { &kernel_plain, &kernel_avx2 };
	static const int widths[] = { 16, 48, 64, 112, 256 };
	size_t n = kernel_get() == &kernel_plain ? 1 : 2;
	float scale[256], sum[2][256] __attribute__((aligned(64)));
	uint32_t entries[50];
	struct rng r = { 7 };

	(void)state;
	for (int i = 0; i < 256; i++)
		scale[i] = (float)i * 0.01f;
	for (int i = 0; i < 50; i++)
		entries[i] = slots_entry((uint32_t)rng_below(&r, 64), (uint8_t)rng_below(&r, 256));
	for (size_t t = 0; t < sizeof(widths) / sizeof(widths[0]); t++) {
		const size_t width = (size_t)widths[t];
		int8_t *rows = mem_lines(64 * width);
		const struct kernel_rows all = { rows, scale, widths[t] };

		for (size_t i = 0; i < 64 * width; i++)
			rows[i] = (int8_t)((int)rng_below(&r, 255) - 127);
		for (size_t k = 0; k < n; k++)
			kernels[k]->sum(&all, entries, 50, sum[k]);
		for (size_t at = 0; at < width; at++) {
			double is = 0;

			for (int i = 0; i < 50; i++)
				is += (double)rows[slots_row(entries[i]) * width + at] *
				      (double)scale[slots_level(entries[i])];
			assert_true(fabs(is - (double)sum[0][at]) < 1e-2);
		}
		if (n == 2)
			assert_memory_equal(sum[0], sum[1], width * sizeof(float));
		mem_free(rows);
	}
}

static void along_test(void **state)
{
	static const struct kernel *const kernels[] = { &kernel_plain, &kernel_avx2 };
	size_t n = kernel_get() == &kernel_plain ? 1 : 2;
	struct rng r = { 11 };
	float scale[256], *vector = floats(&r, 112, 1), ret[2][50];
	int8_t *rows = mem_lines((size_t)64 * 112);
	const struct kernel_rows all = { rows, scale, 112 };
	uint32_t entries[50];

	(void)state;
	for (int i = 0; i < 256; i++)
		scale[i] = (float)i * 0.01f;
	for (size_t i = 0; i < (size_t)64 * 112; i++)
		rows[i] = (int8_t)((int)rng_below(&r, 255) - 127);
	for (int i = 0; i < 50; i++)
		entries[i] = slots_entry((uint32_t)rng_below(&r, 64), (uint8_t)rng_below(&r, 256));
	for (size_t k = 0; k < n; k++)
		kernels[k]->along(&all, entries, 50, vector, ret[k]);
	for (int i = 0; i < 50; i++) {
		double is = 0;

		for (size_t at = 0; at < 112; at++)
			is += (double)rows[(size_t)slots_row(entries[i]) * 112 + at] *
			      (double)vector[at];
		assert_true(fabs(is * (double)scale[slots_level(entries[i])] - (double)ret[0][i]) <
			    1e-2);
	}
	if (n == 2)
		assert_memory_equal(ret[0], ret[1], sizeof(ret[0]));
	mem_free(rows);
	mem_free(vector);
}

static void logits_test(void **state)
{
	static const struct kernel *const kernels[] = { &kernel_plain, &kernel_avx2 };
	size_t n = kernel_get() == &kernel_plain ? 1 : 2;
	struct rng r = { 8 };
	float *vectors = floats(&r, (size_t)2 * 24 * 64, 1), *bias = floats(&r, (size_t)2 * 24, 1);
	float *sum = floats(&r, 128, 1), ret[2][24];
	const struct kernel_head head = { vectors, bias, 2, 24, 64 };

	(void)state;
	for (size_t k = 0; k < n; k++) {
		float copy[128] __attribute__((aligned(64)));

		memcpy(copy, sum, sizeof(copy));
		kernels[k]->logits(&head, copy, 50, ret[k]);
	}
	if (n == 2)
		assert_memory_equal(ret[0], ret[1], sizeof(ret[0]));
	mem_free(vectors);
	mem_free(bias);
	mem_free(sum);
}

/* Against libm, in lanes and in what is left over. */
static void softmax_test(void **state)
{
	static const struct kernel *const kernels[] = { &kernel_plain, &kernel_avx2 };
	size_t count = kernel_get() == &kernel_plain ? 1 : 2;
	float x[2][19], each[19];

	(void)state;
	for (int n = 1; n <= 19; n++) {
		for (size_t k = 0; k < count; k++) {
			double all = 0, sum = 0;

			for (int i = 0; i < n; i++) {
				x[k][i] = (float)(i * i) * 0.17f - 9;
				all += exp(((double)(i * i) * 0.17 - 9) / 1.5);
			}
			float is = kernels[k]->exponents(x[k], n, x[k][n - 1], 1 / 1.5f, each);

			assert_true(fabs((double)is * exp((double)x[k][n - 1] / 1.5) / all - 1) <
				    3e-5);
			assert_true(fabsf(each[n - 1] - 1) < 1e-6f);
			kernels[k]->softmax(x[k], n, 1 / 1.5f);
			for (int i = 0; i < n; i++) {
				sum += (double)x[k][i];
				assert_true(fabs((double)x[k][i] -
						 exp(((double)(i * i) * 0.17 - 9) / 1.5) / all) <
					    1e-6);
			}
			assert_true(fabs(sum - 1) < 1e-5);
		}
		if (count == 2)
			assert_memory_equal(x[0], x[1], (size_t)n * sizeof(float));
	}
}

static void extreme_test(void **state)
{
	float x[5] = { 1e30f, -1e30f, 0, 1e30f, -1000 };

	(void)state;
	kernel_get()->softmax(x, 5, 1);
	assert_true(fabsf(x[0] - 0.5f) < 1e-6f && fabsf(x[3] - 0.5f) < 1e-6f);
	assert_true(x[1] >= 0 && x[1] < 1e-30f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_test),	cmocka_unit_test(gradient_test),
		cmocka_unit_test(sums_test),	cmocka_unit_test(logits_test),
		cmocka_unit_test(along_test),	cmocka_unit_test(softmax_test),
		cmocka_unit_test(extreme_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
