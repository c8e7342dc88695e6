#include "base/mem.h"
#include "picture/luma_rows.h"

#include <setjmp.h>
#include <string.h>

#include <png.h>

/* Of a chunk that is no pixels, unpacked. */
#define CHUNK_MOST (1 << 20)

struct png {
	png_structp png;
	png_infop info;
	jmp_buf out;
	struct reason *why;
	enum err err;
	struct str left;
	struct luma_rows rows;
	uint8_t *pixels; /* gray and alpha: a row; all rows of an interlaced picture */
	uint8_t *gray;
};

static PNG_NORETURN void on_error(png_structp png, png_const_charp text)
{
	struct png *p = png_get_error_ptr(png);

	p->err = reason_set(p->why, ERR_BAD, "PNG: %s", text);
	longjmp(p->out, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void on_read(png_structp png, png_bytep to, size_t n)
{
	struct png *p = png_get_io_ptr(png);

	if (n > p->left.n)
		png_error(png, "it is cut off");
	memcpy(to, p->left.p, n);
	p->left = str_sub(p->left, n, p->left.n);
}

/* Whatever it is, 8 bits of gray and 8 of alpha. */
static void as_gray(png_structp png, png_infop info)
{
	png_set_expand(png);
	png_set_strip_16(png);
	if (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR)
		png_set_rgb_to_gray_fixed(png, PNG_ERROR_ACTION_NONE, PNG_RGB_TO_GRAY_DEFAULT,
					  PNG_RGB_TO_GRAY_DEFAULT);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
}

static void add_row(struct png *p, const uint8_t *row)
{
	for (int x = 0; x < p->rows.width; x++, row += 2)
		p->gray[x] = luma_rows_on_white(row[0], row[1]);
	luma_rows_add(&p->rows, p->gray);
}

static void decode(struct png *p, struct luma *ret)
{
	size_t width, height, kept;
	int passes;

	png_read_info(p->png, p->info);
	width = png_get_image_width(p->png, p->info);
	height = png_get_image_height(p->png, p->info);
	p->err = luma_rows_start(&p->rows, ret, (uint32_t)width, (uint32_t)height, p->why);
	if (p->err)
		return;
	as_gray(p->png, p->info);
	passes = png_set_interlace_handling(p->png);
	png_read_update_info(p->png, p->info);
	if (png_get_rowbytes(p->png, p->info) != 2 * width)
		png_error(p->png, "rows of another size than asked for");
	kept = passes > 1 ? height : 1;
	p->pixels = mem_zero(2 * width * kept);
	p->gray = mem_zero(width);
	for (int pass = 0; pass < passes; pass++)
		for (size_t y = 0; y < height; y++) {
			uint8_t *row = p->pixels + 2 * width * (y % kept);

			png_read_row(p->png, row, NULL);
			if (pass == passes - 1)
				add_row(p, row);
		}
}

enum err luma_png_read(struct str bytes, struct luma *ret, struct reason *why)
{
	struct png *p = mem_zero(sizeof(*p));
	enum err err;

	p->why = why;
	p->left = bytes;
	if (setjmp(p->out) == 0) {
		p->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, p, on_error, on_warning);
		if (!p->png || !(p->info = png_create_info_struct(p->png))) {
			p->err = reason_set(why, ERR_TOO_BIG, "PNG: no memory");
		} else {
			png_set_read_fn(p->png, p, on_read);
			png_set_chunk_malloc_max(p->png, CHUNK_MOST);
			/* texts, colour profiles: nothing that is needed here */
			png_set_keep_unknown_chunks(p->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
			decode(p, ret);
		}
	}
	err = p->err;
	png_destroy_read_struct(&p->png, &p->info, NULL);
	mem_free(p->pixels);
	mem_free(p->gray);
	mem_free(p);
	return err;
}
