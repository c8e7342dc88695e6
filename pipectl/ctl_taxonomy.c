/* pipectl taxonomy: what there is, how it came, what another file would do. */
#include "pipectl/ctl.h"
#include "pipectl/ctl_page.h"
#include "pipectl/show.h"

#include <string.h>

const struct opt ctl_taxonomy_options[] = {
	{ .name = "out",
	  .letter = 'o',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(out),
	  .value = "FILE",
	  .doc = "import, diff: write the draft to this file." },
	{ .name = "force", .type = OPT_FLAG, .at = COMMAND_AT(force), .doc = "Write over it." },
	{ .name = "source",
	  .letter = 's',
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "import: draft the mapping of this source's categories to ours." },
	{ .name = "name",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(name),
	  .value = "NAME",
	  .doc = "import: what the taxonomy is to be called." },
	{ .name = NULL },
};

static int usage(const char *how)
{
	fprintf(stderr, "pipectl: %s; `pipectl help taxonomy` says more\n", how);
	return EXIT_USAGE;
}

/* ---- the tree ---- */

static void heading(const struct command_env *env)
{
	printf("%s%-36s %-28s %10s %9s %10s%s\n", screen_colour(env, SCREEN_BOLD), "CATEGORY",
	       "NAME", "LABELED", "REVIEWED", "SUGGESTED", screen_colour(env, SCREEN_PLAIN));
}

static void category(const json_t *c, int depth)
{
	char n[3][32];

	printf("%*s", depth * 2, "");
	screen_cell(str_of(screen_member(c, "code")), 36 - depth * 2);
	putchar(' ');
	screen_cell(str_of(screen_member(c, "ko")), 28);
	printf(" %10s %9s %10s\n", screen_count(screen_int(c, "labeled"), n[0]),
	       screen_count(screen_int(c, "reviewed"), n[1]),
	       screen_count(screen_int(c, "suggested"), n[2]));
}

static void tree(const struct command_env *env, const json_t *all)
{
	const json_t *c;
	size_t i;

	heading(env);
	json_array_foreach(all, i, c) category(c, (int)screen_int(c, "depth"));
}

/* Those that were found, best first, with the counts that the whole tree has. */
static void some(const struct command_env *env, const json_t *all, const json_t *found)
{
	const json_t *f, *c;
	size_t i, k;

	heading(env);
	json_array_foreach(found, i, f) json_array_foreach(
		all, k, c) if (json_equal(json_object_get(c, "code"), json_object_get(f, "code")))
		category(c, 0);
}

static int search(const struct command_env *env, json_t **ret)
{
	struct buf path;
	int rc;

	buf_init(&path, 1 << 16);
	buf_add_text(&path, "/api/taxonomy/search");
	http_param(&path, "text", env->args[0]);
	rc = http_get(env, path.p, ret);
	buf_done(&path);
	if (!rc && !json_array_size(json_object_get(*ret, "categories"))) {
		fprintf(stderr, "pipectl: no category matches\n");
		rc = EXIT_NOT_FOUND;
	}
	return rc;
}

static int found(const struct command_env *env)
{
	json_t *all = NULL, *hits = NULL;
	int rc = search(env, &hits);

	if (!rc && !env->opt.json)
		rc = http_get(env, "/api/taxonomy", &all);
	if (!rc && env->opt.json)
		screen_json(hits);
	else if (!rc)
		some(env, json_object_get(all, "categories"), json_object_get(hits, "categories"));
	json_decref(hits);
	json_decref(all);
	return rc;
}

static void print_tree(const struct command_env *env, const json_t *root)
{
	tree(env, json_object_get(root, "categories"));
}

static void list(const char *what, const json_t *texts)
{
	const json_t *t;
	const char *key;
	size_t i;

	if (json_is_object(texts) ? !json_object_size(texts) : !json_array_size(texts))
		return;
	printf("  %-9s", what);
	json_array_foreach(texts, i, t) printf("%s%s", i ? ", " : "", screen_text(t));
	json_object_foreach((json_t *)(uintptr_t)texts, key, t)
		printf("%s %s  ", key, screen_text(t));
	putchar('\n');
}

