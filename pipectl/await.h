/* await.h: work of the daemon's that goes on behind an answer: begun, then asked after until it
 * has ended. */
#ifndef PIPED_AWAIT_H
#define PIPED_AWAIT_H

#include "pipectl/http.h"

/* POSTs `body` (takes it) to `path`; `ret_id` gets the work's number. An exit code. */
int await_start(const struct command_env *env, const char *path, json_t *body, int64_t *ret_id);

/* Asks `path`/`id` until it no longer runs. At a terminal `progress` tells on one line of stderr
 * how far it is. `what` ("export") is for the message when it failed. The caller json_decrefs
 * *ret, which is untouched on failure. An exit code. */
int await_end(const struct command_env *env, const char *path, int64_t id, const char *what,
	      void (*progress)(const json_t *state), json_t **ret);

#endif
