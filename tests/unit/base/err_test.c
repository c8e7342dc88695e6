#include "base/clock.h"
#include "base/err.h"
#include "base/rng.h"
#include "base/utf8.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void errors_have_names_and_texts(void **state)
{
	(void)state;
	for (int i = 0; i < ERR_N; i++) {
		assert_non_null(err_text((enum err)i));
		assert_non_null(err_name((enum err)i));
		assert_null(strchr(err_name((enum err)i), ' '));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(err_name((enum err)i), err_name((enum err)k));
	}
	assert_string_equal(err_name(ERR_TOO_BIG), "too-big");
}

static void errno_is_told_apart(void **state)
{
	(void)state;
	assert_int_equal(err_errno(0), ERR_OK);
	assert_int_equal(err_errno(ENOSPC), ERR_FULL);
	assert_int_equal(err_errno(EDQUOT), ERR_FULL);
	assert_int_equal(err_errno(ENOENT), ERR_NOT_FOUND);
	assert_int_equal(err_errno(EACCES), ERR_DENIED);
	assert_int_equal(err_errno(EIO), ERR_IO);
}

static void reasons_are_cut_between_characters(void **state)
{
	struct reason why;
	char text[400];

	(void)state;
	assert_int_equal(reason_set(&why, ERR_BAD, "line %d", 7), ERR_BAD);
	assert_string_equal(why.text, "line 7");
	assert_int_equal(reason_set(NULL, ERR_IO, "x"), ERR_IO);
	for (size_t lead = 0; lead < 4; lead++) {
		memset(text, 'a', lead);
		for (size_t i = 0; i < 120; i++)
			memcpy(text + lead + 3 * i, "가", 3);
		text[lead + 360] = 0;
		reason_set(&why, ERR_BAD, "%s", text);
		assert_true(utf8_valid(str_of(why.text)));
		assert_true(strlen(why.text) >= sizeof(why.text) - 8);
		assert_memory_equal(why.text, text, strlen(why.text));
	}
}

static const struct {
	int64_t ms;
	const char *text;
} isos[] = {
	{ 0, "1970-01-01T00:00:00Z" },	{ 1740787200999, "2025-03-01T00:00:00Z" },
	{ -1, "1969-12-31T23:59:59Z" }, { -1000, "1969-12-31T23:59:59Z" },
	{ INT64_MAX, "out of range" },
};
static const struct {
	int64_t ms;
	const char *text;
} spans[] = {
	{ 0, "0 ms" },	      { 850, "850 ms" },      { 1000, "1 s" },	      { 59999, "59 s" },
	{ 720000, "12 min" }, { 3660000, "1h 1min" }, { 273600000, "3d 4h" },
};

static void times_are_shown(void **state)
{
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(isos) / sizeof(isos[0]); i++) {
		clock_iso(isos[i].ms, text);
		assert_string_equal(text, isos[i].text);
	}
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		clock_span(spans[i].ms, text);
		assert_string_equal(text, spans[i].text);
	}
}

/* The first numbers of SplitMix64 from seed 1234567, as its authors' code gives
 * them: seeds in manifests mean the same everywhere. */
static void random_numbers_are_the_same_everywhere(void **state)
{
	struct rng r = { .state = 1234567 };
	int64_t sum = 0;

	(void)state;
	assert_true(rng_next(&r) == UINT64_C(6457827717110365317));
	assert_true(rng_next(&r) == UINT64_C(3203168211198807973));
	for (int i = 0; i < 10000; i++) {
		double x = rng_unit(&r);

		assert_true(x >= 0 && x < 1);
		sum += (int64_t)rng_below(&r, 7);
	}
	assert_in_range(sum, 29000, 31000);
	assert_int_equal(rng_below(&r, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_have_names_and_texts),
		cmocka_unit_test(errno_is_told_apart),
		cmocka_unit_test(reasons_are_cut_between_characters),
		cmocka_unit_test(times_are_shown),
		cmocka_unit_test(random_numbers_are_the_same_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
