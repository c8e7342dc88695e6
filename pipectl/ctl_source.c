#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>

static void list(const struct command_env *env, const json_t *root)
{
	const json_t *s, *t, *jobs;
	char n[32];
	size_t i;

	printf("%s%-16s %-10s %8s %8s %8s %12s %8s%s\n", screen_colour(env, SCREEN_BOLD), "SOURCE",
	       "STATE", "RATE", "DUE", "DONE", "LISTINGS", "CHANGES",
	       screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(root, "sources"), i, s)
	{
		t = json_object_get(s, "tallies");
		jobs = json_object_get(s, "jobs");
		screen_cell(str_of(screen_member(s, "source")), 16);
		printf(" %-10s %6.3g/s %8lld %8lld %12s %8lld\n",
		       !screen_true(s, "configured")	? "removed"
		       : !screen_true(s, "enabled")	? "disabled"
		       : screen_member(s, "missing")[0] ? "waits"
		       : screen_true(s, "paused")	? "paused"
							: "active",
		       screen_real(s, "rate"), (long long)screen_int(jobs, "due"),
		       (long long)screen_int(jobs, "done"),
		       screen_count(screen_int(t, "listings"), n),
		       (long long)screen_int(t, "changes"));
		if (screen_member(s, "missing")[0])
			printf("  %s\n", screen_member(s, "missing"));
	}
}

int ctl_source_list(const struct command_env *env)
{
	return show_get(env, "/api/sources", list);
}

static void windows_head(const struct command_env *env)
{
	printf("%s%-16s %8s %8s %8s %12s %12s %12s%s\n", screen_colour(env, SCREEN_BOLD), "SOURCE",
	       "LISTS", "PARTS", "WAITING", "RESULTS", "REACHED", "UNREACHABLE",
	       screen_colour(env, SCREEN_PLAIN));
}

static void windows_line(const json_t *s)
{
	screen_cell(str_of(screen_member(s, "source")), 16);
	printf(" %8lld %8lld %8lld %12lld %12lld %12lld\n", (long long)screen_int(s, "lists"),
	       (long long)screen_int(s, "parts"), (long long)screen_int(s, "waiting"),
	       (long long)screen_int(s, "total"), (long long)screen_int(s, "reached"),
	       (long long)screen_int(s, "unreachable"));
}

static void windows(const struct command_env *env, const json_t *root)
{
	const json_t *s;
	size_t i;

	windows_head(env);
	json_array_foreach(json_object_get(root, "sources"), i, s) windows_line(s);
}

static void parts(const struct command_env *env, const json_t *root)
{
	const json_t *p;
	size_t i;

	windows_head(env);
	windows_line(root);
	printf("\n%s%8s %-6s %10s %10s  %s%s\n", screen_colour(env, SCREEN_BOLD), "JOB", "LIST",
	       "RESULTS", "LOST", "VARIABLES", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(root, "shown"), i, p)
		printf("%8lld %-6s %10lld %10lld  %s  %s\n", (long long)screen_int(p, "job"),
		       screen_member(p, "says"), (long long)screen_int(p, "total"),
		       (long long)screen_int(p, "lost"), screen_member(p, "vars"),
		       screen_member(p, "reason"));
}

int ctl_source_windows(const struct command_env *env)
{
	struct buf path;
	int rc;

	if (!env->n_args)
		return show_get(env, "/api/windows", windows);
	buf_init(&path, 4096);
	buf_add_text(&path, "/api/windows");
	http_segment(&path, env->args[0]);
	rc = show_get(env, path.p, parts);
	buf_done(&path);
	return rc;
}

static int steer(const struct command_env *env, const char *act, const char *done)
{
	const char *name = env->n_args ? env->args[0] : "_all";
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/sources");
	http_segment(&path, name);
	http_segment(&path, act);
	rc = http_post(env, path.p, NULL, &root);
	buf_done(&path);
	if (rc)
		return rc;
	if (env->opt.json)
		screen_json(root);
	else
		printf("%s: %s\n", env->n_args ? name : "all sources", done);
	json_decref(root);
	return rc;
}

int ctl_source_run(const struct command_env *env)
{
	return steer(env, "run", "its pages are due now");
}

int ctl_source_pause(const struct command_env *env)
{
	return steer(env, "pause", "paused; what is under way is finished");
}

int ctl_source_resume(const struct command_env *env)
{
	return steer(env, "resume", "goes on");
}

const struct opt ctl_source_retry_options[] = {
	{ .name = "state",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(state),
	  .value = "STATE",
	  .doc = "Only jobs in these states: failed, gone, refused, done, joined by commas "
		 "(failed; with --url or --job any)." },
	{ .name = "host",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(host),
	  .value = "HOST",
	  .doc = "Only at this host, as status shows it." },
	{ .name = "reason",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(reason),
	  .value = "TEXT",
	  .doc = "Only those whose reason holds this text." },
	{ .name = "url",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(url),
	  .value = "URL",
	  .doc = "Only the job of this address." },
	{ .name = "job",
	  .type = OPT_INT,
	  .at = COMMAND_AT(job),
	  .value = "ID",
	  .min = 1,
	  .max = INT64_MAX,
	  .doc = "Only this job." },
	{ .name = NULL },
};

static void retried(const struct command_env *env, const json_t *root)
{
	long long n = (long long)screen_int(root, "jobs");
	bool one = env->opt.url || env->opt.job;

	printf("%lld %s%sjob%s of %s %s due again\n", n,
	       env->opt.state ? env->opt.state
	       : one	      ? ""
			      : "failed",
	       env->opt.state || !one ? " " : "", n == 1 ? "" : "s",
	       env->n_args ? env->args[0] : "all sources", n == 1 ? "is" : "are");
}

int ctl_source_retry(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/retry");
	http_param(&path, "source", env->n_args ? env->args[0] : NULL);
	http_param(&path, "state", env->opt.state);
	http_param(&path, "host", env->opt.host);
	http_param(&path, "reason", env->opt.reason);
	http_param(&path, "url", env->opt.url);
	http_param_int(&path, "job", env->opt.job);
	rc = show_post(env, path.p, retried);
	buf_done(&path);
	return rc;
}
