#include "base/file.h"
#include "pipectl/ctl.h"
#include "pipectl/ctl_trial.h"
#include "pipectl/http.h"

#include <errno.h>
#include <string.h>

/* As the route takes them. */
#define MOST_BYTES ((size_t)32 << 20)

const struct opt ctl_source_test_options[] = {
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
	{ .name = "limit",
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .min = 1,
	  .max = 5000,
	  .doc = "At most so many listings (20)." },
	{ .name = NULL },
};

static int usage(const char *why)
{
	fprintf(stderr, "pipectl: %s; `pipectl help source` says more\n", why);
	return EXIT_USAGE;
}

static int read_stdin(struct buf *to)
{
	char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), stdin)) > 0)
		if (buf_add(to, (struct str){ block, n }))
			return usage("the page is too big");
	if (!ferror(stdin))
		return EXIT_DONE;
	fprintf(stderr, "pipectl: standard input: %s\n", strerror(errno));
	return EXIT_FAILED;
}

/* Adds a file's bytes to the body. */
static int add_file(const char *path, struct buf *body)
{
	struct reason why = { "" };

	if (strcmp(path, "-") == 0)
		return read_stdin(body);
	if (!file_read(path, body, &why))
		return EXIT_DONE;
	fprintf(stderr, "pipectl: %s\n", why.text);
	return EXIT_USAGE;
}

static int add_config(const struct command_env *env, struct buf *path, struct buf *body)
{
	int rc;

	if (!env->opt.config)
		return EXIT_DONE;
	rc = add_file(env->opt.config, body);
	if (!rc && !body->n)
		rc = usage("the configuration is empty");
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
			return usage("--url is of a file");
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
	rc = add_file(what, body);
	return !rc && body->n == before ? usage("the page is empty") : rc;
}

static int problems(const json_t *list)
{
	const json_t *p;
	size_t i;

	json_array_foreach(list, i, p)
	{
		fprintf(stderr, "%s:", screen_member(p, "file"));
		if (screen_int(p, "line"))
			fprintf(stderr, "%lld:%lld:", (long long)screen_int(p, "line"),
				(long long)screen_int(p, "column"));
		fprintf(stderr, " %s\n", screen_member(p, "text"));
	}
	return EXIT_USAGE;
}

static int show(const struct command_env *env, const json_t *root)
{
	const json_t *wrong = json_object_get(root, "problems");
	int rc = screen_true(root, "good") ? EXIT_DONE : EXIT_FAILED;

	if (env->opt.json)
		screen_json(root);
	if (json_array_size(wrong))
		return problems(wrong);
	if (!env->opt.json)
		ctl_trial_print(env, root);
	return rc;
}

int ctl_source_test(const struct command_env *env)
{
	json_t *root = NULL;
	struct buf path, body;
	int rc;

	if (strcmp(env->args[0], "test") != 0)
		return usage("source test SOURCE URL|LISTING|FILE");
	buf_init(&path, HTTP_MOST_PATH);
	buf_init(&body, MOST_BYTES);
	buf_add_text(&path, "/api/sources");
	http_segment(&path, env->args[1]);
	buf_add_text(&path, "/test");
	http_param(&path, "kind", env->opt.page_kind);
	if (env->opt.limit > 0)
		http_param_int(&path, "limit", env->opt.limit);
	rc = add_config(env, &path, &body);
	if (!rc)
		rc = add_page(env, &path, &body);
	if (!rc)
		rc = http_post_bytes(env, path.p, buf_str(&body), &root);
	if (!rc)
		rc = show(env, root);
	json_decref(root);
	buf_done(&body);
	buf_done(&path);
	return rc;
}
