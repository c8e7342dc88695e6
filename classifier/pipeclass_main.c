/* pipeclass: train, measure and use a classifier of titles from the shell. */
#include "base/mem.h"
#include "base/opt.h"
#include "classifier/classifier.h"
#include "classifier/tool.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#define AT(field) offsetof(struct tool, field)
#define FOLDS 5
#define MAPPED (1 << 20) /* bytes of a piece of memory of its own */

#define OPT_MODEL                                                                                  \
	{                                                                                          \
		.name = "model", .letter = 'm', .type = OPT_TEXT, .at = AT(model),                 \
		.value = "FILE", .doc = "The model file."                                          \
	}
#define OPT_DATA                                                                                   \
	{                                                                                          \
		.name = "data", .letter = 'd', .type = OPT_TEXT, .at = AT(data), .value = "FILE",  \
		.doc = "Labeled titles: title TAB category in each line, plain or gzip."           \
	}
#define OPT_COLUMNS                                                                                \
	{                                                                                          \
		.name = "columns", .letter = 'c', .type = OPT_TEXT, .at = AT(columns),             \
		.value = "NAMES",                                                                  \
		.doc = "What the columns after the category are, with commas between: fields "     \
		       "that "                                                                     \
		       "are known beside the title (brand, source, ...), price (a number, taken "  \
		       "by its band), weight, group (never split), - (not read)."                  \
	}
#define OPT_JSON                                                                                   \
	{                                                                                          \
		.name = "json", .type = OPT_FLAG, .at = AT(json),                                  \
		.doc = "Print everything as one line of JSON."                                     \
	}
#define OPT_SEED                                                                                   \
	{                                                                                          \
		.name = "seed", .letter = 's', .type = OPT_INT, .at = AT(seed), .value = "N",      \
		.min = 0, .max = INT64_MAX,                                                        \
		.doc = "Of everything random; the same rows, options and seed give the same "      \
		       "bytes (default 1)."                                                        \
	}
#define OPT_HELP                                                                                   \
	{                                                                                          \
		.name = "help", .letter = 'h', .type = OPT_FLAG, .at = AT(help),                   \
		.doc = "Show this help."                                                           \
	}

/* How to learn. */
#define LEARN_OPTS                                                                                 \
	OPT_SEED,                                                                                  \
		{ .name = "epochs",                                                                \
		  .letter = 'e',                                                                   \
		  .type = OPT_INT,                                                                 \
		  .at = AT(epochs),                                                                \
		  .value = "N",                                                                    \
		  .min = 1,                                                                        \
		  .max = 1000,                                                                     \
		  .doc = "Passes over the rows (default: chosen on a held-out part)." },           \
		{ .name = "rate",                                                                  \
		  .letter = 'r',                                                                   \
		  .type = OPT_REAL,                                                                \
		  .at = AT(rate),                                                                  \
		  .value = "X",                                                                    \
		  .min = 0,                                                                        \
		  .max = 1,                                                                        \
		  .doc = "Learning rate at the start, above 0 (default: chosen on a held-out "     \
			 "part)." },                                                               \
		{ .name = "min-rows",                                                              \
		  .type = OPT_INT,                                                                 \
		  .at = AT(min_rows),                                                              \
		  .value = "N",                                                                    \
		  .min = 1,                                                                        \
		  .max = INT64_MAX,                                                                \
		  .doc = "Leave out categories with fewer rows (default 1)." },                    \
		{ .name = "bits",                                                                  \
		  .type = OPT_INT,                                                                 \
		  .at = AT(bits),                                                                  \
		  .value = "N",                                                                    \
		  .min = 8,                                                                        \
		  .max = 21,                                                                       \
		  .doc = "Rows of the feature table as a power of two (default: by the number of " \
			 "titles)." },                                                             \
		{ .name = "balance",                                                               \
		  .type = OPT_REAL,                                                                \
		  .at = AT(balance),                                                               \
		  .value = "X",                                                                    \
		  .min = 0,                                                                        \
		  .max = 1,                                                                        \
		  .doc = "How far small categories count for more than their rows: n rows count "  \
			 "as "                                                                     \
			 "n^(1 - X) (default 0.25)." },                                            \
		{ .name = "newer",                                                                 \
		  .type = OPT_REAL,                                                                \
		  .at = AT(newer),                                                                 \
		  .value = "X",                                                                    \
		  .min = 0,                                                                        \
		  .max = 1,                                                                        \
		  .doc = "How much later rows count for more, as files come in order of time: in " \
			 "each "                                                                   \
			 "category from 1 - X/2 for the first to 1 + X/2 for the last (default "   \
			 "0.5; 0: all "                                                            \
			 "alike)." },                                                              \
	{                                                                                          \
		.name = "threads", .letter = 'j', .type = OPT_INT, .at = AT(threads),              \
		.value = "N", .min = 1, .max = 256,                                                \
		.doc = "Threads at most; the model is the same with any number (default 1)."       \
	}

