#include "market_image.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"

#include <string.h>
#include <zlib.h>

#define SIDE 64
#define SIDE_MOST 256
#define GROWTH 24 /* an upload is so much wider than the one before */
#define NOISE 7	  /* of a later upload, at most, as much as recompressing makes */

static void put32(unsigned char *to, uint32_t x)
{
	to[0] = (unsigned char)(x >> 24);
	to[1] = (unsigned char)(x >> 16);
	to[2] = (unsigned char)(x >> 8);
	to[3] = (unsigned char)x;
}

static void add_bytes(struct buf *b, const unsigned char *p, size_t n)
{
	char *to = buf_room(b, n);

	must(to);
	memcpy(to, p, n);
	b->n += n;
}

/* Length, type, data, CRC (PNG 1.2, section 3.2). */
static void add_chunk(struct buf *b, const char type[4], const unsigned char *data, size_t n)
{
	unsigned char word[4];
	unsigned long crc = crc32(0, (const Bytef *)type, 4);

	put32(word, (uint32_t)n);
	add_bytes(b, word, 4);
	buf_add(b, (struct str){ type, 4 });
	if (n > 0) {
		add_bytes(b, data, n);
		crc = crc32(crc, data, (uInt)n);
	}
	put32(word, (uint32_t)crc);
	add_bytes(b, word, 4);
}

static size_t line_of(int side)
{
	return 1 + (size_t)side * 3; /* a filter byte, then RGB */
}

/* A field of `cells` by `cells` drawn values, -1 to 1, and what lies between them. */
static double field(uint64_t seed, int cells, double x, double y)
{
	int i = (int)(x * cells), k = (int)(y * cells);
	double fx = x * cells - i, fy = y * cells - k, v[4];

	for (int c = 0; c < 4; c++) {
		uint64_t at = (uint64_t)((k + c / 2) * (cells + 1) + i + c % 2);
		uint64_t drawn = hash64_join(seed + (uint64_t)cells, at);

		v[c] = (double)(drawn >> 40) / (double)(1 << 23) - 1;
	}
	return (v[0] * (1 - fx) + v[1] * fx) * (1 - fy) + (v[2] * (1 - fx) + v[3] * fx) * fy;
}

/* Coarse and fine, as pictures are; brightness only. */
static double shade(uint64_t seed, double x, double y)
{
	double sum = 0;

	for (int cells = 3; cells <= 24; cells *= 2)
		sum += field(seed, cells, x, y) * 3 / cells + field(seed, cells, x, y) * 0.2;
	return 128 + 70 * sum;
}

static void paint(uint64_t seed, int upload, int side, unsigned char *pixels)
{
	for (int y = 0; y < side; y++) {
		unsigned char *p = pixels + (size_t)y * line_of(side);

		*p++ = 0;
		for (int x = 0; x < side; x++) {
			uint64_t n = hash64_join(seed + (uint64_t)upload, (uint64_t)(y * side + x));
			double v = shade(seed, (x + 0.5) / side, (y + 0.5) / side);

			v += upload > 1 ? (double)(n % (2 * NOISE + 1)) - NOISE : 0;
			memset(p, (int)(v < 0 ? 0 : v > 255 ? 255 : v), 3);
			p += 3;
		}
	}
}

void market_image_png(uint64_t seed, int upload, struct buf *to)
{
	static const unsigned char magic[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	int side = SIDE + GROWTH * (upload - 1);
	unsigned char head[13] = { 0 }, *pixels, *packed;
	size_t size;
	uLongf n;

	side = side < SIDE_MOST ? side : SIDE_MOST;
	size = line_of(side) * (size_t)side;
	n = compressBound((uLong)size);
	pixels = mem_alloc(size);
	packed = mem_alloc(n);
	paint(seed, upload, side, pixels);
	must(compress2(packed, &n, pixels, (uLong)size, 6) == Z_OK);
	put32(head, (uint32_t)side);
	put32(head + 4, (uint32_t)side);
	head[8] = 8; /* bits a sample */
	head[9] = 2; /* RGB */
	add_bytes(to, magic, sizeof(magic));
	add_chunk(to, "IHDR", head, sizeof(head));
	add_chunk(to, "IDAT", packed, n);
	add_chunk(to, "IEND", NULL, 0);
	mem_free(packed);
	mem_free(pixels);
}

void market_image_get(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a)
{
	struct str name = q->path, part, upload;
	int64_t n = 1;

	(void)s;
	/* the same picture at every width and on both sides: only the pid counts */
	while (str_find_char(name, '/') >= 0)
		str_next(&name, '/', &part);
	if (str_starts(name, STR("m")))
		name = str_sub(name, 1, name.n);
	a->type = "image/png";
	a->etag = true;
	str_next(&name, name.n && str_find_char(name, '_') >= 0 ? '_' : '.', &part);
	if (str_next(&name, '_', &upload) && (!str_i64(upload, &n) || n < 1 || n > 9))
		n = 1;
	market_image_png(hash64(part, 5), (int)n, &a->body);
}
