/* robots.txt against what others expect of it: Google's parser's own tests,
 * protego's, and files of real sites. Where we differ stands here with the reason. */
#include "base/clock.h"
#include "base/mem.h"
#include "crawler/robots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SUITES PIPED_SHARED "/data/suites/"
#define MINUTE_MS 60000

/* Cases in which we say the opposite. */
struct difference {
	const char *test, *agent, *url; /* NULL: any */
	int n;				/* so many, exactly */
	const char *why;
	int seen;
};

static struct difference google[] = {
	{ .test = "ID_Encoding",
	  .url = "http://foo.bar/foo/bar/\xe3\x83\x84",
	  .n = 2,
	  .why = "Google's matcher wants URLs that are encoded already; RFC 9309 2.2.2 encodes "
		 "both sides" },
	{ .test = "ID_Encoding",
	  .url = "http://foo.bar/foo/bar/baz",
	  .n = 1,
	  .why = "Google's matcher leaves %62 alone; RFC 9309 2.2.2 decodes unreserved "
		 "characters, and has this very example" },
	{ .test = "GoogleOnly_IndexHTMLisDirectory",
	  .url = "http://foo.com/allowed-slash/",
	  .n = 1,
	  .why = "Google's own: an allowed /index.html allows its folder" },
	{ .test = "GoogleOnly_LineTooLong",
	  .url = "http://foo.bar/x//fux",
	  .n = 2,
	  .why = "Google's own: lines are cut after 16,664 bytes (the suite's cases lack the "
		 "long line besides)" },
	{ .test = "GoogleOnly_LineTooLong",
	  .url = "http://foo.bar/x//qux",
	  .n = 1,
	  .why = "as above" },
	{ .test = NULL },
};

static struct difference protego[] = {
	{ .test = "test_request_rate", .n = 5, .why = "no part of RFC 9309; crawl-delay is heard" },
	{ .test = "test_request_rate_bare_number", .n = 5, .why = "as above" },
	{ .test = "test_generosity",
	  .agent = "harry potter",
	  .n = 2,
	  .why = "keys and names of several words without a colon; a name is one token" },
	{ .test = "test_visit_time", .agent = "FooBoot", .n = 1, .why = "no part of RFC 9309" },
	{ .test = "test_unicode_url_and_useragent",
	  .agent = "Mozilla/5.0 (compatible; \xd0\x9b\xd1\x8c\xd0\xb2\xd1\x96\xd0\xb2-bot/1.1)",
	  .url = "/totalitarianism/foo.htm",
	  .n = 1,
	  .why = "protego looks for group names within the whole user agent; RFC 9309 2.2.1 "
		 "compares product tokens" },
	{ .test = "test_grouping_unknown_keys",
	  .agent = "agent",
	  .n = 3,
	  .why = "protego ends a group at an unknown key; RFC 9309 2.2.4 forbids that" },
	{ .test = "test_generosity",
	  .agent = "foo*bot",
	  .n = 1,
	  .why = "wildcards within names: a product token has none" },
	{ .test = "test_generosity",
	  .agent = "foobot",
	  .url = "http://foo.bar/myprofile",
	  .n = 1,
	  .why = "as above" },
	{ .test = "test_index_html_is_directory",
	  .url = "http://foo.com/allowed-slash/",
	  .n = 1,
	  .why = "Google's own: an allowed /index.html allows its folder" },
	{ .test = "test_special_symbols_dual_behaviour",
	  .url = "http://foo.bar/x/abc$",
	  .n = 1,
	  .why = "an ending $ is the wildcard only; literally it is %24 (RFC 9309 2.2.3)" },
	{ .test = "test_special_symbols_dual_behaviour",
	  .url = "http://foo.bar/x/abc%24",
	  .n = 1,
	  .why = "as above" },
	{ .test = "test_user_agent_precedence[/group1-hedwig-news2]",
	  .n = 1,
	  .why = "protego lets a group speak to every name that begins like its own; RFC 9309 "
		 "2.2.1 wants the same token" },
	{ .test = "test_user_agent_precedence[/group3-hedwig-new]",
	  .url = "/group2",
	  .n = 1,
	  .why = "as above" },
	{ .test = "test_user_agent_precedence[/group3-hedwig-new]",
	  .url = "/group3",
	  .n = 1,
	  .why = "as above" },
	{ .test = "test_user_agent_precedence[/group3-hedwig-images]",
	  .url = "/group2",
	  .n = 1,
	  .why = "as above" },
	{ .test = "test_user_agent_precedence[/group3-hedwig-images]",
	  .url = "/group3",
	  .n = 1,
	  .why = "as above" },
	{ .test = NULL },
};

/* Undoes @tsv in place. */
static struct str unescape(char *s)
{
	char *to = s;

	for (const char *p = s; *p; p++) {
		if (*p != '\\') {
			*to++ = *p;
			continue;
		}
		p++;
		*to++ = (char)(*p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : *p);
	}
	*to = 0;
	return (struct str){ s, (size_t)(to - s) };
}

enum { FIELDS = 6 };

/* The next line of `f` as fields; false at its end. */
static bool next_case(FILE *f, char **line, size_t *room, struct str fields[FIELDS])
{
	ssize_t n = getline(line, room, f);
	char *rest = *line;

	if (n <= 0)
		return false;
	if (rest[n - 1] == '\n')
		rest[n - 1] = 0;
	for (int i = 0; i < FIELDS; i++) {
		char *field = strsep(&rest, "\t");

		if (!field) {
			fail_msg("a case has %d fields", i);
			return false;
		}
		fields[i] = unescape(field);
	}
	assert_null(rest);
	return true;
}

