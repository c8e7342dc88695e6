#include "pipectl/ctl.h"
#include "pipectl/show.h"

#include <string.h>

const struct opt ctl_family_options[] = {
	{ .name = "limit",
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "N",
	  .min = 1,
	  .max = 1000,
	  .doc = "Show: at most so many members (100)." },
	{ .name = "who",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(who),
	  .value = "NAME",
	  .doc = "The name that a split or merge is stored under (the user's)." },
	{ .name = NULL },
};

/* A listing goes by row id or by SOURCE/ID. */
static void make_path(const struct command_env *env, const char *name, struct buf *path)
{
	const char *slash = strchr(name, '/');
	struct buf source;

	buf_add_text(path, "/api/listings");
	http_segment(path, slash ? "-" : name);
	buf_add_text(path, "/family");
	if (slash) {
		buf_init(&source, 4096);
		buf_add(&source, (struct str){ name, (size_t)(slash - name) });
		http_param(path, "source", buf_str(&source).p);
		http_param(path, "ext_id", slash + 1);
		buf_done(&source);
	}
	if (env->opt.limit > 0)
		http_param_int(path, "limit", env->opt.limit);
}

static void print(const struct command_env *env, const json_t *root)
{
	const json_t *m;
	char n[32];
	size_t i;

	printf("%sfamily %s%s  %s listings, split %s\n", screen_colour(env, SCREEN_BOLD),
	       screen_member(root, "family"), screen_colour(env, SCREEN_PLAIN),
	       screen_count(screen_int(root, "size"), n), screen_member(root, "split"));
	json_array_foreach(json_object_get(root, "members"), i, m)
	{
		printf("  %8lld  ", (long long)screen_int(m, "id"));
		screen_cell(str_of(screen_member(m, "title")), 60);
		printf("  %-7s", screen_member(m, "joined_by"));
		if (screen_real(m, "alike") < 1)
			printf(" %.2f", screen_real(m, "alike"));
		if (json_is_integer(json_object_get(m, "picture")))
			printf(" %lld bits of 256", (long long)screen_int(m, "picture"));
		printf("  %s%s/%s %s%s\n", screen_colour(env, SCREEN_DIM),
		       screen_member(m, "source"), screen_member(m, "ext_id"),
		       screen_member(m, "state"), screen_colour(env, SCREEN_PLAIN));
	}
	if ((int64_t)json_array_size(json_object_get(root, "members")) < screen_int(root, "size"))
		printf("  and more (--limit)\n");
	json_array_foreach(json_object_get(root, "events"), i, m) printf(
		"  %s  %s by %s: listing %lld, %lld moved, %s to %s\n", screen_member(m, "made"),
		screen_member(m, "action"), screen_member(m, "who"),
		(long long)screen_int(m, "listing"), (long long)screen_int(m, "moved"),
		screen_member(m, "was"), screen_member(m, "family"));
}

static void changed(const struct command_env *env, const json_t *root)
{
	(void)env;
	printf("listing %lld: %lld moved to family %s\n", (long long)screen_int(root, "listing"),
	       (long long)screen_int(root, "moved"), screen_member(root, "family"));
}

/* `ret` NULL: to print. */
static int show(const struct command_env *env, const char *name, json_t **ret)
{
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	make_path(env, name, &path);
	rc = ret ? http_get(env, path.p, ret) : show_get(env, path.p, print);
	buf_done(&path);
	return rc;
}

static int row_of(const struct command_env *env, const char *name, int64_t *ret)
{
	json_t *root = NULL;
	int rc = EXIT_DONE;

	if (str_i64(str_of(name), ret))
		return rc;
	rc = show(env, name, &root);
	if (!rc)
		*ret = screen_int(root, "listing");
	json_decref(root);
	return rc;
}

/* `into` NULL: split. */
static int change(const struct command_env *env, const char *name, const char *into)
{
	int64_t listing = 0, other = 0;
	json_t *body, *answer = NULL;
	int rc = row_of(env, name, &listing);

	if (!rc && into)
		rc = row_of(env, into, &other);
	if (rc)
		return rc;
	body = json_pack("{sssIss}", "action", into ? "merge" : "split", "listing",
			 (json_int_t)listing, "who", ctl_review_user(env));
	if (into)
		json_object_set_new(body, "into", json_integer(other));
	rc = http_post(env, "/api/families", body, &answer);
	json_decref(body);
	if (rc)
		return rc;
	if (env->opt.json)
		screen_json(answer);
	else
		changed(env, answer);
	json_decref(answer);
	return rc;
}

static int usage(const char *why)
{
	fprintf(stderr, "pipectl: %s; `pipectl help family` says more\n", why);
	return EXIT_USAGE;
}

int ctl_family(const struct command_env *env)
{
	const char *const *args = env->args;
	int n = env->n_args, rc = EXIT_DONE;

	if (strcmp(args[0], "show") == 0)
		return n == 2 ? show(env, args[1], NULL) : usage("show is of one listing");
	if (strcmp(args[0], "merge") == 0)
		return n == 3 ? change(env, args[1], args[2])
			      : usage("merge takes two listings: of the family that goes, of the "
				      "one that stays");
	if (strcmp(args[0], "split") != 0)
		return usage("family show, family split or family merge");
	for (int i = 1; i < n && !rc; i++)
		rc = change(env, args[i], NULL);
	return rc;
}
