/* cleaner.h: a raw listing -> a typed one: normalised title (base/normal.h), price, absolute
 * addresses, exact-duplicate key, flags. Pure; any thread. */
#ifndef PIPED_CLEANER_H
#define PIPED_CLEANER_H

#include "base/arena.h"
#include "config/conf.h"

/* Changes whenever the same input may give another output. */
#define CLEANER_VERSION 1u

/* A price as written: "₩ 12,000", "150000", "12.50". *ret_price is in minor units of
 * `currency` (0 digits for KRW, JPY; 2 otherwise). False: not readable. */
bool cleaner_price(struct str text, struct str currency, int64_t *ret_price, int *ret_digits);

/* `link` against `base` (RFC 3986 section 5). Empty when it can't be. "{res}" survives. */
struct str cleaner_url(struct arena *a, struct str base, struct str link);

struct cleaner_in {
	const struct conf_source *source;
	const struct listing_raw *raw;
	struct str page_url;
	int64_t now_ms;
};

/* Everything but flags that need word rules (labeler_flags adds those). Text in `a`. */
void cleaner_run(const struct cleaner_in *in, struct arena *a, struct listing *ret);
/* The parts that depend only on the stored title: for cleaning again. */
void cleaner_again(struct arena *a, struct listing *l);

#endif
