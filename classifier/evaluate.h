/* evaluate.h: how good suggestions are, counted one title at a time in memory
 * that grows with the classes only. One thread. */
#ifndef PIPED_EVALUATE_H
#define PIPED_EVALUATE_H

#include "base/calibration.h"
#include "classifier/classifier.h"

#define EVALUATE_BEST 5 /* guesses that are looked at */

struct evaluate;

struct evaluate_class {
	int64_t truth, guessed, hits; /* hits: both */
};

struct evaluate *evaluate_new(int classes);
void evaluate_free(struct evaluate *e);

/* `best` are the guesses, best first, 1 to EVALUATE_BEST of them; `truth` is -1
 * for a class the model does not have, which counts as wrong. */
void evaluate_add(struct evaluate *e, int truth, const struct classifier_guess *best, int n);
/* Macro-F1 is the mean over the model's classes that are true or guessed somewhere.
 * Nothing added: all zero. */
void evaluate_score(const struct evaluate *e, struct classifier_score *ret);
struct evaluate_class evaluate_class(const struct evaluate *e, int k);
double evaluate_f1(const struct evaluate_class *t); /* of one that was met */
/* CALIBRATION_BINS of them: the first guess, and the first three together. */
const struct calibration_bin *evaluate_bins(const struct evaluate *e);
const struct calibration_bin *evaluate_bins3(const struct evaluate *e);

#endif
