#include "classifier/predict.h"

#include "base/normal.h"
#include "classifier/feature.h"
#include "classifier/softmax.h"
#include "classifier/vector.h"

#include <string.h>

#define AHEAD 12 /* rows fetched before they are needed */

typedef int8_t bytes16 __attribute__((vector_size(16), may_alias));
typedef int16_t shorts8 __attribute__((vector_size(16), may_alias));
typedef int32_t integers4 __attribute__((vector_size(16), may_alias));

/* sum += 4 of the numbers in `x`, times by. Each sits in the top byte of its
 * integer, which `by` makes up for: cheaper than extending the sign. */
#define ADD_FOUR(sum, x, by) ((sum) += __builtin_convertvector((integers4)(x), vector4) * (by))

static inline void add_row(float *sum, const int8_t *row, float scale, int width)
{
	const bytes16 *x = (const bytes16 *)row, none = { 0 };
	const shorts8 zero = { 0 };
	const float by = scale * 0x1p-24f;
	vector4 *to = (vector4 *)sum;

	for (int i = 0; i < width / 16; i++, to += 4) {
		shorts8 low = (shorts8)__builtin_shufflevector(none, x[i], 0, 16, 1, 17, 2, 18, 3,
							       19, 4, 20, 5, 21, 6, 22, 7, 23);
		shorts8 high = (shorts8)__builtin_shufflevector(
			none, x[i], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);

		ADD_FOUR(to[0], __builtin_shufflevector(zero, low, 0, 8, 1, 9, 2, 10, 3, 11), by);
		ADD_FOUR(to[1], __builtin_shufflevector(zero, low, 4, 12, 5, 13, 6, 14, 7, 15), by);
		ADD_FOUR(to[2], __builtin_shufflevector(zero, high, 0, 8, 1, 9, 2, 10, 3, 11), by);
		ADD_FOUR(to[3], __builtin_shufflevector(zero, high, 4, 12, 5, 13, 6, 14, 7, 15),
			 by);
	}
}

/* Returns how many of the features are known. */
static unsigned sum_rows(const struct model *m, const uint32_t *features, unsigned n, float *sum)
{
	const int width = m->shape.members * m->shape.dim;
	unsigned known = 0;

	memset(sum, 0, (size_t)width * sizeof(float));
	for (unsigned i = 0; i < n; i++) {
		uint8_t scale = m->scales[features[i]];

		if (i + AHEAD < n)
			__builtin_prefetch(m->rows + (size_t)features[i + AHEAD] * (size_t)width);
		if (scale == 0)
			continue;
		known++;
		add_row(sum, m->rows + (size_t)features[i] * (size_t)width, m->scale[scale], width);
	}
	return known;
}

bool predict_logits(const struct model *m, struct str normal, float *ret)
{
	const int classes = m->shape.classes, dim = m->shape.dim;
	float sum[VECTOR_MOST] __attribute__((aligned(64)));
	uint32_t features[FEATURE_MOST];
	unsigned n = feature_rows(normal, m->shape.bits, features);
	unsigned known = sum_rows(m, features, n, sum);

	if (known == 0)
		return false;
	memset(ret, 0, (size_t)classes * sizeof(float));
	for (int member = 0; member < m->shape.members; member++) {
		const float *bias = m->bias + (size_t)member * (size_t)classes;
		const float *head = m->head + (size_t)member * (size_t)classes * (size_t)dim;
		float *h = sum + (size_t)member * (size_t)dim;

		vector_scale(h, 1 / sqrtf((float)known), dim);
		vector_unit(h, dim);
		for (int k = 0; k < classes; k++)
			ret[k] += bias[k] + vector_dot(head + (size_t)k * (size_t)dim, h, dim);
	}
	for (int k = 0; k < classes; k++)
		ret[k] /= (float)m->shape.members;
	return true;
}

void predict_title(const struct model *m, struct str title, float *ret)
{
	char form[NORMAL_MOST];
	struct str normal = { form, normal_title(title, form, sizeof(form)) };

	if (predict_logits(m, normal, ret))
		softmax_of(ret, m->shape.classes, m->facts.temperature);
	else
		memcpy(ret, m->shares, (size_t)m->shape.classes * sizeof(float));
}

int predict_best(const float *x, int n, int k, struct classifier_guess *ret)
{
	int have = 0;

	for (int i = 0; i < n && k > 0; i++) {
		int at;

		if (have == k && !(x[i] > ret[k - 1].p))
			continue;
		at = have < k ? have++ : k - 1;
		for (; at > 0 && x[i] > ret[at - 1].p; at--)
			ret[at] = ret[at - 1];
		ret[at] = (struct classifier_guess){ .klass = i, .p = x[i] };
	}
	return have;
}