static const struct opt train_opts[] = {
	OPT_DATA,
	OPT_MODEL,
	OPT_COLUMNS,
	{ .name = "start",
	  .type = OPT_TEXT,
	  .at = AT(start),
	  .value = "FILE",
	  .doc = "Go on from this model instead of from nothing: a third of the work when rows "
		 "were "
		 "added. Give all of them; nothing is held out then." },
	{ .name = "valid",
	  .type = OPT_TEXT,
	  .at = AT(valid),
	  .value = "FILE",
	  .doc = "Labeled titles to measure the finished model on." },
	LEARN_OPTS,
	OPT_HELP,
	{ .name = NULL },
};

static const struct opt test_opts[] = {
	OPT_DATA,
	OPT_MODEL,
	OPT_COLUMNS,
	{ .name = "precision",
	  .type = OPT_REAL,
	  .at = AT(precision),
	  .value = "X",
	  .min = 0,
	  .max = 1,
	  .doc = "Say from which confidence on at least that share of the first answers is right "
		 "(one-sided 95% bound)." },
	{ .name = "html",
	  .type = OPT_TEXT,
	  .at = AT(html),
	  .value = "FILE",
	  .doc = "Write a page with plots, too." },
	OPT_JSON,
	OPT_HELP,
	{ .name = NULL },
};
static const struct opt folds_opts[] = {
	OPT_DATA,
	OPT_COLUMNS,
	{ .name = "output",
	  .letter = 'o',
	  .type = OPT_TEXT,
	  .at = AT(output),
	  .value = "FILE",
	  .doc = "Where the answers go (default: standard output)." },
	{ .name = "folds",
	  .letter = 'k',
	  .type = OPT_INT,
	  .at = AT(folds),
	  .value = "N",
	  .min = 2,
	  .max = CLASSIFIER_FOLDS,
	  .doc = "Parts that the rows are dealt into (default 5)." },
	{ .name = "all",
	  .letter = 'a',
	  .type = OPT_FLAG,
	  .at = AT(all),
	  .doc = "The probability of every category in each line, not of the best three alone." },
	LEARN_OPTS,
	OPT_HELP,
	{ .name = NULL },
};

static const struct opt curve_opts[] = { OPT_DATA,   OPT_COLUMNS, OPT_JSON,
					 LEARN_OPTS, OPT_HELP,	  { .name = NULL } };
static const struct opt compare_opts[] = { OPT_DATA, OPT_COLUMNS, OPT_SEED,
					   OPT_JSON, OPT_HELP,	  { .name = NULL } };
static const struct opt predict_opts[] = {
	OPT_MODEL,
	{ .name = "sure",
	  .type = OPT_REAL,
	  .at = AT(sure),
	  .value = "X",
	  .min = 0,
	  .max = 1,
	  .doc = "Say the deepest category of the tree that is at least so likely, too." },
	{ .name = "separator",
	  .type = OPT_TEXT,
	  .at = AT(separator),
	  .value = "TEXT",
	  .doc = "What stands between the levels of a category (default >)." },
	OPT_HELP,
	{ .name = NULL },
};

static const struct opt model_opts[] = { OPT_MODEL, OPT_HELP, { .name = NULL } };
static const struct opt top_opts[] = {
	OPT_HELP,
	{ .name = "version",
	  .letter = 'V',
	  .type = OPT_FLAG,
	  .at = AT(version),
	  .doc = "Show the version." },
	{ .name = NULL },
};

