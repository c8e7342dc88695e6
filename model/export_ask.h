/* export_ask.h: what a dataset may be asked for beside its format, in one table: for the API, for
 * pipectl, for manifest and card. */
#ifndef PIPED_EXPORT_ASK_H
#define PIPED_EXPORT_ASK_H

#include "base/str.h"

/* As the exporter's table has them. */
#define EXPORT_FORMAT_NAMES "jsonl|csv|tsv|fasttext|huggingface|croissant|labelstudio|imagefolder"

/* ROW(name, option of pipectl, what its value is called, documentation). Lists are joined by
 * commas; times are as clock_read takes them, `until` is the first that is not meant any more. */
#define EXPORT_ASK_ROWS(ROW)                                                                       \
	ROW(columns, "columns", "NAMES",                                                           \
	    "Columns by name, joined by commas. `default` are those that are written without "     \
	    "this, `provenance` all others: who said what, when, under which versions, soft "      \
	    "labels.")                                                                             \
	ROW(labels, "labels", "WHOSE",                                                             \
	    "Whose word the label may be, joined by commas: reviewed (a person's), weak (what "    \
	    "rules say), seller (what the seller's own category maps to). A listing gets the "     \
	    "first of these, in this order, that has one; a person's \"none of them\" is one. "    \
	    "Without this the label is the current one.")                                          \
	ROW(min_confidence, "min-confidence", "P",                                                 \
	    "Labels of rules only from this confidence on, such as 0.9.")                          \
	ROW(agree, "agree", "WITH",                                                                \
	    "Only where the label agrees with all of these, joined by commas: reviewers (two "     \
	    "people or more have decided, and all the same), undisputed (no two people say "       \
	    "different things), rules, model (its first suggestion), seller (their category maps " \
	    "to it, or to one above it).")                                                         \
	ROW(source, "source", "NAMES", "Only of these sources, joined by commas.")                 \
	ROW(category, "category", "CODE", "Only of this category and those below it.")             \
	ROW(seen_since, "seen-since", "TIME",                                                      \
	    "Only first seen then or later: 2025-03-01, 2025-03-01T12:00:00Z.")                    \
	ROW(seen_until, "seen-until", "TIME", "Only first seen before.")                           \
	ROW(labeled_since, "labeled-since", "TIME",                                                \
	    "Only with a label made then or later; a seller's category has no time.")              \
	ROW(labeled_until, "labeled-until", "TIME", "Only with a label made before.")

#define EXPORT_ASK_MEMBER(name, option, value, doc) struct str name;
/* As it is asked for; {0}: not asked. */
struct export_ask {
	EXPORT_ASK_ROWS(EXPORT_ASK_MEMBER)
};

#endif
