#include "pipectl/ctl.h"
#include "pipectl/http.h"
#include "pipectl/screen.h"

static void rules(const struct command_env *env, const json_t *all)
{
	const json_t *r;
	double fired;
	char n[32];
	size_t i;

	printf("%s%-28s %-28s %6s %11s %7s  %s%s\n", screen_colour(env, SCREEN_BOLD), "RULE",
	       "SAYS", "WEIGHT", "FIRED", "AGREED", "LAST", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(all, i, r)
	{
		const char *category = screen_member(r, "category");

		fired = (double)screen_int(r, "fired");
		screen_cell(str_of(screen_member(r, "rule")), 28);
		putchar(' ');
		if (category[0])
			screen_cell(str_of(category), 28);
		else
			printf("%-28s",
			       screen_member(r, "flag")[0] ? screen_member(r, "flag") : "-");
		printf(" %6.2f %11s ", screen_real(r, "precision"),
		       screen_count(screen_int(r, "fired"), n));
		if (fired > 0)
			printf("%6.1f%%", 100 * (double)screen_int(r, "agreed") / fired);
		else
			printf("%7s", "-");
		printf("  %s\n", screen_member(r, "last"));
	}
}

int ctl_label_rules(const struct command_env *env)
{
	json_t *root = NULL;
	int rc = http_get(env, "/api/rules", &root);

	if (rc)
		return rc;
	if (env->opt.json)
		screen_json(root);
	else
		rules(env, json_object_get(root, "rules"));
	json_decref(root);
	return rc;
}

static void tree(const struct command_env *env, const json_t *all)
{
	char n[3][32];
	const json_t *c;
	size_t i;
	int depth;

	printf("%s%-36s %-28s %10s %9s %10s%s\n", screen_colour(env, SCREEN_BOLD), "CATEGORY",
	       "NAME", "LABELED", "REVIEWED", "SUGGESTED", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(all, i, c)
	{
		depth = (int)screen_int(c, "depth");
		printf("%*s", depth * 2, "");
		screen_cell(str_of(screen_member(c, "code")), 36 - depth * 2);
		putchar(' ');
		screen_cell(str_of(screen_member(c, "ko")), 28);
		printf(" %10s %9s %10s\n", screen_count(screen_int(c, "labeled"), n[0]),
		       screen_count(screen_int(c, "reviewed"), n[1]),
		       screen_count(screen_int(c, "suggested"), n[2]));
	}
}

int ctl_label_taxonomy(const struct command_env *env)
{
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, 1 << 16);
	buf_add_text(&path, env->n_args ? "/api/taxonomy/search" : "/api/taxonomy");
	http_param(&path, "text", env->n_args ? env->args[0] : NULL);
	rc = http_get(env, path.p, &root);
	buf_done(&path);
	if (rc)
		return rc;
	if (env->opt.json)
		screen_json(root);
	else
		tree(env, json_object_get(root, "categories"));
	if (!env->opt.json && !json_array_size(json_object_get(root, "categories"))) {
		fprintf(stderr, "pipectl: no category matches\n");
		rc = EXIT_NOT_FOUND;
	}
	json_decref(root);
	return rc;
}
