#include "pipectl/ctl.h"
#include "pipectl/show.h"

static void rules(const struct command_env *env, const json_t *root)
{
	const json_t *r;
	double fired;
	char n[32];
	size_t i;

	printf("%s%-28s %-28s %6s %11s %7s  %s%s\n", screen_colour(env, SCREEN_BOLD), "RULE",
	       "SAYS", "WEIGHT", "FIRED", "AGREED", "LAST", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(root, "rules"), i, r)
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
	return show_get(env, "/api/rules", rules);
}

static void heading(const struct command_env *env)
{
	printf("%s%-36s %-28s %10s %9s %10s%s\n", screen_colour(env, SCREEN_BOLD), "CATEGORY",
	       "NAME", "LABELED", "REVIEWED", "SUGGESTED", screen_colour(env, SCREEN_PLAIN));
}

static void category(const json_t *c, int depth)
{
	char n[3][32];

	printf("%*s", depth * 2, "");
	screen_cell(str_of(screen_member(c, "code")), 36 - depth * 2);
	putchar(' ');
	screen_cell(str_of(screen_member(c, "ko")), 28);
	printf(" %10s %9s %10s\n", screen_count(screen_int(c, "labeled"), n[0]),
	       screen_count(screen_int(c, "reviewed"), n[1]),
	       screen_count(screen_int(c, "suggested"), n[2]));
}

static void tree(const struct command_env *env, const json_t *all)
{
	const json_t *c;
	size_t i;

	heading(env);
	json_array_foreach(all, i, c) category(c, (int)screen_int(c, "depth"));
}

/* Those that were found, best first, with the counts that the whole tree has. */
static void some(const struct command_env *env, const json_t *all, const json_t *found)
{
	const json_t *f, *c;
	size_t i, k;

	heading(env);
	json_array_foreach(found, i, f) json_array_foreach(
		all, k, c) if (json_equal(json_object_get(c, "code"), json_object_get(f, "code")))
		category(c, 0);
}

static int search(const struct command_env *env, json_t **ret)
{
	struct buf path;
	int rc;

	buf_init(&path, 1 << 16);
	buf_add_text(&path, "/api/taxonomy/search");
	http_param(&path, "text", env->args[0]);
	rc = http_get(env, path.p, ret);
	buf_done(&path);
	if (!rc && !json_array_size(json_object_get(*ret, "categories"))) {
		fprintf(stderr, "pipectl: no category matches\n");
		rc = EXIT_NOT_FOUND;
	}
	return rc;
}

int ctl_label_taxonomy(const struct command_env *env)
{
	json_t *all = NULL, *found = NULL;
	int rc = env->n_args ? search(env, &found) : EXIT_DONE;

	if (!rc && !(found && env->opt.json))
		rc = http_get(env, "/api/taxonomy", &all);
	if (rc)
		goto out;
	if (env->opt.json)
		screen_json(found ? found : all);
	else if (found)
		some(env, json_object_get(all, "categories"), json_object_get(found, "categories"));
	else
		tree(env, json_object_get(all, "categories"));
out:
	json_decref(found);
	json_decref(all);
	return rc;
}
