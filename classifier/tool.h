/* tool.h: the commands of pipeclass. Results on standard output, the rest on
 * standard error; each returns an exit code of base/opt.h. One thread. */
#ifndef PIPED_TOOL_H
#define PIPED_TOOL_H

#include "base/opt.h"
#include "classifier/classifier.h"
#include "classifier/tsv.h"

/* What the command line said; NULL and 0 where it did not. */
struct tool {
	const char *data, *model, *valid, *columns, *html, *output, *start, *separator;
	const char *const *args; /* beside the options */
	int64_t seed, epochs, min_rows, bits;
	int64_t threads, folds;
	double rate, balance, newer, precision, sure;
	bool help, version, json, all;
};

int tool_train(const struct tool *s);
int tool_test(const struct tool *s);
int tool_predict(const struct tool *s);
int tool_info(const struct tool *s);
int tool_folds(const struct tool *s);
int tool_curve(const struct tool *s);
int tool_compare(const struct tool *s);

/* Says why on standard error; returns `code`. */
int tool_fail(enum opt_exit code, const char *text);
/* Ends the line, prints it on standard output and frees it. */
int tool_print(struct buf *line);
/* The file's rows; says which lines are none. ERR_BAD when all are. */
enum err tool_rows(const struct tool *s, const char *path, struct tsv **ret, struct reason *why);
/* With progress on a terminal, which tool_progress_done wipes. */
struct classifier_opt tool_options(const struct tool *s);
void tool_progress_done(const struct classifier_opt *opt);

#endif
