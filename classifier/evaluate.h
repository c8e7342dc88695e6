/* evaluate.h: how good suggestions are, counted one title at a time in memory
 * that grows with the classes only. One thread. */
#ifndef PIPED_EVALUATE_H
#define PIPED_EVALUATE_H

#include "classifier/classifier.h"

struct evaluate;

struct evaluate *evaluate_new(int classes);
void evaluate_free(struct evaluate *e);

/* `best` are the guesses, best first, 1 to 3 of them; `truth` is -1 for a
 * class the model does not have, which counts as wrong. */
void evaluate_add(struct evaluate *e, int truth, const struct classifier_guess *best, int n);
/* Macro-F1 is the mean over classes that are true or guessed somewhere.
 * Calibration error: Guo et al., ICML 2017. Nothing added: all zero. */
void evaluate_score(const struct evaluate *e, struct classifier_score *ret);

#endif
