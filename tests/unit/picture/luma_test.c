/* Decoding: what is read, what is refused, and that no cut leaves a crash. */
#include "picture_edit.h"

#include "base/mem.h"
#include "picture/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#define SIDE 300

/* A few soft spots. */
static void scene(struct gray *g)
{
	*g = (struct gray){ SIDE, SIDE, mem_zero(SIDE * SIDE) };
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++) {
			int d = (x - 90) * (x - 90) / 40 + (y - 130) * (y - 130) / 90;

			g->at[y * SIDE + x] = (uint8_t)((d < 200 ? 220 - d : 30) +
							(x / 23 * 7 + y / 31 * 11) % 25);
		}
}

static const struct picture_edit plain[] = {
	{ "jpeg", NULL, 0, 95, false, false },
	{ "webp", NULL, 0, 95, true, false },
};

static struct str file_of(const struct gray *g, int which)
{
	struct picture_edit e = plain[which];

	e.make = picture_edits[3].make; /* as it is */
	return picture_edit_file(g, &e);
}

static struct str png_of(const struct gray *g)
{
	png_image i = { .version = PNG_IMAGE_VERSION,
			.width = (png_uint_32)g->width,
			.height = (png_uint_32)g->height,
			.format = PNG_FORMAT_GRAY };
	png_alloc_size_t n = 0;
	char *to;

	assert_true(png_image_write_to_memory(&i, NULL, &n, 0, g->at, 0, NULL));
	to = mem_alloc(n);
	assert_true(png_image_write_to_memory(&i, to, &n, 0, g->at, 0, NULL));
	return (struct str){ to, n };
}

static enum err look_at(struct str bytes, struct look *ret)
{
	/* a block of its very size, so that a read past its end is seen */
	char *copy = mem_alloc(bytes.n ? bytes.n : 1);
	struct luma *l = mem_zero(sizeof(*l));
	struct reason why = { "" };
	enum err err;

	memcpy(copy, bytes.p, bytes.n);
	err = luma_read((struct str){ copy, bytes.n }, l, &why);
	assert_true(!err == !why.text[0]);
	if (!err)
		look_of(l, ret);
	mem_free(l);
	mem_free(copy);
	return err;
}

static void formats_look_alike(void **state)
{
	struct look jpeg, webp, png;
	struct gray g;
	struct str f;

	(void)state;
	scene(&g);
	f = file_of(&g, 0);
	assert_int_equal(look_at(f, &jpeg), ERR_OK);
	picture_edit_drop(f);
	f = file_of(&g, 1);
	assert_int_equal(look_at(f, &webp), ERR_OK);
	picture_edit_drop(f);
	f = png_of(&g);
	assert_int_equal(look_at(f, &png), ERR_OK);
	mem_free((void *)(uintptr_t)f.p);
	mem_free(g.at);
	assert_true(jpeg.quality >= PDQ_QUALITY_LEAST);
	assert_true(look_distance(&jpeg, &webp) <= 20);
	assert_true(look_distance(&jpeg, &png) <= 20);
}

static void cut_ones_are_refused(void **state)
{
	struct gray g;

	(void)state;
	scene(&g);
	for (int which = 0; which < 3; which++) {
		struct str f = which < 2 ? file_of(&g, which) : png_of(&g);
		struct look l;

		for (size_t keep = 0; keep + 20 < f.n; keep += f.n / 60 + 1)
			assert_int_not_equal(look_at(str_sub(f, 0, keep), &l), ERR_OK);
		if (which < 2)
			picture_edit_drop(f);
		else
			mem_free((void *)(uintptr_t)f.p);
	}
	mem_free(g.at);
}

/* 60,000 x 60,000 pixels that are said to be there. */
static void bombs_are_refused(void **state)
{
	struct gray g;
	struct look l;
	struct str f;
	char *p;

	(void)state;
	scene(&g);
	f = png_of(&g);
	p = (char *)(uintptr_t)f.p;
	memcpy(p + 16, "\x00\x00\xea\x60\x00\x00\xea\x60", 8);
	/* its CRC: of "IHDR" and the 13 bytes */
	{
		uint32_t c = 0xffffffff;

		for (int i = 12; i < 29; i++) {
			c ^= (uint8_t)p[i];
			for (int k = 0; k < 8; k++)
				c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
		}
		c = ~c;
		for (int i = 0; i < 4; i++)
			p[29 + i] = (char)(c >> (24 - 8 * i));
	}
	assert_int_equal(look_at(f, &l), ERR_TOO_BIG);
	mem_free(p);
	mem_free(g.at);
}

static void flat_ones_are_like_nothing(void **state)
{
	struct gray g = { SIDE, SIDE, mem_zero(SIDE * SIDE) };
	struct look l;
	struct str f;

	(void)state;
	memset(g.at, 200, SIDE * SIDE);
	f = file_of(&g, 0);
	assert_int_equal(look_at(f, &l), ERR_OK);
	picture_edit_drop(f);
	mem_free(g.at);
	assert_true(l.quality < PDQ_QUALITY_LEAST);
	assert_int_equal(look_distance(&l, &l), 256);
}

static void others_are_named(void **state)
{
	struct look l;

	(void)state;
	assert_int_equal(look_at(STR("GIF89a..."), &l), ERR_UNSUPPORTED);
	assert_int_equal(look_at(STR(""), &l), ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_look_alike), cmocka_unit_test(cut_ones_are_refused),
		cmocka_unit_test(bombs_are_refused),  cmocka_unit_test(flat_ones_are_like_nothing),
		cmocka_unit_test(others_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
