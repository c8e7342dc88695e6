/* The socket file: made, replaced when dead, refused when live. */
#include "base/file.h"
#include "serve/serve_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[100];

static int up(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/piped-socket-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.sock", folder);
	return 0;
}

static int down(void **state)
{
	(void)state;
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
	return 0;
}

static void made_with_its_mode_and_removed(void **state)
{
	struct serve_socket s;
	struct stat st;

	(void)state;
	assert_int_equal(serve_socket_open(path, &s, NULL), ERR_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0660);
	serve_socket_close(&s);
	assert_false(file_exists(path));
	serve_socket_close(&s);
}

static void live_is_refused_dead_replaced(void **state)
{
	struct serve_socket a, b;
	struct reason why;

	(void)state;
	assert_int_equal(serve_socket_open(path, &a, NULL), ERR_OK);
	assert_int_equal(serve_socket_open(path, &b, &why), ERR_BUSY);
	assert_non_null(strstr(why.text, path));
	close(a.fd); /* as after kill -9: the file stays */
	assert_true(file_exists(path));
	assert_int_equal(serve_socket_open(path, &b, NULL), ERR_OK);
	serve_socket_close(&b);
	assert_false(file_exists(path));
}

static void other_files_are_left_alone(void **state)
{
	struct serve_socket s;
	char longer[200];

	(void)state;
	assert_int_equal(file_write(path, STR("notes"), NULL), ERR_OK);
	assert_int_equal(serve_socket_open(path, &s, NULL), ERR_EXISTS);
	assert_true(file_exists(path));
	snprintf(longer, sizeof(longer), "/tmp/%0150d", 1);
	assert_int_equal(serve_socket_open(longer, &s, NULL), ERR_TOO_BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(made_with_its_mode_and_removed, up, down),
		cmocka_unit_test_setup_teardown(live_is_refused_dead_replaced, up, down),
		cmocka_unit_test_setup_teardown(other_files_are_left_alone, up, down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
