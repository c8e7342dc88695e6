#include "picture_edit.h"

#include "base/mem.h"
#include "base/must.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <webp/encode.h>

static struct gray gray_new(int width, int height)
{
	return (struct gray){ width, height, mem_zero((size_t)width * (size_t)height) };
}

static int within(int v, int most)
{
	return v < 0 ? 0 : v > most ? most : v;
}

/* Between four pixels; outside, the nearest. */
static double at(const struct gray *g, double x, double y)
{
	int x0 = (int)floor(x), y0 = (int)floor(y);
	double fx = x - x0, fy = y - y0, sum = 0;

	for (int k = 0; k < 4; k++) {
		int px = within(x0 + k % 2, g->width - 1), py = within(y0 + k / 2, g->height - 1);

		sum += (k % 2 ? fx : 1 - fx) * (k / 2 ? fy : 1 - fy) * g->at[py * g->width + px];
	}
	return sum;
}

static void keep(const struct gray *from, double by, struct gray *ret)
{
	(void)by;
	*ret = gray_new(from->width, from->height);
	memcpy(ret->at, from->at, (size_t)from->width * (size_t)from->height);
}

static double mean(const struct gray *g, double x0, double y0, double x1, double y1)
{
	double sum = 0;
	int n = 0;

	for (int y = (int)y0; y < g->height && (y < (int)y1 || y == (int)y0); y++)
		for (int x = (int)x0; x < g->width && (x < (int)x1 || x == (int)x0); x++, n++)
			sum += g->at[y * g->width + x];
	return n ? sum / n : 0;
}

static void rescale(const struct gray *from, double by, struct gray *ret)
{
	*ret = gray_new((int)(from->width * by), (int)(from->height * by));
	for (int y = 0; y < ret->height; y++)
		for (int x = 0; x < ret->width; x++)
			ret->at[y * ret->width + x] =
				by < 1 ? (uint8_t)mean(from, x / by, y / by, (x + 1) / by,
						       (y + 1) / by)
				       : (uint8_t)at(from, (x + 0.5) / by - 0.5,
						     (y + 0.5) / by - 0.5);
}

/* `by` of width and height in all, more of it at one side. */
static void crop(const struct gray *from, double by, struct gray *ret)
{
	int left = (int)(from->width * by * 0.6), top = (int)(from->height * by * 0.4);

	*ret = gray_new((int)(from->width * (1 - by)), (int)(from->height * (1 - by)));
	for (int y = 0; y < ret->height; y++)
		memcpy(&ret->at[y * ret->width], &from->at[(y + top) * from->width + left],
		       (size_t)ret->width);
}

static void border_of(const struct gray *from, double by, int colour, struct gray *ret)
{
	int w = (int)(from->width * by), h = (int)(from->height * by);

	*ret = gray_new(from->width + 2 * w, from->height + 2 * h);
	memset(ret->at, colour, (size_t)ret->width * (size_t)ret->height);
	for (int y = 0; y < from->height; y++)
		memcpy(&ret->at[(y + h) * ret->width + w], &from->at[y * from->width],
		       (size_t)from->width);
}

static void border_white(const struct gray *from, double by, struct gray *ret)
{
	border_of(from, by, 255, ret);
}

static void border_black(const struct gray *from, double by, struct gray *ret)
{
	border_of(from, by, 0, ret);
}

static void brighter(const struct gray *from, double by, struct gray *ret)
{
	keep(from, 0, ret);
	for (int i = 0; i < ret->width * ret->height; i++)
		ret->at[i] = (uint8_t)within((int)(ret->at[i] + 255 * by), 255);
}

static void contrast(const struct gray *from, double by, struct gray *ret)
{
	keep(from, 0, ret);
	for (int i = 0; i < ret->width * ret->height; i++)
		ret->at[i] = (uint8_t)within((int)(128 + (ret->at[i] - 128) * by), 255);
}

static void mirror(const struct gray *from, double by, struct gray *ret)
{
	(void)by;
	*ret = gray_new(from->width, from->height);
	for (int y = 0; y < ret->height; y++)
		for (int x = 0; x < ret->width; x++)
			ret->at[y * ret->width + x] =
				from->at[y * from->width + from->width - 1 - x];
}

/* A line of letters, about: strokes in a band at the bottom. */
static void text(const struct gray *from, double by, struct gray *ret)
{
	int h = (int)(from->height * by), top = from->height - 2 * h;

	keep(from, 0, ret);
	for (int y = 0; y < h; y++)
		for (int x = from->width / 10; x < from->width * 6 / 10; x++)
			if ((x * 3 / h) % 3 != 2 && ((x * 7 / h) + (y * 4 / h)) % 3)
				ret->at[(top + y) * ret->width + x] = 255;
}

