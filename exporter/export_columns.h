/* export_columns.h: the columns of a dataset: one table for headers, values, manifest, card and
 * documentation. Pure. */
#ifndef PIPED_EXPORT_COLUMNS_H
#define PIPED_EXPORT_COLUMNS_H

#include "base/arena.h"
#include "base/json.h"
#include "exporter/export_item.h"

enum export_kind {
	EXPORT_TEXT,
	EXPORT_NUMBER, /* a JSON number; nothing where there is none */
	EXPORT_LIST,   /* an array in JSON, a compact list elsewhere */
	EXPORT_JSON    /* a JSON value, as text elsewhere; nothing where there is none */
};
#define EXPORT_KINDS (EXPORT_JSON + 1)
extern const char *const export_kinds[EXPORT_KINDS]; /* "text", "number", "list", "json" */

/* What a column looks at beside the listing. */
#define EXPORT_VOTES 1u
#define EXPORT_LABELS 2u

struct export_column {
	const char *name, *doc;
	enum export_kind kind;
	bool more;	/* only where it is asked for */
	unsigned looks; /* EXPORT_VOTES | EXPORT_LABELS */
	size_t at;	/* where the text is in struct listing; used when `get` is NULL */
	/* The value as text, {0} for none; in `a` or borrowed from the item. */
	struct str (*get)(const struct export_item *x, struct arena *a);
	void (*json)(struct json *j, const char *key, const struct export_item *x); /* lists */
	/* Of an array of objects that all have the same members. */
	const struct export_member *members;
};
struct export_member {
	const char *name; /* NULL ends them */
	enum export_kind kind;
};

extern const struct export_column export_columns[];
extern const int export_n_columns;
struct str export_column_text(const struct export_column *c, const struct export_item *x,
			      struct arena *a);
/* "12.50"; {0} for none. */
struct str export_columns_price(const struct listing *l, struct arena *a);

#define EXPORT_COLUMNS_MOST 64

/* Those of a dataset, in their order. */
struct export_columns {
	const struct export_column *at[EXPORT_COLUMNS_MOST];
	int n;
};
/* Names joined by commas; `default` stands for those that are written when none is asked for
 * ({0}), `provenance` for all others. ERR_BAD: unknown (names the nearest), or twice. */
enum err export_columns_read(struct str names, struct export_columns *ret, struct reason *why);

#endif
