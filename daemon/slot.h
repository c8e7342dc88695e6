/* slot.h: what one pool thread at a time works with; kept between tasks because
 * compiling selectors is dear. */
#ifndef PIPED_SLOT_H
#define PIPED_SLOT_H

#include "base/regex.h"
#include "daemon/view.h"
#include "extractor/extractor.h"

struct slot {
	struct slot *next;
	struct rule_set *rules; /* kept: the extractor borrows its conf */
	struct extractor *extractor;
	struct labeler_scratch *scratch;
	struct regex_match *match; /* of checks */
};
struct slot *slot_new(void);
/* Loop thread: makes it fit for `rules`. */
void slot_fit(struct slot *s, struct rule_set *rules);
void slot_free(struct slot *s);

#endif
