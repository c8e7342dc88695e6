/* exporter.h: the dataset as files: rows of listings with their labels, split
 * so that no duplicate family is on two sides, a manifest and a card. The same
 * state gives the same bytes. Blocks: on a thread of its own. */
#ifndef PIPED_EXPORTER_H
#define PIPED_EXPORTER_H

#include "base/arena.h"
#include "base/json.h"
#include "store/reader.h"

enum export_format { EXPORT_JSONL, EXPORT_CSV, EXPORT_TSV, EXPORT_FASTTEXT, EXPORT_FORMATS };

struct export_format_row {
	const char *name, *ending, *doc;
};
extern const struct export_format_row export_formats[EXPORT_FORMATS];
bool export_format_parse(struct str name, enum export_format *ret);

/* One row to come: a listing and the side it stands on. Borrowed. */
struct export_item {
	const struct listing_view *view;
	enum split split;
};

enum export_kind {
	EXPORT_TEXT,
	EXPORT_NUMBER, /* a JSON number; nothing where there is none */
	EXPORT_LIST,   /* an array in JSON, a compact list elsewhere */
	EXPORT_JSON    /* a JSON value, as text elsewhere; nothing where there is none */
};

/* Columns, in order, with documentation: for headers, the card and the docs. */
struct export_column {
	const char *name, *doc;
	enum export_kind kind;
	size_t at; /* where the text is in struct listing; used when `get` is NULL */
	/* The value as text, {0} for none; in `a` or borrowed from the item. */
	struct str (*get)(const struct export_item *x, struct arena *a);
	void (*json)(struct json *j, const char *key, const struct export_item *x); /* lists */
};
extern const struct export_column export_columns[];
extern const int export_n_columns;
struct str export_column_text(const struct export_column *c, const struct export_item *x,
			      struct arena *a);
/* "12.50"; {0} for none. */
struct str export_columns_price(const struct listing *l, struct arena *a);

struct export_opt {
	enum export_format format;
	bool gzip;
	bool all; /* also flagged, unlabeled rows (split still given) */
	const char
		*folder; /* made if missing; ERR_EXISTS when it holds a manifest of another tool */
	struct str salt;
	double validation, test; /* shares */
	/* for the manifest; borrowed */
	struct str taxonomy_name;
	int64_t taxonomy_version;
	uint64_t rules_version;
	bool (*progress)(void *ctx, int64_t rows); /* false cancels; may be NULL */
	void *ctx;
	struct str language; /* of the titles, for the card: "ko"; {0}: not said */
};

struct export_file {
	char name[64];
	int64_t rows, bytes;
	char sha256[65];
};
struct export_result {
	int64_t rows, per_split[SPLIT_N], left_out;
	struct export_file files[8]; /* splits, then manifest.json, README.md */
	int n_files;
};

/* Writes train/validation/test files in the order of listing ids, manifest.json (counts, label sources, versions, salt,
 * SHA-256 of each file) and README.md (dataset card). Files appear whole or not at all. */
enum err exporter_run(struct reader *r, const struct export_opt *opt, struct export_result *ret,
		      struct reason *why);

#endif
