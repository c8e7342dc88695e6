/* predict.h: from a title to numbers for each class. Pure; allocates nothing;
 * any thread. */
#ifndef PIPED_PREDICT_H
#define PIPED_PREDICT_H

#include "classifier/model_file.h"

/* Logits of n features, before the temperature. `slots` are below 2^bits.
 * False: nothing was learned of any of them, and `ret` is untouched. */
bool predict_logits(const struct model *m, const uint32_t *slots, unsigned n, float *ret);
/* Probabilities of any bytes and fields. What the model hardly knows gets flat
 * answers; what it knows nothing of, the shares of the classes in training. */
void predict_item(const struct model *m, const struct classifier_item *item, float *ret);
/* The best `k` of x[0..n-1], best first; of equals the first. Returns how
 * many: min(k, n). */
int predict_best(const float *x, int n, int k, struct classifier_guess *ret);

#endif
