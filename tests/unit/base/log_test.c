#include "base/log.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int pipe_out = -1, real_stderr = -1;

/* stderr into a pipe, until captured() gives what came. */
static void capture(void)
{
	int both[2];

	assert_int_equal(pipe2(both, O_CLOEXEC), 0);
	real_stderr = dup(STDERR_FILENO);
	assert_true(real_stderr >= 0);
	assert_true(dup2(both[1], STDERR_FILENO) >= 0);
	close(both[1]);
	pipe_out = both[0];
}

static const char *captured(void)
{
	static char text[8192];
	ssize_t n;

	assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
	close(real_stderr);
	n = read(pipe_out, text, sizeof(text) - 1);
	close(pipe_out);
	assert_true(n >= 0);
	text[n] = 0;
	return text;
}

static void a_line_per_event(void **state)
{
	const char *text;

	(void)state;
	unsetenv("JOURNAL_STREAM");
	log_setup(LOG_LEVEL_INFO);
	capture();
	log_debug("page=%d unseen", 70);
	log_info("page=%d fetched", 71);
	text = captured();
	assert_null(strstr(text, "unseen"));
	/* 2025-03-01T12:00:00Z info  page=71 fetched */
	assert_int_equal(strlen(text), 21 + strlen("info  page=71 fetched\n"));
	assert_string_equal(text + 21, "info  page=71 fetched\n");
	assert_int_equal(text[10], 'T');
	assert_int_equal(text[19], 'Z');
}

static void the_journal_gets_priorities(void **state)
{
	(void)state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_setup(LOG_LEVEL_DEBUG);
	capture();
	log_debug("d");
	log_info("i");
	log_warn("w");
	log_error("e");
	assert_string_equal(captured(), "<7>d\n<6>i\n<4>w\n<3>e\n");
	unsetenv("JOURNAL_STREAM");
	log_setup(LOG_LEVEL_INFO);
}

static void text_cannot_forge_lines(void **state)
{
	const char *text;

	(void)state;
	capture();
	log_info("title=%s", "a\nb\x1b[2J\x7f\xc2\x9b 자켓");
	text = captured() + 21;
	assert_string_equal(text, "info  title=a\\x0ab\\x1b[2J\\x7f\\xc2\\x9b 자켓\n");
}

static void fill(char *to, size_t bytes)
{
	const struct str letter = STR("가");

	for (size_t i = 0; i + letter.n < bytes; i += letter.n)
		memcpy(to + i, letter.p, letter.n);
}

static void long_lines_are_cut_and_end(void **state)
{
	static char longer[5001];
	const char *text;

	(void)state;
	memset(longer, '\x01', sizeof(longer) - 1);
	capture();
	log_info("%s", longer);
	text = captured();
	assert_true(strlen(text) < 1100);
	assert_int_equal(text[strlen(text) - 1], '\n');
	for (int lead = 0; lead < 3; lead++) {
		fill(longer, sizeof(longer));
		capture();
		log_info("%.*s%s", lead, "xx", longer);
		text = captured();
		assert_true(strlen(text) > 900 && strlen(text) < 1100);
		assert_true(utf8_valid(str_of(text)));
	}
}

struct heard {
	int n, faulty;
	char text[LOG_KEPT][300];
	enum log_level level[LOG_KEPT];
};

static void hear(void *ctx, int64_t wall_ms, enum log_level l, struct str line)
{
	struct heard *h = ctx;

	/* Under the log's lock: a failure here would keep it. */
	h->faulty += wall_ms <= 0 || !utf8_valid(line);
	h->level[h->n] = l;
	snprintf(h->text[h->n++], sizeof(h->text[0]), "%.*s", STR_ARG(line));
}

static void newest_lines_are_kept(void **state)
{
	static struct heard h;
	static char longer[900];

	(void)state;
	fill(longer, sizeof(longer));
	capture();
	log_setup(LOG_LEVEL_ERROR);
	log_info("below the level: not kept");
	log_setup(LOG_LEVEL_INFO);
	for (int i = 0; i < 40; i++)
		log_info("job=%d", i);
	log_warn("x%s", longer);
	log_error("last");
	captured();
	log_recent(LOG_LEVEL_INFO, 3, hear, &h);
	assert_int_equal(h.n, 3);
	assert_int_equal(h.faulty, 0);
	assert_string_equal(h.text[0], "job=39");
	assert_memory_equal(h.text[1], "x가가", 7);
	assert_true(strlen(h.text[1]) > 200);
	assert_string_equal(h.text[2], "last");
	assert_int_equal(h.level[2], LOG_LEVEL_ERROR);
	h.n = 0;
	log_recent(LOG_LEVEL_WARN, LOG_KEPT, hear, &h);
	assert_string_equal(h.text[h.n - 1], "last");
	for (int i = 0; i < h.n; i++)
		assert_true(h.level[i] >= LOG_LEVEL_WARN);
}

static void the_ring_turns(void **state)
{
	static struct heard h;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)state;
	real_stderr = dup(STDERR_FILENO);
	assert_true(null >= 0 && dup2(null, STDERR_FILENO) >= 0);
	for (int i = 0; i < LOG_KEPT + 10; i++)
		log_info("turn=%d", i);
	assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
	close(real_stderr);
	close(null);
	log_recent(LOG_LEVEL_INFO, LOG_KEPT + 100, hear, &h);
	assert_int_equal(h.n, LOG_KEPT);
	assert_string_equal(h.text[0], "turn=10");
}

static void levels_have_names(void **state)
{
	enum log_level l = LOG_LEVEL_DEBUG;

	(void)state;
	for (int i = LOG_LEVEL_DEBUG; i <= LOG_LEVEL_ERROR; i++) {
		assert_true(log_level_parse(str_of(log_level_name((enum log_level)i)), &l));
		assert_int_equal(l, i);
	}
	assert_false(log_level_parse(STR("loud"), &l));
	assert_int_equal(l, LOG_LEVEL_ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_per_event),
		cmocka_unit_test(the_journal_gets_priorities),
		cmocka_unit_test(text_cannot_forge_lines),
		cmocka_unit_test(long_lines_are_cut_and_end),
		cmocka_unit_test(newest_lines_are_kept),
		cmocka_unit_test(the_ring_turns),
		cmocka_unit_test(levels_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
