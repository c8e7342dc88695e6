/* tool.h: the commands of pipeclass. Results on standard output, the rest on
 * standard error; each returns an exit code of base/opt.h. One thread. */
#ifndef PIPED_TOOL_H
#define PIPED_TOOL_H

#include "base/opt.h"

/* What the command line said; NULL and 0 where it did not. */
struct tool {
	const char *data, *model, *valid, *columns, *html;
	int64_t seed, epochs, min_rows, bits;
	int64_t threads;
	double rate, balance, newer, precision;
	bool help, version, json;
};

int tool_train(const struct tool *s);
int tool_test(const struct tool *s);
int tool_predict(const struct tool *s);
int tool_info(const struct tool *s);
/* Says why on standard error; returns `code`. */
int tool_fail(enum opt_exit code, const char *text);

#endif
