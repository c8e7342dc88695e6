/* predict.h: from a title to numbers for each class. Pure; allocates nothing;
 * any thread. */
#ifndef PIPED_PREDICT_H
#define PIPED_PREDICT_H

#include "classifier/model_file.h"

/* Logits of a normal form, before the temperature. False: no feature of it was
 * met in training, and `ret` is untouched. */
bool predict_logits(const struct model *m, struct str normal, float *ret);
/* Probabilities of any bytes; of a title without known features the shares of
 * the classes in training. */
void predict_title(const struct model *m, struct str title, float *ret);
/* The best `k` of x[0..n-1], best first; of equals the first. Returns how
 * many: min(k, n). */
int predict_best(const float *x, int n, int k, struct classifier_guess *ret);

#endif
