#include "base/file.h"
#include "pipectl/ctl.h"
#include "pipectl/ctl_page.h"
#include "pipectl/http.h"
#include "pipectl/screen.h"

#include <string.h>

static bool is_url(const char *s)
{
	return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

/* --- what was found, for people */

static void fill(const json_t *way)
{
	const json_t *f;
	size_t i;

	json_array_foreach(json_object_get(way, "fields"), i, f)
	{
		fprintf(stderr, "  %-12s %5lld of %-5lld %s", screen_member(f, "field"),
			(long long)screen_int(f, "found"), (long long)screen_int(way, "listings"),
			screen_member(f, "sample"));
		if (screen_member(f, "reader")[0])
			fprintf(stderr, "  (%s)", screen_member(f, "reader"));
		fputc('\n', stderr);
	}
}

static void summary(const json_t *root)
{
	const json_t *best = json_object_get(root, "best"), *w;
	long long n = (long long)screen_int(best, "listings");
	size_t i;

	fprintf(stderr, "%s: %lld listing%s, %lld rejected, by format %s, %s\n",
		screen_member(root, "source"), n, n == 1 ? "" : "s",
		(long long)screen_int(best, "rejected"), screen_member(best, "format"),
		screen_member(best, "what"));
	fill(best);
	json_array_foreach(json_object_get(root, "others"), i, w) fprintf(
		stderr, "another way: format %s, %s: %lld listings\n", screen_member(w, "format"),
		screen_member(w, "what"), (long long)screen_int(w, "listings"));
}

static int nothing(const json_t *root)
{
	const char *url = screen_member(root, "url");
	const json_t *w;
	size_t i;

	fprintf(stderr,
		"pipectl: no listings are found on %s: it marks up no products, and no region or "
		"array of it repeats with titles and prices.\n"
		"Try a page that lists things for sale, or a page about one. Where a browser shows "
		"them, but the page has none, its scripts fetch them: draft from the JSON address "
		"that they ask (the browser's network log has it).\n",
		url[0] ? url : "the page");
	json_array_foreach(json_object_get(root, "others"), i, w) fprintf(
		stderr, "tried: format %s, %s: %lld listings%s%s\n", screen_member(w, "format"),
		screen_member(w, "what"), (long long)screen_int(w, "listings"),
		json_is_string(json_object_get(w, "trouble")) ? ": " : "",
		screen_member(w, "trouble"));
	return EXIT_FAILED;
}

static int show(const struct command_env *env, const json_t *root)
{
	const char *yaml = json_string_value(json_object_get(root, "yaml"));
	int rc = EXIT_DONE;

	if (env->opt.json)
		screen_json(root);
	if (!yaml)
		return nothing(root);
	if (env->opt.out)
		rc = ctl_page_write(env, yaml);
	else if (!env->opt.json)
		fputs(yaml, stdout);
	if (!rc)
		summary(root);
	return rc;
}

/* --- asking */

static int draft(const struct command_env *env, struct str body, json_t **ret)
{
	const char *what = env->args[1];
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/sources/draft");
	http_param(&path, "url", is_url(what) ? what : env->opt.url);
	http_param(&path, "name", env->opt.name);
	rc = http_post_bytes(env, path.p, body, ret);
	buf_done(&path);
	return rc;
}

/* A page that the archive does not have is fetched, as every page is, and then looked at. */
static int of_url(const struct command_env *env, json_t **ret)
{
	const struct str none = { 0 };
	int rc = draft(env, none, ret);

	if (rc || screen_true(*ret, "archived"))
		return rc;
	rc = ctl_crawl_fetch(env, env->args[1],
			     json_string_value(json_object_get(*ret, "crawl_as")));
	json_decref(*ret);
	*ret = NULL;
	if (!rc)
		rc = draft(env, none, ret);
	if (!rc && !screen_true(*ret, "archived")) {
		fprintf(stderr, "pipectl: %s has no page that can be read\n", env->args[1]);
		rc = EXIT_FAILED;
	}
	return rc;
}

int ctl_source_new(const struct command_env *env)
{
	json_t *root = NULL;
	struct buf body;
	int rc;

	if (env->n_args != 2)
		return ctl_page_usage("source new URL|FILE");
	if (is_url(env->args[1]) && env->opt.url)
		return ctl_page_usage("--url is of a file");
	if (env->opt.out && !env->opt.force && file_exists(env->opt.out)) {
		fprintf(stderr, "pipectl: %s is there already; --force writes over it\n",
			env->opt.out);
		return EXIT_USAGE;
	}
	buf_init(&body, CTL_PAGE_BYTES);
	if (is_url(env->args[1])) {
		rc = of_url(env, &root);
	} else {
		rc = ctl_page_add(env->args[1], &body);
		if (!rc && !body.n)
			rc = ctl_page_usage("the page is empty");
		if (!rc)
			rc = draft(env, buf_str(&body), &root);
	}
	if (!rc)
		rc = show(env, root);
	json_decref(root);
	buf_done(&body);
	return rc;
}
