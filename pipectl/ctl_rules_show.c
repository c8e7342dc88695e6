#include "pipectl/ctl_rules_show.h"

#include "base/utf8.h"

#include <string.h>

static const char *says(const json_t *r)
{
	return screen_member(r, "category")[0] ? screen_member(r, "category")
					       : screen_member(r, "flag");
}

/* ---- test */

/* The bytes of the clean title that rules which hold have met. */
static void mark(const json_t *title, char *marks, size_t n)
{
	const json_t *r, *h;
	size_t i, k;

	json_array_foreach(json_object_get(title, "rules"), i, r)
		json_array_foreach(json_object_get(r, "hits"), k, h)
	{
		int64_t from = screen_int(h, "from"), bytes = screen_int(h, "bytes");

		if (!screen_true(r, "holds") || strcmp(screen_member(h, "kind"), "written") == 0)
			continue;
		for (int64_t b = from; b < from + bytes && (size_t)b < n; b++)
			marks[b] = 1;
	}
}

static void highlighted(const struct command_env *env, const json_t *title)
{
	const char *clean = json_string_value(json_object_get(title, "clean"));
	char marks[8192] = { 0 };
	size_t n = clean ? strlen(clean) : 0;
	bool on = false;

	if (n > sizeof(marks))
		n = sizeof(marks);
	mark(title, marks, n);
	for (size_t i = 0; i < n; i++) {
		if (marks[i] && !on)
			fputs(env->colour ? screen_colour(env, SCREEN_GREEN) : "[", stdout);
		if (!marks[i] && on)
			fputs(env->colour ? screen_colour(env, SCREEN_PLAIN) : "]", stdout);
		on = marks[i];
		putchar(clean[i]);
	}
	if (on)
		fputs(env->colour ? screen_colour(env, SCREEN_PLAIN) : "]", stdout);
	putchar('\n');
}

static void hits(const json_t *r)
{
	const json_t *h;
	size_t i;

	json_array_foreach(json_object_get(r, "hits"), i, h)
	{
		const char *kind = screen_member(h, "kind");

		printf("%s %s %s", i ? "," : "", screen_member(h, "in"), screen_member(h, "text"));
		if (strcmp(kind, "list") == 0)
			printf(" (list %s)", screen_member(h, "term"));
		else if (strcmp(kind, "word") != 0)
			printf(" (%s %s)", kind, screen_member(h, "term"));
	}
}

static void rules_of(const struct command_env *env, const json_t *title, bool holding)
{
	const json_t *r;
	size_t i;

	json_array_foreach(json_object_get(title, "rules"), i, r)
	{
		if (screen_true(r, "holds") != holding)
			continue;
		if (holding)
			printf("  %s+%s ", screen_colour(env, SCREEN_GREEN),
			       screen_colour(env, SCREEN_PLAIN));
		else
			printf("  %s- ", screen_colour(env, SCREEN_DIM));
		screen_cell(str_of(screen_member(r, "rule")), 24);
		putchar(' ');
		screen_cell(str_of(says(r)), 28);
		if (holding)
			printf(" %4.2f ", screen_real(r, "precision"));
		else
			printf(" not by %s%s%s;", screen_member(r, "against"),
			       screen_member(r, "term")[0] ? " " : "", screen_member(r, "term"));
		hits(r);
		printf("%s\n", holding ? "" : screen_colour(env, SCREEN_PLAIN));
	}
}

static void outcome(const struct command_env *env, const json_t *title)
{
	const json_t *label = json_object_get(title, "label"), *flag;
	size_t i;

	json_array_foreach(json_object_get(title, "flags"), i, flag)
		printf("  flag %s\n", screen_text(flag));
	if (json_is_object(label))
		printf("  %s%s%s %s / %s, confidence %.3f, by %s\n",
		       screen_colour(env, SCREEN_BOLD), screen_member(label, "category"),
		       screen_colour(env, SCREEN_PLAIN), screen_member(label, "ko"),
		       screen_member(label, "en"), screen_real(label, "confidence"),
		       screen_member(label, "why"));
	else
		printf("  no label: %s\n", json_array_size(json_object_get(title, "votes"))
						   ? "the votes are a tie"
						   : "no rule votes");
}

void ctl_rules_show_test(const struct command_env *env, const json_t *root)
{
	const json_t *t;
	size_t i;

	json_array_foreach(json_object_get(root, "titles"), i, t)
	{
		highlighted(env, t);
		rules_of(env, t, true);
		rules_of(env, t, false);
		outcome(env, t);
	}
}

/* ---- diff */

