/* audit_plan.h: how many listings stand in the wrong category, and what suggestions would
 * change: the draw that can answer. Pure.
 *
 * An audit is made of these headers:
 * 1. Freeze the frame: one unit per near-duplicate family, `size` its listings, `cluster`
 *    its seller; the date, the taxonomy's and the model's version. Of each unit the doubt
 *    1 - p(given), calibrated and out of fold (classifier_folds), the mean of its listings.
 * 2. Pass over it: audit_plan_stratum() of each; count units, sizes, squares and doubts
 *    into a table of struct audit_stratum. audit_plan_whole() says which families are so
 *    large that they are a stratum of their own, drawn whole.
 * 3. audit_plan_for() the wanted half-width (or audit_plan_allot() a number), and
 *    audit_plan_minutes() what it costs. Store the table: it is the design.
 * 4. Pass over it in the same order with audit_draw.h; store unit, stratum and inclusion
 *    probability of each that is drawn. A fifth of those, drawn the same way, is reviewed twice.
 * 5. Review blind. Adjudicate what two reviewers differ in (labeler/agreement.h measures that).
 * 6. audit_outcome.h makes of each decision what was wrong before and after the policy;
 *    audit_report_make() the figures, by category, source, price band or month audit_report_by(). */
#ifndef PIPED_AUDIT_PLAN_H
#define PIPED_AUDIT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

struct audit_stratum {
	int64_t units;	/* in the frame */
	double size;	/* listings in them */
	double squares; /* sum of the squares of their sizes */
	double doubt;	/* the share of listings that is expected to be wrong, 0..1 */
	bool whole;	/* all of it is drawn */
	int64_t drawn;	/* units to draw: 0..units */
};

/* Strata by doubt: cut at .05, .2, .5 and .9; 0 is the least. */
#define AUDIT_PLAN_STRATA 5
int audit_plan_stratum(double doubt);
/* From what size on a family of a frame of `size` listings is certain to be drawn when
 * `draw` units are: its share would be a draw of its own. */
double audit_plan_whole(double size, int64_t draw);

/* Allots `draw` units (Neyman, JRSS 97, 1934): of each stratum in proportion to
 * sqrt(units squares max(f(1 - f), .01)), f its doubt, but at least `least` and at
 * most all. The minimum may make it more than `draw`. Returns how many. */
int64_t audit_plan_allot(struct audit_stratum *strata, int n, int64_t draw, int64_t least);
/* The half-width that a share's interval at that level is expected to have with
 * what is allotted, if the doubts are right. */
double audit_plan_half(const struct audit_stratum *strata, int n, double level);
/* Allots the fewest units that are expected to give that half-width. Returns how many. */
int64_t audit_plan_for(struct audit_stratum *strata, int n, double half, double level,
		       int64_t least);
/* Of review, `twice` (0..1) of the units two times. */
double audit_plan_minutes(int64_t draw, double twice, double seconds_each);
/* The chance that each unit of the stratum had. */
double audit_plan_inclusion(const struct audit_stratum *s);

#endif
