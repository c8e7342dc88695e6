#include "store_fixture.h"

#include "base/file.h"

static void test_one_daemon(void **state)
{
	struct fx *f = *state;
	struct store *second = NULL;
	struct reason why;
	char pid[32];

	snprintf(pid, sizeof(pid), "process %ld ", (long)getpid());
	assert_int_equal(store_open(f->path, &second, &why), ERR_BUSY);
	assert_null(second);
	assert_non_null(strstr(why.text, pid));
	assert_non_null(strstr(why.text, f->path));
}

static void test_lock_ends_with_the_store(void **state)
{
	struct fx *f = *state;

	fx_close(f);
	fx_open(f);
	assert_string_equal(store_path(f->store), f->path);
}

/* A lock file left by a killed daemon holds nobody up. */
static void test_stale_lock(void **state)
{
	struct fx *f = *state;
	char name[128];

	fx_close(f);
	snprintf(name, sizeof(name), "%s.lock", f->path);
	assert_int_equal(file_write(name, STR("1234567890123\n"), NULL), ERR_OK);
	fx_open(f);
}

static void test_no_folder(void **state)
{
	struct store *s = NULL;
	struct reason why;

	(void)state;
	assert_int_equal(store_open("/nonexistent/folder/db", &s, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "/nonexistent/folder/db"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_daemon, fx_setup_open, fx_teardown),
		cmocka_unit_test_setup_teardown(test_lock_ends_with_the_store, fx_setup_open,
						fx_teardown),
		cmocka_unit_test_setup_teardown(test_stale_lock, fx_setup_open, fx_teardown),
		cmocka_unit_test(test_no_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