static void rotate(const struct gray *from, double degrees, struct gray *ret)
{
	double a = degrees * M_PI / 180, cx = from->width / 2.0, cy = from->height / 2.0;

	*ret = gray_new(from->width, from->height);
	for (int y = 0; y < ret->height; y++)
		for (int x = 0; x < ret->width; x++)
			ret->at[y * ret->width + x] =
				(uint8_t)at(from, cx + (x - cx) * cos(a) - (y - cy) * sin(a),
					    cy + (x - cx) * sin(a) + (y - cy) * cos(a));
}

const struct picture_edit picture_edits[] = {
	{ "rescaled to 0.25", rescale, 0.25, 90, false, true },
	{ "rescaled to 0.5", rescale, 0.5, 90, false, true },
	{ "rescaled to 2", rescale, 2, 90, false, true },
	{ "JPEG quality 90", keep, 0, 90, false, true },
	{ "JPEG quality 50", keep, 0, 50, false, true },
	{ "JPEG quality 30", keep, 0, 30, false, true },
	{ "WebP quality 75", keep, 0, 75, true, true },
	{ "cropped by 2%", crop, 0.02, 90, false, true },
	{ "cropped by 5%", crop, 0.05, 90, false, true },
	{ "cropped by 10%", crop, 0.10, 90, false, true },
	{ "white border of 2%", border_white, 0.02, 90, false, true },
	{ "white border of 5%", border_white, 0.05, 90, false, true },
	{ "white border of 10%", border_white, 0.10, 90, false, true },
	{ "black border of 5%", border_black, 0.05, 90, false, true },
	{ "brighter by 15%", brighter, 0.15, 90, false, true },
	{ "darker by 15%", brighter, -0.15, 90, false, true },
	{ "contrast 0.7", contrast, 0.7, 90, false, true },
	{ "contrast 1.3", contrast, 1.3, 90, false, true },
	{ "a line of text", text, 0.06, 90, false, true },
	{ "in a mirror", mirror, 0, 90, false, true },
	{ "turned by 2 degrees", rotate, 2, 90, false, false },
};
const int picture_n_edits = sizeof(picture_edits) / sizeof(picture_edits[0]);

bool picture_edit_read(struct str jpeg, struct gray *ret)
{
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr errors;

	d.err = jpeg_std_error(&errors); /* ends the program: these are good pictures */
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, (const unsigned char *)jpeg.p, jpeg.n);
	jpeg_read_header(&d, TRUE);
	d.out_color_space = JCS_GRAYSCALE;
	jpeg_start_decompress(&d);
	*ret = gray_new((int)d.output_width, (int)d.output_height);
	while (d.output_scanline < d.output_height) {
		JSAMPROW row = &ret->at[d.output_scanline * d.output_width];

		jpeg_read_scanlines(&d, &row, 1);
	}
	jpeg_finish_decompress(&d);
	jpeg_destroy_decompress(&d);
	return true;
}

static struct str as_jpeg(const struct gray *g, int quality)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	unsigned char *bytes = NULL;
	unsigned long n = 0;

	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &bytes, &n);
	c.image_width = (unsigned)g->width;
	c.image_height = (unsigned)g->height;
	c.input_components = 1;
	c.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, quality, TRUE);
	jpeg_start_compress(&c, TRUE);
	while (c.next_scanline < c.image_height) {
		JSAMPROW row = &g->at[c.next_scanline * c.image_width];

		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	return (struct str){ (char *)bytes, n };
}

static struct str as_webp(const struct gray *g, int quality)
{
	uint8_t *rgb = mem_alloc((size_t)g->width * (size_t)g->height * 3), *bytes = NULL;
	size_t n;

	for (int i = 0; i < g->width * g->height; i++)
		memset(&rgb[3 * i], g->at[i], 3);
	n = WebPEncodeRGB(rgb, g->width, g->height, 3 * g->width, (float)quality, &bytes);
	must(n > 0);
	mem_free(rgb);
	return (struct str){ (char *)bytes, n };
}

struct str picture_edit_file(const struct gray *from, const struct picture_edit *e)
{
	struct gray g;
	struct str file;

	e->make(from, e->by, &g);
	file = e->webp ? as_webp(&g, e->quality) : as_jpeg(&g, e->quality);
	mem_free(g.at);
	return file;
}

void picture_edit_drop(struct str file)
{
	free((void *)(uintptr_t)file.p);
}
