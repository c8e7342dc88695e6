#include "pipectl/ctl.h"
#include "pipectl/feed.h"
#include "pipectl/item_show.h"
#include "pipectl/reviewer.h"

#include "base/clock.h"
#include "model/listing.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct opt ctl_review_options[] = {
	{ .name = "queue",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(queue),
	  .value = "NAME",
	  .doc = "all (the default), errors, uncertain, rules, new, audit, adjudicate." },
	{ .name = "draw",
	  .type = OPT_INT,
	  .at = COMMAND_AT(draw),
	  .value = "ID",
	  .doc = "Of the queue audit: which draw; else the newest." },
	{ .name = "grid",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(grid),
	  .value = "CATEGORY",
	  .doc = "Pages of titles that are likely of this category, to be accepted at once." },
	{ .name = "limit",
	  .letter = 'n',
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .doc = "Of a grid: titles on a page (20)." },
	{ .name = "source",
	  .letter = 's',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "Only listings of this source." },
	{ .name = "who",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(who),
	  .value = "NAME",
	  .doc = "The name that decisions are stored under (the user's)." },
	{ .name = NULL },
};

/* One item on the screen. */
struct desk {
	struct reviewer r;
	struct feed feed;
	const json_t *item;
	int64_t shown_ms; /* monotonic */
	bool family;	  /* what is decided is for all alike */
	json_t *said;	  /* an event that is not posted yet; NULL: none */
	char key[KEYS_MOST];
};

const char *ctl_review_user(const struct command_env *env)
{
	const char *user = getenv("USER");
	const struct passwd *p;

	if (env->opt.who)
		return env->opt.who;
	if (user && user[0])
		return user;
	p = getpwuid(getuid());
	return p ? p->pw_name : "unknown";
}

enum after { AFTER_NEXT, AFTER_SAME, AFTER_QUIT };

static json_t *event_of(const struct desk *d, const char *action)
{
	json_t *body = json_pack("{s:s}", "action", action);
	int64_t took = clock_mono_ms(&clock_system) - d->shown_ms;

	json_object_set_new(body, "listing", json_integer(screen_int(d->item, "id")));
	json_object_set_new(body, "shown", item_show_seen(d->item));
	json_object_set_new(body, "key", json_string(d->key[0] == '\n' ? "enter" : d->key));
	json_object_set_new(body, "took_ms", json_integer(took));
	json_object_set_new(body, "place", json_integer(d->feed.place));
	json_object_set(body, "served", json_object_get(d->item, "served"));
	json_object_set(body, "draw", json_object_get(d->item, "draw"));
	return body;
}

/* Stores what was said, before the next key is asked for. */
static enum after post(struct desk *d)
{
	json_t *root = NULL;
	int64_t n;

	if (!d->said)
		return AFTER_NEXT;
	if (reviewer_post(&d->r, d->said, &root)) {
		n = screen_int(root, "listings");
		printf("%sstored: %s %s", screen_colour(d->r.env, SCREEN_GREEN),
		       screen_member(root, "action"), screen_member(root, "category"));
		if (n > 1)
			printf(" (%lld listings)", (long long)n);
		printf("%s\n", screen_colour(d->r.env, SCREEN_PLAIN));
		if (screen_int(root, "label"))
			d->r.decided += n;
	}
	d->said = NULL;
	json_decref(root);
	return d->r.rc ? AFTER_QUIT : AFTER_NEXT;
}

/* Category "" is "none of them". A commit takes as long as others that it waits for: where the next
 * item is there, the person sees it first. */
static enum after say(struct desk *d, json_t *body, const char *category)
{
	if (category && category[0])
		json_object_set_new(body, "category", json_string(category));
	if (d->family)
		json_object_set_new(body, "family", json_true());
	d->said = body;
	return feed_is_ready(&d->feed) ? AFTER_NEXT : post(d);
}

/* Where people disagree every choice is the last word. */
static enum after decide(struct desk *d, const char *action, const char *category)
{
	bool last_word = strcmp(d->r.queue, "adjudicate") == 0;

	return say(d, event_of(d, last_word ? "adjudicate" : action), category);
}

