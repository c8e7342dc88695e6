/* `pipectl review agreement`. */
#include "pipectl/ctl.h"
#include "pipectl/show.h"

/* A measure that the listings do not allow is null. */
static void number(const json_t *value)
{
	if (json_is_number(value))
		printf("%8.3f", json_number_value(value));
	else
		printf("%8s", "-");
}

static void level(const json_t *l)
{
	const json_t *range = json_object_get(l, "cohen_95");

	printf("  %5lld %7lld %9lld", (long long)screen_int(l, "level"),
	       (long long)screen_int(l, "groups"), (long long)screen_int(l, "listings"));
	number(json_object_get(l, "observed"));
	number(json_object_get(l, "cohen"));
	if (json_is_number(json_array_get(range, 0)))
		printf(" %6.3f..%5.3f", json_number_value(json_array_get(range, 0)),
		       json_number_value(json_array_get(range, 1)));
	else
		printf("%14s", "");
	number(json_object_get(l, "fleiss"));
	number(json_object_get(l, "krippendorff"));
	number(json_object_get(l, "ac1"));
	printf("\n");
}

static void print(const struct command_env *env, const json_t *root)
{
	const json_t *levels = json_object_get(root, "levels"), *x;
	size_t i;

	(void)env;
	json_array_foreach(json_object_get(root, "people"), i, x)
	{
		printf("%s: %lld listings decided, %lld with others", screen_member(x, "who"),
		       (long long)screen_int(x, "decisions"), (long long)screen_int(x, "shared"));
		if (screen_int(x, "median_ms"))
			printf(", %.1f s each (median)", screen_real(x, "median_ms") / 1000);
		printf("\n");
	}
	if (screen_int(json_array_get(levels, 0), "listings") == 0) {
		printf("no listing was decided by two people; `review-double` says how many are to "
		       "be\n");
		return;
	}
	printf("\n  level  groups  listings   agree   Cohen    (95%%)       Fleiss   alpha     "
	       "AC1\n");
	json_array_foreach(levels, i, x) level(x);
	printf("\n%lld to adjudicate: pipectl review --queue adjudicate\n",
	       (long long)screen_int(root, "disputed"));
}

int ctl_agreement(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/review/agreement");
	http_param(&path, "queue", env->opt.queue);
	http_param_int(&path, "draw", env->opt.draw);
	rc = show_get(env, path.p, print);
	buf_done(&path);
	return rc;
}
