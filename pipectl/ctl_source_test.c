#include "base/file.h"
#include "pipectl/ctl.h"
#include "pipectl/ctl_page.h"
#include "pipectl/ctl_trial.h"
#include "pipectl/http.h"

#include <string.h>

const struct opt ctl_source_options[] = {
	{ .name = "url",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(url),
	  .value = "URL",
	  .doc = "Of a file: the page's address, for relative ones on it and for what it was." },
	{ .name = "page",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(page_kind),
	  .value = "KIND",
	  .doc = "Read as this page kind." },
	{ .name = "config",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(config),
	  .value = "FILE",
	  .doc = "A source's file, used instead of the one that the daemon has loaded." },
	{ .name = "fetch",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(fetch),
	  .doc = "Test: have an address that the archive does not have fetched first." },
	{ .name = "name",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(name),
	  .value = "NAME",
	  .doc = "New: what the source is called; without it, after the page's host." },
	{ .name = "out",
	  .letter = 'o',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(out),
	  .value = "FILE",
	  .doc = "New: where the draft is written, instead of standard output." },
	{ .name = "force",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(force),
	  .doc = "New: write over a file that is there." },
	{ .name = "limit",
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .min = 1,
	  .max = 5000,
	  .doc = "At most so many listings (20)." },
	{ .name = NULL },
};

static int add_config(const struct command_env *env, struct buf *path, struct buf *body)
{
	int rc;

	if (!env->opt.config)
		return EXIT_DONE;
	rc = ctl_page_add(env->opt.config, body);
	if (!rc && !body->n)
		rc = ctl_page_usage("the configuration is empty");
	http_param(path, "config", env->opt.config);
	http_param_int(path, "config_bytes", (int64_t)body->n);
	return rc;
}

/* What is looked at: an address, SOURCE/ID, a row number, or a file. */
static int add_page(const struct command_env *env, struct buf *path, struct buf *body)
{
	const char *source = env->args[1], *what = env->args[2];
	size_t n = strlen(source), before = body->n;
	int64_t row;
	int rc;

	if (strstr(what, "://")) {
		if (env->opt.url)
			return ctl_page_usage("--url is of a file");
		http_param(path, "url", what);
		return EXIT_DONE;
	}
	if (str_i64(str_of(what), &row)) {
		http_param(path, "listing", what);
		return EXIT_DONE;
	}
	if (strncmp(what, source, n) == 0 && what[n] == '/' && !file_exists(what)) {
		http_param(path, "ext_id", what + n + 1);
		return EXIT_DONE;
	}
	http_param(path, "url", env->opt.url);
	rc = ctl_page_add(what, body);
	return !rc && body->n == before ? ctl_page_usage("the page is empty") : rc;
}

static int show(const struct command_env *env, const json_t *root)
{
	const json_t *wrong = json_object_get(root, "problems");
	int rc = screen_true(root, "good") ? EXIT_DONE : EXIT_FAILED;

	if (env->opt.json)
		screen_json(root);
	if (json_array_size(wrong))
		return ctl_page_problems(wrong);
	if (!env->opt.json)
		ctl_trial_print(env, root);
	return rc;
}

static bool is_unknown(const json_t *root)
{
	return json_is_false(json_object_get(root, "archived"));
}

/* An address whose page the archive does not have is tested once it was fetched. */
static int post(const struct command_env *env, const char *path, struct str body, json_t **ret)
{
	const char *url = env->args[2];
	int rc = http_post_bytes(env, path, body, ret);

	if (rc || !is_unknown(*ret))
		return rc;
	rc = ctl_crawl_fetch(env, url, json_string_value(json_object_get(*ret, "crawl_as")));
	json_decref(*ret);
	*ret = NULL;
	if (!rc)
		rc = http_post_bytes(env, path, body, ret);
	if (!rc && is_unknown(*ret)) {
		fprintf(stderr, "pipectl: %s has no page that can be read\n", url);
		rc = EXIT_FAILED;
	}
	return rc;
}

static int test(const struct command_env *env)
{
	json_t *root = NULL;
	struct buf path, body;
	int rc;

	if (env->n_args != 3)
		return ctl_page_usage("source test SOURCE URL|LISTING|FILE");
	buf_init(&path, HTTP_MOST_PATH);
	buf_init(&body, CTL_PAGE_BYTES);
	buf_add_text(&path, "/api/sources");
	http_segment(&path, env->args[1]);
	buf_add_text(&path, "/test");
	http_param(&path, "kind", env->opt.page_kind);
	http_param(&path, "fetch", env->opt.fetch ? "yes" : NULL);
	if (env->opt.limit > 0)
		http_param_int(&path, "limit", env->opt.limit);
	rc = add_config(env, &path, &body);
	if (!rc)
		rc = add_page(env, &path, &body);
	if (!rc)
		rc = post(env, path.p, buf_str(&body), &root);
	if (!rc)
		rc = show(env, root);
	json_decref(root);
	buf_done(&body);
	buf_done(&path);
	return rc;
}

int ctl_source(const struct command_env *env)
{
	if (strcmp(env->args[0], "test") == 0)
		return test(env);
	if (strcmp(env->args[0], "new") == 0)
		return ctl_source_new(env);
	return ctl_page_usage("source test SOURCE URL|LISTING|FILE, or source new URL|FILE");
}
