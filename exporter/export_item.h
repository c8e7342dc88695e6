/* export_item.h: one row of a dataset to be: a listing, the side it stands on, and what was said
 * of it. Pure. */
#ifndef PIPED_EXPORT_ITEM_H
#define PIPED_EXPORT_ITEM_H

#include "base/arena.h"
#include "store/reader.h"

/* Borrowed. */
struct export_item {
	const struct listing_view *view; /* its label is the row's */
	enum split split;
	bool seller; /* the label is what the seller's own category maps to */
	/* None unless the columns or the filters look at them. */
	const struct vote *votes;
	int n_votes;
	const struct label_row *labels; /* the log, oldest first */
	int n_labels;
};

/* "person", "rules", "seller", or NULL: no label. */
const char *export_item_label_source(const struct export_item *x);
/* The vote of what the seller's own category maps to, or NULL. */
const struct vote *export_item_seller(const struct export_item *x);
/* What rules said last, or NULL: nothing, or what the taxonomy has not any more. */
const struct label *export_item_rules(const struct export_item *x);
/* Whether labels[i] is a person's newest word, which stands: nobody took it back, and the taxonomy
 * of now has what it says. */
bool export_item_opinion(const struct export_item *x, int i);
/* ISO 8601, in `a`; {0}: not known. */
struct str export_item_time(int64_t ms, struct arena *a);

#endif
