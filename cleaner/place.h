/* place.h: no more of where a thing is than is to be kept. Pure; any thread. */
#ifndef PIPED_PLACE_H
#define PIPED_PLACE_H

#include "base/str.h"

/* The `most` parts of a place that say least, 0: all of it. "서울특별시 구로구 신도림동"
 * begins with them, as addresses do where `language` is ko, ja or zh, and is parted at
 * blanks; "Linden, Hannover, Germany" ends with them, and is parted at commas. */
struct str place_cut(struct str place, int most, struct str language);

#endif
