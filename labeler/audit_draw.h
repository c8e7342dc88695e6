/* audit_draw.h: draws a plan's units in one pass over the frame, each stratum at random
 * without replacement (selection sampling; Fan, Muller and Rezucha, JASA 57, 1962). The
 * same seed and frame give the same draw. */
#ifndef PIPED_AUDIT_DRAW_H
#define PIPED_AUDIT_DRAW_H

#include "base/err.h"
#include "base/rng.h"
#include "labeler/audit_plan.h"

struct audit_draw {
	struct rng rng;
	int n;
	struct audit_draw_part {
		int64_t left, wanted; /* units to come, units still to draw */
	} * part;
	bool too_many;
};

void audit_draw_init(struct audit_draw *d, uint64_t seed, const struct audit_stratum *strata,
		     int n);
void audit_draw_done(struct audit_draw *d);
/* Whether the next unit of the frame, of that stratum, is drawn. */
bool audit_draw_next(struct audit_draw *d, int stratum);
/* ERR_BAD: the frame was not the one of the plan, so the draw is none. */
enum err audit_draw_end(const struct audit_draw *d, struct reason *why);

#endif
