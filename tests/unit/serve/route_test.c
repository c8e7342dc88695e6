/* The route table: that it is sound, finds, and is what docs/api.md says. */
#include "base/file.h"
#include "serve/routes.h"
#include "serve/serve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void rows_are_complete(void **state)
{
	const struct route *r;

	(void)state;
	for (size_t i = 0; (r = routes_at(i)); i++) {
		int n = 0;

		assert_true(r->first || r->work || r->last);
		assert_non_null(r->doc);
		assert_non_null(r->answer);
		assert_non_null(r->example);
		/* A body is read on the pool, after the first step, unless it is short. */
		assert_false(r->first && route_has_body(r) && !r->loop_bytes);
		for (const struct route_param *p = r->params; p && p->name; p++) {
			n++;
			assert_non_null(p->doc);
			assert_int_equal(p->in == ROUTE_PATH, route_place(r, p->name) >= 0);
			assert_int_equal(p->type == ROUTE_CHOICE, p->choices != NULL);
			assert_true(p->type == ROUTE_BOOL || p->choices || p->max > 0);
			if (p->type == ROUTE_TEXTS || p->type == ROUTE_ANY)
				assert_int_equal(p->in, ROUTE_BODY);
		}
		assert_true(n <= ROUTE_MOST_PARAMS);
	}
}

static void every_example_finds_its_route(void **state)
{
	struct str parts[ROUTE_MOST_PARTS], rest, path;
	const struct route *r, *found;
	char allow[64];

	(void)state;
	for (size_t i = 0; (r = routes_at(i)); i++) {
		rest = str_of(r->example);
		assert_true(str_next(&rest, '?', &path));
		assert_int_equal(route_find(str_of(r->method), path, 0, &found, parts, allow),
				 ERR_OK);
		assert_ptr_equal(r, found);
	}
}

static const struct {
	const char *method, *path;
	enum err want;
	const char *found; /* path, or what is allowed */
	unsigned door;
} finds[] = {
	{ "GET", "/api/status", ERR_OK, "/api/status", 0 },
	{ "GET", "/api/status/", ERR_OK, "/api/status", 0 },
	{ "HEAD", "/api/status", ERR_OK, "/api/status", 0 },
	{ "GET", "/api/export/7/files/train.jsonl", ERR_OK, "/api/export/{id}/files/{name}", 0 },
	{ "POST", "/api/sources/a/run", ERR_OK, "/api/sources/{name}/run", 0 },
	{ "POST", "/api/status", ERR_DENIED, "GET, HEAD", 0 },
	{ "DELETE", "/api/suggest", ERR_DENIED, "GET, HEAD, POST", 0 },
	{ "GET", "/api/train", ERR_DENIED, "POST", 0 },
	{ "GET", "/", ERR_NOT_FOUND, "", 0 },
	{ "GET", "/api/statu", ERR_NOT_FOUND, "", 0 },
	{ "GET", "/api/listings/1/2", ERR_NOT_FOUND, "", 0 },
	{ "GET", "/a/b/c/d/e/f/g/h/i/j", ERR_NOT_FOUND, "", 0 },
	{ "GET", "", ERR_NOT_FOUND, "", 0 },
	{ "GET", "/metrics", ERR_OK, "/metrics", ROUTE_METRICS },
	{ "GET", "/metrics", ERR_NOT_FOUND, "", ROUTE_SUGGEST },
	{ "POST", "/api/suggest", ERR_OK, "/api/suggest", ROUTE_SUGGEST },
	{ "GET", "/health", ERR_OK, "/health", ROUTE_SUGGEST },
	{ "PUT", "/api/suggest", ERR_DENIED, "GET, HEAD, POST", ROUTE_SUGGEST },
	{ "GET", "/api/status", ERR_NOT_FOUND, "", ROUTE_SUGGEST },
	{ "POST", "/api/train", ERR_NOT_FOUND, "", ROUTE_SUGGEST },
};

static void requests_find_their_route(void **state)
{
	struct str parts[ROUTE_MOST_PARTS];

	(void)state;
	for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++) {
		const struct route *r = NULL;
		char allow[64];

		assert_int_equal(route_find(str_of(finds[i].method), str_of(finds[i].path),
					    finds[i].door, &r, parts, allow),
				 finds[i].want);
		assert_string_equal(finds[i].want ? allow : r->path, finds[i].found);
	}
}

static void the_nearest_route_is_named(void **state)
{
	(void)state;
	assert_string_equal(route_nearest(STR("/api/statu"))->path, "/api/status");
	assert_string_equal(route_nearest(STR("/api/listing"))->path, "/api/listings");
	assert_string_equal(route_nearest(STR("metrics"))->path, "/metrics");
}

/* PIPED_WRITE_DOCS=1 writes the page anew. */
static void the_docs_are_the_table(void **state)
{
	static const char path[] = PIPED_SOURCE "/docs/api.md";
	struct buf want, have;

	(void)state;
	buf_init(&want, 1 << 20);
	buf_init(&have, 1 << 20);
	serve_routes_markdown(&want);
	if (getenv("PIPED_WRITE_DOCS"))
		assert_int_equal(file_write(path, buf_str(&want), NULL), ERR_OK);
	assert_int_equal(file_read(path, &have, NULL), ERR_OK);
	assert_string_equal(want.p, have.p);
	buf_done(&want);
	buf_done(&have);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(every_example_finds_its_route),
		cmocka_unit_test(requests_find_their_route),
		cmocka_unit_test(the_nearest_route_is_named),
		cmocka_unit_test(the_docs_are_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