static enum after choose(struct desk *d, const char *category)
{
	if (screen_true(d->item, "blind"))
		return decide(d, category[0] ? "choose" : "none", category);
	return decide(d, category[0] ? "accept" : "none", category);
}

static enum after undo(struct desk *d)
{
	json_t *root = NULL;
	enum after after = AFTER_QUIT;

	/* Nothing to undo is no reason to end. */
	if (reviewer_post(&d->r, json_pack("{s:s}", "action", "undo"), &root)) {
		if (screen_int(root, "label"))
			d->r.decided -= screen_int(root, "listings");
		printf("%sundo: listing %lld is as it was%s\n",
		       screen_colour(d->r.env, SCREEN_GREEN),
		       (long long)screen_int(root, "listing"),
		       screen_colour(d->r.env, SCREEN_PLAIN));
		feed_back(&d->feed, screen_int(root, "listing"));
		after = AFTER_NEXT;
	} else if (d->r.rc != EXIT_NO_DAEMON) {
		d->r.rc = EXIT_DONE;
		after = AFTER_SAME;
	}
	json_decref(root);
	return after;
}

/* Lists what matches; a digit picks, enter the first. */
static enum after search(struct desk *d, const char *first)
{
	const json_t *found, *c;
	enum after after = AFTER_SAME;
	json_t *root = NULL;
	struct buf line, path;
	char key[KEYS_MOST];
	size_t i;

	buf_init(&line, 256);
	buf_init(&path, 4096);
	buf_add_text(&line, first);
	buf_add_text(&path, "/api/taxonomy/search");
	if (!keys_line(&d->r.keys, "search: ", &line))
		goto out;
	http_param(&path, "text", buf_str(&line).p);
	http_param_int(&path, "limit", 9);
	d->r.rc = http_get(d->r.env, path.p, &root);
	if (d->r.rc) {
		after = AFTER_QUIT;
		goto out;
	}
	found = json_object_get(root, "categories");
	json_array_foreach(found, i, c)
		printf("  %zu  %-32s %s / %s\n", i + 1, screen_member(c, "code"),
		       screen_member(c, "ko"), screen_member(c, "en"));
	if (!json_array_size(found)) {
		printf("  nothing matches\n");
		goto out;
	}
	printf("which? (enter: the first; any other key: back) ");
	fflush(stdout);
	if (!keys_next(&d->r.keys, key))
		goto out;
	i = key[0] == '\n' ? 0 : key[0] >= '1' && key[0] <= '9' ? (size_t)(key[0] - '1') : 9;
	c = json_array_get(found, i);
	if (c)
		after = decide(d, "choose", json_string_value(json_object_get(c, "code")));
out:
	json_decref(root);
	buf_done(&path);
	buf_done(&line);
	return after;
}

static enum after take(struct desk *d, int n)
{
	const char *category = item_show_choice(d->item, n);

	if (!category) {
		printf("there is no such suggestion\n");
		return AFTER_SAME;
	}
	return choose(d, category);
}

static enum after keep(struct desk *d)
{
	const json_t *own = json_object_get(d->item, "keep");

	if (!json_is_object(own)) {
		printf(screen_true(d->item, "blind") ? "an audit shows no category to keep\n"
						     : "the seller's category is none of ours\n");
		return AFTER_SAME;
	}
	return decide(d, "keep", json_string_value(json_object_get(own, "category")));
}

/* The reasons that a machine would flag it for, or the person's own words. */
static enum after flag(struct desk *d)
{
	const char *names[FLAG_COUNT];
	enum after after = AFTER_SAME;
	int64_t chosen = 0;
	struct buf line;
	struct str why;
	json_t *body;
	int n = 0;

	for (int i = 0; i < FLAG_COUNT; i++) {
		if (!listing_flags[i].unfit || i == FLAG_EMPTY_TITLE || i == FLAG_REJECTED)
			continue;
		names[n++] = listing_flags[i].name;
		printf("  %d  %-14s %s\n", n, listing_flags[i].name, listing_flags[i].doc);
	}
	buf_init(&line, 256);
	if (!d->r.keys.tty)
		printf("why? a number, or words: ");
	if (keys_line(&d->r.keys, "why? a number, or words: ", &line)) {
		why = str_trim(buf_str(&line));
		if (str_i64(why, &chosen) && chosen >= 1 && chosen <= n)
			why = str_of(names[chosen - 1]);
		if (why.n) {
			body = event_of(d, "flag");
			json_object_set_new(body, "reason", json_stringn(why.p, why.n));
			after = say(d, body, NULL);
		}
	}
	buf_done(&line);
	return after;
}

