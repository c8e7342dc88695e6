#include "pipectl/ctl_trial.h"

#include <string.h>

/* Columns of a value; a listing's description may be long. */
#define VALUE_COLUMNS 72

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *s_of(long long n)
{
	return n == 1 ? "" : "s";
}

static void last_good(const json_t *root)
{
	const json_t *page = json_object_get(root, "last_good");
	long long items = (long long)screen_int(page, "items"),
		  listings = (long long)screen_int(page, "listings");

	if (json_is_object(page))
		printf("last good run %s: %lld item%s, %lld listing%s, %lld rejected, %lld skipped "
		       "(page %lld)\n",
		       screen_member(page, "fetched"), items, s_of(items), listings, s_of(listings),
		       (long long)screen_int(page, "rejected"),
		       (long long)screen_int(page, "skipped"), (long long)screen_int(page, "id"));
	else if (screen_member(root, "url")[0])
		printf("last good run: no page of this address that was stored has listings\n");
}

static void head(const struct command_env *env, const json_t *root)
{
	const json_t *page = json_object_get(root, "page");
	long long kept = (long long)screen_int(root, "kept"),
		  rejected = (long long)screen_int(root, "rejected"),
		  skipped = (long long)screen_int(root, "skipped"),
		  items = kept + rejected + skipped;

	printf("%s%s %s%s (%s)  %s\n", screen_colour(env, SCREEN_BOLD),
	       screen_member(root, "source"), screen_member(root, "page_kind"),
	       screen_colour(env, SCREEN_PLAIN), screen_member(root, "format"),
	       screen_member(root, "url"));
	if (json_is_object(page))
		printf("page %lld of the archive, fetched %s, read with ",
		       (long long)screen_int(page, "id"), screen_member(page, "fetched"));
	else
		printf("the page given, read with ");
	printf("%s; nothing is stored\n", screen_member(root, "config")[0]
						  ? screen_member(root, "config")
						  : "the rules of now");
	if (screen_member(root, "unreadable")[0])
		printf("%snot readable: %s%s\n", screen_colour(env, SCREEN_RED),
		       screen_member(root, "unreadable"), screen_colour(env, SCREEN_PLAIN));
	else
		printf("now: %lld item%s, %lld listing%s, %s%lld rejected%s, %lld skipped\n", items,
		       s_of(items), kept, s_of(kept),
		       rejected ? screen_colour(env, SCREEN_RED) : "", rejected,
		       rejected ? screen_colour(env, SCREEN_PLAIN) : "", skipped);
	last_good(root);
}

static void leads(const json_t *root)
{
	const json_t *l;
	size_t i;

	if (screen_true(root, "more"))
		printf("there is a next page\n");
	if (screen_int(root, "last") >= 0)
		printf("last page: %lld\n", (long long)screen_int(root, "last"));
	if (screen_int(root, "total") >= 0)
		printf("results in all: %lld\n", (long long)screen_int(root, "total"));
	if (screen_member(root, "cursor")[0])
		printf("cursor of the next page: %s\n", screen_member(root, "cursor"));
	if (screen_member(root, "canonical")[0])
		printf("calls itself: %s\n", screen_member(root, "canonical"));
	if (screen_int(root, "values"))
		printf("values for seeds: %lld\n", (long long)screen_int(root, "values"));
	if (screen_int(root, "links"))
		printf("links: %lld\n", (long long)screen_int(root, "links"));
	json_array_foreach(json_object_get(root, "some_links"), i, l) if (i < 3)
		printf("  %s%s %s\n", screen_member(l, "page"),
		       screen_true(l, "next") ? " (next)" : "", screen_member(l, "url"));
}

/* A selector and where it stands. */
static void selector(const struct command_env *env, const json_t *sel)
{
	if (!screen_member(sel, "selector")[0]) {
		printf("%swhat the page says of itself%s\n", screen_colour(env, SCREEN_DIM),
		       screen_colour(env, SCREEN_PLAIN));
		return;
	}
	printf("%s  %s%s, %s:%lld%s\n", screen_member(sel, "selector"),
	       screen_colour(env, SCREEN_DIM), screen_member(sel, "language"),
	       base_name(screen_member(sel, "file")), (long long)screen_int(sel, "line"),
	       screen_colour(env, SCREEN_PLAIN));
}

static bool is_auto(const json_t *root)
{
	return strcmp(screen_member(root, "format"), "auto") == 0;
}

/* Of format auto: what no listing has, in one line, as most pages say less than there are fields. */
static void not_found(const struct command_env *env, const json_t *root)
{
	const char *between = "not found: ";
	const json_t *s;
	size_t i;

	printf("%s", screen_colour(env, SCREEN_DIM));
	json_array_foreach(json_object_get(root, "fields"), i, s)
	{
		if (screen_int(s, "found"))
			continue;
		printf("%s%s", between, screen_member(s, "field"));
		between = ", ";
	}
	printf("%s%s", between[0] == ',' ? "\n" : "", screen_colour(env, SCREEN_PLAIN));
}

