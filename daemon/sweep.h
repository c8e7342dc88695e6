/* sweep.h: derived results made again: listings whose clean form, label or
 * suggestion is older than the words, rules, taxonomy or model of today. By id, in
 * batches, through the pool and the writer, while crawling goes on. Loop
 * thread only. */
#ifndef PIPED_SWEEP_H
#define PIPED_SWEEP_H

#include "daemon/stage.h"
#include "daemon/view.h"
#include "store/writer.h"

struct sweep;

struct sweep_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	int64_t stir_ms;	 /* a pass looks at every row: one for all stirs of so long */
	void (*idle)(void *ctx); /* a sweep or its last write ended; may be NULL */
	void *ctx;
};

enum err sweep_new(const struct sweep_env *env, struct view *view, struct sweep **ret,
		   struct reason *why);
void sweep_free(struct sweep *s); /* only when sweep_busy is 0 */
/* Starts from the first listing if what makes labels or suggestions changed. */
void sweep_set_view(struct sweep *s, struct view *view);
/* Listings may be behind though rules and model are the same: another pass soon. */
void sweep_stir(struct sweep *s);
void sweep_stop(struct sweep *s); /* no further batch; closes its timers */
int sweep_busy(const struct sweep *s);

struct sweep_view {
	bool active;
	int64_t done;	/* listings made again since it started */
	int64_t cursor; /* id of the last listing looked at */
	double per_s;	/* made again, over the last minute */
	int64_t cpu_ns[STAGE_COUNT];
};
void sweep_look(const struct sweep *s, struct sweep_view *ret);

#endif
