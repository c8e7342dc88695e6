#include "pipectl/ctl.h"
#include "pipectl/http.h"
#include "pipectl/keys.h"
#include "pipectl/screen.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct opt ctl_review_options[] = {
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

struct session {
	const struct command_env *env;
	struct keys keys;
	const char *who;
	int64_t decided;
	int rc;
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

static void show(const struct session *s, const json_t *item, int64_t queue)
{
	const json_t *own = json_object_get(item, "keep"), *g, *v;
	const struct command_env *env = s->env;
	size_t i;

	printf("\n%s%s%s\n", screen_colour(env, SCREEN_BOLD), screen_member(item, "title"),
	       screen_colour(env, SCREEN_PLAIN));
	printf("  %s/%s", screen_member(item, "source"), screen_member(item, "ext_id"));
	if (json_is_number(json_object_get(item, "price")))
		printf("  %.12g %s", screen_real(item, "price"), screen_member(item, "currency"));
	printf("  %s", screen_member(item, "state"));
	if (screen_int(item, "family_size") > 1)
		printf("  one of %lld alike", (long long)screen_int(item, "family_size"));
	printf("  (%lld waiting)\n", (long long)queue);
	if (screen_member(item, "image")[0])
		printf("  %s\n", screen_member(item, "image"));
	if (screen_member(item, "url")[0])
		printf("  %s\n", screen_member(item, "url"));
	if (json_is_object(json_object_get(item, "recheck")))
		printf("  %slabeled %s, which was %s: say which it is%s\n",
		       screen_colour(env, SCREEN_YELLOW),
		       screen_member(json_object_get(item, "recheck"), "written"),
		       screen_member(json_object_get(item, "recheck"), "why"),
		       screen_colour(env, SCREEN_PLAIN));
	printf("  0  keep    %-30s %s\n",
	       json_is_object(own) ? screen_member(own, "category") : "(no category of ours)",
	       screen_member(own, "ko"));
	json_array_foreach(json_object_get(item, "suggestions"), i, g)
		printf("  %zu  %5.1f%%  %-30s %s\n", i + 1, screen_real(g, "p") * 100,
		       screen_member(g, "category"), screen_member(g, "ko"));
	json_array_foreach(json_object_get(item, "votes"), i, v) printf(
		"  %srule %s says %s%s\n", screen_colour(env, SCREEN_DIM), screen_member(v, "rule"),
		screen_member(v, "category"), screen_colour(env, SCREEN_PLAIN));
	printf("1 2 3 take, 0 keep, letters or / search, s skip, u undo, q quit: ");
	fflush(stdout);
}

/* What the person saw: the label and the suggestions, for the log of events. */
static json_t *shown(const json_t *item)
{
	json_t *o = json_pack("{}");

	json_object_set(o, "label", json_object_get(json_object_get(item, "label"), "category"));
	json_object_set(o, "keep", json_object_get(json_object_get(item, "keep"), "category"));
	json_object_set(o, "suggestions", json_object_get(item, "suggestions"));
	return o;
}

static bool decide(struct session *s, const json_t *item, const char *action, const char *category)
{
	json_t *body = json_pack("{s:s,s:s}", "action", action, "who", s->who);
	json_t *root = NULL;

	if (item) {
		json_object_set_new(body, "listing", json_integer(screen_int(item, "id")));
		json_object_set_new(body, "shown", shown(item));
	}
	if (category)
		json_object_set_new(body, "category", json_string(category));
	s->rc = http_post(s->env, "/api/review", body, &root);
	json_decref(body);
	if (s->rc == EXIT_DONE) {
		printf("%s%s%s%s\n", screen_colour(s->env, SCREEN_GREEN), action,
		       category ? " " : "", category ? category : "");
		fputs(screen_colour(s->env, SCREEN_PLAIN), stdout);
		if (strcmp(action, "undo") == 0)
			s->decided -= s->decided > 0;
		else
			s->decided += strcmp(action, "skip") != 0;
	}
	json_decref(root);
	return s->rc == EXIT_DONE;
}

/* Lists what matches; a digit picks. */
static bool search(struct session *s, const json_t *item, const char *first)
{
	const json_t *found, *c;
	json_t *root = NULL;
	struct buf line, path;
	bool done = false;
	char key[8];
	size_t i;

	buf_init(&line, 256);
	buf_init(&path, 4096);
	buf_add_text(&line, first);
	buf_add_text(&path, "/api/taxonomy/search");
	if (!keys_line(&s->keys, &line))
		goto out;
	http_param(&path, "text", buf_str(&line).p);
	http_param_int(&path, "limit", 9);
	s->rc = http_get(s->env, path.p, &root);
	if (s->rc)
		goto out;
	found = json_object_get(root, "categories");
	json_array_foreach(found, i, c)
		printf("  %zu  %-32s %s / %s\n", i + 1, screen_member(c, "code"),
		       screen_member(c, "ko"), screen_member(c, "en"));
	if (!json_array_size(found)) {
		printf("  nothing matches\n");
		goto out;
	}
	printf("which? (any other key: back) ");
	fflush(stdout);
	if (!keys_next(&s->keys, key) || key[0] < '1' || key[0] > '9')
		goto out;
	c = json_array_get(found, (size_t)(key[0] - '1'));
	if (c)
		done = decide(s, item, "choose", json_string_value(json_object_get(c, "code")));
out:
	json_decref(root);
	buf_done(&path);
	buf_done(&line);
	return done;
}

enum after { AFTER_NEXT, AFTER_SAME, AFTER_QUIT };

static enum after take(struct session *s, const json_t *item, size_t at)
{
	const json_t *g = json_array_get(json_object_get(item, "suggestions"), at);

