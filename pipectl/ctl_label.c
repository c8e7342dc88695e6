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
		printf(" %6.2f %11s ", screen_real(r, "votes_with"),
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
