/* Heads of pictures: written out here, and of real photographs where there are. */
#include "extractor/extract_image.h"

#include "base/buf.h"
#include "base/file.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(text)                                                                                \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define SOF0 "\xff\xc0\x00\x11\x08\x01\x02\x03\x04\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
#define APP0 "\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\x01\x02\x08\x02\0\0\0"
#define RIFF "RIFF\x40\0\0\0WEBP"
#define REST "\0\0\0\0\0\0\0\0"

static const struct {
	const char *name;
	struct str bytes;
	enum err err;
	enum extract_image_format format;
	int width, height;
	const char *why; /* a part */
} rows[] = {
	{ "baseline", BYTES("\xff\xd8" APP0 SOF0), ERR_OK, IMAGE_JPEG, 772, 258, NULL },
	{ "progressive", BYTES("\xff\xd8\xff\xc2\x00\x11\x08\0\x10\0\x20\x03" REST), ERR_OK,
	  IMAGE_JPEG, 32, 16, NULL },
	{ "fill bytes", BYTES("\xff\xd8\xff\xff\xff\xff\xe0\x00\x02" SOF0), ERR_OK, IMAGE_JPEG, 772,
	  258, NULL },
	{ "a table first", BYTES("\xff\xd8\xff\xc4\x00\x04xx\xff\xcc\x00\x02" SOF0), ERR_OK,
	  IMAGE_JPEG, 772, 258, NULL },
	{ "no frame", BYTES("\xff\xd8" APP0 "\xff\xd9" REST), ERR_BAD, 0, 0, 0, "no frame header" },
	{ "cut in a segment", BYTES("\xff\xd8\xff\xe0\x40\x00short"), ERR_BAD, 0, 0, 0, "cut off" },
	{ "cut in the frame", BYTES("\xff\xd8\xff\xc0\x00\x11\x08\x01"), ERR_BAD, 0, 0, 0, "cut" },
	{ "no marker", BYTES("\xff\xd8\xff\xe0\x00\x02zzzzzz"), ERR_BAD, 0, 0, 0, "at byte 6" },
	{ "no pixels", BYTES("\xff\xd8\xff\xc0\x00\x11\x08\0\0\0\x20\x03" REST), ERR_BAD, 0, 0, 0,
	  "32 x 0 pixels" },
	{ "a PNG", BYTES(PNG_HEAD), ERR_OK, IMAGE_PNG, 64, 258, NULL },
	{ "a cut PNG", BYTES("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"), ERR_BAD, 0, 0, 0,
	  "PNG image is cut" },
	{ "a PNG of something else",
	  BYTES("\x89PNG\r\n\x1a\n\0\0\0\x0d"
		"CgBI" REST REST),
	  ERR_BAD, 0, 0, 0, "header" },
	{ "a wide PNG", BYTES("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\x7f\xff\xff\xff\0\0\0\1" REST),
	  ERR_BAD, 0, 0, 0, "2147483647 x 1" },
	{ "lossy", BYTES(RIFF "VP8 \x20\0\0\0\x30\0\0\x9d\x01\x2a\x80\x42\xe0\x41"), ERR_OK,
	  IMAGE_WEBP, 640, 480, NULL },
	{ "lossless", BYTES(RIFF "VP8L\x20\0\0\0\x2f\x7f\xc2\x77\0" REST), ERR_OK, IMAGE_WEBP, 640,
	  480, NULL },
	{ "extended", BYTES(RIFF "VP8X\x0a\0\0\0\x10\0\0\0\x7f\x02\0\xdf\x01\0"), ERR_OK,
	  IMAGE_WEBP, 640, 480, NULL },
	{ "a WebP of something else", BYTES(RIFF "ALPH" REST REST REST), ERR_BAD, 0, 0, 0,
	  "frame" },
	{ "a short WebP", BYTES(RIFF "VP8 "), ERR_BAD, 0, 0, 0, "cut off" },
	{ "another RIFF", BYTES("RIFF\x40\0\0\0WAVEfmt " REST REST), ERR_UNSUPPORTED, 0, 0, 0,
	  "something else" },
	{ "a GIF", BYTES("GIF89a\x01\0\x01\0"), ERR_UNSUPPORTED, 0, 0, 0, "a GIF" },
	{ "an AVIF",
	  BYTES("\0\0\0\x20"
		"ftypavif" REST),
	  ERR_UNSUPPORTED, 0, 0, 0, "AVIF" },
	{ "a page", BYTES("<!doctype html><title>not found"), ERR_UNSUPPORTED, 0, 0, 0, "markup" },
	{ "nothing", BYTES(""), ERR_UNSUPPORTED, 0, 0, 0, "nothing" },
};

static void heads(void **state)
{
	struct reason why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct extract_image got = { .format = IMAGE_FORMATS };
		enum err err = extract_image_read(rows[i].bytes, &got, &why);

		if (err != rows[i].err)
			fail_msg("%s: %d", rows[i].name, (int)err);
		if (err && !strstr(why.text, rows[i].why))
			fail_msg("%s: %s", rows[i].name, why.text);
		if (!err && (got.format != rows[i].format || got.width != rows[i].width ||
			     got.height != rows[i].height))
			fail_msg("%s: %d of %dx%d", rows[i].name, (int)got.format, got.width,
				 got.height);
	}
}

/* Every shorter beginning is cut, or says the same. */
static void beginnings(void **state)
{
	struct reason why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t n = 0; !rows[i].err && n < rows[i].bytes.n; n++) {
			struct extract_image got;

			if (extract_image_read(str_sub(rows[i].bytes, 0, n), &got, &why))
				continue;
			assert_int_equal(got.width, rows[i].width);
			assert_int_equal(got.height, rows[i].height);
		}
	}
}

static int n_photographs;

static int photograph(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	struct extract_image got;
	struct reason why;
	struct buf b;

	(void)at;
	if (kind != FTW_F || !str_ends(str_of(path), STR(".jpg")))
		return 0;
	buf_init(&b, (size_t)st->st_size + 1);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	if (extract_image_read(buf_str(&b), &got, &why))
		fail_msg("%s: %s", path, why.text);
	assert_int_equal(got.format, IMAGE_JPEG);
	if (got.width < 50 || got.height < 50 || got.width > 5000 || got.height > 5000)
		fail_msg("%s: %d x %d", path, got.width, got.height);
	buf_done(&b);
	n_photographs++;
	return 0;
}

static void photographs(void **state)
{
	const char *folder = PIPED_SHARED "/data/images/clothing/test";

	(void)state;
	if (!file_exists(folder)) {
		print_message("skipped: no %s\n", folder);
		skip();
	}
	assert_int_equal(nftw(folder, photograph, 16, FTW_PHYS), 0);
	assert_true(n_photographs > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads),
		cmocka_unit_test(beginnings),
		cmocka_unit_test(photographs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