static bool known(struct difference *d, struct str test, struct str agent, struct str url)
{
	for (; d->test; d++) {
		if (!str_is(test, d->test) || (d->agent && !str_is(agent, d->agent)) ||
		    (d->url && !str_is(url, d->url)))
			continue;
		d->seen++;
		return true;
	}
	return false;
}

/* What we say to a query, as the suite would print it. */
static const char *answer(struct str query, struct str robots, struct str agent, struct str url)
{
	struct robots *r = robots_new(robots, agent, MINUTE_MS);
	struct arena *a = arena_new(4096);
	static char said[32];

	snprintf(said, sizeof(said), "null");
	if (str_is(query, "can_fetch"))
		snprintf(said, sizeof(said), "%s",
			 robots_judge(r, url, a).allowed ? "true" : "false");
	else if (str_is(query, "crawl_delay") && r->delay_ms >= 0)
		snprintf(said, sizeof(said), "%g", (double)r->delay_ms / 1000);
	arena_free(a);
	robots_free(r);
	return said;
}

static void run_suite(const char *folder, const char *fields, int cases, struct difference *d)
{
	char path[300], command[600], *line = NULL;
	struct str c[FIELDS];
	size_t room = 0;
	int n = 0, wrong = 0;
	FILE *f;

	snprintf(path, sizeof(path), SUITES "%s/cases.jsonl", folder);
	if (access(path, R_OK)) {
		print_message("%s is not there: skipped\n", path);
		skip();
	}
	snprintf(command, sizeof(command), "jq -r '[%s] | @tsv' %s", fields, path);
	f = popen(command, "r");
	assert_non_null(f);
	while (next_case(f, &line, &room, c)) {
		const char *said = answer(c[1], c[2], c[3], c[4]);

		n++;
		if (str_is(c[5], said) || known(d, c[0], c[3], c[4]))
			continue;
		wrong++;
		print_error("%s: %s %s %s: %s\n", c[0].p, c[1].p, c[3].p, c[4].p, said);
	}
	assert_int_equal(pclose(f), 0);
	free(line);
	assert_int_equal(n, cases);
	assert_int_equal(wrong, 0);
	for (; d->test; d++)
		if (d->seen != d->n)
			fail_msg("%s: %d differ, not %d: %s", d->test, d->seen, d->n, d->why);
}

static void suite_google(void **state)
{
	(void)state;
	run_suite("robots-google", ".test, \"can_fetch\", .robots, .agent, .url, .allow", 145,
		  google);
}

static void suite_protego(void **state)
{
	(void)state;
	run_suite("robots-protego",
		  ".test, .query, .robots, .args[-1], (.args | if length > 1 then .[0] else \"\" "
		  "end), (.expect | tostring)",
		  396, protego);
}

/* --- files of real sites, from a tar archive --- */

static const char *const asked[] = {
	"https://a.example/",
	"https://a.example/search?q=%EC%95%84%EC%9D%B4%ED%8F%B0&page=2",
	"https://a.example/products/1234/details.html?ref=https%3A%2F%2Fb.example%2F",
	"https://a.example/robots.txt",
};

static void check_file(const char *name, struct str bytes, double *worst_ms)
{
	static const char *const tokens[] = { "piped", "googlebot" };
	int64_t from = clock_thread_cpu_ns();
	double ms;

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		struct robots *r = robots_new(bytes, str_of(tokens[i]), MINUTE_MS);
		struct arena *a = arena_new(4096);
		struct robots_verdict v = { 0 };

		for (size_t k = 0; k < sizeof(asked) / sizeof(asked[0]); k++)
			v = robots_judge(r, str_of(asked[k]), a);
		if (!v.allowed || r->cut != (bytes.n > ROBOTS_BYTES) || r->delay_ms > MINUTE_MS)
			fail_msg("%s", name);
		arena_free(a);
		robots_free(r);
	}
	ms = (double)(clock_thread_cpu_ns() - from) / 1e6;
	*worst_ms = ms > *worst_ms ? ms : *worst_ms;
}

static void real_files(void **state)
{
	const char *path = SUITES "robots-corpus-real.tar.gz";
	char head[513] = "", *bytes = mem_alloc(4 << 20);
	double worst_ms = 0;
	size_t n, total = 0;
	int files = 0;
	FILE *f;

	(void)state;
	if (access(path, R_OK)) {
		print_message("%s is not there: skipped\n", path);
		mem_free(bytes);
		skip();
	}
	f = popen("zcat " SUITES "robots-corpus-real.tar.gz", "r");
	assert_non_null(f);
	while (fread(head, 1, 512, f) == 512 && head[0]) {
		n = strtoul(head + 124, NULL, 8);
		assert_true(n <= 4 << 20);
		assert_int_equal(fread(bytes, 1, (n + 511) & ~(size_t)511, f),
				 (n + 511) & ~(size_t)511);
		if (head[156] != '0' || strstr(head, "/README") || strstr(head, "/LICENSE"))
			continue;
		check_file(head, (struct str){ bytes, n }, &worst_ms);
		total += n;
		files++;
	}
	while (fread(head, 1, 512, f) > 0)
		;
	assert_int_equal(pclose(f), 0);
	mem_free(bytes);
	print_message("%d files, %zu bytes, at most %.1f ms for one, read twice\n", files, total,
		      worst_ms);
	assert_true(files >= 4230);
	assert_true(worst_ms < 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suite_google),
		cmocka_unit_test(suite_protego),
		cmocka_unit_test(real_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
