/* review_item.h: a listing as it is shown to a person who is to decide it. Pool thread. */
#ifndef PIPED_REVIEW_ITEM_H
#define PIPED_REVIEW_ITEM_H

#include "serve/request.h"

struct review_item {
	int64_t listing;
	/* another person has decided it, whose word is not shown; or people disagree, whose
	 * words are */
	bool second, disputed;
	const struct review_draw_item *drawn; /* shown blind: no opinion, no seller's category */
	int64_t draw;
};

/* As one object of the array that is open: docs/api.md, GET /api/review/next. */
enum err review_item_put(struct request *rq, const struct review_item *i, struct reason *why);
/* What `keep` means: where the seller put it, or what rules say when that says it closer or when
 * the seller's category is not mapped; {0}: neither. */
enum err review_item_kept(struct request *rq, const struct listing_view *v, struct str *ret,
			  struct reason *why);

#endif
