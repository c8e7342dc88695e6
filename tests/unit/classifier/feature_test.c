#include "classifier/feature.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *text;
	unsigned n;
};

/* n-grams of lengths 1 to 3 that are no lone space, words, neighbours, pairs. */
static const struct row rows[] = {
	{ .text = "", .n = 0 },
	{ .text = "a", .n = 1 + 2 + 1 + 1 },
	{ .text = "ab", .n = 2 + 3 + 2 + 1 },
	{ .text = "가나", .n = 2 + 3 + 2 + 1 },
	{ .text = "a b", .n = 2 + 4 + 3 + 2 + 1 + 1 },
	{ .text = "a b c", .n = 3 + 6 + 5 + 3 + 2 + 3 },
	{ .text = "\xf0\x9f\x91\x9f", .n = 1 + 2 + 1 + 1 },
};

static void count_test(void **state)
{
	uint32_t to[FEATURE_MOST];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned n = feature_keys(str_of(rows[i].text), to);

		if (n != rows[i].n)
			fail_msg("'%s' has %u features, not %u", rows[i].text, n, rows[i].n);
	}
}

static unsigned shared(const char *a, const char *b)
{
	uint32_t x[FEATURE_MOST], y[FEATURE_MOST];
	unsigned n = feature_keys(str_of(a), x), m = feature_keys(str_of(b), y);
	unsigned both = 0;

	for (unsigned i = 0; i < n; i++) {
		for (unsigned k = 0; k < m; k++) {
			if (x[i] == y[k]) {
				both++;
				break;
			}
		}
	}
	return both;
}

static void order_test(void **state)
{
	(void)state;
	/* a, b, " a", "a ", " b", "b ", " a ", " b ", two words, one pair. */
	assert_int_equal(shared("a b", "b a"), 11);
	assert_int_equal(shared("a b", "a b"), 13);
	assert_int_equal(shared("가", "나"), 0);
	/* A word is not its letters. */
	assert_int_equal(shared("abcd", "xabcdx"), 4 + 3 + 2);
}

static void bounds_test(void **state)
{
	uint32_t to[FEATURE_MOST + 1];
	size_t most = 1 << 16;

	(void)state;
	for (int round = 0; round < 3; round++) {
		char *text = mem_alloc(most);

		for (size_t i = 0; i < most; i++)
			text[i] = (char)(round == 0   ? 'a' + (char)(i % 26)
					 : round == 1 ? (i % 2 ? ' ' : 'a')
						      : 0xec);
		to[FEATURE_MOST] = 12345;
		assert_true(feature_keys((struct str){ text, most }, to) <= FEATURE_MOST);
		assert_int_equal(to[FEATURE_MOST], 12345);
		mem_free(text);
	}
	/* A character that the text cuts off ends it. */
	for (size_t n = 0; n <= 4; n++) {
		char *text = mem_dup("\xf0\x9f\x91\x9f", n);

		feature_keys((struct str){ text, n }, to);
		mem_free(text);
	}
}

static void field_test(void **state)
{
	(void)state;
	assert_int_equal(feature_field(STR("brand"), STR("a")),
			 feature_field(STR("brand"), STR("a")));
	assert_int_not_equal(feature_field(STR("brand"), STR("a")),
			     feature_field(STR("brand"), STR("b")));
	assert_int_not_equal(feature_field(STR("brand"), STR("a")),
			     feature_field(STR("source"), STR("a")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(count_test),
		cmocka_unit_test(order_test),
		cmocka_unit_test(bounds_test),
		cmocka_unit_test(field_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
