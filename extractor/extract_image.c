#include "extractor/extract_image.h"

#include "base/must.h"

#include <string.h>

static const struct {
	const char *ending, *type;
} formats[IMAGE_FORMATS] = {
	[IMAGE_JPEG] = { ".jpg", "image/jpeg" },
	[IMAGE_PNG] = { ".png", "image/png" },
	[IMAGE_WEBP] = { ".webp", "image/webp" },
};

const char *extract_image_ending(enum extract_image_format f)
{
	must(f < IMAGE_FORMATS);
	return formats[f].ending;
}

const char *extract_image_type(enum extract_image_format f)
{
	must(f < IMAGE_FORMATS);
	return formats[f].type;
}

static unsigned byte(struct str s, size_t at)
{
	return at < s.n ? (unsigned char)s.p[at] : 0;
}

static unsigned big16(struct str s, size_t at)
{
	return byte(s, at) << 8 | byte(s, at + 1);
}

static uint32_t big32(struct str s, size_t at)
{
	return (uint32_t)big16(s, at) << 16 | big16(s, at + 2);
}

static unsigned little16(struct str s, size_t at)
{
	return byte(s, at + 1) << 8 | byte(s, at);
}

static uint32_t little24(struct str s, size_t at)
{
	return (uint32_t)byte(s, at + 2) << 16 | little16(s, at);
}

static bool has(struct str s, size_t at, struct str part)
{
	return at + part.n <= s.n && memcmp(s.p + at, part.p, part.n) == 0;
}

static enum err cut(struct reason *why, const char *what)
{
	return reason_set(why, ERR_BAD, "the %s image is cut off", what);
}

static enum err sized(struct extract_image *i, uint32_t width, uint32_t height, struct reason *why)
{
	const uint32_t most = 1 << 24;

	if (!width || !height || width > most || height > most)
		return reason_set(why, ERR_BAD, "the image has %lu x %lu pixels",
				  (unsigned long)width, (unsigned long)height);
	i->width = (int)width;
	i->height = (int)height;
	return ERR_OK;
}

/* Frame headers SOF0 to SOF15 but DHT, JPG and DAC (T.81 table B.1). */
static bool is_frame(unsigned marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

/* Markers without a length: TEM, RST0 to RST7, SOI. */
static bool stands_alone(unsigned marker)
{
	return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

static enum err jpeg(struct str s, struct extract_image *i, struct reason *why)
{
	size_t at = 2;

	while (at + 4 <= s.n) {
		unsigned marker = byte(s, at + 1);

		if (byte(s, at) != 0xff)
			return reason_set(why, ERR_BAD, "the JPEG image is broken at byte %zu", at);
		if (marker == 0xff) { /* fill bytes */
			at++;
			continue;
		}
		if (stands_alone(marker)) {
			at += 2;
			continue;
		}
		if (marker == 0xd9 || marker == 0xda)
			return reason_set(why, ERR_BAD, "the JPEG image has no frame header");
		if (is_frame(marker)) {
			if (at + 9 > s.n)
				break;
			return sized(i, big16(s, at + 7), big16(s, at + 5), why);
		}
		at += 2 + big16(s, at + 2);
	}
	return cut(why, "JPEG");
}

static enum err png(struct str s, struct extract_image *i, struct reason *why)
{
	if (s.n < 24)
		return cut(why, "PNG");
	if (!has(s, 12, STR("IHDR")))
		return reason_set(why, ERR_BAD, "the PNG image does not begin with its header");
	return sized(i, big32(s, 16), big32(s, 20), why);
}

static enum err webp(struct str s, struct extract_image *i, struct reason *why)
{
	if (s.n < 30)
		return cut(why, "WebP");
	if (has(s, 12, STR("VP8X")))
		return sized(i, little24(s, 24) + 1, little24(s, 27) + 1, why);
	if (has(s, 12, STR("VP8L")) && byte(s, 20) == 0x2f)
		return sized(i, (little16(s, 21) & 0x3fff) + 1, (little24(s, 22) >> 6 & 0x3fff) + 1,
			     why);
	if (has(s, 12, STR("VP8 ")) && has(s, 23, STR("\x9d\x01\x2a")))
		return sized(i, little16(s, 26) & 0x3fff, little16(s, 28) & 0x3fff, why);
	return reason_set(why, ERR_BAD, "the WebP image has no frame that is known");
}

/* What else comes from image addresses, for the reason. */
static const char *looks_like(struct str s)
{
	static const struct {
		size_t at;
		struct str part;
		const char *what;
	} known[] = {
		{ 0, { "GIF8", 4 }, "a GIF" },
		{ 4, { "ftypavif", 8 }, "an AVIF image" },
		{ 4, { "ftyphei", 7 }, "an HEIC image" },
		{ 0, { "BM", 2 }, "a BMP" },
		{ 0, { "<svg", 4 }, "an SVG" },
		{ 0, { "<", 1 }, "markup" },
		{ 0, { "{", 1 }, "JSON" },
	};

	if (!s.n)
		return "nothing";
	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		if (has(s, known[k].at, known[k].part))
			return known[k].what;
	return "something else";
}

enum err extract_image_read(struct str s, struct extract_image *ret, struct reason *why)
{
	struct extract_image i = { .format = IMAGE_FORMATS };
	enum err err;

	if (has(s, 0, STR("\xff\xd8\xff"))) {
		i.format = IMAGE_JPEG;
		err = jpeg(s, &i, why);
	} else if (has(s, 0, STR("\x89PNG\r\n\x1a\n"))) {
		i.format = IMAGE_PNG;
		err = png(s, &i, why);
	} else if (has(s, 0, STR("RIFF")) && has(s, 8, STR("WEBP"))) {
		i.format = IMAGE_WEBP;
		err = webp(s, &i, why);
	} else {
		return reason_set(why, ERR_UNSUPPORTED, "no JPEG, PNG or WebP image but %s",
				  looks_like(s));
	}
	if (!err)
		*ret = i;
	return err;
}
