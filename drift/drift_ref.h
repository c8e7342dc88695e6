/* drift_ref.h: a sample of values that were usual, the newest DRIFT_SAMPLE that were put in.
 * Pure. */
#ifndef PIPED_DRIFT_REF_H
#define PIPED_DRIFT_REF_H

#define DRIFT_SAMPLE 128

struct drift_ref {
	int n, at;		    /* at: which is the oldest, once it is full */
	float value[DRIFT_SAMPLE];  /* in order of time */
	float sorted[DRIFT_SAMPLE]; /* the same, smallest first */
};

void drift_ref_add(struct drift_ref *r, double x);
double drift_ref_median(const struct drift_ref *r); /* NaN: empty */
double drift_ref_mean(const struct drift_ref *r);
double drift_ref_sd(const struct drift_ref *r);
/* How many of the sample lie below `x`, and above. */
int drift_ref_below(const struct drift_ref *r, double x);
int drift_ref_above(const struct drift_ref *r, double x);
/* With near certainty (1 - 1e-4), the chance of an event that `k` of `n` independent tries showed
 * is no higher (Chernoff's bound by relative entropy). */
double drift_ref_most(int k, int n);

#endif
