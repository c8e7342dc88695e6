/* Content-encodings: whole, cut, corrupt, and bombs. */
#include "crawler/decode.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { RAW = -MAX_WBITS, ZLIB = MAX_WBITS, GZIP = MAX_WBITS + 16 };

static void pack(struct buf *to, struct str s, int bits)
{
	z_stream z = { 0 };
	size_t room = s.n + s.n / 100 + 1024;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (z_const Bytef *)(uintptr_t)s.p;
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)buf_room(to, room);
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	to->n += room - z.avail_out;
	deflateEnd(&z);
}

static void decodes(void **state)
{
	static const struct {
		const char *encoding;
		int bits; /* 0: as it is */
		enum err err;
	} rows[] = {
		{ "", 0, ERR_OK },
		{ "identity", 0, ERR_OK },
		{ "Identity", 0, ERR_OK },
		{ "gzip", GZIP, ERR_OK },
		{ "GZIP", GZIP, ERR_OK },
		{ " x-gzip ", GZIP, ERR_OK },
		{ "identity, gzip", GZIP, ERR_OK },
		{ "deflate", ZLIB, ERR_OK },
		{ "deflate", RAW, ERR_OK },
		{ "gzip", 0, ERR_BAD },
		{ "gzip", ZLIB, ERR_BAD },
		{ "deflate", 0, ERR_BAD },
		{ "br", 0, ERR_UNSUPPORTED },
		{ "zstd", 0, ERR_UNSUPPORTED },
		{ "gzip, gzip", GZIP, ERR_UNSUPPORTED },
		{ "gzip;q=1", GZIP, ERR_UNSUPPORTED },
	};
	struct str text = STR("<html>중고 아이패드 프로 11인치 256GB</html>"), body;
	struct reason why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf wire, to;
		enum err err;

		buf_init(&wire, 1 << 20);
		buf_init(&to, 1 << 20);
		buf_add_text(&to, "before");
		if (rows[i].bits)
			pack(&wire, text, rows[i].bits);
		else
			buf_add(&wire, text);
		why.text[0] = 0;
		err = decode_body(buf_str(&wire), str_of(rows[i].encoding), &to, &body, &why);
		if (err != rows[i].err)
			fail_msg("%s: %s %s", rows[i].encoding, err_name(err), why.text);
		if (!err) {
			assert_true(str_eq(body, text));
			assert_int_equal(to.n, rows[i].bits ? 6 + text.n : 6);
		} else {
			assert_true(why.text[0] != 0);
			assert_string_equal(buf_str(&to).p, "before");
		}
		buf_done(&wire);
		buf_done(&to);
	}
}

static void absent_encoding(void **state)
{
	struct buf to;
	struct str body;

	(void)state;
	buf_init(&to, 64);
	assert_int_equal(decode_body(STR("x"), (struct str){ 0 }, &to, &body, NULL), ERR_OK);
	assert_true(str_is(body, "x"));
	/* as answers to 304 and HEAD are */
	assert_int_equal(decode_body(STR(""), STR("gzip"), &to, &body, NULL), ERR_OK);
	assert_int_equal(body.n, 0);
	assert_int_equal(decode_body((struct str){ 0 }, STR("gzip"), &to, &body, NULL), ERR_OK);
	assert_non_null(body.p);
}

static void cut_anywhere(void **state)
{
	static const int bits[] = { GZIP, ZLIB, RAW };
	struct buf wire, to;
	struct str body;
	char text[400];

	(void)state;
	srand(7);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + rand() % 20);
	for (int k = 0; k < 3; k++) {
		buf_init(&wire, 1 << 20);
		buf_init(&to, 1 << 20);
		pack(&wire, (struct str){ text, sizeof(text) }, bits[k]);
		for (size_t n = 1; n < wire.n; n++) {
			assert_int_equal(decode_body((struct str){ wire.p, n },
						     bits[k] == GZIP ? STR("gzip") : STR("deflate"),
						     &to, &body, NULL),
					 ERR_BAD);
			assert_int_equal(to.n, 0);
		}
		buf_done(&wire);
		buf_done(&to);
	}
}

static void corrupt_checksum(void **state)
{
	struct buf wire, to;
	struct str body;

	(void)state;
	buf_init(&wire, 4096);
	buf_init(&to, 4096);
	pack(&wire, STR("hello hello hello"), GZIP);
	wire.p[wire.n - 6] ^= 1;
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), &to, &body, NULL), ERR_BAD);
	buf_done(&wire);
	buf_done(&to);
}

static void members(void **state)
{
	struct buf wire, to;
	struct str body;
	size_t two;

	(void)state;
	buf_init(&wire, 4096);
	buf_init(&to, 4096);
	pack(&wire, STR("one "), GZIP);
	pack(&wire, STR("two "), GZIP);
	two = wire.n;
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), &to, &body, NULL), ERR_OK);
	assert_true(str_is(body, "one two "));
	/* padding is none of it */
	buf_clear(&to);
	buf_add(&wire, (struct str){ "\0\0\0\0", 4 });
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), &to, &body, NULL), ERR_OK);
	assert_true(str_is(body, "one two "));
	/* a member that is cut is */
	buf_clear(&to);
	assert_int_equal(
		decode_body((struct str){ wire.p, two - 3 }, STR("gzip"), &to, &body, NULL),
		ERR_BAD);
	buf_done(&wire);
	buf_done(&to);
}

static void bombs(void **state)
{
	static const struct {
		size_t bytes, cap;
		enum err err;
	} rows[] = {
		{ (size_t)1 << 20, (size_t)64 << 20, ERR_OK }, /* the first MiB is free */
		{ (size_t)8 << 20, (size_t)64 << 20, ERR_TOO_BIG },
		{ (size_t)1 << 19, (size_t)1 << 18, ERR_TOO_BIG },
	};
	struct reason why;
	struct str body;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *zeros = mem_zero(rows[i].bytes);
		struct buf wire, to;

		buf_init(&wire, rows[i].bytes * 2);
		buf_init(&to, rows[i].cap);
		pack(&wire, (struct str){ zeros, rows[i].bytes }, GZIP);
		assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), &to, &body, &why),
				 rows[i].err);
		assert_int_equal(to.n, rows[i].err ? 0 : rows[i].bytes);
		assert_true(to.room <= rows[i].cap + 1);
		buf_done(&wire);
		buf_done(&to);
		mem_free(zeros);
	}
}

/* A large page that compresses well is none. */
static void large_page(void **state)
{
	size_t n = (size_t)6 << 20;
	char *text = mem_alloc(n);
	struct buf wire, to;
	struct str body;

	(void)state;
	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + (i * i / 7 + i / 1000) % 23);
	buf_init(&wire, 2 * n);
	buf_init(&to, n);
	pack(&wire, (struct str){ text, n }, GZIP);
	assert_true(n / wire.n < DECODE_RATIO);
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), &to, &body, NULL), ERR_OK);
	assert_true(str_eq(body, (struct str){ text, n }));
	buf_done(&wire);
	buf_done(&to);
	mem_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),	cmocka_unit_test(absent_encoding),
		cmocka_unit_test(cut_anywhere), cmocka_unit_test(corrupt_checksum),
		cmocka_unit_test(members),	cmocka_unit_test(bombs),
		cmocka_unit_test(large_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
