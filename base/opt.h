/* opt.h: command-line options from one documented table. The table yields
 * parsing, --help, the manual page and shell completion. */
#ifndef PIPED_OPT_H
#define PIPED_OPT_H

#include "base/buf.h"

enum opt_type {
	OPT_FLAG, /* bool at `at` */
	OPT_TEXT, /* const char *, borrowed from argv */
	OPT_INT,  /* int64_t in min..max */
	OPT_REAL, /* double in min..max */
};

struct opt {
	const char *name; /* long name without the dashes */
	char letter;	  /* short name, or 0 */
	enum opt_type type;
	size_t at;	   /* offset in the caller's struct */
	const char *value; /* what the help calls the value: "FILE" */
	int64_t min, max;  /* both 0: any number */
	const char *doc;
};

/* A table ends with a row whose name is NULL. Reads argv[1..argc-1] into
 * `into`: options anywhere, `--` ends them, what is left goes to `args`
 * (room for argc). Unknown options name the nearest known one.
 * ERR_BAD with `why`. */
enum err opt_parse(const struct opt *table, int argc, char **argv, void *into, const char **args,
		   int *ret_n, struct reason *why);

/* The "Options:" part of --help, wrapped at 80 columns. */
void opt_help(const struct opt *table, struct buf *to);
/* The same rows as mdoc(7) list items. */
void opt_mdoc(const struct opt *table, struct buf *to);
/* A line or more of mdoc(7) in which nothing is a macro or an escape, each
 * sentence on a line of its own. */
void opt_mdoc_text(const char *text, struct buf *to);

/* Exit codes of every program of ours; documented in each manual page. */
enum opt_exit {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,    /* the work could not be done; stderr says why */
	EXIT_USAGE = 2,	    /* wrong options or configuration */
	EXIT_NO_DAEMON = 3, /* pipectl: nobody answers on the socket */
	EXIT_NOT_FOUND = 4, /* pipectl: no such listing, source, ... */
	EXIT_BUSY = 5,	    /* another daemon holds the store; already running */
};

#endif
