#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char root[] = "/tmp/piped-file-test-XXXXXX";
static char path[200];

static const char *at(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static int make_root(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	unlink(at("a"));
	rmdir(at("x/y/z"));
	rmdir(at("x/y"));
	rmdir(at("x"));
	return rmdir(root);
}

/* Longer than one read; and what cannot be read has no sum. */
static void sums_of_files(void **state)
{
	char sum[HASH_SHA256_HEX], want[HASH_SHA256_HEX];
	struct reason why = { "" };
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 30000; i++)
		assert_int_equal(buf_fmt(&b, "%d\n", i), ERR_OK);
	snprintf(path, sizeof(path), "%s/sum", root);
	assert_int_equal(file_write(path, buf_str(&b), &why), ERR_OK);
	hash_sha256_hex(buf_str(&b), want);
	assert_int_equal(file_sha256(path, sum, &why), ERR_OK);
	assert_string_equal(sum, want);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(file_sha256(root, sum, &why), ERR_IO);
	assert_non_null(strstr(why.text, root));
	snprintf(path, sizeof(path), "%s/none", root);
	assert_int_equal(file_sha256(path, sum, &why), ERR_NOT_FOUND);
	buf_done(&b);
}

static void what_is_written_is_read(void **state)
{
	struct reason why = { "" };
	struct stat st;
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_false(file_exists(at("a")));
	assert_int_equal(file_write(at("a"), STR("first version"), &why), ERR_OK);
	assert_int_equal(file_write(at("a"), STR("0123456789"), &why), ERR_OK);
	assert_true(file_exists(at("a")));
	assert_false(file_exists(at("a.tmp")));
	assert_int_equal(stat(at("a"), &st), 0);
	assert_int_equal(st.st_mode & 0133, 0);
	assert_int_equal(file_read(at("a"), &b, &why), ERR_OK);
	assert_true(str_is(buf_str(&b), "0123456789"));
	/* Appending would pass the cap. */
	assert_int_equal(file_read(at("a"), &b, &why), ERR_TOO_BIG);
	assert_non_null(strstr(why.text, path));
	assert_int_equal(b.n, 10);
	buf_done(&b);
}

static void empty_files_are_files(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_int_equal(file_write(at("a"), STR(""), NULL), ERR_OK);
	assert_int_equal(file_read(at("a"), &b, NULL), ERR_OK);
	assert_int_equal(b.n, 0);
	buf_done(&b);
}

static void failures_name_the_path(void **state)
{
	struct reason why = { "" };
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_int_equal(file_read(at("absent"), &b, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, path));
	assert_int_equal(file_write(at("absent/file"), STR("x"), &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "absent/file"));
	/* A file stands where a folder is wanted. */
	assert_int_equal(file_write(at("a"), STR("x"), &why), ERR_OK);
	assert_int_not_equal(file_write(at("a/b"), STR("x"), &why), ERR_OK);
	assert_int_not_equal(file_folder(at("a/b"), &why), ERR_OK);
	assert_int_equal(file_folder("", &why), ERR_BAD);
	buf_done(&b);
}

static void folders_are_made_with_their_parents(void **state)
{
	(void)state;
	assert_int_equal(file_folder(at("x/y/z"), NULL), ERR_OK);
	assert_true(file_exists(at("x/y/z")));
	assert_int_equal(file_folder(at("x/y/z"), NULL), ERR_OK);
	assert_int_equal(file_sync_folder(at("x/y/z"), NULL), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(sums_of_files),
		cmocka_unit_test(empty_files_are_files),
		cmocka_unit_test(failures_name_the_path),
		cmocka_unit_test(folders_are_made_with_their_parents),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
