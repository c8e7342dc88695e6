#include "pipectl/ctl_rules.h"

#include "pipectl/await.h"
#include "pipectl/ctl.h"
#include "pipectl/ctl_page.h"
#include "pipectl/ctl_rules_show.h"

#include <stdlib.h>
#include <string.h>

const struct opt ctl_rules_options[] = {
	{ .name = "source",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "Test: the titles are of this source." },
	{ .name = "category",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(category),
	  .value = "ID",
	  .doc = "Test: ... of this category of the source's own." },
	{ .name = "category-path",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(category_path),
	  .value = "A>B>C",
	  .doc = "Test: ... below these." },
	{ .name = "brand",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(brand),
	  .value = "BRAND",
	  .doc = "Test: ... of this brand." },
	{ .name = "condition",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(condition),
	  .value = "TEXT",
	  .doc = "Test: ... of this condition." },
	{ .name = "price",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(price),
	  .value = "N",
	  .doc = "Test: ... at this price, in whole units of its currency." },
	{ .name = "all",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(all),
	  .doc = "Test, diff: what is given takes the place of all rules, not only of the file of "
		 "its "
		 "name. A folder always does." },
	{ .name = NULL },
};

static int usage(void)
{
	return ctl_page_usage(
		"rules, rules test FILE TITLE..., rules diff FILE|FOLDER, rules stats, "
		"or rules suggest");
}

/* A folder holds all rules. */
static void param_all(const struct command_env *env, const char *path, struct buf *url)
{
	http_param(url, "all", env->opt.all || ctl_rules_is_folder(path) ? "yes" : NULL);
}

static int faulty(const json_t *root)
{
	const json_t *p;
	size_t i;

	json_array_foreach(json_object_get(root, "problems"), i, p)
	{
		fprintf(stderr, "%s:", screen_member(p, "file"));
		if (screen_int(p, "line"))
			fprintf(stderr, "%lld:%lld:", (long long)screen_int(p, "line"),
				(long long)screen_int(p, "column"));
		fprintf(stderr, " %s\n", screen_member(p, "text"));
	}
	return json_array_size(json_object_get(root, "problems")) ? EXIT_USAGE : EXIT_DONE;
}

/* ---- test */

static void add_titles(const struct command_env *env, struct buf *to)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	for (int i = 2; i < env->n_args; i++)
		buf_fmt(to, "%s\n", env->args[i]);
	while (env->n_args == 2 && (n = getline(&line, &room, stdin)) > 0)
		buf_add(to, (struct str){ line, (size_t)n });
	free(line);
}

static int add_test(const struct command_env *env, struct buf *url, struct buf *body)
{
	const struct command_opt *o = &env->opt;
	struct buf titles;
	int rc = EXIT_DONE;

	buf_add_text(url, "/api/rules/test");
	http_param(url, "source", o->source);
	http_param(url, "category", o->category);
	http_param(url, "category_path", o->category_path);
	http_param(url, "brand", o->brand);
	http_param(url, "condition", o->condition);
	http_param(url, "price", o->price);
	param_all(env, env->args[1], url);
	if (strcmp(env->args[1], "-") != 0)
		rc = ctl_rules_pack(env->args[1], body);
	if (rc)
		return rc;
	buf_init(&titles, CTL_RULES_BYTES);
	add_titles(env, &titles);
	rc = ctl_rules_add("-", buf_str(&titles), body);
	buf_done(&titles);
	return rc;
}

static int test(const struct command_env *env)
{
	json_t *root = NULL;
	struct buf url, body;
	int rc;

	if (env->n_args < 2)
		return usage();
	buf_init(&url, HTTP_MOST_PATH);
	buf_init(&body, CTL_RULES_BYTES);
	rc = add_test(env, &url, &body);
	if (!rc)
		rc = http_post_bytes(env, url.p, buf_str(&body), &root);
	if (!rc && env->opt.json)
		screen_json(root);
	if (!rc)
		rc = faulty(root);
	if (!rc && !env->opt.json)
		ctl_rules_show_test(env, root);
	json_decref(root);
	buf_done(&body);
	buf_done(&url);
	return rc;
}

/* ---- what takes longer */

static void progress(const json_t *state)
{
	char n[32];

	fprintf(stderr, "%s listings", screen_count(screen_int(state, "listings"), n));
}

static int end(const struct command_env *env, const json_t *started,
	       void (*show)(const struct command_env *env, const json_t *report))
{
	json_t *root = NULL;
	int rc = faulty(started);

	if (!rc)
		rc = await_end(env, "/api/rules/tasks", screen_int(started, "id"), "task", progress,
			       &root);
	if (!rc && env->opt.json)
		screen_json(json_object_get(root, "report"));
	else if (!rc)
		show(env, json_object_get(root, "report"));
	json_decref(root);
	return rc;
}

static int diff(const struct command_env *env)
{
	json_t *started = NULL;
	struct buf url, body;
	int rc;

	if (env->n_args != 2)
		return usage();
	buf_init(&url, HTTP_MOST_PATH);
	buf_init(&body, CTL_RULES_BYTES);
	buf_add_text(&url, "/api/rules/diff");
	param_all(env, env->args[1], &url);
	rc = ctl_rules_pack(env->args[1], &body);
	if (!rc)
		rc = http_post_bytes(env, url.p, buf_str(&body), &started);
	if (!rc)
		rc = end(env, started, ctl_rules_show_diff);
	json_decref(started);
	buf_done(&body);
	buf_done(&url);
	return rc;
}

static int task(const struct command_env *env, const char *path,
		void (*show)(const struct command_env *env, const json_t *report))
{
	json_t *started = NULL;
	int rc;

	if (env->n_args != 1)
		return usage();
	rc = http_post(env, path, NULL, &started);
	if (!rc)
		rc = end(env, started, show);
	json_decref(started);
	return rc;
}

int ctl_rules(const struct command_env *env)
{
	const char *what = env->n_args ? env->args[0] : "";

	if (!env->n_args)
		return ctl_label_rules(env);
	if (strcmp(what, "test") == 0)
		return test(env);
	if (strcmp(what, "diff") == 0)
		return diff(env);
	if (strcmp(what, "stats") == 0)
		return task(env, "/api/rules/stats", ctl_rules_show_stats);
	if (strcmp(what, "suggest") == 0)
		return task(env, "/api/rules/suggest", ctl_rules_show_suggest);
	return usage();
}
