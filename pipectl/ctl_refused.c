#include "pipectl/ctl.h"
#include "pipectl/show.h"

static void list(const struct command_env *env, const json_t *root)
{
	const json_t *all = json_object_get(root, "refused"), *f;
	char n[32];
	size_t i;

	if (!json_array_size(all))
		printf("no address was refused\n");
	json_array_foreach(all, i, f)
	{
		printf("%s", screen_colour(env, SCREEN_BOLD));
		screen_cell(str_of(screen_member(f, "source")), 16);
		printf(" %-9s%s %12s  last %s\n    %s\n    ", screen_member(f, "reason"),
		       screen_colour(env, SCREEN_PLAIN), screen_count(screen_int(f, "times"), n),
		       screen_member(f, "last"), screen_member(f, "doc"));
		screen_cell(str_of(screen_member(f, "url")), 100);
		putchar('\n');
	}
}

int ctl_refused(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/refused");
	http_param(&path, "source", env->n_args ? env->args[0] : NULL);
	rc = show_get(env, path.p, list);
	buf_done(&path);
	return rc;
}
