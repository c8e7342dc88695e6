/* market_image.h: a small picture for each listing, the same each time. Pure. */
#ifndef PIPED_MARKET_IMAGE_H
#define PIPED_MARKET_IMAGE_H

#include "market_site.h"

/* GET /image/mPID.jpg and /product/PID_1_TIME_wN.jpg: a PNG of 64x64 whatever
 * the name says, as media servers do. PID_2: the same picture, uploaded again: larger,
 * and a little noisy. */
void market_image_get(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a);
/* Appends the PNG that `seed` stands for, as it is after so many uploads: 1 to 9. */
void market_image_png(uint64_t seed, int upload, struct buf *to);

#endif
