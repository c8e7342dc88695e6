#include "market_image.h"

#include "base/hash.h"
#include "base/must.h"

#include <string.h>
#include <zlib.h>

#define SIDE 64
#define CELL 16
#define LINE (1 + SIDE * 3) /* a filter byte, then RGB */

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

/* Sixteen fields, each of a colour of its own. */
static void paint(uint64_t seed, unsigned char pixels[SIDE * LINE])
{
	int x, y;

	for (y = 0; y < SIDE; y++) {
		pixels[(size_t)y * LINE] = 0;
		for (x = 0; x < SIDE; x++) {
			int cell = y / CELL * 4 + x / CELL;
			uint64_t c = hash64_join(seed, (uint64_t)cell);
			unsigned char *p = pixels + (size_t)y * LINE + 1 + (size_t)x * 3;

			p[0] = (unsigned char)c;
			p[1] = (unsigned char)(c >> 8);
			p[2] = (unsigned char)(c >> 16);
		}
	}
}

void market_image_png(uint64_t seed, struct buf *to)
{
	static const unsigned char magic[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	unsigned char head[13] = { 0 }, pixels[SIDE * LINE], packed[SIDE * LINE + 1024];
	uLongf n = sizeof(packed);

	paint(seed, pixels);
	must(compress2(packed, &n, pixels, sizeof(pixels), 6) == Z_OK);
	put32(head, SIDE);
	put32(head + 4, SIDE);
	head[8] = 8; /* bits a sample */
	head[9] = 2; /* RGB */
	add_bytes(to, magic, sizeof(magic));
	add_chunk(to, "IHDR", head, sizeof(head));
	add_chunk(to, "IDAT", packed, n);
	add_chunk(to, "IEND", NULL, 0);
}

void market_image_get(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a)
{
	struct str name = q->path, part;

	(void)s;
	/* the same picture at every width and on both sides: only the pid counts */
	while (str_find_char(name, '/') >= 0)
		str_next(&name, '/', &part);
	if (str_starts(name, STR("m")))
		name = str_sub(name, 1, name.n);
	a->type = "image/png";
	a->etag = true;
	str_next(&name, name.n && str_find_char(name, '_') >= 0 ? '_' : '.', &part);
	market_image_png(hash64(part, 5), &a->body);
}
