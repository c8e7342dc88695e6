/* The index finds what a walk over all looks would. */
#include "base/rng.h"
#include "picture/look_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define PICTURES 300

static struct look drawn(struct rng *r)
{
	struct look l = { .quality = 100 };

	for (int p = 0; p < LOOK_PARTS; p++)
		for (int w = 0; w < PDQ_WORDS; w++)
			l.part[p].word[w] = rng_next(r);
	return l;
}

/* The same with `bits` of each hash the other way. */
static struct look edited(struct rng *r, const struct look *from, int bits)
{
	struct look l = *from;

	for (int p = 0; p < LOOK_PARTS; p++)
		for (int n = 0; n < bits;) {
			uint64_t at = rng_below(r, 256), bit = UINT64_C(1) << at % 64;

			if ((l.part[p].word[at / 64] ^ from->part[p].word[at / 64]) & bit)
				continue;
			l.part[p].word[at / 64] ^= bit;
			n++;
		}
	return l;
}

static bool finds(struct look_index *x, const struct look *l, int64_t id)
{
	int64_t found[LOOK_INDEX_FOUND];
	int n = look_index_find(x, l, found), times = 0;

	for (int i = 0; i < n; i++)
		times += found[i] == id;
	assert_true(times <= 1);
	return times == 1;
}

static void near_ones_are_found(void **state)
{
	static const struct {
		int bits, least; /* of PICTURES */
	} rows[] = { { 0, 300 }, { 16, 300 }, { 31, 300 }, { 48, 297 }, { 56, 285 }, { 70, 0 } };
	struct look_index *x = look_index_new(LOOK_INDEX_MOST);
	static struct look all[PICTURES];
	struct rng r = { 3 };

	(void)state;
	for (int i = 0; i < PICTURES; i++) {
		all[i] = drawn(&r);
		look_index_add(x, &all[i], i + 1);
	}
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		int n = 0;

		for (int i = 0; i < PICTURES; i++) {
			struct look l = edited(&r, &all[i], rows[k].bits);

			n += finds(x, &l, i + 1);
			assert_int_equal(look_distance(&l, &all[i]), rows[k].bits);
		}
		if (n < rows[k].least || (rows[k].bits > LOOK_NEAR && n))
			fail_msg("%d bits: %d of %d", rows[k].bits, n, PICTURES);
	}
	look_index_free(x);
}

static void a_mirror_is_the_same(void **state)
{
	struct look_index *x = look_index_new(LOOK_INDEX_MOST);
	struct rng r = { 4 };
	struct look l = drawn(&r), m = l;

	(void)state;
	look_index_add(x, &l, 7);
	for (int p = 0; p < LOOK_PARTS; p++)
		m.part[p] = pdq_mirrored(&l.part[p]);
	assert_true(finds(x, &m, 7));
	look_index_free(x);
}

static void what_is_undone_is_not_found(void **state)
{
	struct look_index *x = look_index_new(LOOK_INDEX_MOST);
	struct rng r = { 5 };
	struct look l[3] = { drawn(&r), drawn(&r), drawn(&r) };
	size_t n;

	(void)state;
	/* a picture without margins is one hash less */
	l[0].part[LOOK_INSIDE] = l[0].part[LOOK_WHOLE];
	look_index_add(x, &l[0], 1);
	n = look_index_count(x);
	assert_int_equal(n, 2);
	look_index_keep(x);
	look_index_add(x, &l[1], 2);
	look_index_add(x, &l[2], 3);
	look_index_undo(x);
	assert_int_equal(look_index_count(x), n);
	assert_true(finds(x, &l[0], 1));
	assert_false(finds(x, &l[1], 2));
	look_index_add(x, &l[2], 4);
	assert_true(finds(x, &l[2], 4));
	assert_false(finds(x, &l[2], 3));
	look_index_free(x);
}

#define KNOWN 40

