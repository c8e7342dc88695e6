/* reject.h: a record on a page that became no listing, and why. The first few of a page are
 * kept, all are counted by reason. */
#ifndef PIPED_REJECT_H
#define PIPED_REJECT_H

#include "model/listing.h"

/* Those from MIN on are of the page kind's `checks`, and named like their keys. */
enum reject_code {
	REJECT_MISSING,
	REJECT_SELECTOR,
	REJECT_UNREADABLE,
	REJECT_MIN,
	REJECT_MAX,
	REJECT_PATTERN,
	REJECT_VALUES,
	REJECTS
};

struct reject_row {
	const char *name, *doc;
};
extern const struct reject_row rejects[REJECTS];

/* False: no such name. */
bool reject_parse(struct str name, enum reject_code *ret);

/* Bounds of what is kept: records of one page, bytes of a value, a reason, an excerpt. */
#define REJECT_MOST 20
#define REJECT_VALUE_BYTES 200
#define REJECT_WHY_BYTES 300
#define REJECT_EXCERPT_BYTES 400
#define REJECT_NO_FIELD FIELD_COUNT

struct reject {
	int64_t id;
	enum reject_code code;
	int field;	   /* enum listing_field; REJECT_NO_FIELD: the record as a whole */
	int place;	   /* on its page, from 1 */
	struct str ext_id; /* "" unknown */
	struct str value;  /* of the field, as far as there is one */
	struct str why;
	struct str excerpt; /* what else was found of it */
	/* of one that is stored */
	struct str source, url; /* url: of the page */
	int64_t page, seen_ms;
};

/* "price"; "" without a field. */
const char *reject_field_name(int field);

#endif
