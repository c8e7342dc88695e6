#include "classifier/predict.h"

#include "base/normal.h"
#include "classifier/feature.h"
#include "classifier/kernel.h"

#include <string.h>

/* A title of which the model knows less than half is not of the kind it was
 * trained on: its answer gets flatter, up to so many times. */
#define STRANGE 8.0f

unsigned predict_known(const struct model *m, uint32_t *keys, unsigned n)
{
	const size_t width = (size_t)m->members * (size_t)m->dim;
	unsigned known = 0;

	for (unsigned i = 0; i < n; i++)
		__builtin_prefetch(&m->slots[slots_first(keys[i], m->bits)]);
	for (unsigned i = 0; i < n; i++) {
		uint32_t entry = slots_find(m->slots, m->bits, keys[i]);

		keys[known] = entry;
		if (entry == SLOTS_NONE)
			continue;
		known++;
		__builtin_prefetch(m->rows + slots_row(entry) * width);
	}
	return known;
}

void predict_logits(const struct model *m, const uint32_t *entries, unsigned n, float *ret)
{
	const struct kernel *k = kernel_get();
	const struct kernel_rows rows = { .rows = m->rows,
					  .scale = m->scale,
					  .width = m->members * m->dim };
	const struct kernel_head head = { .head = m->head,
					  .bias = m->bias,
					  .members = m->members,
					  .classes = m->classes,
					  .dim = m->dim };
	float sum[KERNEL_WIDTH] __attribute__((aligned(64)));

	k->sum(&rows, entries, n, sum);
	k->logits(&head, sum, n, ret);
}

unsigned predict_fields(const struct classifier_item *item, uint32_t *keys)
{
	char form[NORMAL_MOST];
	struct str normal = { form, 0 };
	unsigned n = 0;

	for (int i = 0; i < item->fields_n && i < CLASSIFIER_FIELDS; i++) {
		normal.n = normal_title(item->fields[i].value, form, sizeof(form));
		if (normal.n)
			keys[n++] = feature_field(item->fields[i].name, normal);
	}
	return n;
}

static unsigned keys_of(const struct classifier_item *item, uint32_t *keys)
{
	char form[NORMAL_MOST];
	struct str normal = { form, normal_title(item->title, form, sizeof(form)) };
	unsigned n = feature_keys(normal, keys);

	return n + predict_fields(item, keys + n);
}

float predict_temperature(const struct model *m, unsigned n, unsigned known)
{
	float strange = 2 * (float)(n - known) / (float)n - 1;

	return m->facts.temperature * (1 + (strange > 0 ? STRANGE * strange : 0));
}

void predict_item(const struct model *m, const struct classifier_item *item, float *ret)
{
	uint32_t keys[CORPUS_FEATURES];
	unsigned n = keys_of(item, keys), known;

	known = predict_known(m, keys, n);
	if (known == 0) {
		memcpy(ret, m->shares, (size_t)m->classes * sizeof(float));
		return;
	}
	predict_logits(m, keys, known, ret);
	kernel_get()->softmax(ret, m->classes, 1 / predict_temperature(m, n, known));
}

int predict_best(const float *x, int n, int k, struct classifier_guess *ret)
{
	int have = 0;
	float least = 0; /* of those, once there are k */

	for (int i = 0; i < n && k > 0; i++) {
		int at;

		if (have == k && !(x[i] > least))
			continue;
		at = have < k ? have++ : k - 1;
		for (; at > 0 && x[i] > ret[at - 1].p; at--)
			ret[at] = ret[at - 1];
		ret[at] = (struct classifier_guess){ .klass = i, .p = x[i] };
		least = ret[have - 1].p;
	}
	return have;
}
