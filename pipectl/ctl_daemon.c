#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>
#include <unistd.h>

const struct opt ctl_daemon_log_options[] = {
	{ .name = "level",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(level),
	  .value = "LEVEL",
	  .doc = "Lines of this level and above: info, warn or error (info)." },
	{ .name = "limit",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .min = 1,
	  .max = 512,
	  .doc = "How many of the newest lines (50)." },
	{ .name = NULL },
};

static void lines(const struct command_env *env, const json_t *root)
{
	const json_t *l;
	size_t i;

	json_array_foreach(json_object_get(root, "lines"), i, l)
	{
		const char *level = screen_member(l, "level");

		printf("%s %s%-5s%s %s\n", screen_member(l, "at"),
		       screen_colour(env, strcmp(level, "error") == 0  ? SCREEN_RED
					  : strcmp(level, "warn") == 0 ? SCREEN_YELLOW
								       : SCREEN_DIM),
		       level, screen_colour(env, SCREEN_PLAIN), screen_member(l, "text"));
	}
}

int ctl_daemon_log(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/log");
	http_param(&path, "level", env->opt.level);
	http_param_int(&path, "n", env->opt.limit > 0 ? env->opt.limit : 50);
	rc = show_get(env, path.p, lines);
	buf_done(&path);
	return rc;
}

/* YAML with every key's documentation: what piped.yaml could hold. */
int ctl_daemon_config(const struct command_env *env)
{
	json_t *root = NULL;
	int rc;

	if (!env->opt.json)
		return http_download(env, "/api/config?format=yaml", stdout);
	rc = http_get(env, "/api/config", &root);
	if (rc)
		return rc;
	screen_json(root);
	json_decref(root);
	return rc;
}

/* The daemon loads in the background and says in its status what came of it. */
int ctl_daemon_reload(const struct command_env *env)
{
	json_t *root = NULL;
	const json_t *r;
	int rc = http_post(env, "/api/reload", NULL, &root);

	json_decref(root);
	while (rc == EXIT_DONE) {
		root = NULL;
		rc = http_get(env, "/api/status", &root);
		if (rc)
			return rc;
		r = json_object_get(root, "reload");
		if (strcmp(screen_member(r, "state"), "running") != 0)
			break;
		json_decref(root);
		usleep(50000);
	}
	if (rc)
		return rc;
	if (env->opt.json) {
		screen_json(r);
	} else if (strcmp(screen_member(r, "state"), "failed") == 0) {
		fprintf(stderr,
			"pipectl: refused, the old configuration stays: %s\n"
			"`piped --check` prints every problem.\n",
			screen_member(r, "error"));
	} else {
		printf("reloaded\n");
	}
	rc = strcmp(screen_member(r, "state"), "failed") == 0 ? EXIT_USAGE : EXIT_DONE;
	json_decref(root);
	return rc;
}
