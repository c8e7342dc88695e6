/* interval.h: how sure a share is that was counted on a sample, and whether two
 * that were counted on the same rows differ. Pure. */
#ifndef PIPED_INTERVAL_H
#define PIPED_INTERVAL_H

#include <stdint.h>

struct interval {
	double low, high;
};

/* Of `hits` out of `n` at that level (0.95), 0..1 when n is 0. Both may be
 * weighted counts. By the score test (Wilson, JASA 22, 1927): right on average. */
struct interval interval_wilson(double hits, double n, double level);
/* The same by the binomial itself (Clopper and Pearson, Biometrika 26, 1934):
 * never covers less than it says. 0 <= hits <= n. */
struct interval interval_exact(int64_t hits, int64_t n, double level);
/* The same by the posterior of Beta(1/2, 1/2), ends that were met left open (Brown, Cai
 * and DasGupta, Statistical Science 16, 2001): between the two. Weighted counts, too. */
struct interval interval_jeffreys(double hits, double n, double level);
/* Only from below: the share is at least this, at that level. */
double interval_at_least(int64_t hits, int64_t n, double level);
/* Only from above; counts may be weighted ones. 1 when n is 0. */
double interval_at_most(double hits, double n, double level);
/* How likely `a` against `b` or something more uneven is when both are equally
 * likely, two-sided: McNemar's exact test of rows that changed. 1 for none. */
double interval_even(int64_t a, int64_t b);
/* Quantile of the standard normal distribution, 0 < p < 1. */
double interval_normal(double p);
/* Quantile of Student's t with that many degrees of freedom (> 0), 0 < p < 1. */
double interval_student(double p, double freedom);
/* The regularised incomplete beta function I_x(a, b); a, b > 0 (DLMF 8.17). */
double interval_beta(double a, double b, double x);
/* The x where that is p. */
double interval_beta_quantile(double a, double b, double p);

#endif