static void print_one(const struct command_env *env, const json_t *root)
{
	const json_t *all = json_object_get(root, "categories"), *x = json_array_get(all, 0), *c;
	int top = (int)screen_int(x, "depth");
	size_t i;

	printf("%s%s%s  %s, %s\n", screen_colour(env, SCREEN_BOLD), screen_member(x, "code"),
	       screen_colour(env, SCREEN_PLAIN), screen_member(x, "ko"), screen_member(x, "en"));
	if (screen_member(x, "parent")[0])
		printf("  below    %s\n", screen_member(x, "parent"));
	list("names", json_object_get(x, "names"));
	list("aliases", json_object_get(x, "aliases"));
	putchar('\n');
	heading(env);
	json_array_foreach(all, i, c) category(c, (int)screen_int(c, "depth") - top);
}

static int show_one(const struct command_env *env)
{
	struct buf path;
	int rc;

	if (env->n_args < 2)
		return show_get(env, "/api/taxonomy", print_tree);
	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/taxonomy");
	http_param(&path, "code", env->args[1]);
	rc = show_get(env, path.p, print_one);
	buf_done(&path);
	return rc;
}

/* ---- its versions ---- */

static void codes(const json_t *from)
{
	const json_t *c;
	size_t i;

	json_array_foreach(from, i, c) printf("%s%s", i ? ", " : "", screen_text(c));
}

static void print_log(const struct command_env *env, const json_t *root)
{
	const json_t *v, *c;
	size_t i, k;

	printf("%s%s, version %lld%s\n", screen_colour(env, SCREEN_BOLD),
	       screen_member(root, "name"), (long long)screen_int(root, "version"),
	       screen_colour(env, SCREEN_PLAIN));
	if (screen_int(root, "rechecks"))
		printf("%lld listings wait for review, as their categories were split\n",
		       (long long)screen_int(root, "rechecks"));
	if (!json_array_size(json_object_get(root, "versions")))
		printf("its file has no history\n");
	json_array_foreach(json_object_get(root, "versions"), i, v)
	{
		printf("\nversion %lld of %s%s%s\n", (long long)screen_int(v, "version"),
		       screen_member(v, "date"),
		       screen_member(v, "in_force")[0] ? ", in force here since " : "",
		       screen_member(v, "in_force"));
		if (screen_member(v, "note")[0])
			printf("  %s\n", screen_member(v, "note"));
		json_array_foreach(json_object_get(v, "changes"), k, c)
		{
			printf("  ");
			codes(json_object_get(c, "from"));
			printf(" %s", screen_member(c, "text"));
			if (screen_int(c, "labels"))
				printf("  (%lld labels)", (long long)screen_int(c, "labels"));
			putchar('\n');
		}
	}
}

/* ---- files ---- */

static void print_effects(const json_t *root)
{
	const json_t *labels = json_object_get(root, "labels"), *e;
	char n[5][32];
	size_t i;

	if (!labels)
		return;
	printf("labels: %s stay, %s become another category, %s go back to review, %s become "
	       "none%s%s "
	       "\n",
	       screen_count(screen_int(labels, "kept"), n[0]),
	       screen_count(screen_int(labels, "recoded"), n[1]),
	       screen_count(screen_int(labels, "split"), n[2]),
	       screen_count(screen_int(labels, "none"), n[3]),
	       screen_int(labels, "lost") ? ", LOST: " : "",
	       screen_int(labels, "lost") ? screen_count(screen_int(labels, "lost"), n[4]) : "");
	json_array_foreach(json_object_get(root, "effects"), i, e)
	{
		printf("  %10s  %-32s ", screen_count(screen_int(e, "labels"), n[0]),
		       screen_member(e, "written"));
		if (screen_member(e, "why")[0])
			printf("%s\n", screen_member(e, "why"));
		else
			printf("%s\n", screen_member(e, "fate"));
	}
}

