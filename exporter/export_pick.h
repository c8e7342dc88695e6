/* export_pick.h: which listings a dataset holds, under whose label, and with which columns.
 * Asked for as text, checked once; deciding is pure. */
#ifndef PIPED_EXPORT_PICK_H
#define PIPED_EXPORT_PICK_H

#include "exporter/export_columns.h"
#include "model/export_ask.h"

/* Whose word a row's label is, the best first: a listing gets the first of those asked for
 * that has one. */
enum export_word { EXPORT_REVIEWED, EXPORT_WEAK, EXPORT_SELLER, EXPORT_WORDS };
/* What the row's label is to agree with. */
enum export_accord {
	EXPORT_ACCORD_REVIEWERS,
	EXPORT_ACCORD_UNDISPUTED,
	EXPORT_ACCORD_RULES,
	EXPORT_ACCORD_MODEL,
	EXPORT_ACCORD_SELLER,
	EXPORT_ACCORDS
};
/* Why a listing is left out: the first that applies. */
enum export_left {
	EXPORT_LEFT_UNFIT,
	EXPORT_LEFT_SOURCE,
	EXPORT_LEFT_FIRST_SEEN,
	EXPORT_LEFT_UNLABELED,
	EXPORT_LEFT_CONFIDENCE,
	EXPORT_LEFT_PICTURE,
	EXPORT_LEFT_CATEGORY,
	EXPORT_LEFT_LABELED,
	EXPORT_LEFT_AGREEMENT,
	EXPORT_LEFTS
};

struct export_named {
	const char *name, *doc;
};
extern const struct export_named export_words[EXPORT_WORDS];
extern const struct export_named export_accords[EXPORT_ACCORDS];
extern const struct export_named export_lefts[EXPORT_LEFTS];

/* What may be asked for, as model/export_ask.h has it. */
struct export_pick_ask {
	const char *name, *doc;
	size_t at; /* of a struct str in struct export_ask */
};
extern const struct export_pick_ask export_pick_asks[];
extern const int export_pick_n_asks;
struct str export_pick_text(const struct export_ask *ask, const struct export_pick_ask *row);

#define EXPORT_SOURCES_MOST 64

struct export_pick {
	struct export_ask ask;			 /* borrowed from who asked */
	bool all;				 /* also what is unfit or has no label */
	unsigned words;				 /* 1 << enum export_word; 0: the current label */
	unsigned accords;			 /* 1 << enum export_accord: with each of them */
	double min_confidence;			 /* of EXPORT_WEAK */
	struct str sources[EXPORT_SOURCES_MOST]; /* n_sources 0: any */
	int n_sources;
	int64_t seen_since, seen_until, labeled_since, labeled_until;
	bool picture; /* only with a picture on disk */
	/* Whether a category is `above`, or below it, in the taxonomy; NULL: as the dots of codes
	 * say, which is not so of categories that were moved. */
	bool (*within)(const void *taxonomy, struct str code, struct str above);
	const void *taxonomy; /* borrowed */
	struct export_columns columns;
};

/* Checks and reads `ask`, whose text stays borrowed. ERR_BAD: says what there is. */
enum err export_pick_read(const struct export_ask *ask, bool all, struct export_pick *ret,
			  struct reason *why);
/* Whether it, or its columns, look at a listing's votes, at its log of labels. */
bool export_pick_votes(const struct export_pick *p);
bool export_pick_labels(const struct export_pick *p);
/* Gives the row the label that is asked for: x->view is `v`, which is changed. Returns why the
 * listing is left out; EXPORT_LEFTS: it is not. */
enum export_left export_pick_row(const struct export_pick *p, struct listing_view *v,
				 struct export_item *x);

#endif
