/* `pipectl review --grid`: titles that are likely of one category, accepted at once. */
#include "pipectl/ctl.h"
#include "pipectl/reviewer.h"
#include "pipectl/screen.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 20
#define PAGE_MOST 200
#define LINE_MOST 1024

struct grid {
	struct reviewer r;
	const char *category;
	int64_t size;
	json_t *left; /* ids that do not belong, or are for later */
	json_t *items;
	int64_t shown_ms;
};

static bool holds(const json_t *ids, int64_t id)
{
	const json_t *one;
	size_t i;

	json_array_foreach(ids, i, one) if (json_integer_value(one) == id) return true;
	return false;
}

static int fetch(struct grid *g)
{
	int64_t n = g->size + (int64_t)json_array_size(g->left);
	json_t *root = NULL, *item;
	struct buf path;
	size_t i;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/review/grid");
	http_param(&path, "category", g->category);
	http_param_int(&path, "n", n < PAGE_MOST ? n : PAGE_MOST);
	http_param(&path, "source", g->r.env->opt.source);
	http_param(&path, "who", g->r.who);
	rc = http_get(g->r.env, path.p, &root);
	buf_done(&path);
	if (rc == EXIT_DONE && g->r.env->opt.json)
		screen_json(root);
	json_decref(g->items);
	g->items = json_pack("[]");
	json_array_foreach(json_object_get(root, "items"), i, item)
	{
		if (!holds(g->left, screen_int(item, "id")) &&
		    json_array_size(g->items) < (size_t)g->size)
			json_array_append(g->items, item);
	}
	json_decref(root);
	return rc;
}

static void show(const struct grid *g)
{
	const json_t *item;
	size_t i;

	printf("\n%s%s%s\n", screen_colour(g->r.env, SCREEN_BOLD), g->category,
	       screen_colour(g->r.env, SCREEN_PLAIN));
	json_array_foreach(g->items, i, item)
	{
		printf("  %3zu  ", i + 1);
		screen_cell(str_of(screen_member(item, "title")), 60);
		if (json_is_number(json_object_get(item, "price")))
			printf("  %.12g %s", screen_real(item, "price"),
			       screen_member(item, "currency"));
		printf("\n");
	}
}

/* The numbers of the line, from 1, mark what does not belong; false: something else is in it. */
static bool excluded(const char *line, bool *out, size_t n)
{
	char *end;
	long at;

	memset(out, 0, n * sizeof(*out));
	for (;;) {
		line += strspn(line, " ,\t");
		if (!*line)
			return true;
		at = strtol(line, &end, 10);
		if (end == line || at < 1 || (size_t)at > n)
			return false;
		out[at - 1] = true;
		line = end;
	}
}

static json_t *body_of(const struct grid *g, const bool *out, const char *line)
{
	json_t *body = json_pack("{s:s,s:s}", "action", "accept", "category", g->category);
	json_t *others = json_pack("[]"), *shown = json_pack("[]"), *not = json_pack("[]"), *item;
	int64_t took = clock_mono_ms(&clock_system) - g->shown_ms, id;
	char text[24];
	size_t i;

	json_array_foreach(g->items, i, item)
	{
		id = screen_int(item, "id");
		json_array_append_new(out[i] ? not : shown, json_integer(id));
		if (out[i])
			continue;
		snprintf(text, sizeof(text), "%lld", (long long)id);
		if (json_object_get(body, "listing"))
			json_array_append_new(others, json_string(text));
		else
			json_object_set_new(body, "listing", json_integer(id));
	}
	json_object_set_new(body, "listings", others);
	json_object_set_new(body, "shown",
			    json_pack("{s:o,s:o}", "accepted", shown, "left_out", not ));
	json_object_set_new(body, "took_ms", json_integer(took));
	json_object_set_new(body, "key", json_string(strlen(line) < 40 ? line : "..."));
	return body;
}

static bool post(struct grid *g, json_t *body)
{
	json_t *root = NULL;
	int64_t n;
	bool undo = strcmp(screen_member(body, "action"), "undo") == 0;

	if (!reviewer_post(&g->r, body, &root)) {
		json_decref(root);
		return false;
	}
	n = screen_int(root, "listings");
	printf("%s%s: %lld listings%s\n", screen_colour(g->r.env, SCREEN_GREEN),
	       undo ? "undo" : "accepted", (long long)n, screen_colour(g->r.env, SCREEN_PLAIN));
	g->r.decided += undo ? -n : n;
	json_decref(root);
	return true;
}

static void leave(struct grid *g, const bool *out)
{
	const json_t *item;
	size_t i;

	json_array_foreach(g->items, i, item) if (!out || out[i])
		json_array_append_new(g->left, json_integer(screen_int(item, "id")));
}

/* False: the person goes, or it failed. */
static bool on_line(struct grid *g, const char *line)
{
	size_t n = json_array_size(g->items), some = 0;
	bool out[PAGE_MOST];

	if (strcmp(line, "q") == 0)
		return false;
	if (strcmp(line, "s") == 0) {
		leave(g, NULL);
		return true;
	}
	if (strcmp(line, "u") == 0) {
		/* Nothing to undo is no reason to end. */
		if (!post(g, json_pack("{s:s}", "action", "undo")) && g->r.rc == EXIT_NO_DAEMON)
			return false;
		g->r.rc = EXIT_DONE;
		return true;
	}
	if (!excluded(line, out, n)) {
		printf("numbers of this page, s, u or q\n");
		return true;
	}
	leave(g, out);
	for (size_t i = 0; i < n; i++)
		some += !out[i];
	return !some || post(g, body_of(g, out, line));
}

static bool one_page(struct grid *g)
{
	static const char prompt[] = "numbers that do not belong, enter accepts the others, s next "
				     "page, u undo, q quit: ";
	struct buf line;
	struct str typed;
	char text[LINE_MOST + 1];
	bool more;

	show(g);
	g->shown_ms = clock_mono_ms(&clock_system);
	buf_init(&line, LINE_MOST);
	if (!g->r.keys.tty)
		fputs(prompt, stdout);
	fflush(stdout);
	more = keys_line(&g->r.keys, prompt, &line);
	typed = str_trim(buf_str(&line));
	snprintf(text, sizeof(text), "%.*s", STR_ARG(typed));
	more = more && on_line(g, text);
	buf_done(&line);
	return more;
}

int ctl_grid(const struct command_env *env)
{
	struct grid g = { .category = env->opt.grid };
	bool more = true;

	g.size = env->opt.limit > 0 && env->opt.limit < PAGE_MOST ? env->opt.limit : PAGE;
	reviewer_begin(&g.r, env, "all");
	g.left = json_pack("[]");
	while (more) {
		g.r.rc = fetch(&g);
		if (g.r.rc || env->opt.json)
			break;
		if (!json_array_size(g.items)) {
			printf("nothing more is likely of %s\n", g.category);
			break;
		}
		more = one_page(&g);
	}
	json_decref(g.items);
	json_decref(g.left);
	reviewer_end(&g.r);
	if (!env->opt.json)
		printf("%lld decided\n", (long long)g.r.decided);
	return g.r.rc;
}
