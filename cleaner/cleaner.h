/* cleaner.h: a raw listing -> a typed one: normalised title (base/normal.h), what it says of
 * the offer (cleaner/marks.h), price, absolute addresses, exact-duplicate key, flags. Pure; any thread. */
#ifndef PIPED_CLEANER_H
#define PIPED_CLEANER_H

#include "base/arena.h"
#include "cleaner/marks.h"

/* Changes whenever the same input may give another output. Under 256. */
#define CLEANER_VERSION 5u

/* That of what is made with these words: CLEANER_VERSION in the low 8 bits, a hash of the
 * words above. `marks` may be NULL, as below: no words, and nothing is looked for. */
uint32_t cleaner_version(const struct marks *marks);

/* A price as written: "₩ 12,000", "150000", "12만원", "12.50" (cleaner/price.h says
 * which). *ret_price is in minor units of `currency` (ISO 4217: 0 digits for KRW,
 * JPY; 3 for KWD; 2 where unknown). False: not readable. */
bool cleaner_price(struct str text, struct str currency, int64_t *ret_price, int *ret_digits);

/* `link` against `base` (RFC 3986 section 5), http and https only. Empty when it
 * can't be. "{res}" survives. */
struct str cleaner_url(struct arena *a, struct str base, struct str link);

struct cleaner_in {
	const struct conf_source *source;
	const struct listing_raw *raw;
	const struct marks *marks;
	struct str page_url;
	int64_t now_ms;
};

/* Everything but flags that need word rules (labeler_flags adds those). Text in
 * `a`. A price that can't be read leaves the listing with FLAG_NO_PRICE. The family is the
 * title's key (listing_title_key), of which the store makes the family's. The title
 * keeps its bytes; other text loses the white space around it; in title and description
 * personal data is masked unless the source keeps it (mask.h). */
void cleaner_run(const struct cleaner_in *in, struct arena *a, struct listing *ret);
/* The parts that depend only on what is stored: title_clean, title_marks, title_core, family, flags,
 * flag_reason, clean_version, from title, source, ext_id, price and currency. Flags
 * of word rules are gone after it: call labeler_flags next. */
void cleaner_again(const struct marks *marks, struct arena *a, struct listing *l);

#endif
