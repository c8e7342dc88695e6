/* trainer.h: training on the device, in a thread of its own (trainer_run.h): rows
 * from a snapshot of the store, a model file, its accuracy on held-out rows. It
 * becomes the live model unless the paired test says that it is worse
 * (gate.h). The file is there before its row is: of a crash between them a file that
 * nobody knows is left, which registry_check tells of. Loop thread only. */
#ifndef PIPED_TRAINER_H
#define PIPED_TRAINER_H

#include "base/clock.h"
#include "daemon/view.h"

struct trainer;

struct trainer_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	struct writer *writer;
	/* A model was stored; if it is live: open `file` of the model folder and make suggestions. */
	void (*stored)(void *ctx, int64_t model, const char *file, const char *name, bool live);
	/* Of the model that makes suggestions now, or is about to on a person's word; 0: none does. */
	int64_t (*live_id)(void *ctx);
	void (*idle)(void *ctx); /* training ended, well or not */
	void *ctx;
};

struct trainer *trainer_new(const struct trainer_env *env);
void trainer_free(struct trainer *t); /* only when not busy; its handle is closed */
/* `fresh`: from nothing, though it might go on from the live model (warm.h). ERR_BUSY when one
 * runs. */
enum err trainer_start(struct trainer *t, struct view *view, bool fresh, struct reason *why);
/* Cancels what runs and closes its handle. */
void trainer_stop(struct trainer *t);
bool trainer_busy(const struct trainer *t);
/* {"state": "idle|running|done|failed", "progress": 0.4, "what": ..., "error": ...,
 * "metrics": {...}} as member `key`. */
void trainer_json(struct trainer *t, struct json *j, const char *key);

#endif
