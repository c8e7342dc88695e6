/* fields.h: a rule's conditions on fields other than the title. Pure. */
#ifndef PIPED_FIELDS_H
#define PIPED_FIELDS_H

#include "base/arena.h"
#include "config/conf.h"

/* Text to compare with; a trailing * stood for any ending. */
struct fields_pattern {
	struct str text;
	bool open;
};

/* One of them fits; n 0: any text does. */
struct fields_patterns {
	struct fields_pattern *p;
	int n;
};

struct fields {
	struct fields_patterns source, category;       /* by bytes */
	struct fields_patterns brand, condition, path; /* in normal form */
	int64_t price_min, price_max; /* whole units; LISTING_NO_PRICE: unbounded */
};

/* Normal forms of one listing's fields, made when first asked for. */
struct fields_scratch {
	char brand_room[1024], condition_room[1024], path_room[4096];
	struct str brand, condition, path; /* p NULL: not made yet */
};

void fields_compile(struct fields *f, struct arena *a, const struct conf_rule *rule);
void fields_start(struct fields_scratch *x); /* before another listing */
/* The condition that does not hold, NULL: all do. Price bounds hold for no listing without a price. They are in whole units of
 * its currency (won, dollars), whatever its digits. */
const char *fields_against(const struct fields *f, struct fields_scratch *x,
			   const struct listing *l);

#endif
