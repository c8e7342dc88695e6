/* Content-encodings: whole, cut, corrupt, and bombs. */
#include "crawler/decode.h"

#include "base/mem.h"

#include <brotli/encode.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

/* How a test's bytes are packed. */
enum pack { PLAIN, GZIP, ZLIB, RAW, BR, ZSTD, PACKS };
static const char *const coding_names[PACKS] = { "identity", "gzip", "deflate",
						 "deflate",  "br",   "zstd" };

static size_t deflated(char *to, size_t room, struct str s, int bits)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (z_const Bytef *)(uintptr_t)s.p;
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static size_t brotlied(char *to, size_t room, struct str s)
{
	assert_true(BrotliEncoderCompress(5, 22, BROTLI_MODE_GENERIC, s.n, (const uint8_t *)s.p,
					  &room, (uint8_t *)to));
	return room;
}

static void pack(struct buf *to, struct str s, enum pack how)
{
	static const int bits[PACKS] = {
		[GZIP] = MAX_WBITS + 16, [ZLIB] = MAX_WBITS, [RAW] = -MAX_WBITS
	};
	size_t room = s.n + s.n / 100 + 1024;
	char *p = buf_room(to, room);

	assert_non_null(p);
	if (how == BR)
		to->n += brotlied(p, room, s);
	else if (how == ZSTD)
		to->n += ZSTD_compress(p, room, s.p, s.n, 3);
	else
		to->n += deflated(p, room, s, bits[how]);
}

static void decodes(void **state)
{
	static const struct {
		const char *encoding;
		enum pack bits;
		enum err err;
	} rows[] = {
		{ "", PLAIN, ERR_OK },
		{ "identity", PLAIN, ERR_OK },
		{ "Identity", PLAIN, ERR_OK },
		{ "gzip", GZIP, ERR_OK },
		{ "GZIP", GZIP, ERR_OK },
		{ " x-gzip ", GZIP, ERR_OK },
		{ "identity, gzip", GZIP, ERR_OK },
		{ "deflate", ZLIB, ERR_OK },
		{ "deflate", RAW, ERR_OK },
		{ "gzip", PLAIN, ERR_BAD },
		{ "gzip", ZLIB, ERR_BAD },
		{ "deflate", PLAIN, ERR_BAD },
		{ "br", BR, ERR_OK },
		{ "identity, BR ,", BR, ERR_OK },
		{ "zstd", ZSTD, ERR_OK },
		{ "br", PLAIN, ERR_BAD },
		{ "br", ZSTD, ERR_BAD },
		{ "zstd", PLAIN, ERR_BAD },
		{ "zstd", GZIP, ERR_BAD },
		{ "gzip, gzip", GZIP, ERR_BAD },
		{ "gzip, br", BR, ERR_BAD },
		{ "compress", PLAIN, ERR_UNSUPPORTED },
		{ "gzip, sdch", GZIP, ERR_UNSUPPORTED },
		{ "gzip,gzip,gzip,gzip,gzip", GZIP, ERR_UNSUPPORTED },
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
		if (rows[i].bits != PLAIN)
			pack(&wire, text, rows[i].bits);
		else
			buf_add(&wire, text);
		why.text[0] = 0;
		err = decode_body(buf_str(&wire), str_of(rows[i].encoding), DECODE_RATIO, &to,
				  &body, &why);
		if (err != rows[i].err)
			fail_msg("%s: %s %s", rows[i].encoding, err_name(err), why.text);
		if (!err) {
			assert_true(str_eq(body, text));
			assert_int_equal(to.n, rows[i].bits != PLAIN ? 6 + text.n : 6);
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
	assert_int_equal(decode_body(STR("x"), (struct str){ 0 }, DECODE_RATIO, &to, &body, NULL),
			 ERR_OK);
	assert_true(str_is(body, "x"));
	/* as answers to 304 and HEAD are */
	assert_int_equal(decode_body(STR(""), STR("gzip"), DECODE_RATIO, &to, &body, NULL), ERR_OK);
	assert_int_equal(body.n, 0);
	assert_int_equal(
		decode_body((struct str){ 0 }, STR("gzip"), DECODE_RATIO, &to, &body, NULL),
		ERR_OK);
	assert_non_null(body.p);
}

static void cut_anywhere(void **state)
{
	struct buf wire, to;
	struct str body;
	char text[400];

	(void)state;
	srand(7);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + rand() % 20);
	for (enum pack k = GZIP; k < PACKS; k++) {
		buf_init(&wire, 1 << 20);
		buf_init(&to, 1 << 20);
		pack(&wire, (struct str){ text, sizeof(text) }, k);
		for (size_t n = 1; n < wire.n; n++) {
			assert_int_equal(decode_body((struct str){ wire.p, n },
						     str_of(coding_names[k]), DECODE_RATIO, &to,
						     &body, NULL),
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
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), DECODE_RATIO, &to, &body, NULL),
			 ERR_BAD);
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
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), DECODE_RATIO, &to, &body, NULL),
			 ERR_OK);
	assert_true(str_is(body, "one two "));
	/* padding is none of it */
	buf_clear(&to);
	buf_add(&wire, (struct str){ "\0\0\0\0", 4 });
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), DECODE_RATIO, &to, &body, NULL),
			 ERR_OK);
	assert_true(str_is(body, "one two "));
	/* a member that is cut is */
	buf_clear(&to);
	assert_int_equal(decode_body((struct str){ wire.p, two - 3 }, STR("gzip"), DECODE_RATIO,
				     &to, &body, NULL),
			 ERR_BAD);
	buf_done(&wire);
	buf_done(&to);
}

