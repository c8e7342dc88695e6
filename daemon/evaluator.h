/* evaluator.h: a model measured on held-out labels, in a thread of its own: a report
 * as text, JSON and HTML. One at a time; the newest report is kept for a while. An
 * evaluation that nobody asks after is given up: its client is gone. Loop thread. */
#ifndef PIPED_EVALUATOR_H
#define PIPED_EVALUATOR_H

#include "base/clock.h"
#include "daemon/view.h"

struct evaluator;

struct evaluator_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	void (*idle)(void *ctx); /* one ended; may be NULL */
	void *ctx;
};

#define EVALUATOR_LEASE_MS 10000 /* unasked while it runs: given up */
#define EVALUATOR_KEEP_MS 60000	 /* unasked when it is done: forgotten */

struct evaluator *evaluator_new(const struct evaluator_env *env);
void evaluator_free(struct evaluator *e); /* only when not busy; its handle is closed */
/* Takes `c`, the model opened. ERR_BUSY. */
enum err evaluator_start(struct evaluator *e, struct view *view, struct classifier *c,
			 const struct serve_evaluation *what, int64_t *ret_id, struct reason *why);
/* Adds members to the open object: "id", "state": "running|done|failed", "progress", "what",
 * "error"; when done "model", "labels", "rows", "report". */
enum err evaluator_json(struct evaluator *e, int64_t id, struct json *j, struct reason *why);
/* The finished report as text or page; ERR_NOT_FOUND, ERR_BUSY: it runs. */
enum err evaluator_page(struct evaluator *e, int64_t id, bool html, struct buf *to,
			struct reason *why);
void evaluator_tick(struct evaluator *e); /* now and then: gives up, forgets */
void evaluator_stop(struct evaluator *e); /* cancels; closes its handle */
bool evaluator_busy(const struct evaluator *e);

#endif
