/* Bodies: what is read and what is refused. */
#include "serve/body.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *json;
	enum err want;
	const char *why;
} bodies[] = {
	{ "{}", ERR_OK, "" },
	{ "{\"a\":1,\"b\":[\"x\"]}", ERR_OK, "" },
	{ "[1]", ERR_BAD, "must be a JSON object" },
	{ "{\"a\":1", ERR_BAD, "not JSON: line 1" },
	{ "{\"a\":1}x", ERR_BAD, "not JSON" },
	{ "{\"a\":1,\"a\":2}", ERR_BAD, "duplicate" },
	{ "{\"a\":\"\xff\"}", ERR_BAD, "not JSON" },
	{ "{\"a\":\"\\u0000\"}", ERR_BAD, "not JSON" },
	{ "nothing", ERR_BAD, "not JSON" },
	{ "{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", ERR_TOO_BIG, "deeper" },
	{ "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", ERR_OK, "" },
	{ "{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", ERR_OK, "" },
};

static void bodies_are_checked(void **state)
{
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct body_member *m = NULL;
		struct reason why = { "" };
		int n = 0;

		assert_int_equal(body_read(str_of(bodies[i].json), a, &m, &n, &why),
				 bodies[i].want);
		assert_non_null(strstr(why.text, bodies[i].why));
	}
	arena_free(a);
}

static void members_are_flat(void **state)
{
	static const struct {
		const char *name;
		enum body_type type;
		const char *json;
	} want[] = {
		{ "text", BODY_TEXT, "\"셔츠\"" },
		{ "n", BODY_INT, "-5" },
		{ "yes", BODY_BOOL, "true" },
		{ "none", BODY_NULL, "null" },
		{ "object", BODY_OTHER, "{\"k\":[1,2]}" },
		{ "mixed", BODY_OTHER, "[1,\"a\"]" },
		{ "real", BODY_OTHER, "1.5" },
	};
	struct arena *a = arena_new(4096);
	struct body_member *m;
	int n;

	(void)state;
	assert_int_equal(
		body_read(STR("{\"text\":\"셔츠\",\"n\":-5,\"yes\":true,\"none\":null,"
			      "\"object\": {\"k\": [1, 2]},\"mixed\":[1,\"a\"],\"real\":1.5,"
			      "\"texts\":[\"a\",\"b\"]}"),
			  a, &m, &n, NULL),
		ERR_OK);
	assert_int_equal(n, 8);
	for (int i = 0; i < 7; i++) {
		assert_true(str_is(m[i].name, want[i].name));
		assert_int_equal(m[i].type, want[i].type);
		assert_true(str_is(m[i].json, want[i].json));
	}
	assert_int_equal(m[7].type, BODY_TEXTS);
	assert_int_equal(m[7].n_texts, 2);
	assert_true(str_is(m[7].texts[1], "b"));
	assert_true(str_is(m[0].text, "셔츠"));
	assert_int_equal(m[1].n, -5);
	assert_true(m[2].yes);
	arena_free(a);
}

/* `n` times one and its number between open and end. */
static enum err read_many(const char *open, const char *one, int n, const char *end)
{
	struct arena *a = arena_new(4096);
	struct body_member *m;
	struct buf b;
	enum err err;
	int got;

	buf_init(&b, 4 << 20);
	buf_add_text(&b, open);
	for (int i = 0; i < n; i++)
		buf_fmt(&b, "%s\"%d%s", i ? "," : "", i, one);
	buf_add_text(&b, end);
	err = body_read(buf_str(&b), a, &m, &got, NULL);
	buf_done(&b);
	arena_free(a);
	return err;
}

static void counts_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(read_many("{", "\":1", BODY_MEMBERS, "}"), ERR_OK);
	assert_int_equal(read_many("{", "\":1", BODY_MEMBERS + 1, "}"), ERR_TOO_BIG);
	assert_int_equal(read_many("{\"t\":[", "\"", BODY_TEXTS_MOST, "]}"), ERR_OK);
	assert_int_equal(read_many("{\"t\":[", "\"", BODY_TEXTS_MOST + 1, "]}"), ERR_TOO_BIG);
	assert_int_equal(read_many("{", "\":1", 200000, "}"), ERR_TOO_BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_are_checked),
		cmocka_unit_test(members_are_flat),
		cmocka_unit_test(counts_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