static int print_check(const struct command_env *env, const json_t *root)
{
	const json_t *wrong = json_object_get(root, "problems");

	if (env->opt.json)
		screen_json(root);
	if (json_array_size(wrong))
		return ctl_page_problems(wrong);
	if (!env->opt.json) {
		printf("%s, version %lld: %lld categories, %lld of them leaves, %lld mappings\n",
		       screen_member(root, "name"), (long long)screen_int(root, "version"),
		       (long long)screen_int(root, "categories"),
		       (long long)screen_int(root, "leaves"),
		       (long long)screen_int(root, "mappings"));
		print_effects(root);
	}
	if (!screen_member(root, "refused")[0])
		return EXIT_DONE;
	fprintf(stderr, "pipectl: it would be refused: %s\n", screen_member(root, "refused"));
	return EXIT_FAILED;
}

static void print_diff(const json_t *root)
{
	const json_t *c;
	size_t i;

	json_array_foreach(json_object_get(root, "changes"), i, c)
	{
		if (screen_true(root, "proposed")) {
			if (screen_member(c, "ask")[0])
				printf("# ? %s\n", screen_member(c, "ask"));
			printf("- %s\n", screen_member(c, "text"));
		} else {
			printf("version %lld: ", (long long)screen_int(c, "version"));
			codes(json_object_get(c, "from"));
			printf(" %s\n", screen_member(c, "text"));
		}
	}
	if (screen_true(root, "proposed"))
		printf("%zu changes are proposed; %lld categories are as they were, %lld are new\n",
		       json_array_size(json_object_get(root, "changes")),
		       (long long)screen_int(root, "same"), (long long)screen_int(root, "added"));
	print_effects(root);
}

static int draft(const struct command_env *env, const json_t *root)
{
	const char *yaml = json_string_value(json_object_get(root, "yaml"));

	if (!env->opt.out)
		return EXIT_DONE;
	if (yaml)
		return ctl_page_write(env, yaml);
	fprintf(stderr, "pipectl: the newer file has its history: there is nothing to draft\n");
	return EXIT_USAGE;
}

/* Posts what `env` names: one file, or two. */
static int post(const struct command_env *env, struct buf *path, int files, json_t **ret)
{
	struct buf body;
	int rc;

	buf_init(&body, CTL_PAGE_BYTES);
	rc = ctl_page_add(env->args[1], &body);
	if (!rc && !body.n)
		rc = usage("the file is empty");
	if (!rc && files == 2) {
		http_param_int(path, "old_bytes", (int64_t)body.n);
		rc = ctl_page_add(env->args[2], &body);
	}
	if (!rc)
		rc = http_post_bytes(env, path->p, buf_str(&body), ret);
	buf_done(&body);
	return rc;
}

static int check(const struct command_env *env)
{
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/taxonomy/check");
	http_param(&path, "file", env->args[1]);
	rc = post(env, &path, 1, &root);
	if (!rc)
		rc = print_check(env, root);
	json_decref(root);
	buf_done(&path);
	return rc;
}

static int diff(const struct command_env *env)
{
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/taxonomy/diff");
	http_param(&path, "old", env->args[1]);
	http_param(&path, "new", env->args[2]);
	rc = post(env, &path, 2, &root);
	if (!rc && env->opt.json)
		screen_json(root);
	else if (!rc)
		print_diff(root);
	if (!rc)
		rc = draft(env, root);
	json_decref(root);
	buf_done(&path);
	return rc;
}

static int import(const struct command_env *env)
{
	const json_t *m;
	json_t *root = NULL;
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/taxonomy/import");
	http_param(&path, "file", env->args[1]);
	http_param(&path, "name", env->opt.name);
	http_param(&path, "source", env->opt.source);
	rc = post(env, &path, 1, &root);
	if (!rc && env->opt.json)
		screen_json(root);
	else if (!rc && !env->opt.out)
		fputs(json_string_value(json_object_get(root, "yaml")), stdout);
	if (!rc)
		rc = draft(env, root);
	m = json_object_get(root, "mapping");
	if (!rc && json_is_object(m))
		fprintf(stderr,
			"%lld categories: %lld mapped already, %lld by their names, %lld to be "
			"asked "
			"about, %lld like nothing\n",
			(long long)screen_int(root, "categories"), (long long)screen_int(m, "kept"),
			(long long)screen_int(m, "clear"), (long long)screen_int(m, "asked"),
			(long long)screen_int(m, "none"));
	json_decref(root);
	buf_done(&path);
	return rc;
}

