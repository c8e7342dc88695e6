#include "classifier/vocab.h"

#include "base/mem.h"
#include "base/rng.h"
#include "classifier/slots.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void chosen_test(void **state)
{
	/* Key k occurs k times; 0 and 1 are one. */
	struct vocab *v = vocab_new();

	(void)state;
	for (uint32_t k = 0; k < 50; k++)
		for (uint32_t i = 0; i < (k ? k : 1); i++)
			vocab_count(v, &k, 1);
	vocab_choose(v, 3, 40);
	assert_int_equal(vocab_size(v), 40);
	for (uint32_t k = 0; k < 60; k++)
		assert_int_equal(vocab_id(v, k), k >= 10 && k < 50 ? 49 - k : VOCAB_NONE);
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(vocab_keys(v)[i], 49 - i);
	vocab_free(v);
	v = vocab_new();
	vocab_count(v, (const uint32_t[]){ 0, 5, 1, 9, 5 }, 5);
	vocab_choose(v, 2, 40);
	assert_int_equal(vocab_size(v), 2);
	/* Of equals the smaller key first. */
	assert_int_equal(vocab_id(v, 0), 0);
	assert_int_equal(vocab_id(v, 1), 0);
	assert_int_equal(vocab_id(v, 5), 1);
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
		uint32_t *keys = mem_array(n, sizeof(*keys)), *slots = mem_array(n, sizeof(*slots));
		uint16_t *tags = mem_array((size_t)1 << bits[t], sizeof(*tags));
		bool *taken = mem_array((size_t)1 << bits[t], sizeof(*taken));

		for (uint32_t i = 0; i < n; i++)
			keys[i] = (uint32_t)rng_next(&r);
		slots_build(keys, n, bits[t], tags, slots);
		for (uint32_t i = 0; i < n; i++) {
			if (slots[i] == SLOTS_NONE) {
				lost++;
				continue;
			}
			assert_int_equal(slots_find(tags, bits[t], keys[i]), slots[i]);
			assert_false(taken[slots[i]]);
			taken[slots[i]] = true;
		}
		assert_true(lost <= 2 + n / 2000);
		for (uint32_t i = 0; i < tries; i++)
			wrong += slots_find(tags, bits[t], (uint32_t)rng_next(&r)) != SLOTS_NONE;
		/* 15 of 65,535 tags stand where each is looked for. */
		assert_true(wrong < tries / 1500);
		mem_free(keys);
		mem_free(slots);
		mem_free(tags);
		mem_free(taken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chosen_test),
		cmocka_unit_test(bounded_test),
		cmocka_unit_test(slots_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
