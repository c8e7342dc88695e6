/* lists.h: what a listing has several of: raw values (LISTING_BETWEEN) -> canonical JSON, bounded.
 * Pure; any thread. */
#ifndef PIPED_LISTS_H
#define PIPED_LISTS_H

#include "base/arena.h"
#include "model/listing.h"

#define LISTS_LEVEL_BYTES 100 /* of a category; longer ones are cut */
#define LISTS_VALUE_BYTES 300 /* of an attribute, likewise */

/* An array of absolute addresses, each once; ones that are none are left out. "" for none. */
struct str lists_images(struct str raw, struct str page_url, struct arena *a);
/* The first element of such an array; "" for none. */
struct str lists_first(struct str images, struct arena *a);

/* Levels as they are given; one text alone is parted by `separator` ({0}: by nothing). White
 * space around levels goes, empty ones are left out. "" for fewer than `least`. */
struct str lists_path(struct str raw, struct str separator, int least, struct arena *a);
/* "Men > Shoes" of several levels; of one that level. */
struct str lists_path_text(struct str raw, struct arena *a);

/* An object; values of one name joined by ", ". `mask`: without personal data. */
struct str lists_attributes(struct str raw, bool mask, struct arena *a);

#endif
