/* reviewer.h: a person at `pipectl review`: whose events are posted, each once. */
#ifndef PIPED_REVIEWER_H
#define PIPED_REVIEWER_H

#include "base/rng.h"
#include "pipectl/http.h"
#include "pipectl/keys.h"

struct reviewer {
	const struct command_env *env;
	struct keys keys;
	const char *who, *queue; /* queue: its name */
	struct rng ids;
	int64_t decided; /* listings, less those that were taken back */
	int rc;
};

/* Keys come one at a time until reviewer_end. */
void reviewer_begin(struct reviewer *r, const struct command_env *env, const char *queue);
void reviewer_end(struct reviewer *r);

/* POST /api/review of `body` (taken: action and what belongs to it), with who, queue and an id of
 * its own. Where the daemon does not answer the person is asked whether to try again, which stores
 * nothing twice. False: it was not stored; `rc` and stderr say why. */
bool reviewer_post(struct reviewer *r, json_t *body, json_t **ret);

#endif
