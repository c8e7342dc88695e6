/* study.h: long work on labeled listings that makes no model, in a thread of its own: what every
 * labeled listing's category would be if a model had not seen it (for finding wrong labels; a file
 * `out-of-fold.folds` in the model folder, classifier/folds_file.h, rows by the listing's id), and what more
 * labels would bring. One of a kind at a time; goes on when its client is gone. Loop thread. */
#ifndef PIPED_STUDY_H
#define PIPED_STUDY_H

#include "base/clock.h"
#include "daemon/view.h"

struct study;

struct study_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	void (*idle)(void *ctx); /* one ended; may be NULL */
	void *ctx;
};

#define STUDY_FOLDS_FILE "out-of-fold.folds"

struct study *study_new(const struct study_env *env, enum serve_study kind);
void study_free(struct study *s); /* only when not busy; its handle is closed */
/* `folds`: of SERVE_FOLDS. ERR_BUSY. */
enum err study_start(struct study *s, struct view *view, int folds, struct reason *why);
/* Gives up what runs. ERR_NOT_FOUND: nothing does. */
enum err study_cancel(struct study *s, struct reason *why);
/* Adds members to the open object: "state": "idle|running|done|failed", "progress", "what",
 * "error", "result". */
void study_json(struct study *s, struct json *j);
void study_stop(struct study *s); /* cancels; closes its handle */
bool study_busy(const struct study *s);

#endif
