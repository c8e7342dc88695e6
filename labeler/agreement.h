/* agreement.h: how far several people say the same of the same things, beyond
 * chance. One unit (a listing) at a time, in memory that grows with the square of
 * the categories only. Pure; one thread.
 *
 * A report: for each level of the tree one `struct agreement` whose `map` takes a
 * leaf to its ancestor there; agreement_add() every unit that two or more judged
 * to each; agreement_measure(). Where one category dominates, kappa is low although
 * nearly all agree: `ac1` is what to look at then. */
#ifndef PIPED_AGREEMENT_H
#define PIPED_AGREEMENT_H

#include "base/interval.h"

#define AGREEMENT_NONE (-1)

struct agreement;

/* `categories` answers are possible, 0 to categories - 1; at least 1. `map` gives each a group,
 * 0 to groups - 1, that is compared in its place; NULL: itself, `groups` is left aside. Borrowed until free. */
struct agreement *agreement_new(int categories, const int *map, int groups);
void agreement_free(struct agreement *a);
/* What `n` raters said of one unit, in their order; AGREEMENT_NONE: nothing. */
void agreement_add(struct agreement *a, const int *answers, int n);

/* Measures that the units do not allow are NAN: nobody said two different
 * things, none has two answers. */
struct agreement_measures {
	int64_t units, pairable; /* pairable: with two answers or more */
	int64_t answers;
	/* The share of pairs of answers on one unit that agree, units alike. */
	double observed;
	/* Of the first two raters, over units that both judged (Cohen, Educational and
	 * Psychological Measurement 20, 1960); 95% interval by its large-sample
	 * variance (Fleiss, Cohen and Everitt, Psychological Bulletin 72, 1969). */
	double cohen;
	struct interval cohen_95;
	int64_t cohen_units;
	/* Fleiss, Psychological Bulletin 76, 1971: NAN unless all units have the same
	 * number of answers. */
	double fleiss;
	/* Krippendorff's alpha; missing answers are no matter. The order of categories
	 * is that of their numbers, which interval takes for values. */
	double nominal, ordinal, interval;
	/* Gwet, British J. of Mathematical and Statistical Psychology 61, 2008, for any number
	 * of raters and with missing answers; over all groups, met or not. */
	double ac1;
};
void agreement_measure(const struct agreement *a, struct agreement_measures *ret);

/* How often category `a` of the first rater met `b` of the second. */
int64_t agreement_count(const struct agreement *x, int a, int b);

#endif