/* ---- mappings ---- */

static void share(const char *what, int64_t n, int64_t of)
{
	char a[32], b[32];

	printf("  %s of %s %s are mapped (%.1f%%)\n", screen_count(n, a), screen_count(of, b), what,
	       of ? 100.0 * (double)n / (double)of : 0);
}

static void conflict(const json_t *c)
{
	const json_t *agree = json_object_get(c, "agree"), *against = json_object_get(c, "against");

	printf("  %-14s %-28s", screen_member(c, "category"), screen_member(c, "mapped"));
	if (agree && !json_is_null(agree))
		printf(" %lld of %lld reviewed agree (%.0f to %.0f%%)",
		       (long long)screen_int(c, "agreed"), (long long)screen_int(c, "reviewed"),
		       100 * json_number_value(json_array_get(agree, 0)),
		       100 * json_number_value(json_array_get(agree, 1)));
	if (against && !json_is_null(against))
		printf(" rules contradict %lld of %lld (%.0f to %.0f%%)",
		       (long long)screen_int(c, "contradicted"), (long long)screen_int(c, "voted"),
		       100 * json_number_value(json_array_get(against, 0)),
		       100 * json_number_value(json_array_get(against, 1)));
	if (screen_member(c, "instead")[0])
		printf(", mostly for %s", screen_member(c, "instead"));
	putchar('\n');
}

static void print_mapping(const struct command_env *env, const json_t *root)
{
	const json_t *s, *x;
	char n[32];
	size_t i, k;

	json_array_foreach(json_object_get(root, "sources"), i, s)
	{
		printf("%s%s%s\n", screen_colour(env, SCREEN_BOLD), screen_member(s, "source"),
		       screen_colour(env, SCREEN_PLAIN));
		share("listings", screen_int(s, "mapped"), screen_int(s, "listings"));
		share("categories", screen_int(s, "categories_mapped"),
		      screen_int(s, "categories"));
		json_array_foreach(json_object_get(s, "unmapped"), k, x)
			printf("  not mapped: %-20s %s listings\n", screen_member(x, "category"),
			       screen_count(screen_int(x, "listings"), n));
		json_array_foreach(json_object_get(s, "conflicts"), k, x) conflict(x);
		json_array_foreach(json_object_get(s, "overlaps"), k, x)
			printf("  %s says %s, but lies within %s, which says %s\n",
			       screen_member(x, "from"), screen_member(x, "says"),
			       screen_member(x, "within"), screen_member(x, "which_says"));
		if (json_array_size(json_object_get(s, "unused")))
			printf("  no listing met %zu mappings\n",
			       json_array_size(json_object_get(s, "unused")));
	}
}

static int mapping(const struct command_env *env)
{
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/taxonomy/mapping");
	http_param(&path, "source", env->n_args > 1 ? env->args[1] : NULL);
	rc = show_get(env, path.p, print_mapping);
	buf_done(&path);
	return rc;
}

static int history(const struct command_env *env)
{
	return show_get(env, "/api/taxonomy/history", print_log);
}

static const struct {
	const char *name, *usage;
	int least, most; /* arguments, its name included */
	int (*run)(const struct command_env *env);
} parts[] = {
	{ "show", "taxonomy show [CODE]", 1, 2, show_one },
	{ "log", "taxonomy log", 1, 1, history },
	{ "diff", "taxonomy diff OLD NEW", 3, 3, diff },
	{ "check", "taxonomy check FILE", 2, 2, check },
	{ "import", "taxonomy import FILE [--source SOURCE]", 2, 2, import },
	{ "mapping", "taxonomy mapping [SOURCE]", 1, 2, mapping },
};

int ctl_taxonomy(const struct command_env *env)
{
	if (!env->n_args)
		return show_one(env);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strcmp(env->args[0], parts[i].name) == 0)
			return env->n_args < parts[i].least || env->n_args > parts[i].most
				       ? usage(parts[i].usage)
				       : parts[i].run(env);
	return env->n_args == 1 ? found(env) : usage("taxonomy [WORD]");
}
