/* Cookies: sources that see only their own, restarts, bounds. */
#include "tests/unit/crawler/site.h"

#include "base/file.h"
#include "base/mem.h"
#include "crawler/cookiejar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SET "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: "
#define LATER "; Expires=Fri, 31 Dec 2100 23:59:59 GMT\r\n"

static const struct site_answer answers[] = {
	{ "/echo", "", 0, SITE_SAY_BACK },
	{ "/set", SET "a=1; Path=/" LATER "Set-Cookie: s=of-the-session; HttpOnly\r\n\r\n", 0, 0 },
	{ "/set-and-go",
	  "HTTP/1.1 302 x\r\nLocation: /echo\r\nContent-Length: 0\r\nSet-Cookie: hop=1; Path=/\r\n"
	  "\r\n",
	  0, 0 },
	{ "/foreign", SET "f=1; Domain=other.example\r\n\r\n", 0, 0 },
	{ "/end", SET "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/\r\n\r\n", 0, 0 },
};

static char folder[64];
static struct conf_source sources[3];

static int setup(void **state)
{
	site.answers = answers;
	site.n_answers = N(answers);
	site_setup(state);
	snprintf(folder, sizeof(folder), "/tmp/piped-cookies-XXXXXX");
	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < N(sources); i++) {
		sources[i] = site.source;
		sources[i].cookies = i < 2;
	}
	sources[1].name = STR("other-shop");
	sources[2].name = STR("plain");
	site.conf.sources = sources;
	site.conf.n_sources = N(sources);
	site.conf.state_dir = str_of(folder);
	site_renew();
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	site_teardown(state);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static struct fetch_answer *get(int source, const char *path)
{
	struct fetch_request q = { .source = &sources[source] };
	struct fetch_answer *a = site_ask(&q, path);

	assert_int_equal(a->end, FETCH_ANSWER);
	return a;
}

static void visit(int source, const char *path)
{
	fetch_answer_free(get(source, path));
}

/* What the source sends: "" none. */
static void assert_sends(int source, const char *cookies)
{
	struct fetch_answer *a = get(source, "/echo");
	struct str rest = a->body, line, sent = STR("");

	while (str_next(&rest, '\n', &line))
		if (str_starts(line, STR("Cookie: ")))
			sent = str_trim(str_sub(line, 8, line.n));
	if (!str_is(sent, cookies))
		fail_msg("source %d sends `%.*s`, not `%s`", source, STR_ARG(sent), cookies);
	fetch_answer_free(a);
}

static void a_jar_per_source(void **state)
{
	(void)state;
	assert_sends(0, "");
	visit(0, "/set");
	assert_sends(0, "s=of-the-session; a=1");
	assert_sends(1, "");
	assert_sends(2, "");
	visit(1, "/set-and-go"); /* within one request, too */
	assert_sends(1, "hop=1");
	assert_sends(0, "s=of-the-session; a=1");
	visit(2, "/set");
	assert_sends(2, "");
	visit(0, "/foreign");
	visit(0, "/end");
	assert_sends(0, "s=of-the-session");
}

static void beside_one_of_the_configuration(void **state)
{
	(void)state;
	site.headers[0] = (struct conf_header){ STR("Cookie"), STR("own=2") };
	sources[0].n_headers = 1;
	visit(0, "/set");
	assert_sends(0, "s=of-the-session; a=1; own=2");
}

static void outlive_a_restart(void **state)
{
	char path[128];
	struct stat st;
	struct buf b;

	(void)state;
	visit(0, "/set");
	visit(1, "/set-and-go");
	site_renew();
	assert_sends(0, "s=of-the-session; a=1");
	assert_sends(1, "hop=1");
	snprintf(path, sizeof(path), "%s/cookies", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/cookies/shop.txt", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	buf_init(&b, 4096);
	assert_int_equal(file_read(path, &b, NULL), ERR_OK);
	assert_true(str_find(buf_str(&b), STR("of-the-session")) > 0);
	assert_true(str_find(buf_str(&b), STR("hop")) < 0);
	buf_done(&b);
	snprintf(path, sizeof(path), "%s/cookies/plain.txt", folder);
	assert_false(file_exists(path));
}

/* Nothing in the file is an order to libcurl, and what is broken is left out. */
static void odd_file(void **state)
{
	char path[128];

	(void)state;
	visit(0, "/set");
	site_close();
	snprintf(path, sizeof(path), "%s/cookies/shop.txt", folder);
	assert_int_equal(file_write_private(path,
					    STR("ALL\nFLUSH\n# words\n\n127.0.0.1\tFALSE\t/\n"
						"127.0.0.1\tFALSE\t/\tFALSE\t0\tkept\tyes\n"
						"Set-Cookie: x=y; domain=127.0.0.1\n\t\t\t\n"),
					    NULL),
			 ERR_OK);
	uv_loop_init(&site.loop);
	assert_int_equal(fetch_new(&site.loop, &site.conf, &clock_system, &site.f, NULL), ERR_OK);
	assert_sends(0, "kept=yes");
}

static int count(struct cookiejar *j, size_t *ret_bytes, int *ret_short_lived)
{
	struct str rest, line;
	struct buf b;
	int n = 0;

	*ret_short_lived = 0;
	buf_init(&b, (size_t)16 << 20);
	cookiejar_text(j, &b);
	*ret_bytes = b.n;
	rest = buf_str(&b);
	while (str_next(&rest, '\n', &line) && line.n) {
		n++;
		*ret_short_lived += str_find(line, STR("\t0\t")) > 0;
	}
	buf_done(&b);
	return n;
}

static void bounded(void **state)
{
	static char value[3000];
	struct cookiejar *j;
	struct reason why = { "" };
	char path[128], line[4000];
	int short_lived;
	struct buf b;
	size_t bytes;

	(void)state;
	memset(value, 'x', sizeof(value) - 1);
	snprintf(path, sizeof(path), "%s/jar.txt", folder);
	for (int large = 0; large < 2; large++) {
		buf_init(&b, (size_t)16 << 20);
		for (int i = 0; i < 600; i++) {
			snprintf(line, sizeof(line), "a.example\tFALSE\t/\tFALSE\t0\ts%d\t%s\n", i,
				 large ? value + 2500 : "1");
			buf_add_text(&b, line);
			snprintf(line, sizeof(line),
				 "a.example\tFALSE\t/\tFALSE\t410244%04d\tl%d\t%s\n", i, i,
				 large ? value + 2500 : "1");
			buf_add_text(&b, line);
		}
		assert_int_equal(file_write_private(path, buf_str(&b), NULL), ERR_OK);
		buf_done(&b);
		j = cookiejar_new(STR("s"), path, &why);
		assert_string_equal(why.text, "");
		assert_in_range(count(j, &bytes, &short_lived), large ? 700 : COOKIEJAR_MOST,
				COOKIEJAR_MOST);
		assert_true(bytes <= COOKIEJAR_BYTES);
		/* all that last are there, and the rest is of the session */
		assert_in_range(short_lived, large ? 100 : 400, 400);
		cookiejar_free(j);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_jar_per_source),	 TEST(beside_one_of_the_configuration),
		TEST(outlive_a_restart), TEST(odd_file),
		TEST(bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
