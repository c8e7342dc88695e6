/* Content-addressed files: one per content, whole or not there. */
#include "crawler/cas.h"

#include "base/file.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/piped-cas-XXXXXX";

static void name_of(struct str bytes, char to[CAS_NAME])
{
	char hash[HASH_SHA256_HEX];

	hash_sha256_hex(bytes, hash);
	cas_name(hash, ".jpg", to);
}

static bool count(void *ctx, const struct cas_entry *e)
{
	int *n = ctx;

	assert_int_equal(e->name[2], '/');
	assert_true(e->bytes > 0 && e->changed_ms > 0);
	return ++*n < 100;
}

static int files(int64_t before_ms)
{
	int n = 0;

	for (int part = 0; part < CAS_PARTS; part++)
		assert_int_equal(cas_each(folder, part, before_ms, count, &n, NULL), ERR_OK);
	return n;
}

static void put_and_drop(void **state)
{
	const struct str bytes = STR("a picture");
	char name[CAS_NAME], path[256];
	struct buf b;
	bool is_new;

	(void)state;
	name_of(bytes, name);
	assert_string_equal(name + 3 + 64, ".jpg");
	assert_false(cas_has(folder, name));
	assert_int_equal(cas_put(folder, name, bytes, &is_new, NULL), ERR_OK);
	assert_true(is_new);
	assert_int_equal(cas_put(folder, name, bytes, &is_new, NULL), ERR_OK);
	assert_false(is_new);
	assert_true(cas_has(folder, name));
	assert_int_equal(files(0), 1);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	buf_init(&b, 100);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	assert_string_equal(b.p, "a picture");
	buf_done(&b);
	assert_int_equal(cas_drop(folder, name, NULL), ERR_OK);
	assert_int_equal(cas_drop(folder, name, NULL), ERR_OK);
	assert_false(cas_has(folder, name));
	assert_int_equal(files(0), 0);
}

/* What a crash left, and what somebody else put there. */
static void leftovers(void **state)
{
	const struct str bytes = STR("another");
	char name[CAS_NAME], half[256], alien[256];

	(void)state;
	name_of(bytes, name);
	assert_int_equal(cas_put(folder, name, bytes, NULL, NULL), ERR_OK);
	snprintf(half, sizeof(half), "%s/%s.half-abcdef", folder, name);
	snprintf(alien, sizeof(alien), "%s/%.2s/README", folder, name);
	assert_int_equal(file_write(half, STR("anot"), NULL), ERR_OK);
	assert_int_equal(file_write(alien, STR("mine"), NULL), ERR_OK);
	assert_int_equal(files(1000), 1);
	assert_true(file_exists(half));
	assert_int_equal(files(INT64_MAX), 1);
	assert_false(file_exists(half));
	assert_true(file_exists(alien));
	unlink(alien);
	cas_drop(folder, name, NULL);
}

static void *put_it(void *ctx)
{
	const struct str bytes = STR("the same from all sides");
	char name[CAS_NAME];

	name_of(bytes, name);
	for (int i = 0; i < 20; i++)
		if (cas_put(folder, name, bytes, NULL, NULL))
			*(int *)ctx = 1;
	return NULL;
}

static void at_once(void **state)
{
	pthread_t threads[4];
	int failed[4] = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_it, &failed[i]), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(failed[i], 0);
	}
	assert_int_equal(files(0), 1);
}

static void no_way(void **state)
{
	struct reason why = { "" };
	int n = 0;

	(void)state;
	assert_int_equal(cas_each("/tmp/piped-cas-nowhere", 7, 0, count, &n, NULL), ERR_OK);
	assert_int_not_equal(cas_put("/dev/null", "ab/abc.jpg", STR("x"), NULL, &why), ERR_OK);
	assert_non_null(strstr(why.text, "/dev/null/ab"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_and_drop),
		cmocka_unit_test(leftovers),
		cmocka_unit_test(at_once),
		cmocka_unit_test(no_way),
	};
	char command[128];
	int failed;

	if (!mkdtemp(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) != 0 || failed;
}