static void selectors(const struct command_env *env, const json_t *root)
{
	long long of = (long long)(screen_int(root, "kept") + screen_int(root, "rejected"));
	const json_t *s;
	char found[48];
	size_t i;

	printf("\n%s%-18s %11s  %s%s\n", screen_colour(env, SCREEN_BOLD), "FIELD", "FOUND",
	       "SELECTOR", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(root, "parts"), i, s)
	{
		printf("%-18s %11s  ", screen_member(s, "name"), "");
		selector(env, s);
	}
	json_array_foreach(json_object_get(root, "fields"), i, s)
	{
		long long n = (long long)screen_int(s, "found");
		bool few = n < of, required = screen_true(s, "required");

		if (!n && is_auto(root))
			continue;
		snprintf(found, sizeof(found), "%lld of %lld", n, of);
		printf("%-18s %s%11s%s  ", screen_member(s, "field"),
		       !few	  ? ""
		       : required ? screen_colour(env, SCREEN_RED)
				  : screen_colour(env, SCREEN_YELLOW),
		       found, few ? screen_colour(env, SCREEN_PLAIN) : "");
		selector(env, s);
	}
	if (is_auto(root))
		not_found(env, root);
}

/* In quotes, cut to what a line takes. */
static void text(const char *s)
{
	struct str all = str_of(s);
	int width = screen_width(all);

	putchar('"');
	screen_cell(all, width < VALUE_COLUMNS ? width : VALUE_COLUMNS);
	putchar('"');
}

static void field(const struct command_env *env, const json_t *f)
{
	const char *missing = screen_member(f, "missing"), *raw, *value;
	bool absent = !json_is_null(json_object_get(f, "missing"));

	printf("  %-18s ", screen_member(f, "field"));
	if (absent)
		printf("%s%s%s",
		       screen_colour(env, screen_true(f, "required") ? SCREEN_RED : SCREEN_YELLOW),
		       missing, screen_colour(env, SCREEN_PLAIN));
	raw = screen_member(f, "raw");
	if (!absent)
		text(raw);
	value = screen_member(f, "value");
	if (value[0] && (absent || strcmp(raw, value) != 0)) {
		printf(" -> ");
		text(value);
	} else if (screen_true(f, "unclear")) {
		printf(" -> %snothing%s", screen_colour(env, SCREEN_YELLOW),
		       screen_colour(env, SCREEN_PLAIN));
	}
	if (screen_member(f, "reader")[0])
		printf("  %sby %s%s", screen_colour(env, SCREEN_DIM), screen_member(f, "reader"),
		       screen_colour(env, SCREEN_PLAIN));
	if (screen_true(f, "changed")) {
		printf("  %swas ", screen_colour(env, SCREEN_YELLOW));
		if (screen_member(f, "was")[0])
			text(screen_member(f, "was"));
		else
			printf("nothing");
		printf("%s", screen_colour(env, SCREEN_PLAIN));
	}
	putchar('\n');
}

/* Of format auto a field that is not there says nothing, unless it was there. */
static bool tells(const json_t *field, bool automatic)
{
	return !automatic || json_is_null(json_object_get(field, "missing")) ||
	       screen_member(field, "value")[0] || screen_true(field, "changed") ||
	       screen_true(field, "required");
}

static void listing(const struct command_env *env, const json_t *l, bool automatic)
{
	bool rejected = strcmp(screen_member(l, "end"), "rejected") == 0;
	const json_t *x;
	size_t i;

	printf("\n%s%s%s  %s%s%s", screen_colour(env, SCREEN_BOLD),
	       screen_member(l, "ext_id")[0] ? screen_member(l, "ext_id") : "(no id)",
	       screen_colour(env, SCREEN_PLAIN),
	       screen_colour(env, rejected ? SCREEN_RED : SCREEN_GREEN), screen_member(l, "end"),
	       screen_colour(env, SCREEN_PLAIN));
	if (screen_member(l, "reason")[0])
		printf(": %s", screen_member(l, "reason"));
	if (screen_int(l, "stored"))
		printf("; stored as listing %lld, seen %s", (long long)screen_int(l, "stored"),
		       screen_member(l, "stored_seen"));
	json_array_foreach(json_object_get(l, "flags"), i, x)
		printf("%s%s", i ? ", " : "; flagged ", screen_text(x));
	putchar('\n');
	json_array_foreach(json_object_get(l, "fields"), i, x) if (tells(x, automatic))
		field(env, x);
}

void ctl_trial_print(const struct command_env *env, const json_t *root)
{
	const json_t *listings = json_object_get(root, "listings"), *l;
	long long all = (long long)(screen_int(root, "kept") + screen_int(root, "rejected"));
	size_t i;

	head(env, root);
	leads(root);
	if (is_auto(root) && !all && !screen_member(root, "unreadable")[0])
		printf("\nThe page marks up no products, carries none in its scripts and shows "
		       "none "
		       "that format auto finds; selectors may: `pipectl source new` drafts "
		       "them.\n");
	else
		selectors(env, root);
	json_array_foreach(listings, i, l) listing(env, l, is_auto(root));
	l = json_array_get(listings, 0);
	if (screen_member(root, "listing")[0] && !screen_true(root, "good") &&
	    strcmp(screen_member(l, "ext_id"), screen_member(root, "listing")) != 0)
		printf("\n%slisting %s is not found on the page%s\n",
		       screen_colour(env, SCREEN_RED), screen_member(root, "listing"),
		       screen_colour(env, SCREEN_PLAIN));
	else if (!screen_member(root, "listing")[0] && (long long)json_array_size(listings) < all)
		printf("\nand %lld more (--limit)\n", all - (long long)json_array_size(listings));
}
