/* A byte: its low half chooses the content-encoding; the high bit says that the
 * rest is packed here, else it is the body as it came. A body that was packed
 * comes back whole, and cut short it is refused. */
#include "crawler/decode.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <zlib.h>

#define CAP ((size_t)4 << 20)

static const char *const codings[16] = {
	"gzip", "deflate", "x-gzip",	     "identity",
	"",	"GZIP",	   "identity, gzip", "gzip , identity",
	"br",	"gzip,",   "deflate,",	     "gzip, gzip",
	",",	"none",	   " gzip ",	     "gzi",
};

static void check_body(struct str wire, struct str coding)
{
	struct reason why = { "" };
	struct str body = { 0 };
	struct buf b;
	enum err err;

	buf_init(&b, CAP);
	buf_add_char(&b, '!');
	err = decode_body(wire, coding, &b, &body, &why);
	if (err) {
		must(err == ERR_BAD || err == ERR_TOO_BIG || err == ERR_UNSUPPORTED);
		must(why.text[0] && b.n == 1 && b.p[1] == '\0');
	} else {
		must(body.p && (b.n == 1 || body.n == b.n - 1));
		must(body.n <= CAP);
		must(body.n <= (1 << 20) || body.n <= wire.n * DECODE_RATIO);
	}
	must(b.p[0] == '!');
	buf_done(&b);
}

static struct str packed(struct str s, int window_bits, int level, struct arena *a)
{
	z_stream z = { .avail_in = (uInt)s.n };
	uLong room = compressBound((uLong)s.n) + 64;
	char *to = arena_alloc(a, room);

	memcpy(&z.next_in, &s.p, sizeof(s.p));
	must(deflateInit2(&z, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)room;
	must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	s = (struct str){ to, room - z.avail_out };
	deflateEnd(&z);
	return s;
}

static void check_packed(struct str s, const char *coding, int window_bits, int level)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct str wire = packed(s, window_bits, level, a), body = { 0 };
	struct reason why;
	struct buf b;

	buf_init(&b, CAP);
	must(!decode_body(wire, str_of(coding), &b, &body, &why));
	must(str_eq(body, s));
	buf_clear(&b);
	must(decode_body(str_sub(wire, 0, wire.n - 1), str_of(coding), &b, &body, &why));
	buf_done(&b);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = fuzz_text(data, size);
	uint8_t how = fuzz_byte(&rest);

	if (how & 0x80) {
		check_packed(rest, "gzip", MAX_WBITS + 16, how & 7);
		check_packed(rest, "deflate", MAX_WBITS, how & 7);
		check_packed(rest, "deflate", -MAX_WBITS, how & 7);
	} else if (how & 0x40) {
		struct str coding = fuzz_line(&rest);

		check_body(rest, coding);
	} else {
		check_body(rest, str_of(codings[how & 15]));
	}
	return 0;
}