static const struct command {
	const char *name;
	const struct opt *opts;
	int (*run)(const struct tool *s);
	bool wants_data, wants_model;
	int args; /* that it takes beside its options */
	const char *usage;
	const char *doc;
} commands[] = {
	{ .name = "train",
	  .opts = train_opts,
	  .run = tool_train,
	  .wants_data = true,
	  .wants_model = true,
	  .doc = "Learn categories from labeled titles and write a model file." },
	{ .name = "test",
	  .opts = test_opts,
	  .run = tool_test,
	  .wants_data = true,
	  .wants_model = true,
	  .doc = "Measure a model on labeled titles; the last line is JSON." },
	{ .name = "compare",
	  .opts = compare_opts,
	  .run = tool_compare,
	  .wants_data = true,
	  .args = 2,
	  .usage = " MODEL MODEL",
	  .doc = "Say whether the second model is better than the first on labeled titles." },
	{ .name = "folds",
	  .opts = folds_opts,
	  .run = tool_folds,
	  .wants_data = true,
	  .doc = "Answer every labeled title by a model that did not see it, as JSON." },
	{ .name = "curve",
	  .opts = curve_opts,
	  .run = tool_curve,
	  .wants_data = true,
	  .doc = "Say what more labeled titles would bring." },
	{ .name = "predict",
	  .opts = predict_opts,
	  .run = tool_predict,
	  .wants_model = true,
	  .doc = "From titles on standard input to the best three categories, as JSON." },
	{ .name = "info",
	  .opts = model_opts,
	  .run = tool_info,
	  .wants_model = true,
	  .doc = "Say how a model was made and what it knows, as JSON." },
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int print_help(const struct command *c)
{
	struct buf text;

	buf_init(&text, 1 << 16);
	if (c) {
		buf_fmt(&text, "Usage: pipeclass %s%s [OPTIONS]\n\n%s\n\nOptions:\n", c->name,
			c->usage ? c->usage : "", c->doc);
	} else {
		buf_add_text(&text, "Usage: pipeclass COMMAND [OPTIONS]\n\nCommands:\n");
		for (size_t i = 0; i < COMMANDS; i++)
			buf_fmt(&text, "  %-9s %s\n", commands[i].name, commands[i].doc);
		buf_add_text(&text, "\nOptions:\n");
	}
	opt_help(c ? c->opts : top_opts, &text);
	fwrite(text.p, 1, text.n, stdout);
	buf_done(&text);
	return EXIT_DONE;
}

static enum err check(const struct command *c, const struct tool *s, const char **args, int n,
		      struct reason *why)
{
	if (n > c->args)
		return reason_set(why, ERR_BAD, "%s takes no '%s'; see pipeclass %s --help",
				  c->name, args[c->args], c->name);
	if (n < c->args)
		return reason_set(why, ERR_BAD, "%s wants%s; see pipeclass %s --help", c->name,
				  c->usage, c->name);
	if ((c->wants_model && !s->model) || (c->wants_data && !s->data))
		return reason_set(why, ERR_BAD, "%s wants %s%s%s", c->name,
				  c->wants_data ? "--data FILE" : "",
				  c->wants_data && c->wants_model ? " and " : "",
				  c->wants_model ? "--model FILE" : "");
	return ERR_OK;
}

static int run_command(const struct command *c, int argc, char **argv)
{
	const struct classifier_opt usual = classifier_defaults();
	struct tool s = { .seed = (int64_t)usual.seed,
			  .min_rows = usual.min_rows,
			  .balance = usual.balance,
			  .newer = usual.newer,
			  .threads = usual.threads,
			  .folds = FOLDS,
			  .separator = ">" };
	const char **args = mem_array((size_t)argc + 1, sizeof(*args));
	struct reason why;
	int n = 0, code;
	enum err err = opt_parse(c->opts, argc, argv, &s, args, &n, &why);

	if (!err && !s.help)
		err = check(c, &s, args, n, &why);
	s.args = args;
	if (err)
		code = tool_fail(EXIT_USAGE, why.text);
	else
		code = s.help ? print_help(c) : c->run(&s);
	mem_free(args);
	return code;
}

int main(int argc, char **argv)
{
	struct tool s = { .seed = 1 };
	struct reason why;
	const char *args[2];
	int n = 0;

	/* What training frees goes back: else glibc keeps ever larger pieces for itself. */
	mallopt(M_MMAP_THRESHOLD, MAPPED);
	if (argc > 1 && argv[1][0] != '-') {
		for (size_t i = 0; i < COMMANDS; i++)
			if (strcmp(argv[1], commands[i].name) == 0)
				return run_command(&commands[i], argc - 1, argv + 1);
		reason_set(&why, ERR_BAD, "no command '%s'; see pipeclass --help", argv[1]);
		return tool_fail(EXIT_USAGE, why.text);
	}
	if (opt_parse(top_opts, argc > 2 ? 2 : argc, argv, &s, args, &n, &why))
		return tool_fail(EXIT_USAGE, why.text);
	if (s.version) {
		printf("pipeclass %s\n", PIPED_VERSION);
		return EXIT_DONE;
	}
	if (s.help)
		return print_help(NULL);
	return tool_fail(EXIT_USAGE, "which command? See pipeclass --help");
}
