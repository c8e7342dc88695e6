#include "serve/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void files_are_read(void **state)
{
	struct arena *a = arena_new(1 << 12);
	struct conf_text *f = NULL;
	struct reason why;
	int n = -1;

	(void)state;
	assert_int_equal(pack_read(STR("3 a b.yaml\nx\ny\n0 -\n\n"), a, &f, &n, &why), ERR_OK);
	assert_int_equal(n, 2);
	assert_true(str_is(f[0].name, "a b.yaml") && str_is(f[0].text, "x\ny"));
	assert_true(str_is(f[1].name, "-") && f[1].text.n == 0);
	assert_int_equal(pack_read(STR(""), a, &f, &n, &why), ERR_OK);
	assert_int_equal(n, 0);
	arena_free(a);
}

static const char *const faulty[] = {
	"3",
	"3 a",
	"3 a\n",
	"3 a\nxyz",
	"3 a\nxyzw\n",
	"-1 a\n\n",
	"4 a\nxyz\n",
	"3  a.yaml\n",
	"x a\nb\n",
	" a\n\n",
	"1 \nx\n",
	"99999999999999999999 a\nx\n",
	"9223372036854775807 a\nx\n",
};

static void others_are_told(void **state)
{
	struct arena *a = arena_new(1 << 12);
	struct conf_text *f = NULL;
	struct reason why;
	int n = -1;

	(void)state;
	for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++) {
		assert_int_equal(pack_read(str_of(faulty[i]), a, &f, &n, &why), ERR_BAD);
		assert_true(strncmp(why.text, "byte 0: ", 8) == 0);
	}
	assert_int_equal(pack_read(STR("1 a\nx\n1 \xff\nx\n"), a, &f, &n, &why), ERR_BAD);
	assert_string_equal(why.text, "byte 6: the name is no UTF-8");
	assert_int_equal(n, -1);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(others_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
