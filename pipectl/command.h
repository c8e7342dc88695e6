/* command.h: what pipectl can do, in one table: dispatch, --help, the manual
 * page and shell completion all come from it. */
#ifndef PIPED_COMMAND_H
#define PIPED_COMMAND_H

#include "base/opt.h"
#include "model/export_ask.h"

/* Options of every command, and of the command's own kind. One struct, so that
 * each table names its fields. */
struct command_opt {
	bool help, json, colour, no_colour;
	const char *socket;
	/* of single commands */
	bool watch, wait, gzip, all, brief, raw, yes, headers, body, decoded, background, collect,
		stop, accept, fetch, force, fresh;
	const char *url, *since, *page_kind;
	const char *format, *out, *source, *category, *text, *state, *flag, *who, *level;
	const char *condition, *category_path;
	const char *host, *reason, *field, *config, *name, *keep, *max_size, *brand, *price;
	const char *pictures, *queue, *grid;
	int64_t limit, after, interval, family, job, folds, draw;
	double precision;
#define COMMAND_ASK(member, option, value, doc) const char *member;
	struct {
		EXPORT_ASK_ROWS(COMMAND_ASK)
	} ask; /* of a dataset */
};

struct command_env {
	struct command_opt opt;
	const char *const *args; /* after the command's name */
	int n_args;
	bool colour; /* decided: terminal, NO_COLOR, options */
	const char *socket;
};

struct command {
	const char *name, *args; /* args: "ID", "[SOURCE]" */
	const char *doc;	 /* one line */
	const char *more;	 /* paragraphs for the manual and --help; may be NULL */
	const char *example;	 /* without "pipectl" */
	const struct opt *options;
	int least, most;			   /* arguments */
	int (*run)(const struct command_env *env); /* gives the exit code */
};

extern const struct command command_table[];
extern const int command_count;
/* Options that every command takes. */
extern const struct opt command_common[];

const struct command *command_find(struct str name);
/* The nearest known name, or NULL. */
const char *command_near(struct str name);

/* Rows of option tables, for files that define commands. */
#define COMMAND_AT(field) offsetof(struct command_opt, field)

#endif
