#include "serve/bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static const uint8_t *ipv4(uint8_t a, uint8_t b)
{
	static uint8_t at[16] = { [10] = 0xff, [11] = 0xff, [12] = 10 };

	at[14] = a;
	at[15] = b;
	return at;
}

static int taken(struct bucket_set *s, const uint8_t *at, double rate, int64_t now, int tries)
{
	int n = 0;

	for (int i = 0; i < tries; i++)
		n += bucket_take(s, at, rate, now) == 0;
	return n;
}

static void rate_test(void **state)
{
	struct bucket_set *s = bucket_new();
	int64_t now = 5 * SECOND;
	int n = 0;

	(void)state;
	/* A second's worth and one at once, then as many as have come since. */
	assert_int_equal(taken(s, ipv4(0, 1), 100, now, 1000), 101);
	assert_in_range(bucket_take(s, ipv4(0, 1), 100, now), 1, 10001);
	assert_int_equal(taken(s, ipv4(0, 1), 100, now + SECOND / 4, 1000), 25);
	for (int i = 1; i <= 10000; i++)
		n += bucket_take(s, ipv4(0, 1), 100, now + SECOND + i * SECOND / 1000) == 0;
	assert_in_range(n, 1000, 1100);
	/* Another client has its own. */
	assert_int_equal(taken(s, ipv4(0, 2), 100, now, 1000), 101);
	bucket_free(s);
}

static void slow_rate_test(void **state)
{
	struct bucket_set *s = bucket_new();
	const double rate = 1.0 / 60;

	(void)state;
	assert_int_equal(taken(s, ipv4(0, 1), rate, 0, 5), 1);
	assert_in_range(bucket_take(s, ipv4(0, 1), rate, SECOND), 58 * SECOND, 60 * SECOND);
	assert_int_equal(taken(s, ipv4(0, 1), rate, 60 * SECOND, 5), 1);
	bucket_free(s);
}

static void owed_test(void **state)
{
	struct bucket_set *s = bucket_new();

	(void)state;
	assert_int_equal(bucket_take(s, ipv4(0, 1), 100, 0), 0);
	bucket_owe(s, ipv4(0, 1), 100, 999, 0);
	assert_int_not_equal(bucket_take(s, ipv4(0, 1), 100, 8 * SECOND), 0);
	assert_int_equal(taken(s, ipv4(0, 1), 100, 9 * SECOND + SECOND / 10, 100), 11);
	/* However much it is, an hour pays it. */
	bucket_owe(s, ipv4(0, 1), 100, INT64_MAX / 2, 10 * SECOND);
	assert_int_equal(taken(s, ipv4(0, 1), 100, 3611 * SECOND, 1000), 101);
	bucket_free(s);
}

static void addresses_test(void **state)
{
	struct bucket_set *s = bucket_new();
	uint8_t a[16] = { 0x20, 1 }, b[16] = { 0x20, 1 };

	(void)state;
	/* A host of IPv6 has a network of 64 bits to itself. */
	b[15] = 9;
	assert_int_equal(taken(s, a, 10, 0, 20), 11);
	assert_int_equal(taken(s, b, 10, 0, 20), 0);
	b[7] = 1;
	assert_int_equal(taken(s, b, 10, 0, 20), 11);
	/* More clients than there is room for are served, and who has used up its own is
	 * remembered longest. */
	for (int i = 0; i < 20000; i++)
		assert_int_equal(bucket_take(s, ipv4((uint8_t)(i >> 8), (uint8_t)i), 10, 0), 0);
	assert_int_equal(taken(s, a, 10, 0, 20), 0);
	bucket_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rate_test),
		cmocka_unit_test(slow_rate_test),
		cmocka_unit_test(owed_test),
		cmocka_unit_test(addresses_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
