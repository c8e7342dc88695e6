#include "pipectl/await.h"
#include "pipectl/ctl.h"
#include "pipectl/screen.h"

#include <errno.h>
#include <string.h>

const struct opt ctl_evaluate_options[] = {
	{ .name = "source",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "LABELS",
	  .doc = "Whose labels are the truth: reviewed (a person's), all, or seller (what the "
		 "seller's own category maps to). Without it reviewed ones, or all while fewer "
		 "than 100 are reviewed." },
	{ .name = "html",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(out),
	  .value = "FILE",
	  .doc = "Also write the report as one page with plots." },
	{ .name = "precision",
	  .type = OPT_REAL,
	  .at = COMMAND_AT(precision),
	  .value = "P",
	  .max = 1,
	  .doc = "Say from which confidence on this share of first suggestions is right, as "
		 "reviewed "
		 "listings show it (0.95)." },
	{ .name = NULL },
};

#define PATH "/api/evaluate"

static int start(const struct command_env *env, int64_t *ret_id)
{
	json_t *body = json_pack("{}");
	char precision[32];

	if (env->n_args)
		json_object_set_new(body, "model", json_string(env->args[0]));
	if (env->opt.source)
		json_object_set_new(body, "labels", json_string(env->opt.source));
	snprintf(precision, sizeof(precision), "%.10g", env->opt.precision);
	if (env->opt.precision > 0)
		json_object_set_new(body, "precision", json_string(precision));
	return await_start(env, PATH, body, ret_id);
}

static void progress(const json_t *state)
{
	fprintf(stderr, "%s %.0f%%", screen_member(state, "what"),
		screen_real(state, "progress") * 100);
}

static int page(const struct command_env *env, int64_t id, const char *format, FILE *to)
{
	char path[64];

	snprintf(path, sizeof(path), PATH "/%lld?format=%s", (long long)id, format);
	return http_download(env, path, to);
}

static int write_html(const struct command_env *env, int64_t id)
{
	FILE *f = fopen(env->opt.out, "we");
	int rc;

	if (!f) {
		fprintf(stderr, "pipectl: cannot write %s: %s\n", env->opt.out, strerror(errno));
		return EXIT_FAILED;
	}
	rc = page(env, id, "html", f);
	if (fclose(f) != 0 && rc == EXIT_DONE) {
		fprintf(stderr, "pipectl: cannot write %s: %s\n", env->opt.out, strerror(errno));
		rc = EXIT_FAILED;
	}
	return rc;
}

int ctl_evaluate(const struct command_env *env)
{
	json_t *root = NULL;
	int64_t id = 0;
	int rc = start(env, &id);

	if (!rc)
		/* The daemon gives up what is not asked after. */
		rc = await_end(env, PATH, id, "evaluation", progress, &root);
	if (!rc && env->opt.json) {
		screen_json(root);
	} else if (!rc) {
		printf("model %s on %lld held-out listings, labels: %s\n\n",
		       screen_member(root, "model"), (long long)screen_int(root, "rows"),
		       screen_member(root, "labels"));
		fflush(stdout);
		rc = page(env, id, "text", stdout);
	}
	if (!rc && env->opt.out)
		rc = write_html(env, id);
	json_decref(root);
	return rc;
}
