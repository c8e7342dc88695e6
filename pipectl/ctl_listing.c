#include "model/listing.h"
#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>

const struct opt ctl_listing_options[] = {
	{ .name = "source",
	  .letter = 's',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "Only listings of this source." },
	{ .name = "category",
	  .letter = 'c',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(category),
	  .value = "CODE",
	  .doc = "Only listings whose current label is this category." },
	{ .name = "state",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(state),
	  .value = "STATE",
	  .doc = "Only listings in this state: selling, reserved, sold or unknown." },
	{ .name = "flag",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(flag),
	  .value = "FLAG",
	  .doc = "Only flagged ones: " LISTING_FLAG_NAMES "." },
	{ .name = "family",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(text),
	  .value = "FAMILY",
	  .doc = "Only members of this duplicate family (16 hexadecimal digits)." },
	{ .name = "limit",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .min = 1,
	  .max = 1000,
	  .doc = "At most so many (20)." },
	{ .name = "after",
	  .type = OPT_INT,
	  .at = COMMAND_AT(after),
	  .value = "ID",
	  .doc = "Those behind this id: where the last list ended." },
	{ .name = NULL },
};

static void list(const struct command_env *env, const json_t *root)
{
	const json_t *l, *top;
	size_t i;

	printf("%s%8s %-24s %-44s %12s %-8s %-26s %s%s\n", screen_colour(env, SCREEN_BOLD), "ID",
	       "LISTING", "TITLE", "PRICE", "STATE", "LABEL", "SUGGESTED",
	       screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(root, "listings"), i, l)
	{
		char name[128];

		snprintf(name, sizeof(name), "%s/%s", screen_member(l, "source"),
			 screen_member(l, "ext_id"));
		top = json_array_get(json_object_get(l, "suggestions"), 0);
		printf("%8lld ", (long long)screen_int(l, "id"));
		screen_cell(str_of(name), 24);
		putchar(' ');
		screen_cell(str_of(screen_member(l, "title")), 44);
		if (json_is_null(json_object_get(l, "price")))
			printf(" %12s ", "-");
		else
			printf(" %12.10g ", screen_real(l, "price"));
		screen_cell(str_of(screen_member(l, "state")), 8);
		putchar(' ');
		screen_cell(str_of(screen_member(json_object_get(l, "label"), "category")), 26);
		if (top)
			printf(" %s %.0f%%", screen_member(top, "category"),
			       screen_real(top, "p") * 100);
		putchar('\n');
	}
	if (json_is_integer(json_object_get(root, "next")))
		printf("more with --after %lld\n", (long long)screen_int(root, "next"));
	if (!json_array_size(json_object_get(root, "listings")))
		fprintf(stderr, "pipectl: nothing matches\n");
}

int ctl_listing(const struct command_env *env)
{
	const struct command_opt *o = &env->opt;
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/listings");
	http_param_args(&path, "text", env);
	http_param(&path, "source", o->source);
	http_param(&path, "category", o->category);
	http_param(&path, "state", o->state);
	http_param(&path, "flag", o->flag);
	http_param(&path, "family", o->text);
	http_param_int(&path, "limit", o->limit > 0 ? o->limit : 20);
	if (o->after > 0)
		http_param_int(&path, "after", o->after);
	rc = show_get(env, path.p, list);
	buf_done(&path);
	return rc;
}
