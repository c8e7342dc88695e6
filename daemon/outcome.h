/* outcome.h: what an answer means for its job: another try, another visit, or the
 * end; and what is kept of it for the next one. Part of a task: fills task.write. */
#ifndef PIPED_OUTCOME_H
#define PIPED_OUTCOME_H

#include "daemon/task.h"

/* The news that the answer is for its host: before the body is looked at. */
enum task_news outcome_news(const struct fetch_answer *a);
/* When the next try of a job is due: exponential, with +-25% of jitter. */
int64_t outcome_backoff_ms(const struct conf *conf, int attempts, uint64_t jitter);

void outcome_end(struct task *t, enum job_state to, struct str reason);
/* A redirect that may be followed: the job goes on there, in the turn of that host. */
void outcome_moved(struct task *t);
/* A try that may go better another time, unless it was the last of `tries`. */
void outcome_retry(struct task *t, int tries, struct str reason);
/* A response that is no good one. A 404 or 410 of a page about one thing says that
 * the thing is gone. */
void outcome_failed(struct task *t, struct str reason);

/* What a body is known by when it comes again: with its type, which decides how it
 * is read, and its address, to which links are relative. */
uint64_t outcome_body_hash(const struct task *t, struct str decoded);
/* Whether the last good answer was this very body (t->known_by), read as it would be now. */
bool outcome_is_same(const struct task *t, const struct conf_source *s, const struct conf_page *p);
/* The page was read: write.page, listings and jobs are complete. */
void outcome_read(struct task *t, const struct conf_source *s, const struct conf_page *p);
/* The same body again, or a 304 to a question for changes. */
void outcome_unchanged(struct task *t, const struct conf_page *p);

#endif
