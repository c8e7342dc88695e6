/* confident.h: which given labels are likely wrong (confident learning; Northcutt,
 * Jiang and Chuang, JAIR 70, 2021). Rows are read through a callback three times and
 * not kept: memory is the rows that the model would call otherwise, and the square of the classes.
 * Pure; one thread.
 *
 * Probabilities must be of models that did not see the row (classifier_folds). */
#ifndef PIPED_CONFIDENT_H
#define PIPED_CONFIDENT_H

#include "base/err.h"

#include <stdint.h>

struct confident;

/* Gives the same sequence after each rewind. `p` has room for all classes: numbers not
 * between 0 and 1 are taken for the nearest that is, NAN for 0. False: at the end. */
struct confident_rows {
	void *ctx;
	void (*rewind)(void *ctx);
	bool (*next)(void *ctx, int *ret_given, float *p);
};

/* ERR_BAD: a given class out of range, or rows that are not the same each time. */
enum err confident_new(const struct confident_rows *rows, int classes, struct confident **ret,
		       struct reason *why);
void confident_free(struct confident *c);

int64_t confident_rows(const struct confident *c);
int64_t confident_given(const struct confident *c, int given); /* rows of the class */
/* The mean probability of the class over rows given it (eq. 2); NAN: none is. */
double confident_threshold(const struct confident *c, int klass);
/* Rows given `given` that are confidently `klass`: the likeliest class among those that
 * reach their thresholds (eq. 1). */
int64_t confident_count(const struct confident *c, int given, int klass);
/* The same scaled to all rows of the given class, as a whole number; rows add up to
 * confident_given(). A class without a confident row is taken for right throughout. */
int64_t confident_estimate(const struct confident *c, int given, int klass);
/* Of things that are `klass`, the share given `given` (the noise matrix); NAN: none is. */
double confident_noise(const struct confident *c, int given, int klass);
/* The estimated rows off the diagonal: how many labels are wrong, whichever. */
int64_t confident_wrong(const struct confident *c);

enum confident_way {
	CONFIDENT_BY_NOISE = 1, /* per pair, as many as estimated, those that lean most */
	CONFIDENT_BY_CLASS = 2, /* per given class, those that are least likely of it */
};
struct confident_issue {
	int64_t row;	  /* number in the sequence, from 0 */
	int given, guess; /* guess: its likeliest class, never the given one */
	float p_given, p_guess;
	int ways; /* those that found it; both: the surest */
};
/* What some way found: found by both first, then by how far the guess is ahead of
 * the given class. Rows whose likeliest class is the given one are never among
 * them. Borrowed until free; `ret_n` how many. */
const struct confident_issue *confident_issues(const struct confident *c, int64_t *ret_n);
int64_t confident_found(const struct confident *c, int ways); /* by all of these ways */

/* The class that a row counts for: the likeliest of those with p >= threshold
 * (NAN: never), or -1. */
int confident_class(const float *p, const double *thresholds, int classes);

#endif
