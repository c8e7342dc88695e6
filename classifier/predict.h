/* predict.h: from a title to numbers for each class. Pure; allocates nothing;
 * any thread. */
#ifndef PIPED_PREDICT_H
#define PIPED_PREDICT_H

#include "classifier/model_file.h"

/* The model of an open one. */
const struct model *predict_model(const struct classifier *c);
/* Puts the entries of the keys that the model has a row for in their place;
 * returns how many. */
unsigned predict_known(const struct model *m, uint32_t *keys, unsigned n);
/* Keys of what is known beside the title, at most CLASSIFIER_FIELDS; returns how many. */
unsigned predict_fields(const struct classifier_item *item, uint32_t *keys);
/* What logits are divided by, of n features of which `known` have a row. */
float predict_temperature(const struct model *m, unsigned n, unsigned known);
/* Logits of n entries, 1 or more, before the temperature. */
void predict_logits(const struct model *m, const uint32_t *entries, unsigned n, float *ret);
/* Probabilities of any bytes and fields. What the model hardly knows gets flat
 * answers; what it knows nothing of, the shares of the classes in training. */
void predict_item(const struct model *m, const struct classifier_item *item, float *ret);
/* The best `k` of x[0..n-1], best first; of equals the first. Returns how
 * many: min(k, n). */
int predict_best(const float *x, int n, int k, struct classifier_guess *ret);

#endif
