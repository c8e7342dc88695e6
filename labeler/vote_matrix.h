/* vote_matrix.h: which rules voted for which class on which listing, sparse: memory
 * and time are those of the votes. Pure; one thread. */
#ifndef PIPED_VOTE_MATRIX_H
#define PIPED_VOTE_MATRIX_H

#include <stddef.h>
#include <stdint.h>

/* A rule saying a class. A rule that says one class or nothing, as ours do, is one
 * column; one that says any of several (a mapping of sellers' categories, a person) has a
 * column for each, all with its number. */
struct vote_column {
	int rule;  /* 0 .. rules - 1 */
	int klass; /* 0 .. classes - 1 */
	/* Rules that fire together for one reason count once; -1: alone. */
	int family;
	double precision; /* as configured, 0 < p < 1; 0: nothing is known */
};

#define VOTE_MATRIX_ROW 256 /* votes of one row */

struct vote_matrix {
	int classes, rules, columns;
	struct vote_column *column; /* [columns] */
	size_t rows;
	/* Columns of row i are votes[first[i]] .. votes[first[i + 1] - 1], those of a rule
	 * side by side. */
	uint32_t *votes;
	uint64_t *first;
	size_t votes_cap, first_cap;
};

/* Copies the columns. */
void vote_matrix_init(struct vote_matrix *m, int classes, int rules,
		      const struct vote_column *columns, int n);
void vote_matrix_done(struct vote_matrix *m);
/* Adds a row of at most VOTE_MATRIX_ROW votes, in any order; none is a row, too. A
 * column may stand there more than once: a rule that was asked several times. */
void vote_matrix_add(struct vote_matrix *m, const uint32_t *columns, int n);
const uint32_t *vote_matrix_row(const struct vote_matrix *m, size_t i, int *ret_n);

#endif