static void examples(const json_t *list, const char *sign)
{
	const json_t *e;
	size_t i;

	json_array_foreach(list, i, e)
	{
		printf("    %s%-9lld ", sign, (long long)screen_int(e, "listing"));
		screen_cell(str_of(screen_member(e, "title")), 60);
		printf(" %s\n", screen_member(e, "why"));
	}
}

static const char *name_of(const json_t *side)
{
	return json_is_object(side) ? screen_member(side, "category") : "(none)";
}

static void moves(const struct command_env *env, const json_t *report)
{
	const json_t *m;
	char n[32];
	size_t i;

	if (!json_array_size(json_object_get(report, "moves")))
		return;
	printf("\n%s%-32s %-32s %10s%s\n", screen_colour(env, SCREEN_BOLD), "FROM", "TO",
	       "LISTINGS", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(report, "moves"), i, m)
	{
		screen_cell(str_of(name_of(json_object_get(m, "from"))), 32);
		putchar(' ');
		screen_cell(str_of(name_of(json_object_get(m, "to"))), 32);
		printf(" %10s\n", screen_count(screen_int(m, "listings"), n));
		examples(json_object_get(m, "examples"), "");
	}
	if (screen_int(report, "moves_left_out"))
		printf("and %lld rarer ones\n", (long long)screen_int(report, "moves_left_out"));
}

static void flags(const json_t *report)
{
	const json_t *f;
	size_t i;

	json_array_foreach(json_object_get(report, "flags"), i, f)
	{
		printf("\nflag %s: %lld more, %lld less\n", screen_member(f, "flag"),
		       (long long)screen_int(f, "set"), (long long)screen_int(f, "unset"));
		examples(json_object_get(f, "set_examples"), "+ ");
		examples(json_object_get(f, "unset_examples"), "- ");
	}
}

static void count_or_dash(const json_t *n)
{
	char text[32];

	printf(" %10s", json_is_integer(n) ? screen_count(json_integer_value(n), text) : "-");
}

static void fires(const struct command_env *env, const json_t *report)
{
	const json_t *r;
	size_t i;

	if (!json_array_size(json_object_get(report, "rules")))
		return;
	printf("\n%s%-40s %10s %10s%s\n", screen_colour(env, SCREEN_BOLD),
	       "RULE THAT FIRES OTHERWISE", "WAS", "NOW", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(report, "rules"), i, r)
	{
		screen_cell(str_of(screen_member(r, "rule")), 40);
		count_or_dash(json_object_get(r, "was"));
		count_or_dash(json_object_get(r, "now"));
		putchar('\n');
	}
	if (screen_int(report, "rules_left_out"))
		printf("and %lld more\n", (long long)screen_int(report, "rules_left_out"));
}

void ctl_rules_show_diff(const struct command_env *env, const json_t *report)
{
	const json_t *was = json_object_get(report, "was"), *now = json_object_get(report, "now");
	double reviewed = (double)screen_int(report, "reviewed");
	char n[4][32];

	printf("%s of %s listings would be labeled otherwise",
	       screen_count(screen_int(report, "changed"), n[0]),
	       screen_count(screen_int(report, "listings"), n[1]));
	if (screen_int(report, "kept_by_people"))
		printf("; %s more keep what a person said",
		       screen_count(screen_int(report, "kept_by_people"), n[2]));
	printf("\nlabeled by rules: %s, now %s\n", screen_count(screen_int(was, "labeled"), n[0]),
	       screen_count(screen_int(now, "labeled"), n[1]));
	if (reviewed > 0)
		printf("right, of %.0f reviewed: %lld (%.1f%%), now %lld (%.1f%%)\n", reviewed,
		       (long long)screen_int(was, "right"),
		       100 * (double)screen_int(was, "right") / reviewed,
		       (long long)screen_int(now, "right"),
		       100 * (double)screen_int(now, "right") / reviewed);
	moves(env, report);
	flags(report);
	fires(env, report);
}

/* ---- stats */

static void stats_line(const json_t *r)
{
	char n[3][32];

	screen_cell(str_of(screen_member(r, "rule")), 24);
	putchar(' ');
	screen_cell(str_of(says(r)), 26);
	printf(" %9s %6.2f%% %6.2f%% %9s %9s %5.2f ", screen_count(screen_int(r, "fired"), n[0]),
	       100 * screen_real(r, "coverage"), 100 * screen_real(r, "share"),
	       screen_count(screen_int(r, "alone"), n[1]),
	       screen_count(screen_int(r, "conflicts"), n[2]), screen_real(r, "precision"));
	if (screen_int(r, "reviewed"))
		printf("%.2f (%.2f to %.2f) of %lld", screen_real(r, "measured"),
		       screen_real(r, "low"), screen_real(r, "high"),
		       (long long)screen_int(r, "reviewed"));
	else
		printf("-");
	printf("  %s\n", screen_int(r, "fired") ? screen_member(r, "last") : "never");
}

