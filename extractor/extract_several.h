/* extract_several.h: the values of one field that has several, as they are gathered and handed
 * on (LISTING_BETWEEN). Pure. */
#ifndef PIPED_EXTRACT_SEVERAL_H
#define PIPED_EXTRACT_SEVERAL_H

#include "base/arena.h"
#include "model/listing.h"

#define EXTRACT_SEVERAL_MOST 80 /* values; names count, too */

struct extract_several {
	struct arena *a;
	enum listing_field field;
	struct str value[EXTRACT_SEVERAL_MOST];
	int n;
};

void extract_several_init(struct extract_several *s, enum listing_field f, struct arena *a);
/* A value of a list; of attributes a text "name: value". Empty ones and those past the field's
 * most are left out. Borrowed. */
void extract_several_add(struct extract_several *s, struct str value);
/* One of attributes; left out if either is empty. Borrowed. */
void extract_several_pair(struct extract_several *s, struct str name, struct str value);
/* All of them, in the arena; {0}: none. */
struct str extract_several_text(const struct extract_several *s);
/* `text`, as above, and one pair more, unless it has as many as the field may. */
struct str extract_several_with(struct str text, struct str name, struct str value,
				struct arena *a);

#endif
