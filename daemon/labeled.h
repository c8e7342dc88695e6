/* labeled.h: the labeled listings of a snapshot, as rows to learn from and rows
 * that are held out. Which family is held out goes by the split of datasets
 * (model/label.h): the test part never trains. On a thread of its own. */
#ifndef PIPED_LABELED_H
#define PIPED_LABELED_H

#include "daemon/trainer_rows.h"
#include "daemon/view.h"

#include <stdatomic.h>

enum labeled_set {
	LABELED_TRAIN,	  /* any label, not held out */
	LABELED_REVIEWED, /* held out, labeled by a person */
	LABELED_ALL,	  /* held out, any label */
	LABELED_SELLER,	  /* held out, under what the seller's own category maps to */
	LABELED_EVERY,	  /* any label, held out or not; nothing is measured on it */
	LABELED_SETS
};
unsigned labeled_fields(const struct conf *conf); /* HINT_BIT of `model-fields` */
const char *labeled_name(enum labeled_set s);	  /* "train", "reviewed", "all", "seller" */

struct labeled {
	struct trainer_rows rows[LABELED_SETS];
	/* of LABELED_TRAIN: by whom, and whose label is what the source's own category maps to:
	 * that category is the label under another name, so no set tells it of such rows */
	int64_t by[LABEL_BY_N], mapped;
};

/* Fills the sets in `wanted` (1 << LABELED_TRAIN), in files beside `file`. ERR_CANCELLED. */
enum err labeled_read(struct store *store, const struct view *view, const char *file,
		      unsigned wanted, const _Atomic bool *cancel, struct labeled *ret,
		      struct reason *why);
void labeled_done(struct labeled *l); /* half-made and zeroed ones, too */

/* Fewer reviewed rows than this say too little: then all labels count. */
#define LABELED_LEAST 100
enum labeled_set labeled_held(const struct labeled *l);

/* The salt and shares that the split went by: models of another one may have
 * learned what is held out now. */
uint64_t labeled_split(const struct conf *conf);

#endif