static void bomb(enum pack how, size_t bytes, size_t cap, enum err expected)
{
	char *zeros = mem_zero(bytes);
	struct buf wire, to;
	struct reason why;
	struct str body;
	enum err err;

	buf_init(&wire, bytes * 2);
	buf_init(&to, cap);
	pack(&wire, (struct str){ zeros, bytes }, how);
	err = decode_body(buf_str(&wire), str_of(coding_names[how]), DECODE_RATIO, &to, &body,
			  &why);
	if (err != expected)
		fail_msg("%s of %zu: %s", coding_names[how], bytes, why.text);
	assert_int_equal(to.n, expected ? 0 : bytes);
	/* stopped while it went */
	assert_true(to.room <= cap + 1 && to.room <= 2 * DECODE_FREE + 64);
	buf_done(&wire);
	buf_done(&to);
	mem_free(zeros);
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

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (enum pack k = GZIP; k < PACKS; k++)
			bomb(k, rows[i].bytes, rows[i].cap, rows[i].err);
}

/* As servers that compress twice do, and as bombs are hidden. */
static void chains(void **state)
{
	static const struct {
		const char *encoding;
		enum pack first, second;
	} rows[] = {
		{ "gzip, br", GZIP, BR },
		{ "br, gzip", BR, GZIP },
		{ "gzip,gzip", GZIP, GZIP },
		{ "zstd, identity, deflate", ZSTD, RAW },
	};
	size_t n = (size_t)8 << 20;
	char *zeros = mem_zero(n);
	struct buf once, twice, to;
	struct reason why;
	struct str body;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_init(&once, 2 * n);
		buf_init(&twice, 2 * n);
		buf_init(&to, 4 * n);
		buf_add_text(&to, "before");
		pack(&once, STR("a text, a text, a text"), rows[i].first);
		pack(&twice, buf_str(&once), rows[i].second);
		assert_int_equal(decode_body(buf_str(&twice), str_of(rows[i].encoding),
					     DECODE_RATIO, &to, &body, &why),
				 ERR_OK);
		assert_true(str_is(body, "a text, a text, a text"));
		buf_cut(&to, 6);
		buf_clear(&once);
		buf_clear(&twice);
		pack(&once, (struct str){ zeros, n }, rows[i].first);
		pack(&twice, buf_str(&once), rows[i].second);
		assert_int_equal(decode_body(buf_str(&twice), str_of(rows[i].encoding),
					     DECODE_RATIO, &to, &body, &why),
				 ERR_TOO_BIG);
		assert_string_equal(why.text, "body expands more than 200 times");
		assert_string_equal(buf_str(&to).p, "before");
		assert_true(to.room < 2 * DECODE_FREE + 64);
		buf_done(&once);
		buf_done(&twice);
		buf_done(&to);
	}
	mem_free(zeros);
}

static void other_ratio(void **state)
{
	size_t n = (size_t)8 << 20;
	char *zeros = mem_zero(n);
	struct buf wire, to;
	struct reason why;
	struct str body;

	(void)state;
	buf_init(&wire, 2 * n);
	buf_init(&to, n);
	pack(&wire, (struct str){ zeros, n }, GZIP);
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), 100, &to, &body, &why),
			 ERR_TOO_BIG);
	assert_string_equal(why.text, "body expands more than 100 times");
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), 2000, &to, &body, &why), ERR_OK);
	assert_int_equal(body.n, n);
	buf_done(&wire);
	buf_done(&to);
	mem_free(zeros);
}

/* zstd says in its head how much window it wants: not more than 8 MiB. */
static void large_window(void **state)
{
	static const char wants_1_gib[] = "\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00";
	struct reason why;
	struct str body;
	struct buf to;

	(void)state;
	buf_init(&to, 4096);
	assert_int_equal(decode_body((struct str){ wants_1_gib, sizeof(wants_1_gib) - 1 },
				     STR("zstd"), DECODE_RATIO, &to, &body, &why),
			 ERR_BAD);
	assert_non_null(strstr(why.text, "memory"));
	buf_done(&to);
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
	assert_int_equal(decode_body(buf_str(&wire), STR("gzip"), DECODE_RATIO, &to, &body, NULL),
			 ERR_OK);
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
		cmocka_unit_test(large_page),	cmocka_unit_test(chains),
		cmocka_unit_test(other_ratio),	cmocka_unit_test(large_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
