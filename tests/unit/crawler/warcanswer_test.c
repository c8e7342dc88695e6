/* Archived responses as the answers that they were. */
#include "crawler/warcanswer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(x) (sizeof(x) / sizeof((x)[0]))
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"

static void bodies(void **state)
{
	static const struct {
		const char *block, *body; /* NULL: refused */
	} rows[] = {
		{ HEAD "\r\nabc", "abc" },
		{ HEAD "\r\n3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n" },
		{ CHUNKED "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", "abc0123456789" },
		{ CHUNKED "0\r\n\r\n", "" },
		{ CHUNKED "3\r\nabc\r\n", "abc" },	    /* cut */
		{ CHUNKED "9\r\nabc", "abc" },		    /* cut within a chunk */
		{ CHUNKED "<p>abc</p>\n", "<p>abc</p>\n" }, /* joined already */
		{ CHUNKED "3\r\nabcdef", "3\r\nabcdef" },   /* no chunks after all */
		{ CHUNKED "fffffffff\r\nabc", "fffffffff\r\nabc" },
		{ CHUNKED "", "" },
		{ "HTTP/1.1 200 OK\r\nno end", NULL },
		{ "GET / HTTP/1.1\r\n\r\n", NULL },
		{ "", NULL },
	};
	struct warchead h = { .uri = STR("http://a.example/"), .date_ms = 5000 };
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct fetch_answer x;
		struct reason why = { "" };
		enum err err = warcanswer_make(&h, str_of(rows[i].block), a, &x, &why);

		if (err != (rows[i].body ? ERR_OK : ERR_BAD))
			fail_msg("row %zu: %s %s", i, err_name(err), why.text);
		if (err)
			continue;
		assert_int_equal(x.status, 200);
		assert_int_equal(x.end, FETCH_ANSWER);
		assert_int_equal(x.started_ms, 5000);
		assert_true(str_is(x.content_type, "text/html"));
		if (!str_is(x.body, rows[i].body))
			fail_msg("row %zu: '%.*s'", i, STR_ARG(x.body));
	}
	arena_free(a);
}

static void headers(void **state)
{
	static const struct {
		const char *uri, *truncated;
		int64_t date_ms;
		enum err err;
		enum fetch_end end;
	} rows[] = {
		{ "http://a/", NULL, 1, ERR_OK, FETCH_ANSWER },
		{ "http://a/", "length", 1, ERR_OK, FETCH_TOO_BIG },
		{ "http://a/", "time", 1, ERR_OK, FETCH_TIMEOUT },
		{ "http://a/", "disconnect", 1, ERR_OK, FETCH_CUT },
		{ "http://a/", "unspecified", 1, ERR_OK, FETCH_CUT },
		{ "", NULL, 1, ERR_BAD, FETCH_ANSWER },
		{ "http://a/", NULL, -1, ERR_BAD, FETCH_ANSWER },
	};
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct warchead h = { .uri = str_of(rows[i].uri),
				      .truncated = str_of(rows[i].truncated),
				      .date_ms = rows[i].date_ms };
		struct fetch_answer x;
		struct reason why = { "" };

		assert_int_equal(warcanswer_make(&h, STR(HEAD "\r\n"), a, &x, &why), rows[i].err);
		if (!rows[i].err)
			assert_int_equal(x.end, rows[i].end);
		else
			assert_true(why.text[0]);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies),
		cmocka_unit_test(headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
