#include "pipectl/show.h"

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
