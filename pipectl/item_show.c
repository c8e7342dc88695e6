#include "pipectl/item_show.h"

#include <string.h>

#define MOST_MARKS 16

struct mark {
	size_t from, to;
};

static size_t add_mark(struct mark *marks, size_t n, struct mark m)
{
	size_t at = n;

	for (; at > 0 && marks[at - 1].from > m.from; at--)
		marks[at] = marks[at - 1];
	marks[at] = m;
	return n + 1;
}

static size_t marks_of(const json_t *item, size_t length, struct mark *marks)
{
	const json_t *hit, *at;
	size_t i, n = 0;

	json_array_foreach(json_object_get(item, "hits"), i, hit)
	{
		struct mark m;

		at = json_object_get(hit, "at");
		if (!json_is_array(at) || n == MOST_MARKS)
			continue;
		m.from = (size_t)json_integer_value(json_array_get(at, 0));
		m.to = (size_t)json_integer_value(json_array_get(at, 1));
		if (m.from < m.to && m.to <= length)
			n = add_mark(marks, n, m);
	}
	return n;
}

static void print_part(const char *text, size_t n)
{
	json_t *part = json_stringn(text, n);

	fputs(screen_text(part), stdout);
	json_decref(part);
}

/* The words that rules hit stand out. */
static void title(const struct command_env *env, const json_t *item)
{
	const json_t *value = json_object_get(item, "title");
	const char *text = json_string_value(value);
	size_t length = json_string_length(value), at = 0, n;
	struct mark marks[MOST_MARKS];

	n = marks_of(item, length, marks);
	printf("\n%s", screen_colour(env, SCREEN_BOLD));
	for (size_t i = 0; i < n; i++) {
		if (marks[i].to <= at)
			continue;
		if (marks[i].from > at)
			print_part(text + at, marks[i].from - at);
		else
			marks[i].from = at;
		fputs(screen_colour(env, SCREEN_YELLOW), stdout);
		print_part(text + marks[i].from, marks[i].to - marks[i].from);
		printf("%s%s", screen_colour(env, SCREEN_PLAIN), screen_colour(env, SCREEN_BOLD));
		at = marks[i].to;
	}
	if (at < length)
		print_part(text + at, length - at);
	printf("%s\n", screen_colour(env, SCREEN_PLAIN));
}

/* A person has decided it, in a category that was split since. */
static void recheck(const struct command_env *env, const json_t *was)
{
	if (!json_is_object(was))
		return;
	printf("  %slabeled %s, which was %s: say which it is%s\n",
	       screen_colour(env, SCREEN_YELLOW), screen_member(was, "written"),
	       screen_member(was, "why"), screen_colour(env, SCREEN_PLAIN));
}

static void about(const json_t *item, int64_t waiting)
{
	static const char *const links[] = { "image", "url" };

	printf(" ");
	if (json_object_get(item, "ext_id"))
		printf(" %s/%s", screen_member(item, "source"), screen_member(item, "ext_id"));
	if (json_is_number(json_object_get(item, "price")))
		printf("  %.12g %s", screen_real(item, "price"), screen_member(item, "currency"));
	printf("  %s", screen_member(item, "state"));
	if (screen_int(item, "family_size") > 1)
		printf("  one of %lld alike", (long long)screen_int(item, "family_size"));
	if (screen_true(item, "second"))
		printf("  for a second person");
	printf("  (%lld waiting)\n", (long long)waiting);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (screen_member(item, links[i])[0])
			printf("  %s\n", screen_member(item, links[i]));
}

static void choices(const json_t *item)
{
	const json_t *own = json_object_get(item, "keep"), *g;
	size_t i, n = 0;

	if (screen_true(item, "blind"))
		return;
	printf("  0  keep    %-30s %s\n",
	       json_is_object(own) ? screen_member(own, "category") : "(no category of ours)",
	       screen_member(own, "ko"));
	json_array_foreach(json_object_get(item, "suggestions"), i, g)
		printf("  %zu  %5.1f%%  %-30s %s\n", ++n, screen_real(g, "p") * 100,
		       screen_member(g, "category"), screen_member(g, "ko"));
	json_array_foreach(json_object_get(item, "decisions"), i, g)
	{
		printf("  %zu  %s says ", ++n, screen_member(g, "who"));
		if (screen_member(g, "category")[0])
			printf("%s %s\n", screen_member(g, "category"), screen_member(g, "ko"));
		else
			printf("%s %s\n", screen_member(g, "action"), screen_member(g, "reason"));
	}
}

static const char *word_of(const json_t *item, const char *rule)
{
	const json_t *hit;
	size_t i;

	json_array_foreach(json_object_get(item, "hits"), i,
			   hit) if (strcmp(screen_member(hit, "rule"), rule) ==
				    0) return screen_member(hit, "word");
	return "";
}

static void reasons(const struct command_env *env, const json_t *item)
{
	const char *dim = screen_colour(env, SCREEN_DIM), *plain = screen_colour(env, SCREEN_PLAIN);
	const json_t *v;
	size_t i;

	json_array_foreach(json_object_get(item, "votes"), i, v)
	{
		const char *rule = json_string_value(json_object_get(v, "rule"));

		printf("  %srule %s says %s", dim, screen_member(v, "rule"),
		       screen_member(v, "category"));
		printf("%s%s%s\n", rule && word_of(item, rule)[0] ? ": " : "",
		       rule ? word_of(item, rule) : "", plain);
	}
	json_array_foreach(json_object_get(item, "nearest"), i, v)
		printf("  %sreviewed: %s  %s %s%s\n", dim, screen_member(v, "title"),
		       screen_member(v, "category"), screen_member(v, "ko"), plain);
}

void item_show(const struct command_env *env, const json_t *item, int64_t waiting)
{
	title(env, item);
	about(item, waiting);
	recheck(env, json_object_get(item, "recheck"));
	if (screen_true(item, "blind") && screen_member(item, "description")[0])
		printf("  %s\n", screen_member(item, "description"));
	choices(item);
	reasons(env, item);
}

const char *item_show_choice(const json_t *item, int n)
{
	const json_t *s = json_object_get(item, "suggestions"), *said;
	size_t at = (size_t)n - 1, own = json_array_size(s);

	if (at < own)
		return json_string_value(json_object_get(json_array_get(s, at), "category"));
	said = json_array_get(json_object_get(item, "decisions"), at - own);
	if (!said || strcmp(screen_member(said, "action"), "unsure") == 0)
		return NULL;
	said = json_object_get(said, "category");
	return json_is_string(said) ? json_string_value(said) : "";
}

void item_show_keys(const struct command_env *env, const json_t *item, bool family)
{
	bool blind = screen_true(item, "blind");

	if (family)
		printf("%s[for all %lld alike] %s", screen_colour(env, SCREEN_BOLD),
		       (long long)screen_int(item, "family_size"),
		       screen_colour(env, SCREEN_PLAIN));
	printf("%sletters or / search, n none, x unsure, f flag, s skip,%s u undo, q quit: ",
	       blind ? "" : "enter 1, 1 2 3 take, 0 keep, ",
	       screen_int(item, "family_size") > 1 ? " + all alike," : "");
	fflush(stdout);
}

json_t *item_show_seen(const json_t *item)
{
	json_t *o = json_pack("{}");

	json_object_set(o, "label", json_object_get(json_object_get(item, "label"), "category"));
	json_object_set(o, "keep", json_object_get(json_object_get(item, "keep"), "category"));
	json_object_set(o, "suggestions", json_object_get(item, "suggestions"));
	return o;
}
