#include "model/reject.h"
#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>

const struct opt ctl_rejected_options[] = {
	{ .name = "field",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(field),
	  .value = "FIELD",
	  .doc = "Only because of this field of a listing." },
	{ .name = "reason",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(reason),
	  .value = "REASON",
	  .doc = "Only for this reason: " REJECT_NAMES "." },
	{ .name = "limit",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .min = 1,
	  .max = 1000,
	  .doc = "At most so many records (20)." },
	{ .name = NULL },
};

void ctl_rejected_records(const struct command_env *env, const json_t *records)
{
	const json_t *r;
	size_t i;

	json_array_foreach(records, i, r)
	{
		printf("  %s%s %s%s %s/", screen_colour(env, SCREEN_RED),
		       screen_member(r, "reason"), screen_member(r, "field"),
		       screen_colour(env, SCREEN_PLAIN), screen_member(r, "source"));
		printf("%s  page %lld, place %lld, %s\n",
		       screen_member(r, "ext_id")[0] ? screen_member(r, "ext_id") : "(no id)",
		       (long long)screen_int(r, "page"), (long long)screen_int(r, "place"),
		       screen_member(r, "seen"));
		printf("    %s\n    ", screen_member(r, "why"));
		screen_cell(str_of(screen_member(r, "excerpt")), 100);
		putchar('\n');
	}
}

static void counts(const struct command_env *env, const json_t *all)
{
	const json_t *c;
	char n[32];
	size_t i;

	json_array_foreach(all, i, c)
	{
		printf("%s", screen_colour(env, SCREEN_BOLD));
		screen_cell(str_of(screen_member(c, "source")), 16);
		printf(" %-10s%s %12s  %s\n", screen_member(c, "reason"),
		       screen_colour(env, SCREEN_PLAIN), screen_count(screen_int(c, "times"), n),
		       screen_member(c, "doc"));
	}
}

static void print(const struct command_env *env, const json_t *root)
{
	const json_t *records = json_object_get(root, "rejected");

	if (!json_array_size(json_object_get(root, "counts")))
		printf("no record was rejected\n");
	counts(env, json_object_get(root, "counts"));
	if (json_array_size(records))
		printf("\nThe newest that are kept\n");
	ctl_rejected_records(env, records);
}

static const char *source_of(const json_t *count)
{
	return json_string_value(json_object_get(count, "source"));
}

/* By source; reasons are for `pipectl rejected`. */
void ctl_rejected_line(const json_t *status)
{
	const json_t *all = json_object_get(status, "rejected"), *c, *next;
	int64_t times = 0;
	char n[32];
	size_t i;

	if (!json_array_size(all))
		return;
	printf("Rejected");
	json_array_foreach(all, i, c)
	{
		next = json_array_get(all, i + 1);
		times += screen_int(c, "times");
		if (next && strcmp(source_of(c), source_of(next)) == 0)
			continue;
		printf(" %s %s%s", screen_member(c, "source"), screen_count(times, n),
		       next ? "," : "; `pipectl rejected` says why\n");
		times = 0;
	}
}

int ctl_rejected(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/rejected");
	http_param(&path, "source", env->n_args ? env->args[0] : NULL);
	http_param(&path, "field", env->opt.field);
	http_param(&path, "reason", env->opt.reason);
	http_param_int(&path, "limit", env->opt.limit > 0 ? env->opt.limit : 20);
	rc = show_get(env, path.p, print);
	buf_done(&path);
	return rc;
}
