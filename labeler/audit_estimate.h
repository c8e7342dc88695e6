/* audit_estimate.h: from what was drawn and reviewed to all of it. Pure.
 *
 * Values are ratios of estimated totals over the listings of a domain; their variance is that of
 * the draw (strata, without replacement), of a ratio by linearisation (Saerndal, Swensson and
 * Wretman, Model Assisted Survey Sampling, 1992, 5.5 and 5.7). */
#ifndef PIPED_AUDIT_ESTIMATE_H
#define PIPED_AUDIT_ESTIMATE_H

#include "base/err.h"
#include "base/interval.h"
#include "labeler/audit_plan.h"

#include <stddef.h>

/* A unit that was drawn and decided; those without a decision are left out, and taken for
 * like the others of their stratum. */
struct audit_unit {
	int stratum;
	uint64_t cluster; /* seller; 0: alone */
	double size;	  /* listings, > 0 */
};

struct audit_sample {
	const struct audit_stratum *strata; /* as planned: `units` counts */
	int n_strata;
	const struct audit_unit *units;
	size_t n;
};

enum audit_world {
	/* The listings of the frame, as they are: only which were drawn is chance. */
	AUDIT_OF_THESE,
	/* Whatever sellers like these offer, of whom they are a draw: sellers err each in
	 * their way, so that many listings of few sellers tell less. */
	AUDIT_OF_SUCH,
};

struct audit_estimate {
	double value;	    /* NAN: nothing of the domain was drawn */
	double error;	    /* standard error */
	struct interval in; /* at the level */
	/* No more than this, at that level, one-sided (Clopper and Pearson on as
	 * many rows as the draw is worth; Korn and Graubard, Survey Methodology 24, 1998): what may be
	 * promised. 1 for changes. */
	double at_most;
	int64_t units;	  /* drawn ones that are of the domain */
	double hits;	  /* sum of values over them, unweighted */
	double worth;	  /* independent rows that would tell as much */
	int64_t clusters; /* sellers among them */
};

/* Shares: value[i] of each unit is 0..1, the share of its listings in the domain for
 * which it holds; part[i] is the share of its listings that are of the domain, NULL: all. The
 * interval is Wilson's on as many rows as the draw is worth, so it suits rare things
 * and stays within 0..1. In a stratum where none or all hold, half a unit more is taken to
 * differ. ERR_BAD: a stratum has units but none is decided. */
enum err audit_estimate_share(const struct audit_sample *s, const double *value, const double *part,
			      enum audit_world world, double level, struct audit_estimate *ret,
			      struct reason *why);
/* What one policy gains over another on the same units: up[i] - down[i], each a share of
 * its listings (fixed and broken, or wrong before and after). The interval is Student's t. */
enum err audit_estimate_change(const struct audit_sample *s, const double *up, const double *down,
			       const double *part, enum audit_world world, double level,
			       struct audit_estimate *ret, struct reason *why);

#endif
