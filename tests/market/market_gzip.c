#include "market_gzip.h"

#include "base/mem.h"
#include "base/must.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

#define MIB ((size_t)1 << 20)
#define WINDOW_GZIP (MAX_WBITS + 16)

/* zlib reads through a pointer to non-const bytes but leaves them alone. */
static Bytef *input(const char *p)
{
	Bytef *q;

	memcpy(&q, &p, sizeof(q));
	return q;
}

static void pack(struct str s, int level, int window, int flush, struct buf *to)
{
	z_stream z = { 0 };
	char *room;
	uLong bound;
	int code;

	must(s.n < UINT_MAX && deflateInit2(&z, level, Z_DEFLATED, window, 8, 0) == Z_OK);
	bound = deflateBound(&z, s.n) + 64;
	room = buf_room(to, bound);
	must(room);
	z.next_in = input(s.p);
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)room;
	z.avail_out = (uInt)bound;
	code = deflate(&z, flush);
	must(z.avail_in == 0 && (flush == Z_FINISH ? code == Z_STREAM_END : code == Z_OK));
	to->n += bound - z.avail_out;
	deflateEnd(&z);
}

void market_gzip_pack(struct str s, struct buf *to)
{
	pack(s, 1, WINDOW_GZIP, Z_FINISH, to);
}

static void add_le32(struct buf *to, uint32_t x)
{
	char word[4];
	int i;

	for (i = 0; i < 4; i++)
		word[i] = (char)(x >> 8 * i);
	buf_add(to, (struct str){ word, 4 });
}

/* After a full flush deflate stands on a byte and has forgotten what it saw,
 * so one packed MiB may be written any number of times. */
void market_gzip_bomb(int64_t mb, struct buf *to)
{
	static const char head[10] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	static const char last_block[2] = { 3, 0 };
	char *spaces = mem_alloc(MIB);
	struct buf block;
	unsigned long each, crc = 0;
	int64_t i;

	memset(spaces, ' ', MIB);
	each = crc32(0, (const Bytef *)spaces, (uInt)MIB);
	buf_init(&block, 2 * MIB);
	pack((struct str){ spaces, MIB }, 9, -MAX_WBITS, Z_FULL_FLUSH, &block);
	buf_add(to, (struct str){ head, sizeof(head) });
	for (i = 0; i < mb; i++) {
		buf_add(to, buf_str(&block));
		crc = crc32_combine(crc, each, (z_off_t)MIB);
	}
	buf_add(to, (struct str){ last_block, sizeof(last_block) });
	add_le32(to, (uint32_t)crc);
	add_le32(to, (uint32_t)((uint64_t)mb * MIB));
	buf_done(&block);
	mem_free(spaces);
}