static enum after on_key(struct desk *d)
{
	const char *key = d->key;

	if (key[0] >= '1' && key[0] <= '9')
		return take(d, key[0] - '0');
	switch (key[0]) {
	case '\n':
		return take(d, 1);
	case '0':
		return keep(d);
	case 'n':
		return decide(d, "none", "");
	case 'x':
		return say(d, event_of(d, "unsure"), NULL);
	case 's':
		return say(d, event_of(d, "skip"), NULL);
	case 'f':
		return flag(d);
	case '+':
		d->family = !d->family && screen_int(d->item, "family_size") > 1;
		return AFTER_SAME;
	case 'u':
		return undo(d);
	case 'q':
	case 0x04:
		return AFTER_QUIT;
	default:
		break;
	}
	if (key[0] == '/' || (unsigned char)key[0] >= 0x80 || (key[0] >= 'a' && key[0] <= 'z') ||
	    (key[0] >= 'A' && key[0] <= 'Z'))
		return search(d, key[0] == '/' ? "" : key);
	return AFTER_SAME;
}

/* Until it is decided, left or the person goes. */
static enum after one_item(struct desk *d)
{
	enum after after;

	d->family = false;
	d->shown_ms = clock_mono_ms(&clock_system);
	item_show(d->r.env, d->item, d->feed.waiting);
	fflush(stdout);
	if (post(d) == AFTER_QUIT)
		return AFTER_QUIT;
	do {
		item_show_keys(d->r.env, d->item, d->family);
		feed_ahead(&d->feed);
		after = keys_next(&d->r.keys, d->key) ? on_key(d) : AFTER_QUIT;
	} while (after == AFTER_SAME);
	return after;
}

/* The last one may have been a slip. */
static enum after at_the_end(struct desk *d)
{
	enum after after;

	do {
		printf("nothing waits for review; u undo, q quit: ");
		fflush(stdout);
		if (!keys_next(&d->r.keys, d->key) || d->key[0] != 'u')
			after = AFTER_QUIT;
		else
			after = undo(d);
	} while (after == AFTER_SAME);
	printf("\n");
	return after;
}

static int as_json(const struct command_env *env, const char *queue)
{
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/review/next?n=1");
	http_param(&path, "source", env->opt.source);
	http_param(&path, "who", ctl_review_user(env));
	http_param(&path, "queue", queue);
	http_param_int(&path, "draw", env->opt.draw);
	rc = http_get(env, path.p, &root);
	if (rc == EXIT_DONE)
		screen_json(root);
	json_decref(root);
	buf_done(&path);
	return rc;
}

int ctl_review(const struct command_env *env)
{
	const char *queue = env->opt.queue ? env->opt.queue : "all";
	enum after after = AFTER_NEXT;
	struct desk d = { .family = false };

	if (env->n_args && strcmp(env->args[0], "agreement") != 0) {
		fprintf(stderr,
			"pipectl: review takes no argument `%s`; `review agreement` says how "
			"far people agree\n",
			env->args[0]);
		return EXIT_USAGE;
	}
	if (env->n_args)
		return ctl_agreement(env);
	if (env->opt.grid)
		return ctl_grid(env);
	if (env->opt.json)
		return as_json(env, queue);
	reviewer_begin(&d.r, env, queue);
	feed_init(&d.feed, env, queue, d.r.who);
	while (after != AFTER_QUIT) {
		d.item = feed_next(&d.feed, &d.r.rc);
		if (d.r.rc)
			break;
		after = d.item ? one_item(&d) : at_the_end(&d);
	}
	feed_done(&d.feed);
	reviewer_end(&d.r);
	printf("%lld decided\n", (long long)d.r.decided);
	return d.r.rc;
}
