/* luma.h: a picture's brightness, small: what hashes of pictures are made of. JPEG through
 * libjpeg-turbo (which scales in the DCT), PNG through libpng, WebP through libwebp: three small
 * libraries that do nothing else; libvips would bring some sixty, threads and a cache of its
 * own. Pure; any thread. */
#ifndef PIPED_LUMA_H
#define PIPED_LUMA_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

/* Width and height at most; each is scaled by itself. */
#define LUMA_SIDE 256
/* Larger pictures are not decoded: what they unpack to is not bounded by their bytes. */
#define LUMA_PIXELS_MOST (32 << 20)
/* What a decoder may hold at once, at about: WebP without loss, the most of all, 4 bytes a
 * pixel; libjpeg's own limit for pictures that come in several scans. */
#define LUMA_MEMORY_MOST (128 << 20)

struct luma {
	int width, height;
	uint8_t at[LUMA_SIDE * LUMA_SIDE]; /* row by row, `width` each; 0 black; on white where
					      it can be seen through */
};

/* `ret` has anything in it after an error. ERR_UNSUPPORTED: none of the three; ERR_TOO_BIG: more
 * pixels or memory than the above; ERR_BAD: cut or broken. */
enum err luma_read(struct str bytes, struct luma *ret, struct reason *why);

#endif
