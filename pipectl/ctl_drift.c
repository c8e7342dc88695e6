#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <stdio.h>

const struct opt ctl_drift_options[] = {
	{ .name = "accept",
	  .type = OPT_FLAG,
	  .at = COMMAND_AT(accept),
	  .doc = "What the pages of SOURCE show now is right: end its alarms, learn again." },
	{ .name = NULL },
};

static void statistics(const struct command_env *env, const json_t *kind)
{
	const json_t *s;
	size_t i;

	json_array_foreach(json_object_get(kind, "statistics"), i, s)
	{
		const char *state = screen_member(s, "state");
		bool alarm = state[0] == 'a';

		printf("    %-18s %12s  %s%s%s\n", screen_member(s, "statistic"),
		       screen_member(s, "usual"),
		       screen_colour(env, alarm ? SCREEN_RED : SCREEN_DIM), state,
		       screen_colour(env, SCREEN_PLAIN));
	}
}

void ctl_drift_alarm(const struct command_env *env, const json_t *alarm)
{
	bool open = !screen_member(alarm, "ended")[0];

	printf("  %s%s %s%s: %s, since page %lld\n    ",
	       screen_colour(env, open ? SCREEN_RED : SCREEN_DIM), screen_member(alarm, "source"),
	       screen_member(alarm, "page_kind"), screen_colour(env, SCREEN_PLAIN),
	       screen_member(alarm, "what"), (long long)screen_int(alarm, "page"));
	printf("%s", screen_member(alarm, "raised"));
	if (!open)
		printf(" till %s (%s)", screen_member(alarm, "ended"),
		       screen_member(alarm, "ended_by"));
	printf("  %s\n", screen_member(alarm, "url"));
}

static void print(const struct command_env *env, const json_t *root)
{
	const json_t *kinds = json_object_get(root, "kinds"), *k;
	const json_t *alarms = json_object_get(root, "alarms");
	char pages[32];
	size_t i;

	if (!json_array_size(kinds))
		printf("no page was watched yet\n");
	json_array_foreach(kinds, i, k)
	{
		printf("%s%s %s%s  %s pages%s\n", screen_colour(env, SCREEN_BOLD),
		       screen_member(k, "source"), screen_member(k, "page_kind"),
		       screen_colour(env, SCREEN_PLAIN),
		       screen_count(screen_int(k, "pages"), pages),
		       screen_true(k, "watched") ? "" : ", no longer watched");
		statistics(env, k);
	}
	if (json_array_size(alarms))
		printf("\nAlarms\n");
	json_array_foreach(alarms, i, k) ctl_drift_alarm(env, k);
}

static void accepted(const struct command_env *env, const json_t *root)
{
	(void)env;
	printf("page kinds that are learned again: %lld\n",
	       (long long)screen_int(root, "accepted"));
}

int ctl_drift(const struct command_env *env)
{
	struct buf path;
	int rc;

	if (env->opt.accept && !env->n_args) {
		fprintf(stderr, "pipectl: drift --accept wants a SOURCE\n");
		return EXIT_USAGE;
	}
	buf_init(&path, 4096);
	buf_add_text(&path, env->opt.accept ? "/api/drift/accept" : "/api/drift");
	http_param(&path, "source", env->n_args ? env->args[0] : NULL);
	if (env->opt.accept)
		http_param(&path, "kind", env->n_args > 1 ? env->args[1] : NULL);
	rc = env->opt.accept ? show_post(env, path.p, accepted) : show_get(env, path.p, print);
	buf_done(&path);
	return rc;
}
