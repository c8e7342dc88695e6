/* judge.h: what rules and model say of listings, new ones and stored ones. On a
 * pool thread; time is a parameter. */
#ifndef PIPED_JUDGE_H
#define PIPED_JUDGE_H

#include "daemon/stage.h"
#include "daemon/view.h"
#include "store/writer.h"

/* Votes, label and suggestion of listings whose clean fields are made. */
void judge_listings(const struct serve_view *view, struct labeler_scratch *scratch,
		    struct arena *arena, int64_t now_ms, struct write_listing *listings, int n,
		    int64_t cpu_ns[STAGE_COUNT]);

/* Only the suggestion and what it makes of `label`, which stands already. */
void judge_suggest(const struct serve_view *view, struct arena *arena,
		   struct write_listing *listings, int n, int64_t cpu_ns[STAGE_COUNT]);

#endif
