#include "pipectl/show.h"

#include "base/clock.h"

#include <stdio.h>

static int show(const struct command_env *env, int rc, json_t *answer,
		void (*print)(const struct command_env *env, const json_t *answer))
{
	if (rc)
		return rc;
	if (env->opt.json)
		screen_json(answer);
	else
		print(env, answer);
	json_decref(answer);
	return rc;
}

int show_get(const struct command_env *env, const char *path,
	     void (*print)(const struct command_env *env, const json_t *answer))
{
	json_t *answer = NULL;
	int rc = http_get(env, path, &answer);

	return show(env, rc, answer, print);
}

int show_post(const struct command_env *env, const char *path,
	      void (*print)(const struct command_env *env, const json_t *answer))
{
	json_t *answer = NULL;
	int rc = http_post(env, path, NULL, &answer);

	return show(env, rc, answer, print);
}

void show_visit(const json_t *v, int width)
{
	char every[32];

	if (!json_is_object(v))
		return;
	clock_span(screen_int(v, "interval_s") * 1000, every);
	printf("  %-*s %lld, changed at %lld of them, every %s\n", width, "visits",
	       (long long)screen_int(v, "visits"), (long long)screen_int(v, "changes"), every);
	printf("  %-*s %s, changed %s (page %lld)\n", width, "held", screen_member(v, "held"),
	       screen_member(v, "changed"), (long long)screen_int(v, "page"));
	if (screen_member(v, "etag")[0])
		printf("  %-*s %s\n", width, "etag", screen_member(v, "etag"));
	if (screen_member(v, "last_modified")[0])
		printf("  %-*s %s\n", width, "modified", screen_member(v, "last_modified"));
}
