/* exporter.h: the dataset as files: rows of listings with their labels, split
 * so that no duplicate family is on two sides, a manifest and a card. The same
 * state gives the same bytes. Blocks: on a thread of its own. */
#ifndef PIPED_EXPORTER_H
#define PIPED_EXPORTER_H

#include "exporter/export_pick.h"

enum export_format {
	EXPORT_JSONL,
	EXPORT_CSV,
	EXPORT_TSV,
	EXPORT_FASTTEXT,
	EXPORT_HUGGINGFACE,
	EXPORT_CROISSANT,
	EXPORT_LABELSTUDIO,
	EXPORT_IMAGEFOLDER,
	EXPORT_FORMATS
};

struct export_opt;
struct export_tally;
struct export_result;

struct export_format_row {
	const char *name, *ending, *doc;
	const char *begin, *between, *end; /* around and between rows; NULL: nothing */
	bool no_gzip;			   /* those who read it don't unpack */
	unsigned looks;			   /* as of a column: EXPORT_VOTES | EXPORT_LABELS */
	bool pictures; /* rows go with files below a folder of their split; only rows with one */
	bool card;     /* the card tells the type of each column */
	/* A file beside the rows and the card; NULL: none. */
	const char *beside;
	void (*put_beside)(const struct export_opt *o, const struct export_tally *t,
			   const struct export_result *r, struct buf *to);
};
extern const struct export_format_row export_formats[EXPORT_FORMATS];
bool export_format_parse(struct str name, enum export_format *ret);

struct export_opt {
	enum export_format format;
	bool gzip;
	struct export_pick pick;
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
	/* What a label may be: codes with their names. */
	const struct export_class *classes;
	int n_classes;
};
struct export_class {
	struct str code, name;
};

/* As it is asked for. */
struct export_order {
	struct str format;
	bool gzip, all;
	struct export_ask ask;
};

struct export_file {
	char name[64];
	char place[64]; /* in the user's folder: "train/metadata.jsonl"; mostly its name */
	int64_t rows, bytes;
	char sha256[65];
};
struct export_result {
	int64_t rows, per_split[SPLIT_N];
	int64_t left_out, left[EXPORT_LEFTS]; /* all, and by reason */
	/* What stands on two sides: never a family, or it is an error. */
	int64_t families, titles_shared, images_shared;
	struct export_file files[8]; /* splits, then manifest.json, README.md */
	int n_files;
};

/* No family is on two sides of what is written: it is looked at row by row, and one that
 * were is ERR_BAD, and nothing is written.
 * Writes train/validation/test files in the order of listing ids, manifest.json (counts, label sources, versions, salt,
 * SHA-256 of each file) and README.md (dataset card). Files appear whole or not at all. */
enum err exporter_run(struct reader *r, const struct export_opt *opt, struct export_result *ret,
		      struct reason *why);

#endif
