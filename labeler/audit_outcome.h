/* audit_outcome.h: what reviewed listings say of a policy, and the figures of a report. Pure.
 *
 * The policy: where the model's best is at least as likely as a threshold, the listing moves there; all
 * others stay. Before and after are compared on the same listings, always.
 *
 *   struct audit_report r;
 *   err = audit_report_make(&sample, outcomes, NULL, AUDIT_OF_THESE, .95, &r, &why);
 *
 * Of r.listings, r.before.value (r.before.in) stand in a wrong category; of those that are
 * left with the policy r.after; it fixes r.fixed and breaks r.broken, net r.net, paired; the right
 * category is the seller's or among the model's best in r.reachable, which no policy that asks
 * the seller can pass. By category, source, price or month: audit_report_by(). */
#ifndef PIPED_AUDIT_OUTCOME_H
#define PIPED_AUDIT_OUTCOME_H

#include "labeler/audit_estimate.h"

#define AUDIT_BEST 3

struct audit_listing {
	int given;	      /* the seller's category; -1: none */
	int truth;	      /* as adjudicated; -1: none of the taxonomy's */
	int best[AUDIT_BEST]; /* the model's, likeliest first; -1: none */
	double p;	      /* of the likeliest */
};

/* Shares of a unit's listings. */
struct audit_outcome {
	double before, after; /* in a wrong category */
	double fixed, broken; /* wrong before and right after; right before and wrong after */
	double reachable;     /* the truth is the given one or among the best */
};

/* Of one unit: its `n` listings, at least one. */
struct audit_outcome audit_outcome_of(const struct audit_listing *listings, int n,
				      double threshold);

struct audit_report {
	int64_t units; /* decided, of the domain */
	double listings; /* in the frame, of the domain; estimated from the draw when there is a domain */
	struct audit_estimate before, after, fixed, broken, reachable;
	struct audit_estimate net; /* fixed - broken: above 0 is better */
};

/* outcomes[i] is of sample->units[i]; `part` as in audit_estimate_share. ERR_BAD as there. */
enum err audit_report_make(const struct audit_sample *sample, const struct audit_outcome *outcomes,
			   const double *part, enum audit_world world, double level,
			   struct audit_report *ret, struct reason *why);
/* The same of each of `n` domains; domain[i] is the one that unit i is of, or -1. Each
 * interval holds at its level by itself: of twenty, one misses. */
enum err audit_report_by(const struct audit_sample *sample, const struct audit_outcome *outcomes,
			 const int *domain, int n, enum audit_world world, double level,
			 struct audit_report *ret, struct reason *why);

#endif
