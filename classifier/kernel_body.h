/* kernel_body.h: kernel.h's loops; included by the two files that compile
 * them, which name the result KERNEL. */
#include "classifier/corpus.h"
#include "classifier/kernel.h"
#include "classifier/slots.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif
#include <math.h>
#include <string.h>

#define BIAS_RATE 0.1f	     /* of the rate */
#define GRADIENT_LEAST 5e-4f /* classes surer than this are left alone */

/* Aligned as memory from the heap is. */
typedef float vector8 __attribute__((vector_size(32), aligned(16), may_alias));
typedef float half4 __attribute__((vector_size(16)));
/* Anywhere in memory. */
typedef float loose8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t integers8 __attribute__((vector_size(32), may_alias));

static inline float sum8(const vector8 *a)
{
	const vector8 x = *a;
	half4 h = __builtin_shufflevector(x, x, 0, 1, 2, 3) +
		  __builtin_shufflevector(x, x, 4, 5, 6, 7);

	h += __builtin_shufflevector(h, h, 1, 0, 3, 2);
	return h[0] + h[2];
}

static inline float dot(const float *a, const float *b, int n)
{
	const vector8 *x = (const vector8 *)a, *y = (const vector8 *)b;
	vector8 s0 = x[0] * y[0], s1 = x[1] * y[1];

	for (int i = 2; i < n / 8; i += 2) {
		s0 += x[i] * y[i];
		s1 += x[i + 1] * y[i + 1];
	}
	s0 += s1;
	return sum8(&s0);
}

static inline void add(float *to, const float *x, int n)
{
	vector8 *a = (vector8 *)to;
	const vector8 *b = (const vector8 *)x;

	for (int i = 0; i < n / 8; i++)
		a[i] += b[i];
}

static inline void add_scaled(float *to, const float *x, float by, int n)
{
	vector8 *a = (vector8 *)to;
	const vector8 *b = (const vector8 *)x;

	for (int i = 0; i < n / 8; i++)
		a[i] += b[i] * by;
}

static inline void scale(float *x, float by, int n)
{
	vector8 *a = (vector8 *)x;

	for (int i = 0; i < n / 8; i++)
		a[i] *= by;
}

/* Brings `x` to a root mean square of one; returns what it was scaled by. */
static inline float unit(float *x, int n)
{
	float by = 1 / sqrtf(dot(x, x, n) / (float)n + 1e-3f);

	scale(x, by, n);
	return by;
}

/* 2^f for |f| <= 0.5 by its Taylor series, 2^i by the exponent bits. x <= 0. */
static inline void power_of_e(vector8 *to)
{
	/* Adding this number rounds to whole ones. */
	const float round = 0x1.8p23f;
	const vector8 least = { -87, -87, -87, -87, -87, -87, -87, -87 };
	vector8 x = *to, t, whole, f, y;
	integers8 low = x < least, i;

	x = (vector8)(((integers8)x & ~low) | ((integers8)least & low));
	t = x * 1.44269504f;
	whole = (t + round) - round;
	f = t - whole;
	i = __builtin_convertvector(whole, integers8);
	y = f * 1.54035304e-4f + 1.33335581e-3f;
	y = y * f + 9.61812911e-3f;
	y = y * f + 5.55041087e-2f;
	y = y * f + 2.40226507e-1f;
	y = y * f + 6.93147181e-1f;
	y = y * f + 1.0f;
	*to = y * (vector8)((i + 127) << 23);
}

/* Lanes past the end count as least. */
static inline void load8(vector8 *to, const float *p, int n)
{
	*to = (vector8){ -1e30f, -1e30f, -1e30f, -1e30f, -1e30f, -1e30f, -1e30f, -1e30f };
	memcpy(to, p, (size_t)n * sizeof(float));
}

static float exponents(const float *x, int n, float less, float by, float *to)
{
	vector8 sums = { 0 }, y;
	int i = 0;

	for (; i + 8 <= n; i += 8) {
		y = (*(const loose8 *)(x + i) - less) * by;
		power_of_e(&y);
		sums += y;
		if (to)
			*(loose8 *)(to + i) = y;
	}
	if (i < n) {
		load8(&y, x + i, n - i);
		y = (y - less) * by;
		power_of_e(&y);
		sums += y;
		if (to)
			memcpy(to + i, &y, (size_t)(n - i) * sizeof(float));
	}
	return sum8(&sums);
}

static inline float largest(const float *p, int n)
{
	float most = p[0];
	int i = 0;

	if (n >= 8) {
		vector8 x = *(const loose8 *)p;

		for (i = 8; i + 8 <= n; i += 8) {
			const vector8 y = *(const loose8 *)(p + i);

			x = (vector8)(((integers8)x & ~(y > x)) | ((integers8)y & (y > x)));
		}
		for (int k = 0; k < 8; k++)
			most = x[k] > most ? x[k] : most;
	}
	for (; i < n; i++)
		most = p[i] > most ? p[i] : most;
	return most;
}

