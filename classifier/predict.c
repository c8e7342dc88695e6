#include "classifier/predict.h"

#include "base/normal.h"
#include "classifier/feature.h"
#include "classifier/kernel.h"
#include "classifier/softmax.h"

#include <string.h>

/* A title of which the model knows less than half is not of the kind it was
 * trained on: its answer gets flatter, up to so many times. */
#define STRANGE 8.0f

bool predict_logits(const struct model *m, const uint32_t *slots, unsigned n, float *ret)
{
	const struct kernel *k = kernel_get();
	const struct kernel_rows rows = { .rows = m->rows,
					  .levels = m->levels,
					  .scale = m->scale,
					  .width = m->members * m->dim };
	const struct kernel_head head = { .head = m->head,
					  .bias = m->bias,
					  .members = m->members,
					  .classes = m->classes,
					  .dim = m->dim };
	float sum[KERNEL_WIDTH] __attribute__((aligned(64)));
	unsigned known = k->sum(&rows, slots, n, sum);

	if (known)
		k->logits(&head, sum, known, ret);
	return known > 0;
}

/* The slots of the keys that have one, in their place. */
static unsigned known_slots(const struct model *m, uint32_t *keys, unsigned n)
{
	unsigned known = 0;

	for (unsigned i = 0; i < n; i++) {
		uint32_t slot = slots_find(m->tags, m->bits, keys[i] ? keys[i] : 1);

		keys[known] = slot;
		known += slot != SLOTS_NONE;
	}
	return known;
}

static unsigned keys_of(const struct classifier_item *item, uint32_t *keys)
{
	char form[NORMAL_MOST];
	struct str normal = { form, normal_title(item->title, form, sizeof(form)) };
	unsigned n = feature_keys(normal, keys);

	for (int i = 0; i < item->fields_n && i < CLASSIFIER_FIELDS; i++) {
		normal.n = normal_title(item->fields[i].value, form, sizeof(form));
		if (normal.n)
			keys[n++] = feature_field(item->fields[i].name, normal);
	}
	return n;
}

void predict_item(const struct model *m, const struct classifier_item *item, float *ret)
{
	uint32_t keys[CORPUS_FEATURES];
	unsigned n = keys_of(item, keys), known = known_slots(m, keys, n);
	float strange;

	if (!predict_logits(m, keys, known, ret)) {
		memcpy(ret, m->shares, (size_t)m->classes * sizeof(float));
		return;
	}
	strange = 2 * (float)(n - known) / (float)n - 1;
	softmax_of(ret, m->classes,
		   m->facts.temperature * (1 + (strange > 0 ? STRANGE * strange : 0)));
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
