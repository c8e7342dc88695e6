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
	{ .name = "fresh",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(fresh),
	  .doc = "Train from nothing, though `warm-starts` would let it go on from the live "
		 "model." },
	{ .name = NULL },
};

const struct opt ctl_model_options[] = {
	{ .name = "folds",
	  .type = OPT_INT,
	  .at = COMMAND_AT(folds),
	  .value = "K",
	  .min = 2,
	  .max = 100,
	  .doc = "Of model folds: parts, each answered by a model of the others (5)." },
	{ .name = "background",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(background),
	  .doc = "Of folds and curve: do not wait for it." },
	{ .name = "stop",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(stop),
	  .doc = "Of folds and curve: give up the one that runs." },
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
	printf("started %s\n", screen_member(m, "start"));
	printf("%s\n", screen_member(json_object_get(m, "gate"), "verdict"));
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
	json_t *body = env->opt.fresh ? json_pack("{s:b}", "fresh", 1) : NULL, *root = NULL;
	int rc = http_post(env, "/api/train", body, &root);

	json_decref(body);
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

/* By the test: it has never been live on its own. */
static bool kept_back(const json_t *m)
{
	const json_t *gate = json_object_get(json_object_get(m, "metrics"), "gate");

	return strcmp(screen_member(m, "state"), "kept") == 0 && gate && !screen_true(gate, "live");
}

static void list(const struct command_env *env, const json_t *root)
{
	const json_t *all = json_object_get(root, "models"), *m, *x;
	size_t i;

	printf("%s%4s %-22s %-7s %-20s %9s %7s %7s %7s %11s%s\n", screen_colour(env, SCREEN_BOLD),
	       "ID", "NAME", "STATE", "MADE", "ROWS", "TOP-1", "TOP-3", "ECE", "SUGGESTIONS",
	       screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(all, i, m)
	{
		x = json_object_get(m, "metrics");
		printf("%4lld %-22s %-7s %-20s %9lld %6.1f%% %6.1f%% %7.3f %11lld\n",
		       (long long)screen_int(m, "id"), screen_member(m, "name"),
		       screen_member(m, "state"), screen_member(m, "made"),
		       (long long)screen_int(m, "rows"), screen_real(x, "top1") * 100,
		       screen_real(x, "top3") * 100, screen_real(x, "ece"),
		       (long long)screen_int(m, "suggestions"));
		if (screen_member(m, "trouble")[0] &&
		    strcmp(screen_member(m, "state"), "retired") != 0)
			printf("     %s%s%s\n", screen_colour(env, SCREEN_RED),
			       screen_member(m, "trouble"), screen_colour(env, SCREEN_PLAIN));
		else if (kept_back(m))
			printf("     %s%s%s\n", screen_colour(env, SCREEN_YELLOW),
			       screen_member(json_object_get(x, "gate"), "verdict"),
			       screen_colour(env, SCREEN_PLAIN));
	}
	if (!json_array_size(all))
		printf("no model yet; `pipectl train` makes one\n");
}

static void trained_on(const json_t *m, const json_t *x)
{
	const json_t *by = json_object_get(x, "sources"), *fields = json_object_get(x, "fields"),
		     *f;
	size_t i;

	printf("  trained   %s on %lld listings in %lld categories\n", screen_member(m, "made"),
	       (long long)screen_int(m, "rows"), (long long)screen_int(x, "classes"));
	if (json_is_object(by))
		printf("  labels    %lld of persons, %lld of rules, taxonomy %lld\n",
		       (long long)screen_int(by, "person"), (long long)screen_int(by, "rules"),
		       (long long)screen_int(x, "taxonomy"));
	printf("  options   %lld epochs, rate %g, seed %lld, beside the title: ",
	       (long long)screen_int(x, "epochs"), screen_real(x, "rate"),
	       (long long)screen_int(x, "seed"));
	json_array_foreach(fields, i, f) printf("%s%s", i ? ", " : "", json_string_value(f));
	printf("%s\n", json_array_size(fields) ? "" : "nothing");
	if (screen_int(x, "source_category_untold"))
		printf("            source-category is not told of %lld listings, whose label was "
		       "made "
		       "of it\n",
		       (long long)screen_int(x, "source_category_untold"));
	if (json_object_get(x, "start"))
		printf("  started   %s\n", screen_member(x, "start"));
}

static void one(const struct command_env *env, const json_t *m)
{
	const json_t *x = json_object_get(m, "metrics");
	char bytes[32];

	printf("%s%s%s  %s, number %lld\n", screen_colour(env, SCREEN_BOLD),
	       screen_member(m, "name"), screen_colour(env, SCREEN_PLAIN),
	       screen_member(m, "state"), (long long)screen_int(m, "id"));
	printf("  file      %s, %s\n", screen_member(m, "file"),
	       screen_bytes(screen_int(m, "bytes"), bytes));
	if (screen_member(m, "trouble")[0])
		printf("  %strouble   %s%s\n", screen_colour(env, SCREEN_RED),
		       screen_member(m, "trouble"), screen_colour(env, SCREEN_PLAIN));
	trained_on(m, x);
	printf("  measured  top-1 %.1f%%, top-3 %.1f%%, macro F1 %.3f, ECE %.3f on %lld held-out "
	       "listings (labels: %s)\n",
	       screen_real(x, "top1") * 100, screen_real(x, "top3") * 100,
	       screen_real(x, "macro_f1"), screen_real(x, "ece"),
	       (long long)screen_int(x, "test_rows"), screen_member(x, "held_out"));
	if (json_object_get(x, "gate"))
		printf("  verdict   %s\n", screen_member(json_object_get(x, "gate"), "verdict"));
	printf("  carried   by %lld listings\n", (long long)screen_int(m, "suggestions"));
}

static void used(const struct command_env *env, const json_t *root)
{
	(void)env;
	printf("model %s is used from now on\n", screen_member(root, "name"));
}

/* Of the verbs that name a model. */
static int named(const struct command_env *env, const char *after,
		 int (*show)(const struct command_env *env, const char *path,
			     void (*print)(const struct command_env *env, const json_t *answer)),
		 void (*print)(const struct command_env *env, const json_t *answer))
{
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/models");
	http_segment(&path, env->args[1]);
	if (after)
		http_segment(&path, after);
	rc = show(env, path.p, print);
	buf_done(&path);
	return rc;
}

int ctl_model(const struct command_env *env)
{
	const char *verb = env->args[0];

	if (strcmp(verb, "list") == 0 && env->n_args == 1)
		return show_get(env, "/api/models", list);
	if (strcmp(verb, "show") == 0 && env->n_args == 2)
		return named(env, NULL, show_get, one);
	if (strcmp(verb, "use") == 0 && env->n_args == 2)
		return named(env, "use", show_post, used);
	if (strcmp(verb, "folds") == 0 && env->n_args == 1)
		return ctl_study(env, false);
	if (strcmp(verb, "curve") == 0 && env->n_args == 1)
		return ctl_study(env, true);
	fprintf(stderr, "pipectl: model list, model show NAME, model use NAME, model folds or "
			"model curve\n");
	return EXIT_USAGE;
}
