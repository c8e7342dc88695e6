/* audit_reviewer.h: a share as it would be if reviewers never erred (Rogan and Gladen,
 * American J. of Epidemiology 107, 1978). Pure. */
#ifndef PIPED_AUDIT_REVIEWER_H
#define PIPED_AUDIT_REVIEWER_H

#include "base/err.h"
#include "base/interval.h"

/* First looks of listings that were reviewed twice, against what was adjudicated. */
struct audit_reviewer {
	int64_t wrong, called_wrong; /* in a wrong category; of those, called so */
	int64_t right, called_right;
};

struct audit_corrected {
	double value; /* 0..1 */
	struct interval in;
	double sensitivity, specificity;
};

/* `share` was found, as on `worth` independent rows (audit_estimate's). The interval is that
 * of `draws` draws (2,000 do) of all three shares, each of its Jeffreys distribution. ERR_BAD: nothing to
 * tell reviewers' errors by, or they call wrong and right alike. */
enum err audit_reviewer_correct(const struct audit_reviewer *r, double share, double worth,
				double level, int draws, uint64_t seed, struct audit_corrected *ret,
				struct reason *why);

#endif
