/* reject.h: a record on a page that became no listing, and why. The first few of a page are
 * kept, all are counted by reason. */
#ifndef PIPED_REJECT_H
#define PIPED_REJECT_H

#include "model/listing.h"

/* Those from MIN on are of the page kind's `checks`, and named like their keys. For whom they are a
 * list of names, FIRST is another macro than NEXT. */
#define REJECT_ROWS(FIRST, NEXT)                                                                   \
	FIRST(REJECT_MISSING, "missing", "A required field is not there.")                         \
	NEXT(REJECT_SELECTOR, "selector", "A selector failed on the record.")                      \
	NEXT(REJECT_UNREADABLE, "unreadable",                                                      \
	     "An entry, or a value that `checks` bound, can't be read.")                           \
	NEXT(REJECT_MIN, "min", "Below `checks: min`.")                                            \
	NEXT(REJECT_MAX, "max", "Above `checks: max`.")                                            \
	NEXT(REJECT_PATTERN, "pattern", "Does not fit `checks: pattern`.")                         \
	NEXT(REJECT_VALUES, "values", "None of `checks: values`.")

#define REJECT_ID(id, name, doc) id,
#define REJECT_NAME(id, name, doc) name
#define REJECT_OTHER(id, name, doc) ", " name
#define REJECT_CHOICE(id, name, doc) "|" name
enum reject_code { REJECT_ROWS(REJECT_ID, REJECT_ID) REJECTS };
/* "missing, selector, ...": for docs; and as the choices of an argument. */
#define REJECT_NAMES REJECT_ROWS(REJECT_NAME, REJECT_OTHER)
#define REJECT_CHOICES REJECT_ROWS(REJECT_NAME, REJECT_CHOICE)

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
