#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>
#include <unistd.h>

const struct opt ctl_model_train_options[] = {
	{ .name = "wait",
	  .letter = 'w',
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(wait),
	  .doc = "Wait until it is done, show how far it is, and print the result." },
	{ .name = NULL },
};

static void metrics(const json_t *m)
{
	printf("trained on %lld listings in %lld categories: top-1 %.1f%%, top-3 %.1f%%, macro F1 "
	       "%.3f, ECE %.3f on %lld held-out listings\n",
	       (long long)screen_int(m, "rows"), (long long)screen_int(m, "classes"),
	       screen_real(m, "top1") * 100, screen_real(m, "top3") * 100,
	       screen_real(m, "macro_f1"), screen_real(m, "ece"),
	       (long long)screen_int(m, "test_rows"));
}

static int wait_trained(const struct command_env *env)
{
	bool tty = isatty(STDERR_FILENO);
	json_t *root;
	const json_t *t;
	const char *state;
	int rc;

	for (;;) {
		root = NULL;
		rc = http_get(env, "/api/status", &root);
		if (rc)
			return rc;
		t = json_object_get(root, "train");
		state = screen_member(t, "state");
		if (strcmp(state, "running") != 0)
			break;
		if (tty)
			fprintf(stderr, "\r\033[K%s %.0f%%", screen_member(t, "what"),
				screen_real(t, "progress") * 100);
		json_decref(root);
		usleep(200000);
	}
	if (tty)
		fprintf(stderr, "\r\033[K");
	if (strcmp(state, "failed") == 0) {
		fprintf(stderr, "pipectl: training failed: %s\n", screen_member(t, "error"));
		rc = EXIT_FAILED;
	} else if (env->opt.json) {
		screen_json(json_object_get(t, "metrics"));
	} else {
		metrics(json_object_get(t, "metrics"));
	}
	json_decref(root);
	return rc;
}

int ctl_model_train(const struct command_env *env)
{
	json_t *root = NULL;
	int rc = http_post(env, "/api/train", NULL, &root);

	if (rc)
		return rc;
	if (env->opt.wait)
		rc = wait_trained(env);
	else if (env->opt.json)
		screen_json(root);
	else
		printf("training has started; `pipectl status` shows how far it is\n");
	json_decref(root);
	return rc;
}

const struct opt ctl_model_options[] = {
	{ .name = "use",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(text),
	  .value = "ID",
	  .doc = "Make this model the one that suggests; suggestions are made again." },
	{ .name = NULL },
};

static void list(const struct command_env *env, const json_t *root)
{
	const json_t *all = json_object_get(root, "models"), *m, *x;
	size_t i;

	printf("%s%4s %-22s %-5s %-20s %9s %7s %7s %7s %11s%s\n", screen_colour(env, SCREEN_BOLD),
	       "ID", "NAME", "STATE", "MADE", "ROWS", "TOP-1", "TOP-3", "ECE", "SUGGESTIONS",
	       screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(all, i, m)
	{
		x = json_object_get(m, "metrics");
		printf("%4lld %-22s %-5s %-20s %9lld %6.1f%% %6.1f%% %7.3f %11lld\n",
		       (long long)screen_int(m, "id"), screen_member(m, "name"),
		       screen_member(m, "state"), screen_member(m, "made"),
		       (long long)screen_int(m, "rows"), screen_real(x, "top1") * 100,
		       screen_real(x, "top3") * 100, screen_real(x, "ece"),
		       (long long)screen_int(m, "suggestions"));
	}
	if (!json_array_size(all))
		printf("no model yet; `pipectl train` makes one\n");
}

static void used(const struct command_env *env, const json_t *root)
{
	(void)root;
	printf("model %s is used from now on\n", env->opt.text);
}

static int use(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/models");
	http_segment(&path, env->opt.text);
	http_segment(&path, "use");
	rc = show_post(env, path.p, used);
	buf_done(&path);
	return rc;
}

int ctl_model_list(const struct command_env *env)
{
	return env->opt.text ? use(env) : show_get(env, "/api/models", list);
}
