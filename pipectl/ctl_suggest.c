#include "base/utf8.h"
#include "model/hint.h"
#include "pipectl/ctl.h"
#include "pipectl/http.h"
#include "pipectl/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of a request. */
#define BATCH 250
#define TITLE_MOST 2000

const struct opt ctl_suggest_options[] = {
	{ .name = "limit",
	  .letter = 'k',
	  .type = OPT_INT,
	  .at = COMMAND_AT(limit),
	  .value = "K",
	  .min = 1,
	  .max = 20,
	  .doc = "How many categories (3)." },
	{ .name = "brand",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(brand),
	  .value = "NAME",
	  .doc = "What is known beside the title, of all titles: the brand. This and those below "
		 "only where the live model was trained with them (model-fields of piped.yaml)." },
	{ .name = "price",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(price),
	  .value = "N",
	  .doc = "The price, in the currency that the model was trained with." },
	{ .name = "source",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(source),
	  .value = "SOURCE",
	  .doc = "The source's name." },
	{ .name = "source-category",
	  .type = OPT_TEXT,
	  .at = COMMAND_AT(category),
	  .value = "CATEGORY",
	  .doc = "The source's own category." },
	{ .name = NULL },
};

/* What is known beside the titles, by the names of the API; values are NULL where it is not. */
struct beside {
	const char *name, *value;
};
#define BESIDE 4

static void beside_titles(const struct command_env *env, struct beside ret[BESIDE])
{
	ret[0] = (struct beside){ hint_name(HINT_BRAND), env->opt.brand };
	ret[1] = (struct beside){ hint_name(HINT_PRICE), env->opt.price };
	ret[2] = (struct beside){ hint_name(HINT_SOURCE), env->opt.source };
	ret[3] = (struct beside){ hint_name(HINT_SOURCE_CATEGORY), env->opt.category };
}

static int spans(const json_t *list, int printed)
{
	const json_t *s;
	size_t i;

	json_array_foreach(list, i, s)
	{
		/* what is this weak explains nothing */
		if (screen_real(s, "weight") > -0.1 && screen_real(s, "weight") < 0.1)
			continue;
		printf("%s%s %+.1f", printed++ ? ", " : "", screen_member(s, "text"),
		       screen_real(s, "weight"));
	}
	return printed;
}

static void suggestions(const struct command_env *env, const json_t *result)
{
	const json_t *s;
	size_t i;

	json_array_foreach(json_object_get(result, "suggestions"), i, s)
	{
		char name[256];

		snprintf(name, sizeof(name), "%s / %s", screen_member(s, "ko"),
			 screen_member(s, "en"));
		printf("%6.1f%%  ", screen_real(s, "p") * 100);
		screen_cell(str_of(screen_member(s, "category")), 28);
		printf("  ");
		screen_cell(json_is_null(json_object_get(s, "ko")) ? STR("") : str_of(name), 28);
		printf("  %s", screen_colour(env, SCREEN_DIM));
		spans(json_object_get(s, "con"), spans(json_object_get(s, "pro"), 0));
		printf("%s\n", screen_colour(env, SCREEN_PLAIN));
	}
}

static int one(const struct command_env *env)
{
	struct beside beside[BESIDE];
	struct buf path;
	int rc;

	buf_init(&path, HTTP_MOST_PATH);
	buf_add_text(&path, "/api/suggest");
	http_param_args(&path, "title", env);
	beside_titles(env, beside);
	for (int i = 0; i < BESIDE; i++)
		http_param(&path, beside[i].name, beside[i].value);
	if (env->opt.limit > 0)
		http_param_int(&path, "k", env->opt.limit);
	rc = show_get(env, path.p, suggestions);
	buf_done(&path);
	return rc;
}

static void print_results(const struct command_env *env, const json_t *answer)
{
	const json_t *r;
	size_t i;

	json_array_foreach(json_object_get(answer, "results"), i, r)
	{
		if (env->opt.json) {
			json_dumpf(r, stdout, JSON_COMPACT);
			putchar('\n');
			continue;
		}
		printf("%s%s%s\n", screen_colour(env, SCREEN_BOLD), screen_member(r, "title"),
		       screen_colour(env, SCREEN_PLAIN));
		suggestions(env, r);
	}
}

/* `titles` are objects. */
static int send_titles(const struct command_env *env, json_t *titles)
{
	struct beside beside[BESIDE];
	json_t *body, *answer = NULL, *title;
	size_t i;
	int rc;

	if (json_array_size(titles) == 0)
		return EXIT_DONE;
	beside_titles(env, beside);
	json_array_foreach(titles, i, title) for (int k = 0; k < BESIDE; k++) if (beside[k].value)
		json_object_set_new(title, beside[k].name, json_string(beside[k].value));
	body = json_pack("{sO}", "items", titles);
	if (env->opt.limit > 0)
		json_object_set_new(body, "k", json_integer(env->opt.limit));
	rc = http_post(env, "/api/suggest", body, &answer);
	if (!rc)
		print_results(env, answer);
	json_decref(answer);
	json_decref(body);
	json_array_clear(titles);
	return rc;
}

/* Adds a line; false: it is no title, which is told. */
static bool add_line(json_t *titles, struct str line, int64_t number)
{
	const char *wrong = NULL;

	line = str_trim(line);
	if (line.n == 0)
		return true;
	if (line.n > TITLE_MOST)
		wrong = "is longer than 2000 bytes";
	else if (str_find_char(line, 0) >= 0 || !utf8_valid(line))
		wrong = "is not UTF-8 text";
	if (!wrong)
		return json_array_append_new(titles, json_pack("{ss%}", "title", line.p, line.n)) ==
		       0;
	fprintf(stderr, "pipectl: line %lld of standard input %s\n", (long long)number, wrong);
	return false;
}

static int many(const struct command_env *env)
{
	json_t *titles = json_pack("[]");
	int64_t number = 0;
	int rc = EXIT_DONE;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (!rc && (n = getline(&line, &room, stdin)) >= 0) {
		if (!add_line(titles, (struct str){ line, (size_t)n }, ++number)) {
			/* what came before it is answered */
			rc = send_titles(env, titles);
			rc = rc ? rc : EXIT_USAGE;
		} else if (json_array_size(titles) == BATCH) {
			rc = send_titles(env, titles);
		}
	}
	if (!rc && ferror(stdin)) {
		fprintf(stderr, "pipectl: cannot read standard input\n");
		rc = EXIT_FAILED;
	}
	if (!rc)
		rc = send_titles(env, titles);
	free(line); /* getline's */
	json_decref(titles);
	return rc;
}

int ctl_suggest(const struct command_env *env)
{
	if (env->n_args == 1 && strcmp(env->args[0], "-") == 0)
		return many(env);
	if (env->n_args)
		return one(env);
	if (isatty(STDIN_FILENO)) {
		fprintf(stderr, "pipectl: name a title, or give titles at standard input\n");
		return EXIT_USAGE;
	}
	return many(env);
}
