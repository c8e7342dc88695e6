#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LONG "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

/* FIPS 180-2 appendix B; base32 by coreutils. */
static const struct {
	const char *text, *hex, *base32;
} vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	  "sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ====" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	  "sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====" },
	{ LONG, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	  "sha256:ESGWUYOSAY4LRZOAE2JQYPTAHGRTZZCZMT7SCZ7W5TW5IGO3A3AQ====" },
};

static void sha256_is_sha256(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct str s = str_of(vectors[i].text);
		struct hash_stream *h = hash_stream_new();
		char hex[HASH_SHA256_HEX], base32[64];

		hash_sha256_hex(s, hex);
		assert_string_equal(hex, vectors[i].hex);
		hash_sha256_base32(s, base32);
		assert_string_equal(base32, vectors[i].base32);
		for (size_t k = 0; k < s.n; k += 5)
			hash_stream_add(h, str_sub(s, k, 5));
		hash_stream_end(h, hex);
		assert_string_equal(hex, vectors[i].hex);
	}
}

/* Stored families, keys and splits hang on these: they may never change. */
static void hash64_never_changes(void **state)
{
	(void)state;
	assert_true(hash64(STR(""), 0) == UINT64_C(0x2d06800538d394c2));
	assert_true(hash64(STR("나이키 자켓"), 1) == hash64(STR("나이키 자켓"), 1));
	assert_true(hash64(STR("나이키 자켓"), 1) != hash64(STR("나이키 자켓"), 2));
	assert_true(hash64(STR("a"), 0) != hash64(STR("b"), 0));
	assert_true(hash64((struct str){ 0 }, 7) == hash64(STR(""), 7));
	assert_true(hash64_join(1, 2) != hash64_join(2, 1));
}

static void hex_is_lower_case(void **state)
{
	const unsigned char bytes[] = { 0x00, 0x0f, 0xa0, 0xff };
	char to[9];

	(void)state;
	hash_hex(bytes, sizeof(bytes), to);
	assert_string_equal(to, "000fa0ff");
	hash_hex(bytes, 0, to);
	assert_string_equal(to, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_is_sha256),
		cmocka_unit_test(hash64_never_changes),
		cmocka_unit_test(hex_is_lower_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