static void pairs(const struct command_env *env, const json_t *list, const char *heading)
{
	const json_t *p;
	size_t i;

	if (!json_array_size(list))
		return;
	printf("\n%s%-30s %-30s %9s %9s %8s%s\n", screen_colour(env, SCREEN_BOLD), heading, "",
	       "TOGETHER", "APART", "OVERLAP", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(list, i, p)
	{
		screen_cell(str_of(screen_member(p, "a")), 30);
		putchar(' ');
		screen_cell(str_of(screen_member(p, "b")), 30);
		printf(" %9lld %9lld %7.1f%%\n", (long long)screen_int(p, "both"),
		       (long long)screen_int(p, "apart"), 100 * screen_real(p, "overlap"));
	}
}

void ctl_rules_show_stats(const struct command_env *env, const json_t *report)
{
	const json_t *r;
	char n[4][32];
	size_t i;

	printf("%s listings, rules vote for %s of them, %s votes; %s reviewed\n\n",
	       screen_count(screen_int(report, "listings"), n[0]),
	       screen_count(screen_int(report, "voted"), n[1]),
	       screen_count(screen_int(report, "votes"), n[2]),
	       screen_count(screen_int(report, "reviewed"), n[3]));
	printf("%s%-24s %-26s %9s %7s %7s %9s %9s %5s %s%s\n", screen_colour(env, SCREEN_BOLD),
	       "RULE", "SAYS", "FIRED", "COVERS", "SHARE", "ALONE", "CONFLICTS", "SAID",
	       "PRECISION, REVIEWED  LAST", screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(json_object_get(report, "rules"), i, r) stats_line(r);
	pairs(env, json_object_get(report, "conflicts"), "CONFLICTS");
	pairs(env, json_object_get(report, "overlaps"), "OVERLAPS");
}

/* ---- suggest */

static void suggestion(const json_t *w)
{
	char n[32];

	screen_cell(str_of(screen_member(w, "category")), 28);
	putchar(' ');
	screen_cell(str_of(screen_member(w, "word")), 20);
	printf(" %8s %8.1f %8lld", screen_count(screen_int(w, "met"), n), screen_real(w, "weight"),
	       (long long)screen_int(w, "titles"));
	if (screen_int(w, "labeled"))
		printf(" %8.2f (%.2f to %.2f) of %lld",
		       (double)screen_int(w, "right") / (double)screen_int(w, "labeled"),
		       screen_real(w, "low"), screen_real(w, "high"),
		       (long long)screen_int(w, "labeled"));
	printf("  %s\n", screen_text(json_array_get(json_object_get(w, "examples"), 0)));
}

/* The words of one category, once each, as a rule. */
static void as_rule(const json_t *words, const json_t *first, size_t at)
{
	const char *category = json_string_value(json_object_get(first, "category"));
	const json_t *w;
	int printed = 0;
	size_t i;

	json_array_foreach(words, i, w)
	{
		if (strcmp(json_string_value(json_object_get(w, "category")), category) != 0)
			continue;
		if (i < at)
			return;
		if (!printed++)
			printf("  suggested-%zu:\n    taxon: %s\n    precision: %.2f\n    any: [",
			       at + 1, category,
			       screen_real(first, "low") > 0.01 ? screen_real(first, "low") : 0.5);
		printf("%s'%s'", printed > 1 ? ", " : "", screen_member(w, "word"));
	}
	printf("]\n");
}

void ctl_rules_show_suggest(const struct command_env *env, const json_t *report)
{
	const json_t *words = json_object_get(report, "words"), *w;
	char n[2][32];
	size_t i;

	printf("the model is sure of %s listings that no rule votes for so, and was asked why for "
	       "%s\n",
	       screen_count(screen_int(report, "uncovered"), n[0]),
	       screen_count(screen_int(report, "explained"), n[1]));
	if (!json_array_size(words))
		return;
	printf("\n%s%-28s %-20s %8s %8s %8s %s%s\n", screen_colour(env, SCREEN_BOLD), "CATEGORY",
	       "WORD", "REASON", "WEIGHT", "TITLES", "  LABELED SO",
	       screen_colour(env, SCREEN_PLAIN));
	json_array_foreach(words, i, w) suggestion(w);
	printf("\n# to be looked through by a person\nrules:\n");
	json_array_foreach(words, i, w) as_rule(words, w, i);
}
