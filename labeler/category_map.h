/* category_map.h: which of our categories a site's are: a draft of a mapping, and what is wrong
 * with one. Pure. */
#ifndef PIPED_CATEGORY_MAP_H
#define PIPED_CATEGORY_MAP_H

#include "labeler/category_tree.h"
#include "labeler/labeler.h"

/* Writes `mappings` of `source` for a tree of its categories: what is mapped already, what names
 * tell, and as comments with a question mark what they only suggest. Counts each. */
struct category_mapped {
	int kept, clear, asked, none;
};
void category_map_draft(const struct category_tree *t, struct str source,
			const struct conf_taxonomy *conf, const struct labeler *l, struct buf *to,
			struct category_mapped *ret);

/* Two of a source's mappings of which one lies within the other and says something that is not
 * below it: indexes of conf->mappings, the inner one first. */
struct category_overlap {
	int inner, outer;
};
/* At most `most`; returns how many. */
int category_map_overlaps(const struct conf_taxonomy *conf, struct str source,
			  struct category_overlap *ret, int most);

#endif
