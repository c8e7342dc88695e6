#include "pipectl/reviewer.h"

#include "base/clock.h"
#include "pipectl/ctl.h"
#include "pipectl/screen.h"

#include <string.h>
#include <sys/random.h>

void reviewer_begin(struct reviewer *r, const struct command_env *env, const char *queue)
{
	*r = (struct reviewer){ .env = env, .who = ctl_review_user(env), .queue = queue };
	if (getrandom(&r->ids.state, sizeof(r->ids.state), 0) != (ssize_t)sizeof(r->ids.state))
		r->ids.state = (uint64_t)clock_wall_ms(&clock_system);
	keys_begin(&r->keys);
}

void reviewer_end(struct reviewer *r)
{
	keys_end(&r->keys);
}

static void complete(struct reviewer *r, json_t *body)
{
	char id[33];

	snprintf(id, sizeof(id), "%016llx%016llx", (unsigned long long)rng_next(&r->ids),
		 (unsigned long long)rng_next(&r->ids));
	json_object_set_new(body, "event", json_string(id));
	json_object_set_new(body, "who", json_string(r->who));
	json_object_set_new(body, "queue", json_string(r->queue));
}

bool reviewer_post(struct reviewer *r, json_t *body, json_t **ret)
{
	char key[KEYS_MOST] = "";

	complete(r, body);
	do {
		r->rc = http_post(r->env, "/api/review", body, ret);
		if (r->rc != EXIT_NO_DAEMON)
			break;
		printf("not stored: any key tries again, q gives up: ");
		fflush(stdout);
	} while (keys_next(&r->keys, key) && strcmp(key, "q") != 0);
	json_decref(body);
	return r->rc == EXIT_DONE;
}
