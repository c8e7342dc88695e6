/* suggest_ask.h: the titles that a request asks about, and what is known beside them, held
 * against the fields that the live model was trained with. Any thread; all in the request's
 * arena. */
#ifndef PIPED_SUGGEST_ASK_H
#define PIPED_SUGGEST_ASK_H

#include "classifier/classifier.h"
#include "serve/request.h"

#define SUGGEST_ASK_TITLE 2000 /* bytes of a title */
#define SUGGEST_ASK_FIELD 200  /* and of a field's value */

struct suggest_ask {
	struct classifier_item *items;
	int n;
	size_t bytes; /* of all titles */
};

/* That of the URL's arguments; the view has a model. False: `rq` failed. */
bool suggest_ask_one(struct request *rq, struct suggest_ask *ret);
/* Those of the body's `titles` or `items`. */
bool suggest_ask_many(struct request *rq, struct suggest_ask *ret);

#endif
