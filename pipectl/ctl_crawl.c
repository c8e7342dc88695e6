#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>
#include <unistd.h>

#define POLL_US 200000

const struct opt ctl_crawl_options[] = {
	{ .name = "source",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "The source that they belong to." },
	{ .name = "page",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(page_kind),
	  .value = "KIND",
	  .doc = "The page kind that they are of." },
	{ .name = "wait",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(wait),
	  .doc = "Until each has come to an end; then what came of it." },
	{ .name = NULL },
};

static int ask(const struct command_env *env, const char *const *url, int n, const char *source,
	       json_t **ret)
{
	json_t *body = json_pack("{}"), *urls = json_pack("[]");
	int rc;

	for (int i = 0; i < n; i++)
		json_array_append_new(urls, json_string(url[i]));
	json_object_set_new(body, "urls", urls);
	if (source)
		json_object_set_new(body, "source", json_string(source));
	if (env->opt.page_kind)
		json_object_set_new(body, "page", json_string(env->opt.page_kind));
	rc = http_post(env, "/api/crawl", body, ret);
	json_decref(body);
	return rc;
}

/* What the daemon knows of it now. */
static int look(const struct command_env *env, const json_t *job, json_t **ret)
{
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/why");
	http_param(&path, "url", json_string_value(json_object_get(job, "url")));
	http_param(&path, "source", json_string_value(json_object_get(job, "source")));
	rc = http_get(env, path.p, ret);
	buf_done(&path);
	return rc;
}

/* A page that is asked again some day is due after its end, too: then there is
 * a new page, and no failed try since. */
static bool ended(const json_t *asked, const json_t *now)
{
	const json_t *job = json_object_get(now, "job"), *page = json_object_get(now, "page");

	if (strcmp(screen_member(job, "state"), "due") != 0)
		return true;
	return screen_int(page, "id") > screen_int(asked, "newest_page") &&
	       screen_int(job, "attempts") == 0;
}

/* What may take long, or for ever. */
static bool is_stuck(const json_t *now)
{
	static const char *const codes[] = { "retrying", "paused", "held", "host" };
	const char *code = screen_member(now, "code");

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return strcmp(code, "robots") == 0 &&
	       json_is_null(json_object_get(json_object_get(now, "robots"), "allowed"));
}

/* Why it is not asked yet, to stderr, each reason once in a row. */
static void tell(const json_t *asked, const json_t *now, char said[64])
{
	if (strcmp(said, screen_member(now, "code")) == 0 ||
	    strcmp("under-way", screen_member(now, "code")) == 0)
		return;
	snprintf(said, 64, "%s", screen_member(now, "code"));
	fprintf(stderr, "%s: %s\n", screen_member(asked, "url"), screen_member(now, "answer"));
}

/* Waits for one; *ret is what /api/why says of it at its end. `patient`: whatever it waits for;
 * else EXIT_FAILED once that may take long, and it stays due. */
static int wait_for(const struct command_env *env, const json_t *asked, bool patient, json_t **ret)
{
	char said[64] = "queued";
	json_t *root, *now;
	int rc;

	for (;;) {
		rc = look(env, asked, &root);
		if (rc)
			return rc;
		now = json_array_get(json_object_get(root, "sources"), 0);
		if (ended(asked, now)) {
			*ret = json_incref(now);
			json_decref(root);
			return EXIT_DONE;
		}
		tell(asked, now, said);
		rc = !patient && is_stuck(now) ? EXIT_FAILED : EXIT_DONE;
		json_decref(root);
		if (rc)
			return rc;
		usleep(POLL_US);
	}
}

static int code_of(const char *state)
{
	return strcmp(state, "gone") == 0				       ? EXIT_NOT_FOUND
	       : strcmp(state, "failed") == 0 || strcmp(state, "refused") == 0 ? EXIT_FAILED
									       : EXIT_DONE;
}

static void print(const json_t *asked, const json_t *now)
{
	const json_t *job = json_object_get(now, "job"), *page = json_object_get(now, "page");

	printf("job %lld  %s", (long long)screen_int(job, "id"),
	       strcmp(screen_member(job, "state"), "due") ? screen_member(job, "state") : "done");
	if (screen_int(page, "id") > screen_int(asked, "newest_page"))
		printf(", status %lld, %lld listings (page %lld)",
		       (long long)screen_int(page, "status"),
		       (long long)screen_int(page, "listings"), (long long)screen_int(page, "id"));
	printf("  %s\n", screen_member(asked, "url"));
	if (screen_member(job, "reason")[0])
		printf("  %s\n", screen_member(job, "reason"));
}

/* The worst of all: a failure, then what was gone. */
static int wait_all(const struct command_env *env, json_t *root)
{
	int rc = EXIT_DONE, one;
	json_t *asked, *now;
	size_t i;

	json_array_foreach(json_object_get(root, "jobs"), i, asked)
	{
		one = wait_for(env, asked, true, &now);
		if (one)
			return one;
		if (!env->opt.json)
			print(asked, now);
		one = code_of(screen_member(json_object_get(now, "job"), "state"));
		if (rc != EXIT_FAILED && one)
			rc = one;
		json_object_set_new(asked, "end", now);
	}
	return rc;
}

int ctl_crawl(const struct command_env *env)
{
	json_t *root = NULL;
	const json_t *j;
	int rc = ask(env, env->args, env->n_args, env->opt.source, &root);
	size_t i;

	if (rc)
		return rc;
	if (env->opt.wait)
		rc = wait_all(env, root);
	if (env->opt.json)
		screen_json(root);
	else if (!env->opt.wait)
		json_array_foreach(json_object_get(root, "jobs"), i, j)
			printf("job %lld  %s, page kind %s  %s\n", (long long)screen_int(j, "job"),
			       screen_member(j, "source"), screen_member(j, "page"),
			       screen_member(j, "url"));
	json_decref(root);
	return rc;
}

int ctl_crawl_fetch(const struct command_env *env, const char *url, const char *source)
{
	json_t *root = NULL, *now = NULL;
	const json_t *asked, *job, *page;
	int rc = ask(env, &url, 1, source, &root);

	if (rc)
		return rc;
	asked = json_array_get(json_object_get(root, "jobs"), 0);
	rc = wait_for(env, asked, false, &now);
	if (rc == EXIT_FAILED)
		fprintf(stderr,
			"pipectl: %s was not fetched; it stays due, and the daemon goes on trying: "
			"the same command finds it later\n",
			url);
	if (!rc) {
		job = json_object_get(now, "job");
		page = json_object_get(now, "page");
		rc = code_of(screen_member(job, "state"));
		if (rc)
			fprintf(stderr, "pipectl: %s was not fetched: %s%s%s\n", url,
				screen_member(job, "state"),
				screen_member(job, "reason")[0] ? ": " : "",
				screen_member(job, "reason"));
		else
			fprintf(stderr, "%s: fetched, status %lld (page %lld)\n", url,
				(long long)screen_int(page, "status"),
				(long long)screen_int(page, "id"));
	}
	json_decref(now);
	json_decref(root);
	return rc;
}
