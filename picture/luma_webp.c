#include "picture/luma_rows.h"

#include <webp/decode.h>

static enum err failed(VP8StatusCode code, struct reason *why)
{
	switch (code) {
	case VP8_STATUS_OUT_OF_MEMORY:
		return reason_set(why, ERR_TOO_BIG, "WebP: no memory");
	case VP8_STATUS_UNSUPPORTED_FEATURE:
		return reason_set(why, ERR_UNSUPPORTED, "WebP: a feature that is not read");
	case VP8_STATUS_SUSPENDED:
	case VP8_STATUS_NOT_ENOUGH_DATA:
		return reason_set(why, ERR_BAD, "WebP: it is cut off");
	default:
		return reason_set(why, ERR_BAD, "WebP: broken");
	}
}

/* Brightness of video is 16 to 235; hashes of pictures don't mind, but white is white. */
static uint8_t full(uint8_t y)
{
	int v = (y - 16) * 255 / 219;

	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static void copy(const WebPYUVABuffer *from, struct luma *to)
{
	for (int y = 0; y < to->height; y++)
		for (int x = 0; x < to->width; x++) {
			uint8_t v = full(from->y[(ptrdiff_t)y * from->y_stride + x]);

			if (from->a)
				v = luma_rows_on_white(v,
						       from->a[(ptrdiff_t)y * from->a_stride + x]);
			to->at[y * to->width + x] = v;
		}
}

/* Its first picture, if it moves: not read. */
enum err luma_webp_read(struct str bytes, struct luma *ret, struct reason *why)
{
	const uint8_t *p = (const uint8_t *)bytes.p;
	WebPDecoderConfig c;
	VP8StatusCode code;
	enum err err;

	if (!WebPInitDecoderConfig(&c))
		return reason_set(why, ERR_UNSUPPORTED, "WebP: another version of the library");
	code = WebPGetFeatures(p, bytes.n, &c.input);
	if (code != VP8_STATUS_OK)
		return failed(code, why);
	if (c.input.has_animation)
		return failed(VP8_STATUS_UNSUPPORTED_FEATURE, why);
	err = luma_rows_fit((uint32_t)c.input.width, (uint32_t)c.input.height, why);
	if (err)
		return err;
	ret->width = c.input.width < LUMA_SIDE ? c.input.width : LUMA_SIDE;
	ret->height = c.input.height < LUMA_SIDE ? c.input.height : LUMA_SIDE;
	c.options.use_scaling = 1;
	c.options.scaled_width = ret->width;
	c.options.scaled_height = ret->height;
	c.output.colorspace = c.input.has_alpha ? MODE_YUVA : MODE_YUV;
	code = WebPDecode(p, bytes.n, &c);
	if (code == VP8_STATUS_OK)
		copy(&c.output.u.YUVA, ret);
	else
		err = failed(code, why);
	WebPFreeDecBuffer(&c.output);
	return err;
}
