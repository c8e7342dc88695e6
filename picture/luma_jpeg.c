#include "base/mem.h"
#include "picture/luma_rows.h"

#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

/* Of a progressive picture: each is a walk over all of it, and a scan may have few bytes. */
#define SCANS_MOST 64

struct jpeg {
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf out;
	struct reason *why;
	enum err err;
	struct luma_rows rows;
	uint8_t *line, *gray;
};

static void give_up(struct jpeg *j, enum err err, const char *what)
{
	j->err = reason_set(j->why, err, "JPEG: %s", what);
	longjmp(j->out, 1);
}

static void on_error(j_common_ptr c)
{
	struct jpeg *j = c->client_data;
	char text[JMSG_LENGTH_MAX];
	int code = c->err->msg_code;

	c->err->format_message(c, text);
	give_up(j,
		code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE ? ERR_TOO_BIG : ERR_BAD,
		text);
}

/* What is missing at the end would be gray, and that is no picture of anything. */
static void on_message(j_common_ptr c, int level)
{
	if (level < 0 && c->err->msg_code == JWRN_JPEG_EOF)
		give_up(c->client_data, ERR_BAD, "it is cut off");
}

static void on_progress(j_common_ptr c)
{
	struct jpeg *j = c->client_data;

	if (j->d.input_scan_number > SCANS_MOST)
		give_up(j, ERR_TOO_BIG, "too many scans");
}

/* The smallest scale that leaves as much as is kept. */
static void scale(struct jpeg_decompress_struct *d)
{
	d->scale_num = 1;
	for (d->scale_denom = 8; d->scale_denom > 1; d->scale_denom /= 2)
		if (d->image_width / d->scale_denom >= LUMA_SIDE / 2 &&
		    d->image_height / d->scale_denom >= LUMA_SIDE / 2)
			break;
}

/* As Adobe writes it: what is not there. */
static void gray_of_cmyk(const uint8_t *line, uint8_t *to, unsigned n)
{
	for (unsigned x = 0; x < n; x++, line += 4) {
		unsigned cmy = 77u * line[0] + 150u * line[1] + 29u * line[2];

		to[x] = (uint8_t)(cmy * line[3] / (255 * 256));
	}
}

static void decode(struct jpeg *j, struct luma *ret)
{
	struct jpeg_decompress_struct *d = &j->d;
	bool ink;

	jpeg_read_header(d, TRUE);
	j->err = luma_rows_fit(d->image_width, d->image_height, j->why);
	if (j->err)
		return;
	ink = d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK;
	d->out_color_space = ink ? JCS_CMYK : JCS_GRAYSCALE;
	d->dct_method = JDCT_ISLOW;
	scale(d);
	jpeg_start_decompress(d);
	j->line = mem_zero((size_t)d->output_width * (size_t)d->output_components);
	j->gray = mem_zero(d->output_width);
	j->err = luma_rows_start(&j->rows, ret, d->output_width, d->output_height, j->why);
	while (!j->err && d->output_scanline < d->output_height) {
		JSAMPROW row = j->line;

		jpeg_read_scanlines(d, &row, 1);
		if (ink)
			gray_of_cmyk(j->line, j->gray, d->output_width);
		luma_rows_add(&j->rows, ink ? j->gray : j->line);
	}
}

enum err luma_jpeg_read(struct str bytes, struct luma *ret, struct reason *why)
{
	struct jpeg *j = mem_zero(sizeof(*j));
	enum err err;

	j->why = why;
	j->d.err = jpeg_std_error(&j->errors);
	j->errors.error_exit = on_error;
	j->errors.emit_message = on_message;
	j->d.client_data = j;
	if (setjmp(j->out) == 0) {
		jpeg_create_decompress(&j->d);
		j->d.mem->max_memory_to_use = LUMA_MEMORY_MOST;
		j->progress.progress_monitor = on_progress;
		j->d.progress = &j->progress;
		jpeg_mem_src(&j->d, (const unsigned char *)bytes.p, bytes.n);
		decode(j, ret);
	}
	err = j->err;
	jpeg_destroy_decompress(&j->d);
	mem_free(j->line);
	mem_free(j->gray);
	mem_free(j);
	return err;
}