static void softmax(float *p, int n, float by)
{
	int i = 0;

	by = exponents(p, n, largest(p, n), by, p);
	by = 1 / by;
	for (; i + 8 <= n; i += 8)
		*(loose8 *)(p + i) *= by;
	for (; i < n; i++)
		p[i] *= by;
}

static inline float forward(const struct kernel_step *s, float *sum)
{
	const int dim = s->dim;
	float by;

	memset(sum, 0, (size_t)dim * sizeof(float));
	for (unsigned i = 0; i < s->n; i++)
		add(sum, s->rows + (size_t)s->kept[i] * (size_t)dim, dim);
	scale(sum, 1 / sqrtf((float)s->n), dim);
	by = unit(sum, dim);
	for (int k = 0; k < s->classes; k++)
		s->p[k] = s->bias[k] + dot(s->head + (size_t)k * (size_t)dim, sum, dim);
	softmax(s->p, s->classes, 1);
	return by;
}

static inline void backward(const struct kernel_step *s, const float *sum, float by)
{
	float gradient[KERNEL_WIDTH] __attribute__((aligned(64)));
	const int dim = s->dim;
	float along;

	memset(gradient, 0, (size_t)dim * sizeof(float));
	for (int k = 0; k < s->classes; k++) {
		float *h = s->head + (size_t)k * (size_t)dim, p = s->p[k];

		if (fabsf(p) < GRADIENT_LEAST)
			continue;
		add_scaled(gradient, h, p, dim);
		add_scaled(h, sum, -s->rate * p, dim);
		s->bias[k] -= BIAS_RATE * s->rate * p;
	}
	/* Through the scaling to unit root mean square. */
	along = dot(sum, gradient, dim) / (float)dim;
	add_scaled(gradient, sum, -along, dim);
	scale(gradient, -s->rate * by / sqrtf((float)s->n), dim);
	for (unsigned i = 0; i < s->n; i++)
		add_scaled(s->rows + (size_t)s->kept[i] * (size_t)dim, gradient, s->pace[i], dim);
}

static void learn(const struct kernel_step *s)
{
	float sum[KERNEL_WIDTH] __attribute__((aligned(64)));
	float by = forward(s, sum);

	for (int i = 0; i < s->labels_n; i++)
		s->p[s->labels[i].klass] -= s->labels[i].share;
	backward(s, sum, by);
}

/* Columns of rows that are summed at once, with their sums in registers. */
#ifdef __AVX2__
#define COLUMNS 64
#else
#define COLUMNS 16
#endif

#ifdef __AVX2__
static inline vector8 floats8(const int8_t *x)
{
	return (vector8)_mm256_cvtepi32_ps(
		_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)x)));
}

static inline __attribute__((always_inline)) void sum_columns(const struct kernel_rows *r,
							      const uint32_t *entries, unsigned n,
							      int from, int columns, float *sum)
{
	const size_t width = (size_t)r->width;
	vector8 sums[COLUMNS / 8] = { { 0 } };

	for (unsigned i = 0; i < n; i++) {
		const int8_t *row = r->rows + slots_row(entries[i]) * width + from;
		const float by = r->scale[slots_level(entries[i])];

		for (int k = 0; k < columns / 8; k++)
			sums[k] += floats8(row + (size_t)k * 8) * by;
	}
	memcpy(sum + from, sums, (size_t)columns * sizeof(float));
}

static inline float row_along(const int8_t *row, const float *vector, int width)
{
	vector8 s0 = { 0 }, s1 = { 0 };

	for (int i = 0; i < width; i += 16) {
		s0 += floats8(row + i) * *(const vector8 *)(vector + i);
		s1 += floats8(row + i + 8) * *(const vector8 *)(vector + i + 8);
	}
	s0 += s1;
	return sum8(&s0);
}
#else
typedef int8_t bytes16 __attribute__((vector_size(16), may_alias));
typedef int16_t shorts8 __attribute__((vector_size(16), may_alias));
typedef int32_t integers4 __attribute__((vector_size(16), may_alias));
typedef float vector4 __attribute__((vector_size(16), may_alias));

/* sum += 4 of the numbers in `x`, times by. Each sits in the top byte of its
 * integer, which `by` makes up for: cheaper than extending the sign. */
#define ADD_FOUR(to, x, by) ((to) += __builtin_convertvector((integers4)(x), vector4) * (by))