/* Against a list of what is held, through transactions that stay or do not, near where it is full. */
static void it_holds_what_was_kept(void **state)
{
	struct look_index *x = look_index_new(60);
	static struct look all[KNOWN];
	bool now[KNOWN] = { false }, kept[KNOWN];
	struct rng r = { 9 };
	size_t hashes = 0, was = 0, empty = look_index_bytes(x);
	int full = 0;

	(void)state;
	for (int i = 0; i < KNOWN; i++) {
		/* some share a hash, some have fewer */
		all[i] = i % 5 == 4 ? all[i - 1] : drawn(&r);
		if (i % 3 == 0)
			all[i].part[LOOK_INSIDE] = all[i].part[LOOK_WHOLE];
	}
	memcpy(kept, now, sizeof(now));
	for (int step = 0; step < 20000; step++) {
		int i = (int)rng_below(&r, KNOWN);
		bool same = !pdq_distance(&all[i].part[LOOK_INSIDE], &all[i].part[LOOK_WHOLE]);
		int n = same ? 2 : LOOK_PARTS;

		switch (rng_below(&r, 8)) {
		case 0:
			look_index_keep(x);
			memcpy(kept, now, sizeof(now));
			was = hashes;
			break;
		case 1:
			look_index_undo(x);
			memcpy(now, kept, sizeof(now));
			hashes = was;
			break;
		case 2:
		case 3:
		case 4:
			look_index_drop(x, &all[i], i + 1);
			hashes -= now[i] ? (size_t)n : 0;
			now[i] = false;
			break;
		default:
			if (now[i])
				break;
			now[i] = look_index_add(x, &all[i], i + 1);
			assert_int_equal(now[i], hashes + (size_t)n <= 60);
			hashes += now[i] ? (size_t)n : 0;
			full += !now[i];
			break;
		}
		assert_int_equal(look_index_count(x), hashes);
		assert_int_equal(finds(x, &all[i], i + 1), now[i]);
	}
	assert_true(full > 100);
	/* places are used again */
	assert_true(look_index_bytes(x) < empty + (1 << 18));
	look_index_free(x);
}

static void flat_ones_are_like_nothing(void **state)
{
	struct look_index *x = look_index_new(LOOK_INDEX_MOST);
	struct rng r = { 6 };
	struct look l = drawn(&r);

	(void)state;
	look_index_add(x, &l, 1);
	l.quality = PDQ_QUALITY_LEAST - 1;
	look_index_add(x, &l, 2);
	assert_int_equal(look_index_count(x), LOOK_PARTS);
	assert_false(finds(x, &l, 1));
	look_index_free(x);
}

static void what_many_look_like_is_bounded(void **state)
{
	struct look_index *x = look_index_new(LOOK_INDEX_MOST);
	int64_t found[LOOK_INDEX_FOUND];
	struct rng r = { 8 };
	struct look l = drawn(&r);

	(void)state;
	for (int i = 0; i < 3 * LOOK_INDEX_FOUND; i++)
		look_index_add(x, &l, i + 1);
	assert_int_equal(look_index_find(x, &l, found), LOOK_INDEX_FOUND);
	look_index_free(x);
}

static void text_is_read_back(void **state)
{
	struct pdq p = { { 1, UINT64_C(0xfedcba9876543210), 0, UINT64_MAX } }, q;
	char text[PDQ_TEXT];

	(void)state;
	pdq_text(&p, text);
	assert_string_equal(text,
			    "0000000000000001fedcba98765432100000000000000000ffffffffffffffff");
	assert_true(pdq_parse(str_of(text), &q));
	assert_int_equal(pdq_distance(&p, &q), 0);
	assert_false(pdq_parse(str_sub(str_of(text), 1, 64), &q));
	text[3] = 'g';
	assert_false(pdq_parse(str_of(text), &q));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_ones_are_found),
		cmocka_unit_test(a_mirror_is_the_same),
		cmocka_unit_test(what_is_undone_is_not_found),
		cmocka_unit_test(it_holds_what_was_kept),
		cmocka_unit_test(flat_ones_are_like_nothing),
		cmocka_unit_test(what_many_look_like_is_bounded),
		cmocka_unit_test(text_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
