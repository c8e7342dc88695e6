#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>

const struct opt ctl_why_options[] = {
	{ .name = "source",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "Only what this source has to do with it." },
	{ .name = NULL },
};

static void line(const char *name, const char *value)
{
	if (value[0])
		printf("  %-12s %s\n", name, value);
}

static void robots(const json_t *r)
{
	const json_t *allowed = json_object_get(r, "allowed");

	if (!json_is_object(r)) {
		line("robots.txt", "not asked: the source has `robots: false`");
		return;
	}
	printf("  %-12s %s", "robots.txt", screen_member(r, "state"));
	if (json_is_true(allowed))
		printf(", allows it");
	if (json_is_false(allowed))
		printf(", disallows it: line %lld, %s", (long long)screen_int(r, "line"),
		       screen_member(r, "rule"));
	if (screen_member(r, "answer")[0])
		printf(" (%s)", screen_member(r, "answer"));
	if (screen_member(r, "asked")[0])
		printf(", asked %s", screen_member(r, "asked"));
	if (screen_member(r, "until")[0])
		printf(", until %s", screen_member(r, "until"));
	if (screen_int(r, "delay_ms"))
		printf(", crawl-delay %.3g s", (double)screen_int(r, "delay_ms") / 1000);
	putchar('\n');
}

static void host(const json_t *h)
{
	printf("  %-12s %s: %s", "host", screen_member(h, "host"),
	       screen_member(h, "why")[0] ? screen_member(h, "why") : "not in memory");
	if (screen_member(h, "why_doc")[0])
		printf(", %s", screen_member(h, "why_doc"));
	if (screen_member(h, "until")[0])
		printf(", until %s", screen_member(h, "until"));
	if (screen_real(h, "rate") > 0)
		printf("; %.3g requests/s allowed", screen_real(h, "rate"));
	printf("; %lld running, %lld before this one\n", (long long)screen_int(h, "running"),
	       (long long)screen_int(h, "ahead"));
	line("trouble", screen_member(h, "trouble"));
}

static void job(const json_t *j)
{
	if (!json_is_object(j)) {
		line("job", "none");
		return;
	}
	printf("  %-12s %lld, %s, due %s, priority %lld, attempts %lld\n", "job",
	       (long long)screen_int(j, "id"), screen_member(j, "state"), screen_member(j, "due"),
	       (long long)screen_int(j, "priority"), (long long)screen_int(j, "attempts"));
	line("reason", screen_member(j, "reason"));
	show_visit(json_object_get(j, "visit"), 12);
}

static void page(const json_t *p)
{
	if (!json_is_object(p))
		return;
	printf("  %-12s %lld, %s, status %lld, %s, %lld listings\n", "last page",
	       (long long)screen_int(p, "id"), screen_member(p, "state"),
	       (long long)screen_int(p, "status"), screen_member(p, "fetched"),
	       (long long)screen_int(p, "listings"));
	line("", screen_member(p, "reason"));
}

static void print(const struct command_env *env, const json_t *root)
{
	const json_t *s;
	size_t i;

	json_array_foreach(json_object_get(root, "sources"), i, s)
	{
		printf("%s%s%s\n", i ? "\n" : "", screen_member(s, "source"), ":");
		printf("%s%s%s\n", screen_colour(env, SCREEN_BOLD), screen_member(s, "answer"),
		       screen_colour(env, SCREEN_PLAIN));
		line("when", screen_member(s, "when"));
		line("key", screen_member(s, "key"));
		line("scope", screen_true(s, "in_scope")     ? "in it"
			      : screen_true(s, "configured") ? screen_member(s, "out_of_scope")
							     : "the source is not configured");
		line("page kind", screen_member(s, "page_kind")[0] ? screen_member(s, "page_kind")
								   : "nothing tells");
		line("held", screen_member(s, "held"));
		if (screen_true(s, "in_scope"))
			robots(json_object_get(s, "robots"));
		if (screen_true(s, "in_scope") || json_is_object(json_object_get(s, "job")))
			host(json_object_get(s, "host"));
		job(json_object_get(s, "job"));
		page(json_object_get(s, "page"));
	}
}

int ctl_why(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/why");
	http_param(&path, "url", env->args[0]);
	http_param(&path, "source", env->opt.source);
	rc = show_get(env, path.p, print);
	buf_done(&path);
	return rc;
}
