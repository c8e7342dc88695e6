#include "store/known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void what_was_noted_is_known(void **state)
{
	struct known k;

	(void)state;
	known_init(&k);
	assert_false(known_has(&k, STR("a"), STR("http://a.example/1")));
	known_note(&k, STR("a"), STR("http://a.example/1"));
	assert_true(known_has(&k, STR("a"), STR("http://a.example/1")));
	assert_false(known_has(&k, STR("b"), STR("http://a.example/1")));
	assert_false(known_has(&k, STR("a"), STR("http://a.example/2")));
	known_forget(&k);
	assert_false(known_has(&k, STR("a"), STR("http://a.example/1")));
	known_done(&k);
}

static struct str nth(int i, char to[32])
{
	snprintf(to, 32, "http://a.example/%d", i);
	return str_of(to);
}

/* Never one that was not noted; of those that were, the newest for certain. */
static void older_ones_make_way(void **state)
{
	enum { MANY = 4 * KNOWN_PLACES };
	struct known k;
	char key[32];
	int still = 0;

	(void)state;
	known_init(&k);
	for (int i = 0; i < MANY; i++) {
		known_note(&k, STR("a"), nth(i, key));
		assert_true(known_has(&k, STR("a"), nth(i, key)));
	}
	for (int i = 0; i < MANY; i++) {
		still += known_has(&k, STR("a"), nth(i, key));
		assert_false(known_has(&k, STR("a"), nth(MANY + i, key)));
	}
	assert_true(still > KNOWN_PLACES / 2 && still <= KNOWN_PLACES);
	known_done(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_noted_is_known),
		cmocka_unit_test(older_ones_make_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
