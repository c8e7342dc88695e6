/* luma_rows.h: rows of pixels averaged into a struct luma; and the decoders that give them. For
 * luma.c and its luma_FORMAT.c. */
#ifndef PIPED_LUMA_ROWS_H
#define PIPED_LUMA_ROWS_H

#include "picture/luma.h"

struct luma_rows {
	struct luma *to;
	int width, height; /* of the picture */
	int y;		   /* rows that came */
	uint32_t sum[LUMA_SIDE], count[LUMA_SIDE];
};
/* ERR_TOO_BIG, ERR_BAD (no pixels). */
enum err luma_rows_start(struct luma_rows *r, struct luma *to, uint32_t width, uint32_t height,
			 struct reason *why);
/* The next row; those beyond the height are left out. */
void luma_rows_add(struct luma_rows *r, const uint8_t *row);

/* Width times height is within LUMA_PIXELS_MOST. */
enum err luma_rows_fit(uint32_t width, uint32_t height, struct reason *why);

enum err luma_jpeg_read(struct str bytes, struct luma *ret, struct reason *why);
enum err luma_png_read(struct str bytes, struct luma *ret, struct reason *why);
enum err luma_webp_read(struct str bytes, struct luma *ret, struct reason *why);

static inline uint8_t luma_rows_on_white(unsigned v, unsigned alpha)
{
	return (uint8_t)((v * alpha + 255 * (255 - alpha) + 127) / 255);
}

#endif
