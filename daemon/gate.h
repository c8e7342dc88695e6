/* gate.h: whether a new model may take the place of the live one: not if a paired
 * test on rows that neither has learned says that it is worse. Pure. */
#ifndef PIPED_GATE_H
#define PIPED_GATE_H

#include "classifier/classifier.h"

#include <stdint.h>

/* A model that is as good is kept back once in so many times, at most. */
#define GATE_LEVEL 0.05

struct gate {
	bool tested; /* else there was nothing to test with, and the text says what was missing */
	bool worse;
	double p; /* of so many more rows right with the old one, or more, if both are as good:
		     McNemar's exact test, one-sided */
	struct classifier_comparison c; /* a: the old model, b: the new one */
	char text[300];			/* for a person */
};

/* By rows on which only one of them is right. */
bool gate_worse(int64_t only_old, int64_t only_new, double *ret_p);
/* `old` NULL: there is none to be worse than. `n`: of `rows`. */
enum err gate_judge(const struct classifier *old, const struct classifier *new,
		    const struct classifier_rows *rows, int64_t n, uint64_t seed, struct gate *ret,
		    struct reason *why);

#endif
