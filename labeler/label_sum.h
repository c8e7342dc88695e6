/* label_sum.h: scores that are sums: each class has a base, each vote adds its column's
 * weight to the column's class. Only classes that were voted for are looked at, all others
 * are known beforehand. Pure. */
#ifndef PIPED_LABEL_SUM_H
#define PIPED_LABEL_SUM_H

#include "labeler/vote_matrix.h"

#include <stdbool.h>

struct label_sum {
	int classes, columns;
	const struct vote_column *column; /* borrowed */
	bool families;	/* of a family only the heaviest vote for a class counts */
	double *base;	/* [classes]: set, then label_sum_ready */
	double *weight; /* [columns] */
	double temperature;
	/* Made by label_sum_ready. */
	int *order;	 /* classes by base, highest first */
	double *excess;	 /* [classes]: exp((base - highest) / temperature) */
	double excesses; /* their sum */
};

void label_sum_init(struct label_sum *s,
		    const struct vote_matrix *m); /* zero; 1 for the temperature */
void label_sum_done(struct label_sum *s);
void label_sum_ready(struct label_sum *s); /* after a change of base or temperature */

/* Classes that were voted for, each once, with base and votes together. */
struct label_tally {
	int n;
	int klass[VOTE_MATRIX_ROW];
	double score[VOTE_MATRIX_ROW];
	double top;   /* the highest of all classes */
	double whole; /* log of the sum of exp(score / temperature) over all classes */
};
void label_sum_tally(const struct label_sum *s, const uint32_t *votes, int n,
		     struct label_tally *ret);
bool label_sum_met(const struct label_tally *t, int klass); /* whether it was voted for */

#endif
