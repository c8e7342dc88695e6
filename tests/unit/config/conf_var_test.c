/* Values of variables from files: what is read, and where a mistake is. */
#include "base/file.h"
#include "base/mem.h"
#include "config/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/conf-var-XXXXXX";

static void put(const char *name, struct str text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, text, NULL), ERR_OK);
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	put("piped.yaml", STR("sources: s.yaml\n"));
	put("s.yaml", STR("name: s\nseeds:\n- page: p\n  url: https://a.example/{x}\n"
			  "  vars: { x: { file: x.txt } }\n"
			  "pages: { p: { format: json, fields: { id: .i, title: .t } } }\n"));
	return 0;
}

static int teardown(void **state)
{
	static const char *const files[] = { "piped.yaml", "s.yaml", "x.txt" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		unlink(path);
	}
	return rmdir(folder);
}

static enum err load(struct str values, struct conf **ret, char problem[512])
{
	struct conf_problem *problems = NULL;
	char path[128];
	enum err err;
	int n = 0;

	put("x.txt", values);
	snprintf(path, sizeof(path), "%s/piped.yaml", folder);
	err = conf_load(path, ret, &problems, &n);
	if (err)
		conf_problem_text(&problems[0], problem);
	mem_free(problems);
	return err;
}

static void test_values(void **state)
{
	static const char *const want[] = { "나이키", "a b", "c#d" };
	struct conf *c = NULL;
	const struct conf_var *v;
	char problem[512];

	(void)state;
	assert_int_equal(
		load(STR("\xef\xbb\xbf# brands\n나이키\r\n\n  a b \n#x\nc#d"), &c, problem),
		ERR_OK);
	v = &c->sources[0].seeds[0].vars[0];
	assert_int_equal(v->n, 3);
	for (int i = 0; i < 3; i++)
		assert_true(str_is(v->values[i], want[i]));
	conf_free(c);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "a\n\n# b\nc\na\n", "x.txt:5:1: value `a` stands here twice" },
		{ "a\n\xff\n", "x.txt:2:1: a value is UTF-8 text" },
		{ "# none\n", "x.txt: the file has no value" },
	};
	struct conf *c = NULL;
	char problem[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(load(str_of(rows[i].text), &c, problem), ERR_BAD);
		if (str_find(str_of(problem), str_of(rows[i].says)) < 0)
			fail_msg("`%s` is not in `%s`", rows[i].says, problem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
