/* rule_task.h: what is asked of rules over all listings, in a thread of its own: what
 * other rules would change, how each does, what is missing. One at a time; the newest
 * answer is kept for a while. A task that nobody asks after is given up: its client is
 * gone. Loop thread. */
#ifndef PIPED_RULE_TASK_H
#define PIPED_RULE_TASK_H

#include "base/clock.h"
#include "daemon/view.h"

struct rule_task;

struct rule_task_env {
	uv_loop_t *loop;
	const struct clock *clock;
	struct store *store;
	void (*idle)(void *ctx); /* one ended; may be NULL */
	void *ctx;
};

#define RULE_TASK_LEASE_MS 10000 /* unasked while it runs: given up */
#define RULE_TASK_KEEP_MS 60000	 /* unasked when it is done: forgotten */

struct rule_task *rule_task_new(const struct rule_task_env *env);
void rule_task_free(struct rule_task *t); /* only when not busy; its handle is closed */
/* Keeps `view`, of which the rules of now are. Takes `conf` and `labeler`, which are of other rules
 * than those of now (SERVE_RULES_DIFF), also on failure. ERR_BUSY. */
enum err rule_task_start(struct rule_task *t, enum serve_rules kind, struct view *view,
			 struct conf *conf, struct labeler *labeler, int64_t *ret_id,
			 struct reason *why);
/* Adds members to the open object: "id", "state": "running|done|failed", "kind", "listings" (so
 * far), "error"; when done "report". */
enum err rule_task_json(struct rule_task *t, int64_t id, struct json *j, struct reason *why);
void rule_task_tick(struct rule_task *t); /* now and then: gives up, forgets */
void rule_task_stop(struct rule_task *t); /* cancels; closes its handle */
bool rule_task_busy(const struct rule_task *t);

#endif