static inline void sum_columns(const struct kernel_rows *r, const uint32_t *entries, unsigned n,
			       int from, int columns, float *sum)
{
	const size_t width = (size_t)r->width;
	const bytes16 none = { 0 };
	const shorts8 zero = { 0 };
	vector4 to[COLUMNS / 4] = { { 0 } };

	for (unsigned i = 0; i < n; i++) {
		const bytes16 x =
			*(const bytes16 *)(r->rows + slots_row(entries[i]) * width + from);
		const float by = r->scale[slots_level(entries[i])] * 0x1p-24f;
		shorts8 low = (shorts8)__builtin_shufflevector(none, x, 0, 16, 1, 17, 2, 18, 3, 19,
							       4, 20, 5, 21, 6, 22, 7, 23);
		shorts8 high = (shorts8)__builtin_shufflevector(none, x, 8, 24, 9, 25, 10, 26, 11,
								27, 12, 28, 13, 29, 14, 30, 15, 31);

		ADD_FOUR(to[0], __builtin_shufflevector(zero, low, 0, 8, 1, 9, 2, 10, 3, 11), by);
		ADD_FOUR(to[1], __builtin_shufflevector(zero, low, 4, 12, 5, 13, 6, 14, 7, 15), by);
		ADD_FOUR(to[2], __builtin_shufflevector(zero, high, 0, 8, 1, 9, 2, 10, 3, 11), by);
		ADD_FOUR(to[3], __builtin_shufflevector(zero, high, 4, 12, 5, 13, 6, 14, 7, 15),
			 by);
	}
	memcpy(sum + from, to, (size_t)columns * sizeof(float));
}

/* Eight numbers, each in the top byte of its integer. */
static inline void high8(shorts8 x, vector8 *ret)
{
	const shorts8 zero = { 0 };
	vector4 four[2] = {
		__builtin_convertvector(
			(integers4)__builtin_shufflevector(zero, x, 0, 8, 1, 9, 2, 10, 3, 11),
			vector4),
		__builtin_convertvector(
			(integers4)__builtin_shufflevector(zero, x, 4, 12, 5, 13, 6, 14, 7, 15),
			vector4),
	};

	memcpy(ret, four, sizeof(*ret));
}

static inline float row_along(const int8_t *row, const float *vector, int width)
{
	const bytes16 none = { 0 };
	vector8 s0 = { 0 }, s1 = { 0 }, x;

	for (int i = 0; i < width; i += 16) {
		const bytes16 b = *(const bytes16 *)(row + i);

		high8((shorts8)__builtin_shufflevector(none, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20,
						       5, 21, 6, 22, 7, 23),
		      &x);
		s0 += x * *(const vector8 *)(vector + i);
		high8((shorts8)__builtin_shufflevector(none, b, 8, 24, 9, 25, 10, 26, 11, 27, 12,
						       28, 13, 29, 14, 30, 15, 31),
		      &x);
		s1 += x * *(const vector8 *)(vector + i + 8);
	}
	s0 += s1;
	return sum8(&s0) * 0x1p-24f;
}
#endif

static void along(const struct kernel_rows *r, const uint32_t *entries, unsigned n,
		  const float *vector, float *ret)
{
	for (unsigned i = 0; i < n; i++)
		ret[i] = r->scale[slots_level(entries[i])] *
			 row_along(r->rows + slots_row(entries[i]) * (size_t)r->width, vector,
				   r->width);
}

/* The width is a multiple of 16. */
static void sum_rows(const struct kernel_rows *r, const uint32_t *entries, unsigned n, float *sum)
{
	int at = 0;

	for (; at + COLUMNS <= r->width; at += COLUMNS)
		sum_columns(r, entries, n, at, COLUMNS, sum);
	for (; at < r->width; at += 16)
		sum_columns(r, entries, n, at, 16, sum);
}

/* Lanes are added up once for all members. */
static inline __attribute__((always_inline)) void all_classes(const struct kernel_head *h,
							      const float *x, size_t members,
							      size_t dim, float *ret)
{
	const size_t classes = (size_t)h->classes;
	const float by = 1 / (float)h->members;

	for (size_t k = 0; k < classes; k++) {
		vector8 s0 = { 0 }, s1 = { 0 };
		float bias = 0;

		for (size_t m = 0; m < members; m++) {
			const vector8 *a = (const vector8 *)(h->head + (m * classes + k) * dim);
			const vector8 *b = (const vector8 *)(x + m * dim);

			bias += h->bias[m * classes + k];
			for (size_t i = 0; i < dim / 8; i += 2) {
				s0 += a[i] * b[i];
				s1 += a[i + 1] * b[i + 1];
			}
		}
		s0 += s1;
		ret[k] = (bias + sum8(&s0)) * by;
	}
}

static void logits(const struct kernel_head *h, float *sum, unsigned known, float *ret)
{
	for (int m = 0; m < h->members; m++) {
		scale(sum + (size_t)m * (size_t)h->dim, 1 / sqrtf((float)known), h->dim);
		unit(sum + (size_t)m * (size_t)h->dim, h->dim);
	}
	/* With known lengths the sums stay in registers. */
	if (h->members == 2 && h->dim == 32)
		all_classes(h, sum, 2, 32, ret);
	else if (h->members == 4 && h->dim == 32)
		all_classes(h, sum, 4, 32, ret);
	else
		all_classes(h, sum, (size_t)h->members, (size_t)h->dim, ret);
}

const struct kernel KERNEL = { .learn = learn,
			       .sum = sum_rows,
			       .logits = logits,
			       .along = along,
			       .exponents = exponents,
			       .softmax = softmax };
