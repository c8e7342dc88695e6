#include "picture/luma_rows.h"

#include <string.h>

enum err luma_rows_fit(uint32_t width, uint32_t height, struct reason *why)
{
	if (!width || !height)
		return reason_set(why, ERR_BAD, "the picture has no pixels");
	if ((uint64_t)width * height > LUMA_PIXELS_MOST)
		return reason_set(why, ERR_TOO_BIG,
				  "the picture has %u x %u pixels: more than %d are not decoded",
				  width, height, LUMA_PIXELS_MOST);
	return ERR_OK;
}

enum err luma_rows_start(struct luma_rows *r, struct luma *to, uint32_t width, uint32_t height,
			 struct reason *why)
{
	enum err err = luma_rows_fit(width, height, why);

	if (err)
		return err;
	memset(r, 0, sizeof(*r));
	r->to = to;
	r->width = (int)width;
	r->height = (int)height;
	to->width = width < LUMA_SIDE ? (int)width : LUMA_SIDE;
	to->height = height < LUMA_SIDE ? (int)height : LUMA_SIDE;
	return ERR_OK;
}

static int row_of(const struct luma_rows *r, int y)
{
	return (int)((int64_t)y * r->to->height / r->height);
}

static void end_row(struct luma_rows *r)
{
	uint8_t *to = &r->to->at[(ptrdiff_t)row_of(r, r->y) * r->to->width];

	for (int x = 0; x < r->to->width; x++)
		to[x] = (uint8_t)((r->sum[x] + r->count[x] / 2) / r->count[x]);
	memset(r->sum, 0, sizeof(r->sum));
	memset(r->count, 0, sizeof(r->count));
}

void luma_rows_add(struct luma_rows *r, const uint8_t *row)
{
	int w = r->to->width, at = 0, left = 0;

	if (r->y >= r->height)
		return;
	/* as x * w / width, without a division a pixel */
	for (int x = 0; x < r->width; x++) {
		r->sum[at] += row[x];
		r->count[at]++;
		left += w;
		if (left >= r->width) {
			left -= r->width;
			at++;
		}
	}
	if (r->y + 1 == r->height || row_of(r, r->y + 1) != row_of(r, r->y))
		end_row(r);
	r->y++;
}

static bool begins(struct str bytes, size_t at, const char *magic, size_t n)
{
	return bytes.n >= at + n && memcmp(bytes.p + at, magic, n) == 0;
}

enum err luma_read(struct str bytes, struct luma *ret, struct reason *why)
{
	if (begins(bytes, 0, "\xff\xd8", 2))
		return luma_jpeg_read(bytes, ret, why);
	if (begins(bytes, 0, "\x89PNG\r\n\x1a\n", 8))
		return luma_png_read(bytes, ret, why);
	if (begins(bytes, 0, "RIFF", 4) && begins(bytes, 8, "WEBP", 4))
		return luma_webp_read(bytes, ret, why);
	return reason_set(why, ERR_UNSUPPORTED, "neither JPEG nor PNG nor WebP");
}
