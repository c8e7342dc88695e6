#include "classifier/vocab.h"

#include "base/mem.h"
#include "base/rng.h"
#include "classifier/slots.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void chosen_test(void **state)
{
	/* Key k occurs k times. */
	struct vocab *v = vocab_new();

	(void)state;
	for (uint32_t k = 1; k < 50; k++)
		for (uint32_t i = 0; i < k; i++)
			vocab_count(v, &k, 1);
	vocab_choose(v, 3, 40);
	assert_int_equal(vocab_size(v), 40);
	for (uint32_t k = 1; k < 60; k++)
		assert_int_equal(vocab_id(v, k), k >= 10 && k < 50 ? 49 - k : VOCAB_NONE);
	for (uint32_t i = 0; i < 40; i++)
		assert_true(vocab_keys(v)[i] == 49 - i && vocab_counts(v)[i] == 49 - i);
	vocab_free(v);
	v = vocab_new();
	vocab_count(v, (const uint32_t[]){ 7, 5, 7, 9, 5 }, 5);
	vocab_choose(v, 2, 40);
	assert_int_equal(vocab_size(v), 2);
	/* Of equals the smaller key first. */
	assert_int_equal(vocab_id(v, 5), 0);
	assert_int_equal(vocab_id(v, 7), 1);
	assert_int_equal(vocab_id(v, 9), VOCAB_NONE);
	vocab_forget(v);
	assert_true(vocab_size(v) == 2 && vocab_keys(v)[0] == 5 && vocab_counts(v)[1] == 2);
	vocab_free(v);
	vocab_free(NULL);
}

/* More kinds than are counted at once: what is common is kept. */
static void bounded_test(void **state)
{
	struct vocab *v = vocab_new();
	struct rng r = { 3 };

	(void)state;
	for (uint32_t i = 0; i < VOCAB_SEEN + 200000; i++) {
		uint32_t keys[2] = { (uint32_t)rng_next(&r), i % 1000 + 2 };

		vocab_count(v, keys, 2);
	}
	vocab_choose(v, 2, 1000);
	assert_int_equal(vocab_size(v), 1000);
	for (uint32_t k = 2; k < 1002; k++)
		assert_true(vocab_id(v, k) < 1000);
	vocab_free(v);
}

static void slots_test(void **state)
{
	static const unsigned bits[] = { SLOTS_BITS_LEAST, 12, 16, 18 };
	struct rng r = { 1 };

	(void)state;
	for (size_t t = 0; t < sizeof(bits) / sizeof(bits[0]); t++) {
		uint32_t n = slots_most(bits[t]), lost = 0, wrong = 0, tries = 100000;
		uint32_t *keys = mem_array(n, sizeof(*keys));
		uint8_t *levels = mem_array(n, sizeof(*levels));
		struct slots_bucket *buckets = mem_lines(slots_buckets(bits[t]) * sizeof(*buckets));

		for (uint32_t i = 0; i < n; i++) {
			keys[i] = (uint32_t)rng_next(&r);
			levels[i] = (uint8_t)(i % 251 ? 1 + i % 255 : 0);
		}
		slots_build(keys, levels, n, bits[t], buckets);
		for (uint32_t i = 0; i < n; i++) {
			uint32_t entry = slots_find(buckets, bits[t], keys[i]);

			if (entry == slots_entry(i, levels[i]))
				assert_true(levels[i]);
			else
				lost += levels[i] != 0;
		}
		/* Tags that were taken already, mostly. */
		assert_true(lost <= 2 + n / 2000);
		for (uint32_t i = 0; i < tries; i++)
			wrong += slots_find(buckets, bits[t], (uint32_t)rng_next(&r)) != SLOTS_NONE;
		/* 8 to 15 of 65,535 tags stand where each is looked for. */
		assert_true(wrong < tries / 1500);
		mem_free(keys);
		mem_free(levels);
		mem_free(buckets);
	}
}

/* One bucket and its other one are filled to the brim: nothing there is lost,
 * and what never went in is not found. */
static void crowded_test(void **state)
{
	enum { BITS = 12, KEYS = 2 * SLOTS_BUCKET };
	struct slots_bucket *buckets = mem_lines(slots_buckets(BITS) * sizeof(*buckets));
	uint32_t keys[KEYS];
	uint8_t levels[KEYS];

	(void)state;
	/* All have the same first bucket; tags differ, so the others do. */
	for (uint32_t i = 0; i < KEYS; i++) {
		keys[i] = 0x5a000000u | (i + 1);
		levels[i] = 7;
	}
	slots_build(keys, levels, KEYS, BITS, buckets);
	for (uint32_t i = 0; i < KEYS; i++)
		assert_int_equal(slots_find(buckets, BITS, keys[i]), slots_entry(i, 7));
	for (uint32_t tag = KEYS + 1; tag < 0x10000; tag++)
		assert_int_equal(slots_find(buckets, BITS, 0x5a000000u | tag), SLOTS_NONE);
	slots_build(keys, levels, SLOTS_BUCKET, BITS, buckets);
	assert_false(buckets[slots_first(keys[0], BITS)].entry[0] & SLOTS_ELSEWHERE);
	mem_free(buckets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chosen_test),
		cmocka_unit_test(bounded_test),
		cmocka_unit_test(slots_test),
		cmocka_unit_test(crowded_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
