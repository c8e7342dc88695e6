/* registry.h: the models on disk and their rows. A row outlives its file: of a
 * retired model only what was measured of it is left. A model's file is
 * there before its row, and is removed after its row says so; what a crash
 * between the two leaves is put right, or told of, at the next start. Loop thread. */
#ifndef PIPED_REGISTRY_H
#define PIPED_REGISTRY_H

#include "base/clock.h"
#include "daemon/view.h"

struct registry;

struct registry_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	void (*idle)(void *ctx); /* a pruning ended; may be NULL */
	void *ctx;
};

/* At start: tells in the log of files that are missing or damaged, and of those that no row
 * knows; removes those of retired models, and what a killed write has left. Gives how many it told of. */
int registry_check(struct str folder, const struct model_row *models, int n);

/* Which are to be retired: kept ones behind the `keep` newest of them, unless listings carry their
 * suggestions. `models` are the newest first; `ret` has room for `n`. */
int registry_excess(const struct model_row *models, int n, int64_t keep, int64_t *ret);

struct registry *registry_new(const struct registry_env *env);
void registry_free(struct registry *r); /* only when not busy */
/* Retires what is too much, by `models-keep`; does nothing while one runs. */
void registry_prune(struct registry *r, const struct conf *conf);
void registry_stop(struct registry *r); /* begins no more */
bool registry_busy(const struct registry *r);

#endif
