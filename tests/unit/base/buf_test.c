#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void buf_grows_to_its_cap(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_true(str_is(buf_str(&b), ""));
	for (int i = 0; i < 100; i++)
		assert_int_equal(buf_add(&b, STR("0123456789")), ERR_OK);
	assert_int_equal(b.n, 1000);
	assert_int_equal(b.p[1000], 0);
	assert_false(b.full);
	assert_int_equal(buf_add_char(&b, 'x'), ERR_TOO_BIG);
	assert_int_equal(b.n, 1000);
	assert_true(b.full);
	buf_clear(&b);
	assert_false(b.full);
	assert_int_equal(b.n, 0);
	assert_string_equal(b.p, "");
	buf_cut(&b, 0);
	assert_int_equal(buf_add_text(&b, "again"), ERR_OK);
	assert_true(str_is(buf_str(&b), "again"));
	buf_cut(&b, 2);
	assert_string_equal(b.p, "ag");
	buf_done(&b);
	buf_done(&b);
	buf_done(NULL);
}

static void too_much_changes_nothing(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8);
	assert_int_equal(buf_add_text(&b, "12345"), ERR_OK);
	assert_int_equal(buf_fmt(&b, "%d", 6789), ERR_TOO_BIG);
	assert_true(str_is(buf_str(&b), "12345"));
	assert_null(buf_room(&b, SIZE_MAX));
	assert_int_equal(buf_fmt(&b, "%d", 678), ERR_OK);
	assert_true(str_is(buf_str(&b), "12345678"));
	assert_int_equal(buf_add(&b, (struct str){ 0 }), ERR_OK);
	buf_done(&b);
}

static void room_is_written_by_the_caller(void **state)
{
	struct buf b;
	char *p;
	size_t n;

	(void)state;
	buf_init(&b, 100);
	p = buf_room(&b, 3);
	p[0] = 'a';
	p[1] = 'b';
	p[2] = 'c';
	b.n += 3;
	assert_true(str_is(buf_str(&b), "abc"));
	p = buf_move(&b, &n);
	assert_int_equal(n, 3);
	assert_int_equal(b.n, 0);
	mem_free(p);
	p = buf_move(&b, &n);
	assert_int_equal(n, 0);
	assert_string_equal(p, "");
	mem_free(p);
	buf_done(&b);
}

static void arena_gives_aligned_memory_that_stays(void **state)
{
	struct arena *a = arena_new(512);
	unsigned char *p[200];
	size_t all = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		p[i] = arena_alloc(a, i * 7);
		assert_int_equal((uintptr_t)p[i] % 16, 0);
		memset(p[i], (int)i, i * 7);
		all += i * 7;
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t j = 0; j < i * 7; j++)
			assert_int_equal(p[i][j], i);
	assert_true(arena_used(a) >= all);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	/* Memory of the last round is in it, but not what is promised zeroed. */
	for (size_t i = 0; i < 400; i++)
		assert_int_equal(((unsigned char *)arena_zero(a, 400))[i], 0);
	arena_free(a);
	arena_free(NULL);
}

static void arena_copies_text(void **state)
{
	struct arena *a = arena_new(16);
	struct str s = arena_str(a, STR("자켓"));

	(void)state;
	assert_true(str_is(s, "자켓"));
	assert_int_equal(s.p[s.n], 0);
	assert_non_null(arena_str(a, (struct str){ 0 }).p);
	assert_null(arena_text(a, NULL).p);
	assert_true(str_is(arena_text(a, "x"), "x"));
	assert_true(str_is(arena_fmt(a, "%s=%d", "page", 71), "page=71"));
	assert_int_equal(arena_fmt(a, "%1000d", 1).n, 1000);
	assert_int_equal(((int *)arena_array(a, 100, sizeof(int)))[99], 0);
	arena_free(a);
}

static void mem_grow_doubles(void **state)
{
	int *p = NULL;
	size_t cap = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		mem_grow(&p, &cap, (size_t)i + 1, sizeof(*p));
		p[i] = i;
	}
	assert_true(cap >= 1000 && cap < 2000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(p[i], i);
	mem_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buf_grows_to_its_cap),
		cmocka_unit_test(too_much_changes_nothing),
		cmocka_unit_test(room_is_written_by_the_caller),
		cmocka_unit_test(arena_gives_aligned_memory_that_stays),
		cmocka_unit_test(arena_copies_text),
		cmocka_unit_test(mem_grow_doubles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