	if (!g) {
		printf("there is no such suggestion\n");
		return AFTER_SAME;
	}
	decide(s, item, "accept", json_string_value(json_object_get(g, "category")));
	return s->rc ? AFTER_QUIT : AFTER_NEXT;
}

static enum after keep(struct session *s, const json_t *item)
{
	const json_t *own = json_object_get(item, "keep");

	if (!json_is_object(own)) {
		printf("the seller's category is none of ours\n");
		return AFTER_SAME;
	}
	decide(s, item, "keep", json_string_value(json_object_get(own, "category")));
	return s->rc ? AFTER_QUIT : AFTER_NEXT;
}

static enum after on_key(struct session *s, const json_t *item, const char *key)
{
	switch (key[0]) {
	case '1':
	case '2':
	case '3':
		return take(s, item, (size_t)(key[0] - '1'));
	case '0':
		return keep(s, item);
	case 's':
		decide(s, item, "skip", NULL);
		return s->rc ? AFTER_QUIT : AFTER_NEXT;
	case 'u':
		/* Nothing to undo is no reason to end. */
		decide(s, NULL, "undo", NULL);
		s->rc = EXIT_DONE;
		return AFTER_NEXT;
	case 'q':
	case 0x04:
		return AFTER_QUIT;
	default:
		break;
	}
	if (key[0] == '/' || (unsigned char)key[0] >= 0x80 || (key[0] >= 'a' && key[0] <= 'z') ||
	    (key[0] >= 'A' && key[0] <= 'Z')) {
		if (search(s, item, key[0] == '/' ? "" : key))
			return AFTER_NEXT;
		return s->rc ? AFTER_QUIT : AFTER_SAME;
	}
	return AFTER_SAME;
}

static bool next_item(struct session *s, json_t **ret)
{
	struct buf path;

	buf_init(&path, 4096);
	buf_add_text(&path, "/api/review/next");
	http_param_int(&path, "n", 1);
	http_param(&path, "source", s->env->opt.source);
	http_param(&path, "who", s->who);
	s->rc = http_get(s->env, path.p, ret);
	buf_done(&path);
	return s->rc == EXIT_DONE;
}

int ctl_review(const struct command_env *env)
{
	struct session s = { .env = env, .who = ctl_review_user(env) };
	enum after after = AFTER_NEXT;
	const json_t *item;
	json_t *root;
	char key[8];

	if (env->opt.json) {
		root = NULL;
		if (next_item(&s, &root))
			screen_json(root);
		json_decref(root);
		return s.rc;
	}
	keys_begin(&s.keys);
	while (after != AFTER_QUIT) {
		root = NULL;
		if (!next_item(&s, &root))
			break;
		item = json_array_get(json_object_get(root, "items"), 0);
		if (!item) {
			printf("nothing waits for review\n");
			json_decref(root);
			break;
		}
		do {
			show(&s, item, screen_int(root, "queue"));
			after = keys_next(&s.keys, key) ? on_key(&s, item, key) : AFTER_QUIT;
		} while (after == AFTER_SAME);
		json_decref(root);
	}
	keys_end(&s.keys);
	printf("%lld decided\n", (long long)s.decided);
	return s.rc;
}
